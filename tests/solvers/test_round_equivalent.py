"""The round spot that stands for a rectangle, and how long a rectangle may be for it."""

import math

import pytest

from tauten.devices.beam import Rectangle
from tauten.errors import OutsideValidity
from tauten.solvers.illuminate import round_equivalent


@pytest.mark.parametrize("sides", [(1e-2, 1.5e-2), (1.5e-2, 1e-2), (4e-3, 12e-3)])
def test_a_stout_rectangle_becomes_the_disc_of_its_area(sides):
    assert math.pi * round_equivalent(Rectangle(*sides)).radius ** 2 == pytest.approx(sides[0] * sides[1])


@pytest.mark.parametrize("sides", [(4e-3, 13e-3), (13e-3, 4e-3), (0.3, 1e-4)])
def test_a_long_rectangle_has_no_disc(sides):
    with pytest.raises(OutsideValidity, match="sides within 3 to 1"):
        round_equivalent(Rectangle(*sides))
