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
from tauten.solvers.lanes.score import keys, score, score_paths
from tauten.solvers.lanes.steps import deposit, fly, scatter


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
    def walk(share, medium, source, box, where, tally, path, ledger):
        """Walk the photons numbered first <= number < last of the batches in `share` into the tallies.

        `share` (first, last, batches, first batch); `medium` (colour limits, optics, indices, planes); `source` (seed,
        beam kind, width, length, cosine of divergence, returned share); `box` (west, east, south, north, absorbs);
        `tally` and `path` (batch, cell); `ledger` (batch, slot).
        """
        stamp = fingerprint
        f, q = np.zeros(FLOATS, np.float32), np.zeros(WORDS, np.uint64)
        k, flags, todo = np.zeros(INTEGERS, np.int32), np.zeros(LANES, np.uint8), np.zeros(LANES + 1, np.int64)
        rows, n = ledger.shape[0], 0
        number, row = _following(share[1], -1, rows, share)
        while n < LANES and row < rows:
            launch(f, q, k, n, number, row, medium, source, ledger)
            number, row = _following(number, row, rows, share)
            n += 1
        while n > 0:
            even = (n + 15) // 16 * 16  # empty lanes stand still, and whole vectors need no remainder
            fly(f, q, flags, even, box)
            if path.shape[1] > 1:
                score_paths(f, q, k, flags, n, path, where)
            count = 0
            for i in range(n):
                todo[count] = i
                count += flags[i]
            for j in range(count):
                cross(f, q, k, todo[j], medium, source, box, where, path, ledger)
            deposit(f, q, k, even)
            keys(f, k, even, where)
            score(f, k, n, tally, where)
            scatter(f, q, even)
            ledger[0, COLLISIONS] += n
            count = 0
            for i in range(n):
                todo[count] = i
                count += k[WEIGHT + i] < LIGHTEST
            for j in range(count - 1, -1, -1):
                i = todo[j]
                weight = k[WEIGHT + i]
                if weight > 0:
                    if drawn(q, i) >> np.uint64(63):
                        ledger[k[BATCH + i], ROULETTE] -= weight
                        k[WEIGHT + i] = 2 * weight
                        continue
                    ledger[k[BATCH + i], ROULETTE] += weight
                if row < rows:
                    launch(f, q, k, i, number, row, medium, source, ledger)
                    number, row = _following(number, row, rows, share)
                else:
                    n -= 1
                    _park(f, q, k, i, n)
        return stamp

    return walk


def _fingerprint():
    """Return a checksum of everything that is compiled into the walk."""
    files = [Path(light.__file__), *sorted(Path(__file__).parent.glob("*.py"))]
    return zlib.crc32(b"".join(file.read_bytes() for file in files))


walk = _compile(_fingerprint())
