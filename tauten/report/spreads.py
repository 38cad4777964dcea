"""Figures of what is uncertain: damage and collagen change by depth with their bands, and the tornado."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tauten.report.canvas import GREY, INK, PALETTE, DepthScale, Drawing, powers, sheet
from tauten.report.figures import depth_shown, layers_of
from tauten.report.numbers import in_unit, pretty_unit
from tauten.report.standing import band_words, binding, planned_goal
from tauten.report.words import goal_words, limit_words, row_words, set_words

if TYPE_CHECKING:
    from tauten.care.goals import GoalResult
    from tauten.care.limits import Margin
    from tauten.care.plan_types import DepthProfile, Plan

__all__ = ["burns", "collagen", "tornado"]

_BURNS = ("epidermal burn", "dermal burn")
_FAT = ("fat necrosis",)
_COLLAGEN = ("collagen denaturation", "collagen shrinkage")
_TISSUE = ("coagulation",)
_STIMULUS = ("heat stimulus",)
_TIME = "time warm enough [s]"
_FLOOR = 1e-6
_DASHES = ("-", "--", "-.", ":")
_BARS = 8


def burns(plan: Plan) -> Drawing | None:
    """Draw burn and fat damage against depth with their limits; None when the plan has neither."""
    panels = [(_named(plan, _BURNS), "damage integral Ω [1]"), (_named(plan, _FAT), "CEM43 [min]")]
    drawn = _by_depth(plan, "burns", "Burn and fat damage against depth, with layers, limits and spread", panels)
    if drawn is None:
        return None
    caption = (
        "Each line is one endpoint in its own tissue, by its own named kinetic set, with its spread. A solid upright "
        "stroke is that set's stop limit, a dashed one its warning. The limits are read at their own upper ends, which "
        "may lie beyond the bands: a band is the spread of one run for all. What leaves on the right is far past. The "
        "scale is logarithmic. " + band_words(plan)
    )
    return Drawing("burns", "Damage against depth: burn and fat", caption, drawn)


def collagen(plan: Plan) -> Drawing | None:
    """Draw collagen change and heat stimulus against depth with the goals' targets; None when the plan has neither."""
    tissue = _named(plan, _TISSUE)
    also = ", and of any tissue coagulated" if tissue else ""
    panels = [
        ([*_named(plan, _COLLAGEN), *tissue], "share of collagen or tissue [1]" if tissue else "share of collagen [1]"),
        (_named(plan, _STIMULUS), _TIME),
    ]
    drawn = _by_depth(plan, "collagen", "Collagen change and heat stimulus against depth, with spread", panels)
    if drawn is None:
        return None
    both = all(profiles for profiles, _ in panels)
    stimulus = "Right: how long each depth is warm enough to be stimulated. " if both else ""
    caption = (
        f"{'Left: the' if both else 'The'} share of collagen denatured or shrunk{also}, by named set; 1 is all of it; "
        f"the scale is logarithmic. {stimulus}The solid upright stroke is the goal's target, "
        "drawn over the depths the goal is about. The bands are those of the figure of burns."
    )
    return Drawing("collagen", "Damage against depth: collagen, and heat stimulus", caption, drawn)


def tornado(plan: Plan) -> Drawing | None:
    """Draw what each data row's own spread does to the goal and to the binding limit; None without any."""
    goal, bound = planned_goal(plan), binding(plan)
    effects = plan.effects[:_BARS]
    if not effects or goal is None or bound is None:
        return None
    height = 1.25 + 0.34 * len(effects)
    with sheet("tornado", "What each data row's spread does to the goal and to the binding limit", height) as drawn:
        left, right = drawn.figure.subplots(1, 2, sharey=True)
        places = np.arange(len(effects))
        _bars(left, [(e.goal_low, e.goal_high) for e in effects], goal.value, goal.goal.target, goal.goal.unit)
        _bars(right, [(e.limit_low, e.limit_high) for e in effects], bound.value, bound.limit.stop, bound.limit.unit)
        if bound.limit.logarithmic:
            powers(right)
        left.set_yticks(places, [_short(row_words(e.row.name)) for e in effects], fontsize=8)
        left.invert_yaxis()
        left.set_title(_wrapped(f"goal: {goal_words(goal.goal)}"), fontsize=8.5)
        right.set_title(_wrapped(f"limit: {limit_words(bound.limit)}"), fontsize=8.5)
    caption = (
        "Each bar is one data row moved alone through its own spread, strongest first: blue is its low end, orange "
        "its high end. The thin line is the planned value, the dashed line the target (left) and the stop limit "
        "(right). Of the limits only the one that binds is drawn. The rows at the top are the ones worth measuring on "
        "this person or this machine."
    )
    return Drawing("tornado", "What the result hangs on", caption, drawn.svg)


def _named(plan: Plan, names: Sequence[str]) -> list[DepthProfile]:
    return [p for p in plan.profiles if p.name in names]


