import math

import numpy as np
import pytest

from tauten.physics import light
from tauten.solvers.lanes.core import single

ANGLES = np.linspace(0.05, 1.5, 12)


def even(count=20001):
    return (np.arange(count) + 0.5) / count


@pytest.mark.parametrize("g", [-0.9, -0.3, 0.0, 1e-7, 0.5, 0.9, 0.99])
def test_mean_cosine_of_henyey_greenstein_is_the_anisotropy(g):
    cosines = [1.0 - light.henyey_greenstein_loss(u, g) for u in even()]
    assert np.mean(cosines) == pytest.approx(g, abs=2e-5)


@pytest.mark.parametrize("g", [-0.6, 0.2, 0.9])
def test_scattering_angles_follow_the_phase_function(g):
    # Share of angles with cos θ above c is the integral of the phase function from c to 1.
    cosines = np.array([1.0 - light.henyey_greenstein_loss(u, g) for u in even()])
    grid = np.linspace(0.4, 1.0, 20001)
    phase = np.array([light.henyey_greenstein(c, g) for c in grid])
    assert np.mean(cosines > 0.4) == pytest.approx(np.trapezoid(phase, grid), abs=2e-4)


@pytest.mark.parametrize("g", [-0.8, 0.3, 0.9])
def test_product_form_equals_the_textbook_inversion(g):
    for u in even(50):
        textbook = (1 + g * g - ((1 - g * g) / (1 - g + 2 * g * u)) ** 2) / (2 * g)
        assert 1.0 - light.henyey_greenstein_loss(u, g) == pytest.approx(textbook, abs=1e-12)


def test_forward_and_backward_limits_of_scattering():
    assert light.henyey_greenstein_loss(0.3, 1.0) == 0.0
    assert light.henyey_greenstein_loss(0.3, -1.0) == pytest.approx(2.0)


def test_rotation_turns_by_the_angle_and_keeps_unit_length():
    rng = np.random.default_rng(3)
    directions = [*rng.normal(size=(40, 3)), (0.0, 0.0, 1.0), (0.0, 0.0, -1.0), (1e-9, 0.0, -1.0)]
    for direction in directions:
        d = np.array(direction) / np.linalg.norm(direction)
        loss, azimuth = rng.uniform(0, 2), rng.uniform(0, 2 * np.pi)
        turned = np.array(light.rotated(*d, loss, light.sine_of_loss(loss), math.cos(azimuth), math.sin(azimuth)))
        assert np.linalg.norm(turned) == pytest.approx(1.0, abs=1e-12)
        assert turned @ d == pytest.approx(1.0 - loss, abs=1e-12)


def test_rotation_spreads_evenly_about_the_first_direction():
    d = np.array([0.6, 0.0, 0.8])
    around = [light.rotated(*d, 0.5, light.sine_of_loss(0.5), math.cos(a), math.sin(a)) for a in 2 * np.pi * even(720)]
    assert np.mean(around, axis=0) == pytest.approx(0.5 * d, abs=1e-12)


@pytest.mark.parametrize("pair", [(1.0, 1.4), (1.75, 1.4), (1.4, 1.44)])
def test_reflectance_is_the_same_from_both_sides(pair):
    here, there = pair
    for angle in ANGLES:
        inside = light.refracted_cosine(math.cos(angle), here, there)
        if inside > 0.0:
            forth = light.reflectance(math.cos(angle), inside, here, there)
            assert forth == pytest.approx(light.reflectance(inside, math.cos(angle), there, here), abs=1e-12)


def test_half_the_brewster_reflection_is_gone():
    # At Brewster's angle light polarised in the plane of incidence passes whole: only half of the rest is left.
    angle = math.atan(1.5)
    refracted = light.refracted_cosine(math.cos(angle), 1.0, 1.5)
    across = ((math.cos(angle) - 1.5 * refracted) / (math.cos(angle) + 1.5 * refracted)) ** 2
    assert light.reflectance(math.cos(angle), refracted, 1.0, 1.5) == pytest.approx(across / 2, abs=1e-12)


def test_total_reflection_beyond_the_critical_angle():
    critical = math.asin(1.0 / 1.4)
    beyond = math.cos(critical + 1e-3)
    assert light.refracted_cosine(beyond, 1.4, 1.0) == 0.0
    assert light.reflectance(beyond, 0.0, 1.4, 1.0) == 1.0
    assert light.refracted_cosine(math.cos(critical - 1e-3), 1.4, 1.0) > 0.0


def test_window_reflects_the_sum_of_its_passes():
    first, second = 0.03, 0.2
    passes = first + sum((1 - first) ** 2 * second * (first * second) ** n for n in range(60))
    assert light.window_reflectance(first, second) == pytest.approx(passes, abs=1e-14)
    assert light.window_reflectance(first, 0.0) == first


def test_directions_of_lamps():
    cone = [light.cone_cosine(u, math.cos(0.4)) for u in even(1000)]
    assert min(cone) >= math.cos(0.4)
    assert np.mean(cone) == pytest.approx((1 + math.cos(0.4)) / 2, abs=1e-6)  # even in solid angle
    assert np.mean([light.lambert_cosine(u) for u in even()]) == pytest.approx(2 / 3, abs=1e-6)


def test_single_precision_is_the_same_law():
    f = np.float32
    for u, g in [(0.1, 0.9), (0.7, 0.0), (0.999, -0.5)]:
        assert single(light.henyey_greenstein_loss)(f(u), f(g)) == pytest.approx(
            light.henyey_greenstein_loss(u, g), rel=2e-5
        )
    assert type(single(light.free_path)(f(-1.0), f(2.0))) is np.float32
