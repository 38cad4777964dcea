"""What must hold for any skin, any grid and any source."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.grid import Field, Grid
from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Deposition, Fixed, Thermal

BODY, BLOOD = 310.15, 1050.0 * 3617.0
few = settings(max_examples=25, deadline=None)
seeds = st.integers(0, 2**32 - 1)


def drawn(seed, kind="any"):
    """A random small grid, medium by labels and source, with everything uneven."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 6, 2 if (seed % 2 and kind == "any") else 3)
    edges = tuple(np.concatenate([[0.0], np.cumsum(rng.uniform(3e-5, 3e-4, n))]) for n in sizes)
    grid = Grid(edges, "axisymmetric" if len(sizes) == 2 else "cartesian")
    medium = {
        "conductivity": rng.uniform(0.1, 0.7, 3), "density": rng.uniform(800.0, 1200.0, 3),
        "specific_heat": rng.uniform(2000.0, 4000.0, 3), "perfusion": rng.uniform(0.0, 0.01, 3),
        "labels": rng.integers(0, 3, grid.shape), "blood_heat_capacity": BLOOD,
    }  # fmt: skip
    heat = rng.uniform(0.0, 1.0, grid.shape) * 10.0 ** rng.uniform(6.0, 8.5)
    return grid, medium, heat


def shot(grid, heat, stop=0.5):
    return Deposition(Field(heat, grid, "W/m3"), 0.0, stop)


@few
@given(seeds, st.sampled_from(["float64", "float32"]), st.floats(0.0, 0.8))
def test_heat_put_in_is_heat_found(seed, dtype, water):
    grid, medium, heat = drawn(seed)
    medium = Thermal(**{**medium, "perfusion": 0.0, "water": water, "dry_specific_heat": 1500.0})
    state = conduction.evolve(grid, medium, shot(grid, heat), times=[0.7], dtype=dtype)[0]
    given = Field(heat, grid, "W/m3").integral * 0.5
    assert conduction.stored_heat(state, medium) == pytest.approx(given, rel=1e-6 if dtype == "float64" else 1e-4)


@few
@given(seeds, st.floats(1.0, 3.0))
def test_more_power_is_never_cooler(seed, factor):
    grid, medium, heat = drawn(seed)
    sides = {"top": ContactPlate(temperature=278.15)}
    less, more = (
        conduction.evolve(
            grid,
            Thermal(**medium),
            shot(grid, h),
            times=[0.5, 1.0],
            boundaries=sides,
            endpoints=["cem43"],
            tolerance=1e-4,
        )
        for h in (heat, factor * heat)
    )
    for a, b in zip(less, more, strict=True):
        assert np.all(b.rise >= a.rise - 1e-3)
        assert np.all(b.integrals["cem43"] >= a.integrals["cem43"] * (1.0 - 1e-3) - 1e-6)


@few
@given(seeds, st.floats(265.0, 300.0), st.floats(0.0, 20.0), st.floats(0.0, 1e-3))
def test_colder_plate_is_never_hotter_and_never_burns_deeper(seed, temperature, colder, resistance):
    grid, medium, heat = drawn(seed)
    warm, cold = (
        conduction.evolve(
            grid, Thermal(**medium), shot(grid, heat), times=[0.5, 1.0], tolerance=1e-4,
            boundaries={"top": ContactPlate(temperature=t, resistance=resistance)}, endpoints=["henriques_moritz_1947"],
        )
        for t in (temperature, temperature - colder)
    )  # fmt: skip
    for a, b in zip(warm, cold, strict=True):
        assert np.all(b.rise <= a.rise + 1e-3)
        omega_a, omega_b = (s.integrals["henriques_moritz_1947"] for s in (a, b))
        assert np.all(omega_b <= omega_a * (1.0 + 1e-3) + 1e-5)


@few
@given(seeds, st.floats(0.2, 5.0))
def test_lengths_times_s_and_times_s_squared_change_nothing(seed, s):
    grid, medium, heat = drawn(seed)
    scaled = Grid(tuple(s * e for e in grid.edges), grid.kind)
    slow = {**medium, "perfusion": medium["perfusion"] / s**2}
    sides = {"top": Fixed(283.15)}
    one = conduction.evolve(grid, Thermal(**medium), shot(grid, heat), times=[1.0], boundaries=sides)[0]
    two = conduction.evolve(
        scaled, Thermal(**slow), shot(scaled, heat / s**2, 0.5 * s**2), times=[s**2], boundaries=sides
    )[0]
    assert two.rise == pytest.approx(one.rise, abs=1e-6)


@few
@given(seeds, st.integers(0, 1))
def test_mirror_images_have_mirror_temperatures(seed, axis):
    grid, medium, heat = drawn(seed, "box")
    turned = Grid(tuple((e[-1] - e)[::-1] if n == axis else e for n, e in enumerate(grid.edges)))
    flipped = {**medium, "labels": np.flip(medium["labels"], axis)}
    one = conduction.evolve(grid, Thermal(**medium), shot(grid, heat), times=[1.0])[0]
    two = conduction.evolve(turned, Thermal(**flipped), shot(turned, np.flip(heat, axis)), times=[1.0])[0]
    assert np.flip(two.rise, axis) == pytest.approx(one.rise, abs=1e-7)


@few
@given(seeds)
def test_x_and_y_are_alike(seed):
    grid, medium, heat = drawn(seed, "box")
    swapped = Grid((grid.edges[1], grid.edges[0], grid.edges[2]))
    turned = {**medium, "labels": medium["labels"].swapaxes(0, 1)}
    sides = {"left": Fixed(290.0)}, {"front": Fixed(290.0)}
    one = conduction.evolve(grid, Thermal(**medium), shot(grid, heat), times=[1.0], boundaries=sides[0])[0]
    two = conduction.evolve(
        swapped, Thermal(**turned), shot(swapped, heat.swapaxes(0, 1)), times=[1.0], boundaries=sides[1]
    )[0]
    assert two.rise.swapaxes(0, 1) == pytest.approx(one.rise, abs=1e-7)


@few
@given(seeds)
def test_without_heat_no_cell_leaves_the_range_it_began_in(seed):
    grid, medium, heat = drawn(seed)
    initial = BODY + 40.0 * heat / heat.max()
    for state in conduction.evolve(grid, Thermal(**medium), times=[0.05, 1.0, 20.0], initial=initial, tolerance=1e-3):
        assert state.temperature.max() <= initial.max() + 5e-3
        assert state.temperature.min() >= min(initial.min(), BODY) - 5e-3
        assert np.all(state.maximum >= state.rise - 1e-12)


@settings(max_examples=8, deadline=None)
@given(st.floats(0.3e-3, 1.5e-3), st.floats(0.2, 2.0))
def test_finer_grids_come_closer(depth, duration):
    def profile(cells):
        edges = np.linspace(0.0, 4e-3, cells + 1)
        grid = Grid((np.array([0.0, 1e-3]), edges), "axisymmetric")
        # The cell's own mean of the heat, so that every grid gets the same power.
        q = 3e7 * depth * -np.diff(np.exp(-edges / depth)) / np.diff(edges)
        state = conduction.evolve(
            grid, Thermal(0.37, 1109.0, 3391.0), shot(grid, q[None, :], duration), times=[duration], tolerance=1e-5,
            boundaries={"top": ContactPlate(temperature=278.15)},
        )[0]  # fmt: skip
        return state.rise[0].reshape(20, -1).mean(axis=1)

    finest = profile(320)
    coarse, middle, fine = (np.abs(profile(n) - finest).max() for n in (20, 40, 80))
    assert fine < middle < coarse
