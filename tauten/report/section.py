"""The section of this skin as data: layers, focus, predicted zones and what must not be heated, and the same in words.

`sketch.draw` makes the picture of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tauten.care.shots import Guard
from tauten.report.checks import seen
from tauten.report.numbers import number
from tauten.report.words import layer_words

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan
    from tauten.care.shots import Shots

__all__ = ["ROOM", "Outline", "Section", "Stratum", "describe", "room_for", "section_of"]

ROOM = 7.4e-3
"""Width of the picture that zones may take [m]; the names of the layers stand beside it."""

_LEAST = 8e-3  # what the imaging window of such heads shows
_NEAR = 5e-3  # what must not be heated is drawn this far below the focus; deeper, it is told in words


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
        """Where the picture ends [m]: as deep as an imaging window shows, and below what is heated or near it."""
        lowest = [self.focus, *(z.bottom for z in (*self.planned, *self.adverse))]
        below = [g.depth for g in self.guards] + ([] if self.bone is None else [self.bone])
        wanted = max([*lowest, *(depth for depth in below if depth < self.focus + _NEAR)]) + 0.8e-3
        return max(_LEAST, math.ceil(wanted * 1e3) * 1e-3) + 0.2e-3


def room_for(pitch: float, points: int) -> int:
    """Return how many points of a line the picture has room for.

    >>> room_for(1.1e-3, 23), room_for(1.5e-3, 2), room_for(0.0, 1)
    (7, 2, 1)
    """
    return min(points, int(ROOM / pitch * (1.0 + 1e-9)) + 1 if pitch > 0.0 else 1)


def section_of(plan: Plan) -> Section | None:
    """Return the section of the plan's skin with its zones; None where no sound is planned."""
    shots = plan.shots
    if shots is None:
        return None
    layers = plan.skin.layers
    depths = [float(depth) for depth in plan.skin.depths]
    strata = tuple(
        Stratum(layer_words(layer.name), layer.tissue, top, bottom)
        for layer, top, bottom in zip(layers, depths[:-1], depths[1:], strict=True)
    )
    strata = _with_bone(strata, next((guard.depth for guard in shots.guards if guard.name == "bone"), None))
    bone = next((stratum.top for stratum in strata if stratum.tissue == "bone"), None)
    return Section(
        strata=strata,
        focus=shots.focus,
        planned=tuple(_points(shots, "central")),
        adverse=tuple(_points(shots, "upper end")),
        points=shots.pattern.points,
        pitch=shots.pattern.pitch,
        goal=shots.band,
        bone=bone,
        guards=shots.guards,
        findings=tuple(finding.reason for finding in seen(plan)),
        seed=plan.record.seed,
    )


def _with_bone(strata: tuple[Stratum, ...], depth: float | None) -> tuple[Stratum, ...]:
    """Let bone begin at a depth where the picture has it and the layers don't."""
    if depth is None or any(stratum.tissue == "bone" for stratum in strata):
        return strata
    above = (replace(s, bottom=min(s.bottom, depth)) for s in strata if s.top < depth)
    return (*above, Stratum("bone", "bone", depth, math.inf))


def _points(shots: Shots, when: str) -> Iterator[Outline]:
    """The zones of as many neighbouring points as the picture has room for, each with its own where they differ."""
    pattern = shots.pattern
    count = room_for(pattern.pitch, pattern.points)
    own = [zone for zone in shots.line if zone.formed] if when == "central" else []
    if len(own) >= count:
        start = (len(own) - count) // 2  # the middle of the line, where a point has neighbours on both sides
        for zone in own[start : start + count]:
            yield Outline(zone.at[0], zone.width, zone.top, zone.centre, zone.bottom)
        return
    for zone in shots.zones.get(when, ()):
        for n in range(count) if zone.formed else ():
            yield Outline(n * pattern.pitch, zone.width, zone.top, zone.centre, zone.bottom)


def describe(section: Section) -> str:
    """Return the picture in words, for who cannot see it."""
    layers = "; ".join(f"{s.name} {_span(s.top, s.bottom)}" for s in section.strata)
    told = [f"From the surface down: {layers}.", f"The focus lies {_mm(section.focus)} mm deep."]
    for zones, when in ((section.planned, "as planned"), (section.adverse, "at the upper end of the spread")):
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
