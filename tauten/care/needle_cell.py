"""A trial of a stamp of needles: one cell of its pattern, and what the stamp's hottest needle makes of it.

A whole stamp is asked for the same figures where margins are read; tests hold the two to one another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tauten.care import electric
from tauten.care.method import Run
from tauten.coupling import couple
from tauten.devices.drive import Voltage
from tauten.devices.exposure import NeedlePulse, Placed
from tauten.devices.generator import SERIES
from tauten.devices.lattice import cell_of, endless
from tauten.devices.stamp import Stamp
from tauten.facts import Facts
from tauten.grid import Grid
from tauten.simulate import METHODS
from tauten.skin import dielectrics
from tauten.skin.skin import Skin
from tauten.solvers import kinetics, potential
from tauten.solvers.electrify import metal_in
from tauten.solvers.electrode_grid import electrode_grid, electrodes_on, mirrors_on
from tauten.solvers.state import Electric, TissueState
from tauten.tissue import at_rest, tissue_of
from tauten.treatment import layer_of_cell

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["ROWS", "STRENGTHS", "of_needles", "open_columns", "served", "stamp_of", "trial", "unevenness"]

Settings = Mapping[str, Any]
STRENGTHS = ("hold", "power", "voltage")
"""What says how strong a stamp is, the first that its device has: a held temperature outweighs the watts behind it."""

ROWS = "care/planning/microneedling"
"""Where the numbers of a plan for needles stand."""


def stamp_of(question: Question) -> Stamp:
    """Return the device, which `find_device` refuses when it is of another method."""
    assert isinstance(question.device, Stamp)
    return question.device


def trial(question: Question, settings: Settings, facts: Facts, run: Run) -> Mapping[str, float] | None:
    """Return the figures of one cell of the pattern; None where the whole stamp is asked, or has no cell."""
    if run == "check":
        return None
    whole = electric.placed(question, settings, facts)
    shots = []
    for shot in whole:
        assert isinstance(shot.exposure, NeedlePulse)
        pulse = endless(shot.exposure, stamp_of(question).layout)
        if pulse is None:
            return None
        shots.append(Placed(pulse, time=shot.time))
    skin, method = question.skin(facts), METHODS[NeedlePulse]
    grid = electrode_grid(skin, shots, facts.si(f"{ROWS}.spacing"))
    tissue = tissue_of(skin, grid, facts, method.readings)
    resting = at_rest(tissue, shots[0].begins_at)
    state: TissueState = resting
    given: list[Electric] = []
    ends = [*(later.begins_at for later in shots[1:]), shots[-1].ends_at + facts.si(f"{ROWS}.rest")]
    for shot, end in zip(shots, ends, strict=True):
        course = couple(method, tissue, shot, state, [min(shot.ends_at, end), end], resting, 0.1, real=True)
        state, given = course.state, [*given, *course.electric]
    names = [layer.name for layer in skin.layers]
    damage = kinetics.injure(state, tissue.layers, names, method.readings, facts=facts)
    first = shots[0].exposure
    assert isinstance(first, NeedlePulse)
    assert first.cell is not None
    copies = first.array.count / first.cell.needles
    area = float(np.sum(np.diff(grid.edges[0])[:, None] * np.diff(grid.edges[1])))
    skin_area = copies * area if first.cell.length is not None else served(question, first)
    rest = float(resting.temperature[..., 0].mean())
    seen = electric.Seen(
        skin, state, damage, given, open_columns(grid, shots, facts), metal_in(grid, shots[0]), copies, skin_area, rest
    )
    found = electric.read(question, settings, seen, facts) | of_needles(whole, skin, skin_area)
    return found | _hottest(question, settings, first, found, facts)


def served(question: Question, pulse: NeedlePulse) -> float:
    """Return the skin [m²] a stamp serves: what its needles stand for, or its footprint with bare tips that lean."""
    cell = pulse.cell or cell_of(pulse.array, stamp_of(question).layout, pulse.polarity)
    if cell is not None and cell.length is not None:
        return pulse.array.count / cell.needles * cell.width * cell.length
    width, length = pulse.footprint
    return width * (length + pulse.array.active * math.sin(pulse.array.tilt))


def open_columns(grid: Grid, placed: Sequence[Placed], facts: Facts) -> Any:
    """Return the columns further from every needle than its rim: its own channel is an injury of its own."""
    rim = facts.si(f"{ROWS}.channel_rim")
    x, y = np.meshgrid(*grid.centres[:2], indexing="ij")
    open_ = np.ones(x.shape, np.bool_)
    for shot in placed:
        for each in electrodes_on(grid, shot):
            share = each.tip[2] / each.direction[2]  # type: ignore[union-attr]
            across, along = (
                c - share * way
                for c, way in zip(each.tip[:2], each.direction[:2], strict=True)  # type: ignore[union-attr]
            )
            open_ &= np.hypot(x - across, y - along) > each.radius + rim  # type: ignore[union-attr]
    return open_ if open_.any() else np.ones_like(open_)


def of_needles(placed: Sequence[Placed], skin: Skin, served: float) -> dict[str, float]:
    """Return what depth and metal alone decide."""
    pulses = [shot.exposure for shot in placed if isinstance(shot.exposure, NeedlePulse)]
    deepest, array = max(pulse.depth for pulse in pulses), pulses[0].array
    fascia = skin.fascia_depth
    channels = array.count * math.pi * array.radius**2 / math.cos(array.tilt)
    return {
        "tip_depth.of_fascia": deepest / fascia if fascia else 0.0,
        "tip_depth.of_dermis": deepest / skin.bottom_of("dermis"),
        "channels.area_share": channels / served,
    }


def _hottest(
    question: Question, settings: Settings, pulse: NeedlePulse, found: Mapping[str, float], facts: Facts
) -> dict[str, float]:
    """Return the peaks at the stamp's hottest needle; where a temperature is held, that needle is the one held."""
    if pulse.hold is not None:
        return {}
    rest, times = facts.si("tissue/thermal/core.temperature"), unevenness(question, settings)
    boiling = facts.si("tissue/heat/boiling")
    peak = found["tissue.peak_temperature"]
    most = rest + times * max(0.0, peak - rest)
    return {"tissue.peak_temperature": max(peak, min(most, boiling)) if peak < boiling else peak}


