"""How much of a triangle or tetrahedron lies where a linear function is positive, and sums of it over a grid's nodes.

Values sit at nodes; between neighbouring nodes the function is linear on every simplex. All sums are exact for that
function, so what is left is its distance from the true one: second order in the spacing.
"""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["section_areas", "solid_volume", "tetrahedron_share", "turned_volume"]

Floats = NDArray[np.float64]


def tetrahedron_share(values: ArrayLike) -> Floats:
    """Return the share of a tetrahedron's volume in which a linear function is positive. [1]

    `values` (..., 4) at its corners. With f₁ >= f₂ > 0 >= f₃ >= f₄ and t_ij = f_i/(f_i - f_j) the positive part is a
    prism of three tetrahedra: t₁₃t₁₄(1 - t₂₄) + t₁₃t₂₄(1 - t₂₃) + t₂₃t₂₄; with one corner positive it is t₁₂t₁₃t₁₄.

    >>> [float(tetrahedron_share(f)) for f in ([1, -1, -1, -1], [1, 1, -1, -1], [1, 1, 1, -1])]
    [0.125, 0.5, 0.875]
    """
    f = -np.sort(-np.asarray(values, dtype=np.float64), axis=-1)
    a, b, c, d = (f[..., n] for n in range(4))
    count = np.count_nonzero(f > 0.0, axis=-1)
    one = _cut(a, b) * _cut(a, c) * _cut(a, d)
    two = _cut(a, c) * _cut(a, d) * (1.0 - _cut(b, d)) + _cut(a, c) * _cut(b, d) * (1.0 - _cut(b, c))
    two = two + _cut(b, c) * _cut(b, d)
    three = 1.0 - _cut(-d, -a) * _cut(-d, -b) * _cut(-d, -c)
    return np.choose(count, [np.zeros_like(a), one, two, three, np.ones_like(a)])


def solid_volume(values: Floats, x: Floats, y: Floats, z: Floats, count: NDArray[np.bool_] | None = None) -> float:
    """Return the volume [m³] in which `values` (x, y, z) at nodes are positive; only boxes that `count` (x, y) names.

    Each box between eight nodes is cut into six tetrahedra along its main diagonal.
    """
    boxes = np.diff(x)[:, None, None] * np.diff(y)[None, :, None] * np.diff(z)
    if count is not None:
        boxes = boxes * count[:, :, None]
    positive = values > 0.0
    near = np.zeros(boxes.shape, dtype=bool)
    for i in (0, 1):
        for j in (0, 1):
            for k in (0, 1):
                near |= positive[_from(i), _from(j), _from(k)]
    near &= boxes > 0.0
    where = np.nonzero(near)
    total = np.zeros(where[0].size)
    for order in permutations(range(3)):
        corner = [0, 0, 0]
        found = [values[where]]
        for axis in order:
            corner[axis] = 1
            found.append(values[where[0] + corner[0], where[1] + corner[1], where[2] + corner[2]])
        total += tetrahedron_share(np.stack(found, axis=-1))
    return float(np.sum(total * boxes[where]) / 6.0)


def section_areas(values: Floats, x: Floats, y: Floats, count: NDArray[np.bool_] | None = None) -> Floats:
    """Return, for each depth, the area [m²] in which `values` (x, y, z) at nodes are positive."""
    areas = np.diff(x)[:, None] * np.diff(y)
    if count is not None:
        areas = areas * count
    corners = [values[_from(i), _from(j)] for i, j in ((0, 0), (0, 1), (1, 1), (1, 0))]
    share = sum(_triangle_share(*(corners[n] for n in three)) for three in _TRIANGLES) / 4.0
    return np.asarray(np.sum(share * areas[:, :, None], axis=(0, 1)), dtype=np.float64)


def turned_volume(values: Floats, r: Floats, z: Floats) -> float:
    """Return the volume [m³], round the axis r = 0, in which `values` (r, z) at nodes are positive.

    By Pappus: 2π times the area of every clipped triangle times the radius of its centroid.
    """
    at = [(0, 0), (0, 1), (1, 1), (1, 0)]
    corners = [values[_from(i), _from(j)] for i, j in at]
    radii = [np.broadcast_to(r[_from(i), None], corners[0].shape) for i, _ in at]
    area = 0.5 * np.diff(r)[:, None] * np.diff(z)
    total = np.zeros(corners[0].shape)
    for three in _TRIANGLES:
        f, rho = [corners[n] for n in three], [radii[n] for n in three]
        whole = sum(rho) / 3.0
        count = sum(v > 0.0 for v in f)
        above, below = np.zeros_like(total), np.zeros_like(total)
        for n in range(3):
            a, b, c = (f[(n + m) % 3] for m in range(3))
            far = [rho[(n + m) % 3] for m in range(3)]
            above += np.where((a > 0.0) & (b <= 0.0) & (c <= 0.0), _corner(a, b, c, *far), 0.0)
            below += np.where((a <= 0.0) & (b > 0.0) & (c > 0.0), _corner(-a, -b, -c, *far), 0.0)
        total += np.choose(count, [np.zeros_like(whole), above, whole - below, whole])
    # Both diagonals of a box are taken, each with half the weight, so that no direction is preferred.
    return float(2.0 * math.pi * np.sum(0.5 * total * area))


_TRIANGLES = ((0, 1, 2), (0, 2, 3), (0, 1, 3), (1, 2, 3))
"""Corners of the four triangles that the two diagonals cut a box into."""


def _corner(a: Floats, b: Floats, c: Floats, ra: Floats, rb: Floats, rc: Floats) -> Floats:
    """Share of a triangle at its only positive corner a, times the radius of that part's centroid."""
    tb, tc = _cut(a, b), _cut(a, c)
    return tb * tc * (ra + (tb * (rb - ra) + tc * (rc - ra)) / 3.0)


def _triangle_share(a: Floats, b: Floats, c: Floats) -> Floats:
    """Share of a triangle's area in which a linear function is positive."""
    f = -np.sort(-np.stack([a, b, c], axis=-1), axis=-1)
    a, b, c = f[..., 0], f[..., 1], f[..., 2]
    count = np.count_nonzero(f > 0.0, axis=-1)
    one, two = _cut(a, b) * _cut(a, c), 1.0 - _cut(-c, -a) * _cut(-c, -b)
    return np.choose(count, [np.zeros_like(a), one, two, np.ones_like(a)])


def _cut(inside: Floats, outside: Floats) -> Floats:
    """Where the zero lies on the way from a value `inside` to one `outside`, 0 to 1."""
    fall = inside - outside
    return np.clip(np.divide(inside, fall, out=np.ones_like(fall), where=fall > 0.0), 0.0, 1.0)


def _from(step: int) -> slice:
    return slice(1, None) if step else slice(None, -1)
