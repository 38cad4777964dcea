"""The round that carries a share of the photons from launch to their end."""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

import zlib
from pathlib import Path

import numba
import numpy as np

from tauten.physics import light
from tauten.solvers.lanes.borders import cross, launch
from tauten.solvers.lanes.core import (
    BATCH,
    COLLISIONS,
    FLOATS,
    INTEGERS,
    LANES,
    LIGHTEST,
    OPTIONS,
    ROULETTE,
    WEIGHT,
    WORDS,
    compiled,
    drawn,
)
from tauten.solvers.lanes.score import find, keys, score, score_paths
from tauten.solvers.lanes.steps import deposit, fly, meet, scatter


@compiled
def _following(number, row, rows, share):
    """Next photon of this share after `number`, and its batch: numbers are dealt round the batches."""
    first, last, batches, batch = share
    number += batches
    while number >= last:
        row += 1
        if row >= rows:
            break
        number = batch + row + batches * ((first - batch - row + batches - 1) // batches)
    return number, row


@compiled
def _park(f, q, k, i, n):
    """Move the last walking lane n into lane i and leave it empty."""
    for offset in range(0, FLOATS, LANES):
        f[offset + i] = f[offset + n]
        f[offset + n] = 0.0
    for offset in range(0, WORDS, LANES):
        q[offset + i] = q[offset + n]
    for offset in range(0, INTEGERS, LANES):
        k[offset + i] = k[offset + n]
        k[offset + n] = 0


def _compile(fingerprint):
    # The cache looks at this function alone; the fingerprint in its closure renews it when a law or a step changes.
    @numba.njit(cache=True, **OPTIONS)
    def walk(share, source, box, where, colours, media, tables, edges, tally, path, ledger, labels, matter):
        """Walk the photons numbered first <= number < last of the batches in `share` into the tallies.

        `share` (first, last, batches, first batch); `source` (seed, beam kind, width, length, cosine of divergence,
        returned share); `box` (west, east, south, north, absorbs); `where`, `tables`, `edges` from `score.locate`;
        `colours`, each one's upper limit of a uniform number; `media` (colour, layer, column); `tally` and `path`
        flat over (batch, cell); `ledger` (batch, slot); `labels` one a cell of a box walked in one batch, or none, and
        `matter` (column, colour, layer, label) what they mean.

        Arrays are arguments of their own: in a tuple each use would count references.
        """
        stamp = fingerprint
        f, q = np.zeros(FLOATS, np.float32), np.zeros(WORDS, np.uint64)
        k, flags, todo = np.zeros(INTEGERS, np.int32), np.zeros(LANES, np.uint8), np.zeros(LANES + 1, np.int64)
        cells = np.zeros(LANES, np.uint64)
        rows, n = ledger.shape[0], LANES  # all empty, so that the first round launches them
        number, row = _following(share[1], -1, rows, share)
        while True:
            count = 0
            for i in range(n):
                todo[count] = i
                count += k[WEIGHT + i] < LIGHTEST
            for j in range(count - 1, -1, -1):  # from the end: parking moves only lanes that are done with
                i = todo[j]
                weight = k[WEIGHT + i]
                if weight > 0:
                    if drawn(q, i) >> np.uint64(63):
                        ledger[k[BATCH + i], ROULETTE] -= weight
                        k[WEIGHT + i] = 2 * weight
                        continue
                    ledger[k[BATCH + i], ROULETTE] += weight
                if row < rows:
                    launch(f, q, k, i, number, row, colours, media, source, ledger)
                    number, row = _following(number, row, rows, share)
                else:
                    n -= 1
                    _park(f, q, k, i, n)
            if n == 0:
                break
            even = (n + 15) // 16 * 16  # empty lanes stand still, and whole vectors need no remainder
            fly(f, q, flags, even, box)
            if path.size > 0:
                score_paths(f, q, k, flags, n, path, where, tables, edges)
            count = 0
            for i in range(n):
                todo[count] = i
                count += flags[i]
            for j in range(count):
                cross(f, q, k, todo[j], media, source, box, path, where, tables, edges, ledger)
            keys(f, k, even, where)
            find(f, k, n, cells, where, tables, edges)
            if labels.size > 0:
                meet(f, q, k, n, cells, labels, matter)
            deposit(f, q, k, even)
            score(k, n, cells, tally)
            scatter(f, q, even)
            ledger[0, COLLISIONS] += n
        return stamp

    return walk


def _fingerprint():
    """Return a checksum of everything that is compiled into the walk."""
    files = [Path(light.__file__), *sorted(Path(__file__).parent.glob("*.py"))]
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


walk = _compile(_fingerprint())
