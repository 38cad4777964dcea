"""Current's `deposit`: a pulse through needles or a surface tip becomes heat on a grid, and what its generator gives.

The potential follows the conductivity of every cell: its layer's, moved by its own warmth and the water left in it. It
is solved for one volt and scaled to what the generator holds, so that steering costs no solve. Every deposition says
when it wants to look at the tissue again: when its conductance may have moved by more than the tolerance, when the
feedback wants to act, when an energy will have been given or a pulse of a train ends. At a look a potential is kept
where next to nothing has moved, and else solved again, warm from the last.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.drive import Voltage
from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.facts import Facts
from tauten.grid import Field, Grid
from tauten.skin import dielectrics, thermal
from tauten.skin.skin import Skin
from tauten.solvers import potential
from tauten.solvers.admittivities import per_cell
from tauten.solvers.electric.generator import voltage_of
from tauten.solvers.electric.lay import lay
from tauten.solvers.electrode_grid import electrodes_on, mirrors_on
from tauten.solvers.feedback import held_power, steering_step
from tauten.solvers.state import Deposition, Electric, TissueState

__all__ = ["Solved", "deposit", "drift", "metal_in"]

Pulse = NeedlePulse | RfPulse
Floats = NDArray[np.floating]

_SHORTEST = 1.0 / 200.0  # of a pulse between two looks, however fast tissue dries
_LONGER = 2.0  # times the last way between two looks that the next may be
_SAFE = 0.9  # of the tolerance is aimed at
_STILL = 0.1  # of the tolerance: what has moved less is kept


@dataclass(frozen=True, eq=False)
class Solved:
    """A potential for one volt (root mean square) between the terminals, in the tissue as it is at `time` [s].

    `conductivity` [S/m] is what it was solved in, `heat` [W/m³/V²] what it gives, both of the grid's shape in single
    precision. `pace` [1/s] is how fast the conductance moves. Of the last look, at `looked` [s]: the `rise` [K] and
    the `water` of the tissue, how hot it was at the metal, `hottest` [K], and what was then given, `level` [W].
    """

    time: float
    conductivity: Floats
    heat: Floats
    field: potential.Potential
    pace: float
    looked: float = -math.inf
    rise: Floats | None = None
    water: Floats | None = None
    hottest: float = math.nan
    level: float = 0.0

    @property
    def admittance(self) -> complex:
        """Between the terminals [S]."""
        return 1.0 / self.field.impedance


def deposit(
    skin: Skin,
    pulse: Pulse,
    grid: Grid,
    state: TissueState,
    *,
    start: float = 0.0,
    facts: Facts | None = None,
    at: tuple[float, float] = (0.0, 0.0),
    before: tuple[Deposition, ...] = (),
    accuracy: float = 1e-9,
    real: bool = False,
    walls: Mapping[str, potential.Wall] | None = None,
    threads: int = 1,
) -> tuple[Deposition, ...]:
    """Return the heat [W/m³] a pulse puts into `grid` from the time of `state` on, and what its generator gives.

    The pulse began at `start` [s], its tip or stamp stands `at` (x, y) [m]; `before` is what was deposited last.
    `accuracy` is that of a solve; `real` leaves out displacement currents, in a third of the time: for a quick look at
    a voltage. `walls` are those of the grid by side; None opens all but the top where current returns far away, and
    insulates them otherwise. In axisymmetric grids a tip counts as the disc of its area. Raises what
    `potential.solve` raises.
    """
    facts = facts or skin.facts
    now, shot = state.time, Placed(pulse, at, start)
    last = before[0] if before else None
    spent = last.electric.energy + last.electric.power * (now - last.electric.time) if last and last.electric else 0.0
    pauses = [(start + a, start + b) for a, b in pulse.intervals]
    end = pauses[-1][1]
    on, off = next(((a, b) for a, b in pauses if b > now * (1.0 + 1e-12)), pauses[-1])
    solved = last.seen if last and isinstance(last.seen, Solved) else None
    if on > now:
        return (_rest(grid, on, end, on, _silent(now, spent) if last else None),)
    tolerance = facts.si("simulate/coupling.conductance_tolerance")

    def solve(seen: TissueState, time: float, pace: float) -> Solved:
        field, sigma = _solve(skin, pulse, grid, seen, shot, facts, solved, accuracy, real, walls, threads)
        return Solved(time, sigma, field.heat.astype(np.float32), replace(field, heat=np.zeros(0)), pace)

    hottest = _hottest(grid, state, shot)
    if solved is None:
        following = solve(state, now, 0.0)
        step, lead, pace = _first_step(skin, pulse, following, facts, tolerance)
        following = replace(following, pace=pace)
    else:
        moved, lead = drift(skin, pulse, solved, state, facts), 1.0
        since = now - solved.time
        # A look before the time it was solved for (feedback, an energy given) says nothing about the pace.
        pace = moved / since if since > 0.25 * (now - solved.looked) else solved.pace
        if moved < _STILL * tolerance:
            following = replace(solved, pace=pace)
            step = _SAFE * tolerance / max(pace, 1e-300) - since
        else:
            step = 2.0 * _SAFE * tolerance / max(pace, 1e-300)
        step = _bounded(step, pulse, now - solved.looked)
        step = min(step, steering_step(pulse.duration)) if pulse.hold is not None else _even(step, off - now)
        if moved >= _STILL * tolerance:
            # Half a step on, so that what moves in the step is met on both sides; less where it soon settles.
            slowing = min(2.0 * pace / solved.pace, 1.0) if solved.pace > 0.0 else 1.0
            half = 0.5 * min(step, off - now) * slowing
            following = solve(_ahead(state, solved, half, facts), now + half, pace)
    volts, limited = voltage_of(pulse.drive, lead * following.admittance, pulse.limits)
    conductance = lead * following.admittance.real
    if pulse.hold is not None:
        gain, ago = _gain(skin, following, facts), now - (solved.looked if solved else -math.inf)
        before_ = (solved.hottest, solved.level) if solved else (math.nan, 0.0)
        asked = held_power(pulse.hold, hottest, *before_, ago, steering_step(pulse.duration), gain)
        if asked < conductance * volts**2:
            volts, limited = math.sqrt(asked / conductance), ("hold",)
        step = min(step, steering_step(pulse.duration))
    power, impedance = conductance * volts**2, following.field.impedance / lead
    if pulse.cutoff.energy is not None and power > 0.0:
        step = min(step, max((pulse.cutoff.energy - spent) / power, 1e-9))
    given = Electric(
        now, impedance, {terminal: abs(v) * volts for terminal, v in following.field.voltages.items()},
        volts / abs(impedance), power, spent, hottest, " and ".join(limited), _ended(pulse, impedance, spent, hottest),
    )  # fmt: skip
    if given.ended:
        given = replace(given, volts=dict.fromkeys(given.volts, 0.0), amperes=0.0, power=0.0)
        return (_rest(grid, now, now, math.inf, given),)
    seen = replace(following, looked=now, rise=state.rise, water=state.water, hottest=hottest, level=power)
    heat = Field(following.heat * following.heat.dtype.type(lead * volts**2), grid, "W/m3")
    return (Deposition(heat, now, end, seen=seen, look=min(off, now + step), electric=given),)


def drift(
    skin: Skin, pulse: Pulse, before: Solved, now: TissueState, facts: Facts | None = None, least: float = 0.0
) -> float:
    """Return the mean relative change of conductivity since a solve, where each cell counts as it heats. [1]

    A small change of a cell's conductivity moves the conductance between the terminals by its share of the heat: the
    mean bounds how far the conductance has moved.
    """
    sigma = _conductivity(skin, pulse, now, facts or skin.facts)
    weight = before.heat * now.grid.volumes.astype(np.float32)
    return float(np.sum(weight * np.abs(sigma / before.conductivity - 1.0)) / np.sum(weight))


def metal_in(grid: Grid, shot: Placed) -> NDArray[np.bool_]:
    """Return which cells of the grid are filled by the metal of a pulse's needles."""
    if grid.kind != "cartesian" or not isinstance(shot.exposure, NeedlePulse):
        return np.zeros(grid.shape, np.bool_)
    return lay(grid, electrodes_on(grid, shot), frozenset(mirrors_on(grid, shot))).dead


