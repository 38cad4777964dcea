"""What one value of a case file may be: a number with its unit, a plain number, or a name from a list.

Bounds, defaults and examples are rows. A field turns text into an SI float, refuses what does not
fit with the facts an `InputError` needs, and says the same to a form through JSON Schema.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

from tauten.errors import InputError
from tauten.facts import Row, load
from tauten.units import si

__all__ = ["Name", "Number", "Quantity", "Value", "default", "refusal"]


def default(row: str) -> float:
    """Return the default in `row`, in SI units."""
    return load().si(row)


@dataclass(frozen=True)
class _Field:
    row: str

    @property
    def bounds(self) -> Row:
        return load()[self.row]

    @property
    def allowed(self) -> str:
        return f"{_plain(self.bounds.low)} to {_plain(self.bounds.high)}"

    @property
    def unit_shown(self) -> str | None:
        return None if self.bounds.unit in ("1", "count") else self.bounds.unit

    def read(self, value: Any) -> float:
        raise NotImplementedError

    def schema(self) -> dict[str, Any]:
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return self.schema()


@dataclass(frozen=True)
class Quantity(_Field):
    """Text with its unit, such as "3 min"; becomes an SI float in `unit` inside the bounds of `row`."""

    unit: str

    def read(self, value: Any) -> float:
        """Return the SI value; refuses a bare number, a wrong unit, NaN and what lies outside the bounds."""
        row = self.bounds
        example = f'Write text with its unit, for example "{_plain(row.value)} {row.unit}".'
        if not isinstance(value, str):
            raise refusal("has no unit" if _is_number(value) else "is not a number with a unit", value, remedy=example)
        if self.unit == "1" and value.strip() and value.strip()[-1] in "0123456789.":
            raise refusal("has no unit", value, remedy=example)  # is 5 a fraction or a percentage? never guess
        try:
            number = si(value, self.unit)
        except InputError as error:
            raise refusal(error.problem, value, error.allowed, error.unit, error.remedy or example) from None
        if not row.si_low * (1 - 1e-12) <= number <= row.si_high * (1 + 1e-12):
            raise refusal("is outside the range", value, self.allowed, self.unit_shown)
        return number

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: text, with the range in words and an example."""
        row = self.bounds
        return {
            "type": "string",
            "description": f"a number with a unit of the kind {row.unit}; {self.allowed} {row.unit}",
            "examples": [f"{_plain(row.value)} {row.unit}"],
        }


@dataclass(frozen=True)
class Number(_Field):
    """A plain number inside the bounds of `row`; `whole` refuses fractions."""

    whole: bool = False

    def read(self, value: Any) -> float:
        """Return the number; refuses text, yes/no, NaN, fractions of a `whole` and what lies outside the bounds."""
        row = self.bounds
        example = f"Write it without quotes, for example {_plain(row.value)}."
        if not _is_number(value):
            raise refusal("is not a plain number", value, self.allowed, self.unit_shown, example)
        if not math.isfinite(value):
            raise refusal("is not a finite number", value, self.allowed, self.unit_shown)
        if self.whole and value != int(value):
            raise refusal("is not a whole number", value, self.allowed, self.unit_shown)
        if not row.low <= value <= row.high:
            raise refusal("is outside the range", value, self.allowed, self.unit_shown)
        return int(value) if self.whole else float(value)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: a number with its range and an example."""
        row = self.bounds
        kind, cast = ("integer", int) if self.whole else ("number", float)
        return {
            "type": kind,
            "minimum": cast(row.low),
            "maximum": cast(row.high),
            "examples": [cast(row.value)],
        }


@dataclass(frozen=True)
class Name:
    """A name out of a list that another room keeps; `names` is asked only when a file is read."""

    names: Callable[[], tuple[str, ...]]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": "string", "enum": list(self.names())}

    def read(self, value: Any) -> str:
        """Return the name as the list spells it."""
        names = self.names()
        if not isinstance(value, str) or value not in names:
            raise refusal("is unknown", value, " | ".join(names), choices=names)
        return value


@dataclass(frozen=True)
class Value:
    """Text or a number, as a device's settings take; what it may be is for the device to say."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return {"type": ["string", "number"]}

    def read(self, value: Any) -> str | float:
        """Return the value unchanged."""
        if not isinstance(value, str) and not _is_number(value):
            raise refusal("is neither text nor a number", value, remedy='Write text with its unit, such as "3 s".')
        return value


def refusal(
    problem: str,
    value: Any,
    allowed: str | None = None,
    unit: str | None = None,
    remedy: str | None = None,
    choices: tuple[str, ...] = (),
) -> PydanticCustomError:
    """Return the error pydantic passes on unchanged, with the facts of an `InputError`."""
    facts = {"problem": problem, "value": value, "allowed": allowed, "unit": unit, "remedy": remedy, "choices": choices}
    return PydanticCustomError("refusal", "{problem}", facts)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _plain(number: float) -> str:
    return f"{number:.12g}"
