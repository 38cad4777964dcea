"""From tissue and metal to the balance of currents, and from potentials back to heat."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.physics.current import capacitive_admittivity
from tauten.solvers.electric.cells import Cells
from tauten.solvers.electric.kernels import fill_faces, fill_heat
from tauten.solvers.electric.matter import Matter
from tauten.solvers.electric.metal import Metal
from tauten.solvers.electric.system import Ground, Links, System

__all__ = ["assemble", "heat_in_cells"]


def assemble(
    cells: Cells, matter: Matter, metal: Metal, ground: Ground, floating: tuple[bool, ...], frequency: float | None
) -> System:
    """Return the balance of currents; faces in single precision, which the solver works in anyway."""
    complex_ = matter.complex or bool(np.any(np.isfinite(metal.sheets)))
    kind = np.complex64 if complex_ else np.float32
    faces = tuple(np.zeros(tuple(n - (a == axis) for a, n in enumerate(cells.shape)), kind) for axis in range(3))
    fill_faces(
        matter.along, matter.upper, matter.lower, metal.dead, cells.low, cells.high, cells.widths,
        faces[0], faces[1], faces[2],
    )  # fmt: skip
    for face, (where, opened) in zip(faces, metal.shut, strict=True):
        face.reshape(-1)[where] *= opened
    links = matter.at(metal.cells, metal.halves, cells.shape) * metal.lengths
    if complex_:
        sheet = np.isfinite(metal.sheets)
        links = links.astype(np.complex128)
        reactance = capacitive_admittivity(frequency or 0.0, metal.sheets[sheet])
        links[sheet] = links[sheet] * reactance / (links[sheet] + reactance)
    widths = None if cells.round else cells.widths
    return System(faces, Links(metal.cells, metal.electrodes, links), floating, ground, widths)


def heat_in_cells(
    cells: Cells,
    matter: Matter,
    metal: Metal,
    system: System,
    inside: NDArray[Any],
    potential: NDArray[Any],
    voltages: NDArray[Any],
) -> tuple[NDArray[np.float64], float]:
    """Return the power each cell turns to heat [W], and what is turned to heat beyond the walls [W].

    `potential` and `voltages` [V] are root mean square, so both are time averages. Half a cell at a wall keeps the
    share `inside` of what passes to ground; a link's heat stays in its cell.
    """
    heat = np.zeros(cells.shape)
    fill_heat(
        matter.along, matter.upper, matter.lower, potential.reshape(cells.shape), cells.low, cells.high,
        system.faces[0], system.faces[1], system.faces[2], heat,
    )  # fmt: skip
    flat, at = heat.reshape(-1), potential.reshape(-1)
    for axis in range(3):
        _share_again(axis, cells, matter, metal, system, potential, flat)
    links, ground = system.links, system.ground
    step = voltages[links.electrodes] - at[links.cells]
    fed = np.zeros_like(flat)
    np.add.at(fed, links.cells, links.conductances.real * np.abs(step) ** 2)
    _give_slivers(metal, fed, flat)
    flat += fed
    lost = ground.conductances.real * np.abs(at[ground.cells]) ** 2
    np.add.at(flat, ground.cells, inside * lost)
    return heat, float(np.sum((1.0 - inside) * lost))


def _share_again(
    axis: int, cells: Cells, matter: Matter, metal: Metal, system: System, potential: NDArray[Any], heat: NDArray[Any]
) -> None:
    """Share the heat of faces near curved metal by the potential on them: it is denser on the metal's side."""
    faces, lower = metal.shares[axis]
    if not faces.size:
        return
    low = list(np.unravel_index(faces, system.faces[axis].shape))
    high = [n + (a == axis) for a, n in enumerate(low)]
    one, other = (np.ravel_multi_index(tuple(n), cells.shape) for n in (low, high))
    halves = (2, 1) if axis == 2 else (0, 0)
    own, beyond = (
        matter.at(n, np.full(n.size, half, np.int8), cells.shape) for n, half in zip((one, other), halves, strict=True)
    )
    first, second = (1.0 / own).real, (1.0 / beyond).real
    way_one, way_other = cells.high[axis][low[axis]], cells.low[axis][high[axis]]

    def share(a: NDArray[Any], b: NDArray[Any]) -> NDArray[Any]:
        total = a * first + b * second
        return np.where(total > 0.0, a * first / np.where(total > 0.0, total, 1.0), 0.5)

    at = potential.reshape(-1)
    power = system.faces[axis].reshape(-1)[faces].real * np.abs(at[other] - at[one]) ** 2
    moved = (share(lower, 1.0 - lower) - share(way_one, way_other)) * power
    np.add.at(heat, one, moved)
    np.subtract.at(heat, other, moved)


def _give_slivers(metal: Metal, fed: NDArray[Any], heat: NDArray[Any]) -> None:
    """Move the heat of tissue in cells whose point lies in metal there, from the links beside."""
    linked, filled, share = metal.slivers
    total = np.zeros_like(fed)
    np.add.at(total, linked, share)
    moved = fed[linked] * share / np.maximum(total[linked], 1.0)
    np.add.at(heat, filled, moved)
    np.subtract.at(fed, linked, moved)
