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
from tauten.files.picture import down
from tauten.skin.skin import Skin

__all__ = ["Aim", "Goal", "GoalResult", "aim", "read_goals"]


@dataclass(frozen=True, slots=True)
class Aim:
    """Where a treatment aims: the `band` of depth [m], its `name`, the `layers` meant, and the `published` band [m]."""

    name: str
    band: tuple[float, float]
    layers: tuple[str, ...]
    published: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure of a method's goal, over a band of depth [m].

    `figure` is a name among a trial's figures, `set_name` the kinetic set behind it. `planned_on` marks the one the
    optimiser maximises; the other is shown beside it.
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


def aim(
    method: str, skin: Skin, facts: Facts, asked: tuple[float, float] | None = None, focus: float | None = None
) -> Aim:
    """Return where a treatment aims: the `asked` band of depth [m], or the method's own, inside the layers it is for.

    A head takes the band for its `focus` depth [m]. Raises `InputError` when a band that was asked for holds none of
    the layers, or lies below all there is.
    """
    about = _schema()[method]
    chosen = min(about["bands"], key=lambda band: _off(band, facts, focus))
    published = facts.si(f"{chosen['row']}_top"), facts.si(f"{chosen['row']}_bottom")
    read = _inside_dermis if about["reads"] == "dermis" else _inside_layers
    band = read(skin, tuple(chosen["layers"]), published, asked)
    return Aim(chosen["name"], band, tuple(chosen["layers"]), published)


def _off(band: Mapping[str, Any], facts: Facts, focus: float | None) -> float:
    """How far [m] a focus lies from the one a band is for; 0 where depth is nothing to choose by."""
    return abs(facts.si(f"{band['row']}_focus") - focus) if focus is not None and "focus" in band["by"] else 0.0


def _inside_dermis(
    skin: Skin, layers: tuple[str, ...], published: tuple[float, float], asked: tuple[float, float] | None
) -> tuple[float, float]:
    """Facial dermis can end above the band that was measured on thicker skin; the reticular dermis is read then."""
    top, bottom = asked or published
    end = skin.bottom_of("dermis")
    if end >= top + 0.5 * (bottom - top):
        return top, min(bottom, end)
    if asked and end <= top:
        raise InputError(
            "holds no dermis",
            key="goal.depth",
            value=f"{top * 1e3:g} to {bottom * 1e3:g} mm",
            allowed=f"above {down(end)}",
            remedy="The dermis ends there at this site.",
        )
    return (top, end) if asked else (skin.top_of("reticular_dermis"), end)


def _inside_layers(
    skin: Skin, layers: tuple[str, ...], published: tuple[float, float], asked: tuple[float, float] | None
) -> tuple[float, float]:
    """The part of the band that lies in its layers; the whole band where this skin has none of them there.

    A focus outside the layers is then a finding of its own.
    """
    top, bottom = asked or published
    end = float(skin.depths[-2])  # the deepest layer goes on
    if top >= end:
        raise InputError(
            "lies below the layers that are treated", key="goal.depth", value=f"{top * 1e3:g} to {bottom * 1e3:g} mm",
            allowed=f"above {down(end)}", remedy=f"The {skin.layers[-1].name} begins there.",
        )  # fmt: skip
    if asked:
        return asked
    here = [n for n, layer in enumerate(skin.layers) if layer.name in layers]
    if not here:
        return published
    top, bottom = max(top, float(skin.depths[here[0]])), min(bottom, float(skin.depths[here[-1] + 1]))
    return (top, bottom) if bottom > top else published


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
        name, about["figure"].format(set=about["set"]), about["set"], top, bottom, target.si,
        "s" if target.unit == "s" else "1", target.source, target.confidence, planned_on,
    )  # fmt: skip


@cache
def _schema() -> Mapping[str, Any]:
    return tomllib.loads((files("tauten") / "data" / "care" / "goals.toml").read_text(encoding="utf-8"))
