"""Reported errors are true errors, and an independent method of solution agrees."""

import warnings

import numpy as np
import pytest

from tauten.grid import Grid
from tauten.solvers import convolve
from tauten.solvers.photons import Flat, Optics, Pencil, trace

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import iadpython

SLABS = 16
DERMIS = [Optics(1.5e-3, 120.0, 11600.0, 0.9, 1.4)]


def adding_doubling(albedo, depth, g, index, points):
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        reflected, transmitted, _, _ = iadpython.Sample(
            a=albedo, b=depth, g=g, n=index, n_above=1.0, n_below=1.0, quad_pts=points
        ).rt()
    return reflected, transmitted


@pytest.fixture(scope="module")
def slabs():
    """Random slabs that adding-doubling itself has converged on: 16 and 24 points within 3e-4."""
    rng, slabs = np.random.default_rng(20261123), []
    while len(slabs) < SLABS:
        albedo, depth = rng.uniform(0.3, 0.995), rng.uniform(0.3, 8.0)
        g, index = rng.choice([0.0, rng.uniform(-0.3, 0.9)]), rng.choice([1.0, rng.uniform(1.2, 1.6)])
        coarse, fine = (adding_doubling(albedo, depth, g, index, points) for points in (16, 24))
        if np.all(np.isfinite(fine)) and np.max(np.abs(np.subtract(coarse, fine))) < 3e-4:
            slabs.append((albedo, depth, g, index, *fine))
    return slabs


@pytest.mark.parametrize("number", range(SLABS))
def test_slabs_agree_with_adding_doubling(slabs, number):
    albedo, depth, g, index, reflected, transmitted = slabs[number]
    layer = Optics(1e-3, (1 - albedo) * depth * 1e3, albedo * depth * 1e3, g, index)
    tally = trace([layer], Pencil(), 60_000)
    # Four standard errors, and what adding-doubling may itself be off by.
    assert abs(tally.specular + tally.reflected.value - reflected) < 4 * tally.reflected.error + 3e-4
    assert abs(tally.transmitted.value - transmitted) < 4 * tally.transmitted.error + 3e-4


def test_reported_errors_equal_the_spread_over_a_hundred_seeds():
    runs = [trace(DERMIS, Flat(3e-3), 6_400, seed, below=1.4) for seed in range(100)]
    cell = int(np.searchsorted(runs[0].grid.edges[1], 7e-4)) - 1
    axis = [convolve.on_axis(run, Flat(3e-3)) for run in runs]
    pairs = {
        "reflected": [(run.reflected.value, run.reflected.error) for run in runs],
        "absorbed": [(run.absorbed[0].value, run.absorbed[0].error) for run in runs],
        "axis": [(density[cell], error[cell]) for density, error in axis],
        "density": [(run.cells[3, cell], run.cells_error[3, cell]) for run in runs],
    }
    for name, found in pairs.items():
        values, errors = np.array(found).T
        assert np.std(values, ddof=1) == pytest.approx(np.sqrt(np.mean(errors**2)), rel=0.2), name


def test_true_errors_fall_with_the_root_of_the_photon_count():
    # The distance of each run from a long run of its own, never the error it reports. 200 seeds fix the slope to 0.012.
    counts, grid = 4 ** np.arange(3, 8), Grid((np.array([0.0, 6e-2]), np.array([0.0, 1.5e-3])), "axisymmetric")
    long = trace(DERMIS, Pencil(), 2_000_000, seed=10**6, below=1.4, grid=grid)
    off = []
    for count in counts:
        runs = [trace(DERMIS, Pencil(), int(count), seed, below=1.4, grid=grid, threads=1) for seed in range(200)]
        off.append(np.mean([(run.absorbed[0].value - long.absorbed[0].value) ** 2 for run in runs]) ** 0.5)
    assert np.polyfit(np.log(counts), np.log(off), 1)[0] == pytest.approx(-0.5, abs=0.05)
