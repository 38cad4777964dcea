"""A stamp of needles as data for its drawings: tips, zones, heat, fat and what lies below, and the same in words.

`stamp_sketch` draws the section upright, `stamp_plan` the one level with the tips.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import NeedlePulse
from tauten.report import levels
from tauten.report.section import Stratum
from tauten.report.slices import Plane, Ring, Window, cut, highest
from tauten.report.words import layer_words
from tauten.solvers.coagulation import KINETICS, lean_of
from tauten.solvers.electrode_grid import mirrors_on
from tauten.solvers.nodes import level_of
from tauten.solvers.zones import threshold_of
from tauten.units import celsius

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan
    from tauten.treatment import Treatment

__all__ = ["NEAR", "Cuts", "Guarded", "Stamped", "Tip", "stamp_of"]

Pieces = tuple[tuple[Ring, ...], ...]
_ROOM = 6.4e-3
"""Width of the upright picture [m]: as many needles of the row as have room are drawn."""
_ASIDE = 0.65e-3  # m beyond the outermost needle drawn
NEAR = 0.02e-3
"""Distances below this [m] are told as touching: no needle is set so finely."""
_BELOW = 5e-3  # m below the tips; what lies deeper is told in words


@dataclass(frozen=True, slots=True)
class Tip:
    """A needle where its tip lies [m]: `across` and `along` the skin, `depth`, and where its bare part begins.

    `sign` is "+" or "−", `shaft` (across, along) where it enters the skin, `radius` that of the metal.
    """

    across: float
    along: float
    depth: float
    bare_from: float
    radius: float
    sign: str
    shaft: tuple[float, float]
    insulated: bool


@dataclass(frozen=True, slots=True)
class Guarded:
    """What lies below the tips: its `name`, where it begins and how far that is below the deepest tip [m]."""

    name: str
    depth: float
    distance: float


@dataclass(frozen=True, eq=False)
class Cuts:
    """One picture's outlines [m]: coagulated `zones`, `warm` lines by temperature [°C], and `lost` fat."""

    zones: Pieces = ()
    warm: Mapping[float, tuple[Ring, ...]] = field(default_factory=dict)
    lost: Pieces = ()


@dataclass(frozen=True, eq=False)
class Stamped:
    """Everything both drawings show, and nothing else; lengths [m], (0, 0) is the middle of the stamp.

    `upright` holds what lies within half a way of the row at `row` along the stamp, seen in `window`; `level` what lies
    at the depth `at`, over the `footprint` (`lean` along the stamp from where needles that `tilt` went in), and
    `shadow` what is coagulated at any depth of the dermis. `reached` are the least and the most depth the tips may come
    to lie at, `set_depth` what the machine is set to. `spared`, `coagulated` and `fat` [m³] are the treatment's own
    figures, `dose` the one fat counts as lost from.
    """

    strata: tuple[Stratum, ...]
    tips: tuple[Tip, ...]
    row: float
    at: float
    window: Window
    footprint: tuple[float, float]
    upright: Cuts
    level: Cuts
    shadow: Pieces
    reached: tuple[float, float]
    set_depth: float
    border: float
    goal: tuple[float, float] | None
    guards: tuple[Guarded, ...]
    spared: float
    coagulated: float
    fat: float
    dose: float
    near_boiling: bool = False
    tilt: float = 0.0
    lean: float = 0.0
    kinetics: str = KINETICS

    @property
    def deepest(self) -> float:
        """Where the upright picture ends [m]."""
        return self.window[1][1]

    @property
    def lowest(self) -> float:
        """The depth of the deepest tip [m]."""
        return max(tip.depth for tip in self.tips)

    @property
    def in_row(self) -> tuple[Tip, ...]:
        """The needles of the row drawn that have room in the picture."""
        left, right = self.window[0]
        return tuple(t for t in self.of_row if left <= t.across - t.radius and t.across + t.radius <= right)

    @property
    def of_row(self) -> tuple[Tip, ...]:
        """All needles of the row drawn, left to right."""
        return tuple(sorted((t for t in self.tips if abs(t.along - self.row) < 1e-6), key=lambda t: t.across))


