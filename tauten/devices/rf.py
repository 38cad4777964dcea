"""A pulse of radio-frequency current through electrodes on the skin: one with a far return, or two side by side."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace

import numpy as np

from tauten.checks import instance
from tauten.devices.cooling import Contact
from tauten.devices.drive import NO_CUTOFF, UNLIMITED, Cutoff, Drive, Limits
from tauten.devices.electric import ElectricPulse
from tauten.devices.electrode import FAR, Disc, Rectangle
from tauten.devices.mirrors import Mirrors, mirrors_of
from tauten.errors import InputError

__all__ = ["RfPulse"]


@dataclass(frozen=True, slots=True, eq=False)
class RfPulse(ElectricPulse):
    """A pulse, or a train of equal ones, of current at `frequency` [Hz] for `duration` [s]; time 0 is its first.

    `tip` is what touches the skin, laid round (0, 0): discs and rectangles of one terminal (monopolar: the current
    returns through `FAR`) or of two (bipolar), bare or behind a membrane. `drive` is what the generator holds; within
    `limits` and, where `hold` [K] is given, only as strong as keeps the hottest tissue under the tip there. `cutoff`
    ends a pulse early. `cooling` holds contacts of the surface that don't overlap. A train has `pulses` and a `period`
    [s] from one start to the next. `device` names what gave it. Raises `InputError` for any number that is missing,
    negative or not finite, a frequency outside the row `devices/electric/frequency.allowed`, electrodes that overlap,
    float or have more than two terminals, and a drive of two kinds.
    """

    tip: tuple[Disc | Rectangle, ...]
    frequency: float
    drive: Drive
    duration: float
    cooling: tuple[Contact, ...] = ()
    hold: float | None = None
    cutoff: Cutoff = NO_CUTOFF
    limits: Limits = UNLIMITED
    pulses: int = 1
    period: float | None = None
    device: str = ""

    def __post_init__(self) -> None:
        tip = (self.tip,) if isinstance(self.tip, (Disc, Rectangle)) else self.tip
        if not isinstance(tip, (tuple, list)) or not tip:
            raise InputError(
                "is no electrode", key="exposure.tip", value=repr(tip), allowed="Disc | Rectangle, one or several"
            )
        for each in tip:
            instance(each, (Disc, Rectangle), "exposure.tip", "Disc | Rectangle, one or several")
        object.__setattr__(self, "tip", tuple(tip))
        self._check_terminals()
        self._check()

    @property
    def terminals(self) -> tuple[Hashable, Hashable]:
        """The two ends of the circuit: the first electrode's, and the other's or `FAR`."""
        first = self.tip[0].terminal
        return first, next((e.terminal for e in self.tip if e.terminal != first), FAR)

    @property
    def monopolar(self) -> bool:
        """Whether the current returns far away."""
        return self.terminals[1] == FAR

    @property
    def area(self) -> float:
        """Area of the first terminal's metal on the skin [m²]: what fluence counts on."""
        return sum(e.area for e in self.tip if e.terminal == self.tip[0].terminal)

    @property
    def footprint(self) -> tuple[float, float]:
        """Width along x and length along y [m] of the whole tip."""
        low, high = np.array([_bounds(e) for e in self.tip]).transpose(1, 2, 0)
        width, length = high.max(axis=1) - low.min(axis=1)
        return float(width), float(length)

    @property
    def symmetry(self) -> Mirrors:
        """The mirror planes of the tip, its polarity included."""
        return mirrors_of(self.tip)

    def electrodes(self, at: tuple[float, float] = (0.0, 0.0)) -> tuple[Disc | Rectangle, ...]:
        """Return the tip's electrodes with the tip put `at` (x, y) [m]; a far return has no metal of its own."""
        return tuple(replace(e, centre=(e.centre[0] + at[0], e.centre[1] + at[1])) for e in self.tip)

    def _check_terminals(self) -> None:
        labels = list(dict.fromkeys(e.terminal for e in self.tip))
        if None in labels or FAR in labels:
            raise InputError(
                "has no way out for its current", key="exposure.tip", value=repr(labels),
                remedy='Give every electrode of the tip a terminal, "+" or "-"; one alone returns through FAR.',
            )  # fmt: skip
        if len(labels) > 2:
            raise InputError("has more than two terminals", key="exposure.tip", value=repr(labels), allowed="1 or 2")
        for n, one in enumerate(self.tip):
            for other in self.tip[n + 1 :]:
                if _overlap(one, other):
                    raise InputError(
                        "has electrodes that touch or overlap", key="exposure.tip",
                        value=f"centres {one.centre} and {other.centre} m", remedy="Move them apart.",
                    )  # fmt: skip


def _bounds(electrode: Disc | Rectangle) -> tuple[tuple[float, float], tuple[float, float]]:
    x, y = electrode.centre
    across = (
        (2.0 * electrode.radius, 2.0 * electrode.radius)
        if isinstance(electrode, Disc)
        else (electrode.width, electrode.length)
    )
    return (x - across[0] / 2.0, y - across[1] / 2.0), (x + across[0] / 2.0, y + across[1] / 2.0)


def _overlap(one: Disc | Rectangle, other: Disc | Rectangle) -> bool:
    """Whether two electrodes share a point of the skin."""
    if isinstance(one, Disc) and isinstance(other, Disc):
        return float(np.hypot(*np.subtract(one.centre, other.centre))) <= one.radius + other.radius
    if isinstance(one, Disc):
        one, other = other, one
    (left, front), (right, back) = _bounds(one)
    if isinstance(other, Disc):
        x, y = other.centre
        near = (min(max(x, left), right), min(max(y, front), back))
        return float(np.hypot(x - near[0], y - near[1])) <= other.radius
    (left_2, front_2), (right_2, back_2) = _bounds(other)
    return left <= right_2 and left_2 <= right and front <= back_2 and front_2 <= back
