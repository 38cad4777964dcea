"""The clinician's part: its tables, formatted, in the order they are read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tauten.facts import load
from tauten.report.numbers import number, percent, quantity, span
from tauten.report.standing import binding, goal_value, limit_value, most_headroom, planned_goal
from tauten.report.tables import Cell, Table, confidence
from tauten.report.words import goal_words, is_measure, limit_words, set_words, setting_place, setting_words

if TYPE_CHECKING:
    from tauten.care.goals import GoalResult
    from tauten.care.limits import Margin
    from tauten.care.plan_types import ChosenSetting, Plan

__all__ = [
    "findings",
    "goals",
    "limits",
    "safer",
    "settings",
    "test_spot",
]

_CHOSEN = {"case": "the case file", "optimised": "optimised", "device default": "device default"}
_VERDICTS = {"inside": "inside", "warn": "warning", "stop": "stop"}


def findings(plan: Plan) -> Table:
    """Return what the screening found beyond unanswered questions, worst first."""
    words = {"defer": "wait", "refer": "clearance first", "flag": "note"}
    kinds = {"stop": "stop", "defer": "warn", "refer": "warn", "flag": ""}
    return Table(
        "Findings, worst first",
        ("Question answered with yes", "Verdict", "Until", "Source"),
        [
            (
                f.question,
                Cell(
                    words.get(f.verdict, f.verdict),
                    kinds[f.verdict],
                ),
                f.until or "–",
                Cell(f.source, note=_confidence_note(f.confidence)),
            )
            for f in plan.screening.findings
            if f.verdict in kinds
        ],
        "mid",
    )


def settings(plan: Plan) -> Table:
    """Return what the machine is set to, its range, and who chose it."""
    return Table(
        "Settings",
        ("Setting", "Value", "Allowed on this device", "Chosen by", "Confidence in the range"),
        [
            (
                setting_words(s.name),
                Cell(quantity(s.value, s.si_unit, s.unit), "figure", note=_edge_note(s)),
                span(s.low, s.high, s.si_unit, s.unit) if s.low < s.high else "fixed",
                _CHOSEN.get(s.chosen_by, s.chosen_by),
                confidence(s.confidence),
            )
            for s in _in_use(plan)
        ],
        "mid",
    )


def limits(plan: Plan) -> Table:
    """Return each limit, how much of it is used, and which one binds."""
    return Table(
        "Limits, read at the upper end of the spread",
        (
            "Endpoint",
            "Upper end",
            "Stop",
            "Verdict",
            "Planned",
            "Warn",
            "Way to stop used",
            "Stop is met at",
            "Source",
        ),
        [
            (
                Cell(limit_words(m.limit) if is_measure(m.limit) else m.limit.endpoint, note=_limit_note(m)),
                Cell(limit_value(m, m.upper), "figure"),
                Cell(quantity(m.limit.stop, m.limit.unit) if math.isfinite(m.limit.stop) else "warns only", "plain"),
                Cell(_VERDICTS[m.verdict], m.verdict),
                Cell(limit_value(m, m.value), "figure"),
                quantity(m.limit.warn, m.limit.unit),
                _used(m),
                _headroom(m, plan),
                Cell(m.limit.source, note=_confidence_note(m.limit.confidence)),
            )
            for m in sorted(plan.margins, key=lambda m: not m.binding)
        ],
        "wide",
    )


def goals(plan: Plan) -> Table:
    """Return each goal, reached or missed and by how much."""
    return Table(
        "Goals",
        ("Goal", "Verdict", "Planned", "Over the spread", "Target", "In the depth", "Source"),
        [
            (
                Cell(
                    goal_words(g.goal),
                    note=f"Set: {set_words(g.goal.set_name)}. "
                    + ("Planned on this." if g.goal.planned_on else "Shown beside it."),
                ),
                Cell("reached", "inside", note=_target_note(g))
                if g.reached
                else Cell(f"missed by {percent(g.shortfall)}", "warn", note=_target_note(g)),
                Cell(goal_value(g, g.value), "figure"),
                f"{goal_value(g, g.low)} to {goal_value(g, g.high)}",
                goal_value(g, g.goal.target),
                span(g.goal.top, g.goal.bottom, "m"),
                Cell(g.goal.source, note=_confidence_note(g.goal.confidence)),
            )
            for g in sorted(plan.goals, key=lambda g: not g.goal.planned_on)
        ],
        "wide",
    )


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
                setting_words(a.setting),
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
    """Return the settings of a first spot at reduced output, and when to read it."""
    spot = plan.test_spot
    used = percent(max(0.0, spot.limit_used))
    return Table(
        "Test spot",
        ("Setting", "Value"),
        [
            ("fluence", Cell(quantity(spot.fluence, "J/m2"), "figure")),
            ("share of the planned fluence", percent(spot.share)),
            *((("passes", "1"),) if _passes(plan) > 1.0 else ()),
            ("all other settings", "as planned"),
            ("hottest surface to expect", quantity(spot.surface_peak, "K")),
            ("binding limit used, upper end", used),
            ("wait before reading it", Cell(_wait(spot.wait), note=load()["care/planning/test_spot.wait"].note)),
        ],
    )


def _used(margin: Margin) -> Cell:
    if not math.isfinite(margin.limit.stop):
        return Cell("–")
    share = max(0.0, margin.used)
    return Cell("over 1000 %" if share > 10.0 else percent(share), margin.verdict, share)


def _headroom(margin: Margin, plan: Plan) -> str:
    fluence = next((s for s in plan.settings if s.name == "fluence"), None)
    if not math.isfinite(margin.headroom):
        return "any" if margin.headroom > 0 else number(margin.headroom)
    if margin.headroom <= 0.0:
        return "none is low enough"
    times = f"{number(margin.headroom)} times{' or more' if margin.headroom >= most_headroom() else ''}"
    if fluence is None:
        return times
    grown = fluence.value * margin.headroom
    if grown > fluence.high:
        return f"beyond this device ({times})"
    return f"{quantity(grown, fluence.si_unit, fluence.unit, 2)} ({times})"


def _in_use(plan: Plan) -> list[ChosenSetting]:
    """The settings in the order a machine asks for them, without the gap of a series of one."""
    values = {s.name: s.value for s in plan.settings}
    unused = {gap for gap, count in (("pass_interval", "passes"), ("period", "pulses")) if values.get(count) == 1.0}
    return sorted((s for s in plan.settings if s.name not in unused), key=lambda s: setting_place(s.name))


def _step(bound: Margin | None, before: float, after: float) -> str:
    if bound is None:
        return f"{number(before)} to {number(after)}"
    first, last = limit_value(bound, before), limit_value(bound, after)
    if first != last:
        return f"{first} to {last}"
    fewer = before / after
    return f"{number(fewer, 2)} times less, still {last}" if fewer >= 1.1 else f"barely less, still {last}"


def _edge_note(setting: ChosenSetting) -> str:
    """A chosen value at the end of a range nobody has verified hangs on that end."""
    at_edge = setting.low < setting.high and setting.value in (setting.low, setting.high)
    chosen = setting.chosen_by != "device default" and setting.confidence == "unverified"
    return "at the edge of an unverified range" if at_edge and chosen else ""


def _goal_after(goal: GoalResult | None, factor: float) -> str:
    if goal is None or not math.isfinite(factor):
        return "nothing to lose"
    if abs(factor - 1.0) < 5e-3:
        return f"{goal_value(goal, goal.value)}, unchanged"
    return goal_value(goal, goal.value * factor)


def _target_note(result: GoalResult) -> str:
    """A share of a target says little when nobody has shown that the target is the right one."""
    return {"unverified": "of an unverified target", "product choice": "of a target that is a product choice"}.get(
        result.goal.confidence, ""
    )


def _passes(plan: Plan) -> float:
    return next((s.value for s in plan.settings if s.name == "passes"), 1.0)


def _wait(seconds: float) -> str:
    hours = seconds / 3600.0
    return f"{number(hours, 2)} hours" if hours >= 1.0 else f"{number(seconds / 60.0, 2)} minutes"


def _limit_note(margin: Margin) -> str:
    kinetics = "" if is_measure(margin.limit) else f"Set: {set_words(margin.limit.set_name)}. "
    return kinetics + ("Binds." if margin.binding else "")


def _confidence_note(word: str) -> str:
    return word if word in ("unverified", "product choice") else ""
