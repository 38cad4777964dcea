"""The levels drawn and told on the page, read from their rows: where heat stimulates, denatures and hurts."""

from __future__ import annotations

from tauten.facts import load
from tauten.report.numbers import number
from tauten.units import ZERO_CELSIUS

__all__ = ["collagen", "heated", "nerves", "painful", "stimulus", "stimulus_span"]


def _degrees(row: str) -> float:
    return load().si(row) - ZERO_CELSIUS


def stimulus() -> float:
    """Return where tissue begins to be stimulated [°C]."""
    return _degrees("tissue/kinetics/heat_stimulus.low")


def stimulus_span() -> str:
    """Return the span of temperatures that stimulate, as text without its unit.

    >>> stimulus_span()
    '42 to 55'
    """
    return f"{number(stimulus())} to {number(_degrees('tissue/kinetics/heat_stimulus.high'))}"


def collagen() -> float:
    """Return where collagen denatures within seconds [°C]."""
    return _degrees("evidence/figures/contour.collagen")


def heated() -> tuple[float, float]:
    """Return the peak temperatures whose lines are drawn round needles [°C]: collagen denatures, and a hotter one."""
    return collagen(), _degrees("evidence/figures/contour.hot")


def painful() -> tuple[float, float]:
    """Return where heat begins to hurt, and where it surely does [°C]."""
    return _degrees("tissue/kinetics/comfort.warm"), _degrees("tissue/kinetics/comfort.hot")


def nerves() -> tuple[float, float]:
    """Return between which depths heat-sensing nerve endings lie [m]."""
    row = load()["simulate/comfort.depth"]
    return row.si_low, row.si_high
