"""A run that is stopped and resumed is the same run, and never forgets what was done before."""

import dataclasses

import numpy as np
import pytest
from heat_sample import BLOOD, BODY, RHO, SKIN, C, K, column, pulse

from tauten.errors import InputError
from tauten.grid import Grid
from tauten.solvers import conduction
from tauten.solvers.conduction import ContactPlate, Convective, Fixed, Thermal


def test_stopped_and_resumed_run_is_the_same_run():
    grid = column(first=1e-5)
    medium = Thermal(K, RHO, C, perfusion=0.002, water=0.65, perfusion_rise=4.0, blood_heat_capacity=BLOOD)
    sides = {
        "top": (
            Convective(temperature=295.15, coefficient=10.0),
            ContactPlate(temperature=273.15, start=-0.5, stop=2.0),
        )
    }
    shots = [pulse(grid, 4e7 * np.exp(-grid.centres[1] / 2e-3), 0.0, 1.0), pulse(grid, 1e7, 0.5, 1.5)]
    options = {
        "boundaries": sides,
        "endpoints": ["henriques_moritz_1947", "comfort_43"],
        "stasis": "henriques_moritz_1947",
    }
    whole = conduction.evolve(grid, medium, shots, times=[0.7, 1.5, 4.0], **options)
    parts = [conduction.evolve(grid, medium, shots, times=[0.7], **options)[0]]
    for until in (1.5, 4.0):
        parts.append(conduction.advance(parts[-1], medium, shots, until, **options))
    for one, other in zip(whole, parts, strict=True):
        # The integrals differ where each run leaves out what is too cold to count within its own length.
        assert np.abs(one.rise - other.rise).max() < 1e-6
        assert np.abs(one.maximum - other.maximum).max() < 1e-6
        for name in one.integrals:
            assert np.abs(one.integrals[name] - other.integrals[name]).max() < 5e-6
        assert (one.plate is None) == (other.plate is None)
        if one.plate is not None:
            assert np.abs(one.plate - other.plate).max() < 1e-6
    assert whole[0].plate is not None
    assert whole[-1].plate is None


def test_resuming_without_endpoints_gives_the_same_bits():
    grid = column(first=1e-5)
    sides = {"top": ContactPlate(temperature=273.15)}
    shot = pulse(grid, 4e7 * np.exp(-grid.centres[1] / 2e-3), 0.0, 1.0)
    whole = conduction.evolve(grid, SKIN, shot, times=[0.7, 4.0], boundaries=sides)
    first = conduction.evolve(grid, SKIN, shot, times=[0.7], boundaries=sides)[0]
    second = conduction.advance(first, SKIN, shot, 4.0, boundaries=sides)
    assert np.array_equal(whole[1].rise, second.rise)
    assert np.array_equal(whole[1].plate, second.plate)


def test_a_resumed_run_may_change_everything_but_the_tissue():
    grid = column()
    hot = conduction.evolve(grid, SKIN, pulse(grid, 4e7), times=[1.0], endpoints=["cem43"])[0]
    other = Thermal(0.2, RHO, C, perfusion=0.01, blood_heat_capacity=BLOOD)
    later = conduction.advance(hot, other, None, 5.0, boundaries={"top": Fixed(283.15)}, endpoints=["cem43"])
    assert later.time == 5.0
    assert later.temperature[0, 0] < BODY
    assert np.all(later.maximum >= hot.maximum)
    assert np.all(later.integrals["cem43"] >= hot.integrals["cem43"])


def test_a_state_is_not_resumed_on_cells_of_another_size():
    # The same shape twice as deep would hold another heat.
    grid = column()
    state = conduction.evolve(grid, SKIN, times=[1.0])[0]
    for other in (Grid((grid.edges[0], 2.0 * grid.edges[1]), "axisymmetric"), column(depth=2e-2)):
        with pytest.raises(InputError, match="same edges") as caught:
            conduction.evolve(other, SKIN, times=[2.0], start=state)
        assert caught.value.key == "start"
    rebuilt = Grid(tuple(edges.copy() for edges in grid.edges), "axisymmetric")
    assert conduction.evolve(rebuilt, SKIN, times=[2.0], start=state)[0].time == 2.0


def test_unknown_history_never_reads_as_no_damage_so_far():
    grid = column()
    burnt = conduction.evolve(grid, SKIN, pulse(grid, 4e7), times=[1.0], endpoints=["cem43"])[0]
    for more in (
        {"endpoints": ["cem43", "weaver_stoll_1969"]},
        {"endpoints": ["cem43"], "stasis": "weaver_stoll_1969"},
    ):
        with pytest.raises(InputError, match=r"weaver_stoll_1969 has no history.*Ask for it"):
            conduction.advance(burnt, SKIN, None, 2.0, **more)


def test_an_integral_never_stands_still_while_the_tissue_is_heated():
    grid = column()
    burnt = conduction.evolve(grid, SKIN, pulse(grid, 4e7), times=[1.0], endpoints=["cem43", "comfort_43"])[0]
    with pytest.raises(InputError, match=r"comfort_43 was integrated.*dataclasses\.replace"):
        conduction.advance(burnt, SKIN, None, 2.0, endpoints=["cem43"])
    only = dataclasses.replace(burnt, integrals={"cem43": burnt.integrals["cem43"]})
    assert set(conduction.advance(only, SKIN, None, 2.0, endpoints=["cem43"]).integrals) == {"cem43"}