def stamp_of(plan: Plan) -> Stamped | None:
    """Return the plan's stamp as it is drawn; None where none was simulated."""
    run = plan.treatment
    pulses = [shot.exposure for shot in run.exposures if isinstance(shot.exposure, NeedlePulse)]
    if not pulses or run.coagulation is None:
        return None
    tips = _tips(run)
    lowest = max(tip.depth for tip in tips)
    depths = [float(depth) for depth in plan.skin.depths]
    strata = tuple(
        Stratum(layer_words(layer.name), layer.tissue, top, bottom)
        for layer, top, bottom in zip(plan.skin.layers, depths[:-1], depths[1:], strict=True)
    )
    border = max((s.bottom for s in strata if s.tissue == "dermis"), default=lowest)
    guards = _guards(run, lowest)
    settings = {s.name: s.value for s in plan.settings}
    set_depth = settings.get("depth", lowest)
    goal = next(((g.goal.top, g.goal.bottom) for g in plan.goals if g.goal.planned_on), None)
    field_of = _Fields(run, border)
    row = field_of.row(tips)
    window = _window(tips, row, guards, border)
    at = _level(run, lowest, pulses[0].array.active)
    wide, long = run.exposures[0].exposure.footprint  # type: ignore[union-attr]
    around = max(0.08 * wide, 0.3e-3)
    tilted = max((abs(t.along) for t in tips), default=0.0)
    reach = max(long / 2.0, tilted + 0.3e-3) + around
    seen: Window = ((-wide / 2.0 - around, wide / 2.0 + around), (-reach, reach))
    upright, level, shadow = field_of.cuts(row, _half_way(tips, row), window, at, seen, strata)
    return Stamped(
        strata=strata, tips=tips, row=row, at=at, window=window, footprint=(wide, long), upright=upright, level=level,
        shadow=shadow, reached=_reached(plan, set_depth, lowest), set_depth=set_depth, border=border, goal=goal,
        guards=guards, spared=run.coagulation.spared, coagulated=float(np.max(run.coagulation.fraction)),
        fat=field_of.fat(), dose=field_of.dose,
        near_boiling=any(zone.lower_bound for zone in run.zones), tilt=pulses[0].array.tilt, lean=lean_of(pulses[0]),
    )  # fmt: skip


class _Fields:
    """The fields of a run that are drawn, each as a level that is 0 on the outline."""

    def __init__(self, run: Treatment, border: float) -> None:
        state, self.facts = run.state, run.skin.facts
        self.grid, self.border = state.grid, border
        sides = mirrors_on(state.grid, run.exposures[0])
        self.mirrored = tuple(axis for axis, side in enumerate(("left", "front")) if side in sides)
        self.solid = level_of(state, KINETICS, threshold_of(KINETICS, self.facts))
        self.peak = np.asarray(state.reference + np.maximum(state.maximum, state.rise), dtype=np.float64)
        self.dose = self.facts["care/planning/fat.dose"].value
        self.lost = level_of(state, "cem43", self.dose)
        self.copies = 2 ** len(self.mirrored)

    def row(self, tips: Sequence[Tip]) -> float:
        """Return the row of needles along x where most coagulates; the middle one where none differs."""
        rows = sorted({round(t.along, 9) for t in tips}, key=lambda along: (round(abs(along), 9), -along))

        def coagulated(row: float) -> float:
            away = _half_way(tips, row)
            plane = highest(self.grid, self.solid, self.mirrored, 1, row - away, row + away)
            return float(np.trapezoid(np.trapezoid(plane.values > 0.0, plane.across, axis=1), plane.down))

        return max(rows, key=lambda row: round(coagulated(row) * 1e12))

    def fat(self) -> float:
        """Return the volume of fat past the dose [m³]: what the limit on lost fat reads."""
        deep = (self.lost >= 0.0) & (self.grid.centres[-1] > self.border)
        return float(np.sum(self.grid.volumes * deep)) * self.copies

    def cuts(
        self, row: float, away: float, window: Window, at: float, seen: Window, strata: Sequence[Stratum]
    ) -> tuple[Cuts, Cuts, Pieces]:
        """Return the upright picture, the level one, and the shadow of all zones in the dermis."""

        def upright(values: NDArray[np.float64], shown: Window = window) -> Plane:
            return highest(self.grid, values, self.mirrored, 1, row - away, row + away).within(shown)

        def level(values: NDArray[np.float64]) -> Plane:
            return cut(self.grid, values, self.mirrored, 2, at).within(seen)

        lines = levels.heated()
        hot, warm = upright(self.peak), level(self.peak)
        across, (_, bottom) = window
        fat: Window = (across, (min(self.border, bottom), bottom))
        top = next((s.top for s in strata if s.tissue == "dermis"), 0.0)
        shadow = highest(self.grid, self.solid, self.mirrored, 2, top, self.border).within(seen)
        return (
            Cuts(
                upright(self.solid).rings(0.0), {line: hot.lines(celsius(line)) for line in lines},
                upright(self.lost, fat).rings(0.0) if self.border < bottom else (),
            ),
            Cuts(
                level(self.solid).rings(0.0), {line: warm.lines(celsius(line)) for line in lines},
                level(self.lost).rings(0.0) if at > self.border else (),
            ),
            shadow.rings(0.0),
        )  # fmt: skip


