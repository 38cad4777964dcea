"""From a pencil beam's answer to any beam, by geometry alone.

In plane layers the light from a beam is the pencil's answer moved about under it. All weights are areas: the share of a
displacement ring that carries light from the beam into a cell is the overlap of two discs, exactly, so energy is kept.
Errors come from the pencil's batches, each carried through the same weights.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tauten.devices.beam import Beam, Flat, Gaussian, Pencil, Rectangle
from tauten.errors import InputError
from tauten.grid import Grid
from tauten.solvers.tally import Response, Tally, estimate

__all__ = ["add_up", "along_axis", "cell_means", "merge", "on_axis", "onto", "wide"]

Floats = NDArray[np.floating]

_RING_NODES = 6
_GAUSSIAN_NODES = 48
_AZIMUTH_NODES = 48


def on_axis(tally: Tally, beam: Beam) -> tuple[Floats, Floats]:
    """Return (density, one standard error) [1/m³ per joule incident] on the axis of `beam`, at each depth cell.

    By reciprocity the axis gets what the pencil leaves under the mirror image of the beam: the sum over rings of the
    pencil's energy times the mean irradiance on the ring. Raises `InputError` for a pencil, whose axis is singular.
    """
    if isinstance(beam, Pencil):
        remedy = "Give a beam with a size, or use wide()."
        raise InputError("is singular on its axis", key="beam", value=beam, remedy=remedy)
    return along_axis(_response(tally), beam, tally.grid)


def wide(tally: Tally) -> tuple[Floats, Floats]:
    """Return (density, one standard error) [1/m] under an endless beam of unit fluence, at each depth cell."""
    return along_axis(_response(tally), Pencil(), tally.grid)


def along_axis(response: Response, beam: Beam, grid: Grid) -> tuple[Floats, Floats]:
    """Return (density, one standard error) on the axis of `beam` [1/m³], or of an endless one for a pencil [1/m]."""
    rings = response.rings
    inside = np.pi * rings**2
    if isinstance(beam, Pencil):
        by_depth = response.energy[:, :, :-1].sum(axis=1)
    else:
        if isinstance(beam, Flat):
            lit = np.minimum(inside, beam.area) / beam.area
        elif isinstance(beam, Gaussian):
            lit = 1.0 - np.exp(-2.0 * (rings / beam.radius) ** 2)
        else:
            lit = 4.0 * _quarter_overlap(beam.width / 2, beam.length / 2, rings) / beam.area
        irradiance = np.diff(lit) / np.diff(inside)
        by_depth = np.einsum("r,brz->bz", irradiance, response.energy[:, :-1, :-1])
    return estimate(by_depth @ _overlap(response.depths, grid.edges[-1]).T / grid.spacings[-1])


def onto(tally: Tally, beam: Beam, grid: Grid) -> tuple[Floats, Floats]:
    """Return (density, one standard error) [1/m³ per joule incident] of `beam`, averaged over the cells of `grid`.

    A round beam needs an axisymmetric grid, a rectangle a Cartesian one. The sum of density times volume is the energy
    absorbed inside the grid. Depths that the pencil was not scored at are met by sharing its cells out evenly.
    """
    return cell_means(_response(tally), "energy", beam, grid)


def cell_means(response: Response, quantity: str, beam: Beam, grid: Grid) -> tuple[Floats, Floats]:
    """Return (mean over each cell of `grid`, one standard error) of the response's "energy" or "path" under `beam`.

    Raises `InputError` for a grid whose kind does not fit the beam.
    """
    batches = getattr(response, quantity)[:, :-1, :-1]
    if not _same(response.depths, grid.edges[-1]):
        batches = batches @ _overlap(response.depths, grid.edges[-1]).T
    if isinstance(beam, Pencil) and grid.kind == "axisymmetric" and _same(response.rings, grid.edges[0]):
        mean, error = estimate(batches)  # scored in these very cells
        return mean / grid.volumes, error / grid.volumes
    if isinstance(beam, Rectangle):
        if grid.kind != "cartesian":
            raise InputError("does not fit a rectangular beam", key="grid.kind", value=grid.kind, allowed="cartesian")
        weights = _rectangle_weights(beam, response.rings, grid)
    else:
        if grid.kind != "axisymmetric":
            raise InputError("does not fit a round beam", key="grid.kind", value=grid.kind, allowed="axisymmetric",
                             remedy="Use an axisymmetric grid, or trace with voxels=True.")  # fmt: skip
        weights = _round_weights(beam, response.rings, grid.edges[0])
    mean = np.tensordot(weights, batches.mean(axis=0), axes=1)
    variance = np.zeros_like(mean)
    for batch in batches:
        variance += (np.tensordot(weights, batch, axes=1) - mean) ** 2
    count = batches.shape[0]
    return mean / grid.volumes, np.sqrt(variance / (count * (count - 1))) / grid.volumes


def merge(edges: Floats, onto_edges: Floats) -> list[slice]:
    """Slices of the cells between `edges` that make up each cell between `onto_edges`, whose edges are among them."""
    at = np.searchsorted(edges, onto_edges - 1e-9)
    return [slice(int(low), int(high)) for low, high in pairwise(at)]


def add_up(values: Floats, columns: list[slice]) -> Floats:
    """Sum the last axis of `values` over each of `columns`."""
    if len(columns) == values.shape[-1]:
        return values
    return np.stack([values[..., column].sum(axis=-1) for column in columns], axis=-1)


def _response(tally: Tally) -> Response:
    if tally.response is None:
        raise InputError("has no pencil answer to convolve", key="tally", remedy="Trace without voxels.")
    return tally.response


def _same(edges: Floats, others: Floats) -> bool:
    """Whether two axes have the same edges, to the nanometre by which a run's own depths may differ from its grid's."""
    return edges.shape == others.shape and bool(np.all(np.abs(edges - others) <= 1e-9))


def _overlap(from_edges: Floats, to_edges: Floats) -> Floats:
    """Share of each cell of the first axis that lies in each cell of the second, shape (to, from)."""
    low = np.maximum(from_edges[None, :-1], to_edges[:-1, None])
    high = np.minimum(from_edges[None, 1:], to_edges[1:, None])
    return np.maximum(high - low, 0.0) / np.diff(from_edges)[None, :]


def _round_weights(beam: Beam, rings: Floats, edges: Floats) -> Floats:
    """Share of the light displaced by each ring that lands in each radial cell, shape (cells, rings)."""
    if isinstance(beam, Pencil):
        return _overlap(rings**2, edges**2)
    if isinstance(beam, Flat):
        discs, shares = np.array([beam.radius]), np.array([1.0])
    elif isinstance(beam, Gaussian):
        # A Gaussian is a mixture of discs of radius w·√(t/2) with t spread as t·exp(-t).
        nodes, weights = np.polynomial.laguerre.laggauss(_GAUSSIAN_NODES)
        shares = nodes * weights
        keep = shares > 1e-14
        discs, shares = beam.radius * np.sqrt(nodes[keep] / 2.0), shares[keep] / shares[keep].sum()
    else:
        raise InputError("is not round", key="beam", value=beam)
    nodes, weights = np.polynomial.legendre.leggauss(_RING_NODES)
    squares = rings[:-1, None] ** 2 + np.diff(rings**2)[:, None] * (nodes + 1.0) / 2.0
    inside = np.zeros((edges.size, rings.size - 1))
    for disc, share in zip(discs, shares, strict=True):
        common = _lens(disc, edges[:, None, None], np.sqrt(squares)[None])
        inside += share * (common @ (weights / 2.0)) / (math.pi * disc**2)
    return np.diff(inside, axis=0)


def _lens(first: float, second: Floats, apart: Floats) -> Floats:
    """Area common to two discs of radius `first` and `second` whose centres lie `apart` [m²]."""
    small = np.minimum(first, second)
    second, apart = np.broadcast_arrays(second, apart)
    safe = np.maximum(apart, 1e-12 * first)
    with np.errstate(divide="ignore", invalid="ignore"):
        a = np.clip((safe**2 + first**2 - second**2) / (2 * safe * first), -1.0, 1.0)
        b = np.clip((safe**2 + second**2 - first**2) / (2 * safe * np.maximum(second, 1e-300)), -1.0, 1.0)
        kite = (first + second - safe) * (safe + first - second) * (safe - first + second) * (safe + first + second)
        lens = first**2 * np.arccos(a) + second**2 * np.arccos(b) - 0.5 * np.sqrt(np.maximum(kite, 0.0))
    return np.where(apart >= first + second, 0.0, np.where(apart <= np.abs(first - second), np.pi * small**2, lens))


def _quarter_overlap(a: float, b: float, radius: Floats) -> Floats:
    """Area common to a disc about the origin and the rectangle 0 to a, 0 to b [m²]."""
    r = np.maximum(radius, 1e-300)

    def under_arc(x: Floats) -> Floats:
        return 0.5 * (x * np.sqrt(np.maximum(r**2 - x**2, 0.0)) + r**2 * np.arcsin(np.clip(x / r, -1.0, 1.0)))

    flat = np.minimum(np.sqrt(np.maximum(r**2 - b**2, 0.0)), a)
    return b * flat + under_arc(np.minimum(a, r)) - under_arc(flat)


def _rectangle_weights(beam: Rectangle, rings: Floats, grid: Grid) -> Floats:
    """Share of the light displaced by each ring that lands in each column, shape (nx, ny, rings).

    For one displacement the share is a product of two overlaps of intervals, exactly; displacements are spread over the
    ring's area and its azimuth.
    """
    radial, weights = np.polynomial.legendre.leggauss(2)
    azimuths = 2.0 * np.pi * (np.arange(_AZIMUTH_NODES) + 0.5) / _AZIMUTH_NODES
    shares = np.empty((*grid.shape[:2], rings.size - 1))
    for i, (inner, outer) in enumerate(zip(rings[:-1] ** 2, rings[1:] ** 2, strict=True)):
        radii = np.sqrt(inner + (outer - inner) * (radial + 1.0) / 2.0)
        dx, dy = (np.multiply.outer(radii, trace(azimuths)).ravel() for trace in (np.cos, np.sin))
        share = np.repeat(weights / 2.0 / _AZIMUTH_NODES, _AZIMUTH_NODES)
        along_x = _interval(grid.edges[0], beam.width, dx)
        along_y = _interval(grid.edges[1], beam.length, dy)
        shares[:, :, i] = (along_x * share) @ along_y.T
    return shares


def _interval(edges: Floats, width: float, shift: Floats) -> Floats:
    """Share of an interval of `width` about each `shift` that lies in each cell, shape (cells, shifts)."""
    below = np.clip((edges[:, None] - shift[None, :]) / width + 0.5, 0.0, 1.0)
    return np.diff(below, axis=0)
