"""What the patient's part is made of: chapters, the words one method adds, and figures as a patient reads them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tauten.care.boiling import boils, ceiling
from tauten.facts import Row, load
from tauten.report.numbers import number
from tauten.report.tables import Table
from tauten.units import kelvin_to_celsius

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["Chapter", "Own", "Tell", "degrees", "evidence_of", "figure", "items", "months", "share"]

Tell = Callable[..., str]
"""Gives the sentence of a key in the plan's language, its blanks filled by name."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A heading, its sentences, its lists (each with a heading of its own), and a table."""

    heading: str
    sentences: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    table: Table | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """What one method says in its own words: functions where it depends on the plan, keys where it does not.

    Without `work`, people go back to work the same day.
    """

    done: Callable[[Plan, Tell, str], tuple[str, ...]]
    feel: Callable[[Plan, Tell], tuple[str, ...]]
    after: Callable[[Plan, Tell], str]
    soon: Callable[[Plan, Tell, str], str]
    result: Callable[[Plan, Tell], tuple[str, ...]]
    risk: Callable[[Plan, Tell], tuple[str, ...]]
    eyes: str
    today: str
    reached: str
    missed: str
    unknown: tuple[str, ...]
    warm: tuple[str, ...] = ()
    work: Callable[[Plan, Tell], str] | None = None


def evidence_of(plan: Plan) -> Mapping[str, Row]:
    """Return the rows that sentences quote of the plan's method, by their short names."""
    return load().under(f"evidence/{plan.device.method}")


def items(text: str) -> tuple[str, ...]:
    """Return the items of a list that a sentence holds.

    >>> items("a blister; pain")
    ('a blister', 'pain')
    """
    return tuple(item.strip() for item in text.split(";"))


def degrees(kelvin: float) -> str:
    """Return a temperature [K] in whole degrees; one beyond boiling, whose number means nothing, as being above it."""
    return f"{'> ' if boils(kelvin) else ''}{round(kelvin_to_celsius(min(kelvin, ceiling())))} °C"


def figure(value: float) -> str:
    """Return a figure as a patient reads it."""
    return number(value)


def share(row: Row) -> str:
    """Return a row in whole percent."""
    return f"{number(round(row.value))} %"


def months(row: Row) -> str:
    """Return a row in days as months."""
    return number(row.value / 30.0)
