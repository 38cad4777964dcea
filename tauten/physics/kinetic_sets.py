"""Kinetic sets: published rate laws as temperature bands, built from data rows.

Every rate in this house is a set of bands, rate(T) = exp(a + b T - c / T) for low <= T < high and 0 outside all of
them. Arrhenius has a = ln A, c = E / R; CEM43 has b; a time between two temperatures has a = b = c = 0. One form means
one compiled line in the heat solver for every endpoint.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tauten.errors import InputError
from tauten.facts import Facts, load
from tauten.references import law
from tauten.units import kelvin_to_celsius

__all__ = ["Band", "KineticSet", "accumulated_time", "band_rate", "endpoint", "names", "thermal_dose", "time_within"]

GAS_CONSTANT = 8.31446261815324
"""Molar gas constant [J/mol/K], exact by the 2019 definition of the SI."""

ROWS = "tissue/kinetics/"


@dataclass(frozen=True, slots=True)
class Band:
    """rate(T) = exp(`a` + `b` T - `c` / T) [1/s] for `low` <= T < `high` [K]; `b` [1/K], `c` [K]."""

    low: float
    high: float
    a: float
    b: float = 0.0
    c: float = 0.0


@dataclass(frozen=True, slots=True)
class KineticSet:
    """A named endpoint: what builds up in time as the integral of `bands`, and how far its source reaches.

    `endpoint` says in words what the number means; `unit` is that of the integral. `valid` [K] is the range of the
    source's experiments; outside it rates are still evaluated, and `extrapolated` says so. `blank` [K] lists ranges
    with no sourced law: there the functions of this file raise `OutsideValidity`. `kind` is "arrhenius", "dose",
    "accumulated time" or "time"; `shortest` [s] is the shortest heating the source covers.
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
    shortest: float = 0.0

    def __post_init__(self) -> None:
        if any(b.high <= b.low for b in self.bands) or any(u.low < b.high for b, u in pairwise(self.bands)):
            raise InputError(
                "has bands that overlap or are out of order", key=self.name, allowed="rising temperatures", unit="K"
            )


@law(cite="henriques_1947")
def band_rate(a, b, c, temperature):
    """Rate of one band at `temperature` T [K]: exp(a + b T - c / T). [1/s]

    For an Arrhenius process `a` = ln A [ln(1/s)], `b` = 0 [1/K] and `c` = E / R [K]. One scalar or an array.

    >>> a, c = math.log(3.1e98), 6.28e5 / GAS_CONSTANT
    >>> round(1 / float(band_rate(a, 0.0, c, 333.15)), 3)  # seconds to Omega = 1 at 60 degC
    0.935
    """
    return np.exp(a + b * temperature - c / temperature)


# What the integral of each Arrhenius set means. Numbers, validity and sources are rows of tissue/kinetics.csv.
_ARRHENIUS = {
    "henriques_moritz_1947": "epidermal burn",
    "diller_klutke_1993": "epidermal burn",
    "weaver_stoll_1969": "epidermal burn",
    "takata_1974": "epidermal burn",
    "mehta_wong_epidermis": "epidermal burn",
    "mehta_wong_dermis": "dermal burn",
    "pearce_rat_skin": "collagen denaturation",
    "maitland_walsh_1997": "collagen denaturation",
    "agah_1994": "collagen denaturation",
}
_TIMES = {
    "heat_stimulus": ("heat stimulus", "heat_stimulus.low", "heat_stimulus.high"),
    "heat_stimulus_or_above": ("heat stimulus", "heat_stimulus.low", None),
    "comfort_43": ("heat discomfort", "comfort.warm", None),
    "comfort_45": ("heat discomfort", "comfort.hot", None),
}


def names() -> tuple[str, ...]:
    """Return every name that `endpoint` knows."""
    return (*_ARRHENIUS, "chen_1998", "cem43", *_TIMES)


def endpoint(name: str, facts: Facts | None = None) -> KineticSet:
    """Return the named kinetic set built from data rows; raises `InputError` that lists the names."""
    facts = facts or load()
    if name in _ARRHENIUS:
        return _arrhenius(name, facts)
    if name in _TIMES:
        words, low, high = _TIMES[name]
        return time_within(
            facts.si(ROWS + low), facts.si(ROWS + high) if high else math.inf,
            name=name, words=words, confidence=facts[ROWS + low].confidence,
        )  # fmt: skip
    if name == "chen_1998":
        return accumulated_time(facts=facts)
    if name == "cem43":
        return thermal_dose(facts=facts)
    raise InputError("is not a known kinetic set", key="endpoint", value=name, allowed=", ".join(names()))


