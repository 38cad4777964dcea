"""The whole physics on one page: skin and exposures go in, what became of the tissue comes out.

    deposit  the exposure puts heat into the layers                [W/m³]
    advance  heat spreads, blood carries it off, rates add up      [K, ∫rates]
    injure   the stored integrals become named endpoints           [Ω, CEM43, shrinkage]

`coupling.couple` is the one loop for every method. It calls `deposit` again when the state has changed the properties
that `deposit` used by more than a stated tolerance, never when they do not depend on it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tauten.box import Box
from tauten.coupling import Method, as_it_is, couple
from tauten.devices.exposure import Exposure, FocusedShot, LightPulse, Placed
from tauten.devices.needles import NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.electric_summary import electric_summary
from tauten.errors import InputError, Unphysical
from tauten.facts import Facts
from tauten.grid import Grid
from tauten.physics import damage
from tauten.request import Exposures, check_options, check_request, check_start, placed_of
from tauten.skin.skin import Skin
from tauten.solvers import electrify, illuminate, insonify, kinetics
from tauten.solvers.coagulation import coagulate, needle_zones
from tauten.solvers.electrode_grid import mirrors_on
from tauten.solvers.focal import cuts
from tauten.solvers.state import Deposition, Electric, TissueState
from tauten.solvers.zones import is_half, zones
from tauten.tissue import Extent, Tissue, at_rest, grid_for, tissue_of
from tauten.treatment import Trace, Treatment, nearest_column, summarise

__all__ = [
    "METHODS",
    "Method",
    "carried_over",
    "couple",
    "grid_for",
    "independent",
    "reading_place",
    "simulate",
    "trace",
]


METHODS: dict[type, Method] = {
    LightPulse: Method(illuminate.deposit, illuminate.drift, "care/goals/infrared"),
    FocusedShot: Method(insonify.deposit, insonify.drift, "care/goals/ultrasound", kinetics.SHOT_READINGS, 40, zones),
    RfPulse: Method(
        electrify.deposit, electrify.drift, "care/goals/radiofrequency", kinetics.SHOT_READINGS, 60,
        look=as_it_is, watches=True,
    ),
    NeedlePulse: Method(
        electrify.deposit, electrify.drift, "care/goals/microneedling", kinetics.SHOT_READINGS, 40, needle_zones,
        look=as_it_is, watches=True, metal=Tissue.pierced,
    ),
}  # fmt: skip
"""Exposure type -> its two arrows, and what belongs to it. A new method is one more line."""


def simulate(
    skin: Skin,
    exposures: Exposures,
    start: TissueState | None = None,
    *,
    facts: Facts | None = None,
    extent: Extent = "beam",
    frames: int | None = None,
    rest: float = 30.0,
    band: tuple[float, float] | None = None,
    tolerance: float | None = None,
    keep: Literal["fields"] | None = None,
    spacing: float | None = None,
    progress: Callable[[float], None] | None = None,
    **options: Any,
) -> Treatment:
    """Return what `exposures` do to `skin`: temperature, damage and collagen, layer by layer, and coagulation zones.

    One point is solved round its axis, shots at several points in a box with the heat each leaves to the next.
    `extent` "beam" solves depth and radius; "axis", for light, only the axis of the beam, with the light's sideways
    loss but no sideways conduction. `rest` [s] is simulated after the last pulse, `frames` temperatures are kept on
    the axis (None: the method's own; of a box only the ends of its shots), `tolerance` [K] bounds the error of a heat
    step (None: 0.01, in a box 0.05), and `band` [m] is the depth over which collagen figures are averaged (None takes
    the method's own). `keep` "fields" asks for the heat of every shot beside the summary; round an axis it is small and
    always kept. `start` continues from an earlier state, whose doses and zones count on; its grid must resolve these
    exposures too. `options` go to the method's `deposit`.
    Raises `InputError` for exposures out of order, `OutsideValidity` for light at several points, `NotConverged` when
    heat, sound or light misses its tolerance.
    """
    check_request(skin, start, facts, extent, frames, rest, band, tolerance, keep)
    placed = placed_of(exposures)
    facts = facts or skin.facts
    method = METHODS[type(placed[0].exposure)]
    check_options(method.deposit, list(options))
    fitting = grid_for(skin, placed, extent, spacing)
    grid = check_start(start, skin, placed, fitting).grid if start else fitting
    boxed = grid.kind == "cartesian"
    tolerance = tolerance if tolerance is not None else 0.05 if boxed else 0.01
    tissue = tissue_of(skin, grid, facts, method.readings)
    resting = at_rest(tissue, placed[0].begins_at)
    state = start or resting
    ends = [*(later.begins_at for later in placed[1:]), placed[-1].ends_at + rest]
    axis = nearest_column(grid, reading_place(placed[0]))

    def frame(each: TissueState) -> tuple[float, NDArray[np.floating]]:
        return each.time, np.array(each.temperature[axis])

    columns = [frame(state)]
    depositions: list[Deposition] = []
    electric: list[Electric] = []
    sounding = isinstance(placed[0].exposure, FocusedShot)
    if boxed and sounding and not any(shot.exposure.cooling for shot in placed):
        box = Box(method, replace(tissue, cuts=cuts(grid, placed)), state, resting, tolerance)
        for n, (shot, end) in enumerate(zip(placed, ends, strict=True)):
            heated = box.shoot(shot, end, **options)
            depositions.extend(heated if keep or n == 0 else ())
            columns.append((end, box.column(axis)))
            if progress:
                progress(end / ends[-1])
        state = box.state
    else:
        times = _frames(placed, ends[-1], 1 if boxed and sounding else frames or method.frames)
        for shot, end in zip(placed, ends, strict=True):
            leg = times[(times > state.time + 1e-9) & (times < end - 1e-9)]
            course = couple(method, tissue, shot, state, [*leg.tolist(), end], resting, tolerance, frame, **options)
            depositions.extend(course.depositions)
            columns.extend(course.frames)
            electric.extend(course.electric)
            state = course.state
            if progress:
                progress(end / ends[-1])
    names = [layer.name for layer in skin.layers]
    injured = kinetics.injure(state, tissue.layers, names, method.readings, facts=facts)
    trace = _trace(grid, columns)
    band = band or _band(skin, method, placed[0].exposure, facts)
    made = method.zones(state, skin, placed, facts) if method.zones else ()
    left = coagulate(state, skin, placed, facts) if isinstance(placed[0].exposure, NeedlePulse) else None
    copies = 2 ** (int(is_half(grid, placed)) if sounding else len(mirrors_on(grid, placed[0])))
    summary = summarise(skin, state, injured, depositions, trace, band, facts, made, axis, copies)
    summary = MappingProxyType({**summary, **electric_summary(placed, electric, left, facts)})
    if endless := [name for name, figure in summary.items() if not np.isfinite(figure.value)]:
        raise Unphysical(f"{endless[0]} has no finite value: no tissue takes this dose; check fluence and duration")
    hottest = summary["tissue.peak_temperature"].value
    if isinstance(placed[0].exposure, LightPulse) and hottest > damage.TISSUE_RANGE[1]:
        raise Unphysical(f"tissue reaches {hottest:.3g} K: no tissue takes this dose; check fluence and duration")
    return Treatment(skin, placed, state, tuple(depositions), trace, injured, summary, made, tuple(electric), left)


def carried_over(skin: Skin, exposures: Exposures, facts: Facts | None = None, **options: Any) -> float:
    """Return how much warmer [K] than at rest the axis of any shot is when its sound begins, by the points before it.

    From the heat kernel of a line (`insonify.residual_rise`), an upper bound: blood and depth carry nothing away.
    Shots over one place don't count. `options` go to `deposit`. Raises `InputError` for shots that differ.
    """
    placed = placed_of(exposures)
    facts = facts or skin.facts
    shot = placed[0].exposure
    if any(each.exposure is not shot for each in placed) or not isinstance(shot, FocusedShot):
        raise InputError("are not the same shot at every point", key="exposures")
    tissue = tissue_of(skin, grid_for(skin, placed[:1]), facts, METHODS[FocusedShot].readings)
    settled = tissue.layer_temperatures(at_rest(tissue, 0.0), placed[0])
    heat = insonify.deposit(skin, shot, tissue.grid, settled, facts=facts, **options)[0]
    medium, at = tissue.medium, tissue.layers
    capacity = (np.asarray(medium.density) * np.asarray(medium.specific_heat))[at]
    return insonify.residual_rise(heat, placed, capacity, np.asarray(medium.conductivity)[at] / capacity)


def independent(skin: Skin, exposures: Exposures, facts: Facts | None = None, **options: Any) -> bool:
    """Whether every point may be solved alone, round its own axis: what is carried over stays below its row's value.

    The bound counts the warmest depth, often well above the zone; the row's note says how little zones feel of it.
    """
    facts = facts or skin.facts
    return carried_over(skin, exposures, facts, **options) <= facts.si("simulate/pattern.residual")


def trace(
    skin: Skin, exposure: Exposure, facts: Facts, extent: Extent = "axis", **options: Any
) -> tuple[Deposition, ...]:
    """Return the heat an exposure puts into the skin at rest, which `simulate` will find again.

    For a sweep whose slow part is the deposit: threads may trace many scenes at once.
    """
    placed = placed_of(exposure)
    method = METHODS[type(exposure)]
    tissue = tissue_of(skin, grid_for(skin, placed, extent), facts, method.readings)
    settled = tissue.layer_temperatures(at_rest(tissue, placed[0].begins_at), placed[0])
    return method.deposit(skin, exposure, tissue.grid, settled, facts=facts, **options)


def _frames(placed: Sequence[Placed], end: float, count: int) -> NDArray[np.float64]:
    """Return the times [s] to keep: dense while something shines or cools, sparse while the skin rests."""
    busy = max(8, int(0.7 * count) // len(placed))
    active = [np.linspace(s.begins_at, s.ends_at, busy) for s in placed]
    gaps = [*((a.ends_at, b.begins_at) for a, b in pairwise(placed)), (placed[-1].ends_at, end)]
    resting = [a + (b - a) * np.linspace(0.0, 1.0, max(4, int(0.3 * count) // len(placed))) ** 2 for a, b in gaps]
    edges = [t for s in placed for t in s.edges]
    return np.unique(np.round(np.concatenate([*active, *resting, edges]), 9))


def _trace(grid: Grid, columns: Sequence[tuple[float, NDArray[np.floating]]]) -> Trace:
    """Gather the axis of every frame; the surface is extrapolated from the two topmost cells."""
    depth = grid.centres[-1]
    axis = np.array([temperature for _, temperature in columns])
    slope = (axis[:, 1] - axis[:, 0]) / (depth[1] - depth[0])
    time = np.array([moment for moment, _ in columns])
    return Trace(time, depth, axis, axis[:, 0] - slope * depth[0])


def reading_place(shot: Placed) -> tuple[float, float]:
    """Return where (x, y) [m] temperature over depth is read: under the exposure, beside a stamp's middle needle."""
    if not isinstance(shot.exposure, NeedlePulse):
        return shot.at
    array = shot.exposure.array
    x, y = min(array.positions, key=lambda place: float(np.hypot(*place)))
    return shot.at[0] + abs(x) + 1.2 * array.radius, shot.at[1] + abs(y)


def _band(skin: Skin, method: Method, exposure: Exposure, facts: Facts) -> tuple[float, float]:
    """Return the depth band [m] the method aims at; where it has several, the one for the nearest focal depth.

    Needles aim where they are bare, a tip on the surface at the whole dermis.
    """
    if isinstance(exposure, NeedlePulse):
        return max(exposure.depth - exposure.array.active, 0.0), exposure.depth
    if isinstance(exposure, RfPulse):
        edges = skin.depths
        dermis = [n for n, layer in enumerate(skin.layers) if layer.tissue == "dermis"]
        return (float(edges[dermis[0]]), float(edges[dermis[-1] + 1])) if dermis else (0.0, float(edges[1]))
    found = method.goals
    if isinstance(exposure, FocusedShot):
        focus = exposure.focal_depth
        near = {name: row for name, row in facts.under(found).items() if name.endswith(".band_focus")}
        best = min(near, key=lambda name: abs(near[name].si - focus))
        found += "." + best.removesuffix(".band_focus")
    return facts.si(f"{found}.band_top"), facts.si(f"{found}.band_bottom")
