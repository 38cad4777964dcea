"""The heat solver against exact solutions, against its own formulas and from any number of threads."""

import math

import numpy as np
import pytest
from heat_sample import ALPHA, BODY, SKIN, column, pulse

from tauten.grid import Grid
from tauten.physics import damage
from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Fixed


def cosine(cells, length=1e-3):
    """A slab's slowest mode: rise, and its decay rate, exact in the continuum and on the grid of cells."""
    grid = Grid((np.array([0.0, 1e-3]), np.linspace(0.0, length, cells + 1)), "axisymmetric")
    mode = np.cos(math.pi * grid.centres[1] / length)
    h = length / cells
    return grid, mode, ALPHA * (math.pi / length) ** 2, 4.0 * ALPHA / h**2 * math.sin(0.5 * math.pi / cells) ** 2


def test_order_in_space_is_two():
    errors = []
    for cells in (8, 16, 32):
        grid, mode, rate, _ = cosine(cells)
        state = conduction.evolve(grid, SKIN, times=[1.0], initial=BODY + 10.0 * mode, tolerance=1e-7)[0]
        errors.append(np.abs(state.rise[0] - 10.0 * mode * math.exp(-rate)).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx([2.0, 2.0], abs=0.05)


def test_order_in_time_is_two():
    grid, mode, _, rate = cosine(24)
    errors = []
    for step in (0.2, 0.1, 0.05):
        state = conduction.evolve(
            grid, SKIN, times=[1.0], initial=BODY + 10.0 * mode, tolerance=1e9, longest_step=step,
            start=conduction.TissueState(grid, 0.0, 10.0 * mode[None, :], BODY, 10.0 * mode[None, :], step=step),
        )[0]  # fmt: skip
        errors.append(np.abs(state.rise[0] - 10.0 * mode * math.exp(-rate)).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx([2.0, 2.0], abs=0.2)


def test_error_follows_the_tolerance_as_a_second_order_step_must():
    # A step's error falls as its cube, the whole run's as its square: as tolerance to the power 2/3.
    grid, mode, _, rate = cosine(40)
    tolerances, errors = np.array([0.1, 0.01, 0.001]), []
    for tolerance in tolerances:
        state = conduction.evolve(grid, SKIN, times=[1.0], initial=BODY + 10.0 * mode, tolerance=tolerance)[0]
        errors.append(np.abs(state.rise[0] - 10.0 * mode * math.exp(-rate)).max())
    assert errors[1] < 0.01  # the default
    assert np.polyfit(np.log(tolerances), np.log(errors), 1)[0] == pytest.approx(2.0 / 3.0, abs=0.15)


def test_step_and_trace_agree_on_one_pulse():
    grid = column(first=2e-5, depth=6e-3)
    shot = pulse(grid, 2.2e8 * np.exp(-grid.centres[1] / 1.5e-3), 0.0, 1.0)
    names = [
        "henriques_moritz_1947",
        "weaver_stoll_1969",
        "maitland_walsh_1997",
        "cem43",
        "comfort_43",
        "heat_stimulus",
    ]
    sides = {"top": ContactPlate(temperature=278.15)}
    times = np.unique(np.concatenate([np.linspace(0.0, 1.0, 801), np.linspace(1.0, 12.0, 2201)]))
    frames = conduction.evolve(grid, SKIN, shot, times=times, boundaries=sides)
    trace = np.array([f.temperature[0] for f in frames])
    last = conduction.evolve(grid, SKIN, shot, times=[12.0], boundaries=sides, endpoints=names)[0]
    assert 60.0 < trace.max() - 273.15 < 75.0
    for name in names:
        expected = damage.arrhenius_integral(trace, times, name)
        worth = expected > 1e-3 * expected.max()  # the rest adds nothing anyone could measure
        assert worth.sum() > 5
        assert last.integrals[name][0][worth] == pytest.approx(expected[worth], rel=0.005)
    assert last.maximum[0] + BODY == pytest.approx(trace.max(axis=0), abs=0.02)


def test_float32_tables_agree_with_float64_formulas():
    grid = column(first=2e-5, depth=6e-3)
    shot = pulse(grid, 1.3e8 * np.exp(-grid.centres[1] / 1.5e-3), 0.0, 1.0)
    names = ["henriques_moritz_1947", "weaver_stoll_1969", "pearce_rat_skin", "cem43", "comfort_43"]
    double, single = (
        conduction.evolve(grid, SKIN, shot, times=[12.0], endpoints=names, dtype=dtype)[0]
        for dtype in ("float64", "float32")
    )
    assert single.rise == pytest.approx(double.rise, abs=2e-3)
    for name in names:
        worth = double.integrals[name] > max(1e-3 * double.integrals[name].max(), 0.05)
        assert single.integrals[name][worth] == pytest.approx(double.integrals[name][worth], rel=0.005)


def test_threads_never_change_a_bit():
    grid = Grid.uniform((70, 60, 52), 1e-4)
    x, y, z = grid.centres
    spot = np.exp(-((x[:, None, None] - 3e-3) ** 2 + (y[None, :, None] - 3e-3) ** 2 + z[None, None, :] ** 2) / 2e-6)
    run = {
        threads: conduction.evolve(
            grid, SKIN, pulse(grid, 1e8 * spot, stop=0.3), times=[0.5], dtype="float32", threads=threads,
            endpoints=["henriques_moritz_1947"], boundaries={"top": Fixed(283.15)},
        )[0]
        for threads in (1, 2, 3)
    }  # fmt: skip
    for threads in (2, 3):
        assert np.array_equal(run[1].rise, run[threads].rise)
        assert np.array_equal(
            run[1].integrals["henriques_moritz_1947"], run[threads].integrals["henriques_moritz_1947"]
        )


def test_peak_between_two_steps_is_not_missed():
    grid = Grid.uniform((30, 1, 1), 1e-4)
    initial = np.full(grid.shape, BODY)
    initial[:3] += 30.0
    times = np.linspace(0.0, 3.0, 1501)
    fine = conduction.evolve(grid, SKIN, times=times, initial=initial, tolerance=1e-5)
    expected = np.max([f.rise for f in fine], axis=0)
    coarse = conduction.evolve(grid, SKIN, times=[3.0], initial=initial, tolerance=0.02)[0]
    assert coarse.maximum == pytest.approx(expected, abs=0.02)


def test_pulses_that_overlap_add_and_pauses_cool():
    grid = column()
    q = 1e7 * np.exp(-grid.centres[1] / 1e-3)
    apart = [pulse(grid, q, 0.0, 1.0), pulse(grid, q, 0.5, 1.5)]
    together = [pulse(grid, q, 0.0, 0.5), pulse(grid, 2 * q, 0.5, 1.0), pulse(grid, q, 1.0, 1.5)]
    one, two = (conduction.evolve(grid, SKIN, s, times=[3.0])[0] for s in (apart, together))
    assert one.rise == pytest.approx(two.rise, abs=1e-3)


def test_progress_runs_up_to_one():
    seen = []
    conduction.evolve(column(), SKIN, pulse(column(), 1e7), times=[2.0], progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(1.0)
