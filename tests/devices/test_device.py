import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.devices.beam import Rectangle
from tauten.devices.catalogue import catalogue, device
from tauten.devices.cooling import ContactPlate, Spray
from tauten.errors import InputError
from tauten.facts import CONFIDENCES, load

DEVICES = [d for d in catalogue().values() if d.method == "infrared"]
NAMES = [d.key for d in DEVICES]
EVERY_SETTING = [(d, s) for d in DEVICES for s in d.settings.values()]


@pytest.fixture
def lamp():
    return device("ir-lamp-1100-1800")


@pytest.fixture
def cryogen():
    return device("nd-yag-1320-cryogen")


def test_the_four_infrared_devices_are_there():
    assert all(d.driver == "fluence" for d in DEVICES)
    assert NAMES == ["er-glass-1540-sapphire", "ir-lamp-1100-1800", "nd-yag-1064-long-pulse", "nd-yag-1320-cryogen"]


@pytest.mark.parametrize("d", DEVICES, ids=NAMES)
def test_default_exposure_is_inside_every_range_and_can_be_delivered(d):
    exposure = d.exposure()
    assert d.settings["fluence"].holds(exposure.fluence)
    assert exposure.energy > 0
    assert exposure.device == d.key
    assert d.series()[0].exposure.energy == exposure.energy


@pytest.mark.parametrize("d", DEVICES, ids=NAMES)
def test_published_settings_lie_in_the_range_or_say_why_not(d):
    for published in d.published:
        assert bool(d.outside(published)) == bool(published.outside), (published.name, d.outside(published))


@pytest.mark.parametrize("d", DEVICES, ids=NAMES)
def test_every_number_and_statement_has_source_and_confidence(d):
    stated = [*(s.row for s in d.settings.values()), *d.rows.values(), *d.published, *d.cleared_uses, d.eye_hazard]
    stated += d.spot_rows.values()
    assert all(s.source and s.confidence in CONFIDENCES for s in stated)
    assert all(
        s.confidence in ("unverified", "product choice") for s in stated if s.source.startswith(("none", "practice"))
    )


@pytest.mark.parametrize("d", DEVICES, ids=NAMES)
def test_eyewear_covers_every_wavelength_the_device_emits(d):
    low, high = d.eye_hazard.wavelengths
    assert low <= d.spectrum.wavelengths.min() * (1 + 1e-9)
    assert high >= d.spectrum.wavelengths.max() * (1 - 1e-9)


@pytest.mark.parametrize("d", DEVICES, ids=NAMES)
def test_makers_are_named_only_as_published_and_tightening_is_off_label(d):
    brands = ("titan", "cutera", "thermage", "cooltouch", "aramis", "coolglide", "luxir", "palomar")
    claims = [d.key, d.name, *(u.text for u in d.cleared_uses), *(p.outcome for p in d.published)]
    assert not any(brand in text.lower() for brand in brands for text in claims)
    tightening = [u for u in d.cleared_uses if "tightening" in u.text.lower()]
    assert tightening
    assert all(u.kind == "off-label" for u in tightening)


@pytest.mark.parametrize("d", DEVICES, ids=NAMES)
def test_spectrum_and_spot_are_rows_that_say_who_vouches_and_never_move(d):
    for spot, beam in d.spots.items():
        used = {row.name.removeprefix(f"devices/{d.key}/"): row for row in d.rows_used(spot)}
        (size,) = (row for name, row in used.items() if name.startswith("spot."))
        colours = used["spectrum"]
        assert not size.has_spread
        assert not colours.has_spread
        across = beam.width if isinstance(beam, Rectangle) else 2.0 * beam.radius
        assert size.si == pytest.approx(across)
        assert colours.si == pytest.approx(float(np.dot(d.spectrum.wavelengths, d.spectrum.weights)))
        assert {size.file, colours.file} == {Path(d.file).name}
    assert d.rows_used() == d.rows_used(next(iter(d.spots)))
    with pytest.raises(InputError, match="not a choice"):
        d.rows_used("3 yd")


def test_the_lamps_unpublished_spectrum_counts_as_unverified_and_a_lasers_line_does_not(lamp, cryogen):
    shape, line = (d.rows[f"devices/{d.key}/spectrum"] for d in (lamp, cryogen))
    assert (shape.confidence, line.confidence) == ("unverified", "seen")
    assert "32 wavelengths" not in line.note
    assert f"{lamp.spectrum.wavelengths.size} wavelengths, 1112.5 to" in shape.note
    assert "Tanaka" in shape.source
    assert f"devices/{lamp.key}/spectrum" in lamp.with_facts()


