"""Where a case came from: its file, the line of each value, and the device it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tauten.devices.catalogue import Machine, device, read_device
from tauten.devices.setting import SI_UNITS
from tauten.errors import InputError

__all__ = ["Origin", "find_device", "held_settings"]

Fault = Callable[[InputError, str], InputError]

_SETTINGS = "treatment.settings."


@dataclass(frozen=True)
class Origin:
    """What was read (`given`), from which `file`, and on which line each dotted key stands."""

    given: Mapping[str, Any] = dataclass_field(default_factory=lambda: MappingProxyType({}))
    file: Path | None = None
    line_of: Callable[[str], int] | None = None

    def fault(self, error: InputError, key: str) -> InputError:
        """Return `error` about `key` with file and, if the file speaks of it, line; one that names its file stands."""
        if error.file:
            return error
        line = self.line_of(key) if self.line_of and key.partition(".")[0] in self.given else None
        return error.at(file=self.file, line=line, key=key)


def find_device(name: str, method: str, case_file: Path | None, fault: Fault) -> Machine:
    """Return the device `name` says: a key of the catalogue, or a TOML file looked for beside the case.

    Raises `InputError` for an unknown key or a device of another method, and what the device file's reader raises.
    """
    key = "treatment.device"
    if "/" in name or name.endswith(".toml"):
        try:
            path = (case_file.parent if case_file else Path()) / Path(name).expanduser()
        except RuntimeError as error:
            nobody = InputError("names a home folder that is not there", value=f'"{name}"', remedy="Write it in full.")
            raise fault(nobody, key) from error
        found = read_device(path)
    else:
        try:
            found = device(name)
        except InputError as error:
            raise fault(error, key) from None
    if found.method != method:
        wrong = InputError(f"is a device for {found.method}, not for {method}", value=f'"{name}"')
        raise fault(wrong, key)
    return found


def held_settings(given: Mapping[str, Any], machine: Machine, fault: Fault) -> Mapping[str, Any]:
    """Return the settings a case holds, in SI; raises `InputError` for what `machine` does not have or allow."""
    for name, value in given.items():
        if SI_UNITS.get(name, "1") != "1" and not isinstance(value, str):
            raise fault(InputError("has no unit", value=value, remedy=_example(machine, name)), f"{_SETTINGS}{name}")
    try:
        chosen = machine.settings_at(**given)
    except InputError as error:
        name = (error.key or "").rpartition(".")[2]
        if "unit" in error.problem:
            error = InputError(error.problem, value=error.value, remedy=_example(machine, name))
        raise fault(error, f"{_SETTINGS}{name}") from None
    return MappingProxyType({name: chosen[name] for name in given})


def _example(machine: Machine, name: str) -> str | None:
    setting = machine.settings.get(name)
    return f'Write text with its unit, for example "{setting.row.value:g} {setting.unit}".' if setting else None
