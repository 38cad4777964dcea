"""Beside the plan: steps that would make it safer, each with its cost, and the first spot to try."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from tauten.care.goals import Goal
from tauten.care.limits import Limit
from tauten.care.method import Step
from tauten.care.optimise import Free
from tauten.care.plan_types import Advice, TestSpot
from tauten.care.question import Question
from tauten.facts import Facts
from tauten.workers import ask_all

__all__ = ["rest_of", "safer", "test_spot"]

Settings = Mapping[str, Any]


def safer(question: Question, settings: Settings, limit: Limit, facts: Facts, goal: Goal) -> tuple[Advice, ...]:
    """Offer the steps that move the binding limit away from its stop, the most protective first, with their cost."""
    before_limit, before_goal = question.figures(settings, facts)[limit.figure], question.figures(settings)[goal.figure]

    def offered(step: Step) -> Advice | None:
        name = step.setting
        setting = question.device.settings[name]
        value = step.taken(settings[name], question.facts)
        # The offer ends where the machine's own range ends, or what fits beside the other settings.
        most = max(settings[name], question.method.high(question, name))
        value = min(max(value, setting.low), setting.high, most)
        if value == settings[name]:
            return None
        changed = {**settings, name: value}
        after_limit, after_goal = question.figures(changed, facts)[limit.figure], question.figures(changed)[goal.figure]
        if not after_limit < before_limit:
            return None
        return Advice(
            name, settings[name], value, setting.si_unit, setting.unit, before_limit, after_limit,
            after_goal / before_goal if before_goal > 0.0 else math.nan,
        )  # fmt: skip

    found = ask_all(offered, (step for step in question.method.steps if step.setting in settings))
    advice = [each for each in found if each is not None]
    return tuple(sorted(advice, key=lambda each: each.limit_after))


def rest_of(limit: Limit, figures: Mapping[str, float]) -> float:
    """Return what a limit's figure reads before anything is done: the resting skin's temperature [K], or no dose."""
    return figures["skin_surface.rest_temperature"] if limit.unit == "K" else 0.0


def test_spot(question: Question, settings: Settings, limit: Limit, facts: Facts) -> TestSpot:
    """Return a first spot at a share of the planned driver, one pass, and what to expect of it."""
    rows, method = question.facts.under("care/planning/test_spot"), question.method
    setting = question.device.settings[method.driver]
    planned = settings[method.driver]
    value = max(
        setting.low,
        Free(method.driver, setting.low, setting.high, setting.si_step).snap(planned * rows["share"].si),
    )
    spot = {**settings, method.driver: value, **{name: 1 for name in method.once if name in settings}}
    figures, worst = question.figures(spot), question.figures(spot, facts)
    return TestSpot(
        value, value / planned, figures["skin_surface.peak_temperature"], rows["wait"].si,
        limit.used(worst[limit.figure], rest_of(limit, worst)), method.driver, setting.si_unit, setting.unit,
    )  # fmt: skip
