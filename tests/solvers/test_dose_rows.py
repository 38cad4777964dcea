"""The quicker exponential of the single-precision lanes, against the library's in double precision."""

import numba
import numpy as np
import pytest

from tauten.physics import damage
from tauten.solvers import dose_rows

single = np.float32


@numba.njit
def powers(exponents, found):
    for i in range(exponents.size):
        found[i] = dose_rows._quick_exp(exponents[i])


@numba.njit
def rates(a, b, c, kelvin, found):
    for i in range(kelvin.size):
        found[i] = dose_rows._quick_rate(a, b, c, kelvin[i])


@pytest.mark.parametrize(("reach", "within"), [(20.0, 2e-5), (30.0, 1.1e-4), (40.0, 1e-3)])
def test_quick_exponential_is_as_near_as_it_says(reach, within):
    x = np.linspace(-reach, reach, 400_001).astype(single)
    found = np.empty_like(x)
    powers(x, found)
    assert np.abs(found / np.exp(x.astype(float)) - 1.0).max() <= within


@pytest.mark.parametrize("name", damage.names())
def test_quick_rates_are_the_law_s_up_to_boiling(name):
    for band in damage.endpoint(name).bands:
        kelvin = np.linspace(max(band.low, 313.15), min(band.high, 373.15), 60_001)[:-1].astype(single)
        found = np.empty_like(kelvin)
        rates(single(band.a), single(band.b), single(band.c), kelvin, found)
        expected = damage.band_rate(band.a, band.b, band.c, kelvin.astype(float))
        counts = expected > 1e-6
        assert counts.any()
        assert np.abs(found[counts] / expected[counts] - 1.0).max() <= (1.4e-4 if name == "cem43" else 3e-5)
