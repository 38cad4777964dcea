"""What sound finds in each layer, against the databases and water tables it was taken from."""

import math

import numpy as np
import pytest

from tauten.errors import InputError, OutsideValidity
from tauten.facts import load
from tauten.skin import acoustics
from tauten.skin.layer import NAMES, Layer
from tauten.skin.skin import Skin

DECIBEL = 20.0 / math.log(10.0) / 100.0  # Np/m in dB/cm


@pytest.fixture(scope="module")
def skin():
    return Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24)


@pytest.fixture(scope="module")
def found(skin):
    return acoustics.layers(skin, standoff=10.5e-3)


def test_couplant_comes_first_then_the_skin_and_the_last_layer_is_endless(skin, found):
    assert len(found) == len(skin.layers) + 1
    assert found[0].thickness == 10.5e-3
    assert [layer.thickness for layer in found[1:-1]] == [layer.thickness for layer in skin.layers[:-1]]
    assert math.isinf(found[-1].thickness)


def test_tissues_have_their_tabulated_values(found):
    # IT'IS: skin 1624 m/s, 1109 kg/m3, 1.84 dB/cm; SAT 3.5 Np/m at 0.5 MHz; muscle 1588.4 m/s, 0.6175 dB/cm.
    # Human fat at 37 °C: 1427.8 m/s.
    dermis, fat, muscle = found[4], found[5], found[6]
    assert (dermis.speed, dermis.density) == (1624.0, 1109.0)
    assert dermis.attenuation * DECIBEL == pytest.approx(1.84, abs=0.005)
    assert dermis.nonlinearity == pytest.approx(1.0 + 7.9 / 2.0)
    assert (fat.speed, fat.density) == (1427.8, 911.0)
    assert fat.attenuation * 0.5**fat.exponent == pytest.approx(3.5)
    assert (muscle.speed, muscle.density) == (1588.4, 1090.4)
    assert muscle.attenuation * DECIBEL == pytest.approx(0.6175, abs=5e-4)
    assert muscle.attenuation * 0.5**muscle.exponent == pytest.approx(3.35638, rel=1e-3)


def test_attenuation_of_skin_carries_the_ten_fold_spread_of_its_sources():
    row = load()["tissue/acoustics/skin.attenuation"]
    assert row.low * DECIBEL == pytest.approx(0.35, rel=1e-3)
    assert row.high * DECIBEL == pytest.approx(3.5, rel=1e-3)


@pytest.mark.parametrize(
    ("celsius", "speed"),
    # Del Grosso and Mader 1972, J Acoust Soc Am 52:1442: 1482.343, 1496.687 and 1509.127 m/s.
    [(20.0, 1482.343), (25.0, 1496.687), (30.0, 1509.127)],
)
def test_water_carries_sound_as_fast_as_measured(celsius, speed):
    assert acoustics.water_speed_marczak_1997(celsius + 273.15) == pytest.approx(speed, abs=0.05)


def test_speed_in_water_is_largest_at_74_degrees():
    kelvin = np.linspace(273.15, 368.15, 9501)
    speeds = [acoustics.water_speed_marczak_1997(float(t)) for t in kelvin]
    assert kelvin[int(np.argmax(speeds))] - 273.15 == pytest.approx(74.2, abs=0.3)  # Bilaniuk and Wong 1993: 74.17


@pytest.mark.parametrize(
    ("celsius", "low", "high"),
    # ITRUSST water 0.00217 dB/cm/MHz2 at 20; Duck 1990: 0.0014-0.0017 at 37.
    [(20.0, 0.00215, 0.0022), (37.0, 0.0013, 0.0017)],
)
def test_water_attenuates_as_the_tables_say(celsius, low, high):
    assert low <= acoustics.water_attenuation_pinkerton_1949(celsius + 273.15) * DECIBEL <= high


def test_water_between_head_and_skin_takes_the_temperature_told(skin):
    cold, warm = (acoustics.layers(skin, standoff=1e-2, temperature=t)[0] for t in (293.15, 310.15))
    assert cold.speed < warm.speed
    assert cold.attenuation > warm.attenuation
    each = acoustics.layers(skin, standoff=1e-2, temperature=[293.15, *[310.15] * 6])
    assert each[0] == cold
    assert each[5].speed == acoustics.layers(skin, standoff=1e-2)[5].speed


def test_fat_slows_by_2_7_m_per_second_and_kelvin_and_the_rest_stays(skin):
    cold, warm = (acoustics.layers(skin, standoff=1e-2, temperature=t) for t in (300.15, 310.15))
    assert cold[5].speed - warm[5].speed == pytest.approx(27.0)
    assert [c.speed for n, c in enumerate(cold[1:], 1) if n != 5] == [
        w.speed for n, w in enumerate(warm[1:], 1) if n != 5
    ]


