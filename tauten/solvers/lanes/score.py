"""Where deposits go: cells of rings and depths, or of a voxel box, with any spacing on every axis.

Each axis carries a table of equal steps (of the coordinate, or of the leading bits of the squared radius), fine enough
that a step holds one edge at most: look up the step, compare once, and the bin is exact. The last bin of each axis
takes what lies outside.
"""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

from typing import NamedTuple

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


class Axis(NamedTuple):
    """How to find a bin on one axis. Tables and edges of all axes lie end to end, this one's from `table`, `edge`."""

    origin: np.float32
    scale: np.float32
    low: np.int32
    shift: np.int32
    last: np.int32
    table: np.uint64
    edge: np.uint64
    bins: np.uint64


class Where(NamedTuple):
    """The axes to score on: rings `a` and depths `c`, or voxels x `a`, y `b` and z `c`."""

    voxels: bool
    a: Axis
    b: Axis
    c: Axis


def locate(voxels, a, b, c):
    """Return (where, tables, edges) for the axes given by their edges [m]; `b` is not looked at for rings."""
    steps = (_even_steps(a) if voxels else _ring_steps(a), _even_steps(b), _even_steps(c))
    axes, table, edge = [], 0, 0
    for origin, scale, low, shift, bins, edges in steps:
        axes.append(
            Axis(
                np.float32(origin), np.float32(scale), np.int32(low), np.int32(shift), np.int32(bins.size - 1),
                np.uint64(table), np.uint64(edge), np.uint64(edges.size - 1),
            )
        )  # fmt: skip
        table, edge = table + bins.size, edge + edges.size
    tables = np.concatenate([step[4] for step in steps]).astype(np.uint16)
    return Where(voxels, *axes), tables, np.concatenate([step[5] for step in steps])


def _even_steps(edges):
    edges = np.asarray(edges, np.float64)
    span = edges[-1] - edges[0]
    steps = int(np.ceil(span / np.diff(edges).min() * (1 + 1e-6)))
    if steps > _MOST_STEPS:
        fine = f"1/{steps} of it"
        raise InputError("has cells too fine for its extent", key="grid", value=fine, allowed="1/65536 or more")
    begin = edges[0] + span / steps * np.arange(steps + 1)
    outside = edges.size - 1
    bins = np.minimum(np.searchsorted(edges, begin + 1e-9 * span / steps, side="right") - 1, outside)
    bins = np.concatenate(([outside], bins))  # key 0 lies before the first edge
    return edges[0], steps / span, 0, 0, bins, np.append(edges, np.inf).astype(np.float32)


def _ring_steps(edges):
    squares = np.append(np.asarray(edges, np.float64) ** 2, np.inf).astype(np.float32)
    finest = np.min(np.diff(squares[1:-1]) / squares[2:-1]) if squares.size > 3 else 0.5
    shift = 23 - int(np.clip(np.ceil(-np.log2(finest)), 1, 22))
    low = int((squares[1] * np.float32(0.5)).view(np.int32)) >> shift  # nothing but the first bin lies below
    high = int(squares[-2].view(np.int32)) >> shift
    if high - low > _MOST_STEPS:
        raise InputError("has rings too fine for its extent", key="grid", value=f"{high - low} steps", allowed="65536")
    begin = (np.arange(low, high + 2, dtype=np.int64) << shift).astype(np.int32).view(np.float32)
    bins = np.searchsorted(squares[:-1], begin, side="right") - 1
    bins[0] = 0
    return 0.0, 0.0, low, shift, bins, squares


@compiled
def _key(value, axis):
    step = np.int32((value - axis.origin) * axis.scale + np.float32(1.0))
    return np.int32(min(max(step, np.int32(0)), axis.last))


@compiled
def _ring_key(square, axis):
    step = np.int32(np.int32(np.float32(square).view(np.int32) >> axis.shift) - axis.low)
    return np.int32(min(max(step, np.int32(0)), axis.last))


