"""What sound refuses, by name."""

import math
import time

import numpy as np
import pytest
from beam_sample import BOWL, FACE, SHALLOW, SMALL, WATER, with_changes

from tauten.errors import InputError, TooLarge
from tauten.grid import Grid
from tauten.solvers.beam_input import asked, power_of
from tauten.solvers.beams import Acoustics, Bowl, Piston, Ring, radiate
from tauten.solvers.output import in_water, measured

GOOD = {"power": 1.0, "harmonics": 1, "r": [0.0, 1e-4], "z": [5e-3, 6e-3]}

BAD = {
    "no layers": ([], {}, "layers"),
    "no list of layers": (WATER, {}, "layers"),
    "not a layer": (["water"], {}, "layers[0]"),
    "air": (with_changes(FACE, 0, density=1.2, speed=343.0), {}, "layers[0].density"),
    "air below": (with_changes(FACE, 1, density=1.2, speed=343.0), {}, "layers[1].density"),
    "endless on top": (with_changes(FACE, 1, thickness=math.inf), {}, "layers[1].thickness"),
    "rim in the second layer": (with_changes(FACE, 0, thickness=1e-4), {}, "layers[0].thickness"),
    "focus below the stack": (with_changes(FACE, 3, thickness=1e-4)[:2], {}, "layers"),
    "no amplitude": (FACE, {"power": None}, "power"),
    "two amplitudes": (FACE, {"surface_pressure": 1e5}, "power"),
    "power not a number": (FACE, {"power": math.nan}, "power"),
    "no power": (FACE, {"power": 0.0}, "power"),
    "negative pressure": (FACE, {"power": None, "surface_pressure": -1.0}, "surface_pressure"),
    "no harmonics": (FACE, {"harmonics": 0}, "harmonics"),
    "half a harmonic": (FACE, {"harmonics": 1.5}, "harmonics"),
    "harmonics as a truth": (FACE, {"harmonics": True}, "harmonics"),
    "keep beyond": (FACE, {"keep": (1, 2)}, "keep"),
    "keep twice": (FACE, {"keep": (1, 1)}, "keep"),
    "keep a number": (FACE, {"keep": 1}, "keep"),
    "keep zero": (FACE, {"keep": (0,)}, "keep"),
    "radii falling": (FACE, {"r": [1e-4, 0.0]}, "r"),
    "radii twice": (FACE, {"r": [0.0, 0.0]}, "r"),
    "radii negative": (FACE, {"r": [-1e-4, 0.0]}, "r"),
    "radii in words": (FACE, {"r": "far"}, "r"),
    "no depths": (FACE, {"z": []}, "z"),
    "depths in a table": (FACE, {"z": [[5e-3]]}, "z"),
    "depths falling": (FACE, {"z": [6e-3, 5e-3]}, "z"),
    "depth not a number": (FACE, {"z": [5e-3, math.nan]}, "z"),
    "depth above the rim": (FACE, {"z": [0.0, 5e-3]}, "z"),
    "depth below the stack": (with_changes(FACE, 3, thickness=1e-3), {"z": [5e-3, 40e-3]}, "z"),
}


@pytest.mark.parametrize(("layers", "changes", "key"), BAD.values(), ids=BAD.keys())
def test_requests_out_of_order_are_refused_by_name(layers, changes, key):
    with pytest.raises(InputError) as caught:
        radiate(layers, BOWL, **{**GOOD, **changes})
    assert caught.value.key == key
    assert "\n" not in str(caught.value)


def test_air_in_the_path_is_called_a_coupling_gap():
    with pytest.raises(InputError, match="no dose: coupling gap"):
        radiate(with_changes(FACE, 0, density=1.2, speed=343.0), BOWL, **GOOD)


@pytest.mark.parametrize("attenuation", [-1.0, None, math.nan, math.inf, "0.3"])
def test_attenuation_that_is_negative_or_missing_is_refused(attenuation):
    with pytest.raises(InputError, match="attenuation"):
        Acoustics(1e-3, 1500.0, 1000.0, attenuation)


