"""Limits: how far an endpoint may go before the plan warns, and before it stops. Checked over the spread."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tauten.devices.catalogue import METHODS
from tauten.facts import Facts

__all__ = ["Limit", "Margin", "Verdict", "read_limits"]

Verdict = Literal["inside", "warn", "stop"]

_ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit: `endpoint` by kinetic set or measure `figure` (a name in `Treatment.summary`), in `unit` (SI)."""

    endpoint: str
    figure: str
    set_name: str
    warn: float
    stop: float
    unit: str
    source: str
    confidence: str
    logarithmic: bool = False  # rates compound: Ω and CEM43 spread by factors, temperatures by kelvin
    rows: tuple[str, ...] = ()

    def stops(self, value: float) -> bool:
        """Whether `value` is at the stop or past it; single precision may hold boiling water a hair below its point."""
        return value >= self.stop * (1.0 - _ROUNDING)

    def used(self, value: float, rest: float = 0.0) -> float:
        """Share of the way from `rest` to stop that `value` has used."""
        return (value - rest) / (self.stop - rest)


@dataclass(frozen=True, slots=True)
class Margin:
    """Where a plan stands against one limit.

    `value` is the central result, `upper` the result with every data row's spread combined on its adverse side; the
    verdict is read from `upper`. `headroom` is how many times the chosen fluence could grow before `upper` meets stop.
    `rest` is the figure before anything is done: 0 for a dose, the resting skin for a temperature. `boils` says that
    tissue does at the upper end: a size there is a lower bound.
    """

    limit: Limit
    value: float
    upper: float
    headroom: float
    binding: bool = False
    rest: float = 0.0
    boils: bool = False

    @property
    def verdict(self) -> Verdict:
        """Read from the upper end, never from the mean."""
        if not math.isfinite(self.upper) or self.limit.stops(self.upper):
            return "stop"
        return "warn" if self.upper >= self.limit.warn else "inside"

    @property
    def used(self) -> float:
        """Share of the way from rest to stop that the upper end has used: 1 is at the limit."""
        return self.limit.used(self.upper, self.rest)


def read_limits(facts: Facts, method: str = "infrared") -> tuple[Limit, ...]:
    """Return every limit of a method among the rows `care/limits/<endpoint>.<set or measure>.warn` and `.stop`.

    A row that begins with a method's name holds for that method alone, and in the place of the one for all. A limit
    without a stop row warns and never stops (its stop is infinite).
    """
    rows = facts.under("care/limits")
    found: dict[str, str] = {}
    for row in rows:
        name = row.rpartition(".")[0]
        owner, _, figure = name.partition(".")
        if owner not in METHODS:
            found.setdefault(name, name)
        elif owner == method:
            found[figure] = name
    return tuple(_limit(figure, f"care/limits/{name}", facts) for figure, name in found.items())


def _limit(figure: str, name: str, facts: Facts) -> Limit:
    warn = facts[f"{name}.warn"]
    stop = facts.rows.get(f"{name}.stop")
    endpoint, _, measure = figure.partition(".")
    return Limit(
        endpoint=endpoint.replace("_", " "),
        figure=figure,
        set_name=measure,
        warn=warn.si,
        stop=stop.si if stop else math.inf,
        unit={"degC": "K", "CEM43": "min", "mm3": "m3", "mm": "m", "MHz": "Hz", "%": "1"}.get(warn.unit, warn.unit),
        source=(stop or warn).source,
        confidence=(stop or warn).confidence,
        logarithmic=warn.unit in ("1", "CEM43"),
        rows=tuple(row.name for row in (warn, stop) if row),
    )
