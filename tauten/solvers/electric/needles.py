"""Needles in a Cartesian grid, wherever they lie between its cells and however they are tilted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.electrode import Needle
from tauten.errors import InputError
from tauten.solvers.electric.cells import Cells
from tauten.solvers.electric.metal import Box, FieldOf, Pieces, diagonals, fitted
from tauten.solvers.electric.tip_field import round_needle

__all__ = ["fill_needle", "link_needle"]

Floats = NDArray[Any]

_RAYS = 6  # points along each edge of a face that a shaft may cover in part


def fill_needle(pieces: Pieces, number: int, needle: Needle) -> None:
    """Mark the cells whose point lies in the needle, and shut what its insulated shaft covers of faces beside it.

    Raises `InputError` for a needle that is thinner than the cells beside its bare part: the fit needs half a cell.
    """
    box = _box(pieces.geometry, needle)
    bare = _box(pieces.geometry, replace(needle, length=needle.active), 0)
    widest = max(float(s[b].max()) for s, b in zip(pieces.geometry.grid.spacings[:2], bare[:2], strict=True))
    if needle.radius < 0.5 * widest * (1 - 1e-9):
        raise InputError(
            "is thinner than a cell", key="electrode.radius", value=f"{needle.radius:g}",
            allowed=f"{0.5 * widest:.3g} or more on this grid", unit="m", remedy="Use finer cells.",
        )  # fmt: skip
    distance, height = _places(needle, *_mesh(pieces.geometry, box))
    inside = (distance <= needle.radius) & (height >= 0.0) & (height <= needle.length)
    pieces.fill(number, box, inside)
    if needle.insulated:
        for axis in range(3):
            _shut(pieces, axis, box, needle)


def link_needle(pieces: Pieces, number: int, needle: Needle) -> None:
    """Link the cells beside the bare part, so that the field round this needle alone is met."""
    geometry = pieces.geometry
    box = _box(geometry, needle)
    distance, height = _places(needle, *_mesh(geometry, box))
    away = np.hypot(
        np.maximum(distance - needle.radius, 0.0), np.maximum(np.maximum(height - needle.active, -height), 0.0)
    )
    fitted(pieces, number, box, _field(needle, geometry), away / diagonals(geometry, box))


def _field(needle: Needle, geometry: Cells) -> FieldOf:
    """Return the field round a needle alone; that of a cylinder without an end where it goes on below the grid."""
    through = needle.tip[2] >= geometry.grid.edges[2][-1] - 1e-9 and not needle.insulated
    tip_field = round_needle(round(needle.active / needle.radius, 6) if needle.insulated else math.inf)

    def field_of(x: Floats, y: Floats, z: Floats) -> Floats:
        distance, height = _places(needle, x, y, z)
        if through:
            return np.log(np.maximum(distance / needle.radius, 1.0))
        return tip_field.at(distance / needle.radius, height / needle.radius)

    return field_of


def _shut(pieces: Pieces, axis: int, box: Box, needle: Needle) -> None:
    geometry = pieces.geometry
    part = tuple(slice(b.start, b.stop - (a == axis)) for a, b in enumerate(box))
    edges = geometry.grid.edges
    where = [
        edges[a][p.start + 1 : p.stop + 1] if a == axis else geometry.grid.centres[a][p] for a, p in enumerate(part)
    ]
    widths = [geometry.grid.spacings[a][p] for a, p in enumerate(part)]
    distance, height = _places(needle, *np.meshgrid(*where, indexing="ij"))
    spread = [np.zeros(1) if a == axis else w for a, w in enumerate(widths)]
    reach = 0.5 * np.sqrt(spread[0][:, None, None] ** 2 + spread[1][None, :, None] ** 2 + spread[2][None, None, :] ** 2)
    owner = pieces.owner
    low, high = (
        owner[tuple(slice(p.start + s * (a == axis), p.stop + s * (a == axis)) for a, p in enumerate(part))] < 0
        for s in (0, 1)
    )
    near = (np.abs(distance - needle.radius) < reach) | (distance < needle.radius)
    near &= (height > needle.active - reach) & low & high
    picked = np.nonzero(near)
    if not picked[0].size:
        return
    rays = (np.arange(_RAYS) + 0.5) / _RAYS - 0.5
    first, second = (a for a in range(3) if a != axis)
    place = [np.broadcast_to(w[p][:, None, None], (p.size, _RAYS, _RAYS)) for w, p in zip(where, picked, strict=True)]
    place[first] = place[first] + widths[first][picked[first]][:, None, None] * rays[None, :, None]
    place[second] = place[second] + widths[second][picked[second]][:, None, None] * rays[None, None, :]
    distance, height = _places(needle, *place)
    covered = (distance < needle.radius) & (height > needle.active) & (height < needle.length)
    opened = 1.0 - covered.mean(axis=(1, 2))
    shape = tuple(n - (a == axis) for a, n in enumerate(geometry.shape))
    faces = np.ravel_multi_index(tuple(p + q.start for p, q in zip(picked, part, strict=True)), shape)
    pieces.shut(axis, faces[opened < 1.0], opened[opened < 1.0])


def _box(geometry: Cells, needle: Needle, more: int = 3) -> Box:
    """Return the cells round a needle, and some `more` on every side."""
    ends = np.array([needle.tip, needle.base])
    return tuple(  # type: ignore[return-value]
        slice(
            int(np.clip(np.searchsorted(e, ends[:, a].min() - needle.radius) - 1 - more, 0, e.size - 2)),
            int(np.clip(np.searchsorted(e, ends[:, a].max() + needle.radius) + more, 1, e.size - 1)),
        )
        for a, e in enumerate(geometry.grid.edges)
    )


def _mesh(geometry: Cells, box: Box) -> list[Floats]:
    return list(np.meshgrid(*(c[b] for c, b in zip(geometry.grid.centres, box, strict=True)), indexing="ij"))


def _places(needle: Needle, x: Floats, y: Floats, z: Floats) -> tuple[Floats, Floats]:
    """Return the distance from the needle's axis and the height back from its tip along it [m]."""
    (a, b, c), (u, v, w) = needle.tip, needle.direction
    height = -((x - a) * u + (y - b) * v + (z - c) * w)
    square = (x - a) ** 2 + (y - b) ** 2 + (z - c) ** 2 - height**2
    return np.sqrt(np.maximum(square, 0.0)), height