@pytest.mark.parametrize("given", [(), (1e-3,), (1e-3, 1500.0), (1e-3, 1500.0, 1000.0)])
def test_a_layer_without_one_of_its_first_four_numbers_is_refused_by_name(given):
    name = ("thickness", "speed", "density", "attenuation")[len(given)]
    with pytest.raises(InputError, match="is missing") as caught:
        Acoustics(*given)
    assert caught.value.key == f"acoustics.{name}"


def test_thicknesses_and_speeds_must_be_lengths_and_speeds():
    for wrong in ({"thickness": 0.0}, {"thickness": -1e-3}, {"speed": 0.0}, {"density": math.nan}):
        with pytest.raises(InputError):
            with_changes(FACE, 1, **wrong)


def test_an_aperture_wider_than_its_sphere_is_refused():
    for make in (lambda: Bowl(5e-3, 5.1e-3, 7e6), lambda: Ring(5e-3, 1e-3, 5.1e-3, 7e6)):
        with pytest.raises(InputError, match="wider"):
            make()
    with pytest.raises(InputError):
        Ring(5e-3, 3e-3, 3e-3, 7e6)


@pytest.mark.parametrize("transducer", ["bowl", None, 7e6])
def test_what_is_no_transducer_is_refused(transducer):
    with pytest.raises(InputError) as caught:
        radiate(FACE, transducer, **GOOD)
    assert caught.value.key == "transducer"


FAR = {
    "far below": (WATER, BOWL, {"z": [1e3]}),
    "far aside": (WATER, BOWL, {"r": [0.0, 1e3], "z": [5e-3]}),
    "a thick layer": (with_changes(FACE, 0, thickness=1e3)[0], BOWL, {}),
    "short waves": (WATER, Bowl(15e-3, 5.5e-3, 1e8), {"r": None, "z": None}),
    "a wide source": (WATER, Piston(10.0, 1e7), {"z": None}),
    "nearly flat": (WATER, Bowl(1e6, 5e-3, 7e6), {"z": None}),
}


@pytest.mark.parametrize(("layer", "transducer", "changes"), FAR.values(), ids=FAR.keys())
@pytest.mark.parametrize("harmonics", [1, None])
def test_a_field_of_endless_waves_is_refused_at_once(layer, transducer, changes, harmonics):
    began = time.process_time()
    with pytest.raises(TooLarge, match="plane waves"):
        radiate([layer, WATER] if math.isfinite(layer.thickness) else [layer], transducer,
                **{**GOOD, "harmonics": harmonics, **changes})  # fmt: skip
    assert time.process_time() - began < 1.0


@pytest.mark.parametrize("power", [129.0, 1000.0, 1e300])
def test_more_power_than_any_head_gives_is_refused(power):
    for harmonics in (1, None):
        with pytest.raises(InputError, match="to 128 W"):
            radiate([WATER], SMALL, power=power, harmonics=harmonics)
        with pytest.raises(InputError) as caught:
            radiate([WATER], SMALL, surface_pressure=math.sqrt(power / power_of(SMALL, WATER)), harmonics=harmonics)
        assert caught.value.key == "surface_pressure"


def test_a_field_too_faint_for_its_harmonics_is_refused_by_its_power():
    with pytest.raises(InputError) as caught:
        radiate([WATER], SMALL, power=1e-300)
    assert caught.value.key == "power"
    assert radiate([WATER], SMALL, power=1e-30, harmonics=1, r=[0.0], z=[5e-3]).emitted == 1e-30


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("speed", 10.0), ("speed", 1e-3), ("speed", 6001.0), ("attenuation", 1e8), ("nonlinearity", 1e6),
        ("nonlinearity", -1.0), ("density", 1e6), ("exponent", 2.1),
    ],
)  # fmt: skip
def test_a_layer_of_no_material_there_is_is_refused(key, value):
    with pytest.raises(InputError) as caught:
        with_changes(FACE, 1, **{key: value})
    assert caught.value.key == f"acoustics.{key}"


