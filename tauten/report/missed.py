"""Why a goal is missed: what the case holds, what stands at the end of its range, how near zones may come."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tauten.report.numbers import quantity

if TYPE_CHECKING:
    from tauten.care.plan_types import ChosenSetting, Plan

__all__ = ["why_missed"]

_IDLE = ("energy", "points", "point_interval", "lines", "line_interval")
"""What says how much is treated and when, and moves no share of what is reached."""
_AT_LIMIT = 0.97
"""Share of a warning from which settings are held by it: they come in a machine's steps."""


def why_missed(plan: Plan) -> str:
    """Return what keeps the settings from doing more for the goal, as one clause."""
    settings = [setting for setting in plan.settings if setting.name not in _IDLE]
    sought = [setting for setting in settings if setting.chosen_by == "optimised"]
    if not sought:
        return "the case gives the settings, none was sought"
    told = ["none of the settings tried inside the limits does more"]
    if held := [setting for setting in settings if setting.chosen_by == "case"]:
        told.append(f"the case holds {_listed([_named(setting) for setting in held])}")
    for end in ("low", "high"):
        there = [s for s in sought if s.low < s.high and math.isclose(s.value, getattr(s, end), rel_tol=1e-6)]
        if there:
            verb = "stands" if len(there) == 1 else "stand"
            told.append(f"{_listed([_named(s) for s in there])} {verb} at the {end} end of what this device allows")
    near = next((m for m in plan.margins if m.limit.figure == "pattern.filled"), None)
    if near is not None and near.upper >= _AT_LIMIT * near.limit.warn:
        told.append("zones may come no nearer to each other")
    return "; ".join(told)


def _named(setting: ChosenSetting) -> str:
    return f"{setting.name.replace('_', ' ')} ({quantity(setting.value, setting.si_unit, setting.unit)})"


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