@law(cite="sapareto_dewey_1984")
def thermal_dose(cutoff: float | None = None, facts: Facts | None = None) -> KineticSet:
    """Return CEM43 in equivalent minutes: R**(43 - T) minutes a minute, R = 0.5 at and above 43 °C, 0.25 below.

    Below `cutoff` [K] nothing counts (none by default). Source: Sapareto and Dewey 1984.
    """
    facts = facts or load()
    rows = facts.under(ROWS + "cem43")
    at, row = rows["reference"].si, rows["factor_above"]

    def band(low: float, high: float, factor: float) -> Band:
        slope = -math.log(factor)
        return Band(low, high, -slope * at - math.log(60.0), slope)

    below, above = band(cutoff or 0.0, at, rows["factor_below"].si), band(max(at, cutoff or 0.0), math.inf, row.si)
    bands = (below, above) if below.low < at else (above,)
    return KineticSet(
        "cem43", bands, "thermal dose", (0.0, rows["valid_high"].si), row.source, row.confidence, "dose", "min",
        shortest=rows["shortest"].si,
    )  # fmt: skip


def time_within(
    low: float, high: float = math.inf, *, name: str = "", words: str = "time", confidence: str = "product choice"
) -> KineticSet:
    """Return the endpoint "seconds spent at `low` <= T < `high`" [K]: a rate of one second a second."""
    name = name or f"time_{kelvin_to_celsius(low):g}_{kelvin_to_celsius(high):g}"
    return KineticSet(name, (Band(low, high, 0.0),), words, (0.0, math.inf), "definition", confidence, "time", "s")


@law(cite="chen_1998")
def accumulated_time(stress: float = 0.0, facts: Facts | None = None) -> KineticSet:
    """Return θ = ∫ dt / τ2(T, P) as a kinetic set, for the heat solver; `stress` P [Pa].

    Raises `InputError` for a negative stress.
    """
    if not stress >= 0.0:
        raise InputError("is not a tension", key="stress", value=stress, allowed="0 or more", unit="Pa")
    rows = (facts or load()).under(ROWS + "chen_1998")
    a = -rows["alpha"].si - rows["beta"].si * stress
    return KineticSet(
        "chen_1998" if stress == 0.0 else f"chen_1998_{stress / 1e3:g}kPa",
        (Band(0.0, math.inf, a, 0.0, rows["activation_temperature"].si),),
        "collagen shrinkage",
        (rows["valid_low"].si, rows["valid_high"].si),
        rows["alpha"].source,
        rows["alpha"].confidence,
        "accumulated time",
    )


def _arrhenius(name: str, facts: Facts) -> KineticSet:
    rows = facts.under(ROWS + name)

    def constants(branch: str) -> tuple[float, float, float]:
        log_a = rows[branch + "log_prefactor"].si if branch + "log_prefactor" in rows else None
        a = math.log(rows[branch + "prefactor"].si) if log_a is None else log_a
        energy = rows.get(branch + "energy")
        return a, 0.0, energy.si / GAS_CONSTANT if energy else rows[branch + "activation_temperature"].si

    starts = rows["starts"].si if "starts" in rows else 0.0
    blank: tuple[tuple[float, float], ...] = ()
    if "break" not in rows:
        bands: tuple[Band, ...] = (Band(starts, math.inf, *constants("")),)
    else:
        at = rows["break"].si
        bands = (Band(starts, at, *constants("low.")),)
        if "high.prefactor" not in rows:
            blank = ((at, math.inf),)
        elif "held_above" in rows:
            a, b, c = constants("high.")
            cap = rows["held_above"].si
            bands += (Band(at, cap, a, b, c), Band(cap, math.inf, a + b * cap - c / cap))
        else:
            bands += (Band(at, math.inf, *constants("high.")),)
    laws = [row for key, row in rows.items() if key.endswith(("prefactor", "energy", "temperature"))]
    doubtful = any(row.confidence == "unverified" for row in laws)
    return KineticSet(
        name, bands, _ARRHENIUS[name], (rows["valid_low"].si, rows["valid_high"].si), laws[0].source,
        "unverified" if doubtful else laws[0].confidence, blank=blank,
    )  # fmt: skip
