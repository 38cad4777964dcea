"""Electric potential in tissue: `solve` returns where current flows, what it heats and what the generator sees.

Quasi-static: ∇·((σ + iωε) ∇φ) = 0 with exp(+iωt), by finite volumes. Potential, voltages and currents are root mean
square phasors, the voltage between the two terminals being real; heat and power are time averages. Curved metal is
met between cells (`electric.metal`), and every solve is checked for the balance of power and of currents.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.checks import instance, number, whole
from tauten.devices.drive import Current, Drive, Limits, Power, Voltage
from tauten.devices.electrode import FAR, Disc, Electrode, Membrane, Needle, Plate, Rectangle, Sphere
from tauten.errors import InputError, NotConverged
from tauten.grid import Grid
from tauten.skin.dielectrics import check_frequency
from tauten.solvers.electric.assemble import assemble, heat_in_cells
from tauten.solvers.electric.cells import Cells, cells_of
from tauten.solvers.electric.generator import Poles, check_drive, poles, voltage_of
from tauten.solvers.electric.lay import lay
from tauten.solvers.electric.matter import Layered, Matter, matter_of
from tauten.solvers.electric.metal import Metal
from tauten.solvers.electric.system import System
from tauten.solvers.electric.unit import Unit, solve_unit
from tauten.solvers.electric.walls import Earthed, Insulated, Open, Wall, grounded, walls_of

__all__ = [
    "FAR",
    "Current",
    "Disc",
    "Earthed",
    "Insulated",
    "Layered",
    "Limits",
    "Membrane",
    "Needle",
    "Open",
    "Plate",
    "Potential",
    "Power",
    "Rectangle",
    "Sphere",
    "Voltage",
    "solve",
]

BALANCE = 1e-6
"""Share of the power by which heat and terminals may differ, and of the current by which terminals may."""
_FINER = (1.0, 1e-2, 1e-4)
"""Of the tolerance: tried in turn until all balances. Stiff links make a residual look smaller than it is."""


@dataclass(frozen=True, eq=False)
class Potential:
    """A solved potential; phasors are root mean square, heat and power time averages.

    `potential` [V] and `heat` [W/m³] have the grid's shape; in `metal` (cells whose point lies in it) the potential
    is the metal's, the heat that of what tissue they hold. `power` [W] is what the terminals give, of which `beyond`
    [W] is turned to heat outside the grid's open walls. `impedance` [ohm] is between the two terminals. `currents` [A]
    go from metal into tissue, by terminal (`FAR`: the far return), `electrode_currents` [A] by electrode in the order
    given, and so `electrode_voltages` [V], those that float included; `voltages` [V] by terminal. `residual` is that of
    the linear solve, `balance` the larger mismatch of power and currents. `limited` names the generator's limits that
    hold it below what was asked.

    With planes of symmetry all but the fields and the electrodes' own currents are of the whole.
    """

    grid: Grid
    potential: NDArray[Any]
    heat: NDArray[np.float64]
    metal: NDArray[np.bool_]
    power: float
    beyond: float
    impedance: complex
    currents: Mapping[Hashable, complex]
    voltages: Mapping[Hashable, complex]
    electrode_currents: NDArray[Any]
    electrode_voltages: NDArray[Any]
    residual: float
    iterations: int
    balance: float
    limited: tuple[str, ...]
    unit: Unit

    @property
    def voltage(self) -> float:
        """Voltage between the two terminals [V, root mean square]."""
        return self.unit.scale


def solve(
    grid: Grid,
    admittivity: ArrayLike | Layered,
    electrodes: Sequence[Electrode],
    *,
    drive: Drive,
    frequency: float | None = None,
    boundaries: Mapping[str, Wall] | None = None,
    limits: Limits | None = None,
    symmetry: Mapping[str, str] | None = None,
    tolerance: float = 1e-8,
    start: Potential | None = None,
    threads: int = 1,
) -> Potential:
    """Return the potential of `electrodes` in tissue of `admittivity` σ + iωε [S/m] on `grid`.

    `admittivity` has the grid's shape, is one number, or is `Layered`; real numbers make a real solve at half the cost.
    `drive` is what the generator holds between the two terminals (`Voltage`, `Current`, `Power`), `limits` the most it
    gives: it folds back to the nearest of them, and `limited` says so. Electrodes of one terminal lead to the far
    return, through walls that are `Open` or `Earthed` or metal of the terminal `FAR`; those of two terminals float, so
    that no current leaves by the walls. `boundaries` gives walls by side ("top", "bottom", "left", "right", "front",
    "back", or "side" for all upright ones), insulated by default. `symmetry` names sides that are mirror planes:
    "even" where terminals mirror into themselves, "odd" where + mirrors into -. `frequency` [Hz] is needed where a
    membrane lies between metal and skin. `start` is an earlier solution on the same grid.

    Raises `InputError` for electrodes that touch, overlap or leave the grid, a needle deeper than it is long, no return
    path, a drive of two kinds, a missing frequency, admittivity that is 0 or negative, `OutsideValidity` for
    a frequency outside the tables of tissue, and `NotConverged` where the
    residual stays above `tolerance` or power and currents do not balance to 1e-6.
    """
    instance(grid, Grid, "grid", "a Grid")
    metal_of = _electrodes(electrodes)
    check_drive(drive, limits)
    number(tolerance, "tolerance", 0.0, 1e-4, open_low=True)
    whole(threads, "threads")
    cells = cells_of(grid)
    walls = walls_of(boundaries, cells)
    mirrors = _mirrors(symmetry, walls)
    matter = matter_of(admittivity, cells)
    if frequency is not None:
        number(frequency, "frequency", 0.0, unit="Hz", open_low=True)
        check_frequency(frequency)
    elif any(getattr(e, "membrane", None) is not None for e in metal_of):
        raise InputError("is missing: a membrane passes current by it", key="frequency", unit="Hz")
    odd = [side for side, kind in mirrors.items() if kind == "odd"]
    ends = poles(metal_of, any(not isinstance(w, Insulated) for w in walls.values()), bool(odd))
    metal = lay(grid, metal_of, frozenset(mirrors))
    walls |= {side: Earthed() for side in odd}
    ground, inside = grounded(walls, cells, matter, metal.dead, _middle(metal_of, cells, walls, mirrors))
    floating = tuple(e.terminal is None for e in metal_of)
    system = assemble(cells, matter, metal, ground, floating, frequency)
    lead = np.array([_lead(e.terminal, ends, bool(odd)) for e in metal_of])
    fixed = bool(odd) or not ends.bipolar
    before = start.unit if start is not None else None
    for finer in _FINER:
        unit = solve_unit(system, lead, fixed, tolerance * finer, threads, before)
        state = _at_one_volt(cells, metal_of, matter, metal, system, inside, unit, ends, mirrors)
        if state.balance <= BALANCE:
            return _driven(grid, metal, state, ends, mirrors, drive, limits)
        before = unit
    raise NotConverged(
        "Heat and current of the tissue do not balance those of the terminals", residual=state.balance
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _OneVolt:
    """What flows at 1 V between the terminals: admittance of the whole [S], currents [A], heat of each cell [W]."""

    unit: Unit
    admittance: complex
    currents: NDArray[Any]
    heat: NDArray[np.float64]
    power: float
    beyond: float
    balance: float


def _at_one_volt(
    cells: Cells, electrodes: tuple[Electrode, ...], matter: Matter, metal: Metal, system: System, inside: NDArray[Any],
    unit: Unit, ends: Poles, mirrors: Mapping[str, str],
) -> _OneVolt:  # fmt: skip
    """Return currents and heat of the solution at 1 V, and how far they are from balance."""
    currents = system.currents(unit.potential, unit.voltages)
    ground = system.ground
    lost = np.sum(ground.conductances * unit.potential.reshape(-1)[ground.cells])
    first, second = (
        complex(np.sum(currents[np.array([e.terminal == pole for e in electrodes])]))
        for pole in (ends.first, ends.second)
    )
    out = (first - second) / 2 if "odd" in mirrors.values() else first
    if not out.real > 0.0:
        raise NotConverged("No current flows between the terminals", residual=unit.residual)
    heat, beyond = heat_in_cells(cells, matter, metal, system, inside, unit.potential, unit.voltages)
    power = float(np.real(np.sum(unit.voltages * np.conj(currents))))
    leak = abs(np.sum(currents) - lost) / max(abs(first), abs(second))
    balance = max(abs(float(heat.sum()) + beyond - power) / power, float(leak))
    return _OneVolt(unit, out * 2 ** len(mirrors), currents, heat, power, beyond, balance)


def _driven(
    grid: Grid, metal: Metal, state: _OneVolt, ends: Poles, mirrors: Mapping[str, str], drive: Drive,
    limits: Limits | None,
) -> Potential:  # fmt: skip
    """Return the solution at what the generator gives."""
    volts, limited = voltage_of(drive, state.admittance, limits)
    unit = state.unit
    potential = unit.potential * volts
    filled = metal.owner >= 0
    potential[filled] = (unit.voltages * volts)[metal.owner[filled]]
    through = state.admittance * volts
    levels = (0.5, -0.5) if "odd" in mirrors.values() else unit.levels if ends.bipolar else (1.0, 0.0)
    whole = 2 ** len(mirrors) * volts**2
    return Potential(
        grid=grid,
        potential=potential.reshape(grid.shape),
        heat=(state.heat * volts**2).reshape(grid.shape) / grid.volumes,
        metal=filled.reshape(grid.shape),
        power=state.power * whole,
        beyond=state.beyond * whole,
        impedance=1.0 / state.admittance,
        currents={ends.first: through, ends.second: -through},
        voltages={pole: complex(level * volts) for pole, level in zip((ends.first, ends.second), levels, strict=True)},
        electrode_currents=state.currents * volts,
        electrode_voltages=unit.voltages * volts,
        residual=unit.residual,
        iterations=unit.iterations,
        balance=state.balance,
        limited=limited,
        unit=unit.at(volts, potential),
    )


def _electrodes(given: Sequence[Electrode]) -> tuple[Electrode, ...]:
    if not isinstance(given, (tuple, list)) or not given:
        raise InputError("is not a list of electrodes", key="electrodes", value=repr(given), allowed="one or more")
    kinds = (Needle, Disc, Rectangle, Plate, Sphere)
    for each in given:
        instance(each, kinds, "electrodes", " | ".join(kind.__name__ for kind in kinds))
    return tuple(given)


def _mirrors(symmetry: Mapping[str, str] | None, walls: Mapping[str, Wall]) -> dict[str, str]:
    mirrors = dict(symmetry or {})
    for side, kind in mirrors.items():
        if side not in walls or side in ("top", "bottom", "side"):
            upright = " | ".join(s for s in walls if s not in ("top", "bottom", "side")) or "none of this grid"
            raise InputError("is no mirror plane", key="symmetry", value=repr(side), allowed=upright)
        if kind not in ("even", "odd"):
            raise InputError("is unknown", key=f"symmetry.{side}", value=repr(kind), allowed="even | odd")
        if not isinstance(walls[side], Insulated):
            raise InputError("is a mirror plane and a wall at once", key=f"boundaries.{side}", value=repr(walls[side]))
    return mirrors


def _lead(terminal: Hashable, ends: Poles, odd: bool) -> float:
    """Return the voltage of a terminal where 1 V lies between both."""
    if terminal is None:
        return 0.0
    if terminal == ends.first:
        return 0.5 if ends.bipolar else 1.0
    return -0.5 if ends.bipolar else 0.0


def _middle(
    electrodes: Sequence[Electrode], cells: Cells, walls: Mapping[str, Wall], mirrors: Mapping[str, str]
) -> tuple[float, float, float]:
    """Return from where current spreads [m]: the middle of the metal and of its images in top wall and mirrors."""
    top = float(cells.grid.edges[-1][0])
    metal = [e for e in electrodes if not isinstance(e, Plate)]
    places = [e.tip if isinstance(e, Needle) else (*e.centre, top)[:3] for e in metal] or [(0.0, 0.0, top)]
    middle = np.mean(np.array(places), axis=0)
    if isinstance(walls["top"], Insulated):
        middle[2] = top
    for side in mirrors:
        axis, end = cells.sides[side]
        middle[axis] = cells.grid.edges[axis][-1 if end else 0]
    return float(middle[0]), float(middle[1]), float(middle[2])
