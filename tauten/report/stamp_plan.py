"""The section level with the tips, seen from above: every needle with its sign, its zone, and the skin left between."""

from __future__ import annotations

from collections.abc import Iterator

from tauten.report import stamp_marks as marks
from tauten.report.canvas import Drawing
from tauten.report.numbers import number, percent
from tauten.report.stamp import Stamped
from tauten.report.stamp_marks import BARE, INK, LINE, SOFT, Scale
from tauten.report.stamp_words import describe

__all__ = ["draw"]

_NAME = "needles_level"
_LEFT, _TOP, _WIDE = 44.0, 18.0, 640.0
_SHADOW = 'fill="none" stroke="#4d0c2d" stroke-width="1.6" stroke-dasharray="3 4"'


def draw(stamped: Stamped) -> Drawing:
    """Return the section as a drawing for the page."""
    wide, long = stamped.footprint
    around = max(0.08 * wide, 0.3e-3)
    tips = [tip.along for tip in stamped.tips]
    front, back = min(-long / 2.0, min(tips) - 0.3e-3) - around, max(long / 2.0, max(tips) + 0.3e-3) + around
    left = -wide / 2.0 - around
    units = min(_WIDE / (-2.0 * left) * 1e-3, 120.0)
    scale = Scale(units, _LEFT, _TOP, (left, front))
    width, below = scale.x(-left) + 34.0, scale.y(back)
    extra = list(_extra(stamped))
    rows = len(marks._kinds(_NAME, [stamped.level], extra))
    told, end = marks.notes(list(_told(stamped)), below + 64.0 + LINE * rows, 58)
    title = f"Section {number(stamped.at * 1e3)} mm deep through the needles' tips, from above"
    skin = next((s.tissue for s in stamped.strata if s.top <= stamped.at < s.bottom), "dermis")
    parts = [
        marks.head(_NAME, title, describe(stamped), scale, (width, end)),
        marks.defs(_NAME),
        f'<rect width="{width:.0f}" height="{end:.0f}" fill="#fff"/>',
        f'<rect x="{scale.x(left):.2f}" y="{scale.y(front):.2f}" width="{scale.x(-left) - scale.x(left):.2f}" '
        f'height="{scale.y(back) - scale.y(front):.2f}" fill="{marks.tint(skin)}"/>',
        f'<rect class="footprint" x="{scale.x(-wide / 2):.2f}" y="{scale.y(stamped.lean - long / 2):.2f}" '
        f'width="{wide * 1e3 * units:.2f}" height="{long * 1e3 * units:.2f}" fill="none" stroke="{SOFT}" '
        f'stroke-dasharray="12 6" {marks.data(width=wide, length=long)}/>',
        *marks.cuts(_NAME, stamped.level, scale),
        *(f'<path class="shadow" d="{marks.path(piece, scale, closed=True)}" {_SHADOW}/>' for piece in stamped.shadow),
        *_needles(stamped, scale),
        *_row(stamped, scale, left),
        *_step(scale, -left, below),
        *marks.legend(_NAME, [stamped.level], below + 44.0, extra),
        *told,
        "</svg>",
    ]
    return Drawing(_NAME, "Level with the tips, from above", _caption(stamped), "\n".join(parts))


def _needles(stamped: Stamped, scale: Scale) -> Iterator[str]:
    for tip in stamped.tips:
        x, y, radius = scale.x(tip.across), scale.y(tip.along), tip.radius * 1e3 * scale.units
        fill = BARE if tip.sign == "+" else "#ffffff"
        yield (
            f'<circle class="needle" cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{fill}" stroke="{INK}" '
            f'stroke-width="1.5" data-sign="{tip.sign}" {marks.data(across=tip.across, along=tip.along)}/>'
        )
        arm = min(0.6 * radius, 8.0)
        upright = f"M{x:.2f} {y - arm:.2f}V{y + arm:.2f}" if tip.sign == "+" else ""
        yield f'<path d="M{x - arm:.2f} {y:.2f}H{x + arm:.2f}{upright}" stroke="{INK}" stroke-width="2.2"/>'


def _row(stamped: Stamped, scale: Scale, left: float) -> Iterator[str]:
    y = scale.y(stamped.row)
    for x, anchor in ((scale.x(left) - 6.0, "end"), (scale.x(-left) + 6.0, "start")):
        yield f'<text x="{x:.1f}" y="{y + 6.5:.1f}" text-anchor="{anchor}" font-weight="bold">A</text>'
    yield (
        f'<line class="row" x1="{scale.x(left):.1f}" x2="{scale.x(-left):.1f}" y1="{y:.2f}" y2="{y:.2f}" '
        f'stroke="{INK}" stroke-width="1.2" stroke-dasharray="16 5 3 5" {marks.data(along=stamped.row)}/>'
    )


def _step(scale: Scale, right: float, below: float) -> Iterator[str]:
    end = scale.x(right)
    yield (
        f'<path d="M{end - 1e-0 * scale.units:.1f} {below + 8:.1f}v8h{scale.units:.1f}v-8" fill="none" stroke="{INK}" '
        f'stroke-width="2"/><text x="{end - scale.units - 8:.1f}" y="{below + 21:.1f}" text-anchor="end" '
        f'font-size="16" fill="{SOFT}">1 mm</text>'
    )


def _extra(stamped: Stamped) -> Iterator[tuple[str, str]]:
    signs = sorted({tip.sign for tip in stamped.tips})
    plus = f'<circle r="9" fill="{BARE}" stroke="{INK}" stroke-width="1.5"/>'
    minus = f'<circle r="9" fill="#fff" stroke="{INK}" stroke-width="1.5"/>'
    yield plus, "needle of the one pole (+)" if len(signs) > 1 else "needle; the current returns far away"
    if len(signs) > 1:
        yield minus, "needle of the other pole (−)"
    if stamped.shadow:
        yield f'<rect x="-15" y="-9" width="30" height="18" {_SHADOW}/>', "coagulated at any depth of the dermis"


def _told(stamped: Stamped) -> Iterator[tuple[str, str]]:
    yield (
        f"Spared: {percent(stamped.spared)} of the skin that one stamp serves has nothing coagulated anywhere between "
        "the surface and the fat. It heals from these bridges.",
        INK,
    )


def _caption(stamped: Stamped) -> str:
    return (
        f"{number(stamped.at * 1e3)} mm deep, where most is coagulated as planned. The dashed box is the skin that one "
        "stamp serves; line A is where the upright section is cut."
    )
