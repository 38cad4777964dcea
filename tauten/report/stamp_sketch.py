"""The section upright through a row of needles: layers, metal, zones, heat, lost fat and what lies below, to scale."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from html import escape

from tauten.report import stamp_marks as marks
from tauten.report.canvas import Drawing
from tauten.report.numbers import number, percent
from tauten.report.stamp import NEAR, Stamped, Tip
from tauten.report.stamp_marks import BARE, DANGER, GOAL, INK, LINE, SOFT, Scale
from tauten.report.stamp_words import describe

__all__ = ["draw"]

_NAME = "needles"
_LEFT, _ABOVE, _NAMES = 52.0, 74.0, 252.0
_PICTURE = 440.0  # units wide; the names of the layers stand beside it


def draw(stamped: Stamped) -> Drawing:
    """Return the section as a drawing for the page."""
    (left, right), (_, bottom) = stamped.window
    units = min(_PICTURE / (right - left) * 1e-3, 105.0)
    scale = Scale(units, _LEFT, _ABOVE, (left, 0.0))
    width, below = scale.x(right) + _NAMES, scale.y(bottom)
    extra = list(_extra(stamped))
    rows = len(marks._kinds(_NAME, [stamped.upright], extra))
    told, end = marks.notes(list(_told(stamped)), below + 64.0 + LINE * rows, 56)
    title = "Section of this skin through a row of needles"
    parts = [
        marks.head(_NAME, title, describe(stamped), scale, (width, end)),
        marks.defs(_NAME),
        f'<rect width="{width:.0f}" height="{end:.0f}" fill="#fff"/>',
        *_layers(stamped, scale),
        *marks.cuts(_NAME, stamped.upright, scale),
        *_needles(stamped, scale),
        *_lines(stamped, scale),
        *_ruler(stamped, scale),
        *_distances(stamped, scale),
        *_names(stamped, scale),
        *marks.legend(_NAME, [stamped.upright], below + 44.0, extra),
        *told,
        "</svg>",
    ]
    return Drawing(_NAME, "Through a row of needles", _caption(stamped), "\n".join(parts))


def _layers(stamped: Stamped, scale: Scale) -> Iterator[str]:
    (left, right), (_, bottom) = stamped.window
    for stratum in stamped.strata:
        if stratum.top >= bottom:
            continue
        top, end = scale.y(stratum.top), scale.y(min(stratum.bottom, bottom))
        yield (
            f'<rect class="layer" x="{scale.x(left):.2f}" y="{top:.2f}" width="{scale.x(right) - scale.x(left):.2f}" '
            f'height="{end - top:.2f}" fill="{marks.tint(stratum.tissue)}" data-layer="{escape(stratum.name)}" '
            f"{marks.data(top=stratum.top)}/>"
        )


def _needles(stamped: Stamped, scale: Scale) -> Iterator[str]:
    seen: set[tuple[float, float]] = set()
    (left, right), _ = stamped.window
    yield (
        f'<rect x="{scale.x(left):.1f}" y="8" width="{scale.x(right) - scale.x(left):.1f}" height="30" fill="#e5e7eb" '
        f'stroke="{SOFT}"/>'
    )
    for tip in sorted(stamped.in_row, key=lambda t: -t.depth):  # of several depths the deepest is where metal ends
        if tip.shaft not in seen:
            seen.add(tip.shaft)
            yield from _needle(tip, scale)


def _needle(tip: Tip, scale: Scale) -> Iterator[str]:
    x, half = scale.x(tip.across), tip.radius * 1e3 * scale.units
    top, bare, end = 38.0, scale.y(tip.bare_from), scale.y(tip.depth)
    yield (
        f'<rect class="shaft" x="{x - half:.2f}" y="{top:.2f}" width="{2 * half:.2f}" height="{bare - top:.2f}" '
        f'fill="{"#9aa3af" if tip.insulated else BARE}" stroke="{INK}" stroke-width="1.4"/>'
    )
    yield (
        f'<rect class="bare" x="{x - half:.2f}" y="{bare:.2f}" width="{2 * half:.2f}" height="{end - bare:.2f}" '
        f'fill="{BARE}" stroke="{INK}" stroke-width="1.4" '
        f"{marks.data(across=tip.across, top=tip.bare_from, tip=tip.depth, radius=tip.radius)}/>"
    )
    yield f'<text x="{x:.1f}" y="30" text-anchor="middle" font-weight="bold">{tip.sign}</text>'


def _lines(stamped: Stamped, scale: Scale) -> Iterator[str]:
    """The dermis-fat border, what lies below, the depths the plan aims at, and where tips may come to lie."""
    (left, right), (_, bottom) = stamped.window
    ends = f'x1="{scale.x(left):.2f}" x2="{scale.x(right):.2f}"'
    lines = [("border", "dermis-fat border", stamped.border, INK, 'stroke-width="3"')]
    lines += [("guard", g.name, g.depth, DANGER, 'stroke-width="3" stroke-dasharray="14 5"') for g in stamped.guards]
    for kind, name, depth, colour, look in lines:
        if depth < bottom:
            y = scale.y(depth)
            yield (
                f'<line class="{kind}" {ends} y1="{y:.2f}" y2="{y:.2f}" stroke="{colour}" {look} '
                f'data-name="{escape(name)}" {marks.data(depth=depth)}/>'
            )
    if stamped.goal:
        top, end = stamped.goal
        x = scale.x(left) + 6.0
        yield (
            f'<line class="goal" x1="{x:.1f}" x2="{x:.1f}" y1="{scale.y(top):.2f}" '
            f'y2="{scale.y(min(end, bottom)):.2f}" stroke="{GOAL}" stroke-width="7" {marks.data(top=top, bottom=end)}/>'
        )
    least, most = stamped.reached
    if most > least:
        x = scale.x(stamped.in_row[0].across) - stamped.in_row[0].radius * 1e3 * scale.units - 11.0
        yield (
            f'<path class="reached" d="M{x - 6:.1f} {scale.y(least):.2f}h12M{x:.1f} {scale.y(least):.2f}'
            f'V{scale.y(most):.2f}M{x - 6:.1f} {scale.y(most):.2f}h12" fill="none" stroke="{INK}" stroke-width="2.2" '
            f"{marks.data(least=least, most=most)}/>"
        )


def _ruler(stamped: Stamped, scale: Scale) -> Iterator[str]:
    (left, right), (_, bottom) = stamped.window
    edge = scale.x(left)
    for half in range(int(bottom * 2e3 + 1e-6) + 1):
        y, whole = scale.y(half * 0.5e-3), half % 2 == 0
        yield (
            f'<line class="tick" x1="{edge - (14 if whole else 8):.1f}" x2="{edge:.1f}" y1="{y:.2f}" y2="{y:.2f}" '
            f'stroke="{INK}" stroke-width="{2 if whole else 1}" {marks.data(depth=half * 0.5e-3)}/>'
        )
        if whole:
            yield f'<text x="{edge - 18:.1f}" y="{y + 6.5:.1f}" text-anchor="end">{half // 2}</text>'
    small = f'text-anchor="end" fill="{SOFT}" font-size="16"'
    yield f'<text x="{edge - 18:.1f}" y="{scale.y(0.0) - 22:.1f}" {small}>mm</text>'
    y, first = scale.y(bottom), math.ceil(left * 1e3)
    for place in range(first, math.floor(right * 1e3) + 1):
        x = scale.x(place * 1e-3)
        yield f'<line class="across" x1="{x:.2f}" x2="{x:.2f}" y1="{y:.2f}" y2="{y + 8:.2f}" stroke="{INK}"/>'
    yield f'<text x="{scale.x(right):.1f}" y="{y + 22:.1f}" {small}>1 mm a step</text>'


def _distances(stamped: Stamped, scale: Scale) -> Iterator[str]:
    """Arrows from the deepest tips down to the fat and to what must not be heated, each with its length."""
    (_, right), (_, bottom) = stamped.window
    lowest, between = stamped.lowest, scale.x(right)
    wanted = [("fat", stamped.border), *((g.name, g.depth) for g in stamped.guards)]
    for n, (name, depth) in enumerate(wanted):
        if depth >= bottom or abs(depth - lowest) < NEAR:
            continue
        x, y, end = between - 14.0 - 24.0 * n, scale.y(lowest), scale.y(depth)
        way = 1.0 if end > y else -1.0
        colour = INK if name == "fat" and depth > lowest else DANGER
        yield (
            f'<path class="distance" d="M{x:.1f} {y:.2f}V{end:.2f}M{x - 5:.1f} {end - way * 9:.2f}L{x:.1f} {end:.2f}'
            f'L{x + 5:.1f} {end - way * 9:.2f}" fill="none" stroke="{colour}" stroke-width="2.2" '
            f'data-name="{escape(name)}" {marks.data(distance=depth - lowest)}/>'
        )
    yield (
        f'<line class="lowest" x1="{scale.x(stamped.in_row[-1].across):.1f}" x2="{between:.1f}" '
        f'y1="{scale.y(lowest):.2f}" y2="{scale.y(lowest):.2f}" stroke="{INK}" stroke-width="1.2" '
        f'stroke-dasharray="3 4" {marks.data(depth=lowest)}/>'
    )


def _names(stamped: Stamped, scale: Scale) -> Iterator[str]:
    """The names right of the picture, each led to its depth; those near each other make room."""
    (_, right), (_, bottom) = stamped.window
    wanted = [
        (scale.y(0.5 * (s.top + min(s.bottom, bottom))), [s.name], f'fill="{SOFT}"')
        for s in stamped.strata
        if s.top < bottom and s.bottom - s.top > 20e-6 and all(abs(s.top - g.depth) > NEAR for g in stamped.guards)
    ]
    wanted.append((scale.y(stamped.lowest), [f"tips {_mm(stamped.lowest)} mm"], 'font-weight="bold"'))
    fat = stamped.border - stamped.lowest
    wanted.append(
        (
            scale.y(stamped.border),
            ["fat begins", _way(fat)],
            f'font-weight="bold" fill="{INK if fat > 0.0 else DANGER}"',
        )
    )
    for guard in stamped.guards:
        if guard.depth < bottom:
            lines = [*guard.name.replace("superficial ", "").split(", "), _way(guard.distance)]
            wanted.append((scale.y(guard.depth), lines, f'font-weight="bold" fill="{DANGER}"'))
    wanted.sort(key=lambda each: each[0])
    places = _apart([(place, len(lines)) for place, lines, _ in wanted], scale.y(bottom) + 20.0)
    edge = scale.x(right)
    for (true, lines, look), place in zip(wanted, places, strict=True):
        yield (
            f'<path d="M{edge:.1f} {true:.1f} h5 L{edge + 18:.1f} {place:.1f} h5" fill="none" stroke="{SOFT}" '
            f'stroke-width="1.1"/>'
        )
        for n, line in enumerate(lines):
            y = place + 6.5 + 22.0 * n
            yield f'<text class="label" x="{edge + 27:.1f}" y="{y:.1f}" {look}>{escape(line)}</text>'


def _apart(wanted: Sequence[tuple[float, int]], last: float) -> list[float]:
    """Return places in the order of `wanted` (each with its lines), a line apart, ending above `last`.

    >>> _apart([(0.0, 1), (1.0, 2), (200.0, 1)], 300.0)
    [0.0, 25.0, 200.0]
    """
    places: list[float] = []
    for n, (place, _) in enumerate(wanted):
        before = places[-1] + 3.0 + 22.0 * wanted[n - 1][1] if places else place
        places.append(max(place, before))
    for n in reversed(range(len(places))):
        after = places[n + 1] if n + 1 < len(places) else last + 3.0
        places[n] = min(places[n], after - 3.0 - 22.0 * wanted[n][1])
    return places


def _extra(stamped: Stamped) -> Iterator[tuple[str, str]]:
    bare = f'<rect x="-15" y="-9" width="30" height="18" fill="{BARE}" stroke="{INK}"/>'
    if stamped.tips[0].insulated:
        yield bare, "bare tip of a needle; the grey shaft is insulated"
    else:
        yield bare, "needle, bare along its whole length"
    if stamped.reached[1] > stamped.reached[0]:
        yield (
            f'<path d="M-6 -9h12M0 -9V9M-6 9h12" fill="none" stroke="{INK}" stroke-width="2.2"/>',
            (f"where the tips may lie: {_mm(stamped.reached[0])} to {_mm(stamped.reached[1])} mm"),
        )
    if stamped.goal:
        yield f'<path d="M0 -10V10" stroke="{GOAL}" stroke-width="7"/>', "depth the plan aims at"


def _told(stamped: Stamped) -> Iterator[tuple[str, str]]:
    for guard in stamped.guards:
        if guard.depth >= stamped.deepest:
            yield f"Below the picture: {guard.name} at {_mm(guard.depth)} mm, {_way(guard.distance)}.", INK
    if stamped.near_boiling:
        yield "Water comes near boiling at some needles: the sizes are lower bounds.", DANGER
    dose = number(stamped.dose)
    if stamped.fat > 0.0:
        yield f"Fat dose: {number(stamped.fat * 1e9, 2)} mm³ of fat pass {dose} CEM43.", DANGER
    else:
        yield f"Fat dose: no fat passes {dose} CEM43 as planned.", INK


def _way(distance: float) -> str:
    return (
        f"{_mm(abs(distance))} mm {'below' if distance >= 0.0 else 'above'} tips"
        if abs(distance) >= NEAR
        else "at the tips"
    )


def _caption(stamped: Stamped) -> str:
    shown, whole = len(stamped.in_row), len(stamped.of_row)
    needles = f"All {whole} needles" if shown == whole else f"The middle {shown} of the {whole} needles"
    lean = f" They lean out of the picture by {number(math.degrees(stamped.tilt))}°." if stamped.tilt else ""
    return (
        f"{needles} of the row in which most coagulates (line A in the view from above), to scale, as planned. "
        "Outlines show the largest extent within half a way to the next row: nothing near this row hides. "
        f"{percent(stamped.coagulated)} of the footprint is coagulated at the depth where it is most.{lean}"
    )


def _mm(metres: float) -> str:
    return number(round(metres * 1e3, 2))
