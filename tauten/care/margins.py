"""Where chosen settings stand against every limit, and what they do for every goal, each over its spread."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tauten.care.advice import rest_of
from tauten.care.boiling import boils
from tauten.care.choose import Choice
from tauten.care.goals import Goal, GoalResult
from tauten.care.limits import Limit, Margin
from tauten.care.optimise import Free, excess, most_of
from tauten.care.question import Question
from tauten.care.sensitivity import adverse_facts
from tauten.errors import NotConverged, Unphysical
from tauten.facts import Facts
from tauten.treatment import Treatment
from tauten.workers import ask_all

__all__ = ["goal_results", "margins"]

Settings = Mapping[str, Any]


def margins(choice: Choice) -> tuple[Margin, ...]:
    """Return where the settings stand against each limit; the one with the least headroom in the driver binds."""
    question, settings, adverse = choice.question, choice.best.settings, choice.adverse
    central = question.figures(settings, run=question.method.check)

    def at(point: Facts) -> Mapping[str, float]:
        return question.figures(settings, point, run=question.method.check)

    def margin(limit: Limit) -> Margin:
        # Adverse points are found to first order: another limit's may happen to be worse for this one.
        worst = max(adverse.values(), key=lambda point: at(point)[limit.figure])
        upper = at(worst)[limit.figure]
        room = _headroom(question, settings, limit, worst) if math.isfinite(limit.stop) else math.inf
        hot = boils(at(worst)["tissue.peak_temperature"])
        return Margin(limit, central[limit.figure], upper, room, rest=rest_of(limit, central), boils=hot)

    ask_all(at, adverse.values(), remember=True)
    found = ask_all(margin, question.limits)
    least = min(found, key=lambda m: m.headroom)
    return tuple(replace(m, binding=m is least) for m in found)


def _headroom(question: Question, settings: Settings, limit: Limit, facts: Facts) -> float:
    """How many times the output may grow (below 1: must shrink) before the limit's upper end meets stop.

    Looked for up to the method's row `headroom`.

    The delivered energy is scaled, not the setting: the answer may lie beyond what the machine can be set to.
    """
    delivered = facts[question.output].value

    def past(times: float) -> float:
        more = facts.with_value(question.output, times * delivered)
        try:
            return excess(limit, question.figures(settings, more)[limit.figure])
        except (NotConverged, Unphysical):
            return math.inf  # nobody can say what happens there: the room ends before it

    most = question.facts.si(question.method.headroom)
    return most_of(Free("times", 0.05, most, upward=1.0), past) or 0.0


def goal_results(choice: Choice, whole: Treatment) -> tuple[GoalResult, ...]:
    """Return what the full run reaches, and what it does at each goal's own lower and upper end.

    Trials of light are judged on the axis, where nothing is lost sideways; a goal read there would promise too much,
    so trials only give the factors.
    """
    question, settings, leads = choice.question, choice.best.settings, choice.question.method.leads
    central = question.figures(choice.probe, run="sweep")
    swept = question.figures(settings, run="sweep")
    shown = question.method.finish(question, settings, question.method.read(question, settings, whole))

    def result(goal: Goal) -> GoalResult:
        value = shown[goal.figure]
        lead = leads.get(goal.figure, goal.figure)
        ends = [adverse_facts(question.facts, choice.found, central, lead, sign) for sign in (-1.0, 1.0)]
        low, high = (question.figures(settings, facts, run="sweep")[goal.figure] for facts in ends)
        if swept[goal.figure] > 0.0:
            low, high = (value * end / swept[goal.figure] for end in (low, high))
        return GoalResult(goal, value, min(low, value), max(high, value))

    return tuple(ask_all(result, choice.goals))
