import math

import numpy as np
import pytest

from tauten.devices.window import sapphire_index
from tauten.errors import OutsideValidity


@pytest.mark.parametrize(
    ("wavelength", "index"), [(1064e-9, 1.7545), (1320e-9, 1.7501), (1450e-9, 1.7479), (1540e-9, 1.7464)]
)
def test_sapphire_bends_light_as_malitson_and_dodge_measured(wavelength, index):
    assert float(sapphire_index(wavelength)) == pytest.approx(index, abs=6e-5)


def test_index_falls_with_wavelength_in_the_near_infrared():
    assert np.all(np.diff(sapphire_index(np.linspace(400e-9, 2e-6, 50))) < 0)


@pytest.mark.parametrize("wavelength", [1.0e-7, 6e-6, math.nan, -1e-6 * 10])
def test_index_is_not_guessed_outside_the_measurements(wavelength):
    with pytest.raises(OutsideValidity):
        sapphire_index(wavelength)