def test_output_may_be_a_fifth_off_what_is_set(lamp):
    assert lamp.output_tolerance == pytest.approx(0.2)


def test_text_with_units_and_si_numbers_give_the_same_exposure(lamp):
    said = lamp.exposure(fluence="36 J/cm2", duration="3000 ms", plate_temperature="20 °C")
    given_si = lamp.exposure(fluence=360000.0, duration=3.0, plate_temperature=293.15)
    assert said.fluence == given_si.fluence == pytest.approx(360000.0)
    assert said.cooling == given_si.cooling


def test_lamp_cools_before_during_and_after_the_light(lamp):
    exposure = lamp.exposure(duration="4 s", pre_cooling="2 s", post_cooling="3 s", plate_temperature="5 degC")
    (plate,) = exposure.cooling
    assert isinstance(plate, ContactPlate)
    assert (plate.start, plate.stop, plate.temperature) == (-2.0, 7.0, pytest.approx(278.15))


def test_sapphire_lies_on_the_skin_only_while_the_plate_does():
    laser = device("nd-yag-1064-long-pulse")
    assert laser.exposure().index_above == pytest.approx(1.7545, abs=1e-4)
    bare = laser.exposure(cooling="none")
    assert bare.index_above == 1.0
    assert bare.cooling == ()


def test_lamp_light_is_spread_over_its_band_without_the_water_bands(lamp):
    nm, share = lamp.spectrum.wavelengths * 1e9, lamp.spectrum.weights
    assert nm.min() > 1100
    assert nm.max() < 1800
    assert share[(nm > 1400) & (nm < 1500)].sum() < 0.01  # the filter excludes 1400-1500 nm (Tanaka & Gale 2013)
    assert lamp.exposure().index_above.shape == nm.shape


def test_spurts_before_during_and_after_the_pulse_stay_on_the_skin_as_liquid(cryogen):
    exposure = cryogen.exposure(fluence="17 J/cm2", spray_before="5 ms", spray_during="5 ms", spray_after="20 ms")
    residence = load().si("devices/cooling/spray.residence")
    first, second = exposure.cooling
    assert isinstance(first, Spray)
    assert (first.start, first.stop) == (pytest.approx(-0.015), pytest.approx(-0.010 + residence))
    assert second.start == pytest.approx(0.025 - 0.0025)
    assert second.stop == pytest.approx(0.05 + 0.020 + residence)


def test_no_spray_no_contact(cryogen):
    assert cryogen.exposure(spray_before="0 ms").cooling == ()
    assert cryogen.exposure(cooling="none").cooling == ()


@pytest.mark.parametrize("spurt", [0.020, 0.100])
@pytest.mark.parametrize("coefficient", [15000.0, 25000.0, 35000.0])
def test_spray_rows_take_skin_to_the_temperatures_anvari_read(spurt, coefficient):
    """Half-space under Newton cooling: (T0 - Ts) / (T0 - Tf) = 1 - exp(x²) erfc(x), x = h sqrt(αt) / k."""
    rows = load().under("devices/cooling/spray")
    film, conductivity, heat_capacity = rows["film_temperature"].value, 0.37, 3.76e6
    x = coefficient * math.sqrt(conductivity / heat_capacity * spurt) / conductivity
    surface = 33.0 + (film - 33.0) * (1.0 - math.exp(x * x) * math.erfc(x))
    assert -9.0 <= surface <= 5.0


def test_facts_replace_the_rows_an_exposure_is_built_from(lamp):
    facts = lamp.with_facts()
    varied = facts.with_value(f"devices/{lamp.key}/return_fraction", 0.6)
    varied = varied.with_value("devices/cooling/contact_resistance", 8e-4)
    exposure = lamp.exposure(facts=varied)
    assert exposure.return_fraction == 0.6
    assert exposure.cooling[0].resistance == pytest.approx(8e-4)
    assert lamp.exposure().return_fraction == 0.3