def _solve(
    skin: Skin, pulse: Pulse, grid: Grid, state: TissueState, shot: Placed, facts: Facts, last: Solved | None,
    accuracy: float, real: bool, walls: Mapping[str, potential.Wall] | None, threads: int,
) -> tuple[potential.Potential, Floats]:  # fmt: skip
    """Return the potential at one volt in the tissue as it is, and the conductivity [S/m] of its cells."""
    found = dielectrics.dielectrics(skin, pulse.frequency, facts)
    tissue = per_cell(found, _labels(skin, grid), state.rise, state.water, reference=state.reference, real=real)
    mirrors = mirrors_on(grid, shot)
    if walls is None and pulse.monopolar:
        sides = ("side", "bottom") if grid.kind == "axisymmetric" else ("left", "right", "front", "back", "bottom")
        beyond = potential.Open((*shot.at, float(grid.edges[-1][0])))
        walls = {side: beyond for side in sides if side not in mirrors}
    field = potential.solve(
        grid, tissue, electrodes_on(grid, shot), drive=Voltage(1.0, rms=True), frequency=pulse.frequency,
        boundaries=walls, symmetry=mirrors, tolerance=accuracy, start=last.field if last else None, threads=threads,
    )  # fmt: skip
    return field, np.ascontiguousarray(tissue.real)


