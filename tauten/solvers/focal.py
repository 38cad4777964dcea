"""Grids for focused shots: round the axis for one point, a box for several.

Cells are finest where the focus heats and wider the farther away. All layers' boundaries are edges. In a box, every
point lies in the middle of a cell, and an edge stands half way between two: all points of a line meet the same cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import Placed
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Piston, Transducer
from tauten.grid import Grid
from tauten.skin.skin import Skin

__all__ = ["cone", "cuts", "focal_grid", "focal_range", "footprint", "walk"]

_ACROSS = 20.0  # cells to the width of the focus, one point
_ACROSS_BOX = 15.0  # the same in a box of points
_NEAR = 0.3  # of the width, from the axis: so far the finest cells go
_WIDEST_FINE = 40e-6  # m, of the finest cells of one point, however low the frequency
_TALL = 2.5  # cells along depth to those across: a focus is several times as long as wide
_TALL_BOX = 3.0
_GROWTH, _GROWTH_BOX = 0.2, 0.25  # of the cells' width with the distance from where they are finest
_LARGEST = 1.5e-3  # m
_DEEPEST = 20e-3  # m; no shot is felt below
_ASIDE = 6e-3  # m beyond the cone of sound; heat of half a minute does not reach it


def focal_grid(skin: Skin, placed: Sequence[Placed]) -> Grid:
    """Return the grid for shots at one point or at several; points on one line y get the half y >= 0 of the box.

    A line and its heat are mirror images on both sides of its plane, which is why half the box is enough; the mirror
    is a wall that nothing flows through. The epidermis gets three cells or more. Raises `InputError` for a skin
    without an epidermis.
    """
    shots = [shot.exposure for shot in placed if isinstance(shot.exposure, FocusedShot)]
    places = list(dict.fromkeys(shot.at for shot in placed))
    boxed = len(places) > 1
    speed = skin.facts.si("tissue/acoustics/dermis.speed")
    width = min(_focus_width(shot.transducer, speed) for shot in shots)
    across, tall, growth = (_ACROSS_BOX, _TALL_BOX, _GROWTH_BOX) if boxed else (_ACROSS, _TALL, _GROWTH)
    fine = min(width / across, _WIDEST_FINE)
    depth = _depths(skin, shots, fine * tall, growth, speed)
    beyond = max(cone(shot) for shot in shots) + _ASIDE
    near = _NEAR * width
    if not boxed:
        return Grid((_outward(beyond, near, fine, growth), depth), "axisymmetric")
    xs, ys = (sorted({place[axis] for place in places}) for axis in (0, 1))
    x = walk(_breaks(xs, beyond, fine), _spacing(xs, near, fine, growth))
    y = walk([ys[0], ys[0] + beyond] if len(ys) == 1 else _breaks(ys, beyond, fine), _spacing(ys, near, fine, growth))
    return Grid((x, y, depth))


def footprint(grid: Grid, shot: Placed) -> NDArray[np.float64]:
    """Return the share of each column in the area where the shot's cone enters the skin, shape (r,) or (x, y)."""
    assert isinstance(shot.exposure, FocusedShot)
    radius = cone(shot.exposure)
    if grid.kind == "axisymmetric":
        area, away = np.diff(grid.edges[0] ** 2), grid.centres[0]
    else:
        (dx, dy, _), (x, y, _) = grid.spacings, grid.centres
        area = dx[:, None] * dy
        away = np.hypot((x - shot.at[0])[:, None], y - shot.at[1])
    inside = np.where((away <= radius) | (away == away.min()), area, 0.0)
    return np.asarray(inside / inside.sum())


def cuts(grid: Grid, placed: Sequence[Placed]) -> NDArray[np.intp]:
    """Return the edges along x, by number, that lie half way between points: a box may be cut there."""
    xs = sorted({shot.at[0] for shot in placed})
    middles = np.array([0.5 * (a + b) for a, b in pairwise(xs)])
    return np.searchsorted(grid.edges[0], middles - 1e-9)


def _focus_width(transducer: Transducer, speed: float) -> float:
    """Width of the focus at half pressure [m], 1.4 λR/2a; of a flat piston's last maximum, about half its radius."""
    if isinstance(transducer, Piston):
        return 0.5 * transducer.aperture_radius
    return 1.4 * speed / transducer.frequency * transducer.radius / (2.0 * transducer.aperture_radius)


def _focus_length(transducer: Transducer, speed: float) -> float:
    """Length of the focus at half pressure [m], 7 λ (R/2a)²; of a flat piston, its near field."""
    wave = speed / transducer.frequency
    if isinstance(transducer, Piston):
        return transducer.aperture_radius**2 / wave
    return 7.0 * wave * (transducer.radius / (2.0 * transducer.aperture_radius)) ** 2


