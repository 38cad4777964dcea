"""What touches the skin: windows, air and contacts that come and go."""

import numpy as np
import pytest
from heat_sample import BODY, SKIN, K, column

from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Convective, Fixed, Insulated


def test_ideal_contact_is_the_limit_of_a_thin_gap():
    grid = column(first=1e-5)
    coldest = [
        conduction.evolve(
            grid, SKIN, times=[1.0], initial=306.15,
            boundaries={"top": ContactPlate(temperature=278.15, resistance=gap)},
        )[0].temperature[0, 0]
        for gap in (0.0, 1e-9, 1e-4, 6.5e-4)
    ]  # fmt: skip
    assert coldest[0] == pytest.approx(coldest[1], abs=1e-3)
    assert coldest[0] < coldest[2] < coldest[3]


def test_steady_flow_crosses_skin_gap_and_window_in_series():
    grid = column(depth=1e-3)
    window = ContactPlate(
        280.15, resistance=6.5e-4, conductivity=1.0, density=2500.0, specific_heat=800.0, thickness=2e-3
    )
    sides = {"top": window, "bottom": Fixed(BODY)}
    state = conduction.evolve(grid, SKIN, times=[120.0], boundaries=sides, tolerance=1e-3)[0]
    skin, gap, glass = 1e-3 / K, 6.5e-4, 2e-3 / 1.0
    expected = BODY - 30.0 * (1e-3 - grid.centres[1]) / K / (skin + gap + glass)
    assert state.temperature[0] == pytest.approx(expected, abs=2e-3)


def test_six_degree_window_cools_skin_as_read_in_vivo():
    # The shipped resistance is derived from this reading (Anvari): 30 °C falls to 14-19 °C in about 1 s under 6-12 °C.
    grid = column(first=1e-5, depth=2e-2)
    for plate in (279.15, 285.15):
        state = conduction.evolve(grid, SKIN, times=[1.0], initial=303.15, boundaries={"top": ContactPlate(plate)})[0]
        assert 14.0 <= state.temperature[0, 0] - 273.15 <= 19.5


def test_the_last_contact_listed_wins_and_none_is_insulated():
    grid = column()
    air, plate = Convective(temperature=295.15, coefficient=10.0), Fixed(278.15, start=1.0, stop=2.0)
    both = conduction.evolve(grid, SKIN, times=[1.0, 2.0], boundaries={"top": (air, plate)})
    only_air = conduction.evolve(grid, SKIN, times=[1.0], boundaries={"top": air})[0]
    assert np.array_equal(both[0].rise, only_air.rise)
    assert both[1].temperature[0, 0] < 285.0
    still = conduction.evolve(grid, SKIN, times=[5.0], boundaries={"top": plate.__class__(278.15, start=9.0)})[0]
    assert np.all(still.rise == 0.0)
    assert np.all(conduction.evolve(grid, SKIN, times=[5.0], boundaries={"top": Insulated()})[0].rise == 0.0)


def test_pre_cooling_begins_before_the_pulse():
    grid = column(first=1e-5)
    plate = {"top": ContactPlate(temperature=278.15, start=-1.0, stop=1.0)}
    early, late = conduction.evolve(grid, SKIN, times=[-1.0, 0.0], boundaries=plate)
    assert early.time == -1.0
    assert np.all(early.rise == 0.0)
    assert late.rise[0, 0] < -5.0
