import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.facts import load
from tauten.physics import bioheat

positive = st.floats(1e-3, 1e3)


@given(positive, positive, positive, positive)
def test_a_face_conducts_the_same_both_ways(k, h, next_k, next_h):
    assert bioheat.face_conductance(k, h, next_k, next_h) == pytest.approx(
        bioheat.face_conductance(next_k, next_h, k, h)
    )


def test_equal_cells_conduct_like_the_bulk_and_a_poor_neighbour_blocks():
    assert bioheat.face_conductance(0.4, 1e-4, 0.4, 1e-4) == pytest.approx(0.4 / 1e-4)
    assert bioheat.face_conductance(0.4, 1e-4, 1e-9, 1e-4) < 1e-4
    assert bioheat.face_conductance(0.4, 1e-4, 0.4, 1e-4, resistance=6.5e-4) == pytest.approx(1 / (2.5e-4 + 6.5e-4))


@given(st.floats(0.0, 2000.0), st.floats(1.0, 900.0), st.floats(0.1, 5.0))
def test_enthalpy_and_temperature_are_each_others_inverse(enthalpy, latent, ratio):
    boiling = 63.0
    rise = bioheat.temperature_rise(enthalpy, boiling, latent, ratio)
    share = bioheat.boiled_share(enthalpy, boiling, latent)
    back = bioheat.enthalpy_rise(0.0, rise, share, latent, boiling, ratio, share >= 1.0)
    assert back == pytest.approx(enthalpy, abs=1e-9)
    assert rise <= boiling or share == 1.0  # nothing above 100 °C before it is dry


@given(st.floats(290.0, 340.0), st.floats(290.0, 340.0), st.floats(1.0, 10.0))
def test_perfusion_rises_with_temperature_up_to_45_degrees_and_then_holds(one, other, rise):
    peak, width = load().si("tissue/heat/perfusion_peak"), load().si("tissue/heat/perfusion_width")
    low, high = sorted((one, other))
    cool, warm = (float(bioheat.perfusion_factor(t, rise, peak, width)) for t in (low, high))
    assert 1.0 <= cool <= warm <= rise + 1e-12
    if low >= peak:
        assert warm == pytest.approx(rise)


def test_langs_muscle_law_at_37_and_45_degrees():
    # 0.45 + 3.55 exp(-(T - 45)²/12) kg/m³/s is 0.467 at 37 °C and 4.0 at 45 °C (Lang 1999).
    peak, width = load().si("tissue/heat/perfusion_peak"), load().si("tissue/heat/perfusion_width")
    flow = [0.45 * float(bioheat.perfusion_factor(t, 4.0 / 0.45, peak, width)) for t in (310.15, 318.15)]
    assert flow == pytest.approx([0.467, 4.0], abs=5e-4)


def test_blood_of_skin_takes_the_published_heat():
    flow = bioheat.perfusion_per_volume(106e-6 / 60.0, 1109.0)
    assert bioheat.exchange(flow, 1050.0 * 3617.0) == pytest.approx(7440.9, abs=0.05)


def test_stasis_stops_half_the_vessels_at_ln_2():
    assert bioheat.stasis_factor(math.log(2.0)) == pytest.approx(0.5)


def test_contact_face_lies_nearer_the_better_conductor():
    face = bioheat.contact_temperature(306.15, 1179.6, 278.15, 10289.3)
    assert 278.15 < face < 0.5 * (306.15 + 278.15)
    assert bioheat.contact_temperature(306.15, 5.0, 278.15, 5.0) == pytest.approx(292.15)
