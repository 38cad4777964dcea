"""Blood that answers to heat and damage, and water that boils."""

import math

import numpy as np
import pytest
from heat_sample import BLOOD, BODY, RHO, SKIN, C, K, column, pulse

from tauten.grid import Grid
from tauten.physics import damage
from tauten.solvers import conduction
from tauten.solvers.conduction import Convective, Fixed, Thermal


def test_resting_skin_stays_at_rest():
    grid = column(depth=2e-2, first=2e-5, growth=1.2)
    medium = Thermal(K, RHO, C, perfusion=0.002, blood_heat_capacity=BLOOD)
    air = {"top": Convective(temperature=295.15, coefficient=10.0)}
    rest = conduction.resting(grid, medium, air, core=BODY)
    assert rest.shape == grid.shape
    assert 300.0 < rest[0, 0] < 308.0
    later = conduction.evolve(grid, medium, times=[60.0], initial=rest, boundaries={**air, "bottom": Fixed(BODY)})[0]
    assert later.temperature == pytest.approx(rest, abs=2e-3)


def test_perfusion_that_rises_cools_more_and_damage_stops_it():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    shared = {"perfusion": 0.05, "blood_heat_capacity": BLOOD}
    exchange = 0.05 * BLOOD / (RHO * C)

    def cooled(initial, stasis=None, **more):
        medium = Thermal(K, RHO, C, **shared, **more)
        return conduction.evolve(grid, medium, times=[10.0], initial=initial, stasis=stasis, tolerance=1e-4)[
            0
        ].rise.item()

    assert cooled(316.15) == pytest.approx(6.0 * math.exp(-10.0 * exchange), rel=1e-3)
    # Above 45 °C Lang's factor is flat, so the fall begins four times as fast.
    medium = Thermal(K, RHO, C, **shared, perfusion_rise=4.0)
    brisk = conduction.evolve(grid, medium, times=[0.1], initial=323.15, tolerance=1e-5)[0].rise.item()
    assert brisk == pytest.approx(13.0 * math.exp(-0.4 * exchange), rel=1e-4)
    assert cooled(316.15, perfusion_rise=4.0) < cooled(316.15)
    assert cooled(343.15, stasis="henriques_moritz_1947") == pytest.approx(33.0, abs=0.05)
    assert cooled(316.15, stasis="henriques_moritz_1947") == pytest.approx(cooled(316.15), rel=5e-3)


def test_half_the_blood_is_lost_when_damage_reaches_ln_2():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    slow = damage.time_within(300.0, name="clock")  # Ω = t: the flow is w exp(-t)
    medium = Thermal(K, RHO, C, perfusion=0.05, blood_heat_capacity=BLOOD)
    state = conduction.evolve(grid, medium, times=[3.0], initial=323.15, stasis=slow, tolerance=1e-6)[0]
    exchange = 0.05 * BLOOD / (RHO * C)
    assert state.rise.item() == pytest.approx(13.0 * math.exp(-exchange * (1.0 - math.exp(-3.0))), rel=1e-5)
    assert state.integrals["clock"].item() == pytest.approx(3.0, rel=1e-9)


def test_drying_cells_change_their_properties_and_close_their_energy():
    grid = Grid.uniform((8, 1, 12), 5e-5)
    heat = np.zeros(grid.shape)
    heat[:2, :, :3] = 3e10
    shot = pulse(grid, heat, 0.0, 0.2)
    wet = Thermal(K, RHO, C, water=0.65)
    dry = Thermal(K, RHO, C, water=0.65, dry_conductivity=0.06, dry_density=400.0, dry_specific_heat=1500.0)
    a, b = (conduction.evolve(grid, m, shot, times=[0.2, 1.0]) for m in (wet, dry))
    assert np.any(a[0].water == 0.0)
    assert np.any((a[0].water > 0.0) & (a[0].water < 1.0))
    assert b[0].temperature.max() > a[0].temperature.max() + 10.0  # char insulates and holds less
    for states, medium in ((a, wet), (b, dry)):
        assert np.all(states[1].water <= states[0].water)
        assert np.all(states[0].temperature[states[0].water > 0.0] <= 373.15 + 1e-9)
        for state in states:
            assert conduction.stored_heat(state, medium) == pytest.approx(shot.heat.integral * 0.2, rel=1e-9)


def test_doses_of_tissue_far_past_boiling_are_read_at_boiling_and_stay_finite():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    medium = Thermal(K, RHO, C, water=0.65)
    sets, times = ["cem43", "henriques_moritz_1947"], np.linspace(0.0, 0.1, 101)[1:]
    state = conduction.evolve(grid, medium, np.full(grid.shape, 6e10), times=times, endpoints=sets)[-1]
    assert state.temperature.max() > 1000.0
    for name, integral in state.integrals.items():
        per_second = float(damage.rate(name, 373.15))
        assert 0.9 * per_second * 0.1 < float(integral.max()) <= per_second * 0.1, name


def test_tissue_without_water_does_not_boil():
    grid = Grid.uniform((1, 1, 1), 1e-3)
    state = conduction.evolve(grid, SKIN, np.full(grid.shape, 1e9), times=[0.5])[0]
    assert state.water is None
    assert state.rise.item() == pytest.approx(0.5e9 / (RHO * C), rel=1e-6)
