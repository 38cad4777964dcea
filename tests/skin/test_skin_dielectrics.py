"""What current finds in each layer, against the published rows and what is known of warm, cold and dry tissue."""

import cmath
import math

import numpy as np
import pytest

from tauten.errors import InputError, OutsideValidity
from tauten.facts import load
from tauten.skin import dielectrics
from tauten.skin.layer import NAMES, Layer
from tauten.skin.skin import Skin

ROWS = "tissue/dielectrics"


@pytest.fixture(scope="module")
def skin():
    return Skin.at("cheek", age=52, sex="female", phototype=3, bmi=24)


@pytest.fixture(scope="module")
def deep(skin):
    return skin.with_fascia().with_bone()


@pytest.mark.parametrize(
    ("name", "megahertz", "conductivity"),
    # Gabriel, Lau and Gabriel 1996: their formula and rows.
    [
        ("skin_dry", 1.0, 0.01324), ("skin_wet", 1.0, 0.22141), ("fat_not_infiltrated", 1.0, 0.02508),
        ("muscle", 1.0, 0.50269), ("skin_dry", 6.78, 0.14712), ("skin_wet", 6.78, 0.34308),
        ("fat_not_infiltrated", 6.78, 0.02778), ("muscle", 6.78, 0.6021),
    ],
)  # fmt: skip
def test_measured_rows_have_their_published_conductivity(name, megahertz, conductivity):
    assert dielectrics.measured(name, 1e6 * megahertz).real == pytest.approx(conductivity, rel=1e-3)


@pytest.mark.parametrize(("megahertz", "printed"), [(1.0, 0.0441), (6.78, 0.0496)])
def test_infiltrated_fat_has_the_conductivity_of_the_itis_row(megahertz, printed):
    # IT'IS tissue database, subcutaneous fat: three digits.
    assert dielectrics.measured("fat_infiltrated", 1e6 * megahertz).real == pytest.approx(printed, abs=5e-5)


@pytest.mark.parametrize(("name", "printed"), [("skin_dry", 0.00045), ("skin_wet", 0.0658)])
def test_a_table_printed_elsewhere_needs_the_static_term_that_the_paper_rounds_away(name, printed):
    # 100 kHz, table 3 of doi:10.1186/s12938-018-0473-9; the paper itself prints 0.000 S/m.
    half = 0.5 * 10.0 ** -len(str(printed).partition(".")[2])
    row = load()[f"{ROWS}/{name}.static"]
    assert (row.low, row.high) == (0.0, 0.0005)  # what rounds to 0.000
    bare = load().with_value(row.name, 0.0)
    assert abs(dielectrics.measured(name, 1e5).real - printed) <= half
    assert abs(dielectrics.measured(name, 1e5, bare).real - printed) > half


def test_one_relaxation_without_broadening_is_debyes():
    # At ωτ = 1 a Debye step shows half its height and loses the other half.
    frequency, tau = 1e6, 1.0 / (2.0 * math.pi * 1e6)
    y = dielectrics.cole_cole(frequency, 3.0, (10.0,), (tau,), (0.0,), 0.05)
    turn = 2.0 * math.pi * frequency * dielectrics.VACUUM_PERMITTIVITY
    assert y == pytest.approx(turn * 5.0 + 0.05 + 1j * turn * 8.0, rel=1e-12)


@pytest.mark.parametrize("name", dielectrics.MEASURED)
def test_conductivity_rises_and_permittivity_falls_with_frequency(name):
    # As any passive relaxing medium must.
    sweep = np.geomspace(1e5, 1e7, 25)
    found = np.array([dielectrics.measured(name, f) for f in sweep])
    assert np.all(np.diff(found.real) > 0.0)
    assert np.all(np.diff(found.imag / sweep) < 0.0)


def test_every_layer_a_skin_can_have_has_values(deep):
    assert {layer.name for layer in deep.layers} == set(NAMES)
    found = dielectrics.admittivity(deep, 1e6)
    assert len(found) == len(deep.layers)
    assert all(y.real > 0.0 and y.imag > 0.0 for y in found)
    by_name = dict(zip([layer.name for layer in deep.layers], found, strict=True))
    assert by_name["papillary_dermis"] == by_name["reticular_dermis"]
    assert by_name["fat"] == by_name["deep_fat"]
    assert dielectrics.admittivity(Skin((Layer("dermis", 2e-3),)), 1e6) == (by_name["reticular_dermis"],)


