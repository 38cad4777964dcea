"""What can be set on a device: its unit, default and allowed range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tauten.errors import InputError
from tauten.facts import Row
from tauten.units import si

__all__ = ["LIGHT_UNITS", "NEEDLE_UNITS", "PEOPLE_UNITS", "RF_UNITS", "SI_UNITS", "SOUND_UNITS", "Setting"]

LIGHT_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "fluence": "J/m2",
        "duration": "s",
        "plate_temperature": "K",
        "pre_cooling": "s",
        "post_cooling": "s",
        "spray_before": "s",
        "spray_delay": "s",
        "spray_during": "s",
        "spray_after": "s",
        "pulses": "1",
        "period": "s",
        "passes": "1",
        "pass_interval": "s",
    }
)
"""Every setting a light device may have, with its SI unit."""

SOUND_UNITS: Mapping[str, str] = MappingProxyType(
    {
        "power": "W",
        "energy": "J",
        "duration": "s",
        "pitch": "m",
        "points": "1",
        "point_interval": "s",
        "lines": "1",
        "line_spacing": "m",
        "line_interval": "s",
    }
)
"""Every setting a head for focused ultrasound may have, with its SI unit."""

_CURRENT_UNITS = {
    "power": "W", "voltage": "V", "duration": "s", "pulses": "1", "period": "s", "hold": "K", "most_energy": "J",
    "most_impedance": "ohm", "most_temperature": "K", "stamps": "1", "lines": "1", "overlap": "m",
    "stamp_interval": "s", "passes": "1", "pass_interval": "s",
    **{n: u for n, u in LIGHT_UNITS.items() if n.startswith(("plate", "spray", "pre", "post"))},
}  # fmt: skip

RF_UNITS: Mapping[str, str] = MappingProxyType({**_CURRENT_UNITS, "fluence": "J/m2"})
"""Every setting an applicator for surface radio-frequency may have, with its SI unit."""

NEEDLE_UNITS: Mapping[str, str] = MappingProxyType(
    {**_CURRENT_UNITS, "depth": "m", "levels": "1", "level_spacing": "m", "level_interval": "s"}
)
"""Every setting a stamp of needles may have, with its SI unit."""

SI_UNITS: Mapping[str, str] = MappingProxyType({**LIGHT_UNITS, **SOUND_UNITS, **RF_UNITS, **NEEDLE_UNITS})
"""Every setting a device of any method may have, with its SI unit."""

PEOPLE_UNITS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "J/m2": ("J/cm2", "J/m2"),
        "s": ("s", "ms", "min"),
        "K": ("degC", "K"),
        "1": ("count",),
        "W": ("W",),
        "J": ("J",),
        "V": ("V",),
        "ohm": ("ohm",),
        "m": ("mm", "cm"),
    }
)
"""The units a device file may use for a setting of that SI unit."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: the row holds default (`value`), allowed range, unit, source and confidence."""

    name: str
    row: Row
    step: float | None = None

    @property
    def default(self) -> float:
        """The default [SI]."""
        return self.row.si

    @property
    def low(self) -> float:
        """The lowest value allowed [SI]."""
        return self.row.si_low

    @property
    def high(self) -> float:
        """The highest value allowed [SI]."""
        return self.row.si_high

    @property
    def si_step(self) -> float:
        """The machine's own step [SI]; 0 when it can be set to any value."""
        return (self.row.si_high - self.row.si_low) * (self.step or 0.0) / (self.row.high - self.row.low or 1.0)

    @property
    def si_unit(self) -> str:
        """The SI unit of its values."""
        return SI_UNITS[self.name]

    @property
    def unit(self) -> str:
        """The unit people use for it."""
        return self.row.unit

    @property
    def allowed(self) -> str:
        """The allowed range in that unit, as text without the unit."""
        return f"{self.row.low:g} to {self.row.high:g}"

    def holds(self, value: float) -> bool:
        """Whether `value` [SI] is in the allowed range, to rounding."""
        slack = 1e-9 * max(abs(self.low), abs(self.high))
        return self.low - slack <= value <= self.high + slack

    def read(self, given: str | float) -> float:
        """Return `given` (text with a unit, or an SI number) in SI; raises `InputError` when it is not allowed."""
        unit = SI_UNITS[self.name]
        key = f"exposure.{self.name}"
        value = si(given, "count" if unit == "1" else unit, key=key)
        if not self.holds(value):
            bare = not isinstance(given, str) and unit != "1"
            raise InputError(
                "is outside this device's range",
                key=key,
                value=f"{given:g} {unit}" if bare else given,
                allowed=self.allowed,
                unit=self.unit.replace("count", "") or None,
                remedy=f'A bare number is in {unit}; write text such as "{self.row.value:g} {self.unit}".'
                if bare
                else f"Choose a value in that range; the default is {self.row.value:g}.",
            )
        if unit == "1" and value != int(value):
            raise InputError("is not a whole number", key=key, value=given, allowed=self.allowed)
        return value
