"""A pulse of current round the loop: energy, feedback, cut-offs, and how little the looks matter."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from tauten.devices.drive import Cutoff, Limits, Power, Voltage
from tauten.devices.electrode import Disc
from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedleArray, NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.errors import InputError, OutsideValidity
from tauten.facts import load
from tauten.physics.current import disc_resistance
from tauten.simulate import grid_for, simulate
from tauten.skin.dielectrics import dielectrics
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers.electrode_grid import electrodes_on, mirrors_on
from tauten.solvers.feedback import held_power

SKIN = Skin.of(Layer("epidermis", 60e-6), Layer("dermis", 3e-3), Layer("fat", 6e-3), Layer("muscle", 10e-3))
PAIR = NeedleArray.pairs(1, 1e-3, 1e-3, 0.125e-3, 3e-3, 0.4e-3)
PULSE = NeedlePulse(PAIR, 1.4e-3, 1e6, Voltage(35.0, rms=True), 0.1, "pairs")
QUICK = {"spacing": 90e-6, "rest": 0.2, "frames": 8, "real": True}


def run(pulse=PULSE, **more):
    return simulate(SKIN, pulse, **{**QUICK, **more})


@pytest.fixture(scope="module")
def warmed():
    return run()


def given(electric, end):
    """Return the energy [J] that follows from power and times alone."""
    ends = [*(each.time for each in electric[1:]), end]
    return sum(each.power * (stop - each.time) for each, stop in zip(electric, ends, strict=True))


def test_heat_in_the_skin_is_what_the_generator_gave(warmed) -> None:
    heat = warmed.depositions[0]
    copies = 2 ** len(mirrors_on(heat.heat.grid, warmed.exposures[0]))
    found = copies * heat.heat.integral * (heat.stop - heat.start)
    assert copies == 4
    assert found == pytest.approx(given(warmed.electric, 0.1), rel=1e-4)
    assert warmed.summary["electric.energy"].value == pytest.approx(found, rel=1e-4)


def test_warm_tissue_conducts_better_and_takes_more_power_at_the_same_voltage(warmed) -> None:
    for one, other in pairwise(warmed.electric):
        assert abs(other.impedance) < abs(one.impedance)
        assert other.power > one.power
        assert other.energy > one.energy
    assert warmed.electric[0].volts == pytest.approx({"+": 17.5, "-": 17.5})


def test_half_a_stamp_is_the_whole_one(warmed) -> None:
    aside = simulate(
        SKIN, [Placed(PULSE), Placed(PULSE.with_(drive=Voltage(0.0, rms=True)), (0.2e-3, 0.0), 0.3)], **QUICK
    )
    assert aside.state.grid.cells > 3 * warmed.state.grid.cells
    assert aside.electric[0].power == pytest.approx(warmed.electric[0].power, rel=0.02)


@pytest.mark.parametrize("tolerance", [2.0, 10.0])
def test_how_often_one_looks_hardly_moves_the_answer(warmed, tolerance) -> None:
    facts = load().with_value("simulate/coupling.conductance_tolerance", tolerance)
    other = run(facts=facts)
    assert len(other.electric) != len(warmed.electric)
    assert given(other.electric, 0.1) == pytest.approx(given(warmed.electric, 0.1), rel=0.01)
    assert other.state.maximum.max() == pytest.approx(warmed.state.maximum.max(), rel=0.02)


def test_feedback_reaches_its_temperature_and_holds_it() -> None:
    held = run(PULSE.with_(duration=1.5, drive=Power(5.0), hold=340.15))
    late = [each for each in held.electric if each.time > 0.8]
    assert len(late) > 5
    assert [each.hottest for each in late] == pytest.approx([340.15] * len(late), abs=0.6)
    assert max(each.hottest for each in held.electric) < 340.15 + 2.0
    assert max(each.power for each in held.electric) <= 5.0 + 1e-9
    assert late[-1].power < late[0].power  # what surrounds the tips is warm by then


@pytest.mark.parametrize(
    ("cutoff", "name"),
    [
        (Cutoff(energy=0.02), "energy"),
        (Cutoff(temperature=325.0), "temperature"),
        (Cutoff(impedance=100.0), "impedance"),
    ],
)
def test_a_cut_off_ends_the_pulse_early(cutoff, name) -> None:
    cut = run(PULSE.with_(cutoff=cutoff))
    last = cut.electric[-1]
    assert last.ended == name
    assert last.time < 0.1
    assert last.power == 0.0
    if name == "energy":
        assert last.energy == pytest.approx(0.02, rel=1e-3)
    if name == "impedance":  # above it from the start
        assert len(cut.electric) == 1
        assert cut.state.maximum.max() < 0.5


def test_a_train_pauses_between_its_pulses(warmed) -> None:
    train = run(PULSE.with_(duration=0.05, pulses=2, period=0.15))
    pause = [each for each in train.electric if each.power == 0.0]
    assert [each.time for each in pause] == pytest.approx([0.05])
    assert train.state.maximum.max() < warmed.state.maximum.max()
    assert train.depositions[-1].stop == pytest.approx(0.2)


def test_a_limit_of_the_generator_is_named() -> None:
    bound = run(PULSE.with_(limits=Limits(watts=0.2), duration=0.02))
    assert {each.limited for each in bound.electric} == {"watts"}
    assert bound.electric[0].power == pytest.approx(0.2)


def test_boiling_holds_the_temperature_and_dries_the_tissue() -> None:
    boiled = run(PULSE.with_(drive=Voltage(110.0, rms=True)))
    assert boiled.summary["water.left"].value < 1.0
    assert boiled.summary["tissue.peak_temperature"].lower_bound or boiled.zones[0].lower_bound
    impedances = [abs(each.impedance) for each in boiled.electric]
    assert impedances[-1] > min(impedances)  # dry tissue insulates


def test_a_round_tip_on_one_tissue_has_the_resistance_of_a_disc() -> None:
    skin = Skin.of(Layer("epidermis", 60e-6), Layer("dermis", 60e-3))
    facts, sigma = load(), 0.22140805  # of wet skin's row at 1 MHz, which the epidermis takes
    scale = facts.si("tissue/dielectrics/dermis.conductivity_scale")
    own = dielectrics(skin, 1e6, facts).conductivity
    facts = facts.with_value("tissue/dielectrics/dermis.conductivity_scale", scale * own[0] / own[1])
    facts = facts.with_value("tissue/dielectrics/temperature_coefficient", 0.0)
    tip = RfPulse((Disc((0.0, 0.0), 2e-3, "+"),), 1e6, Voltage(1.0, rms=True), 0.1)
    found = simulate(skin, tip, rest=0.1, frames=4, real=True, facts=facts)
    assert found.electric[0].impedance.real == pytest.approx(disc_resistance(2e-3, sigma), rel=0.01)
    assert found.electric[0].power == pytest.approx(1.0 / disc_resistance(2e-3, sigma), rel=0.01)


def test_needles_and_a_tip_are_not_mixed_nor_a_tip_put_at_two_places() -> None:
    tip = RfPulse((Disc((0.0, 0.0), 2e-3, "+"),), 1e6, Voltage(1.0, rms=True), 0.1)
    with pytest.raises(InputError, match="mixes methods"):
        grid_for(SKIN, [Placed(tip), Placed(PULSE, time=1.0)])
    with pytest.raises(OutsideValidity, match="several places"):
        grid_for(SKIN, [Placed(tip), Placed(tip, (0.01, 0.0), 1.0)])


def test_the_grid_holds_the_part_that_mirrors_leave() -> None:
    shot = Placed(PULSE)
    grid = grid_for(SKIN, [shot])
    assert mirrors_on(grid, shot) == {"left": "odd", "front": "even"}
    assert len(electrodes_on(grid, shot)) == 1
    assert not mirrors_on(grid, replace(shot, at=(1e-3, 1e-3)))
    assert np.diff(grid.edges[0]).min() == pytest.approx(50e-6, rel=0.1)


def test_held_power_gives_less_the_nearer_it_is() -> None:
    powers = [
        held_power(343.15, hottest, hottest - 1.0, 5.0, 0.1, 0.1, 20.0) for hottest in (320.0, 335.0, 343.0, 350.0)
    ]
    assert all(a > b for a, b in pairwise(powers))
