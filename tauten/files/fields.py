"""What one value of a case file may be: a number with its unit, a plain number, a name from a list, an answer.

Bounds, defaults and examples are rows. A field turns text into an SI float, refuses what does not fit with the facts
an `InputError` needs, and says the same to a form through JSON Schema.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import PydanticCustomError, core_schema

from tauten.errors import InputError
from tauten.facts import Row, load
from tauten.units import si

__all__ = ["Answer", "Choice", "Name", "Number", "Quantity", "Value", "Version", "default", "refusal"]


def default(row: str) -> float:
    """Return the default in `row`, in SI units."""
    return load().si(row)


class _Field(ABC):
    """A value that `read` checks and converts; `schema` says the same to a form."""

    @abstractmethod
    def read(self, value: Any) -> Any: ...

    @abstractmethod
    def schema(self) -> dict[str, Any]: ...

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        return self.schema()


@dataclass(frozen=True)
class _Bounded(_Field):
    """A number between the low and high end of the data row `row`; the row's value is the example."""

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


@dataclass(frozen=True)
class Quantity(_Bounded):
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
            raise refusal(error.problem, value, remedy=example) from None
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
class Number(_Bounded):
    """A plain number inside the bounds of `row`; `whole` refuses fractions."""

    whole: bool = False

    def read(self, value: Any) -> float:
        """Return the number; refuses text, yes/no, NaN, fractions of a `whole` and what lies outside the bounds."""
        row = self.bounds
        example = f"Write it without quotes, for example {_plain(row.value)}."
        if not _is_number(value):
            raise refusal("is not a plain number", value, self.allowed, self.unit_shown, example)
        if not _fits_a_float(value) or not math.isfinite(value):
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
        return {"type": kind, "minimum": cast(row.low), "maximum": cast(row.high), "examples": [cast(row.value)]}


@dataclass(frozen=True)
class Name(_Field):
    """A name out of a list another room keeps; `find` gives the list's own spelling or raises `InputError`."""

    names: Callable[[], Sequence[str]]
    find: Callable[[str], str] = str

    def read(self, value: Any) -> str:
        """Return the name as the list spells it."""
        names = self.names()
        try:
            found = self.find(value) if isinstance(value, str) else ""
        except InputError:
            found = ""
        if found not in names:
            raise refusal("is unknown", value, " | ".join(names), choices=names)
        return found

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: the names."""
        return {"type": "string", "enum": list(self.names())}


@dataclass(frozen=True)
class Answer(_Field):
    """An answer to a screening question: yes, no, unknown, or not applicable with the reason."""

    def read(self, value: Any) -> str:
        """Return the answer in lower case; TOML's true and false are refused, so that forms and files agree."""
        text = value.strip() if isinstance(value, str) else ""
        if text.lower() in ("yes", "no", "unknown"):
            return text.lower()
        if text.lower().startswith("not applicable:") and text.partition(":")[2].strip():
            return text
        remedy = f'Write "{"yes" if value else "no"}", in quotes.' if isinstance(value, bool) else None
        raise refusal("is not an answer", value, "yes | no | unknown | not applicable: <reason>", remedy=remedy)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: the answers."""
        return {"anyOf": [{"enum": ["yes", "no", "unknown"]}, {"type": "string", "pattern": "^not applicable: *[^ ]"}]}


@dataclass(frozen=True)
class Choice(_Field):
    """One name, or a list of names to choose from; what they may be is for another room to say."""

    def read(self, value: Any) -> tuple[str, ...]:
        """Return the names, one or more."""
        if isinstance(value, str):
            return (value,)
        if not isinstance(value, list):
            raise refusal("is not text", value, remedy='Put it in quotes, for example "ir-lamp-1100-1800".')
        if not value or not all(isinstance(name, str) for name in value):
            raise refusal("is not a list of names", value, remedy='Write it as ["one name", "another name"].')
        return tuple(value)

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: text, or a list of texts."""
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}


@dataclass(frozen=True)
class Value(_Field):
    """Text or a number, as a device's settings take; what it may be is for the device to say."""

    def read(self, value: Any) -> str | float:
        """Return the value unchanged."""
        if not isinstance(value, str) and not _is_number(value):
            raise refusal("is neither text nor a number", value, remedy='Write text with its unit, such as "3 s".')
        if not isinstance(value, str) and not _fits_a_float(value):
            raise refusal("is not a finite number", value)
        return value

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: text or a number."""
        return {"type": ["string", "number"]}


@dataclass(frozen=True)
class Version(_Field):
    """The version of the file's form; only `known` is read."""

    known: int

    def read(self, value: Any) -> int:
        """Return the version."""
        if not _is_number(value) or value != self.known:  # Python holds True == 1, so yes/no is asked for by kind
            remedy = "A newer Tauten may read it." if _is_number(value) and value > self.known else None
            raise refusal("is not a form of case file this Tauten reads", value, str(self.known), remedy=remedy)
        return self.known

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema: the one version."""
        return {"const": self.known}


def refusal(
    problem: str,
    value: Any,
    allowed: str | None = None,
    unit: str | None = None,
    remedy: str | None = None,
    choices: Sequence[str] = (),
) -> PydanticCustomError:
    """Return the error pydantic passes on unchanged, with the facts of an `InputError`."""
    if _is_number(value) and not _fits_a_float(value):
        value = math.inf if value > 0 else -math.inf  # pydantic prints what it is given, and an integer can be too long
    facts = {"problem": problem, "value": value, "allowed": allowed, "unit": unit, "remedy": remedy, "choices": choices}
    return PydanticCustomError("refusal", "{problem}", facts)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _fits_a_float(value: float) -> bool:
    """Whether a number, which may be an integer of any length, is within what a float holds."""
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _plain(number: float) -> str:
    return f"{number:.12g}"
