"""Points on one line are solved in half a box: what is counted in it is counted on both sides of the mirror."""

from __future__ import annotations

import pytest

from tauten.devices.pattern import line
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl
from tauten.simulate import simulate
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin

SKIN = Skin.of(Layer("epidermis", 0.1e-3), Layer("dermis", 5.9e-3), Layer("fat", 2.2e-3), Layer("muscle", 20e-3))
SHOT = FocusedShot(Bowl(15e-3, 5.5e-3, 7e6), 8.0, 0.06, 10.5e-3)


def test_two_points_far_apart_warm_twice_the_dermis_that_one_does() -> None:
    """Cells count whole, and are wider in a box: 1.5 % apart where a line of points is turned into a whole box."""
    few = {"frames": 8, "rest": 0.2, "harmonics": 1}
    alone = simulate(SKIN, SHOT, **few).summary["volume.heat_stimulus"].value
    half = simulate(SKIN, line(SHOT, 2.5e-3, 2, 0.3), **few)
    assert half.state.grid.edges[1][0] == 0.0
    assert alone > 1e-9
    assert half.summary["volume.heat_stimulus"].value == pytest.approx(2.0 * alone, rel=0.03)
