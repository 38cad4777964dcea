"""All the power that strong sound takes along is found again: no shock makes heat of nothing."""

import dataclasses
import math

import pytest
from beam_sample import BOWL, FACE

from tauten.devices.catalogue import catalogue
from tauten.devices.head import Head
from tauten.devices.transducer import Bowl
from tauten.solvers import harmonics
from tauten.solvers.beams import Acoustics, radiate
from tauten.solvers.harmonics import march
from tauten.solvers.output import in_water

WATER = Acoustics(math.inf, 1482.4, 998.2, 0.0252, 2.0, 3.48)
LAYERS = tuple(
    dataclasses.replace(layer, nonlinearity=beta) for layer, beta in zip(FACE, (3.5, 4.5, 6.0, 4.7), strict=True)
)
LOUDEST = {
    (head.transducer, head.settings["power"].high): head for head in catalogue().values() if isinstance(head, Head)
}


@pytest.mark.parametrize("head", LOUDEST.values(), ids=lambda head: head.key)
def test_every_head_is_measured_in_water_at_its_highest_power(head):
    # `radiate` refuses a field whose shares miss 1 %; what shocks take is most of it here.
    power = head.settings["power"].high
    found = in_water(head.transducer, power, WATER, standoff=head.standoff)
    assert found.power == pytest.approx(power)
    assert found.peak_positive > 2.0 * found.peak_negative  # a shock


@pytest.mark.parametrize("power", [12.0, 60.0])
@pytest.mark.parametrize("layers", [(WATER,), LAYERS], ids=["water", "face"])
def test_shares_of_a_shocked_field_add_up_to_half_of_what_is_asked(layers, power):
    assert abs(radiate(layers, BOWL, power=power, r=[0.0, 1e-3], keep=()).imbalance) < 0.005


@pytest.mark.parametrize("aperture", [9e-3, 10e-3])
def test_a_wide_bowl_makes_no_heat_of_nothing(aperture):
    wide = Bowl(15e-3, aperture, 7e6)
    pressure = math.sqrt(2.0 * WATER.density * WATER.speed * 60.0 / wide.area)
    assert march((WATER,), wide, pressure, peaks=False).balance == pytest.approx(1.0, abs=0.003)
    # Steepened as if it went straight down, the wave would get more power than it brings.
    assert march((WATER,), wide, pressure, peaks=False, oblique=False).balance > 1.03


def test_cosine_is_that_of_the_bowls_rays(monkeypatch):
    # Rays leave all of the cap alike and fill dS cos θ of a plane: 1/<1/cos θ>. Waves of the rim go a little flatter.
    seen = []
    was = harmonics._Run.cosine
    monkeypatch.setattr(harmonics._Run, "cosine", lambda self, layer: seen.append(was(self, layer)) or seen[-1])
    march((WATER,), BOWL, 1e6, harmonics=6, peaks=False)
    edge = 1.0 - BOWL.depth / BOWL.radius
    assert 0.99 < seen[0] / ((1.0 - edge) / -math.log(edge)) < 1.0
