"""What only focused ultrasound has: the point and its pattern, its zones, the picture's checks, the head's output."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tauten.care.boiling import beyond
from tauten.facts import load
from tauten.report.numbers import number, quantity
from tauten.report.standing import goal_value, planned_goal
from tauten.report.tables import Cell, Table
from tauten.report.words import layer_words, row_words, set_words

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan
    from tauten.care.shots import ShotEnd, Shots
    from tauten.solvers.zones import Zone

__all__ = ["considered", "ends", "imaging", "output", "pattern", "zones"]

_WHEN = {"central": "as planned", "lower end": "at the lower end", "upper end": "at the upper end"}
_OUTPUT = {
    "power": ("acoustic power", "W"),
    "mechanical_index": ("mechanical index (MI)", "1"),
    "peak_positive": ("peak positive pressure p₊", "MPa"),
    "peak_negative": ("peak negative pressure p₋", "MPa"),
    "sppa": ("pulse-average intensity where it peaks (I_SPPA)", "W/cm2"),
    "spta": ("time-average intensity where it peaks (I_SPTA)", "W/cm2"),
    "lateral": ("width at −6 dB", "mm"),
    "axial": ("length at −6 dB", "mm"),
    "depth": ("depth of the pressure peak below the rim's plane", "mm"),
    "frequency": ("frequency", "MHz"),
    "duty": ("share of the time that sound is on", "%"),
}
"""What standards define of a head's field, in the order it is read: its name and the unit people read it in."""
_INDEX = "mechanical_index"  # defined by the derated pressure alone
_CHECKS = {"thin layer": "layer thickness", "output": "mechanical index"}


def pattern(plan: Plan) -> Table:
    """Return what one point is given and how the points are laid."""
    shots = plan.shots
    if shots is None:
        return Table("", (), [])
    laid = shots.pattern
    rows: list[tuple[str, Cell | str]] = [
        ("acoustic energy of a point", Cell(quantity(laid.energy, "J"), "figure", note="power times duration")),
        (
            "what the machine's display says of it",
            Cell(quantity(laid.joules, "J") if math.isfinite(laid.joules) else "not known", note=_joules_note(plan)),
        ),
    ]
    if laid.total > 1:
        rows.append(("points in all", number(laid.total, 6)))
    if laid.total > 1 and math.isfinite(laid.area):
        covered = quantity(laid.area, "m2", digits=2)
        rows.append(("skin the pattern covers", Cell(covered, note="each point stands for pitch times line spacing")))
    return Table("The same in joules, and over the skin", ("What", "Value"), rows)


def _joules_note(plan: Plan) -> str:
    """What the display's joules are worth: the mapping to acoustic watts has a row."""
    row = next((r for r in plan.rows if r.name.endswith("acoustic_power_share")), None)
    if row is None:
        return ""
    spread = f", {number(row.low)} to {number(row.high)}" if row.has_spread else ""
    return f"taken: {number(row.value)} acoustic joules for each joule on the display{spread} ({row.confidence})"


def zones(plan: Plan) -> Table:
    """Return one point's zones as planned, and where the binding limit is farthest and nearest."""
    shots = plan.shots
    rows = [row for when in _WHEN for row in _zone_rows(shots, when)] if shots else []
    kinetics = next((z.kinetics for zones in (shots.zones.values() if shots else ()) for z in zones), "")
    return Table(
        f"Coagulation zone of one point{f', by {set_words(kinetics)}' if kinetics else ''}",
        ("At", "Width", "Length", "Volume", "Top", "Centre", "Bottom", "Lies in", "Peak temperature"),
        rows,
        "wide",
    )


def _zone_rows(shots: Shots, when: str) -> Iterator[tuple[Cell | str, ...]]:
    formed = [zone for zone in shots.zones.get(when, ()) if zone.formed]
    for zone in formed:
        hottest = quantity(zone.peak_temperature, "K")
        yield (
            _WHEN[when],
            *(Cell(_at_least(zone, quantity(v, "m", digits=2)), "figure") for v in (zone.width, zone.length)),
            Cell(_at_least(zone, quantity(zone.volume, "m3", digits=2)), "figure"),
            *(Cell(quantity(depth, "m"), "plain") for depth in (zone.top, zone.centre, zone.bottom)),
            ", ".join(layer_words(name) for name in zone.layers),
            Cell(hottest, "stop" if zone.lower_bound else "figure", note=_boiling_note(zone)),
        )
    if not formed:
        told = [zone.peak_temperature for zone in shots.zones.get(when, ())]
        hottest = quantity(max(told), "K") if told else "–"
        yield (_WHEN[when], "nothing coagulates", *["–"] * 6, Cell(hottest, "figure"))


