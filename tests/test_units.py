import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.errors import InputError
from tauten.units import celsius, kelvin_to_celsius, scale, show, si


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("36 J/cm2", "J/m2", 3.6e5),
        ("36 J/cm²", "J/m2", 3.6e5),
        ("1064 nm", "m", 1.064e-6),
        ("0.35 mm", "m", 3.5e-4),
        ("120 µm", "m", 1.2e-4),
        ("30 ms", "s", 0.03),
        ("2 min", "s", 120.0),
        ("5 °C", "K", 278.15),
        ("5 C", "K", 278.15),
        ("310.15 K", "K", 310.15),
        ("-26.07 degC", "K", 247.08),
        ("7 W/cm2", "W/m2", 7e4),
        ("5.5 %", "1", 0.055),
        ("0.055", "1", 0.055),
        ("1e-3 m", "m", 1e-3),
        (".5 mm", "m", 5e-4),
        ("4 Hz", "Hz", 4.0),
        ("36\u00a0J/cm2", "J/m2", 3.6e5),
        (" 5 percent ", "1", 0.05),
        ("400 ppm", "1", 4e-4),
        ("2", "count", 2.0),
        ("2 count", "count", 2.0),
        (2, "count", 2.0),
        (0.25, "m", 0.25),
        (3, "s", 3.0),
    ],
)
def test_text_with_its_unit_becomes_si(text, unit, expected):
    assert si(text, unit) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("given", "unit", "named"),
    [
        ("36", "J/m2", "no unit"),
        ("36 J", "J/m2", "wrong unit"),
        ("36 apples", "J/m2", "wrong unit"),
        ("thirty J/cm2", "J/m2", "not a number"),
        ("", "m", "not a number"),
        ("nan mm", "m", "not a finite"),
        ("inf mm", "m", "not a finite"),
        (math.nan, "m", "not a finite"),
        (math.inf, "m", "not a finite"),
        (True, "m", "not a number"),
        (None, "m", "not a number"),
        ([1.0], "m", "not a number"),
        *(
            (text, "1", "wrong unit")
            for text in ("5 %%", "5 % %", "5 deg", "0.05 rad", "0.05 count", "5 % ppm", "5 ％")
        ),
        *((text, "count", "wrong unit") for text in ("200 %", "2 percent", "2 ppm", "2 rad", "2 m")),
        *((text, "J/m2", "wrong unit") for text in ("36 % J/cm2", "36 J/cm2 %", "36 deg J/cm2", "36 J/cm2 count")),
        ("3 rad s", "s", "wrong unit"),
        ("5 %\x00", "1", "sign that cannot be seen"),
        ("5\x00", "1", "sign that cannot be seen"),
        ("36\u200b J/cm2", "J/m2", "sign that cannot be seen"),
        ("36\u2028J/cm2", "J/m2", "sign that cannot be seen"),
        ("\t36 J/cm2", "J/m2", "sign that cannot be seen"),
        ("٣٦ J/cm2", "J/m2", "not a number"),
        (10**400, "1", "not a finite"),
        pytest.param(-(16**5000), "m", "not a finite", id="beyond print"),
    ],
)
def test_what_is_no_quantity_is_refused_and_named(given, unit, named):
    with pytest.raises(InputError) as caught:
        si(given, unit, key="exposure.fluence")
    assert named in str(caught.value)
    assert "exposure.fluence" in str(caught.value)


@given(st.floats(-200, 2000))
def test_celsius_and_back(degrees):
    assert kelvin_to_celsius(celsius(degrees)) == pytest.approx(degrees, abs=1e-9)


@given(st.floats(1e-6, 1e6))
def test_the_unit_a_length_is_written_in_does_not_matter(millimetres):
    assert si(f"{millimetres!r} mm", "m") == pytest.approx(si(f"{millimetres * 1e3!r} um", "m"), rel=1e-12)


def test_scale_refuses_another_kind():
    assert scale("1/cm", "1/m") == pytest.approx(100.0)
    with pytest.raises(InputError, match="of the kind"):
        scale("J/cm2", "m")


@pytest.mark.parametrize(
    ("value", "unit", "shown", "text"),
    [
        (3.6e5, "J/m2", "J/cm2", "36 J/cm²"),
        (310.15, "K", "°C", "37 °C"),
        (1.5e-3, "m", "mm", "1.5 mm"),
        (0.0321, "s", "ms", "32.1 ms"),
    ],
)
def test_people_read_their_own_units(value, unit, shown, text):
    assert show(value, unit, shown) == text
