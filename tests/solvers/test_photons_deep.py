"""Layers that end centimetres down: single precision must not cut them into slivers."""

import numpy as np
import pytest
from photon_sample import FEW

from tauten.grid import Grid, graded_edges
from tauten.skin.skin import Skin
from tauten.solvers.photons import Flat, Optics, trace


@pytest.mark.parametrize("fat", [Skin.at("abdomen", bmi=bmi).layer("fat").thickness for bmi in (60, 70)] + [0.08, 0.1])
def test_a_body_with_deep_fat_is_lit_like_any_other(fat):
    layers = [Optics(1.934e-3, 30.0, 1e3), Optics(fat, 30.0, 1e3), Optics(1e-2, 30.0, 1e3)]
    ends = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in layers])])
    depth = graded_edges(ends, first=5.5e-6, largest=1.5e-3, growth=1.18)
    tally = trace(layers, Flat(5e-3), FEW, below=1.4, grid=Grid((np.linspace(0, 8e-3, 9), depth), "axisymmetric"))
    shares = [share.value for share in (*tally.absorbed, tally.reflected, tally.transmitted)]
    assert tally.specular + sum(shares) == pytest.approx(1.0, abs=1e-6)
    assert 0.0 <= tally.absorbed[2].value < 0.1 * tally.absorbed[1].value
