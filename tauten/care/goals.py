"""Goals: what a treatment is for, as figures that can be reached or missed."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from tauten.errors import InputError
from tauten.facts import Facts
from tauten.skin.skin import Skin

__all__ = ["Goal", "GoalResult", "aim", "read_goals"]

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


def aim(method: str, skin: Skin, facts: Facts, asked: tuple[float, float] | None = None) -> tuple[float, float]:
    """Return the depth band [m] in which collagen is read: `asked`, or the method's own, inside this skin's dermis.

    Facial dermis can end above the band that was measured on thicker skin; the reticular dermis is read then. Raises
    `InputError` when a band that was asked for holds no dermis.
    """
    about = _schema()[method]
    top, bottom = asked or (facts.si(about["band_top"]), facts.si(about["band_bottom"]))
    end = skin.bottom_of("dermis")
    if end >= top + 0.5 * (bottom - top):
        return top, min(bottom, end)
    if asked and end <= top:
        raise InputError(
            "holds no dermis",
            key="goal.depth",
            value=f"{top * 1e3:g} to {bottom * 1e3:g} mm",
            allowed=f"above {end * 1e3:.2g}",
            unit="mm",
            remedy="The dermis ends there at this site.",
        )
    return (top, end) if asked else (skin.top_of("reticular_dermis"), end)


def read_goals(method: str, facts: Facts, band: tuple[float, float]) -> tuple[Goal, ...]:
    """Return the goals of a method, read in the depth `band` [m]; the planned one first."""
    about = _schema()[method]
    top, bottom = band
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
