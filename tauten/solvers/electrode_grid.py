"""Grids for current: fine cells where it enters the skin, wide ones far away; only the part that mirrors leave.

Needles get a Cartesian box, finest round their bare tips, and as much of it as their mirror planes ask for. A tip on
the surface is solved round its axis where it is one piece of metal (as the disc of its area), and in a box otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tauten.devices.electrode import Disc, Electrode, Needle, Rectangle
from tauten.devices.exposure import Placed
from tauten.devices.lattice import Cell
from tauten.devices.needles import NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.errors import InputError, OutsideValidity
from tauten.grid import Grid
from tauten.skin.skin import Skin
from tauten.solvers.focal import walk

__all__ = ["FINEST", "electrode_grid", "electrodes_on", "mirrors_on", "round_tip"]

FINEST = 50e-6
"""Width [m] of the finest cells at needles; a quick look takes twice as much."""

_AROUND = 0.25e-3  # m round the needles with the finest cells
_ABOVE, _BELOW = 0.15e-3, 0.25e-3  # m above the bare part and below the tips with the finest cells
_GROWTH = 0.3  # of the cells' width with the distance from where they are finest
_SHAFT = 3.0  # times as high as wide may cells be along a shaft
_ASIDE, _DEEPEST = 6e-3, 20e-3  # m beyond needles, m deep: no stamp is felt farther
_SIDE_TIP, _DEEP_TIP = 40e-3, 60e-3  # the same for tips on the surface: current goes far through layers
_LARGEST = 2e-3  # m
_EDGE = 60.0  # cells to the radius of a tip at its edge, where current crowds
_CELLS = 14.0  # cells to the smaller side of an electrode of a bipolar tip, at its edge


def electrode_grid(skin: Skin, placed: Sequence[Placed], spacing: float | None = None) -> Grid:
    """Return the grid for pulses of current; `spacing` [m] is the width of the finest cells (None: the usual one).

    Raises `InputError` for a skin without an epidermis, and `OutsideValidity` for a round tip at several places.
    """
    pulses = [shot.exposure for shot in placed]
    places = list(dict.fromkeys(shot.at for shot in placed))
    if all(isinstance(pulse, NeedlePulse) for pulse in pulses):
        fine = spacing or FINEST
        cells = {pulse.cell for pulse in pulses if isinstance(pulse, NeedlePulse)}
        if cells != {None}:
            return _of_cell(skin, placed, cells, fine)
        return _box(skin, placed, fine, _ASIDE, _AROUND, _needle_depths(skin, placed, fine))
    tips = [pulse for pulse in pulses if isinstance(pulse, RfPulse)]
    depth = _tip_depths(skin)
    if all(round_tip(tip) for tip in tips):
        if len(places) > 1:
            raise OutsideValidity("a tip of one piece is solved round its axis: at several places it is not yet solved")
        radius = max(_disc(tip.electrodes()[0]).radius for tip in tips)
        fine = spacing or radius / _EDGE

        def rings(r: float) -> float:
            return min(fine + 0.2 * abs(r - radius), _LARGEST)

        return Grid((walk([0.0, radius, radius + _SIDE_TIP], rings), depth), "axisymmetric")
    fine = spacing or min(min(_sides(e)) for tip in tips for e in tip.tip) / _CELLS
    return _box(skin, placed, fine, _SIDE_TIP, 0.0, depth)


def round_tip(pulse: object) -> bool:
    """Whether a pulse is solved round its axis: one piece of metal on the skin, the current returning far away."""
    return isinstance(pulse, RfPulse) and len(pulse.tip) == 1


def mirrors_on(grid: Grid, shot: Placed) -> dict[str, str]:
    """Return the walls of a box that are mirror planes of `shot`: "even" or "odd" by side."""
    if grid.kind != "cartesian" or not isinstance(shot.exposure, (NeedlePulse, RfPulse)):
        return {}
    if isinstance(shot.exposure, NeedlePulse) and shot.exposure.cell is not None:
        return dict(shot.exposure.cell.walls)
    planes = shot.exposure.symmetry
    kinds = (("left", planes.x, 0), ("front", planes.y, 1))
    return {side: kind for side, kind, axis in kinds if kind and abs(grid.edges[axis][0] - shot.at[axis]) < 1e-9}


def electrodes_on(grid: Grid, shot: Placed) -> tuple[Electrode, ...]:
    """Return the metal of `shot` that lies in the grid: a disc round its axis, or what mirror planes leave."""
    pulse = shot.exposure
    assert isinstance(pulse, (NeedlePulse, RfPulse))
    if grid.kind == "axisymmetric":
        return tuple(_disc(each) for each in pulse.electrodes())
    low = [edges[0] - 1e-9 for edges in grid.edges[:2]]
    return tuple(each for each in pulse.electrodes(shot.at) if all(np.array(_place(each)) >= low))


def _disc(electrode: Electrode) -> Disc:
    """Return the disc of the same area round the axis."""
    assert isinstance(electrode, (Disc, Rectangle))
    return Disc((0.0, 0.0), math.sqrt(electrode.area / math.pi), electrode.terminal, electrode.membrane)


def _place(electrode: Electrode) -> tuple[float, float]:
    if isinstance(electrode, Needle):
        return electrode.tip[0], electrode.tip[1]
    assert isinstance(electrode, (Disc, Rectangle))
    return electrode.centre


def _sides(electrode: Disc | Rectangle) -> tuple[float, float]:
    if isinstance(electrode, Disc):
        return 2.0 * electrode.radius, 2.0 * electrode.radius
    return electrode.width, electrode.length


def _box(
    skin: Skin, placed: Sequence[Placed], fine: float, aside: float, around: float, depth: NDArray[np.float64]
) -> Grid:
    """Return a box round all metal, cut at the planes in which every pulse mirrors itself."""
    metal = [each for shot in placed for each in shot.exposure.electrodes(shot.at)]  # type: ignore[union-attr]
    spans = [_span(each) for each in metal]
    one_place = len({shot.at for shot in placed}) == 1
    planes = [shot.exposure.symmetry for shot in placed]  # type: ignore[union-attr]
    edges = []
    for axis, name in enumerate(("x", "y")):
        low, high = min(s[axis][0] for s in spans), max(s[axis][1] for s in spans)
        mirrored = one_place and len({getattr(p, name) for p in planes}) == 1 and getattr(planes[0], name) is not None

        def across(at: float, low: float = low, high: float = high) -> float:
            away = max(low - around - at, at - high - around, 0.0)
            return min(fine + _GROWTH * away, _LARGEST)

        middle = placed[0].at[axis]
        # The fine part has whole cells: what lies half-way between two needles mirrors on the cells too.
        inner = fine * math.ceil((high + around - middle) / fine - 1e-6) if one_place else high + around - middle
        breaks = [middle, middle + inner, middle + inner + aside]
        if not mirrored:
            left = fine * math.ceil((middle - low + around) / fine - 1e-6) if one_place else middle - low + around
            breaks = [middle - left - aside, middle - left, *breaks]
        edges.append(walk(breaks, across))
    return Grid((*edges, depth))


def _of_cell(skin: Skin, placed: Sequence[Placed], cells: set[Cell | None], fine: float) -> Grid:
    """Return a box of one cell of a repeated pattern, whose walls are its mirror planes.

    Raises `InputError` for several cells, or one that is not at (0, 0).
    """
    cell = next(iter(cells))
    if len(cells) > 1 or cell is None or any(shot.at != (0.0, 0.0) for shot in placed):
        raise InputError(
            "mixes cells of a pattern", key="exposures", allowed="one cell, at (0, 0)",
            remedy="A cell stands for an endless stamp by itself.",
        )  # fmt: skip
    x = np.linspace(0.0, cell.width, max(2, round(cell.width / fine)) + 1)
    depth = _needle_depths(skin, placed, fine)
    if cell.length is not None:
        return Grid((x, np.linspace(0.0, cell.length, max(2, round(cell.length / fine)) + 1), depth))
    spans = [_span(each)[1] for shot in placed for each in shot.exposure.electrodes()]  # type: ignore[union-attr]
    low, high = min(s[0] for s in spans), max(s[1] for s in spans)

    def across(at: float) -> float:
        away = max(low - _AROUND - at, at - high - _AROUND, 0.0)
        return min(fine + _GROWTH * away, _LARGEST)

    breaks = [high + _AROUND, high + _AROUND + _ASIDE]
    breaks = [0.0, *breaks] if "front" in cell.mirrors else [low - _AROUND - _ASIDE, low - _AROUND, *breaks]
    return Grid((x, walk(breaks, across), depth))


def _span(electrode: Electrode) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how far metal reaches along x and y [m], a needle between tip and skin."""
    if isinstance(electrode, Needle):
        share = electrode.tip[2] / electrode.direction[2]
        ends = [(c, c - share * way) for c, way in zip(electrode.tip[:2], electrode.direction[:2], strict=True)]
        (x0, x1), (y0, y1) = ((min(e) - electrode.radius, max(e) + electrode.radius) for e in ends)
        return (x0, x1), (y0, y1)
    assert isinstance(electrode, (Disc, Rectangle))
    (x, y), (wide, long) = electrode.centre, _sides(electrode)
    return (x - wide / 2.0, x + wide / 2.0), (y - long / 2.0, y + long / 2.0)


