"""Units at the edge: text such as "7 W/cm2" becomes an SI float, and back for people.

Nothing inside Tauten carries a unit object: floats are SI, and this is the only file that knows `pint`. Never call it
in a loop; convert once, at the edge.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache, lru_cache
from typing import Any

from tauten.errors import InputError

__all__ = ["ZERO_CELSIUS", "celsius", "kelvin_to_celsius", "scale", "show", "si"]

ZERO_CELSIUS = 273.15
"""The ice point [K], exact by definition of the Celsius scale."""

_NUMBER = re.compile(
    r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|[+-]?nan|[+-]?inf(?:inity)?)\s*(.*?)\s*".replace(r"\d", "[0-9]"), re.I
)
_PLAIN = {"1": {"": 1.0, "%": 1e-2, "percent": 1e-2, "ppm": 1e-6}, "count": {"": 1.0, "count": 1.0}}
"""What may follow the number where the quantity has no dimension; anything more would be a guess."""
_CELSIUS_NAMES = {"°C", "degC", "C", "celsius", "Celsius"}


@cache
def _registry() -> Any:
    import pint  # 0.5 s to import: only when the first unit is read

    registry: Any = pint.UnitRegistry(autoconvert_offset_to_baseunit=True)
    registry.define("percent = 0.01 = % ")
    return registry


@lru_cache(maxsize=512)
def _unit(text: str) -> Any:
    cleaned = text.replace("µ", "u").replace("μ", "u").replace("²", "**2").replace("³", "**3").replace("°C", "degC")
    cleaned = re.sub(r"(?<=[a-zA-Z])(\d)", r"**\1", cleaned)  # cm2 -> cm**2, as people write it
    return _registry().Unit(cleaned)


@lru_cache(maxsize=512)
def scale(unit: str, si_unit: str) -> float:
    """Return how many `si_unit` one `unit` is. Scales only; a temperature with an offset goes through `si`.
    Raises `InputError` for a unit that is unknown or of another kind than `si_unit`.

    >>> scale("J/cm2", "J/m2")
    10000.0
    """
    registry = _registry()
    try:
        return float(round(registry.Quantity(1.0, _unit(unit)).to(_unit(si_unit)).magnitude, 15))
    except Exception as error:
        raise InputError("does not fit", key="unit", value=unit, allowed=f"a unit of the kind {si_unit}") from error


def celsius(degrees: float) -> float:
    """Return the absolute temperature [K] of `degrees` Celsius.

    >>> celsius(37.0)
    310.15
    """
    return degrees + ZERO_CELSIUS


def kelvin_to_celsius(kelvin: float) -> float:
    """Return degrees Celsius of an absolute temperature [K]."""
    return kelvin - ZERO_CELSIUS


def si(quantity: str | float, unit: str, *, key: str = "value") -> float:
    """Return `quantity` as a float in `unit`, which must be SI.

    A float (or int) is taken to be in `unit` already. Text needs its unit, unless `unit` is dimensionless: "1" takes
    a bare number, %, percent or ppm, "count" a bare number or count, and both nothing else. Raises `InputError` when
    the text is no number, has no or the wrong unit, holds control characters, or is not finite.

    >>> si("36 J/cm2", "J/m2")
    360000.0
    >>> si("5 °C", "K")
    278.15
    """
    if isinstance(quantity, bool) or not isinstance(quantity, (int, float, str)):
        raise InputError(
            "is not a number with a unit", key=key, value=repr(quantity), allowed=f'text such as "1 {unit}"'
        )
    if not isinstance(quantity, str):
        return _finite(quantity, quantity, key)
    if any(unicodedata.category(sign)[0] == "C" or sign in "\u2028\u2029" for sign in quantity):
        raise InputError(
            "holds a sign that cannot be seen", key=key, value=ascii(quantity), remedy="Write it anew, without it."
        )
    match = _NUMBER.fullmatch(quantity)
    if not match:
        raise InputError(
            "is not a number with a unit", key=key, value=repr(quantity), allowed=f'text such as "1 {unit}"'
        )
    number, text = float(match[1]), match[2]
    _finite(number, quantity, key)
    if unit in _PLAIN:
        if text not in _PLAIN[unit]:
            allowed = ", ".join(name or "a bare number" for name in _PLAIN[unit])
            raise InputError("has the wrong unit", key=key, value=repr(quantity), allowed=allowed)
        return number * _PLAIN[unit][text]
    if not text:
        raise InputError(
            "has no unit", key=key, value=repr(quantity), remedy=f'Write the unit, for example "{match[1]} {unit}".'
        )
    if unit == "K" and text in _CELSIUS_NAMES:
        return celsius(number)
    from pint.util import to_units_container

    registry = _registry()
    try:
        if any(registry.Unit(part).dimensionless for part in to_units_container(_unit(text))):
            raise ValueError("a % or an angle beside the unit would scale the number unseen")
        converted = registry.Quantity(number, _unit(text)).to(_unit(unit))
    except Exception as error:
        raise InputError(
            "has the wrong unit", key=key, value=repr(quantity), allowed=f"a unit of the kind {unit}"
        ) from error
    return _finite(float(converted.magnitude), quantity, key)


def show(value: float, si_unit: str, unit: str, digits: int = 3) -> str:
    """Return an SI `value` as text in `unit`, to `digits` significant figures, for people.

    Raises `InputError` for a `unit` of another kind.

    >>> show(360000.0, "J/m2", "J/cm2")
    '36 J/cm²'
    >>> show(310.15, "K", "°C")
    '37 °C'
    """
    number = kelvin_to_celsius(value) if si_unit == "K" and unit in _CELSIUS_NAMES else value * scale(si_unit, unit)
    pretty = re.sub(r"(?<=[a-zA-Z])2", "²", re.sub(r"(?<=[a-zA-Z])3", "³", unit)).replace("degC", "°C")
    return f"{number:.{digits}g} {pretty}".replace("e+0", "e").strip()


def _finite(number: float, original: object, key: str) -> float:
    try:
        if math.isfinite(number):
            return float(number)
    except OverflowError:  # an integer beyond every float
        original = f"{'-' if number < 0 else ''}1e{int(math.log10(abs(number)))}"
    raise InputError("is not a finite number", key=key, value=original, remedy="Give an ordinary number.")
