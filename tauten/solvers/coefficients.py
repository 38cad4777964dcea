"""From properties to rows: the heat solver's coefficients, one class for all columns that are alike.

A column is alike another when its own properties, those of its next neighbours in x and y, its widths and its side
contacts are the same: a layered skin has one class, 37 needles in three layers some thirty. Nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import pi

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import Contact, ContactPlate, Insulated
from tauten.grid import Grid
from tauten.physics.bioheat import face_conductance
from tauten.skin.thermal import Thermal
from tauten.solvers.contact_rows import hold, lay_plate, plate_widths
from tauten.solvers.properties import box, numbered, properties_of, representatives
from tauten.solvers.rows import GX, GY, GZ, INV, PERF

__all__ = ["SIDES", "Columns", "assemble", "cross_sections", "renew"]

SIDES = {"axisymmetric": ("top", "bottom", "side"), "cartesian": ("top", "bottom", "left", "right", "front", "back")}
"""Names of the sides that take a contact; left and right end the x axis, front and back the y axis."""

_WALLS = {"left": (0, 0), "right": (0, -1), "side": (0, -1), "front": (1, 0), "back": (1, -1)}
"""Axis and end of the sides that columns stand along."""

_OF_A_ROW = "conductivity", "capacity", "exchange"


@dataclass(frozen=True, eq=False)
class Columns:
    """Coefficient rows by class (see `rows`), the class of each column, and `skip`, cells before the tissue's first.

    `boil[class]` holds λ [K], the latent heat of all water over the moist ρ c, and moist over dry ρ c; `growth` the
    perfusion factor at its peak. Each is one row of zeros where the medium has none. Classes from `shared` on belong
    to one column each.
    """

    classes: NDArray[np.int32]
    coef: NDArray[np.floating]
    boil: NDArray[np.floating]
    growth: NDArray[np.floating]
    skip: int
    shared: int


def assemble(
    grid: Grid,
    medium: Thermal,
    contacts: Mapping[str, Contact],
    reference: float,
    dtype: np.dtype,
    dry: NDArray[np.bool_] | None = None,
) -> Columns:
    """Return the rows of the whole operator while `contacts` (by side) hold.

    Raises `InputError` for a contact that cannot lie on its side, and as `properties_of` and `plate_widths` do.
    """
    nx, ny, nz = box(grid)
    kinds, of_kind = properties_of(grid, medium, dry)
    step_x, step_y, _, _ = _geometry(grid)
    geometry_x, geometry_y = _alike_widths(step_x, grid.kind == "axisymmetric"), _alike_widths(step_y, False)
    none = int(kinds.max()) + 1
    next_x = np.concatenate([kinds[1:], np.full((1, ny), none)])
    next_y = np.concatenate([kinds[:, 1:], np.full((nx, 1), none)], axis=1)
    codes = [kinds, next_x, next_y, geometry_x[:, None] + 0 * kinds, geometry_y[None, :] + 0 * kinds]
    for side in _WALLS:
        if not isinstance(contacts.get(side, Insulated()), Insulated):
            codes.append(_at_wall(side, np.indices((nx, ny)), (nx, ny)).astype(np.intp))
    classes = numbered(codes)
    at = representatives(classes)
    own, beside, behind = kinds[at], next_x[at], next_y[at]
    conductivity = of_kind["conductivity"]
    rows, skip = _rows(
        grid, contacts, reference, np.stack(at), {name: of_kind[name][own] for name in _OF_A_ROW},
        (conductivity[beside[beside < none]], conductivity[behind[behind < none]]),
    )  # fmt: skip
    coef = np.zeros((len(own) + 1, *rows.shape[1:]), dtype)
    coef[1:] = rows
    boil = np.zeros((1, 2, skip + nz + 1), dtype=dtype)
    if np.any(of_kind["latent"] > 0.0):
        boil = np.zeros((len(own) + 1, 2, skip + nz + 1), dtype=dtype)
        boil[:, 1] = 1.0  # a plate's cells hold no water; their ratio still divides
        boil[1:, :, skip:-1] = _boil_rows(of_kind, own)
    growth = np.zeros((1, skip + nz + 1), dtype=dtype)
    if np.any((of_kind["growth"] != 1.0) & (of_kind["exchange"] > 0.0)):
        growth = np.ones((len(own) + 1, skip + nz + 1), dtype=dtype)
        growth[1:, skip:-1] = of_kind["growth"][own]
    return Columns((classes + 1).astype(np.int32), coef, boil, growth, skip, len(coef))


def renew(
    columns: Columns,
    grid: Grid,
    medium: Thermal,
    contacts: Mapping[str, Contact],
    reference: float,
    dry: NDArray[np.bool_],
    changed: NDArray[np.bool_],
) -> Columns:
    """Return `columns` after cells have dried in the `changed` ones, (nx, ny): as `assemble` would, at little cost.

    A column that changes gets a class of its own, as do those before it in x and y, whose faces it shares.
    """
    nx, ny, _ = box(grid)
    touched = changed.copy()
    touched[:-1] |= changed[1:]
    touched[:, :-1] |= changed[:, 1:]
    at = np.stack(np.nonzero(touched))
    ahead = at[:, at[0] < nx - 1] + [[1], [0]], at[:, at[1] < ny - 1] + [[0], [1]]
    i, j = np.concatenate([at, *ahead], axis=1)
    of_each = properties_of(grid, medium, dry, (i, j))[1]
    size = at.shape[1]
    own = {name: of_each[name][:size] for name in _OF_A_ROW}
    beside, behind = np.split(of_each["conductivity"][size:], [ahead[0].shape[1]])
    rows, skip = _rows(grid, contacts, reference, at, own, (beside, behind))
    numbers = columns.classes[touched]
    fresh = numbers < columns.shared
    numbers[fresh] = len(columns.coef) + np.arange(np.count_nonzero(fresh))
    more = int(np.count_nonzero(fresh))
    classes = columns.classes.copy()
    classes[touched] = numbers
    coef, boil, growth = _longer(columns.coef, more), _longer(columns.boil, more), columns.growth
    coef[numbers] = rows
    boil[numbers, 1] = 1.0
    boil[numbers, :, skip:-1] = _boil_rows(of_each, np.arange(size))
    if len(growth) > 1:
        growth = _longer(growth, more)
        growth[numbers] = 1.0
        growth[numbers, skip:-1] = of_each["growth"][:size]
    return Columns(classes, coef, boil, growth, skip, columns.shared)


def _longer(rows: NDArray, more: int) -> NDArray:
    return np.concatenate([rows, np.zeros((more, *rows.shape[1:]), rows.dtype)])


def _boil_rows(of_kind: Mapping[str, NDArray[np.float64]], own: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.stack([of_kind["latent"][own] / of_kind["capacity"][own], of_kind["ratio"][own]], axis=1)


def _at_wall(side: str, at: NDArray[np.intp], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Whether the columns `at` (i, j) lie at a side."""
    axis, end = _WALLS[side]
    return at[axis] == end % shape[axis]


