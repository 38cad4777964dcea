"""What a plan rests on: the rows it hangs on, every row it used, what was published, and the run record."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tauten.facts import Row
from tauten.report.numbers import number, pretty_unit, quantity
from tauten.report.standing import binding, goal_value, limit_value, planned_goal
from tauten.report.tables import Cell, Table, confidence
from tauten.report.words import goal_words, layer_words, limit_words

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan
    from tauten.care.shots import Shots

__all__ = ["data_rows", "effects", "published", "run_record"]

_SHOWN = 15


def effects(plan: Plan) -> Table:
    """Return what each row's own spread does, one at a time."""
    goal, bound = planned_goal(plan), binding(plan)
    if goal is None or bound is None:
        return Table("", (), [])
    return Table(
        f"One data row at a time, from its low to its high end; the strongest {min(_SHOWN, len(plan.effects))}",
        ("Data row", "Spread", f"Goal: {goal_words(goal.goal)}", f"Limit: {limit_words(bound.limit)}", "Confidence"),
        [
            (
                Cell(e.row.name, "name"),
                f"{number(e.row.low)} to {_row_quantity(e.row, e.row.high)}",
                f"{goal_value(goal, e.goal_low)} to {goal_value(goal, e.goal_high)}",
                f"{limit_value(bound, e.limit_low)} to {limit_value(bound, e.limit_high)}",
                confidence(e.row.confidence),
            )
            for e in plan.effects[:_SHOWN]
        ],
        "wide",
    )


def data_rows(rows: tuple[Row, ...], caption: str) -> Table:
    """Return data rows with value, spread, unit, confidence and source."""
    return Table(
        caption,
        ("Data row", "Value", "Spread", "Unit", "Confidence", "Source and note"),
        [
            (
                Cell(r.name, "name"),
                number(r.value, 4),
                f"{number(r.low, 4)} to {number(r.high, 4)}" if r.has_spread else "none given",
                pretty_unit(r.unit) or "1",
                confidence(r.confidence),
                Cell(r.source, note=r.note),
            )
            for r in rows
        ],
        "wide small",
    )


def published(plan: Plan) -> Table | None:
    """Return what a published protocol reports beside what is computed here; None when the case replays none."""
    if not plan.published:
        return None
    bound, goal = binding(plan), planned_goal(plan)
    rows: list[tuple[str, str]] = [("published in", str(plan.published.get("citation", "")))]
    rows += [("as published", str(claim)) for claim in plan.published.get("claims", ())]
    if goal:
        rows.append(("computed here", f"{goal_words(goal.goal)}: {goal_value(goal, goal.value)}"))
    if bound:
        rows.append(
            (
                "computed here",
                f"{limit_words(bound.limit)}: {limit_value(bound, bound.value)}, upper end "
                f"{limit_value(bound, bound.upper)}, stop at {limit_value(bound, bound.limit.stop)}",
            )
        )
    hottest = max(plan.layers, key=lambda layer: layer.peak_temperature, default=None)
    if hottest:
        rows.append(
            (
                "computed here",
                f"hottest layer, {layer_words(hottest.name)}: {quantity(hottest.peak_temperature, 'K')}",
            )
        )
    if plan.shots:
        rows.append(("computed here", _reach(plan.shots)))
    return Table("Published, and computed here", ("What", "Words and numbers"), rows)


def _reach(shots: Shots) -> str:
    """How far a published shot is from warming its focus as such points are said to be, and both ends of that."""
    target, factors = quantity(shots.target, "K"), [end.factor for end in shots.ends if math.isfinite(end.factor)]
    if not math.isfinite(shots.factor):
        return f"the power at which the focus reaches {target} was not found"
    spread = f", over what is not known {number(min(factors), 2)} to {number(max(factors), 2)} times" if factors else ""
    return f"the focus reaches {target} at {number(shots.factor, 2)} times this acoustic power{spread}"


def run_record(plan: Plan) -> Table:
    """Return what makes the plan reproducible."""
    record = plan.record
    return Table(
        "Run record",
        ("What", "Value"),
        [
            ("Tauten version", record.version),
            ("schema", str(record.schema)),
            ("date", record.date),
            *((("photons", number(float(record.photons), 7)),) if record.photons else ()),
            ("seed", str(record.seed)),
            ("digest", Cell(record.digest, "name")),
        ],
    )


def _row_quantity(row: Row, value: float) -> str:
    return f"{number(value)} {pretty_unit(row.unit)}".strip()