def cone(shot: FocusedShot) -> float:
    """Radius [m] of the cone of sound where it enters the skin."""
    transducer = shot.transducer
    share = 1.0 if isinstance(transducer, Piston) else shot.focal_depth / (transducer.focus - transducer.depth)
    return min(share, 1.0) * transducer.aperture_radius


def focal_range(shot: FocusedShot, speed: float) -> tuple[float, float]:
    """Return the depths [m] below the skin's surface between which a shot has half its focus' pressure or more.

    At the `speed` of sound [m/s], without loss; from the surface on where the focus is longer than it is deep.
    """
    half = 0.5 * _focus_length(shot.transducer, speed)
    return max(0.0, shot.focal_depth - half), shot.focal_depth + half


def _depths(skin: Skin, shots: Sequence[FocusedShot], fine: float, growth: float, speed: float) -> NDArray[np.float64]:
    """Return edges along depth [m]: three cells of epidermis, fine ones at every focus, wide ones down to the core."""
    depths = np.append(skin.depths[:-1], max(_DEEPEST, skin.depths[-2] + 2e-3))
    names = [layer.name for layer in skin.layers]
    thin = names.index(skin.layer("epidermis").name) + 1
    cells = [3 if name == "epidermis" else 1 for name in names[:thin]]
    outer = [np.linspace(depths[i], depths[i + 1], n + 1)[:-1] for i, n in enumerate(cells)]
    ranges = []
    for shot in shots:
        focus = min(shot.focal_depth, float(depths[-1]))
        reach = 0.5 * _focus_length(shot.transducer, speed)
        # Heat peaks above the geometric focus, where less has been lost on the way.
        ranges.append((focus - 1.2 * reach, focus + 0.7 * reach))
    first = skin.layers[thin - 1].thickness / 3.0

    return np.concatenate([*outer, _downward(tuple(depths[thin:].tolist()), tuple(ranges), first, fine, growth)])


@lru_cache(maxsize=64)  # a plan asks for the same few hundreds of times
def _outward(beyond: float, near: float, fine: float, growth: float) -> NDArray[np.float64]:
    """Return edges [m] from the axis to `beyond`, finest up to `near`."""
    return walk([0.0, beyond], _spacing([0.0], near, fine, growth))


@lru_cache(maxsize=64)
def _downward(
    depths: tuple[float, ...], ranges: tuple[tuple[float, float], ...], first: float, fine: float, growth: float
) -> NDArray[np.float64]:
    """Return edges [m] that hit `depths`, finest in `ranges`, from the width `first` of the epidermis' cells on."""

    def spacing(z: float) -> float:
        away = min(max(top - z, z - bottom, 0.0) for top, bottom in ranges)
        shallow = first + growth * (z - depths[0])
        return min(fine + growth * away, max(shallow, 0.5 * fine), _LARGEST)

    return walk(depths, spacing)


def _spacing(points: Sequence[float], near: float, fine: float, growth: float) -> Callable[[float], float]:
    return lambda at: min(fine + growth * max(min(abs(at - p) for p in points) - near, 0.0), _LARGEST)


def _breaks(points: Sequence[float], beyond: float, fine: float) -> list[float]:
    """Return what edges must stand at: the middles between points, the ends `beyond` [m] outside, and both sides of a
    cell with the point at its centre, where it is hottest."""
    middles = [0.5 * (a + b) for a, b in pairwise(points)]
    own = [point + side for point in points for side in (-0.5 * fine, 0.5 * fine)]
    return sorted([points[0] - beyond, *own, *middles, points[-1] + beyond])


def walk(breaks: Sequence[float], spacing: Callable[[float], float]) -> NDArray[np.float64]:
    """Return edges [m] that hit every one of `breaks`, as far apart in between as `spacing` at the place says.

    A stretch is cut into n cells with n the integral of 1/spacing over it: both halves of a symmetric stretch mirror
    each other.
    """
    edges = [float(breaks[0])]
    for start, stop in pairwise(breaks):
        at = np.linspace(start, stop, 257)
        passed = np.concatenate(
            [[0.0], np.cumsum(np.diff(at) / np.array([spacing(x) for x in 0.5 * (at[1:] + at[:-1])]))]
        )
        count = max(1, math.ceil(float(passed[-1]) - 1e-6))
        edges.extend(np.interp(np.arange(1, count) * passed[-1] / count, passed, at).tolist())
        edges.append(float(stop))
    found = np.array(edges)
    found.setflags(write=False)
    return found
