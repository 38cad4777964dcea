"""A direct solve of the balance of currents, by SciPy's sparse LU: for axisymmetric and for small grids."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.errors import NotConverged
from tauten.solvers.electric.system import System

__all__ = ["solve_directly"]

Values = NDArray[Any]
_TWICE = 2  # rounds of mending: two leave rounding alone


def solve_directly(system: System, voltages: Values, tolerance: float = 1e-8) -> tuple[Values, float, int]:
    """Return potential [V], residual and rounds; the residual is the excess current over what metal sends in.

    `voltages` [V] has a number for each electrode, unread for those that float. Raises `NotConverged`.
    """
    from scipy.sparse import coo_matrix, diags
    from scipy.sparse.linalg import splu

    count, metal = int(np.prod(system.shape)), len(system.floating)
    index = np.arange(count).reshape(system.shape)
    rows, columns, values = [], [], []
    for axis, face in enumerate(system.faces):
        low = index.take(range(face.shape[axis]), axis=axis)
        high = index.take(range(1, face.shape[axis] + 1), axis=axis)
        there = face != 0
        rows.append(low[there])
        columns.append(high[there])
        values.append(face[there])
    floating = np.array(system.floating, bool)
    links = system.links
    free = floating[links.electrodes] if metal else np.zeros(0, bool)
    rows.append(links.cells[free])
    columns.append(count + links.electrodes[free])
    values.append(links.conductances[free])
    row, column, value = (np.concatenate(p) for p in (rows, columns, values))
    size = count + metal
    kind = np.complex128 if system.complex or np.iscomplexobj(voltages) else np.float64
    diagonal = np.zeros(size, kind)
    diagonal[:count] = system.diagonal().ravel()
    np.add.at(diagonal, count + links.electrodes[free], links.conductances[free])
    diagonal[diagonal == 0] = 1.0
    matrix = coo_matrix((-np.r_[value, value], (np.r_[row, column], np.r_[column, row])), shape=(size, size))
    factor = splu((matrix + diags(diagonal)).astype(kind).tocsc(), permc_spec="MMD_AT_PLUS_A")
    given = np.where(floating, 0.0, np.asarray(voltages)).astype(kind)
    sent = links.conductances * given[links.electrodes] if metal else np.zeros(0)
    right = np.zeros(size, kind)
    np.add.at(right, links.cells[~free], sent[~free])
    scale = float(np.linalg.norm(right)) or 1.0
    phi = factor.solve(right)
    whole = (matrix + diags(diagonal)).tocsr()
    for _ in range(_TWICE):
        phi = phi + factor.solve(right - whole @ phi)
    residual = float(np.linalg.norm(right - whole @ phi)) / scale
    if not residual <= tolerance:
        raise NotConverged("The potential did not come into balance", residual=residual)
    return phi[:count].reshape(system.shape), residual, 1
