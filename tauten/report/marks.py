"""The marks of a drawn section, each at its computed place: boundaries, ruler, focus, zones and what not to heat.

One scale serves both directions: `UNITS` of the drawing are a millimetre, the skin's surface lies at `SURFACE`. Every
mark carries what it stands for in `data-` attributes in millimetres, so that a reader can check one by the other.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from textwrap import wrap

from tauten.report.section import ROOM, Outline, Section

__all__ = [
    "LEFT",
    "SURFACE",
    "UNITS",
    "boundaries",
    "focus",
    "goal",
    "guards",
    "hatch",
    "ruler",
    "x_of",
    "y_of",
    "zones",
]

UNITS = 48.0
"""Units of the drawing in a millimetre, across and down."""
LEFT = 62.0
"""Where the picture begins; the ruler stands left of it."""
WIDE, ABOVE = 12.3e-3, 0.6e-3
SURFACE = ABOVE * 1e3 * UNITS
"""Where the skin's surface lies."""
SMALL = 'font-size="16" fill="#c9d2dc"'
PLANNED, ADVERSE, FOCUS, _DANGER, GOAL = "#7cc7ff", "#ffb347", "#ffffff", "#ff9bb8", "#63e0b0"
"""Told apart by every kind of colour vision on black, and by dashes or hatching besides."""
PLANNED_LOOK = f'fill="{PLANNED}" fill-opacity="0.3" stroke="{PLANNED}" stroke-width="2.5"'
ADVERSE_LOOK = f'fill="none" stroke="{ADVERSE}" stroke-width="2" stroke-dasharray="5 3"'
_HALO = 'stroke="#000" stroke-width="5" stroke-opacity="0.65"'  # what it lies under is seen on a bright layer too


def hatch() -> str:
    """Return the pattern of the margins."""
    return (
        '<defs><pattern id="section-hatch" width="9" height="9" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M0 0V9" stroke="{_DANGER}" stroke-width="2.6"/></pattern></defs>'
    )


def x_of(across: float) -> float:
    """Return where a place `across` [m] from the picture's left edge lies."""
    return LEFT + across * 1e3 * UNITS


def y_of(depth: float) -> float:
    """Return where a `depth` [m] lies; negative above the skin."""
    return SURFACE + depth * 1e3 * UNITS


def _data(**millimetres: float) -> str:
    return " ".join(f'data-{name}-mm="{value * 1e3:.4f}"' for name, value in millimetres.items())


def boundaries(section: Section) -> Iterator[str]:
    """Yield a dotted line where each layer begins."""
    for stratum in section.strata:
        if stratum.top < section.deepest:
            y = y_of(stratum.top)
            yield (
                f'<line class="boundary" x1="{x_of(0):.2f}" x2="{x_of(WIDE):.2f}" y1="{y:.2f}" y2="{y:.2f}" '
                f'stroke="#fff" stroke-opacity="0.55" stroke-width="1" stroke-dasharray="2 5" '
                f'data-layer="{escape(stratum.name)}" {_data(top=stratum.top)}/>'
            )


def ruler(section: Section) -> Iterator[str]:
    """Yield the depth ruler, marked each half millimetre, and steps of a millimetre across."""
    yield f'<text x="{LEFT - 12:.1f}" y="{y_of(0) - 12:.1f}" text-anchor="end" {SMALL}>mm</text>'
    for half in range(int(section.deepest * 2e3 + 1e-6) + 1):
        y, whole = y_of(half * 0.5e-3), half % 2 == 0
        yield (
            f'<line class="tick" x1="{LEFT - (16 if whole else 9):.1f}" x2="{LEFT:.1f}" y1="{y:.2f}" y2="{y:.2f}" '
            f'stroke="#fff" stroke-width="{2 if whole else 1}" {_data(depth=half * 0.5e-3)}/>'
        )
        if whole:
            yield f'<text x="{LEFT - 21:.1f}" y="{y + 6.5:.1f}" text-anchor="end">{half // 2}</text>'
    y = y_of(section.deepest)
    for place in range(round(ROOM * 1e3) + 1):
        x = x_of(place * 1e-3)
        yield f'<line class="across" x1="{x:.2f}" x2="{x:.2f}" y1="{y:.2f}" y2="{y + 8:.2f}" stroke="#fff"/>'
    yield f'<text x="{x_of(ROOM):.1f}" y="{y + 20:.1f}" text-anchor="end" {SMALL}>1 mm a step</text>'


