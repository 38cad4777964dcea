"""Goals: what a treatment is for, as figures that can be reached or missed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tauten.facts import Facts

__all__ = ["Goal", "GoalResult", "read_goals"]

_FIGURES = {"denatured": "mean.collagen_denaturation.{}", "stimulus": "mean.heat_stimulus.{}"}


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure of a method's goal, over a band of depth [m].

    `figure` is a name in `Treatment.summary`: "denatured" (mean of 1 - exp(-Ω), set named) or "stimulus".
    `planned_on` marks the one the optimiser maximises; the other is shown beside it.
    """

    name: str
    figure: str
    set_name: str
    top: float
    bottom: float
    target: float
    unit: str
    source: str
    confidence: str
    planned_on: bool


@dataclass(frozen=True, slots=True)
class GoalResult:
    """What the plan reaches: central `value`, `low` and `high` over the data rows' spreads, in the goal's unit."""

    goal: Goal
    value: float
    low: float
    high: float

    @property
    def reached(self) -> bool:
        """Whether the central value meets the target."""
        return self.value >= self.goal.target

    @property
    def shortfall(self) -> float:
        """How much is missing, as a share of the target (0 when reached)."""
        return max(0.0, 1.0 - self.value / self.goal.target)


def read_goals(method: str, facts: Facts, band: tuple[float, float] | None = None) -> tuple[Goal, ...]:
    """Return the goals of a method, the planned one first; `band` [m] replaces the method's own depth band."""
    about = _schema()[method]
    top, bottom = band or (facts.si(about["band_top"]), facts.si(about["band_bottom"]))
    goals = [
        _goal(name, figure, facts[figure["target"]], top, bottom, name == about["planned_on"])
        for name, figure in about["figures"].items()
    ]
    return tuple(sorted(goals, key=lambda goal: not goal.planned_on))


def _goal(name: str, about: Mapping[str, str], target: Any, top: float, bottom: float, planned_on: bool) -> Goal:
    return Goal(
        name, _FIGURES[name].format(about["set"]), about["set"], top, bottom, target.si,
        "s" if target.unit == "s" else "1", target.source, target.confidence, planned_on,
    )  # fmt: skip


@cache
def _schema() -> Mapping[str, Any]:
    return tomllib.loads((files("tauten") / "data" / "care" / "goals.toml").read_text(encoding="utf-8"))