@pytest.mark.parametrize("celsius", [34.0, 35.0, 37.0])
def test_speed_in_living_fat_stays_within_what_was_measured(skin, celsius):
    # Human fat 1427.8 +- 12.7 m/s at 37 and 1474.2 at 20 °C.
    row = load()["tissue/acoustics/fat.speed"]
    assert (row.low, row.high) == (pytest.approx(1427.8 - 12.7), pytest.approx(1474.2 + 12.7))
    assert row.low <= acoustics.layers(skin, standoff=1e-2, temperature=celsius + 273.15)[5].speed <= row.high


@pytest.mark.parametrize("name", NAMES)
def test_every_layer_there_is_has_all_its_rows(name):
    given = acoustics.layers(Skin.of(Layer(name, 1e-3)), standoff=1e-2)[1]
    assert given.speed > 1300.0
    assert given.attenuation > 0.0
    assert 0.0 < given.absorbed_fraction <= 1.0
    assert given.nonlinearity >= 1.0


@pytest.mark.parametrize("couplant", acoustics.COUPLANTS)
def test_rows_are_those_that_layers_reads(skin, couplant):
    deep = skin.with_fascia().with_bone()
    rows = {row.name for row in acoustics.rows(deep, couplant)}
    facts = skin.facts
    asked = set()

    class Watched:
        def __getitem__(self, name):
            asked.add(name)
            return facts[name]

        def __contains__(self, name):
            return name in facts

        def si(self, name):
            return self[name].si

        def under(self, prefix):
            return _Watching(prefix, facts.under(prefix), asked)

    acoustics.layers(deep, standoff=1e-2, couplant=couplant, facts=Watched())
    assert asked <= rows
    unread = {n for n in rows - asked if not n.endswith(".temperature")}
    assert unread <= {"tissue/acoustics/skin.nonlinearity"} | {n for n in rows if ".density" in n}


class _Watching(dict):
    def __init__(self, prefix, rows, asked):
        super().__init__(rows)
        self.prefix, self.asked = prefix, asked

    def __getitem__(self, key):
        self.asked.add(f"{self.prefix}.{key}")
        return super().__getitem__(key)


def test_facts_move_what_sound_finds(skin):
    varied = skin.facts.with_value("tissue/acoustics/skin.attenuation", 4.0)
    assert acoustics.layers(skin, standoff=1e-2, facts=varied)[3].attenuation == 4.0
    assert acoustics.layers(skin, standoff=1e-2)[3].attenuation == 21.158


def test_a_gap_of_air_is_refused_with_what_it_turns_back(skin):
    with pytest.raises(InputError, match=r"air, which turns 99\.9\d % of the sound back") as caught:
        acoustics.layers(skin, standoff=1e-2, couplant="air")
    assert caught.value.key == "exposure.couplant"
    assert "gel" in caught.value.remedy


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"couplant": "oil"}, InputError, "no couplant"),
        ({"standoff": 0.0}, InputError, "above 0 m"),
        ({"standoff": math.nan}, InputError, "above 0 m"),
        ({"standoff": "1 cm"}, InputError, "not a number"),
        ({"temperature": 400.0}, OutsideValidity, "marczak"),
        ({"temperature": 340.0}, OutsideValidity, "pinkerton"),
        ({"frequency": 0.9e6}, OutsideValidity, "1 to 50 MHz"),
        ({"frequency": 51e6}, OutsideValidity, "1 to 50 MHz"),
        ({"frequency": math.nan}, OutsideValidity, "1 to 50 MHz"),
    ],
)
def test_what_the_rows_do_not_hold_for_is_refused(skin, asked, error, words):
    with pytest.raises(error, match=words):
        acoustics.layers(skin, **{"standoff": 1e-2, **asked})


@pytest.mark.parametrize("frequency", [1e6, 4e6, 10e6, 50e6])
def test_both_ends_of_the_frequencies_are_inside(skin, frequency):
    assert acoustics.layers(skin, standoff=1e-2, frequency=frequency)


def test_assumptions_say_which_numbers_are_wide(skin):
    said = " ".join(acoustics.assumptions(skin))
    assert "Attenuation of the skin differs 10-fold between sources, 0.35 to 3.5 dB/cm" in said
    assert "only its speed in fat by -2.7 m/s per kelvin changes with it, as published from 20 to 37 °C" in said
    assert "The speed in fat, 1427.8 m/s at 37 °C, lies between sources from 1415 to 1487 m/s" in said
    assert "beyond the 50 MHz its rows hold to" in said
    assert "while it warms" not in said
    assert "bone" not in said.lower()
    bare = " ".join(acoustics.assumptions(Skin.of(Layer("dermis", 2e-3), Layer("muscle", 1e-2))))
    assert "as at 37 °C, whatever its temperature" in bare
    assert "speed in fat" not in bare
    deep = " ".join(acoustics.assumptions(skin.with_fascia().with_bone(), "gel"))
    for words in ("superficial fascia has no measured value", "Bone is taken as a fluid", "coupling gel"):
        assert words in deep