def _outer(skin: Skin, cells: int) -> tuple[list[NDArray[np.float64]], int]:
    """Return edges down to the bottom of the epidermis, `cells` in it, and how many layers that are."""
    names = [layer.name for layer in skin.layers]
    if "epidermis" not in names:
        raise InputError("has no epidermis: no burn could be read", key="skin.layers", value=", ".join(names))
    thin = names.index("epidermis") + 1
    counts = [cells if name == "epidermis" else 1 for name in names[:thin]]
    depths = skin.depths
    return [np.linspace(depths[i], depths[i + 1], n + 1)[:-1] for i, n in enumerate(counts)], thin


def _needle_depths(skin: Skin, placed: Sequence[Placed], fine: float) -> NDArray[np.float64]:
    """Return edges along depth [m]: three cells of epidermis, the finest round bare tips, wide ones at the core."""
    outer, thin = _outer(skin, 3)
    depths = np.append(skin.depths[:-1], max(_DEEPEST, skin.depths[-2] + 2e-3))
    first = skin.layers[thin - 1].thickness / 3.0
    ranges = []
    for shot in placed:
        pulse = shot.exposure
        assert isinstance(pulse, NeedlePulse)
        bare = min(pulse.array.active * math.cos(pulse.array.tilt), pulse.depth)
        # Of a long bare shaft the end is what current crowds at.
        ranges.append((pulse.depth - min(bare, 0.5e-3) - _ABOVE, pulse.depth + _BELOW))

    def spacing(z: float) -> float:
        away = min(max(top - z, z - bottom, 0.0) for top, bottom in ranges)
        shallow = first + _GROWTH * (z - float(depths[thin]))
        most = _SHAFT * fine if z < max(bottom for _, bottom in ranges) else _LARGEST
        return min(fine + _GROWTH * away, max(shallow, 0.5 * fine), most)

    return np.concatenate([*outer, walk(depths[thin:].tolist(), spacing)])


def _tip_depths(skin: Skin) -> NDArray[np.float64]:
    outer, thin = _outer(skin, 4)
    depths = np.append(skin.depths[:-1], max(_DEEP_TIP, skin.depths[-2] + 2e-3))
    first = skin.layers[thin - 1].thickness / 4.0

    def spacing(z: float) -> float:
        return min(first + 0.2 * (z - float(depths[thin])), _LARGEST if z > _DEEPEST else 1e-3)

    return np.concatenate([*outer, walk(depths[thin:].tolist(), spacing)])
