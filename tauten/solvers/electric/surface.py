"""Flat metal: discs and rectangles on the top surface, plates over a whole wall, balls of metal inside."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.electrode import Disc, Membrane, Plate, Rectangle, Sphere
from tauten.errors import InputError
from tauten.solvers.electric.cells import Cells
from tauten.solvers.electric.metal import Box, Pieces, diagonals, fitted

__all__ = ["fill_sphere", "link_plate", "link_sphere", "link_surface"]

Floats = NDArray[Any]
_RAYS = 32  # points along each edge of a cell that a disc's rim crosses


def link_surface(pieces: Pieces, number: int, metal: Disc | Rectangle) -> None:
    """Link the cells under a disc or rectangle on the top surface, each by the part of its face that is covered."""
    cells, area, half = pieces.geometry.wall("top")
    share = _disc_share(pieces.geometry, metal) if isinstance(metal, Disc) else _rectangle_share(pieces.geometry, metal)
    covered = area * share.ravel()
    pieces.link(number, cells, covered / half, 1, _sheet(metal.membrane, covered))


def link_plate(pieces: Pieces, number: int, plate: Plate) -> None:
    """Link the cells along a whole wall; raises `InputError` for a wall the grid lacks."""
    geometry = pieces.geometry
    if plate.side not in geometry.sides:
        raise InputError("is not a side", key="electrode.side", value=plate.side, allowed=" | ".join(geometry.sides))
    cells, area, half = geometry.wall(plate.side)
    axis, end = geometry.sides[plate.side]
    true_area = area * 2 * np.pi * geometry.grid.edges[0][-1] if geometry.round and axis == 0 else area
    pieces.link(number, cells, area / half, 0 if axis < 2 else 1 + end, _sheet(plate.membrane, true_area))


def fill_sphere(pieces: Pieces, number: int, ball: Sphere) -> None:
    """Mark the cells whose point lies in a ball."""
    box = _around(pieces.geometry, ball)
    pieces.fill(number, box, _distance(pieces.geometry, ball, box) <= ball.radius)


def link_sphere(pieces: Pieces, number: int, ball: Sphere) -> None:
    """Link the cells beside a ball, so that 1 - radius/distance, the field round it alone, is met."""
    geometry = pieces.geometry
    box = _around(geometry, ball)

    def field_of(x: Floats, y: Floats, z: Floats) -> Floats:
        cx, cy, cz = ball.centre
        distance = np.sqrt((x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2)
        return 1.0 - ball.radius / np.maximum(distance, ball.radius)

    away = np.maximum(_distance(geometry, ball, box) - ball.radius, 0.0)
    fitted(pieces, number, box, field_of, away / diagonals(geometry, box))


def _sheet(membrane: Membrane | None, area: Floats) -> Floats | None:
    if membrane is None:
        return None
    return membrane.permittivity / membrane.thickness * area


def _rectangle_share(geometry: Cells, metal: Rectangle) -> Floats:
    spans = []
    for centre, wide, edges in zip(metal.centre, (metal.width, metal.length), geometry.grid.edges, strict=False):
        low, high = np.maximum(edges[:-1], centre - wide / 2), np.minimum(edges[1:], centre + wide / 2)
        spans.append(np.clip(high - low, 0.0, None) / np.diff(edges))
    return spans[0][:, None] * spans[1][None, :]


def _disc_share(geometry: Cells, metal: Disc) -> Floats:
    edges = geometry.grid.edges
    if geometry.round:
        inside = np.clip(metal.radius**2 - edges[0][:-1] ** 2, 0.0, np.diff(edges[0] ** 2))
        return inside / np.diff(edges[0] ** 2)
    x, y = (e - c for e, c in zip(edges, metal.centre, strict=False))
    nearest = np.hypot(_least(x)[:, None], _least(y)[None, :])
    farthest = np.hypot(_most(x)[:, None], _most(y)[None, :])
    share = (farthest <= metal.radius).astype(float)
    rim = np.nonzero((nearest < metal.radius) & (farthest > metal.radius))
    # Chords: exact along y, sampled along x.
    rays = (np.arange(_RAYS) + 0.5) / _RAYS
    across = x[rim[0]][:, None] + np.diff(x)[rim[0]][:, None] * rays
    chord = np.sqrt(np.maximum(metal.radius**2 - across**2, 0.0))
    low, high = y[rim[1]][:, None], y[rim[1] + 1][:, None]
    inside = np.clip(np.minimum(high, chord) - np.maximum(low, -chord), 0.0, None)
    share[rim] = (inside / (high - low)).mean(axis=1)
    return share


def _least(edges: Floats) -> Floats:
    return np.maximum(np.maximum(edges[:-1], -edges[1:]), 0.0)


def _most(edges: Floats) -> Floats:
    return np.maximum(np.abs(edges[:-1]), np.abs(edges[1:]))


def _around(geometry: Cells, ball: Sphere) -> Box:
    edges = geometry.grid.edges
    sides = [edges[0], None, edges[1]] if geometry.round else list(edges)
    return tuple(  # type: ignore[return-value]
        slice(0, 1)
        if e is None
        else slice(
            int(np.clip(np.searchsorted(e, c - ball.radius) - 3, 0, e.size - 2)),
            int(np.clip(np.searchsorted(e, c + ball.radius) + 3, 1, e.size - 1)),
        )
        for c, e in zip(ball.centre, sides, strict=True)
    )


def _distance(geometry: Cells, ball: Sphere, box: Box) -> Floats:
    mesh = np.meshgrid(*(p[b] for p, b in zip(geometry.points, box, strict=True)), indexing="ij")
    return np.sqrt(sum((m - c) ** 2 for m, c in zip(mesh, ball.centre, strict=True)))
