"""The devices Tauten ships, one TOML file each, and the reader for a user's own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from tauten.devices.applicator import Applicator
from tauten.devices.device import Device
from tauten.devices.head import Head
from tauten.devices.read_head import read_head
from tauten.devices.read_light import read_light
from tauten.devices.read_needles import read_needles
from tauten.devices.read_rf import read_rf
from tauten.devices.stamp import Stamp
from tauten.devices.table import Table
from tauten.errors import InputError
from tauten.facts import load
from tauten.toml import read_toml

__all__ = ["METHODS", "Machine", "broken", "catalogue", "device", "read_device"]

Machine = Device | Head | Applicator | Stamp
"""A device of any method."""

_READERS: Mapping[str, Callable[[Table, str], Machine]] = MappingProxyType(
    {
        "infrared": read_light,
        "ultrasound": read_head,
        "radiofrequency": read_rf,
        "microneedling": read_needles,
    }
)
METHODS = tuple(_READERS)
"""Every method a device file may name."""

_KEY = re.compile(r"[A-Za-z0-9]+([-._][A-Za-z0-9]+)*")
_LONGEST = 60


def catalogue() -> Mapping[str, Machine]:
    """Return the shipped devices by key, sorted, without those `broken`."""
    return _read()[0]


def broken() -> Mapping[str, InputError]:
    """Return what is wrong with each shipped file that cannot be read, by key: one fault stops no other device."""
    return _read()[1]


@cache
def _read() -> tuple[Mapping[str, Machine], Mapping[str, InputError]]:
    found: dict[str, Machine] = {}
    faults: dict[str, InputError] = {}
    for key, path in _shipped().items():
        try:
            machine = read_device(path)
            found[machine.key] = machine
        except InputError as error:
            faults[key] = error
    return MappingProxyType(dict(sorted(found.items()))), MappingProxyType(faults)


def device(key: str) -> Machine:
    """Return one shipped device; raises `InputError` that names near misses, and the fault of a broken file."""
    if key in broken():
        raise broken()[key]
    try:
        return catalogue()[key]
    except KeyError:
        near = [k for k in catalogue() if k.startswith(key)] or get_close_matches(key, list(catalogue()), n=1)
        raise InputError(
            "is not in the catalogue",
            key="device",
            value=key,
            allowed=" | ".join(catalogue()),
            remedy=f"Did you mean {near[0]}?" if near else "Give a device file (TOML) for your own.",
        ) from None


def read_device(path: str | Path) -> Machine:
    """Read a device file. Raises `FileError` or `InputError` with file, line and key for anything out of order."""
    data, line_of = read_toml(path)
    top = Table(data, "", Path(path), line_of)
    found = _READERS[top.text("method", METHODS)](top, str(path))
    _check_key(top, found.key, Path(path))
    return found


def _check_key(top: Table, key: str, path: Path) -> None:
    """Raise `InputError` for a key that is no plain word, or that something else answers to: rows are named by it."""
    own = "Choose a key of your own, such as clinic-5mhz."
    if len(key) > _LONGEST or not _KEY.fullmatch(key):
        raise top.fault(
            "is no key", "key", value=repr(key), remedy=own,
            allowed=f"letters and digits with - . or _ between them, up to {_LONGEST}",
        )  # fmt: skip
    shipped = key.lower() in _shipped() and path.resolve() != _shipped()[key.lower()].resolve()
    if shipped or load().under(f"devices/{key}"):
        whose = "of a device in the catalogue" if shipped else "of data that every device uses"
        raise top.fault(f"is the key {whose}", "key", value=f'"{key}"', allowed="any other", remedy=own)


@cache
def _shipped() -> Mapping[str, Path]:
    """Return the shipped files by the key that each is named after."""
    folder = Path(str(files("tauten") / "data" / "devices"))
    return MappingProxyType({path.stem: path for path in sorted(folder.glob("*.toml"))})
