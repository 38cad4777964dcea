"""Numbers as people read them: in the units of the clinic, to as many figures as mean something."""

from __future__ import annotations

import math
import re

from tauten.care.boiling import above, boils
from tauten.errors import InputError
from tauten.units import ZERO_CELSIUS, scale

__all__ = ["FOR_PEOPLE", "in_unit", "number", "percent", "power_of_ten", "pretty_unit", "quantity", "span"]

FOR_PEOPLE = {
    "K": "°C",
    "J/m2": "J/cm2",
    "W/m2": "W/cm2",
    "m": "mm",
    "m2": "cm2",
    "m3": "mm3",
    "rad": "deg",
    "Pa": "MPa",
    "Hz": "MHz",
}
"""The unit a figure is read in, by its SI unit; what is not listed is read in SI."""

_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number(value: float, digits: int = 3) -> str:
    """Return `value` to `digits` significant figures, never in exponent form a clinic would stumble over.

    >>> number(36.000000001), number(0.000123), number(123456.0), number(-0.0)
    ('36', '1.23 × 10⁻⁴', '123000', '0')
    """
    if math.isnan(value):
        return "not computed"
    if math.isinf(value):
        return "no bound" if value > 0 else "−no bound"
    if value == 0.0:
        return "0"
    mantissa, _, exponent = f"{abs(value):.{digits - 1}e}".partition("e")
    power, sign = int(exponent), "−" if value < 0 else ""
    if not -3 <= power < 7:
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{sign}{mantissa} × 10{str(power).translate(_RAISED)}"
    rounded = round(abs(value), digits - 1 - power)
    text = f"{rounded:.{max(0, digits - 1 - power)}f}"
    return sign + (text.rstrip("0").rstrip(".") if "." in text else text)


def power_of_ten(value: float) -> str:
    """Return a power of ten as people write it.

    >>> power_of_ten(1e-4), power_of_ten(1.0), power_of_ten(1000.0)
    ('10⁻⁴', '1', '10³')
    """
    power = round(math.log10(value))
    return "1" if power == 0 else "10" if power == 1 else f"10{str(power).translate(_RAISED)}"


def pretty_unit(unit: str) -> str:
    """Return a unit with raised figures; the dimensionless unit is an empty text.

    >>> pretty_unit("J/cm2"), pretty_unit("m2*K/W"), pretty_unit("1"), pretty_unit("degC")
    ('J/cm²', 'm²·K/W', '', '°C')
    """
    if unit in ("1", "", "dimensionless", "count"):
        return ""
    raised = re.sub(r"(?<=[A-Za-z])([23])", lambda m: str(m[1]).translate(_RAISED), unit)
    for written, read in (("*", "·"), ("degC", "°C"), ("um", "µm"), ("deg", "°"), ("CEM43", "min"), ("ohm", "Ω")):
        raised = raised.replace(written, read)
    return raised


def in_unit(value: float, si_unit: str, unit: str) -> float:
    """Return an SI `value` in `unit`; raises `InputError` when the two are not of one kind."""
    if si_unit == "K" and unit in ("°C", "degC", "C"):
        return value - ZERO_CELSIUS
    if si_unit == unit:
        return value
    return value / _scale(unit, si_unit)


def _scale(unit: str, si_unit: str) -> float:
    try:
        return scale("1" if unit == "" else unit, "dimensionless" if si_unit in ("1", "") else si_unit)
    except InputError:
        if unit == "%" and si_unit in ("1", ""):
            return 0.01
        raise


def quantity(value: float, si_unit: str, unit: str | None = None, digits: int = 3) -> str:
    """Return an SI `value` with its unit, in `unit` or the one people read it in.

    A temperature beyond boiling means nothing as a number and is told as "above 100 °C".

    >>> quantity(360000.0, "J/m2"), quantity(333.149999, "K"), quantity(1.5e-3, "m"), quantity(0.02, "s", "ms")
    ('36 J/cm²', '60 °C', '1.5 mm', '20 ms')
    """
    unit = unit or FOR_PEOPLE.get(si_unit, si_unit)
    if si_unit == "K" and boils(value):
        return above()
    if not math.isfinite(value):
        return number(value)
    found = in_unit(value, si_unit, unit)
    text = _degrees(found) if unit in ("°C", "degC", "C") else number(found, digits)
    return f"{text} {pretty_unit(unit)}".strip()


def span(low: float, high: float, si_unit: str, unit: str | None = None, digits: int = 3) -> str:
    """Return "low to high unit", or the one value where both read the same.

    >>> span(330.15, 341.0, "K"), span(5e4, 5e4, "J/m2")
    ('57 to 67.9 °C', '5 J/cm²')
    """
    first, last = quantity(low, si_unit, unit, digits), quantity(high, si_unit, unit, digits)
    if first == last:
        return last
    shown = pretty_unit(unit or FOR_PEOPLE.get(si_unit, si_unit))
    return f"{first.removesuffix(shown).strip() if math.isfinite(low) else first} to {last}"


def percent(share: float, digits: int = 2) -> str:
    """Return a share of one as a percentage.

    >>> percent(0.2345), percent(1.0), percent(3.2e-5), percent(0.996)
    ('23 %', '100 %', 'under 0.01 %', '99.6 %')
    """
    if not math.isfinite(share):
        return number(share)
    if 0.0 < abs(share) < 1e-4:
        return "under 0.01 %"
    close_to_one = 0.99 <= abs(share) < 1.0
    return f"{number(100.0 * share, 3 if close_to_one or abs(share) >= 1.0 else digits)} %"


def _degrees(value: float) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace("-", "−") if text != "-0" else "0"
