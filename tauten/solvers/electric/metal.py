"""What metal does to a grid, before tissue is known: cells it fills, faces it shuts, lengths of tissue it feeds.

A link's conductance is its length [m] times the admittivity of the cell it feeds, with the membrane's capacity in
series. Where metal is curved the lengths are fitted, so that the balance of every cell beside it holds for the field
round that metal alone in homogeneous tissue: that field is known, exactly or from a fine grid of its own, and it is the
singular part of any other. So a needle may lie anywhere between the cells, at any tilt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.solvers.electric.cells import Cells

__all__ = ["Box", "Metal", "Pieces", "diagonals", "fitted"]

Floats = NDArray[np.float64]
Box = tuple[slice, slice, slice]
FieldOf = Callable[[Floats, Floats, Floats], Floats]

_LONGEST = 200.0
"""A link as good as metal, in units of what joins its cell to its neighbours: a point nearly on the surface."""
_STEEP = 1e-3  # of the potential: what it rises over a face for the face to tell how heat is shared
_NEAR = 0.75  # diagonals of a cell from metal: farther out a field is even enough to share by halves
_SHARES = (0.2, 0.8)


@dataclass(frozen=True, eq=False)
class Metal:
    """Cells filled by metal (`dead`), the open share of partly shut faces an axis, and links from cells to electrodes.

    `halves` say what a link passes: 0 tissue along the skin, 1 the upper half of its cell, 2 the lower. `sheets`
    [m] are permittivity times area over thickness of membranes, infinite where metal is bare. `owner` is the electrode
    whose metal fills a cell, or -1. `shares` are faces near curved metal, an axis, with the part of the way between
    their two cells, counted in potential, that lies in the lower one.
    `slivers` are cells, the next one each whose point lies in metal, and the share of the first one's link heat that
    belongs to what tissue there is in the next.
    """

    dead: NDArray[np.bool_]
    owner: NDArray[np.int16]
    shut: tuple[tuple[NDArray[np.int64], Floats], ...]
    shares: tuple[tuple[NDArray[np.int64], Floats], ...]
    slivers: tuple[NDArray[Any], ...]
    cells: NDArray[np.int64]
    electrodes: NDArray[np.int64]
    lengths: Floats
    halves: NDArray[np.int8]
    sheets: Floats


@dataclass(eq=False)
class Pieces:
    """A `Metal` in the making; every electrode adds its own."""

    geometry: Cells
    owner: NDArray[np.int16] = field(init=False)
    _shut: list[list[tuple[NDArray[np.int64], Floats]]] = field(default_factory=lambda: [[], [], []])
    _shares: list[list[tuple[NDArray[np.int64], Floats, Floats]]] = field(default_factory=lambda: [[], [], []])
    _slivers: list[tuple[Any, ...]] = field(default_factory=list)
    _links: list[tuple[Any, ...]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owner = np.full(self.geometry.shape, -1, np.int16)

    def fill(self, electrode: int, box: Box, inside: NDArray[np.bool_]) -> None:
        """Mark the cells of a box that metal fills."""
        part = self.owner[box]
        part[inside] = electrode

    def shut(self, axis: int, faces: NDArray[np.int64], opened: Floats) -> None:
        """Leave only a share of some faces across `axis` open."""
        self._shut[axis].append((faces, opened))

    def share(self, axis: int, faces: NDArray[np.int64], lower: Floats, steepness: Floats) -> None:
        """Say how heat at faces across `axis` is shared; `steepness` is what the field rises there."""
        self._shares[axis].append((faces, lower, steepness))

    def sliver(self, linked: NDArray[np.int64], filled: NDArray[np.int64], share: Floats) -> None:
        """Give a share of the links' heat of some cells to the next cell."""
        self._slivers.append((linked, filled, share))

    def link(
        self, electrode: int, cells: NDArray[np.int64], lengths: Floats, half: int = 0, sheets: Floats | None = None
    ) -> None:
        """Join cells [flat index] to an electrode."""
        none = np.full(cells.size, np.inf) if sheets is None else sheets
        keep = (lengths > 0.0) & (self.owner.ravel()[cells] < 0)
        number = np.full(cells.size, electrode, np.int64)
        self._links.append((cells[keep], number[keep], lengths[keep], np.full(keep.sum(), half, np.int8), none[keep]))

    def opened(self, axis: int, box: Box) -> Floats:
        """Return the open share of the faces across `axis` between the cells of a box."""
        shape = tuple(n - (a == axis) for a, n in enumerate(self.geometry.shape))
        part = tuple(slice(b.start, b.stop - (a == axis)) for a, b in enumerate(box))
        out = np.ones(tuple(p.stop - p.start for p in part))
        for faces, share in self._shut[axis]:
            where = np.unravel_index(faces, shape)
            near = np.all([(w >= p.start) & (w < p.stop) for w, p in zip(where, part, strict=True)], axis=0)
            local = tuple(w[near] - p.start for w, p in zip(where, part, strict=True))
            out[local] = np.minimum(out[local], share[near])
        return out

    def done(self) -> Metal:
        """Return the metal."""
        blank = (np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0), np.zeros(0, np.int8), np.zeros(0))
        links = [np.concatenate(parts) for parts in zip(blank, *self._links, strict=True)]
        shut = tuple(_lowest(parts) for parts in self._shut)
        shares = tuple(_shared(parts) for parts in self._shares)
        none = (blank[0], blank[0], blank[2])
        slivers = tuple(np.concatenate(parts) for parts in zip(none, *self._slivers, strict=True))
        return Metal(self.owner >= 0, self.owner, shut, shares, slivers, *links)