def test_dermis_is_not_what_a_surface_probe_finds(skin):
    # Wake 2016: almost constant from 10 kHz to 1 MHz, where wet skin more than triples from 100 kHz on.
    at = [layer.name for layer in skin.layers].index("reticular_dermis")
    low, high = (dielectrics.admittivity(skin, f)[at].real for f in (1e5, 1e6))
    assert high / low < 1.02
    assert dielectrics.measured("skin_wet", 1e6).real / dielectrics.measured("skin_wet", 1e5).real > 3.0
    row = load()[f"{ROWS}/dermis.conductivity_scale"]
    assert row.confidence == "unverified"
    tendon = dielectrics.measured("tendon", 1e6).real
    assert row.low * tendon == pytest.approx(dielectrics.measured("skin_wet", 1e6).real, rel=1e-2)
    assert row.high * tendon == pytest.approx(tendon)


def test_fat_carries_both_of_its_published_rows(skin):
    at = [layer.name for layer in skin.layers].index("fat")
    row = load()[f"{ROWS}/fat.infiltrated_share"]
    ends = [
        dielectrics.admittivity(skin, 1e6, facts=skin.facts.with_value(row.name, end))[at]
        for end in (row.low, row.high)
    ]
    assert ends == [dielectrics.measured("fat_not_infiltrated", 1e6), dielectrics.measured("fat_infiltrated", 1e6)]
    assert ends[1].real / ends[0].real == pytest.approx(1.76, abs=0.005)


def test_an_equal_share_of_two_rows_adds_half_of_each(skin):
    half = skin.facts.with_value(f"{ROWS}/stratum_corneum.wet_share", 0.5)
    mean = 0.5 * (dielectrics.measured("skin_dry", 2e6) + dielectrics.measured("skin_wet", 2e6))
    assert dielectrics.admittivity(skin, 2e6, facts=half)[0] == pytest.approx(mean, rel=1e-12)


def test_warmth_moves_conductivity_alone_and_layer_by_layer(skin):
    body = load().si(f"{ROWS}/reference.temperature")
    rested = dielectrics.admittivity(skin, 1e6)
    assert dielectrics.admittivity(skin, 1e6, body) == pytest.approx(rested)
    warm = dielectrics.admittivity(skin, 1e6, [body, body + 20.0, *[body] * (len(rested) - 2)])
    assert warm[1].real == pytest.approx(1.4 * rested[1].real)  # 2 % a kelvin
    assert warm[1].imag == pytest.approx(rested[1].imag)
    assert [*warm[:1], *warm[2:]] == pytest.approx([*rested[:1], *rested[2:]])
    slow = skin.facts.with_value(f"{ROWS}/temperature_coefficient", 1.5)
    assert dielectrics.admittivity(skin, 1e6, body + 20.0, slow)[1].real == pytest.approx(1.3 * rested[1].real)


def test_cold_tissue_conducts_like_cold_salt_water():
    # Jones and Bradshaw 1933: 0.1 demal KCl has 0.71379, 1.11667 and 1.28560 S/m at 0, 18 and 25 °C.
    at = {t: dielectrics.conductivity_factor(t + 273.15, 298.15, 0.02) for t in (0.0, 18.0, 25.0)}
    assert at[25.0] == 1.0
    assert at[18.0] == pytest.approx(1.11667 / 1.28560, rel=5e-3)
    assert at[0.0] == pytest.approx(0.71379 / 1.28560, rel=0.12)
    assert 1.0 - 0.02 * 25.0 < 0.71379 / 1.28560 < at[0.0]


def test_no_temperature_makes_conductivity_negative_or_jump():
    kelvin = np.linspace(233.15, 373.15, 2801)
    factor = np.array([dielectrics.conductivity_factor(float(t), 310.15, 0.02) for t in kelvin])
    assert factor.min() > 0.0
    steps = np.diff(factor)
    assert steps.min() > 0.0
    assert steps.max() <= 0.02 * 0.05 * (1.0 + 1e-9)


