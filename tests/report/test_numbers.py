"""Numbers as people read them: no noise, no exponents a clinic would stumble over, always a unit."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.errors import InputError
from tauten.report.numbers import number, percent, quantity, span

finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e30, max_value=1e30)


def read_back(text: str) -> float:
    raised = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
    plain = text.replace("−", "-").replace(" × 10", "e").translate(raised)
    return float(plain)


@given(finite)
def test_a_number_reads_back_to_its_own_figures(value: float) -> None:
    assert read_back(number(value)) == pytest.approx(value, rel=6e-3, abs=1e-300)


@given(finite)
def test_a_number_carries_no_noise_and_no_computer_exponent(value: float) -> None:
    text = number(value)
    assert not re.search(r"e[+-]?\d|\.\d{6,}|\.0$", text)


@pytest.mark.parametrize(
    ("value", "si_unit", "unit", "text"),
    [
        (3.6e5, "J/m2", None, "36 J/cm²"),
        (3.6e5, "J/m2", "J/cm2", "36 J/cm²"),
        (310.15, "K", None, "37 °C"),
        (272.65, "K", None, "−0.5 °C"),
        (278.15, "K", "degC", "5 °C"),
        (0.0033, "s", "ms", "3.3 ms"),
        (4.0, "1", "count", "4"),
        (15.0, "min", None, "15 min"),
        (60e-6, "m", None, "0.06 mm"),
        (1e6, "W/m2", "W/cm2", "100 W/cm²"),
    ],
)
def test_quantities_are_read_in_the_units_of_the_clinic(
    value: float, si_unit: str, unit: str | None, text: str
) -> None:
    assert quantity(value, si_unit, unit) == text


def test_a_unit_of_another_kind_is_an_error() -> None:
    with pytest.raises(InputError):
        quantity(1.0, "K", "J/cm2")


def test_a_span_names_its_unit_once() -> None:
    assert span(283.15, 303.15, "K", "degC") == "10 to 30 °C"
    assert span(1e-3, 2e-3, "m") == "1 to 2 mm"


def test_nearly_all_is_not_rounded_to_all() -> None:
    assert percent(0.996) == "99.6 %"
    assert percent(1e-6) == "under 0.01 %"


def test_what_was_not_computed_says_so() -> None:
    assert number(math.nan) == "not computed"
    assert number(math.inf) == "no bound"
