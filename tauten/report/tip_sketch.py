"""The section under a tip on the surface: its metal, how warm each place gets, fat past its dose, and the layers."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.devices.electrode import Disc
from tauten.devices.exposure import RfPulse
from tauten.facts import load
from tauten.report import levels
from tauten.report import stamp_marks as marks
from tauten.report.canvas import Drawing
from tauten.report.numbers import number, quantity
from tauten.report.section import Stratum
from tauten.report.slices import Plane, Window, cut
from tauten.report.stamp import Cuts
from tauten.report.stamp_marks import BARE, INK, LINE, SOFT, Scale
from tauten.report.words import layer_words
from tauten.solvers.electrode_grid import electrodes_on, mirrors_on
from tauten.solvers.nodes import Nodes, level_of
from tauten.units import celsius

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["draw"]

_NAME = "tip"
_LEFT, _ABOVE, _PICTURE, _NAMES = 52.0, 64.0, 470.0, 190.0
_DEEPEST = 12e-3


def draw(plan: Plan) -> Drawing | None:
    """Return the section under the tip; None where no tip was simulated."""
    shot = plan.treatment.exposures[0]
    if not isinstance(shot.exposure, RfPulse):
        return None
    state, metal = plan.treatment.state, _metal(plan)
    half = 1.35 * max(abs(edge) for *edges, _ in metal for edge in edges)
    depths = [float(depth) for depth in plan.skin.depths]
    strata = tuple(
        Stratum(layer_words(layer.name), layer.tissue, top, bottom)
        for layer, top, bottom in zip(plan.skin.layers, depths[:-1], depths[1:], strict=True)
    )
    border = max((s.bottom for s in strata if s.tissue == "dermis"), default=0.0)
    bottom = min(_DEEPEST, max(0.8 * half, 3.0 * border))
    dose = load()["care/planning/fat.dose"].value
    peak = _plane(plan, state.reference + np.maximum(state.maximum, state.rise))
    # One half of what is alike all round tells as much, at twice the size.
    left = -0.15 * half if state.grid.kind == "axisymmetric" else -half
    below_border: Window = ((left, half), (border, bottom))
    lost = _plane(plan, level_of(state, "cem43", dose)).within(below_border).rings(0.0) if border < bottom else ()
    shown = peak.within(((left, half), (0.0, bottom)))
    cuts = Cuts(warm={line: shown.lines(celsius(line)) for line in (levels.stimulus(), levels.collagen())}, lost=lost)
    scale = Scale(_PICTURE / (1e3 * (half - left)), _LEFT, _ABOVE, (left, 0.0))
    width, below = scale.x(half) + _NAMES, scale.y(bottom)
    legend = list(_legend(plan, cuts))
    told, end = marks.notes([(_fat(plan, dose), INK)], below + 64.0 + LINE * len(legend), 58)
    parts = [
        marks.head(_NAME, "Section of this skin under the tip", _described(plan, strata, dose), scale, (width, end)),
        marks.defs(_NAME),
        f'<rect width="{width:.0f}" height="{end:.0f}" fill="#fff"/>',
        *_layers(strata, scale, (left, half), bottom),
        *marks.cuts(_NAME, cuts, scale),
        *_tip(metal, scale),
        *_ruler(scale, left, bottom),
        *_lines(legend, below + 44.0),
        *told,
        "</svg>",
    ]
    return Drawing(_NAME, "Under the tip", _caption(plan), "\n".join(parts))


def _plane(plan: Plan, values: NDArray[np.floating]) -> Plane:
    """The plane through the middle of the tip: both sides of the axis, or along x where the grid is a box."""
    grid = plan.treatment.state.grid
    level = np.asarray(values, dtype=np.float64)
    if grid.kind == "axisymmetric":
        nodes = Nodes.of(grid, level)
        radius, depth = nodes.axes
        across = np.concatenate([-radius[:0:-1], radius])
        return Plane(across, depth, np.concatenate([nodes.values[:0:-1], nodes.values]).T)
    sides = mirrors_on(grid, plan.treatment.exposures[0])
    mirrored = tuple(axis for axis, side in enumerate(("left", "front")) if side in sides)
    return cut(grid, level, mirrored, 1, plan.treatment.exposures[0].at[1])


def _metal(plan: Plan) -> list[tuple[float, float, str]]:
    """From and to across [m] of each electrode as it was solved (a square one alone as the disc of its area)."""
    shot, grid = plan.treatment.exposures[0], plan.treatment.state.grid
    assert isinstance(shot.exposure, RfPulse)
    whole = electrodes_on(grid, shot) if grid.kind == "axisymmetric" else shot.exposure.electrodes((0.0, 0.0))
    found = []
    for each in whole:
        half = each.radius if isinstance(each, Disc) else each.width / 2.0  # type: ignore[union-attr]
        middle = each.centre[0]  # type: ignore[union-attr]
        found.append((middle - half, middle + half, "−" if each.terminal == "-" else "+"))
    return found


def _layers(strata: tuple[Stratum, ...], scale: Scale, shown: tuple[float, float], bottom: float) -> Iterator[str]:
    first, right, last = scale.x(shown[0]), scale.x(shown[1]), -1e9
    for stratum in strata:
        if stratum.top >= bottom:
            continue
        top, end = scale.y(stratum.top), scale.y(min(stratum.bottom, bottom))
        yield (
            f'<rect class="layer" x="{first:.2f}" y="{top:.2f}" width="{right - first:.2f}" '
            f'height="{end - top:.2f}" fill="{marks.tint(stratum.tissue)}" data-layer="{escape(stratum.name)}" '
            f"{marks.data(top=stratum.top)}/>"
        )
        place = max(0.5 * (top + end), last + 23.0)
        if stratum.bottom - stratum.top > 20e-6 and place < scale.y(bottom) + 8.0:
            last = place
            name = escape(stratum.name)
            yield f'<text class="label" x="{right + 12:.1f}" y="{place + 6.5:.1f}" fill="{SOFT}">{name}</text>'


def _tip(metal: list[tuple[float, float, str]], scale: Scale) -> Iterator[str]:
    for left, right, sign in metal:
        x = max(scale.x(left), scale.left)  # of a tip that is alike all round, a half is drawn
        width = scale.x(right) - x
        yield (
            f'<rect class="metal" x="{x:.2f}" y="{scale.y(0.0) - 26:.1f}" width="{width:.2f}" height="26" '
            f'fill="{BARE}" stroke="{INK}" {marks.data(left=left, right=right)}/>'
            f'<text x="{x + 0.5 * width:.1f}" y="{scale.y(0.0) - 7:.1f}" text-anchor="middle" '
            f'font-weight="bold">{sign}</text>'
        )


def _ruler(scale: Scale, left: float, bottom: float) -> Iterator[str]:
    edge = scale.x(left)
    for step in range(int(bottom * 1e3 + 1e-6) + 1):
        y = scale.y(step * 1e-3)
        yield (
            f'<line class="tick" x1="{edge - 12:.1f}" x2="{edge:.1f}" y1="{y:.2f}" y2="{y:.2f}" stroke="{INK}" '
            f'stroke-width="2" {marks.data(depth=step * 1e-3)}/>'
        )
        if step % 2 == 0 or scale.units > 40.0:
            yield f'<text x="{edge - 17:.1f}" y="{y + 6.5:.1f}" text-anchor="end">{step}</text>'
    small = f'text-anchor="end" fill="{SOFT}" font-size="16"'
    yield f'<text x="{edge - 17:.1f}" y="{scale.y(0.0) - 18:.1f}" {small}>mm</text>'


def _legend(plan: Plan, cuts: Cuts) -> Iterator[tuple[str, str]]:
    monopolar = plan.treatment.exposures[0].exposure.monopolar  # type: ignore[union-attr]
    far = (
        "metal of the tip; the current returns through a pad far away" if monopolar else "metal of the tip, both poles"
    )
    yield f'<rect x="-15" y="-9" width="30" height="18" fill="{BARE}" stroke="{INK}"/>', far
    meanings = ("warm enough to stimulate", "collagen denatures within seconds")
    for (line, rings), look, meaning in zip(cuts.warm.items(), marks.WARM, meanings, strict=True):
        if rings:
            yield f'<path d="M-16 0H16" {look}/>', f"reached {number(line)} °C: {meaning}"
        else:
            yield "", f"{number(line)} °C is reached nowhere"
    if cuts.lost:
        yield (
            f'<rect x="-15" y="-9" width="30" height="18" fill="url(#{_NAME}-lost)" stroke="#8a1200"/>',
            "fat past the dose it is lost from",
        )


def _lines(legend: list[tuple[str, str]], top: float) -> Iterator[str]:
    for row, (mark, words) in enumerate(legend):
        y = top + LINE * row
        yield f'<g transform="translate(32 {y:.1f})">{mark}<text x="34" y="6.5">{escape(words)}</text></g>'


def _fat(plan: Plan, threshold: float) -> str:
    margin = next((m for m in plan.margins if m.limit.figure == "fat_loss.thickness"), None)
    if margin is None:
        return ""
    thick, most = (quantity(v, "m", digits=2) for v in (margin.value, margin.upper))
    if margin.upper <= 0.0:
        return f"Fat dose: no fat passes {number(threshold)} CEM43, at the upper end of the spread either."
    return (
        f"Fat dose: past {number(threshold)} CEM43 lies a layer of {thick} as planned, {most} at the upper end of the "
        f"spread; stop at {quantity(margin.limit.stop, 'm')}."
    )


def _described(plan: Plan, strata: tuple[Stratum, ...], threshold: float) -> str:
    layers = "; ".join(f"{s.name} from {number(round(s.top * 1e3, 2))} mm" for s in strata)
    hottest = max(plan.layers, key=lambda layer: layer.peak_temperature)
    return (
        f"From the surface down: {layers}. The hottest is the {layer_words(hottest.name)} with "
        f"{quantity(hottest.peak_temperature, 'K')}. {_fat(plan, threshold)}"
    )


def _caption(plan: Plan) -> str:
    monopolar = plan.treatment.exposures[0].exposure.monopolar  # type: ignore[union-attr]
    alone = (
        " The right half of the tip; a square one is drawn as the round one of equal area that it is computed as."
        if monopolar
        else ""
    )
    return (
        "To scale, as planned: lines join places that reached the same temperature at some moment of the pulse or "
        f"after it.{alone} Current crowds at the metal's edges, which shows in the lines."
    )
