"""What each layer meets: its peak temperature, and the damage in it by endpoint and kinetic set."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from tauten.care.boiling import beyond
from tauten.report.numbers import percent, quantity, span
from tauten.report.tables import Cell, Table
from tauten.report.wording import wording
from tauten.report.words import layer_words, set_words

if TYPE_CHECKING:
    from tauten.care.plan_types import DepthProfile, LayerResult, Plan

__all__ = ["damage", "temperatures"]

_STIMULUS = "heat stimulus"  # a time, which boiling does not make endless
_COMFORT = "heat discomfort"  # hurts, harms nothing: it has a figure of its own


def temperatures(plan: Plan) -> Table:
    """Return how warm each layer gets on the axis."""
    words = wording(plan)
    told = any(math.isfinite(layer.absorbed_fraction) for layer in plan.layers)
    absorbed = (f"Share of the {words.agent} absorbed",) if told else ()
    return Table(
        f"Layers, {words.middle}",
        ("Layer", "Depth", "Peak temperature", "Over the spread", "Reached at", *absorbed),
        [
            (
                _name(layer),
                span(layer.top, layer.bottom, "m")
                if math.isfinite(layer.bottom)
                else f"from {quantity(layer.top, 'm')}",
                Cell(
                    quantity(layer.peak_temperature, "K"),
                    "stop" if layer.boils else "figure",
                    note=beyond() if layer.boils else "",
                ),
                span(layer.peak_low, layer.peak_high, "K"),
                quantity(layer.time_of_peak, "s", digits=2),
                *((percent(layer.absorbed_fraction),) if told else ()),
            )
            for layer in plan.layers
        ],
        "mid",
    )


def damage(plan: Plan) -> Table:
    """Return each endpoint's largest value in each layer that it is read in, with its spread."""
    told = [p for p in plan.profiles if p.name != _COMFORT]
    profiles = [p for p in told if any(_peak(layer, p) is not None for layer in plan.layers)]
    shown = [layer for layer in plan.layers if any(_peak(layer, p) is not None for p in profiles)]
    return Table(
        "Damage by layer, the largest value in each",
        ("Endpoint", *(_name(layer) for layer in shown), "Limit: warn", "Limit: stop"),
        [
            (
                Cell(p.name, note=set_words(p.set_name)),
                *(_cell(layer, p) for layer in shown),
                *_limit(plan, p),
            )
            for p in profiles
        ],
        "wide",
    )


def _name(layer: LayerResult) -> str:
    return layer_words(layer.name)


def _peak(layer: LayerResult, profile: DepthProfile) -> float | None:
    return layer.facts.get(f"{profile.name.replace(' ', '_')}.{profile.set_name}")


def _cell(layer: LayerResult, profile: DepthProfile) -> Cell:
    value = _peak(layer, profile)
    if value is None:
        return Cell("–")
    inside = (profile.depth >= layer.top) & (profile.depth < layer.bottom) & np.isfinite(profile.low + profile.high)
    if layer.boils and not _is_share(profile) and profile.name != _STIMULUS:
        return Cell("beyond reading", "stop", note=beyond())
    if not inside.any():
        return Cell(_shown(value, profile), "figure")
    ends = (value, float(profile.low[inside].max()), float(profile.high[inside].max()))
    # Time between two temperatures need not rise with heat: the planned value may be the largest of the three.
    low, high = (_shown(end, profile) for end in (min(ends), max(ends)))
    return Cell(_shown(value, profile), "figure", note="" if low == high else f"{low} to {high}")


def _limit(plan: Plan, profile: DepthProfile) -> tuple[str, str]:
    for margin in plan.margins:
        limit = margin.limit
        if (limit.endpoint, limit.set_name) == (profile.name, profile.set_name):
            return quantity(limit.warn, limit.unit), quantity(limit.stop, limit.unit)
    return "–", "–"


def _shown(value: float, profile: DepthProfile) -> str:
    return percent(value) if _is_share(profile) else quantity(value, profile.unit, digits=2)


def _is_share(profile: DepthProfile) -> bool:
    return profile.name.startswith(("collagen", "coagulation"))