@compiled
def _bin(key, value, axis, tables, edges):
    # Unsigned: a signed index would be tested for counting from the end.
    found = np.uint64(tables[axis.table + np.uint64(key)])
    return found + np.uint64(value >= edges[axis.edge + found + np.uint64(1)])


@compiled
def keys(f, k, n, where):
    """Find every lane's look-up keys (vectors)."""
    for i in range(n):
        k[KEY_C + i] = _key(f[Z + i], where.c)
    if where.voxels:
        for i in range(n):
            k[KEY_A + i] = _key(f[X + i], where.a)
            k[KEY_B + i] = _key(f[Y + i], where.b)
    else:
        for i in range(n):
            square = f[X + i] * f[X + i] + f[Y + i] * f[Y + i]
            f[SQUARE + i] = square
            k[KEY_A + i] = _ring_key(square, where.a)


@compiled
def find(f, k, n, cells, where, tables, edges):
    """Find every lane's batch and cell in the flat tally."""
    axis_a, axis_b, axis_c = where.a, where.b, where.c
    if where.voxels:
        size = axis_a.bins * axis_b.bins * axis_c.bins
        for i in range(n):
            a = _bin(k[KEY_A + i], f[X + i], axis_a, tables, edges)
            b = _bin(k[KEY_B + i], f[Y + i], axis_b, tables, edges)
            c = _bin(k[KEY_C + i], f[Z + i], axis_c, tables, edges)
            cells[i] = np.uint64(k[BATCH + i]) * size + (a * axis_b.bins + b) * axis_c.bins + c
    else:
        size = axis_a.bins * axis_c.bins
        for i in range(n):
            a = _bin(k[KEY_A + i], f[SQUARE + i], axis_a, tables, edges)
            c = _bin(k[KEY_C + i], f[Z + i], axis_c, tables, edges)
            cells[i] = np.uint64(k[BATCH + i]) * size + a * axis_c.bins + c


@compiled
def score(k, n, cells, tally):
    """Add every lane's deposit to its cell."""
    # A loop of its own, so that many of these far-flung reads are under way at once: 2.5 times as fast in a box.
    for i in range(n):
        tally[cells[i]] += k[DEPOSIT + i]


@compiled
def score_path(path, row, x, y, z, u, v, w, run, weight, share, where, tables, edges):
    """Add weight times `run` at one even point of a flight: unbiased for the path length in every cell it crosses."""
    x, y, z = np.float32(x + u * run * share), np.float32(y + v * run * share), np.float32(z + w * run * share)
    if where.voxels:
        cell = _bin(_key(x, where.a), x, where.a, tables, edges) * where.b.bins
        cell += _bin(_key(y, where.b), y, where.b, tables, edges)
        columns = where.a.bins * where.b.bins
    else:
        square = np.float32(x * x + y * y)
        cell = _bin(_ring_key(square, where.a), square, where.a, tables, edges)
        columns = where.a.bins
    depth = _bin(_key(z, where.c), z, where.c, tables, edges)
    cell = (np.uint64(row) * columns + cell) * where.c.bins + depth
    path[cell] += np.int64(weight * run * PATH_UNIT + share)


@compiled
def score_paths(f, q, k, flags, n, path, where, tables, edges):
    """Add the flights that met no boundary; `cross` adds the others piece by piece."""
    for i in range(n):
        if not flags[i]:
            u, v, w, run = f[U + i], f[V + i], f[W + i], f[STEP + i]
            share = (np.float64(mixed(q[DRAW + i]) >> np.uint64(11)) + 0.5) * 2.0**-53
            x, y, z = f[X + i] - u * run, f[Y + i] - v * run, f[Z + i] - w * run
            score_path(path, k[BATCH + i], x, y, z, u, v, w, run, k[WEIGHT + i], share, where, tables, edges)


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