def test_drying_leaves_a_hundredth_and_half_the_water_half_of_the_conductivity():
    facts = load()
    share, power = (facts.si(f"{ROWS}/drying.{name}") for name in ("conductivity", "exponent"))
    left = [dielectrics.drying_factor(w, share, power) for w in (1.0, 0.5, 0.0)]
    assert left == pytest.approx([1.0, 0.505, 0.01])
    # Archie's square of the brine, the same ions in half of it.
    assert dielectrics.drying_factor(0.5, 0.0, power) == pytest.approx(0.5**2 / 0.5)


def test_rows_are_those_that_are_read(deep):
    asked = set()
    facts = deep.facts

    class Watched:
        def __getitem__(self, name):
            asked.add(name)
            return facts[name]

        def si(self, name):
            return self[name].si

        def under(self, prefix):
            return _Watching(prefix, facts.under(prefix), asked)

    dielectrics.dielectrics(deep, 1e6, Watched())
    assert asked == {row.name for row in dielectrics.rows(deep)}
    assert asked == {f"{ROWS}/{key}" for key in facts.under(ROWS)}  # and no row is there for nothing
    few = {row.name for row in dielectrics.rows(Skin((Layer("dermis", 2e-3),)))}
    assert f"{ROWS}/tendon.static" in few
    assert f"{ROWS}/muscle.static" not in few


class _Watching(dict):
    def __init__(self, prefix, rows, asked):
        super().__init__(rows)
        self.prefix, self.asked = prefix, asked

    def __getitem__(self, key):
        self.asked.add(f"{self.prefix}.{key}")
        return super().__getitem__(key)


def test_assumptions_tell_the_fat_the_dermis_and_the_probe(skin, deep):
    said = " ".join(dielectrics.assumptions(skin, 1e6))
    assert "fat differ by 76 % in conductivity, 0.0251 and 0.0441 S/m" in said
    assert "dermis is taken as 0.274 S/m at 1 MHz, between 0.222 and 0.392" in said
    assert "the low end is a surface probe's wet skin" in said
    assert "the stratum corneum that of dry skin and the epidermis that of wet skin" in said
    assert "2 % per kelvin (1.5 to 2 between sources)" in said
    assert "fascia" not in said
    assert "superficial fascia" in " ".join(dielectrics.assumptions(deep, 1e6))
    assert "at 6.78 MHz" in " ".join(dielectrics.assumptions(skin, 6.78e6))


@pytest.mark.parametrize("frequency", [0.99e5, 1.01e7, 0.0, -1e6, math.inf])
def test_frequency_outside_the_tables_is_refused(skin, frequency):
    for asked in (dielectrics.admittivity, dielectrics.dielectrics):
        with pytest.raises(OutsideValidity, match=r"0\.1 to 10 MHz"):
            asked(skin, frequency)
    with pytest.raises(OutsideValidity, match=r"0\.1 to 10 MHz"):
        dielectrics.measured("muscle", frequency)


def test_the_ends_of_the_range_are_inside(skin):
    assert all(cmath.isfinite(y) for f in (1e5, 1e7) for y in dielectrics.admittivity(skin, f))


@pytest.mark.parametrize("frequency", [math.nan, "1 MHz", None, True])
def test_what_is_no_frequency_is_refused(skin, frequency):
    with pytest.raises(InputError, match="frequency"):
        dielectrics.admittivity(skin, frequency)


@pytest.mark.parametrize("temperature", [37.0, 400.0, math.nan])
def test_temperature_no_tissue_has_is_refused(skin, temperature):
    with pytest.raises(OutsideValidity, match="rossmann_haemmerich_2014"):
        dielectrics.admittivity(skin, 1e6, temperature)


def test_a_layer_that_cannot_conduct_is_refused(skin):
    none = skin.facts.with_value(f"{ROWS}/muscle.conductivity_scale", 0.0)
    with pytest.raises(InputError, match=r"muscle\.conductivity"):
        dielectrics.admittivity(skin, 1e6, facts=none)


def test_an_unknown_measured_row_is_refused():
    with pytest.raises(InputError, match="skin_wet"):
        dielectrics.measured("skin", 1e6)
