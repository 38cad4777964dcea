"""Thermal damage: published rate laws as temperature bands, and their integrals over time.

Every rate in this house is a set of bands, rate(T) = exp(a + b T - c / T) for low <= T < high and 0 outside all of
them. Arrhenius has a = ln A, c = E / R; CEM43 has b; a time between two temperatures has a = b = c = 0. One form means
one compiled line in the heat solver for every endpoint.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tauten.errors import InputError
from tauten.facts import Facts, load
from tauten.units import ZERO_CELSIUS

__all__ = ["Band", "KineticSet", "band_rate", "endpoint"]

GAS_CONSTANT = 8.31446261815324
"""Molar gas constant [J/mol/K], exact by the 2019 definition of the SI."""


@dataclass(frozen=True, slots=True)
class Band:
    """rate(T) = exp(`a` + `b` T - `c` / T) [1/s] for `low` <= T < `high` [K]; `b` [1/K], `c` [K]."""

    low: float
    high: float
    a: float
    b: float = 0.0
    c: float = 0.0


def band_rate(a, b, c, temperature):
    """Rate of one band at `temperature` [K]: exp(a + b T - c / T). [1/s]"""
    return math.exp(a + b * temperature - c / temperature)


@dataclass(frozen=True, slots=True)
class KineticSet:
    """A named endpoint: what builds up in time as the integral of `bands`, and how far its source reaches.

    `endpoint` says in words what the number means; `unit` is that of the integral. `valid` [K] is the range of the
    source's experiments; outside it rates are still evaluated, and `extrapolated` says so. `blank` [K] lists ranges
    in which no sourced law exists: there the standalone functions raise `OutsideValidity`. `kind` is "arrhenius",
    "dose", "accumulated time" or "time".
    """

    name: str
    bands: tuple[Band, ...]
    endpoint: str
    valid: tuple[float, float]
    source: str
    confidence: str
    kind: str = "arrhenius"
    unit: str = "1"
    blank: tuple[tuple[float, float], ...] = ()


def endpoint(name: str, facts: Facts | None = None) -> KineticSet:
    """Return the named kinetic set built from data rows; raises `InputError` that lists the names."""
    facts = facts or load()
    if name == "cem43":
        low, high = math.log(0.25), math.log(0.5)
        at = ZERO_CELSIUS + 43.0
        bands = (
            Band(0.0, at, at * low - math.log(60.0), -low, 0.0),
            Band(at, math.inf, at * high - math.log(60.0), -high, 0.0),
        )
        return KineticSet(name, bands, "thermal dose", (0.0, 323.15), "sapareto_dewey_1984", "quoted", "dose", "min")
    if name == "henriques_moritz_1947":
        rows = "tissue/kinetics/" + name
        a, c = math.log(facts.si(rows + ".prefactor")), facts.si(rows + ".energy") / GAS_CONSTANT
        valid = facts.si(rows + ".valid_low"), facts.si(rows + ".valid_high")
        return KineticSet(name, (Band(0.0, math.inf, a, 0.0, c),), "epidermal burn", valid, "henriques_1947", "quoted")
    raise InputError("is not a known kinetic set", key="endpoint", value=name)
