"""What the generator holds, in root mean square or peak, and where its limits bind."""

import math

import numpy as np
import pytest

from tauten.grid import Grid
from tauten.solvers import potential as electric
from tauten.solvers.potential import FAR, Current, Earthed, Limits, Needle, Plate, Power, Voltage

GRID = Grid.uniform((4, 4, 5), 1e-3)
PLATES = [Plate("top", "+"), Plate("bottom", "-")]
OHMS = 5e-3 / (0.2 * 4e-3 * 4e-3)


def solve(drive, limits=None, y=0.2):
    return electric.solve(GRID, y, PLATES, drive=drive, limits=limits)


def test_peak_heats_half_of_what_root_mean_square_does():
    rms, peak = solve(Voltage(10.0, rms=True)), solve(Voltage(10.0, rms=False))
    assert peak.power == pytest.approx(rms.power / 2)
    assert peak.heat == pytest.approx(rms.heat / 2)
    assert solve(Current(0.1, rms=False)).power == pytest.approx(solve(Current(0.1, rms=True)).power / 2)


def test_each_kind_of_drive_is_held():
    assert solve(Voltage(10.0, rms=True)).power == pytest.approx(100.0 / OHMS, rel=1e-5)
    assert solve(Current(0.1, rms=True)).power == pytest.approx(0.01 * OHMS, rel=1e-5)
    held = solve(Power(7.0), y=0.2 + 0.3j)
    assert held.power == pytest.approx(7.0)
    assert np.sum(held.heat * GRID.volumes) == pytest.approx(7.0, rel=1e-6)


def test_at_fixed_current_only_the_real_part_of_the_impedance_heats():
    real, lagging = solve(Current(0.1, rms=True)), solve(Current(0.1, rms=True), y=0.2 + 0.2j)
    # 1 + (ωε/σ)² less heat at the same current.
    assert lagging.power == pytest.approx(real.power / 2.0, rel=1e-5)
    assert abs(lagging.currents["+"]) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("drive", "limits", "name"),
    [
        (Voltage(10.0, rms=True), Limits(volts=4.0), "volts"),
        (Power(100.0), Limits(amperes=0.01), "amperes"),
        (Current(5.0, rms=True), Limits(watts=2.0), "watts"),
    ],
)
def test_generator_folds_back_to_its_limit_and_says_so(drive, limits, name):
    field = solve(drive, limits)
    assert field.limited == (name,)
    reached = {"volts": field.voltage, "amperes": abs(field.currents["+"]), "watts": field.power}
    assert reached[name] == pytest.approx(getattr(limits, name))
    assert field.power < solve(drive).power


def test_limits_that_do_not_bind_are_not_named():
    field = solve(Voltage(10.0, rms=True), Limits(volts=10.0, amperes=10.0, watts=1e3))
    assert field.limited == ()
    assert field.voltage == 10.0


def test_two_terminals_float_and_the_far_return_stays_at_zero():
    field = solve(Voltage(10.0, rms=True))
    assert field.voltages["+"] - field.voltages["-"] == pytest.approx(10.0)
    lone = electric.solve(GRID, 0.2, PLATES[:1], drive=Voltage(10.0, rms=True), boundaries={"bottom": Earthed()})
    assert lone.voltages == {"+": 10.0, FAR: 0.0}
    assert lone.currents[FAR] == -lone.currents["+"]
    assert lone.impedance == pytest.approx(OHMS, rel=1e-5)
    metal = electric.solve(GRID, 0.2, [PLATES[0], Plate("bottom", FAR)], drive=Voltage(10.0, rms=True))
    assert metal.impedance == pytest.approx(lone.impedance)


def test_unlike_terminals_find_a_level_at_which_nothing_leaves_by_the_walls():
    grid = Grid.uniform((30, 20, 12), 1e-4)
    metal = [
        Needle((0.8e-3, 1e-3, 8e-4), (0.0, 0.0, 1.0), 1.5e-4, 3e-3, 8e-4, "+"),
        Needle((2.1e-3, 1e-3, 5e-4), (0.0, 0.0, 1.0), 1e-4, 3e-3, 2e-4, "-"),
    ]
    field = electric.solve(grid, 0.2, metal, drive=Voltage(10.0, rms=True), boundaries={"bottom": Earthed()})
    assert abs(field.electrode_currents.sum()) < 1e-7 * abs(field.currents["+"])
    assert field.voltages["+"] - field.voltages["-"] == pytest.approx(10.0)
    assert not math.isclose(field.voltages["+"].real, 5.0, rel_tol=0.02)
    assert field.voltages["+"].real == pytest.approx(field.electrode_voltages[0].real)
