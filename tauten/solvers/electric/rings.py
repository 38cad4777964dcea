"""Metal on the axis of an axisymmetric grid: an upright needle; best where cell faces lie on it.

Links are written down from the distance between a cell's point and the metal along each axis, ln(s/r)/2π round the
shaft. They owe nothing to the fit that tilted needles get, which is held to them.
"""

from __future__ import annotations

import math

import numpy as np

from tauten.devices.electrode import Needle
from tauten.errors import InputError
from tauten.solvers.electric.metal import Box, Pieces

__all__ = ["check_upright", "fill_upright", "link_upright"]


def check_upright(needle: Needle) -> None:
    """Raise `InputError` for a needle off the axis or tilted."""
    x, y, _ = needle.tip
    if math.hypot(x, y) > 1e-9 * needle.radius or needle.direction[2] < 1.0 - 1e-12:
        raise InputError(
            "does not lie on the axis", key="electrode.tip", value=repr(needle.tip),
            allowed="x = y = 0 and direction (0, 0, 1)", remedy="Use a Cartesian grid.",
        )  # fmt: skip


def fill_upright(pieces: Pieces, number: int, needle: Needle) -> None:
    """Mark the cells whose point lies in the needle, and shut what its shaft covers of faces beside it."""
    radius, _, depth = pieces.geometry.points
    edges = pieces.geometry.grid.edges
    filled = (radius[:, None] < needle.radius) & (depth[None, :] < needle.tip[2])
    whole: Box = (slice(0, radius.size), slice(0, 1), slice(0, depth.size))
    pieces.fill(number, whole, filled[:, None, :])
    # The shaft covers part of rings whose point lies outside it, but for the part that is bare.
    ring = int(np.searchsorted(edges[0], needle.radius, side="right")) - 1
    if ring < radius.size and radius[ring] >= needle.radius > edges[0][ring]:
        open_area = (edges[0][ring + 1] ** 2 - needle.radius**2) / (edges[0][ring + 1] ** 2 - edges[0][ring] ** 2)
        above = np.flatnonzero(edges[1][1:-1] < needle.tip[2] - needle.active)
        faces = ring * (depth.size - 1) + above
        pieces.shut(2, faces, np.full(faces.size, open_area))


def link_upright(pieces: Pieces, number: int, needle: Needle) -> None:
    """Link the cells beside the bare part, and below the tip."""
    radius, _, depth = pieces.geometry.points
    edges = pieces.geometry.grid.edges
    tip = needle.tip[2]
    ring = int(np.searchsorted(radius, needle.radius))  # first whose point lies outside
    if ring < radius.size:
        bare = np.clip(np.minimum(edges[1][1:], tip) - np.maximum(edges[1][:-1], tip - needle.active), 0.0, None)
        beside = np.flatnonzero((bare > 0.0) & (depth < tip))
        way = math.log(radius[ring] / needle.radius) if radius[ring] > needle.radius else 1e-9
        pieces.link(number, ring * depth.size + beside, 2 * math.pi * bare[beside] / max(way, 1e-9))
    below = int(np.searchsorted(depth, tip))
    if below < depth.size:
        area = math.pi * (np.minimum(edges[0][1:], needle.radius) ** 2 - edges[0][:-1] ** 2)
        under = np.flatnonzero((area > 0.0) & (radius < needle.radius))
        way = max(depth[below] - tip, 1e-9 * needle.radius)
        pieces.link(number, under * depth.size + below, area[under] / way, half=1)
