"""What another depth would change: the same needle a step shallower, as planned and a step deeper, side by side."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap
from typing import TYPE_CHECKING

from tauten.care.limits import Margin
from tauten.report import stamp_marks as marks
from tauten.report.canvas import Drawing
from tauten.report.numbers import number, percent, quantity
from tauten.report.section import Stratum
from tauten.report.stamp import stamp_of
from tauten.report.stamp_marks import BARE, DANGER, INK, SOFT, Scale
from tauten.report.standing import goal_value, limit_value
from tauten.report.tables import Cell, Table
from tauten.report.words import goal_words, layer_words, limit_words

if TYPE_CHECKING:
    from tauten.care.depths import Depth
    from tauten.care.plan_types import Plan
    from tauten.report.stamp import Stamped

__all__ = ["strip", "table"]

_NAME = "depths"
_HEADS = {-1: "a step shallower", 0: "as planned", 1: "a step deeper"}
_PANEL, _GAP, _TOP, _LEFT = 190.0, 26.0, 78.0, 56.0
_COLOURS = {"inside": "#006b4f", "warn": "#8a5200", "stop": "#a3200d"}
_TOLD = {
    "dermis.spared": "columns of the dermis spared",
    "tip.to_fascia": "tips to the superficial fascia",
    "tip.to_nerve": "tips to the facial nerve",
}
_WORDS = {"inside": "inside every limit", "warn": "in a warning band", "stop": "past a stop limit"}


def strip(plan: Plan) -> Drawing | None:
    """Draw one needle at each depth, its zone, the fat below and what the limits say."""
    stamped = stamp_of(plan)
    if stamped is None or len(plan.depths) < 2:
        return None
    lows = [z.bottom for d in plan.depths if (z := d.zone)]
    bottom = max(stamped.border, *(d.tips for d in plan.depths), *lows) + 0.45e-3
    units = min(330.0 / (bottom * 1e3), _PANEL / 1.8)
    count = len(plan.depths)
    width = _LEFT + count * _PANEL + (count - 1) * _GAP + 8.0
    base = _TOP + bottom * 1e3 * units
    height = base + 8.2 * marks.LINE
    scale = Scale(units, _LEFT, _TOP, (0.0, 0.0))
    parts = [
        marks.head(_NAME, "One needle at three depths", _described(plan), scale, (width, height)),
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
        *_ruler(scale, bottom),
    ]
    for n, depth in enumerate(plan.depths):
        left = _LEFT + n * (_PANEL + _GAP)
        parts += [*_panel(stamped, depth, scale, left, bottom), *_under(plan, depth, stamped.border, left, base)]
    parts.append("</svg>")
    return Drawing(_NAME, "What another depth would change", _caption(plan), "\n".join(parts))


def _panel(stamped: Stamped, depth: Depth, scale: Scale, left: float, bottom: float) -> Iterator[str]:
    planned = depth.step == 0
    middle, units = left + 0.5 * _PANEL, scale.units
    bold = ' font-weight="bold"' if planned else ""
    yield f'<text x="{middle:.1f}" y="24" text-anchor="middle"{bold}>{_HEADS[depth.step]}</text>'
    yield f'<text x="{middle:.1f}" y="48" text-anchor="middle" fill="{SOFT}">set to {_mm(depth.setting)} mm</text>'
    for stratum in stamped.strata:
        if stratum.top < bottom:
            top, end = scale.y(stratum.top), scale.y(min(stratum.bottom, bottom))
            yield (
                f'<rect class="layer" x="{left:.1f}" y="{top:.2f}" width="{_PANEL:.1f}" height="{end - top:.2f}" '
                f'fill="{marks.tint(stratum.tissue)}" {marks.data(top=stratum.top)}/>'
            )
    yield from _in_words(stamped.strata, scale, left, bottom)
    border = scale.y(stamped.border)
    yield (
        f'<line class="border" x1="{left:.1f}" x2="{left + _PANEL:.1f}" y1="{border:.2f}" y2="{border:.2f}" '
        f'stroke="{INK}" stroke-width="3" {marks.data(depth=stamped.border)}/>'
    )
    for guard in stamped.guards:
        if guard.depth < bottom:
            y = scale.y(guard.depth)
            yield (
                f'<line class="guard" x1="{left:.1f}" x2="{left + _PANEL:.1f}" y1="{y:.2f}" y2="{y:.2f}" '
                f'stroke="{DANGER}" stroke-width="3" stroke-dasharray="14 5" {marks.data(depth=guard.depth)}/>'
            )
    yield from _zone(depth, scale, middle)
    tip = stamped.tips[0]
    half, bare = tip.radius * 1e3 * units, max(0.0, depth.tips - (stamped.lowest - tip.bare_from))
    yield (
        f'<rect x="{middle - half:.2f}" y="{_TOP - 16:.1f}" width="{2 * half:.2f}" '
        f'height="{scale.y(bare) - _TOP + 16:.2f}" fill="{"#9aa3af" if tip.insulated else BARE}" stroke="{INK}"/>'
        f'<rect class="bare" x="{middle - half:.2f}" y="{scale.y(bare):.2f}" width="{2 * half:.2f}" '
        f'height="{scale.y(depth.tips) - scale.y(bare):.2f}" fill="{BARE}" stroke="{INK}" '
        f"{marks.data(top=bare, tip=depth.tips)}/>"
    )
    yield (
        f'<rect x="{left:.1f}" y="{_TOP:.1f}" width="{_PANEL:.1f}" height="{scale.y(bottom) - _TOP:.1f}" fill="none" '
        f'stroke="{INK if planned else SOFT}" stroke-width="{3 if planned else 1}"/>'
    )


def _zone(depth: Depth, scale: Scale, middle: float) -> Iterator[str]:
    """The largest needle's zone as two half ellipses: its width, top and bottom are the run's own."""
    zone = depth.zone
    if zone is None:
        return
    half = min(0.5 * zone.width * 1e3 * scale.units, 0.5 * _PANEL)
    centre = scale.y(zone.centre)
    up, down = centre - scale.y(zone.top), scale.y(zone.bottom) - centre
    yield (
        f'<path class="zone" d="M{middle - half:.2f} {centre:.2f} a{half:.2f} {up:.2f} 0 0 1 {2 * half:.2f} 0 '
        f'a{half:.2f} {down:.2f} 0 0 1 {-2 * half:.2f} 0 Z" fill="#7a1f4b" fill-opacity="0.62" stroke="#4d0c2d" '
        f'stroke-width="2" {marks.data(width=zone.width, top=zone.top, bottom=zone.bottom)}/>'
    )


def _in_words(strata: Sequence[Stratum], scale: Scale, left: float, bottom: float) -> Iterator[str]:
    for name, tissue in (("dermis", "dermis"), ("fat", "fat")):
        own = [s for s in strata if s.tissue == tissue and s.top < bottom]
        if not own:
            continue
        top, end = scale.y(own[0].top), scale.y(min(own[-1].bottom, bottom))
        if end - top > 24.0:  # at the top of each, where zones leave room
            yield f'<text x="{left + 6:.1f}" y="{top + 22:.1f}" fill="{SOFT}" font-size="16">{escape(name)}</text>'


def _ruler(scale: Scale, bottom: float) -> Iterator[str]:
    for half in range(int(bottom * 2e3 + 1e-6) + 1):
        y, whole = scale.y(half * 0.5e-3), half % 2 == 0
        yield (
            f'<line class="tick" x1="{_LEFT - (14 if whole else 8):.1f}" x2="{_LEFT:.1f}" y1="{y:.2f}" y2="{y:.2f}" '
            f'stroke="{INK}" stroke-width="{2 if whole else 1}" {marks.data(depth=half * 0.5e-3)}/>'
        )
        if whole:
            yield f'<text x="{_LEFT - 18:.1f}" y="{y + 6.5:.1f}" text-anchor="end">{half // 2}</text>'
    yield f'<text x="{_LEFT - 18:.1f}" y="{_TOP - 20:.1f}" text-anchor="end" fill="{SOFT}" font-size="16">mm</text>'


def _under(plan: Plan, depth: Depth, border: float, left: float, base: float) -> Iterator[str]:
    """Under each needle: the goal, lost fat, and where it stands against the limits."""
    goal = next((g for g in plan.goals if g.goal.planned_on), None)
    lines = []
    if goal is not None and goal.goal.figure in depth.figures:
        lines.append((f"{goal_words(goal.goal).removesuffix(' collagen')} {_goal(plan, depth)}", INK))
    lost, room = depth.figures.get("fat_loss.volume", 0.0), border - depth.tips
    where = f"{_mm(room)} mm to the fat" if room >= 0.0 else f"{_mm(-room)} mm into the fat"
    lines.append((where, INK if room >= 0.0 else DANGER))
    lines.append((f"lost fat {_cubic(lost)}", DANGER if lost > 0.0 else INK))
    distance = depth.figures.get("tip.to_fascia")
    if distance is not None:
        lines.append((f"{_mm(distance)} mm to the fascia", INK))
    worst = depth.verdict
    lines.append((_WORDS[worst], _COLOURS[worst]))
    big = len(lines)
    if worst != "inside":
        lines += [(words, _COLOURS[worst]) for words in _which(depth)]
    for n, (words, colour) in enumerate(lines):
        weight = ' font-weight="bold"' if colour != INK and n < big else ""
        yield (
            f'<text x="{left + 0.5 * _PANEL:.1f}" y="{base + 30 + marks.LINE * n:.1f}" text-anchor="middle" '
            f'font-size="{18 if n < big else 15}" fill="{colour}"{weight}>{escape(words)}</text>'
        )


def _which(depth: Depth) -> list[str]:
    """The limit that is worst at this depth, in two short lines at the most."""
    worst = max(depth.margins, key=lambda m: (("inside", "warn", "stop").index(m.verdict), m.used))
    return wrap(limit_words(worst.limit), 24)[:2]


def _goal(plan: Plan, depth: Depth) -> str:
    goal = next(g for g in plan.goals if g.goal.planned_on)
    return goal_value(goal, depth.figures[goal.goal.figure])


def table(plan: Plan) -> Table:
    """Return goals, distances and every limit at each depth; a bar is full at the stop."""
    planned = next((d for d in plan.depths if d.step == 0), None)
    if planned is None or len(plan.depths) < 2:
        return Table("", (), [])
    rows: list[list[Cell | str]] = [
        ["depth set", *(f"{_mm(d.setting)} mm" for d in plan.depths)],
        ["where the tips are taken to lie", *(f"{_mm(d.tips)} mm" for d in plan.depths)],
    ]
    for goal in plan.goals:
        if all(goal.goal.figure in d.figures for d in plan.depths):
            told = (Cell(goal_value(goal, d.figures[goal.goal.figure]), "figure") for d in plan.depths)
            rows.append([Cell(goal_words(goal.goal), note="goal planned on" if goal.goal.planned_on else ""), *told])
    rows.append(["largest zone", *(_size(d) for d in plan.depths)])
    rows.append(
        ["fat past its dose", *(Cell(_cubic(d.figures.get("fat_loss.volume", 0.0)), "figure") for d in plan.depths)]
    )
    for name, words in (("dermis.spared", "columns of the dermis spared"),):
        if all(name in d.figures for d in plan.depths):
            rows.append([words, *(percent(d.figures[name]) for d in plan.depths)])
    for name, words in (
        ("tip.to_fascia", "tips to the superficial fascia"),
        ("tip.to_nerve", "tips to the facial nerve"),
    ):
        if all(name in d.figures for d in plan.depths):
            rows.append([words, *(f"{_mm(d.figures[name])} mm" for d in plan.depths)])
    for margin in sorted(planned.margins, key=lambda m: not m.binding):
        found = [d.margin(margin.limit.figure) for d in plan.depths]
        if all(each is not None for each in found) and _moves([m for m in found if m]):
            stop = limit_value(margin, margin.limit.stop) if margin.limit.stop < float("inf") else "none"
            rows.append(
                [Cell(limit_words(margin.limit), note=f"upper end; stop {stop}"), *(_against(m) for m in found if m)]
            )
    return Table(
        "The same stamp at three depths, all else as planned",
        ("What", *(_HEADS[d.step] for d in plan.depths)),
        rows,
        "mid",
    )


def _moves(found: Sequence[Margin]) -> bool:
    """Whether a limit is worth a line: it can stop a plan, changes with the depth, or is not simply inside."""
    told = {limit_value(m, m.upper) for m in found}
    stops = any(math.isfinite(m.limit.stop) for m in found)
    return stops or len(told) > 1 or any(m.verdict != "inside" for m in found)


def _against(margin: Margin) -> Cell:
    word = {"inside": "inside", "warn": "warning", "stop": "stop"}[margin.verdict]
    way = max(0.0, margin.used) if math.isfinite(margin.limit.stop) else None
    return Cell(limit_value(margin, margin.upper), margin.verdict, way, word)


def _size(depth: Depth) -> str:
    zone = depth.zone
    if zone is None:
        return "nothing coagulates"
    layers = ", ".join(layer_words(name) for name in zone.layers)
    least = " or more" if zone.lower_bound else ""
    return f"{number(zone.width * 1e3, 2)} mm wide{least}, {_mm(zone.top)} to {_mm(zone.bottom)} mm deep ({layers})"


def _cubic(volume: float) -> str:
    return quantity(volume, "m3", digits=2) if volume > 0.0 else "none"


def _caption(plan: Plan) -> str:
    return (
        "One needle of the stamp with the largest zone it leaves, to scale; everything but the depth stays as planned. "
        "All three were computed alike, with coarser cells than the sections above. The limits are read at the upper "
        "end of the spread, the depth at which the tips really come to lie among it."
    )


def _described(plan: Plan) -> str:
    return " ".join(
        f"{_HEADS[d.step].capitalize()}: set to {_mm(d.setting)} mm, tips at {_mm(d.tips)} mm, {_size(d)}; lost fat "
        f"{_cubic(d.figures.get('fat_loss.volume', 0.0))}; {_WORDS[d.verdict]}."
        for d in plan.depths
    )


def _mm(metres: float) -> str:
    return number(round(metres * 1e3, 2))
