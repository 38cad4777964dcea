"""The section of this skin as data: layers, focus, predicted zones and what must not be heated, and the same in words.

`sketch.draw` makes the picture of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tauten.care.shots import Guard
from tauten.report.numbers import number

__all__ = ["Outline", "Section", "Stratum", "describe"]

_LEAST = 8e-3  # what the imaging window of such heads shows


@dataclass(frozen=True, slots=True)
class Outline:
    """A coagulation zone as it is drawn, all [m]: where `across`, how wide, and the depths it spans.

    `centre` is where the two halves of its outline meet.
    """

    across: float
    width: float
    top: float
    centre: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Stratum:
    """One layer of the section: `name` for people, `tissue` for its look, `top` and `bottom` depth [m]."""

    name: str
    tissue: str
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Section:
    """Everything the drawing shows, and nothing else.

    `planned` and `adverse` are the zones of some neighbouring points of one line, `points` how many the line has,
    `pitch` [m] how far apart. `goal` is the depth band [m] that the plan aims at, `findings` short sentences that stand
    under the picture; `seed` picks the grain.
    """

    strata: tuple[Stratum, ...]
    focus: float
    planned: tuple[Outline, ...] = ()
    adverse: tuple[Outline, ...] = ()
    points: int = 1
    pitch: float = 0.0
    goal: tuple[float, float] | None = None
    bone: float | None = None
    guards: tuple[Guard, ...] = ()
    findings: tuple[str, ...] = ()
    seed: int = 1

    @property
    def deepest(self) -> float:
        """Where the picture ends [m]: as deep as an imaging window shows, and below all that is drawn."""
        lowest = [self.focus, *(z.bottom for z in (*self.planned, *self.adverse))]
        below = [g.depth for g in self.guards] + ([] if self.bone is None else [self.bone])
        wanted = max([*lowest, *(depth for depth in below if depth < self.focus + 4e-3)]) + 0.8e-3
        return max(_LEAST, math.ceil(wanted * 1e3) * 1e-3) + 0.2e-3


def describe(section: Section) -> str:
    """Return the picture in words, for who cannot see it."""
    layers = "; ".join(f"{s.name} {_span(s.top, s.bottom)}" for s in section.strata)
    told = [f"From the surface down: {layers}.", f"The focus lies {_mm(section.focus)} mm deep."]
    for zones, when in ((section.planned, "as planned"), (section.adverse, "at the adverse point")):
        if zones:
            zone = zones[len(zones) // 2]
            told.append(
                f"A zone {when}: {_mm(zone.width)} mm wide, from {_mm(zone.top)} to {_mm(zone.bottom)} mm deep, "
                f"its middle at {_mm(zone.centre)} mm."
            )
        else:
            told.append(f"No zone is predicted {when}.")
    if section.points > 1:
        drawn = max(len(section.planned), len(section.adverse))
        told.append(f"{drawn} of the {section.points} points of a line, {_mm(section.pitch)} mm apart.")
    if section.bone is not None:
        told.append(f"Bone at {_mm(section.bone)} mm.")
    told += [f"{g.name}: from {_mm(g.depth)} mm, margin {_mm(g.margin)} mm above it." for g in section.guards]
    return " ".join([*told, *section.findings])


def _mm(metres: float) -> str:
    return number(metres * 1e3)


def _span(top: float, bottom: float) -> str:
    return f"{_mm(top)} to {_mm(bottom)} mm" if math.isfinite(bottom) else f"from {_mm(top)} mm"
