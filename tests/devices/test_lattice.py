"""One cell of a pattern of needles stands for an endless stamp: counted by hand, and held to what mirrors must give."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tauten.devices.catalogue import device
from tauten.devices.drive import Cutoff, Limits, Power, Voltage
from tauten.devices.exposure import Placed
from tauten.devices.lattice import Cell, cell_of, endless
from tauten.devices.needles import NeedleArray
from tauten.errors import InputError
from tauten.skin.skin import Skin
from tauten.solvers import potential
from tauten.solvers.electrode_grid import electrode_grid, electrodes_on, mirrors_on

SKIN = Skin.at("cheek", age=52, sex="female", phototype=3)
METAL = (0.15e-3, 3e-3, 0.3e-3)
HEX = NeedleArray.hexagonal(3, 1e-3, *METAL)
SQUARE = NeedleArray.grid(7, 7, 1.5e-3, *METAL)
PAIRS = NeedleArray.pairs(5, 1.25e-3, 2.5e-3, *METAL)


def conductance(pulse, spacing=100e-6) -> float:
    """Return what a pulse's needles conduct [S] in homogeneous tissue of 1 S/m, the whole that its mirrors make."""
    shot = Placed(pulse)
    grid = electrode_grid(SKIN, [shot], spacing)
    field = potential.solve(
        grid, 1.0, electrodes_on(grid, shot), drive=Voltage(1.0, rms=True), symmetry=mirrors_on(grid, shot)
    )
    return (1.0 / field.impedance).real


def stamp(key="needles-37-hexagonal", **changes):
    return device(key).exposure().with_(**changes)


@pytest.mark.parametrize(
    ("array", "layout", "polarity", "area"),
    [
        (HEX, "hexagonal", "rows", math.sqrt(3.0) / 2.0 * 1e-6),  # a needle's share of a hexagonal lattice
        (SQUARE, "grid", "rows", 2.25e-6),
        (SQUARE, "grid", "checkerboard", 2.25e-6),
    ],
)
def test_each_needle_has_its_share_of_the_lattice(array, layout, polarity, area) -> None:
    cell = cell_of(array, layout, polarity)
    assert cell is not None
    assert cell.length is not None
    assert cell.width * cell.length / cell.needles == pytest.approx(area)
    assert cell.copies == 16


def test_no_cell_stands_for_a_far_return_or_for_listed_needles() -> None:
    assert cell_of(HEX, "hexagonal", "monopolar") is None
    assert cell_of(SQUARE, "listed", "rows") is None
    assert cell_of(SQUARE.with_(tilt=0.3), "grid", "rows") is None


def test_pairs_repeat_along_their_line_alone_and_lean_without_a_mirror() -> None:
    upright, leaning = (cell_of(array, "pairs", "pairs") for array in (PAIRS, PAIRS.with_(tilt=0.5)))
    assert upright is not None
    assert leaning is not None
    assert upright.length is None
    assert (upright.width, upright.needles, leaning.needles) == pytest.approx((1.25e-3, 0.5, 1.0))
    assert "front" in upright.mirrors
    assert "front" not in leaning.mirrors


def test_a_needle_in_the_cell_gets_what_one_in_the_stamp_gets() -> None:
    """37 W over 37 needles is one watt each; 16 copies of half a needle are 8 needles."""
    pulse = stamp(drive=Power(37.0), limits=Limits(100.0, 3.7, 74.0), cutoff=Cutoff(impedance=100.0, energy=3.7))
    one = endless(pulse, "hexagonal")
    assert one is not None
    assert one.drive.value == pytest.approx(8.0)
    assert (one.limits.volts, one.limits.amperes, one.limits.watts) == pytest.approx((100.0, 0.8, 16.0))
    assert (one.cutoff.energy, one.cutoff.impedance) == pytest.approx((0.8, 462.5))
    held = endless(pulse.with_(drive=Voltage(30.0, rms=True)), "hexagonal")
    assert held is not None
    assert held.drive == Voltage(30.0, rms=True)


def test_an_odd_wall_is_the_other_terminal_across_it() -> None:
    """Rows in turn: half-way to the next row lies an odd mirror, and the cell of both rows needs none."""
    single = endless(stamp("needles-7x7"), "grid")
    assert single is not None
    pitch = single.array.pitch
    both = Cell(
        pitch / 2.0, pitch, ((0.0, 0.0, "+"), (0.0, pitch, "-")),
        (("left", "even"), ("right", "even"), ("front", "even"), ("back", "even")), 0.5,
    )  # fmt: skip
    one, two = conductance(single, pitch / 16.0), conductance(single.with_(cell=both), pitch / 16.0)
    assert two == pytest.approx(2.0 * one, rel=1e-5)  # 8 needles against 4


def test_cell_and_stamp_differ_by_the_rim_alone() -> None:
    """Needle for needle a stamp of 37 conducts within 5 % of an endless one; one of 7 or 19 is further from it."""
    cell = endless(stamp(), "hexagonal")
    assert cell is not None
    assert cell.cell is not None
    of_cell = conductance(cell) / (cell.cell.copies * cell.cell.needles)
    off = []
    for rings in (1, 2, 3):
        array = NeedleArray.hexagonal(rings, 1e-3, *METAL)
        off.append(abs(conductance(stamp(array=array)) / array.count / of_cell - 1.0))
    assert off == sorted(off, reverse=True)
    assert off[-1] < 0.05


def test_grid_of_a_cell_ends_at_its_walls() -> None:
    cell = endless(stamp(), "hexagonal")
    grid = electrode_grid(SKIN, [Placed(cell)], 100e-6)
    assert grid.edges[0][[0, -1]] == pytest.approx([0.0, 0.5e-3])
    assert grid.edges[1][[0, -1]] == pytest.approx([0.0, math.sqrt(3.0) / 2.0 * 1e-3])
    assert np.diff(grid.edges[0]).max() < 1.3e-4
    with pytest.raises(InputError, match="mixes cells"):
        electrode_grid(SKIN, [Placed(cell), Placed(stamp(), time=5.0)])
