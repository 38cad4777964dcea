"""Checks of what a caller hands over: each returns the value in its plain kind, or raises `InputError` by name."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tauten.errors import InputError

__all__ = ["instance", "number", "whole"]


def number(
    value: object,
    key: str,
    low: float = -math.inf,
    high: float = math.inf,
    unit: str | None = None,
    *,
    open_low: bool = False,
    endless: bool = False,
    problem: str = "is out of range",
    allowed: str | None = None,
) -> float:
    """Return `value` as a float from `low` to `high` (above `low` with `open_low`; infinite only if `endless`).

    Raises `InputError` for text, a truth value, a list, nothing, NaN, or a number outside; `allowed` replaces the words
    for the range.
    """
    allowed = allowed or _range(low, high, open_low)
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise InputError("is not a number", key=key, value=repr(value), allowed=allowed, unit=unit)
    try:
        plain = float(value)
    except OverflowError:  # a whole number too long for a float
        plain = math.inf
    beyond = not low <= plain <= high or (open_low and plain == low)
    if math.isnan(plain) or beyond or (math.isinf(plain) and not endless):
        raise InputError(problem, key=key, value=value, allowed=allowed, unit=unit)
    return plain


def whole(value: object, key: str, low: int = 1, problem: str = "is not a whole number in range") -> int:
    """Return `value` as an int of `low` or more; raises `InputError` for anything else, 64.5 and True included."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)) or value < low:
        raise InputError(problem, key=key, value=repr(value), allowed=f"a whole number, {low} or more")
    return int(value)


def instance(value: object, kinds: Any, key: str, allowed: str) -> None:
    """Raise `InputError` unless `value` is one of `kinds`."""
    if not isinstance(value, kinds):
        raise InputError("is of the wrong kind", key=key, value=repr(value), allowed=allowed)


def _range(low: float, high: float, open_low: bool) -> str:
    if math.isinf(high):
        return "a finite number" if math.isinf(low) else f"above {low:g}" if open_low else f"{low:g} or more"
    return f"above {low:g}, up to {high:g}" if open_low else f"{low:g} to {high:g}"
