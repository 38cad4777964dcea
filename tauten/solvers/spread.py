"""Heat of a round field laid on the cells of a grid, without loss or gain.

The field is read as linear between its points (along r and along z, each layer for itself), and every cell gets the
integral of that over it: what the cells hold together is what the field holds inside the grid, to rounding, be they
finer or coarser than its points.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tauten.errors import InputError
from tauten.grid import Field, Grid

__all__ = ["Spread", "spread"]

Floats = NDArray[np.floating]
_RINGS = 6.0  # rings to the narrowest cell, when a round field is laid on square cells
_MOST_RINGS = 4000


@dataclass(frozen=True, eq=False)
class Spread:
    """Heat on a grid: `field` [W/m³], `inside` [W] what its cells hold, `outside` [W] the part of the field beyond."""

    field: Field
    inside: float
    outside: float

    @property
    def values(self) -> NDArray[np.floating]:
        """Heat [W/m³] of each cell, shape `grid.shape`."""
        return self.field.values

    @property
    def grid(self) -> Grid:
        """The grid it lies on."""
        return self.field.grid


def spread(
    heat: Floats, r: Floats, z: Floats, tops: Sequence[float], strengths: Sequence[float], grid: Grid,
    at: tuple[float, float] = (0.0, 0.0),
) -> Spread:  # fmt: skip
    """Return `heat` [W/m³], shape (r, z), on `grid`, whose depth counts as `z` [m] does; its axis stands `at` (x, y).

    `tops` [m] are where layers begin (the first at or above z[0]): heat jumps there. A layer that holds no point takes
    its neighbour's heat times the ratio of their `strengths`, heat for the same pressure. Raises `InputError` for
    fewer than two points along an axis.
    """
    if r.size < 2 or z.size < 2:
        raise InputError("needs at least two points", key="r" if r.size < 2 else "z", value=min(r.size, z.size))
    if r[0] != 0.0:
        raise InputError(
            "must begin at the axis to be laid on a grid", key="r", value=f"{r[0]:g}", allowed="0", unit="m"
        )
    depth, values = _with_jumps(heat, z, tops, strengths)
    whole = _along_radius(_along(values, depth, depth[[0, -1]]).T, r, r[[0, -1]]).sum()
    columns = _along(values, depth, grid.edges[-1]).T  # W/m², shape (depths, r)
    if grid.kind == "axisymmetric":
        if at != (0.0, 0.0):
            raise InputError("is for a Cartesian grid", key="at", value=at, allowed="(0, 0)")
        power = np.maximum(_along_radius(columns, r, grid.edges[0]).T, 0.0)
    else:
        power = np.maximum(_on_squares(columns, r, grid, at), 0.0)
    inside = float(power.sum())
    return Spread(Field(power / grid.volumes, grid, "W/m3"), inside, float(whole) - inside)


def _with_jumps(heat: Floats, z: Floats, tops: Sequence[float], strengths: Sequence[float]) -> tuple[Floats, Floats]:
    """Return depths and heat with both sides of every interface inside the field put in (a depth stands twice)."""
    edges = [z[0], *(t for t in tops if z[0] < t < z[-1]), z[-1]]
    layer = np.maximum(np.searchsorted(tops, z, side="right") - 1, 0)
    owner = [max(int(np.searchsorted(tops, 0.5 * (a + b), side="right")) - 1, 0) for a, b in pairwise(edges)]
    depths: list[Floats] = []
    pieces: list[Floats] = []
    for n, (top, bottom) in enumerate(pairwise(edges)):
        own = np.flatnonzero((layer == owner[n]) | ((z == bottom) & (n == len(edges) - 2)))
        if own.size == 0:
            near = int(np.argmin(np.abs(z - 0.5 * (top + bottom))))
            here, there = strengths[owner[n]], strengths[layer[near]]
            side = heat[:, near] * (here / there if there > 0.0 else 0.0)
            depths.append(np.array([top, bottom]))
            pieces.append(np.stack([side, side], axis=1))
            continue
        at, values = z[own], heat[:, own]
        depths.append(np.concatenate([[top], at, [bottom]]))
        pieces.append(
            np.concatenate(
                [_towards(values, at, top, 0, 1)[:, None], values, _towards(values, at, bottom, -1, -2)[:, None]],
                axis=1,
            )
        )
    return np.concatenate(depths), np.concatenate(pieces, axis=1)


def _towards(values: Floats, at: Floats, depth: float, end: int, next_: int) -> Floats:
    """Return the values carried on in a straight line from the last two points to `depth`, not below 0."""
    if at.size == 1 or depth == at[end]:
        return values[:, end]
    slope = (values[:, end] - values[:, next_]) / (at[end] - at[next_])
    return np.clip(values[:, end] + slope * (depth - at[end]), 0.0, 2.0 * values[:, end])


def _along(values: Floats, at: Floats, edges: Floats) -> Floats:
    """Return ∫ values dz between `edges`, values linear between points `at` on the last axis and 0 beyond them."""
    width = np.diff(at)
    total = np.concatenate(
        [np.zeros((values.shape[0], 1)), np.cumsum(0.5 * (values[:, 1:] + values[:, :-1]) * width, axis=1)], axis=1
    )
    x = np.clip(edges, at[0], at[-1])
    i = np.clip(np.searchsorted(at, x, side="right") - 1, 0, at.size - 2)
    i = np.where(width[i] > 0.0, i, np.maximum(i - 1, 0))
    step = x - at[i]
    share = np.divide(step, width[i], out=np.zeros_like(step), where=width[i] > 0.0)
    upto = total[:, i] + step * (values[:, i] + 0.5 * share * (values[:, i + 1] - values[:, i]))
    return np.diff(upto, axis=1)


def _along_radius(values: Floats, r: Floats, edges: Floats) -> Floats:
    """Return ∫ values 2πr dr between `edges`, values linear between points `r` on the last axis and 0 beyond them."""
    slope = np.diff(values, axis=1) / np.diff(r)
    start = values[:, :-1] - slope * r[:-1]  # at r = 0, were the line to go on

    def integral(i: NDArray[np.intp], x: Floats) -> Floats:
        two, three = math.pi * (x**2 - r[i] ** 2), 2.0 * math.pi / 3.0 * (x**3 - r[i] ** 3)
        return start[:, i] * two + slope[:, i] * three

    rings = integral(np.arange(r.size - 1), r[1:])
    total = np.concatenate([np.zeros((values.shape[0], 1)), np.cumsum(rings, axis=1)], axis=1)
    x = np.clip(edges, r[0], r[-1])
    i = np.clip(np.searchsorted(r, x, side="right") - 1, 0, r.size - 2)
    return np.diff(total[:, i] + integral(i, x), axis=1)


def _on_squares(columns: Floats, r: Floats, grid: Grid, at: tuple[float, float]) -> Floats:
    """Return the power [W] in each cell of a Cartesian grid, shape (x, y, z): rings cut by rectangles exactly."""
    sides = [edges - centre for edges, centre in zip(grid.edges[:2], at, strict=True)]
    widest = float(r[-1])
    near = [np.flatnonzero((side[1:] > -widest) & (side[:-1] < widest)) for side in sides]
    power = np.zeros(grid.shape)
    if not (near[0].size and near[1].size):
        return power
    x, y = (side[n[0] : n[-1] + 2] for side, n in zip(sides, near, strict=True))
    finest = min(float(np.diff(x).min()), float(np.diff(y).min()))
    rings = np.linspace(0.0, widest, min(max(r.size, math.ceil(_RINGS * widest / finest)), _MOST_RINGS) + 1)
    density = (_along_radius(columns, r, rings) / (math.pi * np.diff(rings**2))).T  # W/m², shape (rings, depths)
    box = (slice(near[0][0], near[0][-1] + 1), slice(near[1][0], near[1][-1] + 1))
    power[box] = _cut(x, y, rings, density)
    return power


def _cut(x: Floats, y: Floats, rings: Floats, density: Floats) -> Floats:
    """Return the sum over `rings` of `density` times the area that each shares with the rectangles of `x` and `y`."""
    nearest, farthest = (
        (_from_axis(edges) for edges in (x, y)),
        (np.maximum(np.abs(e[1:]), np.abs(e[:-1])) for e in (x, y)),
    )
    low, high = (np.hypot(across[:, None], up) for across, up in (nearest, farthest))
    first = np.minimum(np.searchsorted(rings, low, side="right") - 1, rings.size - 2)
    last = np.minimum(np.searchsorted(rings, high, side="left"), rings.size - 1)
    found = np.zeros((*first.shape, density.shape[1]))
    inner = _shared(x, y, rings[first])
    # A cell meets only the rings between its nearest and farthest corner: one more ring for all cells in each pass.
    for n in range(int((last - first).max())):
        outer = _shared(x, y, rings[np.minimum(first + n + 1, rings.size - 1)])
        found += (outer - inner)[:, :, None] * density[np.minimum(first + n, rings.size - 2)]
        inner = outer
    return found


def _from_axis(edges: Floats) -> Floats:
    """Return how far each interval between `edges` lies from 0; 0 where 0 lies in it."""
    return np.maximum(np.maximum(edges[:-1], -edges[1:]), 0.0)


def _shared(x: Floats, y: Floats, radius: Floats) -> Floats:
    """Return the area [m²] that a disc of each cell's own `radius` shares with the cell, shape (x, y)."""
    left, right, low, high = x[:-1, None], x[1:, None], y[None, :-1], y[None, 1:]
    return (
        _quadrant(right, high, radius) - _quadrant(left, high, radius)
        - _quadrant(right, low, radius) + _quadrant(left, low, radius)
    )  # fmt: skip


def _quadrant(x: Floats, y: Floats, disc: Floats) -> Floats:
    """Return the area [m²] that discs of radius `disc` share with the rectangle (0, 0) to (x, y), signed by xy."""
    across, up = np.minimum(np.abs(x), disc), np.minimum(np.abs(y), disc)
    leaves = np.sqrt(disc**2 - up**2)  # where the disc's edge crosses y

    def segment(t: Floats) -> Floats:  # ∫₀ᵗ √(R² - s²) ds
        sine = np.divide(t, disc, out=np.zeros(disc.shape), where=disc > 0.0)
        return 0.5 * (t * np.sqrt(disc**2 - t**2) + disc**2 * np.arcsin(np.minimum(sine, 1.0)))

    area = np.where(across <= leaves, across * up, up * leaves + segment(across) - segment(np.minimum(leaves, disc)))
    return area * np.sign(x) * np.sign(y)
