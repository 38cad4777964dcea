"""What the light solver refuses, by name."""

import dataclasses

import numpy as np
import pytest
from photon_sample import FEW, SKIN

from tauten.errors import InputError, TooLarge
from tauten.grid import Grid
from tauten.solvers.photons import Flat, Optics, Pencil, trace

BAD_LAYERS = {
    "nothing": [],
    "negative thickness": [dataclasses.replace(SKIN[0], thickness=-1e-4)],
    "no thickness": [dataclasses.replace(SKIN[0], thickness=0.0)],
    "thickness not a number": [dataclasses.replace(SKIN[0], thickness=np.nan)],
    "endless layer on top": [dataclasses.replace(SKIN[0], thickness=np.inf), SKIN[1]],
    "endless and clear": [Optics(np.inf, 0.0, 100.0)],
    "negative absorption": [dataclasses.replace(SKIN[0], absorption=-1.0)],
    "absorption not a number": [dataclasses.replace(SKIN[0], absorption=np.nan)],
    "endless scattering": [dataclasses.replace(SKIN[0], scattering=np.inf)],
    "anisotropy above one": [dataclasses.replace(SKIN[0], anisotropy=1.1)],
    "index under one": [dataclasses.replace(SKIN[0], index=0.9)],
    "colours without a spectrum": [dataclasses.replace(SKIN[0], absorption=np.array([1.0, 2.0]))],
}


@pytest.mark.parametrize("layers", BAD_LAYERS.values(), ids=BAD_LAYERS.keys())
def test_layers_out_of_order_are_refused_by_name(layers):
    with pytest.raises(InputError) as caught:
        trace(layers, Pencil(), FEW)
    assert "layers" in caught.value.key


@pytest.mark.parametrize(
    ("how", "key"),
    [
        ({"photons": 10}, "photons"),
        ({"photons": 64.5}, "photons"),
        ({"photons": np.nan}, "photons"),
        ({"photons": 0}, "photons"),
        ({"photons": -1}, "photons"),
        ({"photons": True}, "photons"),
        ({"seed": -1}, "seed"),
        ({"above": 0.5}, "above"),
        ({"below": np.nan}, "below"),
        ({"return_fraction": 1.0}, "return_fraction"),
        ({"accuracy": 0.0}, "accuracy"),
        ({"accuracy": 0.1, "depth": 1.0}, "depth"),
        ({"voxels": True}, "grid"),
        ({"grid": Grid.uniform((4, 4, 4), 1e-3)}, "grid"),
        ({"grid": Grid((np.array([0.0, 1e-3]), np.array([-1e-3, 1e-3])), "axisymmetric")}, "grid.z"),
        ({"grid": Grid((np.array([0.0, 1e-3]), np.array([0.0, 1e-8, 1e-2])), "axisymmetric")}, "grid"),
    ],
)
def test_requests_out_of_order_are_refused_by_name(how, key):
    with pytest.raises(InputError) as caught:
        trace(SKIN, Flat(1e-3), **{"photons": FEW, **how})
    assert caught.value.key == key


def test_a_box_beyond_the_memory_is_refused():
    with pytest.raises(TooLarge):
        trace(SKIN, Flat(1e-3), FEW, grid=Grid.uniform((20_000, 20_000, 300), 1e-6, (-0.01, -0.01, 0.0)))


def test_fluence_that_was_not_scored_says_what_to_do():
    layers = [Optics(1e-3, 0.0, 100.0), Optics(1e-3, 10.0, 100.0)]
    with pytest.raises(InputError, match="paths=True"):
        _ = trace(layers, Pencil(), FEW, paths=False).fluence
