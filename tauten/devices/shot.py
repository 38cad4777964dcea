"""One shot of focused ultrasound: how much acoustic power, for how long, from how far above the skin."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from tauten.checks import instance, number
from tauten.devices.cooling import Contact, in_turn
from tauten.devices.transducer import Bowl, Piston, Ring, Transducer
from tauten.errors import InputError
from tauten.facts import load
from tauten.skin.acoustics import check_couplant

__all__ = ["FocusedShot"]


@dataclass(frozen=True, slots=True, eq=False)
class FocusedShot:
    """A shot of `transducer` at acoustic `power` [W] for `duration` [s]; time 0 is its first sound.

    Power and duration are the dose, `energy` only their product: 0.4 J in 50 ms and in 100 ms make different points.
    `standoff` [m] is the way from the transducer's apex to the skin's surface, filled with `couplant` (a tissue of
    the acoustic rows: "water" or "gel"). `cooling` holds contacts of the surface that don't overlap. `device` names
    what gave it. Raises `InputError` for any number that is missing, negative or not finite, and for a focus above
    the skin.
    """

    transducer: Transducer
    power: float
    duration: float
    standoff: float
    couplant: str = "water"
    cooling: tuple[Contact, ...] = ()
    device: str = ""

    def __post_init__(self) -> None:
        instance(self.transducer, (Bowl, Ring, Piston), "exposure.transducer", "Bowl | Ring | Piston")
        most = load()["devices/transducer/power.shot"].si_high
        number(self.power, "exposure.power", 0.0, most, "W")
        number(self.duration, "exposure.duration", 0.0, unit="s", open_low=True)
        number(self.standoff, "exposure.standoff", 0.0, unit="m")
        if self.standoff < self.transducer.depth:
            raise InputError(
                "puts the rim of the transducer into the skin", key="exposure.standoff", value=f"{self.standoff:g}",
                allowed=f"{self.transducer.depth:.6g} or more", unit="m",
            )  # fmt: skip
        if self.transducer.focus <= self.standoff:
            raise InputError(
                "puts the focus above the skin", key="exposure.standoff", value=f"{self.standoff:g}",
                allowed=f"below {self.transducer.focus:g}", unit="m", remedy="Move the head closer.",
            )  # fmt: skip
        check_couplant(self.couplant)
        object.__setattr__(self, "cooling", in_turn(self.cooling))
        instance(self.device, str, "exposure.device", "a name in text")

    @property
    def energy(self) -> float:
        """Acoustic energy sent out [J]; not a dose by itself."""
        return self.power * self.duration

    @property
    def focal_depth(self) -> float:
        """Depth of the geometric focus below the skin's surface [m]."""
        return self.transducer.focus - self.standoff

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """When sound is on: (start, stop) [s]."""
        return ((0.0, self.duration),)

    @property
    def begins_at(self) -> float:
        """When the first contact or sound begins [s]; 0 or before."""
        return min([0.0, *(c.start for c in self.cooling if math.isfinite(c.start))])

    @property
    def ends_at(self) -> float:
        """When the last sound or contact ends [s]."""
        return max([self.duration, *(c.stop for c in self.cooling if math.isfinite(c.stop))])

    def with_(self, **changes: Any) -> FocusedShot:
        """Return the same shot with some fields changed; this one stands."""
        if unknown := set(changes) - set(self.__dataclass_fields__):
            raise InputError(
                "is not a field of a focused shot", key=f"exposure.{min(unknown)}",
                allowed=", ".join(self.__dataclass_fields__),
            )  # fmt: skip
        return replace(self, **changes)