@pytest.mark.parametrize(
    ("settings", "key", "words"),
    [
        ({"fluence": "90 J/cm2"}, "exposure.fluence", "allowed: 5 to 65 J/cm2"),
        ({"fluence": "4.9 J/cm2"}, "exposure.fluence", "outside this device's range"),
        ({"fluence": 36}, "exposure.fluence", "A bare number is in J/m2"),
        ({"fluence": "36"}, "exposure.fluence", "no unit"),
        ({"fluence": "36 s"}, "exposure.fluence", "wrong unit"),
        ({"fluence": "36 J/cm3"}, "exposure.fluence", "wrong unit"),
        ({"fluence": "much"}, "exposure.fluence", "not a number"),
        ({"fluence": "nan J/cm2"}, "exposure.fluence", "finite"),
        ({"fluence": math.nan}, "exposure.fluence", "finite"),
        ({"fluence": -360000.0}, "exposure.fluence", "outside"),
        ({"fluence": True}, "exposure.fluence", "not a number"),
        ({"duration": "0 s"}, "exposure.duration", "3 to 10 s"),
        ({"plate_temperature": 20.0}, "exposure.plate_temperature", "A bare number is in K"),
        ({"plate_temperature": "-10 degC"}, "exposure.plate_temperature", "0 to 30 degC"),
        ({"fluense": "36 J/cm2"}, "exposure.fluense", "Did you mean fluence"),
        ({"spray_before": "30 ms"}, "exposure.spray_before", "not a setting"),
        ({"spot": "3 mm"}, "exposure.spot", "10x15 mm"),
        ({"cooling": "spray"}, "exposure.cooling", "plate"),
        ({"passes": 3}, "exposure.passes", "series"),
    ],
)
def test_a_setting_the_lamp_does_not_allow_is_named_with_its_remedy(lamp, settings, key, words):
    with pytest.raises(InputError, match=words) as caught:
        lamp.exposure(**settings)
    assert caught.value.key == key


def test_pulses_are_whole_and_a_single_one_needs_no_period():
    laser = device("er-glass-1540-sapphire")
    with pytest.raises(InputError, match="whole number"):
        laser.exposure(pulses="2.5")
    assert laser.exposure(pulses=1).period is None
    assert laser.exposure(pulses="8").energy == pytest.approx(8 * laser.exposure(pulses=1).energy)


def test_plate_settings_without_a_plate_are_refused():
    with pytest.raises(InputError, match="does nothing with cooling = none"):
        device("nd-yag-1064-long-pulse").exposure(cooling="none", plate_temperature="5 degC")


def test_series_gives_the_passes_and_needs_room_between_them(lamp):
    three = lamp.series(passes=3, pass_interval="1 min", at=(2e-3, 0.0))
    assert [p.time for p in three] == [0.0, 60.0, 120.0]
    with pytest.raises(InputError, match="before the last has ended"):
        lamp.series(passes=2, pass_interval="10 s", duration="10 s")


@pytest.mark.parametrize(("d", "setting"), EVERY_SETTING, ids=[f"{d.key}-{s.name}" for d, s in EVERY_SETTING])
def test_both_ends_of_every_range_are_allowed_and_a_step_beyond_is_not(d, setting):
    reach = (setting.high - setting.low) * 0.01
    for inside in (setting.low, setting.default, setting.high):
        assert setting.read(inside) == inside
    for beyond in (setting.low - reach, setting.high + reach):
        with pytest.raises(InputError):
            setting.read(beyond)


@given(data=st.data())
def test_any_allowed_settings_make_an_exposure_that_holds_them(data):
    d = data.draw(st.sampled_from(DEVICES))
    chosen = {
        name: data.draw(st.floats(d.settings[name].low, d.settings[name].high), label=name)
        for name in ("fluence", "duration")
    }
    exposure = d.exposure(**chosen)
    assert exposure.fluence == chosen["fluence"]
    assert exposure.irradiance == pytest.approx(chosen["fluence"] / chosen["duration"])
    assert exposure.begins_at <= 0.0 < exposure.light_ends_at <= exposure.ends_at


def test_unknown_device_names_the_nearest():
    with pytest.raises(InputError, match="Did you mean nd-yag-1320-cryogen"):
        device("nd-yag-1320-criogen")


def test_a_device_cannot_be_edited(lamp):
    with pytest.raises(AttributeError):
        lamp.name = "other"
    with pytest.raises(TypeError):
        lamp.settings["fluence"] = None
    with pytest.raises(ValueError, match="read-only"):
        lamp.spectrum.weights[0] = 1.0
    assert np.isclose(lamp.spectrum.weights.sum(), 1.0)
