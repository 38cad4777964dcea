"""The sheet every figure is drawn on: one size, one palette, a stretched depth axis, and SVG that can sit in a page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import ArrayLike, NDArray

from tauten.report.numbers import number, power_of_ten

__all__ = ["GREY", "INK", "PALETTE", "WHITE", "DepthScale", "Drawing", "Layers", "powers", "sheet", "whole"]

Layers = Sequence[tuple[str, float, float]]
"""Name, top and bottom [m] of each layer."""

INK, GREY = "#1b1f24", "#6a7280"
PALETTE = ("#0072b2", "#d55e00", "#007a59", "#8a5a9e", "#a67c00", "#3b8bbf")
"""Okabe and Ito's colours, darkened where they would be faint on white; told apart by every kind of colour vision."""

WHITE: dict[str, Any] = {"frameon": True, "facecolor": "white", "edgecolor": "none", "framealpha": 1.0}
"""How a legend is framed, so that no line shows through its words."""

_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",  # text stays text: small, searchable, read aloud
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "sans-serif"],
    "text.parse_math": False,  # no figure needs it, and it costs more than the drawing
    "font.size": 9,
    "axes.labelsize": 9,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "lines.linewidth": 1.6,
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A finished figure: `name` for its file, `title` and `caption` that say what to read, `svg` for the page."""

    name: str
    title: str
    caption: str
    svg: str


def whole(axis: Any) -> None:
    """Mark an axis at whole numbers only."""
    axis.set_major_locator(MaxNLocator(nbins=7, integer=True, min_n_ticks=3))


def powers(axes: Any) -> None:
    """Make the lower axis logarithmic, marked in plain powers of ten."""
    axes.set_xscale("log")
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_locator(LogLocator(numticks=5))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: power_of_ten(value)))


class Sheet:
    """One blank figure and, when the drawing is done, its `svg`."""

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.svg = ""


@contextmanager
def sheet(name: str, description: str, height: float = 3.7) -> Iterator[Sheet]:
    """Give a blank figure 5.4 in wide; at the end its SVG is ready, with a title and unique ids."""
    style = _STYLE | {"svg.hashsalt": name}  # ids that are the same in every run, and differ between figures
    with matplotlib.rc_context(style):  # type: ignore[arg-type]
        drawn = Sheet(Figure(figsize=(5.4, height), layout="constrained"))
        yield drawn
        buffer = io.StringIO()
        drawn.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    drawn.svg = _for_a_page(buffer.getvalue(), name, description)


def _for_a_page(svg: str, name: str, description: str) -> str:
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.S)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = svg.replace('href="#', f'href="#{name}-')
    size = re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    if size:  # the view box keeps the shape; the page gives the width
        svg = svg.replace(size[0], 'role="img"', 1)
    described = description.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"(<svg[^>]*>)", rf"\1<title>{_literal(described)}</title>", svg, count=1)


def _literal(text: str) -> str:
    return text.replace("\\", r"\\")


@dataclass(frozen=True, slots=True)
class DepthScale:
    """A depth axis down to `deepest` [m]; `stretched`, position = sqrt(depth), for the epidermis to be seen."""

    deepest: float
    stretched: bool = True

    def at(self, depth: ArrayLike) -> NDArray[np.float64]:
        """Return the position of a `depth` [m] on the axis."""
        millimetres = np.maximum(np.asarray(depth, dtype=np.float64), 0.0) * 1e3
        return np.sqrt(millimetres) if self.stretched else millimetres

    def depth(self, place: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the depth [m] at a `place` of the axis.

        >>> DepthScale(4e-3).depth(np.array([2.0])), DepthScale(4e-3, stretched=False).depth(np.array([2.0]))
        (array([0.004]), array([0.002]))
        """
        return (place**2 if self.stretched else place) * 1e-3

    @property
    def label(self) -> str:
        """What stands along the axis."""
        return "depth [mm], stretched near the surface" if self.stretched else "depth [mm]"

    @property
    def ticks(self) -> list[float]:
        """Depths to mark [m]."""
        marks: Iterable[float] = (0.0, 0.1e-3, 0.3e-3, 1e-3, 2e-3, 3e-3, 5e-3, 8e-3, 12e-3, 20e-3)
        if not self.stretched:
            marks = np.arange(0.0, 0.1, 1e-3 if self.deepest < 10.5e-3 else 2e-3).tolist()
        return [m for m in marks if m <= self.deepest * 1.001]

    def draw(
        self, axes: Any, layers: Sequence[tuple[str, float, float]], *, vertical: bool, names: bool = True
    ) -> None:
        """Set up the axis and draw each layer's boundary and, where there is room, its name."""
        places, labels = self.at(self.ticks), [number(t * 1e3) for t in self.ticks]
        end = float(self.at(self.deepest))
        if vertical:
            axes.set_ylim(end, 0.0)
            axes.set_yticks(places, labels)
            axes.set_ylabel(self.label)
        else:
            axes.set_xlim(0.0, end)
            axes.set_xticks(places, labels)
            axes.set_xlabel(self.label)
        for name, top, bottom in layers:
            if top >= self.deepest:
                continue
            first, last = float(self.at(top)), float(self.at(min(bottom, self.deepest)))
            if top > 0.0:
                (axes.axhline if vertical else axes.axvline)(first, color=GREY, lw=0.8, ls=(0, (4, 3)), zorder=3)
            if names:
                self._name(axes, name, first, last, end, vertical)

    def _name(self, axes: Any, name: str, first: float, last: float, end: float, vertical: bool) -> None:
        room, middle = (last - first) / end, 0.5 * (first + last)
        if vertical and room > 0.035:
            axes.annotate(
                name, (1.0, middle), (4, 0), xycoords=("axes fraction", "data"), textcoords="offset points",
                va="center", ha="left", fontsize=7.5, color=GREY, annotation_clip=False,
            )  # fmt: skip
        elif not vertical and room > 0.035:
            axes.annotate(
                name, (middle, 1.0), (0, 3), xycoords=("data", "axes fraction"), textcoords="offset points",
                rotation=0 if room > 0.24 else 38, ha="center" if room > 0.24 else "left", va="bottom", fontsize=7.5,
                color=GREY, annotation_clip=False,
            )  # fmt: skip
