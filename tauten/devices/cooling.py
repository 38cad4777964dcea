"""What touches the skin's surface: air, a held temperature, a cooled window, a cryogen spray. Each with its times.

Times [s] count from the start of the exposure the cooling belongs to; pre-cooling begins before 0. Where no contact is
given for a time, the solver's default for that side holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tauten.checks import instance, number
from tauten.errors import InputError
from tauten.facts import load

__all__ = ["Contact", "ContactPlate", "Convective", "Fixed", "Insulated", "Spray", "in_turn"]


_PLATE_UNITS = {
    "resistance": "m2K/W", "conductivity": "W/m/K", "density": "kg/m3", "specific_heat": "J/kg/K", "thickness": "m",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timed:
    """A contact that holds from `start` to `stop` [s]."""

    start: float = -math.inf
    stop: float = math.inf

    def __post_init__(self) -> None:
        for name in ("start", "stop"):
            number(getattr(self, name), f"cooling.{name}", unit="s", endless=True)
        if self.stop <= self.start:
            raise InputError("ends before it begins", key="cooling", value=f"{self.start} to {self.stop}", unit="s")
        for name in ("temperature", "film_temperature", "coefficient"):
            unit = "W/m2/K" if name == "coefficient" else "K"
            if not hasattr(self, name):
                continue
            value = number(getattr(self, name), f"cooling.{name}", 0.0, unit=unit)
            if unit == "K" and value < load().si("devices/cooling/coldest"):
                raise InputError(
                    "is colder than any cooling of the skin", key=f"cooling.{name}", value=value,
                    allowed=f"{load().si('devices/cooling/coldest'):g} or more", unit=unit,
                    remedy="Temperatures are kelvin: 20 °C is 293.15.",
                )  # fmt: skip

    def holds_at(self, time: float) -> bool:
        """Whether this contact is on at `time` [s]."""
        return self.start <= time < self.stop


@dataclass(frozen=True, slots=True)
class Insulated(_Timed):
    """No heat passes."""


@dataclass(frozen=True, slots=True)
class Fixed(_Timed):
    """The surface is held at `temperature` [K]."""

    temperature: float


@dataclass(frozen=True, slots=True)
class Convective(_Timed):
    """Newton cooling: q = `coefficient` [W/m²/K] times (surface - `temperature` [K])."""

    temperature: float
    coefficient: float


@dataclass(frozen=True, slots=True)
class ContactPlate(_Timed):
    """A window held against the skin, at `temperature` [K] where it meets its own coolant.

    `resistance` [m²K/W] stands between plate and skin; None takes the shipped row (6.5e-4, range 5-8e-4), not ideal
    contact, which over-promises protection; 0.0 asks for ideal contact. The plate itself conducts: `conductivity`
    [W/m/K], `density` [kg/m³], `specific_heat` [J/kg/K] (None takes sapphire's rows) and `thickness` [m]; an infinite
    thickness is a half-space.
    """

    temperature: float
    resistance: float | None = None
    conductivity: float | None = None
    density: float | None = None
    specific_heat: float | None = None
    thickness: float | None = None

    def __post_init__(self) -> None:
        super(ContactPlate, self).__post_init__()
        rows = {
            "resistance": "devices/cooling/contact_resistance",
            "conductivity": "devices/cooling/sapphire.conductivity",
            "density": "devices/cooling/sapphire.density",
            "specific_heat": "devices/cooling/sapphire.specific_heat",
            "thickness": "devices/cooling/window_thickness",
        }
        for name, row in rows.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, load().si(row))
            number(
                getattr(self, name), f"cooling.{name}", 0.0, unit=_PLATE_UNITS[name], open_low=name != "resistance",
                endless=name == "thickness",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spray(_Timed):
    """Cryogen: q = `coefficient` [W/m²/K] times (surface - `film_temperature` [K]) while liquid lies on the skin."""

    film_temperature: float
    coefficient: float


Contact = Insulated | Fixed | Convective | ContactPlate | Spray


def in_turn(cooling: Sequence[Contact]) -> tuple[Contact, ...]:
    """Return the contacts by start; raises `InputError` when two hold at the same time."""
    instance(cooling, (tuple, list), "exposure.cooling", "a list of contacts")
    for contact in cooling:
        instance(contact, Contact, "exposure.cooling", "Insulated | Fixed | Convective | ContactPlate | Spray")
    ordered = tuple(sorted(cooling, key=lambda contact: contact.start))
    for one, other in pairwise(ordered):
        if other.start < one.stop:
            raise InputError(
                "has two contacts at the same time",
                key="exposure.cooling",
                value=f"{type(one).__name__} until {one.stop:g} s, {type(other).__name__} from {other.start:g} s",
                remedy="Let one begin when the other ends.",
            )
    return ordered
