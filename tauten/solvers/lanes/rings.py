"""A pencil run in progress, scored in rings and depths, batch by batch."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tauten.devices.beam import Beam, Pencil, Rectangle
from tauten.errors import InputError
from tauten.grid import Grid, graded_edges
from tauten.solvers import convolve
from tauten.solvers.lanes import shares
from tauten.solvers.lanes.core import LEDGER
from tauten.solvers.lanes.matter import NOTHING
from tauten.solvers.lanes.scene import Scene
from tauten.solvers.lanes.score import PATH_UNIT, Where, locate
from tauten.solvers.lanes.walk import walk
from tauten.solvers.tally import Response, Tally

BATCHES = 32
PENCIL_RINGS = graded_edges([0.0, 6e-2], first=2e-5, largest=1.0, growth=1.06)
"""Rings [m] a pencil is scored in for other beams: 6 % wide from 20 µm, out to where no light is left."""


@dataclass(eq=False)
class Rings:
    """Counts of one run. It may walk on: photons are dealt to batches by number, so no bit depends on the stops."""

    scene: Scene
    beam: Beam
    seed: int
    grid: Grid
    rings: NDArray[np.float64]
    depths: NDArray[np.float64]
    where: tuple[Where, NDArray[np.uint16], NDArray[np.float32]]
    energy: NDArray[np.int64]
    path: NDArray[np.int64]
    ledger: NDArray[np.int64]
    photons: int = 0

    @classmethod
    def begin(cls, scene: Scene, beam: Beam, seed: int, grid: Grid, paths: bool) -> Rings:
        """Return a run that has walked no photon yet.

        A pencil on an axisymmetric grid is scored in that grid's own rings, any other beam in `PENCIL_RINGS`.
        """
        if isinstance(beam, Rectangle) != (grid.kind == "cartesian"):
            allowed = "cartesian for a rectangle, axisymmetric for round beams"
            raise InputError("does not fit the beam", key="grid.kind", value=grid.kind, allowed=allowed)
        depths = scene.depths(grid)
        rings = np.array(grid.edges[0]) if isinstance(beam, Pencil) else PENCIL_RINGS
        cells = rings.size * depths.size
        grid.check_memory(32.0)
        Grid((rings, depths), "axisymmetric").check_memory(BATCHES * (48.0 if paths else 24.0))
        return cls(
            scene, beam, seed, grid, rings, depths, locate(False, rings, np.array([0.0, 1.0]), depths),
            np.zeros((BATCHES, cells), np.int64),
            np.zeros((BATCHES, cells) if paths else (BATCHES, 0), np.int64),
            np.zeros((BATCHES, LEDGER), np.int64),
        )  # fmt: skip

    def walk(self, photons: int, threads: int) -> None:
        """Walk on to `photons` in all."""
        # Few photons: one share a thread, so that lanes run empty once. Many: more, so that threads end together.
        count = min(BATCHES, threads if photons - self.photons < 200_000 * threads else 4 * threads)
        cuts = np.linspace(0, BATCHES, count + 1).astype(int).tolist()
        light = shares.source(self.seed, Pencil(self.beam.divergence), self.scene.returned)
        arguments = (
            (
                (self.photons, photons, BATCHES, low), light, shares.OPEN_BOX, self.where[0], self.scene.colours,
                self.scene.media, *self.where[1:], self.energy[low:high].reshape(-1), self.path[low:high].reshape(-1),
                self.ledger[low:high], *NOTHING,
            )
            for low, high in pairwise(cuts)
        )  # fmt: skip
        shares.side_by_side(threads, walk, arguments)
        self.photons = photons

    def response(self) -> Response:
        """Return what the pencil does, batch by batch, so far."""
        shape = self.rings.size, self.depths.size
        energy = self.energy.reshape(-1, *shape)
        scale = 1.0 / shares.whole(self.ledger, energy.sum(axis=1), self.photons)[:, None, None]
        found, path = energy * scale, None
        if self.path.size:
            path = self.path.reshape(-1, *shape) * (scale / PATH_UNIT)
        elif self.scene.absorbs_one_colour:
            path = found / self.scene.absorption[0, self.scene.layer_of(self.depths)]
        return Response(self.rings, self.depths, found, path)

    def tally(self) -> Tally:
        """Return what has been found so far, the beam's density on its grid included."""
        response = self.response()
        by_depth = self.energy.reshape(BATCHES, self.rings.size, -1).sum(axis=1)
        layer, layers = self.scene.layer_of(self.depths), self.scene.layers
        cells, cells_error = convolve.cell_means(response, "energy", self.beam, self.grid)
        paths, paths_error = None, None
        if response.path is not None:
            paths, paths_error = convolve.cell_means(response, "path", self.beam, self.grid)
        return Tally(
            beam=self.beam, grid=self.grid, photons=self.photons, seed=self.seed,
            **shares.shares(self.ledger, by_depth, layer, layers, self.photons),
            cells=cells, cells_error=cells_error, paths=paths, paths_error=paths_error, response=response,
        )  # fmt: skip
