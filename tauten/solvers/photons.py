"""Light in plane layers by Monte Carlo: trace a beam, get back where its energy went.

A pencil beam is walked and scored in rings and depths; any other beam follows from it by geometry (`convolve`). A
Cartesian grid asks for the voxel tally instead: the same photon step, scored in a box. Energies are shares of the
incident energy and close exactly; every result carries its standard error, from 32 independent batches (16 for voxels).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from tauten.checks import whole
from tauten.devices.beam import Beam, Flat, Gaussian, Pencil, Rectangle
from tauten.devices.spectrum import Spectrum
from tauten.errors import InputError, NotConverged
from tauten.grid import Grid, graded_edges
from tauten.skin.optics import Optics
from tauten.solvers import convolve
from tauten.solvers.lanes.rings import BATCHES, PENCIL_RINGS, Rings
from tauten.solvers.lanes.scene import Scene
from tauten.solvers.lanes.voxels import trace_voxels
from tauten.solvers.tally import Estimate, Tally
from tauten.workers import cores

__all__ = ["Estimate", "Flat", "Gaussian", "Optics", "Pencil", "Rectangle", "Spectrum", "Tally", "trace"]


def trace(
    layers: Sequence[Optics],
    beam: Beam,
    photons: int | None = None,
    seed: int = 1,
    above: ArrayLike = 1.0,
    below: ArrayLike = 1.0,
    return_fraction: float = 0.0,
    grid: Grid | None = None,
    *,
    spectrum: Spectrum | None = None,
    voxels: bool | None = None,
    absorbing_sides: bool = False,
    paths: bool | None = None,
    accuracy: float | None = None,
    depth: float | None = None,
    threads: int | None = None,
    labels: ArrayLike | None = None,
    materials: Sequence[Optics] = (),
) -> Tally:
    """Return where the light of `beam` goes in `layers`, the first at the top.

    `photons` to walk, one million if not given; `above` and `below` are the refractive indices outside (one value, or
    one a colour of `spectrum`; the last layer's own index below makes a matched absorber). `return_fraction` of the
    light that leaves upward is sent back by the handpiece where it left, by the cosine law, through the surface; the
    first reflection is not. `grid` is where the density is wanted: axisymmetric for round beams; Cartesian for a
    rectangle or, by `voxels`, for a box scored cell by cell (the default for round beams on a Cartesian grid). The beam
    falls at x = y = 0. With `absorbing_sides` the box's walls take what meets them; else light passes out and back.
    `paths` scores the fluence by path length; where one colour is absorbed in every layer the fluence is density over
    absorption and costs nothing. `accuracy` walks until the density on the axis at `depth` [m] (1 mm, or halfway where
    the layers are thinner) has this relative standard error, `photons` being then the most it may take (64 million if
    not given). `threads` changes no bit of the result.

    `labels`, integers of the grid's shape, put one of the `materials` into each voxel: n the n-th, 0 the layer's own.
    They lie inside the plane layers, whose refractive index they share; what is outside the grid is the layers' own.
    A dense material slows the walk through all of its layer.

    Raises `InputError` for values out of order, `TooLarge` for a grid beyond the memory, `NotConverged` when `accuracy`
    is not met.
    """
    scene = Scene.of(layers, above, below, return_fraction, spectrum)
    threads = threads or cores()
    if photons is not None:
        photons = whole(photons, "photons", 2 * BATCHES, problem="is no count that gives an error")
    if not 0 <= seed < 2**63:
        raise InputError("is out of range", key="seed", value=seed, allowed="0 to 2^63 - 1")
    if voxels is None:
        cartesian = grid is not None and grid.kind == "cartesian"
        voxels = cartesian and (labels is not None or not isinstance(beam, Rectangle))
    if labels is None and materials:
        raise InputError("are named by no voxel", key="materials", value=len(materials), remedy="Give labels too.")
    if labels is not None and not voxels:
        raise InputError("are for voxels", key="labels", remedy="Give a Cartesian grid, and voxels=True if at all.")
    grid = grid or _default_grid(scene, beam, voxels)
    if voxels:
        if accuracy is not None:
            raise InputError("is for beams that are convolved", key="accuracy", remedy="Give a photon count.")
        return trace_voxels(
            scene, beam, photons or 1_000_000, seed, grid, absorbing_sides, paths, threads, labels, materials
        )
    run = Rings.begin(scene, beam, seed, grid, not scene.absorbs_one_colour if paths is None else paths)
    if accuracy is None:
        run.walk(photons or 1_000_000, threads)
        return run.tally()
    return _until_accurate(run, accuracy, depth, photons or 64_000_000, threads)


def _until_accurate(run: Rings, accuracy: float, depth: float | None, most: int, threads: int) -> Tally:
    if not 0.0 < accuracy < 1.0:
        raise InputError("is no relative error", key="accuracy", value=accuracy, allowed="between 0 and 1")
    edges = run.grid.edges[-1]
    depth = min(1e-3, float(edges[-1]) / 2) if depth is None else depth
    cell = int(np.searchsorted(edges, depth, side="right")) - 1
    if not 0 <= cell < edges.size - 1:
        raise InputError("lies outside the grid", key="depth", value=depth, unit="m")
    count = min(1 << 15, most)
    while True:
        run.walk(count, threads)
        mean, error = convolve.along_axis(run.response(), run.beam, run.grid)
        reached = float(error[cell] / mean[cell]) if mean[cell] > 0 else np.inf
        if reached <= accuracy:
            return run.tally()
        if count >= most:
            raise NotConverged(f"{count} photons do not reach accuracy {accuracy:g} at {depth:g} m", residual=reached)
        # The error falls with the root of the count; its own spread (13 %) asks for a little more.
        wanted = 1.1 * count * min((reached / accuracy) ** 2, 64.0)
        count = min(int(max(wanted, 1.25 * count)), most)


def _default_grid(scene: Scene, beam: Beam, voxels: bool) -> Grid:
    """Return cells that start fine at the surface and at the beam's rim, and keep every boundary sharp."""
    if voxels:
        raise InputError("is missing", key="grid", remedy="Give the Cartesian grid of the voxel box.")
    depth = graded_edges(scene.breaks, first=1e-5, largest=max(1e-4, scene.breaks[-1] / 150), growth=1.1)
    if isinstance(beam, Rectangle):
        sides = [np.linspace(-1.0, 1.0, 61) * (side / 2 + 5e-3) for side in (beam.width, beam.length)]
        return Grid((*sides, depth))
    if isinstance(beam, Pencil):
        return Grid((PENCIL_RINGS, depth), "axisymmetric")
    across = graded_edges(
        [0.0, beam.radius, beam.radius + 2e-2], min(beam.radius / 50, 1e-3), largest=1e-3, growth=1.05
    )
    return Grid((across, depth), "axisymmetric")
