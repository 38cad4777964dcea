"""Damage integrals: exact for constant heat, additive in time, monotone, loud where no law has a source."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tauten.errors import InputError, OutsideValidity
from tauten.facts import load
from tauten.physics import damage
from tauten.physics.kinetic_sets import ROWS
from tauten.references import references
from tauten.units import celsius

SOURCED = [name for name in damage.names() if not damage.endpoint(name).blank]
BUILDING = [name for name in SOURCED if damage.endpoint(name).kind != "time"]


def integral_by_fine_sum(name, begin, end, seconds):
    """∫ rate dt of a straight ramp by the trapezium rule on a very fine mesh: another route to the same integral."""
    at = np.linspace(begin, end, 400_001)
    return float(np.trapezoid(damage.rate(name, at), dx=seconds / 400_000))


@pytest.mark.parametrize("name", damage.names())
def test_every_set_says_what_it_measures_and_from_where(name):
    kinetics = damage.endpoint(name)
    assert kinetics.name == name
    assert kinetics.endpoint
    assert kinetics.source
    assert kinetics.confidence in ("seen", "quoted", "product choice", "unverified")
    assert kinetics.valid[0] < kinetics.valid[1]


def test_numbers_that_were_not_read_in_print_are_marked():
    unverified = {n for n in damage.names() if damage.endpoint(n).confidence == "unverified"}
    assert unverified == {"diller_klutke_1993", "pearce_rat_skin", "chen_1998", "comfort_43", "comfort_45"}


def test_every_cited_work_is_in_the_bibliography():
    for law in (damage.band_rate, damage.cem43):
        assert law.law.cite in references()


@pytest.mark.parametrize("name", BUILDING)
def test_constant_temperature_is_rate_times_time(name):
    kelvin = celsius(52.0)
    integral = damage.arrhenius_integral([kelvin] * 4, [0.0, 1.0, 5.0, 7.0], name)
    assert integral == pytest.approx(7.0 * float(damage.rate(name, kelvin)), rel=1e-13)


@pytest.mark.parametrize("name", BUILDING)
def test_steep_ramp_matches_a_fine_sum(name):
    integral = damage.arrhenius_integral([celsius(37.0), celsius(75.0)], [0.0, 3.0], name)
    assert integral == pytest.approx(integral_by_fine_sum(name, celsius(37.0), celsius(75.0), 3.0), rel=2e-4)


@pytest.mark.parametrize("name", ["henriques_moritz_1947", "pearce_rat_skin", "agah_1994", "chen_1998"])
def test_ramp_matches_the_exponential_integral(name):
    """∫ exp(a - c/T) dT = e^a [T E2(c/T)]: exact for a straight ramp of an Arrhenius law."""
    from scipy.special import expn

    (band,) = damage.endpoint(name).bands
    low, high, seconds = celsius(37.0), celsius(97.0), 0.7
    primitive = [math.exp(band.a) * kelvin * float(expn(2, band.c / kelvin)) for kelvin in (low, high)]
    exact = seconds * (primitive[1] - primitive[0]) / (high - low)
    assert damage.arrhenius_integral([low, high], [0.0, seconds], name) == pytest.approx(exact, rel=1e-9)


def test_cem43_ramp_matches_its_closed_form():
    """∫ 2^(T - 43) dt on a straight ramp above 43 °C = t (2^u - 2^l) / (ln 2 (u - l)): exact, no quadrature."""
    seconds, low, high = 10.0, 44.0, 49.0
    exact = seconds / 60 * (2 ** (high - 43) - 2 ** (low - 43)) / (math.log(2) * (high - low))
    minutes = damage.cem43([celsius(low), celsius(high)], [0.0, seconds])
    assert minutes == pytest.approx(exact, rel=1e-10)


def test_splitting_a_ramp_changes_nothing():
    whole = damage.arrhenius_integral([celsius(40), celsius(70)], [0, 6], "weaver_stoll_1969")
    split = damage.arrhenius_integral(
        [celsius(40), celsius(49), celsius(58), celsius(70)], [0, 1.8, 3.6, 6], "weaver_stoll_1969"
    )
    assert split == pytest.approx(whole, rel=1e-9)


def test_a_step_counts_for_no_time():
    trace = [celsius(37), celsius(37), celsius(60), celsius(60)]
    stepped = damage.arrhenius_integral(trace, [0, 1, 1, 3], "henriques_moritz_1947")
    alone = damage.arrhenius_integral([celsius(37)] * 2, [0, 1], "henriques_moritz_1947")
    assert stepped - alone == pytest.approx(2 * float(damage.rate("henriques_moritz_1947", celsius(60))), rel=1e-12)


def test_a_field_is_integrated_cell_by_cell():
    rng = np.random.default_rng(3)
    field = celsius(37.0) + 30.0 * rng.random((6, 2, 3))
    time = np.array([0.0, 0.5, 0.7, 2.0, 2.0, 4.0])
    together = damage.arrhenius_integral(field, time, "takata_1974")
    assert together.shape == (2, 3)
    for cell in np.ndindex(2, 3):
        alone = damage.arrhenius_integral(field[(slice(None), *cell)], time, "takata_1974")
        assert together[cell] == pytest.approx(float(alone), rel=1e-9)


def test_time_between_two_temperatures_is_exact_on_a_ramp():
    """37 to 61 °C in 24 s: one kelvin a second, so 13 s lie between 42 and 55 °C and 16 s above 45 °C."""
    trace, time = [celsius(37), celsius(61)], [0.0, 24.0]
    assert damage.arrhenius_integral(trace, time, "heat_stimulus") == pytest.approx(13.0)
    assert damage.arrhenius_integral(trace, time, "heat_stimulus_or_above") == pytest.approx(19.0)
    assert damage.arrhenius_integral(trace, time, "comfort_45") == pytest.approx(16.0)
    assert damage.arrhenius_integral(trace, time, damage.time_within(celsius(50), celsius(52))) == pytest.approx(2.0)


def test_dose_halves_per_kelvin_above_43_and_quarters_below():
    rates = damage.rate("cem43", [celsius(43.0), celsius(44.0), celsius(42.0)]) * 60.0
    assert rates == pytest.approx([1.0, 2.0, 0.25])


def test_dose_cutoff_is_a_setting():
    kept = damage.cem43([celsius(38.0)] * 2, [0.0, 3600.0])
    cut = damage.cem43([celsius(38.0)] * 2, [0.0, 3600.0], cutoff=celsius(39.0))
    assert kept == pytest.approx(60 * 0.25**5)
    assert cut == 0.0
    above = damage.cem43([celsius(46.0)] * 2, [0.0, 60.0], cutoff=celsius(45.0))
    assert above == pytest.approx(8.0)


@pytest.mark.parametrize(("degrees", "seconds"), [(52.0, 10.0), (44.0, 0.5)])
def test_dose_warns_when_it_extrapolates(degrees, seconds):
    with pytest.warns(damage.ExtrapolationWarning, match="cem43 is extrapolated"):
        damage.cem43([celsius(degrees)] * 2, [0.0, seconds])


def test_dose_inside_its_range_is_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dose = damage.cem43([celsius(45.0)] * 2, [0.0, 600.0])
    assert float(dose) == pytest.approx(40.0)  # ten minutes, twice doubled


def test_a_branch_without_a_source_raises_and_never_reads_as_no_damage():
    hot = celsius(54.0)
    with pytest.raises(OutsideValidity, match="53 °C"):
        damage.rate("diller_klutke_1993", hot)
    with pytest.raises(OutsideValidity):
        damage.arrhenius_integral([celsius(37), hot], [0, 1], "diller_klutke_1993")
    with pytest.raises(OutsideValidity):
        damage.time_to("diller_klutke_1993", hot)
    assert damage.rate("diller_klutke_1993", celsius(52.9)) > 0.0


def test_burns_beyond_the_data_are_still_seen_but_flagged():
    assert damage.rate("henriques_moritz_1947", celsius(90)) > damage.rate("henriques_moritz_1947", celsius(70))
    assert "outside 44 to 70 °C" in damage.extrapolated("henriques_moritz_1947", celsius(90))
    assert damage.extrapolated("henriques_moritz_1947", celsius(60)) == ""


def test_takata_holds_its_rate_above_60_and_starts_at_44():
    assert damage.rate("takata_1974", celsius(75)) == pytest.approx(
        float(damage.rate("takata_1974", celsius(60))), rel=1e-9
    )
    assert damage.rate("takata_1974", celsius(43.9)) == 0.0
    assert math.isinf(damage.time_to("takata_1974", celsius(43.9)))
    assert damage.extrapolated("takata_1974", celsius(75))


def test_another_value_moves_only_the_set_it_belongs_to():
    facts = load().with_value(ROWS + "henriques_moritz_1947.prefactor", 6.2e98)
    at = celsius(60)
    changed = damage.rate("henriques_moritz_1947", at, facts)
    assert changed == pytest.approx(2 * float(damage.rate("henriques_moritz_1947", at)), rel=1e-12)
    assert damage.rate("agah_1994", at, facts) == damage.rate("agah_1994", at)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BUILDING), st.floats(37.0, 95.0), st.floats(0.0, 20.0))
def test_hotter_is_never_less_damage(name, degrees, more):
    cool, hot = damage.rate(name, [celsius(degrees), celsius(degrees + more)])
    assert hot >= cool * (1 - 1e-12)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(SOURCED),
    st.lists(st.tuples(st.floats(37.0, 85.0), st.floats(0.01, 5.0)), min_size=3, max_size=8),
    st.integers(1, 6),
)
def test_time_adds_up(name, pieces, cut):
    trace = np.array([celsius(degrees) for degrees, _ in pieces])
    time = np.cumsum([seconds for _, seconds in pieces])
    cut = min(cut, len(trace) - 2)
    first = damage.arrhenius_integral(trace[: cut + 1], time[: cut + 1], name)
    second = damage.arrhenius_integral(trace[cut:], time[cut:], name)
    assert first + second == pytest.approx(float(damage.arrhenius_integral(trace, time, name)), rel=1e-8, abs=1e-12)
    assert first >= 0.0


@settings(max_examples=40, deadline=None)
@given(st.floats(0.0, 50.0), st.floats(0.0, 5.0))
def test_denatured_fraction_stays_a_fraction_and_rises(omega, more):
    less, after = damage.denatured_fraction([omega, omega + more])
    assert 0.0 <= less <= after <= 1.0


@pytest.mark.parametrize(
    ("temperature", "time", "words"),
    [
        ([300.0, math.nan], [0, 1], "absolute temperature"),
        ([300.0, -1.0], [0, 1], "absolute temperature"),
        ([1e-300, 400.0], [0, 1], "allowed: 200 to 2000 K"),
        ([37.0, 60.0], [0, 1], "allowed: 200 to 2000 K"),
        ([300.0, 1e300], [0, 1], "allowed: 200 to 2000 K"),
        ([300.0, 310.0], [1, 0], "does not rise"),
        ([300.0, 310.0], [0, math.inf], "does not rise"),
        ([300.0, 310.0, 320.0], [0, 1], "one sample per time"),
        ([300.0], [0], "one sample per time"),
    ],
)
def test_bad_traces_are_refused(temperature, time, words):
    with pytest.raises(InputError, match=words):
        damage.arrhenius_integral(temperature, time, "agah_1994")


def test_a_law_too_steep_for_its_samples_is_refused():
    steep = damage.KineticSet("x", (damage.Band(0, math.inf, 0.0, 1e9),), "burn", (300.0, 330.0), "none", "unverified")
    with pytest.raises(InputError, match="too steep"):
        damage.arrhenius_integral([300.0, 400.0], [0.0, 1.0], steep)


@pytest.mark.parametrize("omega", [-1.0, [0.5, -1e-9]])
def test_what_is_no_damage_integral_has_no_fraction(omega):
    with pytest.raises(InputError, match="omega"):
        damage.denatured_fraction(omega)
    assert damage.denatured_fraction(math.inf) == 1.0
    assert math.isnan(damage.denatured_fraction(math.nan))  # not this tissue: no fraction, and no fault


@pytest.mark.parametrize("cutoff", [math.nan, -1.0, math.inf, "39 degC", True])
def test_a_cutoff_that_is_no_temperature_is_refused(cutoff):
    with pytest.raises(InputError, match="cutoff"):
        damage.cem43([celsius(44.0)] * 2, [0.0, 60.0], cutoff=cutoff)


def test_unknown_set_lists_the_known_ones():
    with pytest.raises(InputError, match="maitland_walsh_1997"):
        damage.endpoint("maitland")


def test_overlapping_bands_are_refused():
    with pytest.raises(InputError, match="overlap"):
        damage.KineticSet(
            "x", (damage.Band(0, 320, 0.0), damage.Band(310, 330, 0.0)), "burn", (300.0, 330.0), "none", "unverified"
        )