def _by_depth(plan: Plan, name: str, description: str, panels: Sequence[tuple[list[DepthProfile], str]]) -> str | None:
    """Draw profiles against depth, one panel a quantity."""
    filled = [(profiles, label) for profiles, label in panels if profiles]
    if not filled:
        return None
    scale, looks = depth_shown(plan), zip(PALETTE, (*_DASHES, *_DASHES), strict=False)
    with sheet(name, description, 4.4) as drawn:
        axes = np.atleast_1d(drawn.figure.subplots(1, len(filled), sharey=True))
        for panel, (profiles, label) in zip(axes, filled, strict=True):
            for profile, (colour, dash) in zip(profiles, looks, strict=False):
                _line(panel, profile, scale, colour, dash)
                _strokes(panel, plan, profile, scale, colour)
            scale.draw(panel, layers_of(plan), vertical=True, names=panel is axes[-1])
            if label == _TIME:
                reached = [float(np.nanmax(p.high)) for p in profiles if np.isfinite(p.high).any()]
                panel.set_xlim(0.0, None if max(reached, default=0.0) > _FLOOR else 1.0)
            else:
                powers(panel)
                panel.set_xlim(*_reach(plan, profiles))
            panel.set_xlabel(label)
            if panel is not axes[0]:
                panel.set_ylabel("")
        drawn.figure.legend(
            loc="outside upper left", ncols=2, frameon=False, fontsize=7.2, columnspacing=0.8, handlelength=1.8
        )
    return drawn.svg


def _line(panel: Any, profile: DepthProfile, scale: DepthScale, colour: str, dash: str) -> None:
    where, floor = scale.at(profile.depth), _FLOOR * 1e-3
    low, value, high = (np.maximum(v, floor) for v in (profile.low, profile.value, profile.high))
    here = np.isfinite(value)
    if not here.any():
        return
    set_name = f", {set_words(profile.set_name)}" if profile.set_name else ""
    nothing = "" if np.nanmax(high) > _FLOOR else ": none"
    wide = np.isfinite(low) & np.isfinite(high)  # a layer's own spread moves its border
    for run in _runs(wide):
        panel.fill_betweenx(where[run], low[run], high[run], fc=(colour, 0.16), ec=(colour, 0.55), lw=0.7)
    label = f"{profile.name}{nothing}{set_name}"
    for number, run in enumerate(_runs(here)):
        panel.plot(value[run], where[run], color=colour, ls=dash, label="" if number else label)


def _runs(here: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """The indices that hold, in runs without a gap: between two layers that an endpoint is read in, nothing is drawn.

    >>> [run.tolist() for run in _runs(np.array([True, True, False, True]))]
    [[0, 1], [3]]
    """
    found = np.flatnonzero(here)
    return np.split(found, np.flatnonzero(np.diff(found) > 1) + 1) if found.size else []


def _strokes(panel: Any, plan: Plan, profile: DepthProfile, scale: DepthScale, colour: str) -> None:
    depth = profile.depth[np.isfinite(profile.value)]
    if not depth.size:
        return
    for margin in plan.margins:
        if (margin.limit.endpoint, margin.limit.set_name) == (profile.name, profile.set_name):
            ends = scale.at([depth[0], min(depth[-1], scale.deepest)])
            panel.plot([margin.limit.stop] * 2, ends, color=colour, lw=3.2, solid_capstyle="butt")
            panel.plot([margin.limit.warn] * 2, ends, color=colour, lw=2.0, ls=(0, (2, 1.5)))
    for result in plan.goals:
        if _on_axis(result, profile):
            ends = scale.at([result.goal.top, result.goal.bottom])
            panel.plot([result.goal.target] * 2, ends, color=colour, lw=3.2, solid_capstyle="butt")


def _reach(plan: Plan, profiles: list[DepthProfile]) -> tuple[float, float]:
    """The span of a logarithmic axis: what the profiles, limits and targets reach, eight decades at most."""
    tops = [float(np.nanmax(p.high)) for p in profiles if np.isfinite(p.high).any()]
    lows = [float(np.nanmin(p.low[p.low > 0])) for p in profiles if (p.low > 0).any()]
    marks = [v for m in plan.margins for p in profiles if m.limit.set_name == p.set_name for v in _marks(m)]
    marks += [g.goal.target for g in plan.goals for p in profiles if _on_axis(g, p)]
    high = 3.0 * max([1e-2, *(v for v in (*tops, *marks) if np.isfinite(v))])
    if marks:
        high = min(high, 1e4 * max(marks))  # far past a limit, how far means nothing
        lows.append(0.1 * min(marks))
    return max(_FLOOR, high * 1e-8, min([high * 1e-3, *lows])), high


def _on_axis(result: GoalResult, profile: DepthProfile) -> bool:
    """Whether a goal is a mean of what a profile shows, so that its target may be drawn there."""
    return result.goal.set_name == profile.set_name and result.goal.figure.startswith("mean.")


def _marks(margin: Margin) -> tuple[float, ...]:
    return tuple(v for v in (margin.limit.warn, margin.limit.stop) if np.isfinite(v))


def _bars(panel: Any, pairs: list[tuple[float, float]], centre: float, mark: float, si_unit: str) -> None:
    def shown(value: float) -> float:
        return in_unit(value, "K", "°C") if si_unit == "K" else value

    for place, ends in enumerate(pairs):
        for end, colour in zip(ends, (PALETTE[5], PALETTE[1]), strict=True):
            panel.barh(place, shown(end) - shown(centre), left=shown(centre), height=0.62, color=colour, alpha=0.85)
    panel.axvline(shown(centre), color=GREY, lw=1)
    if np.isfinite(mark):
        panel.axvline(shown(mark), color=INK, lw=1.1, ls="--")
    panel.tick_params(axis="y", length=0)
    panel.set_xlabel({"K": "temperature [°C]", "1": "value [1]"}.get(si_unit, f"value [{pretty_unit(si_unit)}]"))


def _wrapped(text: str) -> str:
    return "\n".join(wrap(text, 24, break_long_words=False))  # a panel holds no more of a title on one line


def _short(text: str, most: int = 30) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