def _ahead(state: TissueState, solved: Solved, time: float, facts: Facts) -> TissueState:
    """Return the tissue as it will be after `time` [s] if it goes on as since the last look."""
    assert solved.rise is not None
    share = state.rise.dtype.type(time / (state.time - solved.looked))
    rise = state.rise + share * (state.rise - solved.rise)
    boiling = facts.si("tissue/heat/boiling") - state.reference
    rise = np.minimum(rise, np.maximum(state.rise, rise.dtype.type(boiling)))
    water = state.water
    if water is not None:
        before = 1.0 if solved.water is None else solved.water
        water = np.clip(water + share * (water - before), 0.0, 1.0).astype(state.rise.dtype)
    return replace(state, rise=rise, water=water)


def _first_step(skin: Skin, pulse: Pulse, solved: Solved, facts: Facts, tolerance: float) -> tuple[float, float, float]:
    """Return how long [s] the first deposition may stand, how many times the conductance is half-way, and its pace.

    Nothing flows yet: each cell warms by its own heat.
    """
    grid = solved.field.grid
    weight = solved.heat * grid.volumes
    coefficient = dielectrics.dielectrics(skin, pulse.frequency, facts).coefficient
    warming = coefficient * solved.heat / _capacity(skin, grid, facts)
    volts = voltage_of(pulse.drive, solved.admittance, pulse.limits)[0]
    pace = float(np.sum(weight * warming) / np.sum(weight)) * volts**2
    step = _bounded(_SAFE * tolerance / max(pace, 1e-300), pulse, math.inf)
    return step, 1.0 + 0.5 * min(pace * step, tolerance), pace


def _even(step: float, left: float) -> float:
    """Return the step [s] nearest to `step` of which whole numbers fill what is `left` [s] of a pulse.

    A fifth longer is let pass: a potential for the last per cent of a pulse is not worth its time.
    """
    return left / max(math.ceil(left / step - 0.2), 1)


def _bounded(step: float, pulse: Pulse, last: float) -> float:
    """Return a step [s] that isn't much longer than the `last`, nor too short for the pulse."""
    return max(min(step, _LONGER * last), _SHORTEST * pulse.duration)


def _ended(pulse: Pulse, impedance: complex, spent: float, hottest: float) -> str:
    """Return what cuts a pulse off, "" for nothing."""
    limits = pulse.cutoff
    if limits.impedance is not None and abs(impedance) > limits.impedance:
        return "impedance"
    if limits.energy is not None and spent >= limits.energy * (1.0 - 1e-6):
        return "energy"
    if limits.temperature is not None and hottest >= limits.temperature:
        return "temperature"
    return ""


def _rest(grid: Grid, start: float, stop: float, look: float, given: Electric | None) -> Deposition:
    """Return a deposition of nothing; the pulse after it finds the tissue anew."""
    none = Field(np.broadcast_to(np.float32(0.0), grid.shape), grid, "W/m3")
    return Deposition(none, start, stop, look=look, electric=given)


def _silent(now: float, spent: float) -> Electric:
    return Electric(now, complex(math.nan), {}, 0.0, 0.0, spent)


def _labels(skin: Skin, grid: Grid) -> NDArray[np.int64]:
    bottoms = np.cumsum([layer.thickness for layer in skin.layers])
    return np.minimum(np.searchsorted(bottoms, grid.centres[-1], side="right"), len(skin.layers) - 1)


def _conductivity(skin: Skin, pulse: Pulse, state: TissueState, facts: Facts) -> Any:
    found = dielectrics.dielectrics(skin, pulse.frequency, facts)
    labels = _labels(skin, state.grid)
    return per_cell(found, labels, state.rise, state.water, reference=state.reference, real=True)


def _capacity(skin: Skin, grid: Grid, facts: Facts) -> Floats:
    """Return ρ c [J/m³/K] of each cell along depth."""
    found = thermal.medium(skin, facts=facts)
    return (np.asarray(found.density) * np.asarray(found.specific_heat))[_labels(skin, grid)]


def _gain(skin: Skin, solved: Solved, facts: Facts) -> float:
    """Return how fast [K/s] the hottest place warms for each watt as long as no heat flows."""
    grid = solved.field.grid
    return float((solved.heat / _capacity(skin, grid, facts)).max()) / solved.admittance.real


def _hottest(grid: Grid, state: TissueState, shot: Placed) -> float:
    """Return the temperature [K] a generator reads: of the hottest tissue at the needles, or anywhere under a tip."""
    if isinstance(shot.exposure, NeedlePulse):
        metal = lay(grid, electrodes_on(grid, shot), frozenset(mirrors_on(grid, shot)))
        return float(state.reference + state.rise.reshape(-1)[metal.cells].max())
    return float(state.reference + state.rise.max())
