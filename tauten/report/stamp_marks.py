"""The marks both drawings of a stamp share: one scale both ways, outlines as paths, and their looks.

Every mark carries what it stands for in `data-` attributes in millimetres, so that a reader can check one by the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from tauten.report.numbers import number
from tauten.report.slices import Ring
from tauten.report.stamp import Cuts

__all__ = [
    "BARE", "DANGER", "GOAL", "INK", "LINE", "SOFT", "WARM", "Scale", "cuts", "data", "defs", "head", "legend", "notes",
    "path", "tint",
]  # fmt: skip

SIZE, LINE = 19, 26.0
INK, SOFT, DANGER, GOAL, BARE = "#1b1f24", "#4b5563", "#a3200d", "#006b4f", "#d69e00"
_ZONE = 'fill="#7a1f4b" fill-opacity="0.62" stroke="#4d0c2d" stroke-width="2"'
_LOST = 'stroke="#8a1200" stroke-width="2"'
WARM = ('stroke="#d55e00" stroke-width="2.2" stroke-dasharray="9 5"', 'stroke="#a3200d" stroke-width="2.2"')
"""Lines of 60 and 70 °C: told apart by dashes as well as by colour."""
_TINTS = {
    "couplant": "#ffffff", "stratum_corneum": "#cfa987", "epidermis": "#e3c09c", "dermis": "#f8e4da", "fat": "#fdf1c8",
    "smas": "#cfd6df", "muscle": "#e9bfb6", "bone": "#f1f1ee",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a place [m] lies in the drawing: `units` a millimetre both ways, `left` and `top` where (x, y) begin."""

    units: float
    left: float
    top: float
    first: tuple[float, float]

    def x(self, across: float) -> float:
        """Return where a place `across` [m] lies."""
        return self.left + (across - self.first[0]) * 1e3 * self.units

    def y(self, down: float) -> float:
        """Return where a place `down` [m] lies."""
        return self.top + (down - self.first[1]) * 1e3 * self.units


def data(**millimetres: float) -> str:
    """Return `data-` attributes of lengths [m], in millimetres."""
    return " ".join(f'data-{name.replace("_", "-")}-mm="{value * 1e3:.4f}"' for name, value in millimetres.items())


def tint(tissue: str) -> str:
    """Return the colour of a tissue."""
    return _TINTS.get(tissue, "#eeeeee")


def head(name: str, title: str, words: str, scale: Scale, size: tuple[float, float]) -> str:
    """Return the opening of a drawing, with its title and its words for who cannot see it."""
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name}-title {name}-desc" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="DejaVu Sans, Verdana, Arial, sans-serif" '
        f'font-size="{SIZE}" fill="{INK}" data-units-per-mm="{scale.units:.6g}" data-left="{scale.x(0.0):.4f}" '
        f'data-surface="{scale.y(0.0):.4f}">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-desc">{escape(words)}</desc>'
    )


def defs(name: str) -> str:
    """Return the hatching of lost fat."""
    return (
        f'<defs><pattern id="{name}-lost" width="8" height="8" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="8" height="8" fill="#ffb27d"/><path d="M0 0V8" stroke="#8a1200" '
        f'stroke-width="4"/></pattern></defs>'
    )


def path(rings: Sequence[Ring], scale: Scale, *, closed: bool) -> str:
    """Return outlines as the `d` of a path."""
    end = " Z" if closed else ""
    return " ".join(
        "M" + " L".join(f"{scale.x(x):.2f} {scale.y(y):.2f}" for x, y in ring) + end for ring in rings if len(ring) > 1
    )


def cuts(name: str, shown: Cuts, scale: Scale) -> Iterator[str]:
    """Yield lost fat, zones and lines of temperature, in that order."""
    for piece in shown.lost:
        yield (
            f'<path class="lost" d="{path(piece, scale, closed=True)}" fill-rule="evenodd" fill="url(#{name}-lost)" '
            f"{_LOST}/>"
        )
    for piece in shown.zones:
        left, right = min(x for x, _ in piece[0]), max(x for x, _ in piece[0])
        top, bottom = min(y for _, y in piece[0]), max(y for _, y in piece[0])
        yield (
            f'<path class="zone" d="{path(piece, scale, closed=True)}" fill-rule="evenodd" {_ZONE} '
            f"{data(left=left, right=right, top=top, bottom=bottom)}/>"
        )
    for (line, rings), look in zip(shown.warm.items(), WARM, strict=False):
        drawn = path(rings, scale, closed=False)
        if drawn:
            yield f'<path class="warm" data-degrees="{number(line)}" d="{drawn}" fill="none" {look}/>'


def legend(name: str, shown: Sequence[Cuts], top: float, extra: Sequence[tuple[str, str]] = ()) -> Iterator[str]:
    """Yield a line for each kind of outline that `shown` has, and the `extra` ones: a mark and its words."""
    for row, (mark, words) in enumerate(_kinds(name, shown, extra)):
        y = top + LINE * row
        yield f'<g transform="translate(32 {y:.1f})">{mark}<text x="34" y="6.5">{escape(words)}</text></g>'


def _kinds(name: str, shown: Sequence[Cuts], extra: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    box = '<rect x="-15" y="-9" width="30" height="18" {}/>'
    found = [
        (box.format(_ZONE), "coagulated (Ω = 1) as planned")
        if any(each.zones for each in shown)
        else ("", "nothing coagulates as planned")
    ]
    lines = dict.fromkeys(line for each in shown for line, rings in each.warm.items() if rings)
    for line, look in zip(shown[0].warm, WARM, strict=False):
        if line in lines:
            found.append((f'<path d="M-16 0H16" {look}/>', f"reached {number(line)} °C at some moment"))
    if any(each.lost for each in shown):
        found.append((box.format(f'fill="url(#{name}-lost)" {_LOST}'), "fat past the dose it is lost from"))
    return [*found, *extra]


def notes(lines: Sequence[tuple[str, str]], top: float, width: int) -> tuple[list[str], float]:
    """Return sentences, each in its colour, wrapped below each other, and where they end."""
    parts, y = [], top
    for words, colour in lines:
        for line in wrap(words, width):
            parts.append(f'<text x="20" y="{y:.1f}" fill="{colour}">{escape(line)}</text>')
            y += LINE
    return parts, y