@pytest.mark.parametrize("dispersion", ["no", None, 1, 0.0])
def test_dispersion_is_a_truth(dispersion):
    with pytest.raises(InputError) as caught:
        radiate(FACE, BOWL, **GOOD, dispersion=dispersion)
    assert caught.value.key == "dispersion"


def test_a_field_beyond_the_memory_is_refused():
    with pytest.raises(TooLarge):
        radiate(
            FACE, BOWL, power=1.0, harmonics=1, r=np.linspace(0.0, 5e-3, 300_000), z=np.linspace(2e-3, 2e-2, 300_000)
        )


def test_a_field_is_laid_only_where_it_can_be():
    field = radiate(SHALLOW, SMALL, power=1.0, harmonics=1, r=[0.0, 1e-4, 2e-4], z=[4e-3, 5e-3])
    axial = Grid.uniform((3, 3), 1e-4, kind="axisymmetric")
    with pytest.raises(InputError) as caught:
        field.on(axial, 3.5e-3, at=(1e-3, 0.0))
    assert caught.value.key == "at"
    with pytest.raises(InputError) as caught:
        field.on(axial, math.nan)
    assert caught.value.key == "standoff"
    for extent, key in (({"r": [0.0]}, "r"), ({"z": [5e-3]}, "z"), ({"r": [1e-4, 2e-4]}, "r")):
        with pytest.raises(InputError) as caught:
            radiate(SHALLOW, SMALL, power=1.0, harmonics=1, **{"r": [0.0, 1e-4], "z": [4e-3, 5e-3], **extent}).on(
                axial, 3.5e-3
            )
        assert caught.value.key == key


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ((None, 1.0, WATER), "transducer"), ((BOWL, 1.0, None), "water"), ((BOWL, 1.0, [WATER]), "water"),
        ((BOWL, None, WATER), "power"), ((BOWL, 0.0, WATER), "power"),
    ],
)  # fmt: skip
def test_output_needs_a_transducer_a_power_and_water(given, key):
    with pytest.raises(InputError) as caught:
        in_water(*given, standoff=10e-3)
    assert caught.value.key == key


def test_output_needs_a_field_with_its_harmonics():
    with pytest.raises(InputError) as caught:
        measured(None, standoff=10e-3)
    assert caught.value.key == "field"
    bare = radiate([WATER], SMALL, power=1.0, r=[0.0, 1e-3], z=[3e-3, 4e-3, 5e-3], keep=())
    with pytest.raises(InputError) as caught:
        measured(bare, standoff=SMALL.depth)
    assert caught.value.key == "keep"


def test_output_is_measured_in_water_alone_with_a_duty_that_is_a_share():
    water = radiate([WATER], SMALL, power=1.0, harmonics=1, r=np.linspace(0.0, 1e-3, 9), z=np.linspace(3e-3, 9e-3, 31))
    for duty in (0.0, 1.5, math.nan):
        with pytest.raises(InputError) as caught:
            measured(water, standoff=SMALL.depth, duty=duty)
        assert caught.value.key == "duty"
    for standoff in (0.5 * SMALL.depth, -1e-3, math.nan, None):
        with pytest.raises(InputError) as caught:
            measured(water, standoff=standoff)
        assert caught.value.key == "standoff"
    with pytest.raises(InputError, match="water alone"):
        measured(radiate(SHALLOW, SMALL, power=1.0, harmonics=1, r=[0.0, 1e-4], z=[4e-3, 5e-3, 6e-3]), standoff=3e-3)


def test_default_depths_of_a_long_focus_are_an_eighth_of_a_wavelength_apart():
    long = Bowl(60e-3, 10e-3, 7e6)
    given = asked([WATER], long, 1.0, None, 1, None, None, ())
    assert np.diff(given.z).max() <= 1500.0 / 7e6 / 8.0
    assert given.z[-1] == pytest.approx(1.6 * long.focus)
