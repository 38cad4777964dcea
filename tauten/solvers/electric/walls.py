"""What lies beyond the walls of a grid: nothing that conducts, ground, or more of the same tissue without end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tauten.checks import instance, number
from tauten.errors import InputError
from tauten.solvers.electric.cells import Cells
from tauten.solvers.electric.matter import Matter, Values
from tauten.solvers.electric.system import Ground

__all__ = ["Earthed", "Insulated", "Open", "Wall", "grounded", "walls_of"]


@dataclass(frozen=True, slots=True)
class Insulated:
    """No current passes; also a plane of symmetry."""


@dataclass(frozen=True, slots=True)
class Earthed:
    """Metal at 0 V all over, wired to the far return."""


@dataclass(frozen=True, slots=True)
class Open:
    """More of the same tissue without end: the potential goes on falling as 1/distance from `centre` (x, y, z) [m].

    The centre is that of the electrodes if None; (0, 0, z) in an axisymmetric grid. Exact for a single source far away
    from the wall, and with an insulated top as long as the centre lies on it.
    """

    centre: tuple[float, float, float] | None = None

    def __post_init__(self) -> None:
        if self.centre is not None:
            if not isinstance(self.centre, (tuple, list, np.ndarray)) or len(self.centre) != 3:
                raise InputError("is no place", key="boundaries.centre", value=repr(self.centre), allowed="(x, y, z)")
            place = tuple(number(c, "boundaries.centre", unit="m") for c in self.centre)
            object.__setattr__(self, "centre", place)


Wall = Insulated | Earthed | Open


def walls_of(boundaries: Mapping[str, Wall] | None, cells: Cells) -> dict[str, Wall]:
    """Return the wall of every side, `Insulated` where none is given; "side" stands for all four upright ones.

    Raises `InputError` for a side the grid lacks and for anything that is no wall.
    """
    given = dict(boundaries or {}) if isinstance(boundaries, Mapping) or boundaries is None else None
    if given is None:
        raise InputError("is of the wrong kind", key="boundaries", value=repr(boundaries), allowed="{side: wall}")
    for wall in given.values():
        instance(wall, (Insulated, Earthed, Open), "boundaries", "Insulated() | Earthed() | Open()")
    if not cells.round and "side" in given:
        wall = given.pop("side")
        given = dict.fromkeys(("left", "right", "front", "back"), wall) | given
    if unknown := set(given) - set(cells.sides):
        names = " | ".join(cells.sides)
        raise InputError("is not a side", key="boundaries", value=sorted(map(str, unknown))[0], allowed=names)
    return {side: given.get(side, Insulated()) for side in cells.sides}


def grounded(
    walls: Mapping[str, Wall], cells: Cells, matter: Matter, dead: NDArray[np.bool_], centre: tuple[float, float, float]
) -> tuple[Ground, Values]:
    """Return what joins cells to ground through the walls, and of each the share of its resistance inside the grid.

    Beyond an open wall the potential φ = a/ρ asks for a conductance y A (ρ·n)/ρ² from the wall on.
    """
    index, conductances, inside = [], [], []
    for side, wall in walls.items():
        if isinstance(wall, Insulated):
            continue
        where, area, half = cells.wall(side)
        live = ~dead.ravel()[where]
        where, area, half = where[live], area[live], half[live]
        axis, end = cells.sides[side]
        way = half / area
        beyond = np.zeros_like(way) if isinstance(wall, Earthed) else _beyond(side, wall.centre or centre, cells, where)
        if not np.all(np.isfinite(beyond)):
            raise InputError(
                "lies beyond an open wall", key="boundaries.centre", value=repr(centre), allowed="inside the grid"
            )
        kind = np.full(where.size, 0 if axis < 2 else 1 + end, np.int8)
        index.append(where)
        conductances.append(matter.at(where, kind, cells.shape) / (way + beyond))
        inside.append(way / (way + beyond))
    if not index:
        return Ground(), np.zeros(0)
    return Ground(np.concatenate(index), np.concatenate(conductances)), np.concatenate(inside)


def _beyond(
    side: str, centre: tuple[float, float, float], cells: Cells, where: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return ρ²/(A ρ·n) of each cell along a wall [1/m]; infinite where the wall does not face away from the centre."""
    axis, end = cells.sides[side]
    places = np.unravel_index(where, cells.shape)
    middle = (0.0, 0.0, centre[2]) if cells.round else centre
    away = np.array([p[i] - m for p, i, m in zip(cells.points, places, middle, strict=True)])
    edges = cells.grid.edges[-1 if cells.round and axis == 2 else axis]
    away[axis] = edges[-1 if end else 0] - middle[axis]
    outward = away[axis] if end else -away[axis]
    _, area, _ = cells.wall(side)
    full = np.zeros(np.prod(cells.shape)) if area.size != where.size else None
    if full is not None:
        full[cells.wall(side)[0]] = area
        area = full[where]
    if cells.round and axis == 0:
        area = area * 2 * np.pi * edges[-1]  # the radial half lengths are logarithms: heights are no areas
    with np.errstate(divide="ignore"):
        return np.where(outward > 0.0, np.sum(away**2, axis=0) / (area * outward), np.inf)