def _tips(run: Treatment) -> tuple[Tip, ...]:
    """The needles of the first stamp, at each depth of one insertion."""
    found = {}
    first = run.exposures[0].at
    for shot in run.exposures:
        pulse = shot.exposure
        if shot.at != first or not isinstance(pulse, NeedlePulse):
            continue
        array = pulse.array
        bare = max(0.0, pulse.depth - array.active * math.cos(array.tilt))
        for each in pulse.electrodes((0.0, 0.0)):
            x, y, z = each.tip
            share = z / each.direction[2]
            shaft = (x - share * each.direction[0], y - share * each.direction[1])
            sign = "−" if each.terminal == "-" else "+"
            found[each.tip] = Tip(x, y, z, bare, each.radius, sign, shaft, array.insulated)
    return tuple(found.values())


def _guards(run: Treatment, lowest: float) -> tuple[Guarded, ...]:
    """What lies below the tips: fascia and nerve as one where the nerve is taken to begin at the fascia."""
    known = run.coagulation
    assert known is not None  # `stamp_of` asked
    fascia, nerve = known.to_fascia, known.to_nerve
    found = []
    if math.isfinite(fascia):
        both = math.isfinite(nerve) and abs(nerve - fascia) < 1e-9
        found.append(Guarded(f"superficial fascia{', facial nerve' if both else ''}", lowest + fascia, fascia))
        nerve = math.nan if both else nerve
    if math.isfinite(nerve):
        found.append(Guarded("facial nerve", lowest + nerve, nerve))
    return tuple(found)


def _reached(plan: Plan, set_depth: float, lowest: float) -> tuple[float, float]:
    row = next((r for r in plan.rows if r.name.endswith("/depth_reached")), None)
    return (lowest, lowest) if row is None else (set_depth * row.si_low, set_depth * row.si_high)


def _half_way(tips: Sequence[Tip], row: float) -> float:
    """Half the way from a row to the next one; where there is one row, as far as heat goes."""
    others = [abs(t.along - row) for t in tips if abs(t.along - row) > 1e-6]
    return 0.5 * min(others, default=2e-3)


def _window(tips: Sequence[Tip], row: float, guards: Sequence[Guarded], border: float) -> Window:
    """Return what the upright picture shows: whole needles round the middle of the row, and down to what is near."""
    own = sorted((t.across for t in tips if abs(t.along - row) < 1e-6), key=abs)
    shown = [x for x in own if 2.0 * (abs(x) + _ASIDE) <= _ROOM] or own[:1]
    half = max(abs(x) for x in shown) + _ASIDE
    lowest = max(t.depth for t in tips)
    near = [g.depth for g in guards if g.distance < _BELOW]
    end = max([lowest + 0.8e-3, border + 0.6e-3, *(depth + 0.35e-3 for depth in near)])
    return (-half, half), (0.0, math.ceil(end * 1e4) * 1e-4)


def _level(run: Treatment, lowest: float, active: float) -> float:
    """The depth where most of the stamp is coagulated; half-way up the bare tip where nothing is."""
    known = run.coagulation
    assert known is not None  # `stamp_of` asked
    if float(np.max(known.fraction)) > 0.0:
        return float(known.depth[int(np.argmax(known.fraction))])
    return lowest - 0.5 * min(active, lowest)
