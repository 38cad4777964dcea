"""What a plan of focused shots holds beside its settings: pattern, zones, output, both ends of what is not known."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from tauten.care.boiling import boils
from tauten.solvers.zones import Zone
from tauten.treatment import Figure

__all__ = ["Considered", "Guard", "Pattern", "ShotEnd", "Shots"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """How the points are laid: `points` a line, `pitch` [m] apart, `lines` side by side, `line_spacing` [m] apart.

    `interval` [s] from one point to the next. `joules` is what the machine's display says of one point, `energy` the
    acoustic energy [J] it is taken to be, `power` [W] its acoustic power.
    """

    points: int
    pitch: float
    lines: int
    line_spacing: float
    interval: float
    joules: float
    power: float
    duration: float

    @property
    def energy(self) -> float:
        """Acoustic energy of one point [J]."""
        return self.power * self.duration

    @property
    def total(self) -> int:
        """Number of points in all."""
        return self.points * self.lines

    @property
    def area(self) -> float:
        """Skin that the pattern covers [m²]: each point stands for pitch times line spacing."""
        return self.total * self.pitch * self.line_spacing


@dataclass(frozen=True, slots=True)
class Guard:
    """What must not be heated: its `name`, the `depth` [m] it begins at, and the `margin` [m] to keep above it."""

    name: str
    depth: float
    margin: float


@dataclass(frozen=True, slots=True)
class ShotEnd:
    """The same shot at one end of what is not known: `row` at `value` [SI of its unit], everything else central.

    `focus_peak` [K] is the hottest of the aimed band and the focus, `volume` [m³], `width` and `length` [m] the zone's
    (0 where nothing coagulates); `factor` is how many times the acoustic power brings the focus to `Shots.target`.
    """

    name: str
    row: str
    end: str
    value: float
    unit: str
    focus_peak: float
    volume: float
    width: float
    length: float
    factor: float

    @property
    def boils(self) -> bool:
        """Whether the hottest place boils dry: how hot it gets and how large the zone becomes is then not predicted."""
        return boils(self.focus_peak)


@dataclass(frozen=True, slots=True)
class Considered:
    """A head the case offered: what it would do for the goal, and why it was not taken ("" for the one taken)."""

    key: str
    name: str
    settings: Mapping[str, float]
    goal: float
    allowed: bool
    why: str = ""


@dataclass(frozen=True, eq=False)
class Shots:
    """A plan of focused shots. Depths [m] count from the skin's surface.

    `zones` holds one point's coagulation zones at "central", "lower end" and "upper end" of the
    spread, where the limit that binds is farthest and nearest (empty: nothing coagulates),
    `line` those of neighbouring points solved together where heat carries over (empty: points don't reach one
    another). `output` is what standards define of the head, in water and derated. `factor` is how many times the
    acoustic power brings the focus to `target` [K], `focus_peak` [K] how hot it gets as planned.
    """

    pattern: Pattern
    focus: float
    band: tuple[float, float]
    band_name: str
    zones: Mapping[str, tuple[Zone, ...]]
    output: Mapping[str, Figure]
    ends: tuple[ShotEnd, ...]
    target: float
    factor: float = math.nan
    focus_peak: float = math.nan
    line: tuple[Zone, ...] = ()
    guards: tuple[Guard, ...] = ()
    considered: tuple[Considered, ...] = field(default=())

    @property
    def boils(self) -> tuple[str, ...]:
        """At which of "central", "lower end" and "upper end" a zone boils."""
        return tuple(when for when, zones in self.zones.items() if any(zone.boils for zone in zones))
