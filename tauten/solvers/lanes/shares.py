"""What rings and voxels share: the source in numbers, threads, and integer sums turned into shares of the energy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.beam import Beam, Flat, Gaussian, Rectangle
from tauten.errors import Unphysical
from tauten.solvers.lanes.core import COLLISIONS, ONE, REFLECTED, ROULETTE, SIDES, SPECULAR, TRANSMITTED
from tauten.solvers.tally import Estimate, estimate

OPEN_BOX = (-math.inf, math.inf, -math.inf, math.inf, 0.0)
Counts = NDArray[np.int64]


def source(seed: int, beam: Beam, returned: float) -> tuple[int, int, float, float, float, float]:
    """Return (seed, beam kind, width, length, cosine of divergence, returned share) as the walk wants them."""
    kind, width, length = 0, 0.0, 0.0
    if isinstance(beam, Rectangle):
        kind, width, length = 3, beam.width, beam.length
    elif isinstance(beam, (Flat, Gaussian)):
        kind, width = 1 if isinstance(beam, Flat) else 2, beam.radius
    return seed, kind, width, length, math.cos(beam.divergence), returned


def side_by_side(threads: int, job: Callable[..., Any], arguments: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Run a compiled `job` once for each set of arguments and return the results in order."""
    if threads == 1:
        return [job(*given) for given in arguments]
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(job, *given) for given in arguments]]


def whole(ledger: Counts, by_depth: Counts, photons: int) -> NDArray[np.float64]:
    """Return, for each batch, the count that is the whole incident energy.

    Every unit launched must have ended somewhere or stand in the roulette's account; raises `Unphysical` otherwise.
    What roulette took or gave on balance is shared out over the light that entered, so that shares add up to 1 and the
    first reflection stays exact.
    """
    entered = ledger[:, [REFLECTED, TRANSMITTED, SIDES]].sum(axis=1) + by_depth.sum(axis=1)
    launched = entered + ledger[:, SPECULAR] + ledger[:, ROULETTE]
    if int(launched.sum()) != photons * ONE:
        raise Unphysical(f"light: {photons * ONE - int(launched.sum())} units of 2^-30 photon are unaccounted for")
    return entered * (launched / np.maximum(launched - ledger[:, SPECULAR], 1))


def shares(ledger: Counts, by_depth: Counts, layer: NDArray[np.intp], layers: int, photons: int) -> dict[str, Any]:
    """Return the named shares of the incident energy, with errors from the spread of the batches."""
    all_of = whole(ledger, by_depth, photons)
    ends = [ledger[:, slot] for slot in (REFLECTED, TRANSMITTED, SIDES)]
    ends += [by_depth[:, layer == number].sum(axis=1) for number in range(layers)]
    counts = np.stack(ends)
    values = counts.sum(axis=1) / all_of.sum()
    _, errors = estimate((counts / all_of).T)
    found = [Estimate(float(value), float(error)) for value, error in zip(values, errors, strict=True)]
    return {
        "specular": 1.0 - sum(share.value for share in found),
        "reflected": found[0],
        "transmitted": found[1],
        "sides": found[2],
        "absorbed": tuple(found[3:]),
        "roulette": float(ledger[:, ROULETTE].sum() / (photons * ONE)),
        "collisions": int(ledger[:, COLLISIONS].sum()),
    }
