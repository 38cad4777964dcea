"""The balance of currents as numbers: what conducts between cells, to metal and to far ground.

For every cell i, with conductances g [S] (complex admittances where tissue has a capacity):

    Σ_faces g (φ_i - φ_j) + Σ_links g (φ_i - V_e) + g_ground φ_i = 0

An electrode e that floats has its own balance, Σ_links g (V_e - φ_i) = 0; any other has a given V_e. A cell without a
conductance (it lies in metal) has no balance and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Ground", "Links", "System"]

Values = NDArray[Any]  # float32, float64, complex64 or complex128


def _no_cells() -> NDArray[np.int64]:
    return np.zeros(0, np.int64)


def _no_values() -> Values:
    return np.zeros(0)


@dataclass(frozen=True, eq=False)
class Links:
    """What joins cells to metal: flat C-order index of a cell, index of its electrode, conductance [S], one a link.

    A cell may have several links, to one electrode or to more.
    """

    cells: NDArray[np.int64] = field(default_factory=_no_cells)
    electrodes: NDArray[np.int64] = field(default_factory=_no_cells)
    conductances: Values = field(default_factory=_no_values)


@dataclass(frozen=True, eq=False)
class Ground:
    """What joins cells to 0 V beyond a wall: flat C-order index of a cell, conductance [S]; a cell may come twice."""

    cells: NDArray[np.int64] = field(default_factory=_no_cells)
    conductances: Values = field(default_factory=_no_values)


@dataclass(frozen=True, eq=False)
class System:
    """Conductances [S] between the cells of one grid, from them to metal, and to ground.

    `faces` has one array an axis, one entry for each pair of neighbours along it: (nx-1, ny, nz), (nx, ny-1, nz),
    (nx, ny, nz-1); an axisymmetric grid is one of shape (nr, 1, nz). `floating` says of each electrode whether its
    voltage is an unknown. Real and complex conductances aren't mixed: either all are real or `faces` are complex.
    `widths` [m] of the cells along each axis tell a solver where they are narrow; all equal where none are given.
    """

    faces: tuple[Values, ...]
    links: Links
    floating: tuple[bool, ...]
    ground: Ground = field(default_factory=Ground)
    widths: tuple[NDArray[np.float64], ...] | None = None

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return (self.faces[0].shape[0] + 1, *self.faces[0].shape[1:])

    @property
    def complex(self) -> bool:
        """Whether currents lag or lead: the conductances are admittances."""
        return any(np.iscomplexobj(f) for f in (*self.faces, self.links.conductances, self.ground.conductances))

    def diagonal(self) -> Values:
        """Sum of all conductances of each cell [S], double precision, shape `shape`; 0 in metal."""
        total = np.zeros(self.shape, np.complex128 if self.complex else np.float64)
        for axis, face in enumerate(self.faces):
            low, high = _sides(len(self.shape), axis)
            total[low] += face
            total[high] += face
        flat = total.reshape(-1)
        np.add.at(flat, self.links.cells, self.links.conductances)
        np.add.at(flat, self.ground.cells, self.ground.conductances)
        return total

    def excess(self, potential: Values, voltages: Values) -> Values:
        """Current that leaves each cell and has not come in [A], shape `shape`: 0 where the balance holds.

        `potential` [V] has the shape `shape`, `voltages` [V] one number an electrode, those that float included.
        """
        out = np.zeros(self.shape, np.result_type(potential, self.faces[0], np.float64))
        for axis, face in enumerate(self.faces):
            low, high = _sides(len(self.shape), axis)
            current = face * (potential[low] - potential[high])
            out[low] += current
            out[high] -= current
        flat = out.reshape(-1)
        np.subtract.at(flat, self.links.cells, self.link_currents(potential, voltages))
        np.add.at(flat, self.ground.cells, self.ground.conductances * potential.reshape(-1)[self.ground.cells])
        return out

    def link_currents(self, potential: Values, voltages: Values) -> Values:
        """Current from metal into tissue at each link [A]."""
        links = self.links
        return links.conductances * (np.asarray(voltages)[links.electrodes] - potential.reshape(-1)[links.cells])

    def currents(self, potential: Values, voltages: Values) -> Values:
        """Current from each electrode into tissue [A], one number an electrode."""
        out = np.zeros(len(self.floating), np.result_type(potential, self.faces[0], np.float64))
        np.add.at(out, self.links.electrodes, self.link_currents(potential, voltages))
        return out


def _sides(dimensions: int, axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    everything = [slice(None)] * dimensions
    low, high = list(everything), list(everything)
    low[axis], high[axis] = slice(None, -1), slice(1, None)
    return tuple(low), tuple(high)
