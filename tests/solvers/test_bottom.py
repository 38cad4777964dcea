"""The coarsest grid against NumPy's dense solver, parts that nothing holds included."""

from __future__ import annotations

import numpy as np
import pytest
from electric_sample import blocks

from tauten.solvers.electric.bottom import Bottom
from tauten.solvers.electric.coarsen import FIXED, GROUND, Ties

SHAPE = (7, 6, 9)


def balance(complex_, cut=False):
    """Faces, ties and floating electrodes of a random medium, and the dense matrix of its balance of currents."""
    system, _ = blocks(SHAPE, complex_, 2, seed=4)
    faces = [f.copy() for f in system.faces]
    if cut:
        faces[0][4] = 0.0
    links, ground = system.links, system.ground
    number = np.array([FIXED, FIXED, FIXED, 0, 1])
    ties = Ties(
        np.concatenate([links.cells, ground.cells]),
        np.concatenate([number[links.electrodes], np.full(ground.cells.size, GROUND)]),
        np.concatenate([links.conductances, ground.conductances]).astype(faces[0].dtype),
    )
    count = int(np.prod(SHAPE))
    if cut:
        ties = ties.at(ties.cells < 5 * count // SHAPE[0])
    index = np.arange(count).reshape(SHAPE)
    matrix = np.zeros((count + 2, count + 2), faces[0].dtype)

    def join(a, b, g):
        matrix[a, a] += g
        matrix[b, b] += g
        matrix[a, b] -= g
        matrix[b, a] -= g

    for axis, face in enumerate(faces):
        for at in np.ndindex(face.shape):
            join(index[at], index[tuple(n + (k == axis) for k, n in enumerate(at))], face[at])
    for cell, end, g in zip(ties.cells, ties.ends, ties.conductances, strict=True):
        if end >= 0:
            join(cell, count + end, g)
        else:
            matrix[cell, cell] += g
    return faces, ties, matrix


@pytest.mark.parametrize("complex_", [False, True])
@pytest.mark.parametrize("cut", [False, True])
def test_balance_of_the_coarsest_grid_is_met(complex_, cut):
    """Currents sent in are found again in the dense matrix; a part that nothing holds gets none that stay there."""
    faces, ties, matrix = balance(complex_, cut)
    single = np.complex64 if complex_ else np.float32
    bottom = Bottom(faces, ties, 2, 1.0, single)
    held = np.arange(bottom.cells) < (5 * bottom.cells // SHAPE[0] if cut else bottom.cells)
    alive = held & (matrix.diagonal()[: bottom.cells] != 0)
    given = np.where(alive, np.random.default_rng(2).normal(size=bottom.cells), 0.0)
    bottom.residual.reshape(-1)[bottom.places] = given
    currents = np.array([0.4, -1.1]) if not cut else np.zeros(2)
    cells, floating = bottom.solve(currents)
    found = np.concatenate([cells.reshape(-1), floating])
    assert found.dtype == single
    excess = matrix @ found - np.concatenate([given, currents])
    assert np.isfinite(found).all()
    assert np.abs(excess).max() < 1e-5 * np.abs(matrix).max() * np.abs(found).max()
    assert np.abs(found[: bottom.cells][alive]).max() > 0.0


@pytest.mark.parametrize("complex_", [False, True])
def test_twice_the_conductance_halves_the_potential(complex_):
    faces, ties, _ = balance(complex_)
    once, twice = (Bottom(faces, ties, 2, scale, np.complex64 if complex_ else np.float32) for scale in (1.0, 2.0))
    for bottom in (once, twice):
        bottom.residual.reshape(-1)[bottom.places[5]] = 1.0
    assert twice.solve(np.zeros(2))[0] == pytest.approx(0.5 * once.solve(np.zeros(2))[0], rel=1e-5)
