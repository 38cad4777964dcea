"""The coarsest grid of a multigrid cycle, solved for directly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.solvers.electric.coarsen import Ties
from tauten.solvers.electric.layout import Layout

__all__ = ["Bottom"]


class Bottom:
    """The coarsest grid, solved for by its sparse LU in double precision, floating electrodes included.

    Neighbours alone are joined, so that factors of some hundreds of cells stay sparse: they take a tenth of the time of
    a dense inverse to make, and less to apply. No row is exchanged: a cell gives away what it is held by, no more.
    """

    def __init__(self, faces: Sequence[NDArray[Any]], ties: Ties, floats: int, scale: float, dtype: Any) -> None:
        from scipy.sparse.linalg import splu

        shape = (faces[0].shape[0] + 1, *faces[0].shape[1:])
        self.layout = Layout(*shape)
        self.residual = self.layout.zeros(dtype)
        self.cells = self.layout.cells
        self.places = self.layout.places(np.arange(self.cells))
        matrix = _matrix(faces, ties, floats, scale, shape)
        self.dtype = matrix.dtype
        self.factor = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
        self.shape = shape

    def solve(self, currents: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the potential of each cell and of each floating electrode."""
        given = np.concatenate([self.residual.reshape(-1)[self.places], currents])
        found = self.factor.solve(given.astype(self.dtype)).astype(self.residual.dtype)
        return found[: self.cells].reshape(self.shape), found[self.cells :]


def _matrix(faces: Sequence[NDArray[Any]], ties: Ties, floats: int, scale: float, shape: tuple[int, ...]) -> Any:
    """Return the balance of cells and floating electrodes as a sparse matrix, nothing in it singular."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    index = np.arange(np.prod(shape)).reshape(shape)
    size = index.size + floats
    first, second, values = [], [], []
    for axis, face in enumerate(faces):
        first.append(index.take(range(shape[axis] - 1), axis).reshape(-1))
        second.append(index.take(range(1, shape[axis]), axis).reshape(-1))
        values.append(face.reshape(-1))
    loose = ties.ends >= 0
    first.append(ties.cells[loose])
    second.append(index.size + ties.ends[loose])
    values.append(ties.conductances[loose])
    a, b, g = np.concatenate(first), np.concatenate(second), scale * np.concatenate(values)
    joined = g != 0
    a, b, g = a[joined], b[joined], g[joined]
    held = np.zeros(size, g.dtype)
    np.add.at(held, ties.cells[~loose], scale * ties.conductances[~loose])
    sums = held.copy()
    np.add.at(sums, np.concatenate([a, b]), np.concatenate([g, g]))
    # A part that nothing holds has no level of its own: one of its cells is held.
    count, part = connected_components(coo_array((np.ones(a.size), (a, b)), shape=(size, size)), directed=False)
    anchored = np.zeros(count, bool)
    anchored[part[held != 0]] = True
    for n in np.flatnonzero(~anchored):
        one = int(np.argmax(part == n))
        sums[one] = sums[one] * 2.0 if sums[one] != 0 else 1.0
    rows, columns = np.concatenate([a, b, np.arange(size)]), np.concatenate([b, a, np.arange(size)])
    return coo_array((np.concatenate([-g, -g, sums]), (rows, columns)), shape=(size, size)).tocsc()