def fitted(pieces: Pieces, number: int, box: Box, field_of: FieldOf, away: Floats) -> None:
    """Link cells of `box` to electrode `number`, by lengths [m] that make `field_of` a solution where metal is beside.

    `field_of(x, y, z)` is the potential over that of the metal (0 on it, rising away) in homogeneous tissue. For cell
    i: length = Σ_neighbours c (u_j - u_i) / u_i, with c [m] conductance over admittivity of the open part of a face.
    `away` is how far the cells' points are from bare metal, in their diagonals. Where heat is shared between two cells
    near it, the potential on the face between them says how.
    """
    geometry = pieces.geometry
    dead = pieces.owner[box] >= 0
    points = [p[b] for p, b in zip(geometry.points, box, strict=True)]
    potential = field_of(*np.meshgrid(*points, indexing="ij"))
    gain, total = np.zeros(dead.shape), np.zeros(dead.shape)
    next_to = np.zeros(dead.shape, np.bool_)
    cut: list[tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]] = []
    for axis in range(3):
        if dead.shape[axis] == 1:
            cut.append((total[:0], next_to[:0], next_to[:0]))
            continue
        part = tuple(slice(b.start, b.stop - (a == axis)) for a, b in enumerate(box))
        low, high = _neighbours(axis)
        open_faces = geometry.between(axis)[part] * pieces.opened(axis, box) * ~(dead[low] | dead[high])
        rise = potential[high] - potential[low]
        gain[low] += open_faces * rise
        gain[high] -= open_faces * rise
        total[low] += open_faces
        total[high] += open_faces
        next_to[low] |= dead[high]
        next_to[high] |= dead[low]
        between = geometry.faces(axis)[box[axis].start : box[axis].stop - 1]
        on_face = field_of(*np.meshgrid(*(between if a == axis else p for a, p in enumerate(points)), indexing="ij"))
        cut.append((on_face, dead[low] & ~dead[high], dead[high] & ~dead[low]))
        steep = (
            (open_faces > 0.0) & (np.maximum(away[low], away[high]) < _NEAR) & (np.abs(rise) > _STEEP * potential[low])
        )
        share = np.clip((on_face - potential[low])[steep] / rise[steep], *_SHARES)
        shape = tuple(n - (a == axis) for a, n in enumerate(geometry.shape))
        pieces.share(
            axis, _flat(steep, part, shape), share, np.abs(rise[steep]) / np.maximum(potential[low][steep], 1e-12)
        )
    linked = ((away < 0.5) | (next_to & (away < 1.0))) & ~dead & (total > 0.0)
    lengths = gain[linked] / np.maximum(potential[linked], 1e-12)
    lengths = np.minimum(lengths, _LONGEST * total[linked])
    pieces.link(number, _flat(linked, box, geometry.shape), lengths)
    into = np.zeros(dead.shape)
    into[linked] = lengths * potential[linked]
    for axis, (on_face, low_dead, high_dead) in enumerate(cut):
        if on_face.size:
            low, high = _neighbours(axis)
            _slivers(pieces, axis, box, potential, into, on_face, (low, high), high_dead)
            _slivers(pieces, axis, box, potential, into, on_face, (high, low), low_dead)


