"""The generator: which terminals it drives, what it holds, and where its limits bind.

It floats: what leaves one terminal comes back by the other. With one terminal the far return is the other.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from tauten.checks import instance
from tauten.devices.drive import Current, Drive, Limits, Power, Voltage
from tauten.devices.electrode import FAR, Electrode
from tauten.errors import InputError

__all__ = ["Poles", "check_drive", "poles", "voltage_of"]


@dataclass(frozen=True, slots=True)
class Poles:
    """The two terminals a generator drives: `first` is the positive one, `second` may be the far return."""

    first: Hashable
    second: Hashable

    @property
    def bipolar(self) -> bool:
        """Whether both are metal that floats free of ground."""
        return self.second != FAR


def poles(electrodes: Sequence[Electrode], grounded: bool, mirrored: bool = False) -> Poles:
    """Return the two terminals, in the order of the electrodes; raises `InputError` where there are none, or too many.

    `grounded` says whether a wall leads to the far return, `mirrored` whether a plane of odd symmetry holds the other
    terminal.
    """
    labels = list(dict.fromkeys(e.terminal for e in electrodes if e.terminal is not None))
    driven = [label for label in labels if label != FAR]
    if not driven:
        raise InputError("has no electrode with a terminal", key="electrodes", allowed="one or two terminals")
    if len(driven) > 2 or (len(driven) == 2 and FAR in labels):
        raise InputError(
            "are more terminals than a generator has", key="electrodes.terminal", value=", ".join(map(repr, labels)),
            allowed="two, the far return counted",
        )  # fmt: skip
    if len(driven) == 2:
        return Poles(driven[0], driven[1])
    if mirrored:
        return Poles(driven[0], _opposite(driven[0]))
    if FAR in labels or grounded:
        return Poles(driven[0], FAR)
    raise InputError(
        "has no return path: one terminal, and no wall that conducts", key="electrodes.terminal",
        value=repr(driven[0]), remedy="Add an electrode of another terminal, or an Open or Earthed wall.",
    )  # fmt: skip


def check_drive(drive: Drive, limits: Limits | None) -> None:
    """Raise `InputError` unless the drive is of one kind."""
    if isinstance(drive, (tuple, list, set)):
        raise InputError(
            "is of more than one kind: a generator holds one", key="drive", value=repr(drive),
            allowed="Voltage | Current | Power",
        )  # fmt: skip
    instance(drive, (Voltage, Current, Power), "drive", "Voltage | Current | Power")
    instance(limits, (Limits, type(None)), "limits", "Limits(volts, amperes, watts) | None")


def voltage_of(drive: Drive, admittance: complex, limits: Limits | None) -> tuple[float, tuple[str, ...]]:
    """Return the voltage [V, root mean square] across a load of `admittance` [S], and the limits that hold it down.

    A generator asked for more than it can give folds back to the nearest limit, as real ones do.
    """
    conductance = admittance.real
    if isinstance(drive, Voltage):
        wanted = drive.root_mean_square
    elif isinstance(drive, Current):
        wanted = drive.root_mean_square / abs(admittance)
    else:
        wanted = math.sqrt(drive.value / conductance)
    if limits is None:
        return wanted, ()
    most = {
        "volts": limits.volts,
        "amperes": limits.amperes / abs(admittance),
        "watts": math.sqrt(limits.watts / conductance),
    }
    least = min(most.values())
    if wanted <= least * (1 + 1e-12):
        return wanted, ()
    return least, tuple(name for name, volts in most.items() if volts <= least * (1 + 1e-12))


def _opposite(label: Hashable) -> Hashable:
    return {"+": "-", "-": "+"}.get(label, f"opposite of {label}")  # type: ignore[call-overload]