def _rows(
    grid: Grid,
    contacts: Mapping[str, Contact],
    reference: float,
    at: NDArray[np.intp],
    own: Mapping[str, NDArray[np.float64]],
    ahead: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> tuple[NDArray[np.float64], int]:
    """Return the coefficients of the columns `at` (i, j), and how many cells lie before the tissue's first.

    `own` are their properties, `ahead` the conductivities of the next in x and in y, of those that have one.
    """
    nx, ny, nz = box(grid)
    step_x, step_y, area_x, area_z = _geometry(grid)
    (at_i, at_j), dz = at, grid.spacings[-1]
    column = area_z[at_i, at_j][:, None]  # [m²] cross-section of each column
    k, volume = own["conductivity"], column * dz
    surface = contacts.get("top", Insulated())
    plate = plate_widths(surface, float(dz[0])) if isinstance(surface, ContactPlate) else None
    skip = 1 + (0 if plate is None else plate.size)
    rows, tissue = np.zeros((at.shape[1], 7, skip + nz + 1)), slice(skip, skip + nz)

    rows[:, INV, tissue] = 1.0 / (own["capacity"] * volume)
    rows[:, PERF, tissue] = own["exchange"] * volume
    rows[:, GZ, skip : skip + nz - 1] = column * face_conductance(k[:, :-1], dz[:-1], k[:, 1:], dz[1:])
    for name, there, step, area, index, count in (
        (GX, ahead[0], step_x, area_x[at_i, at_j], at_i, nx),
        (GY, ahead[1], step_y, step_x[at_i], at_j, ny),
    ):
        inner = index < count - 1
        if np.any(inner):
            here = index[inner]
            rows[inner, name, tissue] = (area[inner, None] * dz) * face_conductance(
                k[inner], step[here, None], there, step[here + 1, None]
            )
    for side in _WALLS:
        if isinstance(contacts.get(side, Insulated()), Insulated):
            continue
        on = _at_wall(side, at, (nx, ny))
        along, wide = (step_x, area_x) if side in ("left", "right", "side") else (step_y, None)
        index = at_i if wide is not None else at_j
        area = (wide[at_i, at_j] if wide is not None else step_x[at_i])[on, None] * dz
        hold(rows, on, tissue, area, k[on], along[index[on], None], contacts[side], reference, side)
    everywhere = np.ones(at.shape[1], dtype=bool)
    if plate is not None:
        assert isinstance(surface, ContactPlate)
        lay_plate(rows, plate, surface, column, k[:, :1], dz[0], reference)
    elif not isinstance(surface, Insulated):
        hold(rows, everywhere, slice(skip, skip + 1), column, k[:, :1], dz[0], surface, reference, "top")
    beneath = contacts.get("bottom", Insulated())
    if not isinstance(beneath, Insulated):
        deepest = slice(skip + nz - 1, skip + nz)
        hold(rows, everywhere, deepest, column, k[:, -1:], dz[-1], beneath, reference, "bottom")
    return rows, skip


def _geometry(grid: Grid) -> tuple[NDArray, NDArray, NDArray, NDArray]:
    """Widths along x and y, area per depth of the face towards the next (or last) x, and the column's cross-section."""
    if grid.kind == "axisymmetric":
        edges = grid.edges[0]
        rings = pi * np.diff(edges**2)
        return grid.spacings[0], np.ones(1), (2.0 * pi * edges[1:])[:, None], rings[:, None]
    dx, dy, _ = grid.spacings
    return dx, dy, np.broadcast_to(dy[None, :], (dx.size, dy.size)), dx[:, None] * dy[None, :]


def cross_sections(grid: Grid) -> NDArray[np.float64]:
    """Return the area [m²] of each column across z, (nx, ny)."""
    return _geometry(grid)[3]


def _alike_widths(widths: NDArray[np.float64], distinct: bool) -> NDArray[np.intp]:
    """Number the places whose own and next widths agree (to rounding of their edges); all `distinct` on rings."""
    if distinct or widths.size == 1:
        return np.arange(widths.size)
    rounded = np.round(widths / widths.max(), 9)
    pairs = np.stack([rounded, np.append(rounded[1:], 0.0)], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