def _slivers(
    pieces: Pieces, axis: int, box: Box, potential: Floats, into: Floats, on_face: Floats, ends: tuple[Box, Box],
    cut: NDArray[np.bool_],
) -> None:  # fmt: skip
    """Note what part of a link's heat belongs to tissue in the next cell, whose point lies in metal.

    Of the current `into` the metal, what crosses the face between them falls there from the face's potential to 0.
    """
    live, filled = ends
    here = potential[live]
    wanted = cut & (into[live] > 0.0) & (on_face > 0.0) & (on_face < here)
    geometry = pieces.geometry
    half = (geometry.high if live[axis].start is None else geometry.low)[axis][box[axis]]
    spread = half.reshape([-1 if a == axis else 1 for a in range(3)])
    across = np.broadcast_to(geometry.across(axis), [1 if a == axis else n for a, n in enumerate(geometry.shape)])
    area = across[tuple(slice(None) if a == axis else b for a, b in enumerate(box))]
    through = np.broadcast_to(area / spread, into.shape)[live] * (here - on_face)
    share = np.minimum(through[wanted] / into[live][wanted], 1.0) * on_face[wanted] / here[wanted]
    every = np.arange(into.size).reshape(into.shape)
    start = np.array([b.start for b in box])[:, None]
    cells = [
        np.ravel_multi_index(tuple(np.array(np.unravel_index(every[e][wanted], into.shape)) + start), geometry.shape)
        for e in (live, filled)
    ]
    pieces.sliver(cells[0], cells[1], share)


def diagonals(geometry: Cells, box: Box) -> Floats:
    """Return the diagonal of every cell of a box [m]; in an axisymmetric grid that of its section."""
    steps = geometry.grid.spacings
    sides = (steps[0], np.zeros(1), steps[1]) if geometry.round else steps
    x, y, z = (s[b] ** 2 for s, b in zip(sides, box, strict=True))
    return np.sqrt(x[:, None, None] + y[None, :, None] + z[None, None, :])


def _flat(where: NDArray[np.bool_], box: Sequence[slice], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the flat index in the whole grid of what is true in a box."""
    local = np.nonzero(where)
    return np.ravel_multi_index(tuple(n + b.start for n, b in zip(local, box, strict=True)), shape)


def _neighbours(axis: int) -> tuple[Box, Box]:
    low = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
    high = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
    return low, high  # type: ignore[return-value]


def _lowest(parts: list[tuple[NDArray[np.int64], Floats]]) -> tuple[NDArray[np.int64], Floats]:
    """Return each face once, with the smallest share it was left."""
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0)
    faces, where = np.unique(np.concatenate([p[0] for p in parts]), return_inverse=True)
    least = np.ones(faces.size)
    np.minimum.at(least, where, np.concatenate([p[1] for p in parts]))
    return faces, least


def _shared(parts: list[tuple[NDArray[np.int64], Floats, Floats]]) -> tuple[NDArray[np.int64], Floats]:
    """Return each face once; where several electrodes have a say, they count as the squares of their fields there."""
    if not parts:
        return np.zeros(0, np.int64), np.zeros(0)
    faces, shares, steepness = (np.concatenate(p) for p in zip(*parts, strict=True))
    faces, where = np.unique(faces, return_inverse=True)
    weight = steepness**2
    return faces, np.bincount(where, shares * weight) / np.bincount(where, weight)
