"""Reads one TOML table strictly: every value of the right kind, every key asked for, every fault with its line."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tauten.errors import InputError
from tauten.facts import CONFIDENCES, Row

__all__ = ["Table"]


class Table:
    """A TOML table being read: each value is taken once, and `finish` objects to what nobody asked for."""

    def __init__(self, data: Mapping[str, Any], name: str, path: Path, line_of: Callable[[str], int]) -> None:
        self._data, self._name, self._path, self._line_of = data, name, path, line_of
        self._taken: set[str] = set()

    def fault(self, problem: str, key: str = "", **about: Any) -> InputError:
        """Return the error `problem` about `key` of this table, with file and line."""
        full = ".".join(part for part in (self._name, key) if part)
        if about.get("unit") in ("1", "count"):  # what an error says without a unit
            about["unit"] = None
        return InputError(problem, key=full, file=self._path, line=self._line_of(full), **about)

    def has(self, key: str) -> bool:
        """Whether the table has `key`."""
        return key in self._data

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def take(self, key: str, kind: type | tuple[type, ...], words: str) -> Any:
        """Return the value of `key`; raises `InputError` when it is missing or of another kind than `words` says."""
        self._taken.add(key)
        if key not in self._data:
            near = get_close_matches(key, [k for k in self._data if k not in self._taken], n=1)
            remedy = f"Did you write {near[0]} for it?" if near else None
            raise self.fault("is missing", key, allowed=words, remedy=remedy)
        value = self._data[key]
        if not isinstance(value, kind) or isinstance(value, bool):
            raise self.fault("is of the wrong kind", key, value=repr(value), allowed=words)
        return value

    def text(self, key: str, allowed: tuple[str, ...] = (), default: str | None = None) -> str:
        """Return a text on one line, one of `allowed` where given."""
        if default is not None and key not in self._data:
            return default
        value = " ".join(self.take(key, str, " | ".join(allowed) or "text").split())
        if not value or (allowed and value not in allowed):
            raise self.fault("is not a choice", key, value=repr(value), allowed=" | ".join(allowed) or "some text")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """Return a finite number."""
        if default is not None and key not in self._data:
            return default
        value = float(self.take(key, (int, float), "a number"))
        if not math.isfinite(value):
            raise self.fault("is not a finite number", key, value=value)
        return value

    def numbers(self, key: str) -> list[float]:
        """Return a list of numbers."""
        values = self.take(key, list, "a list of numbers")
        if not values or any(isinstance(v, bool) or not isinstance(v, (int, float)) for v in values):
            raise self.fault("is not a list of numbers", key, value=values)
        return [float(v) for v in values]

    def choices(self, key: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        """Return some of the `allowed` words, in the order given."""
        values = self.take(key, list, " | ".join(allowed))
        if not values or any(v not in allowed for v in values) or len(set(map(str, values))) < len(values):
            raise self.fault("is not a list of choices", key, value=values, allowed=" | ".join(allowed))
        return tuple(values)

    def table(self, key: str) -> Table:
        """Return the table below `key`."""
        return self._below(key, self.take(key, dict, "a table"))

    def tables(self, key: str, optional: bool = False) -> list[Table]:
        """Return the tables of the list [[key]]; at least one unless `optional`."""
        if optional and key not in self._data:
            return []
        values = self.take(key, list, f"a list of tables, [[{key}]]")
        if not values or any(not isinstance(v, dict) for v in values):
            raise self.fault("is not a list of tables", key, allowed=f"[[{key}]]")
        return [self._below(f"{key}.{n}", v) for n, v in enumerate(values)]

    def row(self, full: str, units: tuple[str, ...], about: tuple[str, str] | None = None) -> Row:
        """Read value, low, high, unit, source, confidence, note.

        `about` gives source and confidence from outside; a confidence stated here all the same goes first.
        """
        unit = self.text("unit", units)
        if self.has("value"):
            value = self.number("value")
            low, high = self.number("low", value), self.number("high", value)
        else:
            low, high = self.number("low"), self.number("high")
            value = (low + high) / 2.0
        if not low <= value <= high:
            raise self.fault(
                "has a value outside its own range", value=value, allowed=f"{low:g} to {high:g}", unit=unit
            )
        source = about[0] if about else self.text("source")
        confidence = self.text("confidence", CONFIDENCES, about[1] if about else None)
        note = self.text("note", default="")
        return Row(
            full,
            value,
            low,
            high,
            unit,
            source,
            confidence,
            note=note,
            file=self._path.name,
            line=self._line_of(self._name),
        )

    def fixed(self, full: str, value: float, unit: str, source: str, confidence: str, note: str) -> Row:
        """Return a row without a spread, for what this table states otherwise than as value, low and high."""
        file, line = self._path.name, self._line_of(self._name)
        return Row(full, value, value, value, unit, source, confidence, note=note, file=file, line=line)

    def finish(self) -> None:
        """Raise `InputError` for the first key that nobody took."""
        for key in self._data:
            if key not in self._taken:
                near = get_close_matches(key, self._taken, n=1)
                raise self.fault("is unknown", key, remedy=f"Did you mean {near[0]}?" if near else "Leave it out.")

    def _below(self, key: str, data: Mapping[str, Any]) -> Table:
        return Table(data, f"{self._name}.{key}" if self._name else key, self._path, self._line_of)
