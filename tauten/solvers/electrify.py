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
    """A potential in the tissue as it was at `time` [s], for one volt (root mean square) between the terminals.

    `conductivity` [S/m] is what it was solved in, `heat` [W/m³/V²] what it gives, both of the grid's shape in single
    precision. `pace` [1/s] is how fast the conductance was about to move, `hottest` [K] what the generator read at
    the last look, `looked` [s], and `level` [W] what it then gave.
    """

    time: float
    conductivity: Floats
    heat: Floats
    field: potential.Potential
    pace: float
    looked: float = -math.inf
    hottest: float = math.nan
    level: float = 0.0


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
        return (_rest(grid, on, end, on, solved, _silent(now, spent) if last else None),)
    solved = _solved(skin, pulse, grid, state, shot, facts, solved, accuracy, real, walls, threads)
    hottest = _hottest(grid, state, shot)
    volts, limited = voltage_of(pulse.drive, 1.0 / solved.field.impedance, pulse.limits)
    conductance = (1.0 / solved.field.impedance).real
    if pulse.hold is not None:
        step = steering_step(pulse.duration)
        asked = held_power(
            pulse.hold, hottest, solved.hottest, solved.level, now - solved.looked, step, _gain(skin, solved, facts)
        )
        if asked < conductance * volts**2:
            volts, limited = math.sqrt(asked / conductance), ("hold",)
    power = conductance * volts**2
    given = Electric(
        now, solved.field.impedance,
        {terminal: abs(v) * volts for terminal, v in solved.field.voltages.items()},
        volts / abs(solved.field.impedance), power, spent, hottest, " and ".join(limited),
        _ended(pulse, solved.field.impedance, spent, hottest),
    )  # fmt: skip
    if given.ended:
        given = replace(given, volts=dict.fromkeys(given.volts, 0.0), amperes=0.0, power=0.0)
        return (_rest(grid, now, now, math.inf, None, given),)
    look = min(off, now + _wait(pulse, solved, now, spent, power, hottest, facts))
    seen = replace(solved, looked=now, hottest=hottest, level=power)
    heat = Field(solved.heat * solved.heat.dtype.type(volts**2), grid, "W/m3")
    return (Deposition(heat, now, end, seen=seen, look=look, electric=given),)


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


def _solved(
    skin: Skin, pulse: Pulse, grid: Grid, state: TissueState, shot: Placed, facts: Facts, last: Solved | None,
    accuracy: float, real: bool, walls: Mapping[str, potential.Wall] | None, threads: int,
) -> Solved:  # fmt: skip
    """Return the potential in the tissue as it is: the last one where too little has moved."""
    tolerance = facts.si("simulate/coupling.conductance_tolerance")
    moved = 0.0 if last is None else drift(skin, pulse, last, state, facts)
    if last is not None and moved < _STILL * tolerance:
        since = state.time - last.time
        return replace(last, pace=max(moved / since, 0.1 * last.pace)) if since > 0.0 else last
    found = dielectrics.dielectrics(skin, pulse.frequency, facts)
    tissue = per_cell(found, _labels(skin, grid), state.rise, state.water, reference=state.reference, real=real)
    mirrors = mirrors_on(grid, shot)
    if walls is None and pulse.monopolar:
        sides = ("side", "bottom") if grid.kind == "axisymmetric" else ("left", "right", "front", "back", "bottom")
        beyond = potential.Open((*shot.at, float(grid.edges[-1][0])))
        walls = {side: beyond for side in sides if side not in mirrors}
    field = potential.solve(
        grid, tissue, electrodes_on(grid, shot), drive=Voltage(1.0, rms=True), frequency=pulse.frequency,
        boundaries=walls, symmetry=mirrors, tolerance=accuracy,
        start=last.field if last is not None else None, threads=threads,
    )  # fmt: skip
    heat = field.heat.astype(np.float32)
    sigma = np.ascontiguousarray(tissue.real)
    if last is None:
        # Nothing flows yet: each cell warms by its own heat.
        weight = heat * grid.volumes
        warming = found.coefficient * heat / _capacity(skin, grid, facts)
        pace = float(np.sum(weight * warming) / np.sum(weight))
        return Solved(state.time, sigma, heat, _light(field), pace)
    return replace(
        last, time=state.time, conductivity=sigma, heat=heat, field=_light(field),
        pace=moved / (state.time - last.time),
    )  # fmt: skip


def _light(field: potential.Potential) -> potential.Potential:
    """Return the potential without its heat in double precision, which is kept in single."""
    return replace(field, heat=np.zeros(0))


def _wait(pulse: Pulse, solved: Solved, now: float, spent: float, power: float, hottest: float, facts: Facts) -> float:
    """Return how long [s] the deposition may stand: until conductance moves, an energy is given, feedback acts."""
    shortest = _SHORTEST * pulse.duration
    tolerance = facts.si("simulate/coupling.conductance_tolerance")
    pace = solved.pace
    if not math.isfinite(solved.looked) or pace == 0.0:  # the first: a pace for one volt
        volts2 = power * abs(solved.field.impedance) ** 2 / solved.field.impedance.real
        waits = [_SAFE * tolerance / max(pace * volts2, 1e-300)]
    else:
        waits = [_SAFE * tolerance / pace - (now - solved.time), _LONGER * (now - solved.looked)]
    if pulse.hold is not None:
        waits.append(steering_step(pulse.duration))
    waits = [max(min(waits), shortest)]
    if pulse.cutoff.energy is not None and power > 0.0:
        waits.append(max((pulse.cutoff.energy - spent) / power, 1e-9))
    return min(waits)


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


def _rest(
    grid: Grid, start: float, stop: float, look: float, solved: Solved | None, given: Electric | None
) -> Deposition:
    none = Field(np.broadcast_to(np.float32(0.0), grid.shape), grid, "W/m3")
    return Deposition(none, start, stop, seen=solved or (), look=look, electric=given)


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
    return float((solved.heat / _capacity(skin, grid, facts)).max()) / (1.0 / solved.field.impedance).real


def _hottest(grid: Grid, state: TissueState, shot: Placed) -> float:
    """Return the temperature [K] a generator reads: of the hottest tissue at the needles, or anywhere under a tip."""
    if isinstance(shot.exposure, NeedlePulse):
        metal = lay(grid, electrodes_on(grid, shot), frozenset(mirrors_on(grid, shot)))
        return float(state.reference + state.rise.reshape(-1)[metal.cells].max())
    return float(state.reference + state.rise.max())
