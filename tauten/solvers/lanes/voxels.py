"""A beam walked straight into a box of voxels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.devices.beam import Beam
from tauten.errors import InputError
from tauten.grid import Grid
from tauten.skin.optics import Optics
from tauten.solvers import convolve
from tauten.solvers.lanes import shares
from tauten.solvers.lanes.core import LEDGER
from tauten.solvers.lanes.matter import NOTHING, Matter
from tauten.solvers.lanes.scene import Scene
from tauten.solvers.lanes.score import PATH_UNIT, gather, locate
from tauten.solvers.lanes.walk import walk
from tauten.solvers.tally import Tally

BATCHES = 16

Floats = NDArray[np.floating]


def trace_voxels(
    scene: Scene, beam: Beam, photons: int, seed: int, grid: Grid, absorbing: bool, paths: bool | None, threads: int,
    labels: ArrayLike | None = None, materials: Sequence[Optics] = (),
) -> Tally:  # fmt: skip
    """Return the tally of `photons` walked into the Cartesian `grid`, batch by batch; a thread fills one at a time.

    `labels` name one of the `materials` for each cell, from 1, or 0 for the layer's own.
    """
    if grid.kind != "cartesian":
        raise InputError("has no voxels", key="grid.kind", value=grid.kind, allowed="cartesian")
    x, y, depths = grid.edges[0], grid.edges[1], scene.depths(grid)
    if not (x[0] < 0.0 < x[-1] and y[0] < 0.0 < y[-1]):
        remedy = "Give it an origin that puts the beam inside."
        raise InputError("does not hold the beam's axis, x = y = 0", key="grid", remedy=remedy)
    matter = None if labels is None else Matter.of(scene, labels, materials, grid, depths)
    one_colour = (matter or scene).absorbs_one_colour
    paths = not one_colour if paths is None else paths
    media, what = (
        (scene.media, NOTHING) if matter is None else (matter.media, (matter.labels.reshape(-1), matter.table))
    )
    shape = x.size, y.size, depths.size
    threads = min(threads, BATCHES)
    kinds = [math.prod(shape)] * (2 if paths else 1)
    grid.check_memory((12.0 + 8.0 * threads) * len(kinds) + 24.0)
    where, tables, edges = locate(True, x, y, depths)
    box = (float(x[0]), float(x[-1]), float(y[0]), float(y[-1]), 1.0) if absorbing else shares.OPEN_BOX
    light = shares.source(seed, beam, scene.returned)
    ledger, by_depth = np.zeros((BATCHES, LEDGER), np.int64), np.zeros((BATCHES, depths.size), np.int64)
    batch = [[np.zeros(size, np.int64) for size in kinds] for _ in range(threads)]
    totals = [np.zeros(size, np.int64) for size in kinds]
    squares = [np.zeros(size, np.float32) for size in kinds]
    unscored = [] if paths else [np.zeros(0, np.int64)]
    slabs = (np.linspace(0, x.size, threads + 1).astype(int) * (y.size * depths.size)).tolist()
    for first in range(0, BATCHES, threads):
        own = dict(zip(range(first, min(first + threads, BATCHES)), batch, strict=False))
        walks = (
            ((0, photons, BATCHES, b), light, box, where, scene.colours, media, tables, edges, *cells, *unscored,
             ledger[b : b + 1], *what)
            for b, cells in own.items()
        )  # fmt: skip
        shares.side_by_side(threads, walk, walks)
        for b, cells in own.items():  # in order: the rounding of the squares must not depend on the threads
            for kind, found in enumerate(cells):
                parts = (
                    (found[low:high], totals[kind][low:high], squares[kind][low:high], depths.size)
                    for low, high in pairwise(slabs)
                )
                sums = shares.side_by_side(threads, gather, parts)
                if kind == 0:
                    by_depth[b] = np.sum(sums, axis=0)
    columns = convolve.merge(depths, grid.edges[-1])
    scale = shares.whole(ledger, by_depth, photons).sum()

    def means(kind: int, unit: float) -> tuple[Floats, Floats]:
        inside = np.s_[:-1, :-1, :-1]
        mean = totals[kind].reshape(shape)[inside] / scale
        variance = squares[kind].reshape(shape)[inside] * (BATCHES / scale**2) - mean**2
        error = np.sqrt(convolve.add_up(np.maximum(variance, 0.0) / (BATCHES - 1), columns))
        return convolve.add_up(mean, columns) / grid.volumes / unit, error / grid.volumes / unit

    density, density_error = means(0, 1.0)
    fluence: tuple[Floats | None, Floats | None] = (None, None)
    if paths:
        fluence = means(1, PATH_UNIT)
    elif one_colour and len(columns) == depths.size - 1:
        layer = scene.layer_of(depths)
        absorption = scene.absorption[0, layer[:-1]] if matter is None else matter.absorption_in(layer)
        fluence = density / absorption, density_error / absorption
    return Tally(
        beam=beam, grid=grid, photons=photons, seed=seed,
        **shares.shares(ledger, by_depth, scene.layer_of(depths), scene.layers, photons),
        cells=density, cells_error=density_error, paths=fluence[0], paths_error=fluence[1],
    )  # fmt: skip
