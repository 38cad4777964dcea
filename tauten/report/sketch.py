"""The drawing of a section: as an ultrasound picture shows it, with ruler, focus and the predicted zones, to scale."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from html import escape
from textwrap import wrap

from tauten.report import echo, marks
from tauten.report.canvas import Drawing
from tauten.report.marks import ABOVE, FOCUS, ROOM, SURFACE, UNITS, WIDE, x_of, y_of
from tauten.report.numbers import number
from tauten.report.section import Section, Stratum, describe

__all__ = ["draw"]

_LINE, _SIZE = 25.0, 19


def draw(section: Section) -> Drawing:
    """Return the section as a drawing for the page."""
    legend, below = list(_legend(section)), y_of(section.deepest)
    notes = list(_told_below(section))
    height = below + 46.0 + _LINE * (len(legend) + len(notes)) + (12.0 if notes else 0.0)
    width = x_of(WIDE)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="section-title section-desc" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="DejaVu Sans, Verdana, Arial, sans-serif" '
        f'font-size="{_SIZE}" fill="#fff" data-units-per-mm="{UNITS:g}" data-surface="{SURFACE:g}" '
        f'data-left="{marks.LEFT:g}">',
        '<title id="section-title">Section of this skin, drawn as an ultrasound picture, with predicted zones</title>',
        f'<desc id="section-desc">{escape(describe(section))}</desc>',
        marks.hatch(),
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#000"/>',
        *_picture(section),
        *marks.boundaries(section),
        *marks.guards(section),
        *marks.ruler(section),
        f'<rect x="{x_of(ROOM + 0.65e-3):.1f}" y="0" width="{x_of(WIDE) - x_of(ROOM + 0.65e-3):.1f}" '
        f'height="{below:.1f}" fill="#000" fill-opacity="0.62"/>',
        *marks.goal(section),
        *marks.focus(section),
        *marks.zones(section),
        *_names(section),
        *_lines(legend, below + 40.0),
        *_notes(notes, below + 52.0 + _LINE * len(legend)),
        "</svg>",
    ]
    return Drawing("section", "The section: layers, focus and predicted zones", _caption(section), "\n".join(parts))


def _picture(section: Section) -> Iterator[str]:
    shades = echo.grey(section.strata, WIDE, -ABOVE, section.deepest, section.seed)
    rows, columns = (size * echo.PIXEL * 1e3 * UNITS for size in shades.shape)
    coded = base64.b64encode(echo.png(shades)).decode()
    yield (
        f'<image class="grain" x="{x_of(0):.2f}" y="{y_of(-ABOVE):.2f}" width="{columns:.2f}" height="{rows:.2f}" '
        f'preserveAspectRatio="none" href="data:image/png;base64,{coded}"/>'
    )


def _names(section: Section) -> Iterator[str]:
    """The names right of the zones, each led to its depth; those of thin layers make room for each other."""
    wanted = [(_where(s, section.deepest), s.name, 'fill="#f2f4f7"') for s in section.strata if s.top < section.deepest]
    focus = f"focus {number(section.focus * 1e3)} mm"
    wanted.append((y_of(section.focus), focus, f'fill="{FOCUS}" font-weight="bold"'))
    wanted.sort(key=lambda each: each[0])
    places = _apart([place for place, *_ in wanted], 12.0, y_of(section.deepest) - 10.0)
    edge = x_of(ROOM + 0.45e-3)
    for (true, name, look), place in zip(wanted, places, strict=True):
        yield (
            f'<path d="M{edge:.1f} {true:.1f} l6 0 L{edge + 20:.1f} {place:.1f} l6 0" fill="none" stroke="#f2f4f7" '
            f'stroke-width="1.2"/><text class="label" x="{edge + 31:.1f}" y="{place + 6.5:.1f}" '
            f"{look}>{escape(name)}</text>"
        )


def _where(stratum: Stratum, deepest: float) -> float:
    """The place that a name leads to: the middle of its layer, the face of bone."""
    middle = 0.5 * (stratum.top + min(stratum.bottom, deepest))
    return y_of(stratum.top) + 8.0 if stratum.tissue == "bone" else y_of(middle)


def _apart(wanted: Sequence[float], first: float, last: float) -> list[float]:
    """Return places in the order of `wanted`, a line apart, between `first` and `last`, near where they are wanted.

    >>> _apart([0.0, 1.0, 200.0], 0.0, 300.0)
    [0.0, 25.0, 200.0]
    """
    places: list[float] = []
    for place in wanted:
        places.append(max(place, places[-1] + _LINE if places else first))
    for i in reversed(range(len(places))):
        places[i] = min(places[i], places[i + 1] - _LINE if i + 1 < len(places) else last)
    return places


def _legend(section: Section) -> Iterator[tuple[str, str]]:
    apart = f", points {number(section.pitch * 1e3)} mm apart" if section.points > 1 else ""
    ellipse = '<ellipse cx="0" cy="0" rx="6" ry="10" {}/>'
    yield (
        (ellipse.format(marks.PLANNED_LOOK), f"zone as planned{apart}")
        if section.planned
        else ("", "no zone as planned")
    )
    adverse = "zone at the upper end of the spread"
    yield (ellipse.format(marks.ADVERSE_LOOK), adverse) if section.adverse else ("", f"no {adverse}")
    if section.goal:
        yield f'<path d="M0 -10V10" stroke="{marks.GOAL}" stroke-width="6"/>', "depth the plan aims at"
    if any(guard.depth < section.deepest for guard in section.guards):
        yield (
            '<rect x="-13" y="-9" width="26" height="18" fill="url(#section-hatch)"/>',
            "margin above what must not be heated",
        )


def _lines(legend: Sequence[tuple[str, str]], top: float) -> Iterator[str]:
    for row, (mark, words) in enumerate(legend):
        y = top + _LINE * row
        yield f'<g transform="translate(32 {y:.1f})">{mark}<text x="30" y="6.5">{escape(words)}</text></g>'


def _told_below(section: Section) -> Iterator[tuple[str, str]]:
    """The lines under the legend with their colours: what lies below the picture, then the findings."""
    below = [
        f"{guard.name}: {number(guard.depth * 1e3)} mm, below the picture"
        for guard in section.guards
        if guard.depth >= section.deepest
    ]
    for texts, colour in ((below, "#c9d2dc"), (section.findings, marks.ADVERSE)):
        for text in texts:
            for line in wrap(text, 58, subsequent_indent="   "):
                yield line, colour


def _notes(notes: Sequence[tuple[str, str]], top: float) -> Iterator[str]:
    for row, (line, colour) in enumerate(notes):
        yield f'<text x="19" y="{top + _LINE * row + 6.5:.1f}" fill="{colour}">{escape(line)}</text>'


def _caption(section: Section) -> str:
    drawn = len(section.planned)
    part = f"{drawn} of {section.points} points of a line are drawn. " if section.points > drawn > 0 else ""
    return (
        "Drawn, not recorded: layers, ruler, focus and zones stand at their computed places, to one scale across and "
        "down; the grain only shows each tissue the way such pictures do. A zone is where the damage integral passes "
        f"its threshold; the table of zones names the kinetics. {part}Compare the layers with the picture on the "
        "machine before each line: where they differ, the zones do too."
    )
