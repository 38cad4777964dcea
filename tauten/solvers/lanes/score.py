"""Where deposits go: cells of rings and depths, or of a voxel box, with any spacing on every axis.

Each axis carries a table of equal steps (of the coordinate, or of the leading bits of the squared radius), fine enough
that a step holds one edge at most: look up the step, compare once, and the bin is exact. The last bin of each axis
takes what lies outside.
"""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

import numba
import numpy as np

from tauten.errors import InputError
from tauten.solvers.lanes.core import (
    BATCH,
    DEPOSIT,
    DRAW,
    KEY_A,
    KEY_B,
    KEY_C,
    SQUARE,
    STEP,
    WEIGHT,
    U,
    V,
    W,
    X,
    Y,
    Z,
    compiled,
    mixed,
)

PATH_UNIT = 2.0**14
"""Path lengths are added as whole numbers of weight times length, in units of (photon / 2³⁰)·(2⁻¹⁴ m)."""

_MOST_STEPS = 1 << 16


def even_steps(edges):
    """Return (origin, steps per metre, bin at each step's start, edges with infinity) of one Cartesian axis."""
    edges = np.asarray(edges, np.float64)
    span = edges[-1] - edges[0]
    steps = int(np.ceil(span / np.diff(edges).min() * (1 + 1e-6)))
    if steps > _MOST_STEPS:
        fine = f"1/{steps} of it"
        raise InputError("has cells too fine for its extent", key="grid", value=fine, allowed="1/65536 or more")
    begin = edges[0] + span / steps * np.arange(steps + 1)
    first = np.searchsorted(edges, begin + 1e-9 * span / steps, side="right") - 1
    outside = edges.size - 1
    table = np.concatenate(([outside], np.minimum(first, outside))).astype(np.int32)  # key 0 lies before the first edge
    return np.float32(edges[0]), np.float32(steps / span), table, np.append(edges, np.inf).astype(np.float32)


def ring_steps(edges):
    """Return (first key, bits dropped, bin at each step's start, squared edges with infinity) of a radial axis."""
    squares = np.append(np.asarray(edges, np.float64) ** 2, np.inf).astype(np.float32)
    finest = np.min(np.diff(squares[1:-1]) / squares[2:-1]) if squares.size > 3 else 0.5
    bits = int(np.clip(np.ceil(-np.log2(finest)), 1, 22))
    shift = 23 - bits
    low = int((squares[1] * np.float32(0.5)).view(np.int32)) >> shift  # nothing but the first bin lies below
    high = int(squares[-2].view(np.int32)) >> shift
    if high - low > _MOST_STEPS:
        raise InputError("has rings too fine for its extent", key="grid", value=f"{high - low} steps", allowed="65536")
    begin = (np.arange(low, high + 2, dtype=np.int64) << shift).astype(np.int32).view(np.float32)
    table = np.searchsorted(squares[:-1], begin, side="right") - 1
    table[0] = 0
    return np.int32(low), np.int32(shift), table.astype(np.int32), squares


@compiled
def _key(value, origin, scale, last):
    return np.int32(min(max(np.int32((value - origin) * scale + np.float32(1.0)), np.int32(0)), last))


@compiled
def _ring_key(square, low, shift, last):
    return np.int32(min(max(np.int32(np.int32(np.float32(square).view(np.int32) >> shift) - low), np.int32(0)), last))


@compiled
def _bin(key, value, table, edges):
    bin_ = table[key]
    return np.int64(bin_) + np.int64(value >= edges[bin_ + 1])


@compiled
def keys(f, k, n, where):
    """Find every lane's look-up keys (vectors)."""
    voxels, r, x, y, z = where
    last_r, last_x = np.int32(r[2].size - 1), np.int32(x[2].size - 1)
    last_y, last_z = np.int32(y[2].size - 1), np.int32(z[2].size - 1)
    for i in range(n):
        k[KEY_C + i] = _key(f[Z + i], z[0], z[1], last_z)
    if voxels:
        for i in range(n):
            k[KEY_A + i] = _key(f[X + i], x[0], x[1], last_x)
            k[KEY_B + i] = _key(f[Y + i], y[0], y[1], last_y)
    else:
        for i in range(n):
            square = f[X + i] * f[X + i] + f[Y + i] * f[Y + i]
            f[SQUARE + i] = square
            k[KEY_A + i] = _ring_key(square, r[0], r[1], last_r)


@compiled
def score(f, k, n, tally, where):
    """Add every lane's deposit to its batch and cell."""
    voxels, r, x, y, z = where
    depths = z[3].size - 1
    if voxels:
        widths = y[3].size - 1
        for i in range(n):
            a = _bin(k[KEY_A + i], f[X + i], x[2], x[3])
            b = _bin(k[KEY_B + i], f[Y + i], y[2], y[3])
            c = _bin(k[KEY_C + i], f[Z + i], z[2], z[3])
            tally[k[BATCH + i], (a * widths + b) * depths + c] += k[DEPOSIT + i]
    else:
        for i in range(n):
            a = _bin(k[KEY_A + i], f[SQUARE + i], r[2], r[3])
            c = _bin(k[KEY_C + i], f[Z + i], z[2], z[3])
            tally[k[BATCH + i], a * depths + c] += k[DEPOSIT + i]


@compiled
def score_path(path, row, x, y, z, u, v, w, run, weight, share, where):
    """Add weight times `run` at one even point of a flight: unbiased for the path length in every cell it crosses."""
    voxels, r, ax, ay, az = where
    x, y, z = np.float32(x + u * run * share), np.float32(y + v * run * share), np.float32(z + w * run * share)
    cell = np.int64(0)
    if voxels:
        cell = _bin(_key(x, ax[0], ax[1], np.int32(ax[2].size - 1)), x, ax[2], ax[3]) * (ay[3].size - 1)
        cell += _bin(_key(y, ay[0], ay[1], np.int32(ay[2].size - 1)), y, ay[2], ay[3])
    else:
        square = np.float32(x * x + y * y)
        cell = _bin(_ring_key(square, r[0], r[1], np.int32(r[2].size - 1)), square, r[2], r[3])
    depth = _bin(_key(z, az[0], az[1], np.int32(az[2].size - 1)), z, az[2], az[3])
    path[row, cell * (az[3].size - 1) + depth] += np.int64(weight * run * PATH_UNIT + share)


@compiled
def score_paths(f, q, k, flags, n, path, where):
    """Add the flights that met no boundary; `cross` adds the others piece by piece."""
    for i in range(n):
        if not flags[i]:
            u, v, w, run = f[U + i], f[V + i], f[W + i], f[STEP + i]
            share = (np.float64(mixed(q[DRAW + i]) >> np.uint64(11)) + 0.5) * 2.0**-53
            x, y, z = f[X + i] - u * run, f[Y + i] - v * run, f[Z + i] - w * run
            score_path(path, k[BATCH + i], x, y, z, u, v, w, run, k[WEIGHT + i], share, where)


@numba.njit(nogil=True, cache=True)
def gather(batch, total, squares, depths):
    """Add one batch's voxels to `total` and their squares to `squares`, empty it, and return its sum by depth."""
    sums = np.zeros(depths, np.int64)
    for cell in range(0, batch.size, depths):
        for c in range(depths):
            value = batch[cell + c]
            batch[cell + c] = 0
            total[cell + c] += value
            squares[cell + c] += np.float32(value) * np.float32(value)
            sums[c] += value
    return sums
