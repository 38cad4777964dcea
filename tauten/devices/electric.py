"""What the pulses of both electric methods share: when current flows, what is checked, how one is changed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Self, get_args

from tauten.checks import instance, number, whole
from tauten.devices.cooling import Contact, in_turn
from tauten.devices.drive import Current, Cutoff, Drive, Limits, Power, Voltage
from tauten.errors import InputError
from tauten.facts import load

__all__ = ["ElectricPulse"]


class ElectricPulse:
    """A pulse of current or a train of equal ones; `RfPulse` and `NeedlePulse` add the metal."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[Mapping[str, Any]]

    frequency: float
    drive: Drive
    duration: float
    hold: float | None
    cutoff: Cutoff
    limits: Limits
    cooling: tuple[Contact, ...]
    pulses: int
    period: float | None
    device: str

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """When current may flow: (start, stop) of each pulse [s]; a cut-off ends one earlier."""
        period = self.period or 0.0
        return tuple((n * period, n * period + self.duration) for n in range(self.pulses))

    @property
    def current_ends_at(self) -> float:
        """When the last current ends [s], if nothing cuts it off."""
        return self.intervals[-1][1]

    @property
    def begins_at(self) -> float:
        """When the first contact or current begins [s]; 0 or before."""
        return min([0.0, *(c.start for c in self.cooling if math.isfinite(c.start))])

    @property
    def ends_at(self) -> float:
        """When the last current or contact ends [s]."""
        return max([self.current_ends_at, *(c.stop for c in self.cooling if math.isfinite(c.stop))])

    def with_(self, **changes: Any) -> Self:
        """Return the same pulse with some fields changed; this one stands."""
        if unknown := set(changes) - set(self.__dataclass_fields__):
            raise InputError(
                f"is not a field of {type(self).__name__}", key=f"exposure.{min(unknown)}",
                allowed=", ".join(self.__dataclass_fields__),
            )  # fmt: skip
        return replace(self, **changes)  # type: ignore[type-var]

    def _check(self) -> None:
        """Raise `InputError` for any number that is missing, negative, not finite or beyond what a device gives."""
        rows = load().under("devices/electric")
        allowed = rows["frequency.allowed"]
        number(self.frequency, "exposure.frequency", allowed.si_low, allowed.si_high, "Hz")
        number(self.duration, "exposure.duration", 0.0, unit="s", open_low=True)
        self._check_drive()
        if self.hold is not None:
            hold = rows["hold.allowed"]
            number(self.hold, "exposure.hold", hold.si_low, hold.si_high, "K")
        instance(self.cutoff, Cutoff, "exposure.cutoff", "a Cutoff")
        instance(self.limits, Limits, "exposure.limits", "Limits")
        object.__setattr__(self, "pulses", whole(self.pulses, "exposure.pulses", problem="is no number of pulses"))
        if self.period is not None:
            number(self.period, "exposure.period", 0.0, unit="s", open_low=True)
        if self.pulses > 1 and not (self.period or 0.0) >= self.duration:
            raise InputError(
                "lets pulses overlap", key="exposure.period", value=self.period,
                allowed=f"{self.duration:g} or more", unit="s",
                remedy="Give the time from one pulse's start to the next.",
            )  # fmt: skip
        object.__setattr__(self, "cooling", in_turn(self.cooling))
        instance(self.device, str, "exposure.device", "a name in text")

    def _check_drive(self) -> None:
        if isinstance(self.drive, (tuple, list)):
            raise InputError(
                "is of two kinds", key="exposure.drive", value=repr(self.drive), allowed="one of them",
                remedy="A generator holds voltage, current or power; the others follow from the tissue.",
            )  # fmt: skip
        instance(self.drive, get_args(Drive), "exposure.drive", "Voltage | Current | Power")
        rows = load().under("devices/electric")
        match self.drive:
            case Power(value=given):
                row, key, unit = rows["power.allowed"], "exposure.power", "W"
            case Voltage():
                row, key, unit, given = rows["voltage.allowed"], "exposure.voltage", "V", self.drive.root_mean_square
            case Current():
                row, key, unit, given = rows["current.allowed"], "exposure.current", "A", self.drive.root_mean_square
        number(given, key, row.si_low, row.si_high, unit)
