"""Balances of currents to try solvers on, and SciPy's answer to them."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sparse
from scipy.sparse.linalg import spsolve

from tauten.solvers.electric.system import Ground, Links, System


def built(conductivity, owner, widths, floating, wall=None):
    """Balance of a medium [S/m] on cells of `widths`; cells with an `owner` from 0 on are that electrode's metal.

    `wall` [S/m] times the conductivity ties the first plane's cells to ground.
    """
    shape = conductivity.shape
    index = np.arange(conductivity.size).reshape(shape)
    faces, cells, ends, values = [], [], [], []
    for axis in range(3):
        low, high = [slice(None)] * 3, [slice(None)] * 3
        low[axis], high[axis] = slice(None, -1), slice(1, None)
        low, high = tuple(low), tuple(high)
        others = [np.expand_dims(w, [a for a in range(3) if a != n]) for n, w in enumerate(widths)]
        half = 2.0 * conductivity / others[axis]
        for n in range(3):
            half = half * others[n] if n != axis else half
        face = half[low] * half[high] / (half[low] + half[high])
        face[(owner[low] >= 0) | (owner[high] >= 0)] = 0.0
        faces.append(face)
        for own, other in ((low, high), (high, low)):
            touching = (owner[own] < 0) & (owner[other] >= 0)
            cells.append(index[own][touching])
            ends.append(owner[other][touching])
            values.append(half[own][touching])
    free = owner[0].ravel() < 0
    ground = Ground(index[0].ravel()[free], wall * conductivity[0].ravel()[free]) if wall else Ground()
    links = Links(np.concatenate(cells), np.concatenate(ends), np.concatenate(values))
    return System(tuple(faces), links, tuple(floating), ground, tuple(widths))


def blocks(shape, complex_, floats, seed):
    """Random conductivities over a factor of e³ or so, uneven cells, three blocks of metal and some that float."""
    random = np.random.default_rng(seed)
    widths = [np.exp(random.uniform(-0.5, 0.5, n)) for n in shape]
    conductivity = np.exp(random.normal(0.0, 1.0, shape))
    if complex_:
        conductivity = conductivity * np.exp(1j * random.uniform(0.0, 1.2, shape))
    owner = np.full(shape, -1)
    for electrode in range(3 + floats):
        corner = [random.integers(0, max(1, n - 2)) for n in shape]
        owner[tuple(slice(c, c + 2) for c in corner)] = electrode
    voltages = np.append(random.normal(size=3), np.zeros(floats))
    return built(conductivity, owner, widths, [False] * 3 + [True] * floats, wall=0.3), voltages


def plates(complex_):
    """Layers between two plates, alike from both ends; and the potential of each layer with 1 V on the first plate."""
    profile = np.r_[np.full(6, 0.22), np.full(8, 0.004), np.full(6, 0.22)] * (1.0 + 0.7j if complex_ else 1.0)
    if complex_:
        profile[6:14] += 0.01j
    conductivity = np.ones((20, 9, 11)) * profile[:, None, None]
    owner = np.full((22, 9, 11), -1)
    owner[0], owner[-1] = 0, 1
    padded = np.concatenate([conductivity[:1], conductivity, conductivity[-1:]])
    system = built(padded, owner, [np.ones(n) for n in padded.shape], [False, False])
    half = 0.5 / profile
    along = np.cumsum(np.c_[half, half].ravel())
    expected = np.zeros(22, along.dtype)
    expected[1:-1] = 1.0 - along[::2] / along[-1]
    return trimmed(system), expected[1:-1]


def trimmed(system):
    """The same without its first and last plane, which are metal."""
    _, ny, nz = system.shape
    faces = (system.faces[0][1:-1], system.faces[1][1:-1], system.faces[2][1:-1])
    links = Links(system.links.cells - ny * nz, system.links.electrodes, system.links.conductances)
    return System(faces, links, system.floating, Ground(), (system.widths[0][1:-1], *system.widths[1:]))


def flat():
    """Two discs on layered skin: cells 20 times as wide as high at the surface, growing outward and downward."""
    wide = np.r_[1e-4 * 1.2 ** np.arange(12, 0, -1), np.full(24, 1e-4), 1e-4 * 1.2 ** np.arange(1, 13)]
    deep = 5e-6 * 1.15 ** np.arange(40)
    x = np.cumsum(wide) - 0.5 * wide
    x -= 0.5 * wide.sum()
    z = np.cumsum(deep) - 0.5 * deep
    shape = (wide.size, wide.size, deep.size)
    conductivity = np.ones(shape) * np.where(z < 2e-5, 0.004, np.where(z < 1.5e-3, 0.22, 0.025))
    owner = np.full(shape, -1)
    for electrode, side in enumerate((-1.0, 1.0)):
        owner[(x[:, None] - 0.8e-3 * side) ** 2 + x[None, :] ** 2 < (0.4e-3) ** 2, :2] = electrode
    return built(conductivity, owner, [wide, wide, deep], [False, False])


def matrix_solution(system, voltages):
    """Potential [V] by SciPy's sparse LU, floating electrodes as unknowns."""
    shape, metal = system.shape, len(system.floating)
    count = int(np.prod(shape))
    index = np.arange(count).reshape(shape)
    first = [
        index.take(range(n), axis).ravel() for axis, n in enumerate(f.shape[a] for a, f in enumerate(system.faces))
    ]
    second = [index.take(range(1, f.shape[axis] + 1), axis).ravel() for axis, f in enumerate(system.faces)]
    a = np.concatenate([*first, system.links.cells])
    b = np.concatenate([*second, count + system.links.electrodes])
    g = np.concatenate([*(f.ravel() for f in system.faces), system.links.conductances])
    matrix = sparse.coo_array((np.r_[-g, -g], (np.r_[a, b], np.r_[b, a])), shape=(count + metal,) * 2).tocsr()
    diagonal = -np.asarray(matrix.sum(axis=1)).ravel()
    np.add.at(diagonal, system.ground.cells, system.ground.conductances)
    matrix = (matrix + sparse.diags_array(diagonal)).tocsr()
    floating = np.array(system.floating)
    fixed = count + np.flatnonzero(~floating)
    free = np.r_[np.flatnonzero(diagonal[:count] != 0), count + np.flatnonzero(floating)]
    out = np.zeros(count + metal, matrix.dtype)
    out[free] = spsolve(
        matrix[free][:, free].tocsc(),
        -(matrix[free][:, fixed] @ np.asarray(voltages)[~floating]),
        permc_spec="MMD_AT_PLUS_A",
    )
    return out[:count].reshape(shape)
