"""The clinician's part: its tables, formatted, in the order they are read."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tauten.report.numbers import number, percent, quantity, span
from tauten.report.standing import goal_value, limit_value, most_headroom
from tauten.report.tables import Cell, Table, confidence
from tauten.report.wording import wording
from tauten.report.words import goal_words, is_measure, limit_words, set_words, setting_place, setting_words

if TYPE_CHECKING:
    from tauten.care.goals import GoalResult
    from tauten.care.limits import Margin
    from tauten.care.plan_types import ChosenSetting, Plan

__all__ = ["findings", "goals", "limits", "settings"]

_CHOSEN = {"case": "the case file", "optimised": "optimised", "device default": "device default"}
_GAPS = (
    ("pass_interval", "passes"), ("period", "pulses"), ("pitch", "points"), ("point_interval", "points"),
    ("line_spacing", "lines"), ("line_interval", "lines"), ("stamp_interval", "stamps"),
    ("level_spacing", "levels"), ("level_interval", "levels"),
)  # fmt: skip
"""A setting that means nothing in a series of one, and the setting that counts it."""
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
                setting_words(s.name, wording(plan).agent),
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
                Cell(limit_value(m, m.limit.stop) if math.isfinite(m.limit.stop) else "warns only", "plain"),
                Cell(_VERDICTS[m.verdict], m.verdict),
                Cell(limit_value(m, m.value), "figure"),
                limit_value(m, m.limit.warn),
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


def _used(margin: Margin) -> Cell:
    if not math.isfinite(margin.limit.stop):
        return Cell("–")
    share = max(0.0, margin.used)
    return Cell("over 1000 %" if share > 10.0 else percent(share), margin.verdict, share)


def _headroom(margin: Margin, plan: Plan) -> str:
    setting = _driver(plan)
    if not math.isfinite(margin.headroom):
        return "any" if margin.headroom > 0 else number(margin.headroom)
    if margin.headroom <= 0.0:
        return "none is low enough"
    times = f"{number(margin.headroom)} times{' or more' if margin.headroom >= most_headroom() else ''}"
    if setting is None:
        return times
    grown = setting.value * margin.headroom
    if grown > setting.high:
        return f"beyond this device ({times})"
    return f"{quantity(grown, setting.si_unit, setting.unit, 2)} ({times})"


def _driver(plan: Plan) -> ChosenSetting | None:
    """Return the setting that says how strong the exposure is."""
    return next((s for s in plan.settings if s.name == wording(plan).driver), None)


def _in_use(plan: Plan) -> list[ChosenSetting]:
    """The settings in the order a machine asks for them, without the gap of a series of one."""
    values = {s.name: s.value for s in plan.settings}
    unused = {gap for gap, count in _GAPS if values.get(count) == 1.0}
    return sorted((s for s in plan.settings if s.name not in unused), key=lambda s: setting_place(s.name))


def _edge_note(setting: ChosenSetting) -> str:
    """A chosen value at the end of a range nobody has verified hangs on that end."""
    at_edge = setting.low < setting.high and setting.value in (setting.low, setting.high)
    chosen = setting.chosen_by != "device default" and setting.confidence == "unverified"
    return "at the edge of an unverified range" if at_edge and chosen else ""


def _target_note(result: GoalResult) -> str:
    """A share of a target says little when nobody has shown that the target is the right one."""
    return {"unverified": "of an unverified target", "product choice": "of a target that is a product choice"}.get(
        result.goal.confidence, ""
    )


def _limit_note(margin: Margin) -> str:
    kinetics = "" if is_measure(margin.limit) else f"Set: {set_words(margin.limit.set_name)}. "
    return kinetics + ("Binds." if margin.binding else "")


def _confidence_note(word: str) -> str:
    return word if word in ("unverified", "product choice") else ""