def goal(section: Section) -> Iterator[str]:
    """Yield a bar along the depths the plan aims at."""
    if section.goal:
        top, bottom = section.goal
        yield (
            f'<line class="goal" x1="{LEFT + 5:.1f}" x2="{LEFT + 5:.1f}" y1="{y_of(top):.2f}" y2="{y_of(bottom):.2f}" '
            f'stroke="{GOAL}" stroke-width="6" {_data(top=top, bottom=bottom)}/>'
        )


def focus(section: Section) -> Iterator[str]:
    """Yield the line of the geometric focus."""
    y = y_of(section.focus)
    ends = f'x1="{x_of(0):.2f}" x2="{x_of(ROOM + 0.4e-3):.2f}" y1="{y:.2f}" y2="{y:.2f}"'
    yield f"<line {ends} {_HALO}/>"
    yield (
        f'<line class="focus" {ends} stroke="{FOCUS}" stroke-width="2" stroke-dasharray="14 6" '
        f"{_data(depth=section.focus)}/>"
    )


def zones(section: Section) -> Iterator[str]:
    """Yield the zones, those at the upper end of the spread below those as planned."""
    places = [zone.across for zone in (*section.planned, *section.adverse)]
    middle = 0.5 * (min(places) + max(places)) if places else 0.0
    drawn = (("adverse", section.adverse, ADVERSE_LOOK), ("planned", section.planned, PLANNED_LOOK))
    for kind, zones, look in drawn:
        for zone in zones:
            yield _zone(kind, zone, x_of(0.15e-3 + 0.5 * ROOM + zone.across - middle), look)


def _zone(kind: str, zone: Outline, x: float, look: str) -> str:
    """Two half ellipses that meet at the zone's centre, which need not be half-way down."""
    half = 0.5 * zone.width * 1e3 * UNITS
    up, down = y_of(zone.centre) - y_of(zone.top), y_of(zone.bottom) - y_of(zone.centre)
    path = (
        f"M{x - half:.2f} {y_of(zone.centre):.2f} a{half:.2f} {up:.2f} 0 0 1 {2 * half:.2f} 0 "
        f"a{half:.2f} {down:.2f} 0 0 1 {-2 * half:.2f} 0 Z"
    )
    return (
        f'<path d="{path}" fill="none" {_HALO}/>'
        f'<path class="zone {kind}" d="{path}" {look} '
        f"{_data(across=zone.across, width=zone.width, top=zone.top, centre=zone.centre, bottom=zone.bottom)}/>"
    )


def guards(section: Section) -> Iterator[str]:
    """Yield what must not be heated, where the picture reaches it: a hatched margin above a line, and its name."""
    for guard in section.guards:
        if guard.depth >= section.deepest:
            continue
        top, bottom = y_of(guard.depth - guard.margin), y_of(guard.depth)
        yield (
            f'<rect class="margin" x="{x_of(0):.2f}" y="{top:.2f}" width="{x_of(WIDE) - x_of(0):.2f}" '
            f'height="{bottom - top:.2f}" fill="url(#section-hatch)" fill-opacity="0.55" '
            f'data-guard="{escape(guard.name)}" {_data(depth=guard.depth, margin=guard.margin)}/>'
        )
        if guard.name not in {stratum.name for stratum in section.strata}:  # a layer has its name already
            yield from _guard_name(guard.name, bottom, y_of(section.deepest))
        yield (
            f'<line class="guard" x1="{x_of(0):.2f}" x2="{x_of(WIDE):.2f}" y1="{bottom:.2f}" y2="{bottom:.2f}" '
            f'stroke="{_DANGER}" stroke-width="2.5" {_data(depth=guard.depth)}/>'
        )


def _guard_name(name: str, line: float, end: float) -> Iterator[str]:
    """A guard's name below its line, above it where the picture ends too soon."""
    told = wrap(name, 34)
    first = line + 20.0 if line + 22.0 * len(told) < end else line - 8.0 - 22.0 * (len(told) - 1)
    for place, words in enumerate(told):
        yield (
            f'<text x="{x_of(0.15e-3):.1f}" y="{first + 22.0 * place:.1f}" fill="{_DANGER}" {_HALO} '
            f'stroke-linejoin="round" paint-order="stroke">{escape(words)}</text>'
        )