def unevenness(question: Question, settings: Settings) -> float:
    """Return how many times the mean heat the hottest needle of a stamp gets: largest over mean current, squared.

    From one potential of the whole stamp in cold tissue by the central rows, which is kept. Needles at the rim have
    fewer neighbours to share the way back with.
    """
    at = {name: value for name, value in settings.items() if name not in (*SERIES, *STRENGTHS, "duration")}
    key = ("unevenness", *sorted((name, value) for name, value in at.items()))
    if key not in question._kept:
        found = dict(question.start) | at
        shot = electric.placed(question, found, question.facts)[0]
        question._kept[key] = {"heat": _spread(question, shot)}
    return question._kept[key]["heat"]


def _spread(question: Question, shot: Placed) -> float:
    pulse, facts = shot.exposure, question.facts
    assert isinstance(pulse, NeedlePulse)
    skin = question.skin(facts)
    grid = electrode_grid(skin, [shot], facts.si(f"{ROWS}.spacing"))
    found = dielectrics.dielectrics(skin, pulse.frequency, facts).conductivity
    layers = layer_of_cell(skin, grid.centres[-1])
    metal, mirrors = electrodes_on(grid, shot), mirrors_on(grid, shot)
    tissue = np.broadcast_to(found[layers], grid.shape).copy()
    field = potential.solve(grid, tissue, metal, drive=Voltage(1.0, rms=True), symmetry=mirrors, tolerance=1e-8)
    currents = np.abs(field.electrode_currents)
    for axis, side in enumerate(("left", "front")):
        if side in mirrors:  # a needle on the plane has its other half beyond it
            plane = grid.edges[axis][0]
            currents = currents * np.array([2.0 if abs(each.tip[axis] - plane) < 1e-9 else 1.0 for each in metal])  # type: ignore[union-attr]
    # Mean over the whole stamp: those off the planes are there twice, or four times.
    weight = np.array([
        2.0 ** sum(
            abs(each.tip[axis] - grid.edges[axis][0]) > 1e-9  # type: ignore[union-attr]
            for axis, side in enumerate(("left", "front")) if side in mirrors
        )
        for each in metal
    ])  # fmt: skip
    return float((currents.max() / np.average(currents, weights=weight)) ** 2)