def _at_least(zone: Zone, text: str) -> str:
    return f"{text} or more" if zone.lower_bound else text


def _boiling_note(zone: Zone) -> str:
    if not zone.lower_bound:
        return ""
    bound = quantity(load().si("simulate/zone.lower_bound"), "K")
    return f"{beyond() if zone.boils else f'above {bound}'}: the size is a lower bound"


def imaging(plan: Plan) -> Table:
    """Return what the picture and the head's output say against the plan, what stops first."""
    return Table(
        "What speaks against it",
        ("Check", "Verdict", "At depth", "Why", "What to do"),
        [
            (
                _CHECKS.get(f.check, f.check),
                Cell({"stop": "stop", "warn": "look again"}[f.verdict], f.verdict),
                quantity(f.depth, "m") if math.isfinite(f.depth) else "–",
                f.reason,
                f.remedy,
            )
            for f in sorted(plan.findings, key=lambda f: f.verdict != "stop")
        ],
        "wide",
    )


def ends(plan: Plan) -> Table:
    """Return the same shot at both ends of what is not known, one at a time."""
    shots = plan.shots
    if shots is None:
        return Table("", (), [])
    target = quantity(shots.target, "K")
    central = [zone for zone in shots.zones.get("central", ()) if zone.formed]
    size = Cell("nothing coagulates")
    if central:
        biggest = max(central, key=lambda zone: zone.volume)
        size = _size(biggest.width, biggest.length, biggest.volume, biggest.lower_bound)
    peak = shots.focus_peak
    rows = [("as planned", "–", Cell(quantity(peak, "K"), "figure"), size, _factor(shots.factor))]
    return Table(
        "The same shot at both ends of what is not known",
        ("What is not known", "Taken as", "Focus peaks at", "Zone", f"Power that brings the focus to {target}"),
        [*rows, *(_end(end) for end in shots.ends)],
        "mid",
    )


def _end(end: ShotEnd) -> tuple[Cell | str, ...]:
    return (
        Cell(end.name, note=row_words(end.row)),
        quantity(end.value, end.unit),
        Cell(quantity(end.focus_peak, "K"), "stop" if end.boils else "figure", note="boils" if end.boils else ""),
        _size(end.width, end.length, end.volume, end.boils) if end.volume > 0.0 else Cell("nothing coagulates"),
        _factor(end.factor),
    )


def _size(width: float, length: float, volume: float, boils: bool) -> Cell:
    sides = f"{number(width * 1e3, 2)} × {quantity(length, 'm', digits=2)}"
    return Cell(f"{sides}{' or more' if boils else ''}", note=quantity(volume, "m3", digits=2))


def _factor(factor: float) -> str:
    return f"{number(factor, 2)} times this" if math.isfinite(factor) else "not found"


def output(plan: Plan) -> Table:
    """Return what standards define of the head's field: in water, and derated where that is defined."""
    found = plan.shots.output if plan.shots else {}

    def cell(name: str, unit: str) -> Cell:
        figure = found.get(name)
        return Cell("–" if figure is None else quantity(figure.value, figure.unit, unit), "figure")

    return Table(
        "The head's field at this power",
        ("Quantity", "In water", "Derated"),
        [
            (words, Cell("–"), cell(name, unit)) if name == _INDEX
            else (words, cell(name, unit), cell(f"derated_{name}", unit))
            for name, (words, unit) in _OUTPUT.items()
            if name in found
        ],
        "mid",
    )  # fmt: skip


def considered(plan: Plan) -> Table:
    """Return the heads the case offered, and why each was not taken."""
    shots, goal = plan.shots, planned_goal(plan)
    heads = shots.considered if shots else ()
    return Table(
        "Heads considered",
        ("Head", "What it would do for the goal", "Verdict"),
        [
            (
                Cell(head.name, note=head.key),
                goal_value(goal, head.goal) if goal and not math.isnan(head.goal) else "not weighed",
                Cell("taken", "inside") if head.allowed and not head.why else Cell("not taken", note=head.why),
            )
            for head in heads
        ]
        if len(heads) > 1
        else [],
        "mid",
    )
