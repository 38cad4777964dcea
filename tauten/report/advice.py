"""What to try first and what would make a plan safer: the tables beside the plan itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tauten.facts import load
from tauten.report.numbers import number, percent, quantity
from tauten.report.standing import binding, goal_value, limit_value, planned_goal
from tauten.report.tables import Cell, Table
from tauten.report.wording import wording
from tauten.report.words import goal_words, limit_words, setting_words

if TYPE_CHECKING:
    from tauten.care.goals import GoalResult
    from tauten.care.limits import Margin
    from tauten.care.plan_types import Plan

__all__ = ["safer", "test_spot"]


def safer(plan: Plan) -> Table:
    """Return steps that would make the plan safer, and what each costs."""
    bound, goal = binding(plan), planned_goal(plan)
    name = limit_words(bound.limit) if bound else "binding limit"
    aim = f"Goal ({goal_words(goal.goal)}) becomes" if goal else "Goal becomes"
    return Table(
        "Single steps, the most protective first",
        ("Change", "From", "To", f"Upper end of {name}", aim),
        [
            (
                setting_words(a.setting, wording(plan).agent),
                quantity(a.before, a.si_unit, a.unit),
                Cell(quantity(a.after, a.si_unit, a.unit), "figure"),
                _step(bound, a.limit_before, a.limit_after),
                _goal_after(goal, a.goal_factor),
            )
            for a in plan.safer
        ],
        "mid",
    )


def test_spot(plan: Plan) -> Table:
    """Return the settings of a first try at reduced output, and when to read it."""
    spot, words = plan.test_spot, wording(plan)
    used = percent(max(0.0, spot.limit_used))
    return Table(
        words.trial,
        ("Setting", "Value"),
        [
            (words.strength, Cell(quantity(spot.value, spot.si_unit, spot.unit), "figure")),
            (f"share of the planned {words.strength}", percent(spot.share)),
            *((("passes", "1"),) if _passes(plan) > 1.0 else ()),
            ("all other settings", "as planned"),
            ("hottest surface to expect", quantity(spot.surface_peak, "K")),
            ("binding limit used, upper end", used),
            ("wait before reading it", Cell(_wait(spot.wait), note=load()["care/planning/test_spot.wait"].note)),
        ],
    )


def _step(bound: Margin | None, before: float, after: float) -> str:
    if bound is None:
        return f"{number(before)} to {number(after)}"
    first, last = limit_value(bound, before), limit_value(bound, after)
    if first != last:
        return f"{first} to {last}"
    fewer = before / after
    return f"{number(fewer, 2)} times less, still {last}" if fewer >= 1.1 else f"barely less, still {last}"


def _goal_after(goal: GoalResult | None, factor: float) -> str:
    if goal is None or not math.isfinite(factor):
        return "nothing to lose"
    if abs(factor - 1.0) < 5e-3:
        return f"{goal_value(goal, goal.value)}, unchanged"
    return goal_value(goal, goal.value * factor)


def _passes(plan: Plan) -> float:
    return next((s.value for s in plan.settings if s.name == "passes"), 1.0)


def _wait(seconds: float) -> str:
    hours = seconds / 3600.0
    return f"{number(hours, 2)} hours" if hours >= 1.0 else f"{number(seconds / 60.0, 2)} minutes"
