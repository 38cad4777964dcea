"""Bowl, ring and piston: their geometry against its formulas, and shapes that cannot be."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.devices.transducer import Bowl, Piston, Ring
from tauten.errors import InputError

BOWL = Bowl(15e-3, 5.5e-3, 7e6)


def test_rim_of_the_bowl_lies_where_the_sphere_puts_it():
    assert BOWL.depth == pytest.approx(1.0445e-3, rel=1e-3)  # R - sqrt(R² - a²) = 15 - sqrt(194.75) mm
    assert BOWL.focus == 15e-3
    assert BOWL.area == pytest.approx(math.pi * (5.5e-3**2 + BOWL.depth**2))  # of a cap: π(a² + h²)


def test_half_a_sphere_is_the_widest_bowl():
    half = Bowl(15e-3, 15e-3, 7e6)
    assert half.depth == half.radius
    assert half.area == pytest.approx(2.0 * math.pi * 15e-3**2)


@given(radius=st.floats(1e-3, 0.2), share=st.floats(0.01, 1.0), hole=st.one_of(st.just(0.0), st.floats(0.01, 0.99)))
def test_a_ring_and_its_hole_make_the_bowl(radius, share, hole):
    rim = share * radius
    ring = Ring(radius, hole * rim, rim, 1e6)
    whole = Bowl(radius, rim, 1e6)
    assert ring.depth == whole.depth
    filled = Bowl(radius, hole * rim, 1e6).area if hole else 0.0
    assert ring.area + filled == pytest.approx(whole.area)


def test_a_shallow_bowl_is_nearly_a_piston():
    flat, shallow = Piston(5e-3, 1e6), Bowl(10.0, 5e-3, 1e6)
    assert shallow.area == pytest.approx(flat.area, rel=1e-6)
    assert (flat.depth, flat.focus) == (0.0, math.inf)


@pytest.mark.parametrize("radius", [1e3, 1e6, 1e12])
def test_a_nearly_flat_bowl_keeps_its_area_and_its_rim(radius):
    flat = Bowl(radius, 5e-3, 7e6)
    assert flat.depth == pytest.approx(5e-3**2 / 2.0 / radius, rel=1e-9)  # of the series of R - sqrt(R² - a²)
    assert flat.area == pytest.approx(math.pi * 5e-3**2, rel=1e-9)


@pytest.mark.parametrize(
    ("attempt", "key", "words"),
    [
        (lambda: Bowl(15e-3, 15.1e-3, 7e6), "aperture_radius", "wider than the sphere"),
        (lambda: Bowl(0.0, 5e-3, 7e6), "radius", "above 0 m"),
        (lambda: Bowl(-15e-3, 5e-3, 7e6), "radius", "above 0 m"),
        (lambda: Bowl(15e-3, 0.0, 7e6), "aperture_radius", "above 0 m"),
        (lambda: Bowl(15e-3, 5e-3, 0.0), "frequency", r"100000 to 1e\+08 Hz"),
        (lambda: Bowl(15e-3, 5e-3, math.nan), "frequency", r"100000 to 1e\+08 Hz"),
        (lambda: Bowl(15e-3, 5e-3, 9e4), "frequency", r"100000 to 1e\+08 Hz"),
        (lambda: Piston(5e-3, 1e9), "frequency", r"100000 to 1e\+08 Hz"),
        (lambda: Bowl(math.inf, 5e-3, 7e6), "radius", "above 0 m"),
        (lambda: Bowl("15 mm", 5e-3, 7e6), "radius", "not a number"),
        (lambda: Ring(15e-3, 5.5e-3, 5.5e-3, 7e6), "inner_radius", "leaves nothing"),
        (lambda: Ring(15e-3, -1e-3, 5.5e-3, 7e6), "inner_radius", "leaves nothing"),
        (lambda: Ring(15e-3, 1e-3, 16e-3, 7e6), "aperture_radius", "wider than the sphere"),
        (lambda: Piston(0.0, 7e6), "aperture_radius", "above 0 m"),
        (lambda: Piston(5e-3, None), "frequency", "not a number"),
    ],
)
def test_a_shape_that_cannot_be_is_named(attempt, key, words):
    with pytest.raises(InputError, match=words) as caught:
        attempt()
    assert caught.value.key == f"transducer.{key}"
