"""Electrodes into a grid: each checked against the grid and the others, then laid."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from tauten.devices.electrode import Disc, Electrode, Needle, Plate, Rectangle, Sphere
from tauten.errors import InputError
from tauten.grid import Grid
from tauten.solvers.electric.apart import check_apart
from tauten.solvers.electric.cells import Cells, cells_of
from tauten.solvers.electric.metal import Metal, Pieces
from tauten.solvers.electric.needles import fill_needle, link_needle
from tauten.solvers.electric.rings import check_upright, fill_upright, link_upright
from tauten.solvers.electric.surface import fill_sphere, link_plate, link_sphere, link_surface

__all__ = ["lay"]

_LEAVES = "leaves the grid"


@lru_cache(maxsize=8)
def lay(grid: Grid, electrodes: tuple[Electrode, ...], mirrors: frozenset[str]) -> Metal:
    """Return what `electrodes` do to a grid; metal may be cut only by the walls in `mirrors`.

    Raises `InputError` for metal that touches, overlaps or leaves the grid, and for a needle deeper than it is long.
    """
    cells = cells_of(grid)
    for electrode in electrodes:
        _check_inside(cells, electrode, mirrors)
    check_apart(electrodes)
    pieces = Pieces(cells)
    for number, electrode in enumerate(electrodes):
        if isinstance(electrode, Needle):
            (fill_upright if cells.round else fill_needle)(pieces, number, electrode)
        elif isinstance(electrode, Sphere):
            fill_sphere(pieces, number, electrode)
    for number, electrode in enumerate(electrodes):
        if isinstance(electrode, Needle):
            (link_upright if cells.round else link_needle)(pieces, number, electrode)
        elif isinstance(electrode, Sphere):
            link_sphere(pieces, number, electrode)
        elif isinstance(electrode, Plate):
            link_plate(pieces, number, electrode)
        else:
            link_surface(pieces, number, electrode)
    metal = pieces.done()
    for number, electrode in enumerate(electrodes):
        if not np.any(metal.electrodes == number):
            raise InputError("touches no tissue of the grid", key=f"electrodes.{number}", value=repr(electrode))
    return metal


def _check_inside(cells: Cells, electrode: Electrode, mirrors: frozenset[str]) -> None:
    edges = cells.grid.edges
    if isinstance(electrode, Plate):
        return
    if cells.round and isinstance(electrode, Needle):
        check_upright(electrode)
    elif cells.round and not isinstance(electrode, Needle):
        place = electrode.centre
        if isinstance(electrode, Rectangle) or max(abs(place[0]), abs(place[1])) > 0.0:
            raise InputError(
                "is not round the axis", key="electrode", value=repr(electrode),
                allowed="a disc or sphere with its centre at x = y = 0", remedy="Use a Cartesian grid.",
            )  # fmt: skip
    low, high = _extent(electrode)
    top, bottom = edges[-1][0], edges[-1][-1]
    bounds = {"top": (low[2], top), "bottom": (-high[2], -bottom)} if len(low) == 3 else {}
    if isinstance(electrode, Needle):
        bounds.pop("top")
        if not electrode.tip[2] > top:
            raise InputError(
                "does not reach the tissue", key="electrode.tip", value=f"{electrode.tip[2]:g}",
                allowed=f"deeper than {top:g}", unit="m",
            )  # fmt: skip
        if electrode.base[2] > top + 1e-9:
            raise InputError(
                "is deeper in the skin than it is long", key="electrode.length", value=f"{electrode.length:g}",
                allowed=f"{(electrode.tip[2] - top) / electrode.direction[2]:g} or more", unit="m",
            )  # fmt: skip
    if cells.round:
        bounds["side"] = (-high[0], -edges[0][-1])
    else:
        bounds |= {"left": (low[0], edges[0][0]), "right": (-high[0], -edges[0][-1])}
        bounds |= {"front": (low[1], edges[1][0]), "back": (-high[1], -edges[1][-1])}
    for side, (has, least) in bounds.items():
        if has < least - 1e-9 and side not in mirrors:
            raise InputError(
                _LEAVES, key="electrode", value=repr(electrode), allowed=f"inside the {side} wall",
                remedy="Make the grid wider.",
            )  # fmt: skip


def _extent(electrode: Needle | Disc | Rectangle | Sphere) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and highest place an electrode takes along each axis [m], of a needle the part in tissue."""
    if isinstance(electrode, Needle):
        tip, way = np.array(electrode.tip), np.array(electrode.direction)
        long = min(electrode.length, max(electrode.tip[2], 0.0) / way[2]) if electrode.tip[2] > 0 else electrode.length
        wide = electrode.radius * np.sqrt(np.maximum(1.0 - way**2, 0.0))
        ends = np.array([tip, tip - long * way])
        return ends.min(axis=0) - wide, ends.max(axis=0) + wide
    centre = np.array(electrode.centre)
    wide = (
        np.array([electrode.width, electrode.length]) / 2
        if isinstance(electrode, Rectangle)
        else np.full(centre.size, electrode.radius)
    )
    return centre - wide, centre + wide
