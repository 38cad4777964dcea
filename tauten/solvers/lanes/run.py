"""From a scene to a tally: batches dealt to threads, sums checked, shares and errors drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.beam import Beam, Flat, Gaussian, Pencil, Rectangle
from tauten.errors import InputError, Unphysical
from tauten.grid import Grid, graded_edges
from tauten.solvers import convolve
from tauten.solvers.lanes.core import COLLISIONS, LEDGER, ONE, REFLECTED, ROULETTE, SIDES, SPECULAR, TRANSMITTED
from tauten.solvers.lanes.scene import Scene
from tauten.solvers.lanes.score import PATH_UNIT, even_steps, gather, ring_steps
from tauten.solvers.lanes.walk import walk
from tauten.solvers.tally import Estimate, Response, Tally, estimate

BATCHES = 32
VOXEL_BATCHES = 16
PENCIL_RINGS = graded_edges([0.0, 6e-2], first=2e-5, largest=1.0, growth=1.06)
"""Rings [m] a pencil is scored in for other beams: 6 % wide from 20 µm, out to where no light is left."""

_OPEN = (-math.inf, math.inf, -math.inf, math.inf, 0.0)
Counts = NDArray[np.int64]


@dataclass(eq=False)
class Rings:
    """A pencil run in progress: walk as often as wanted, then draw the tally. More photons extend the same run."""

    scene: Scene
    beam: Beam
    seed: int
    grid: Grid
    rings: NDArray[np.float64]
    depths: NDArray[np.float64]
    energy: Counts
    path: Counts
    ledger: Counts
    photons: int = 0
    where: tuple = field(default_factory=tuple)

    @classmethod
    def begin(cls, scene: Scene, beam: Beam, seed: int, grid: Grid, paths: bool) -> Rings:
        """Return a run that has walked no photon yet."""
        depths = scene.depths(grid)
        exact = isinstance(beam, Pencil) and grid.kind == "axisymmetric"
        rings = np.array(grid.edges[0]) if exact else PENCIL_RINGS
        if isinstance(beam, Rectangle) != (grid.kind == "cartesian"):
            raise InputError("does not fit the beam", key="grid.kind", value=grid.kind,
                             allowed="cartesian for a rectangle, axisymmetric for round beams")  # fmt: skip
        cells = rings.size * depths.size
        grid.check_memory(24.0)
        Grid((rings, depths), "axisymmetric").check_memory(BATCHES * 32.0)
        none = even_steps(np.array([0.0, 1.0]))
        return cls(
            scene, beam, seed, grid, rings, depths,
            np.zeros((BATCHES, cells), np.int64),
            np.zeros((BATCHES, cells if paths else 1), np.int64),
            np.zeros((BATCHES, LEDGER), np.int64),
            where=(False, ring_steps(rings), none, none, even_steps(depths)),
        )  # fmt: skip

    def walk(self, photons: int, threads: int) -> None:
        """Walk on to `photons` in all."""
        shares = min(BATCHES, threads if photons < 200_000 * threads else 4 * threads)
        limits = np.linspace(0, BATCHES, shares + 1).astype(int)
        source = _source(self.seed, Pencil(self.beam.divergence), self.scene.returned)

        def one(low: int, high: int) -> None:
            walk(
                (self.photons, photons, BATCHES, low), self.scene.medium, source, _OPEN, self.where,
                self.energy[low:high], self.path[low:high], self.ledger[low:high],
            )  # fmt: skip

        _spread(threads, [(one, (int(a), int(b))) for a, b in pairwise(limits)])
        self.photons = photons

    def tally(self) -> Tally:
        """Return what has been found so far."""
        shape = (BATCHES, self.rings.size, self.depths.size)
        by_depth = self.energy.reshape(shape).sum(axis=1)
        whole = _closed(self.ledger, by_depth, self.photons)
        energy = self.energy.reshape(shape) / whole[:, None, None]
        layer = self.scene.layer_of(self.depths)
        path = None
        if self.path.shape[1] > 1:
            path = self.path.reshape(shape) / (whole * PATH_UNIT)[:, None, None]
        elif self.scene.absorbs_one_colour:
            path = energy / self.scene.absorption[0, layer]
        response = Response(self.rings, self.depths, energy, path)
        cells, cells_error = convolve.cell_means(response, "energy", self.beam, self.grid)
        paths = (None, None) if path is None else convolve.cell_means(response, "path", self.beam, self.grid)
        totals = _totals(self.ledger, by_depth, layer, self.scene.planes.size - 1, whole)
        return Tally(
            beam=self.beam, grid=self.grid, photons=self.photons, seed=self.seed, **totals,
            cells=cells, cells_error=cells_error, paths=paths[0], paths_error=paths[1], response=response,
        )  # fmt: skip


def walk_voxels(
    scene: Scene, beam: Beam, photons: int, seed: int, grid: Grid, absorbing: bool, paths: bool, threads: int
) -> Tally:
    """Walk `beam` into a box of voxels, batch by batch; a thread fills one batch at a time."""
    if grid.kind != "cartesian":
        raise InputError("has no voxels", key="grid.kind", value=grid.kind, allowed="cartesian")
    depths = scene.depths(grid)
    x, y = grid.edges[0], grid.edges[1]
    if not (x[0] < 0.0 < x[-1] and y[0] < 0.0 < y[-1]):
        raise InputError(
            "does not hold the beam's axis x = y = 0", key="grid", remedy="Give it an origin that centres it."
        )
    shape = (x.size, y.size, depths.size)
    cells, threads = math.prod(shape), min(threads, VOXEL_BATCHES)
    grid.check_memory((12.0 + 8.0 * threads) * (2 if paths else 1) + 16.0)
    where = (True, ring_steps(np.array([0.0, 1.0])), even_steps(x), even_steps(y), even_steps(depths))
    box = (float(x[0]), float(x[-1]), float(y[0]), float(y[-1]), 1.0) if absorbing else _OPEN
    source = _source(seed, beam, scene.returned)
    ledger = np.zeros((VOXEL_BATCHES, LEDGER), np.int64)
    by_depth = np.zeros((VOXEL_BATCHES, depths.size), np.int64)
    kinds = (cells, cells) if paths else (cells, 1)
    own = [tuple(np.zeros((1, size), np.int64) for size in kinds) for _ in range(threads)]
    totals = [np.zeros(size, np.int64) for size in kinds]
    squares = [np.zeros(size, np.float32) for size in kinds]
    slabs = np.linspace(0, x.size, threads + 1).astype(int) * (y.size * depths.size)
    for first in range(0, VOXEL_BATCHES, threads):
        batches = range(first, min(first + threads, VOXEL_BATCHES))
        _spread(threads, [
            (walk, ((0, photons, VOXEL_BATCHES, b), scene.medium, source, box, where, *own[b - first], ledger[b : b + 1]))
            for b in batches
        ])  # fmt: skip
        for b in batches:  # in order, so that the rounding of the squares does not depend on the threads
            for kind in range(2 if paths else 1):
                jobs = [
                    (gather, (own[b - first][kind][0, low:high], totals[kind][low:high], squares[kind][low:high], depths.size))
                    for low, high in pairwise(slabs)
                ]  # fmt: skip
                sums = _spread(threads, jobs)
                if kind == 0:
                    by_depth[b] = np.sum(sums, axis=0)
    whole = _closed(ledger, by_depth, photons)
    columns = convolve.merge(depths, grid.edges[-1])

    def means(kind: int, unit: float) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        total = totals[kind].reshape(shape)[:-1, :-1, :-1]
        scatter = squares[kind].reshape(shape)[:-1, :-1, :-1] / np.float32(whole.mean()) ** 2
        mean = total / float(whole.sum())
        variance = (scatter / VOXEL_BATCHES - mean**2) / (VOXEL_BATCHES - 1)
        return (
            convolve.add_up(mean, columns) / grid.volumes / unit,
            np.sqrt(convolve.add_up(np.maximum(variance, 0.0), columns)) / grid.volumes / unit,
        )

    density, error = means(0, 1.0)
    fluence: tuple = (None, None)
    if paths:
        fluence = means(1, PATH_UNIT)
    elif scene.absorbs_one_colour:
        per_cell = scene.absorption[0, scene.layer_of(grid.edges[-1])[:-1]]
        fluence = (density / per_cell, error / per_cell)
    return Tally(
        beam=beam, grid=grid, photons=photons, seed=seed,
        **_totals(ledger, by_depth, scene.layer_of(depths), scene.planes.size - 1, whole),
        cells=density, cells_error=error, paths=fluence[0], paths_error=fluence[1],
    )  # fmt: skip


def _source(seed: int, beam: Beam, returned: float) -> tuple[int, int, float, float, float, float]:
    narrowest = math.cos(beam.divergence)
    if isinstance(beam, Rectangle):
        return seed, 3, beam.width, beam.length, narrowest, returned
    kind = {Pencil: 0, Flat: 1, Gaussian: 2}[type(beam)]
    return seed, kind, 0.0 if isinstance(beam, Pencil) else beam.radius, 0.0, narrowest, returned


def _spread(threads: int, jobs: Iterable[tuple[Callable, tuple]]) -> list:
    """Run compiled jobs side by side and return their results in order."""
    if threads == 1:
        return [job(*arguments) for job, arguments in jobs]
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(job, *arguments) for job, arguments in jobs]]


def _closed(ledger: Counts, by_depth: Counts, photons: int) -> NDArray[np.float64]:
    """Return, for each batch, the count that is the whole incident energy.

    Every unit launched must have ended somewhere or stand in the roulette's account. What roulette took or gave on
    balance is shared out over the light that entered, so that shares add up to 1 and `specular` stays exact.
    """
    entered = ledger[:, [REFLECTED, TRANSMITTED, SIDES]].sum(axis=1) + by_depth.sum(axis=1)
    launched = entered + ledger[:, SPECULAR] + ledger[:, ROULETTE]
    if int(launched.sum()) != photons * ONE:
        raise Unphysical(f"light: {photons * ONE - int(launched.sum())} units of 2^-30 photon are unaccounted for")
    return entered * (launched / (launched - ledger[:, SPECULAR]))


def _totals(
    ledger: Counts, by_depth: Counts, layer: NDArray[np.intp], layers: int, whole: NDArray[np.float64]
) -> dict[str, Any]:
    """Return the shares of the incident energy."""
    ends = [ledger[:, slot] for slot in (REFLECTED, TRANSMITTED, SIDES)]
    ends += [by_depth[:, layer == number].sum(axis=1) for number in range(layers)]
    counts = np.stack(ends)
    values = counts.sum(axis=1) / whole.sum()
    _, errors = estimate((counts / whole).T)
    shares = [Estimate(float(value), float(error)) for value, error in zip(values, errors, strict=True)]
    specular = 1.0 - sum(share.value for share in shares)
    return {
        "specular": specular, "reflected": shares[0], "transmitted": shares[1], "sides": shares[2],
        "absorbed": tuple(shares[3:]),
        "roulette": float(ledger[:, ROULETTE].sum() / whole.sum()), "collisions": int(ledger[:, COLLISIONS].sum()),
    }  # fmt: skip
