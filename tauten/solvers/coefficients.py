"""From properties to rows: the heat solver's coefficients, one class for all columns that are alike.

A column is alike another when its own properties, those of its next neighbours in x and y, its widths and its side
contacts are the same: a layered skin has one class, 37 needles in three layers some thirty. Nothing is approximated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, pi

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import Contact, ContactPlate, Convective, Fixed, Insulated, Spray
from tauten.errors import InputError
from tauten.grid import Grid, graded_edges
from tauten.physics.bioheat import face_conductance
from tauten.skin.thermal import Thermal
from tauten.solvers.properties import box, numbered, properties_of, representatives
from tauten.solvers.rows import GAIN, GX, GY, GZ, INV, LOSS, PERF

__all__ = ["SIDES", "Columns", "assemble", "cross_sections", "plate_widths"]

SIDES = {"axisymmetric": ("top", "bottom", "side"), "cartesian": ("top", "bottom", "left", "right", "front", "back")}
"""Names of the sides that take a contact; left and right end the x axis, front and back the y axis."""

_FELT = 1000.0  # [s] a half-space is cut where nothing has arrived after this time
_GROWTH = 1.3  # of the plate's cells away from the skin
_TISSUE = 1e-7  # [m²/s] diffusivity of tissue, near enough to size the plate's cells


@dataclass(frozen=True, eq=False)
class Columns:
    """Coefficient rows by class (see `rows`), the class of each column, and `skip`, cells before the tissue's first.

    `boil[class]` holds λ [K], the latent heat of all water over the moist ρ c, and moist over dry ρ c; `growth` the
    perfusion factor at its peak. Each is one row of zeros where the medium has none.
    """

    classes: NDArray[np.int32]
    coef: NDArray[np.floating]
    boil: NDArray[np.floating]
    growth: NDArray[np.floating]
    skip: int


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
    step_x, step_y, area_x, area_z = _geometry(grid)
    geometry_x, geometry_y = _alike_widths(step_x, grid.kind == "axisymmetric"), _alike_widths(step_y, False)
    none = int(kinds.max()) + 1
    next_x = np.concatenate([kinds[1:], np.full((1, ny), none)])
    next_y = np.concatenate([kinds[:, 1:], np.full((nx, 1), none)], axis=1)
    walls = {
        "left": (0, None),
        "right": (nx - 1, None),
        "side": (nx - 1, None),
        "front": (None, 0),
        "back": (None, ny - 1),
    }
    codes = [kinds, next_x, next_y, geometry_x[:, None] + 0 * kinds, geometry_y[None, :] + 0 * kinds]
    flags = {}
    for side, (i, j) in walls.items():
        if not isinstance(contacts.get(side, Insulated()), Insulated):
            flag = np.zeros((nx, ny), dtype=np.intp)
            flag[slice(None) if i is None else i, slice(None) if j is None else j] = 1
            flags[side] = flag
            codes.append(flag)
    classes = numbered(codes)
    at_i, at_j = representatives(classes)
    own, beside, behind = kinds[at_i, at_j], next_x[at_i, at_j], next_y[at_i, at_j]

    dz = grid.spacings[-1]
    column = area_z[at_i, at_j][:, None]  # [m²] cross-section of each class's column
    k, capacity = of_kind["conductivity"][own], of_kind["capacity"][own]
    volume = column * dz
    surface = contacts.get("top", Insulated())
    plate = plate_widths(surface, float(dz[0])) if isinstance(surface, ContactPlate) else None
    skip = 1 + (0 if plate is None else plate.size)
    coef = np.zeros((len(own) + 1, 7, skip + nz + 1))
    rows, tissue = coef[1:], slice(skip, skip + nz)

    rows[:, INV, tissue] = 1.0 / (capacity * volume)
    rows[:, PERF, tissue] = of_kind["exchange"][own] * volume
    rows[:, GZ, skip : skip + nz - 1] = column * face_conductance(k[:, :-1], dz[:-1], k[:, 1:], dz[1:])
    for name, neighbour, step, area, index in (
        (GX, beside, step_x, area_x[at_i, at_j], at_i),
        (GY, behind, step_y, step_x[at_i], at_j),
    ):
        inner = neighbour < none
        if np.any(inner):
            there, here = of_kind["conductivity"][neighbour[inner]], index[inner]
            rows[inner, name, tissue] = (area[inner, None] * dz) * face_conductance(
                k[inner], step[here, None], there, step[here + 1, None]
            )
    for side, flag in flags.items():
        on = flag[at_i, at_j] == 1
        along, wide = (step_x, area_x) if side in ("left", "right", "side") else (step_y, None)
        index = at_i if wide is not None else at_j
        area = (wide[at_i, at_j] if wide is not None else step_x[at_i])[on, None] * dz
        _hold(rows, on, tissue, area, k[on], along[index[on], None], contacts[side], reference, side)
    everywhere = np.ones(len(own), dtype=bool)
    if plate is not None:
        assert isinstance(surface, ContactPlate)
        _lay_plate(rows, plate, surface, column, k[:, :1], dz[0], reference)
    elif not isinstance(surface, Insulated):
        _hold(rows, everywhere, slice(skip, skip + 1), column, k[:, :1], dz[0], surface, reference, "top")
    beneath = contacts.get("bottom", Insulated())
    if not isinstance(beneath, Insulated):
        deepest = slice(skip + nz - 1, skip + nz)
        _hold(rows, everywhere, deepest, column, k[:, -1:], dz[-1], beneath, reference, "bottom")

    boil = growth = np.zeros((1, 2, skip + nz + 1), dtype=dtype)
    if np.any(of_kind["latent"] > 0.0):
        boil = np.zeros((len(own) + 1, 2, skip + nz + 1), dtype=dtype)
        boil[:, 1] = 1.0  # a plate's cells hold no water; their ratio still divides
        boil[1:, 0, tissue] = of_kind["latent"][own] / capacity
        boil[1:, 1, tissue] = of_kind["ratio"][own]
    growth = growth[:, 0]
    if np.any((of_kind["growth"] != 1.0) & (of_kind["exchange"] > 0.0)):
        growth = np.ones((len(own) + 1, skip + nz + 1), dtype=dtype)
        growth[1:, tissue] = of_kind["growth"][own]
    return Columns((classes + 1).astype(np.int32), coef.astype(dtype), boil, growth, skip)


def plate_widths(plate: ContactPlate, first: float) -> NDArray[np.float64]:
    """Return the widths [m] of the plate's cells, outermost first, above tissue whose `first` cell [m] is given.

    The cell on the skin is as wide as heat spreads in the plate while it crosses that first cell: both sides are
    resolved alike, and a window that conducts like metal asks for no shorter step than the skin does. Raises
    `InputError` for a plate whose properties are not positive.
    """
    for name in ("conductivity", "density", "specific_heat", "thickness"):
        if not getattr(plate, name) > 0.0:
            raise InputError("is not positive", key=f"boundaries.top.{name}", value=getattr(plate, name))
    own = plate.conductivity / (plate.density * plate.specific_heat)  # type: ignore[operator]
    depth = 6.0 * (own * _FELT) ** 0.5 if plate.thickness == inf else float(plate.thickness)  # type: ignore[arg-type]
    nearest = min(first * (own / _TISSUE) ** 0.5, depth / 4.0)
    return np.diff(graded_edges([0.0, depth], nearest, inf, _GROWTH))[::-1]


def _lay_plate(
    rows: NDArray[np.float64],
    widths: NDArray[np.float64],
    plate: ContactPlate,
    column: NDArray[np.float64],
    conductivity: NDArray[np.float64],
    first: float,
    reference: float,
) -> None:
    own, count = float(plate.conductivity), widths.size  # type: ignore[arg-type]
    rows[:, INV, 1 : count + 1] = 1.0 / (plate.density * plate.specific_heat * column * widths)  # type: ignore[operator]
    rows[:, GZ, 1:count] = column * face_conductance(own, widths[:-1], own, widths[1:])
    rows[:, GZ, count : count + 1] = column * face_conductance(own, widths[-1], conductivity, first, plate.resistance)
    held = column[:, 0] * own / (0.5 * widths[0])
    rows[:, LOSS, 1] += held
    rows[:, GAIN, 1] += held * (plate.temperature - reference)


def _hold(rows, on, cells, area, conductivity, width, contact, reference, side) -> None:  # type: ignore[no-untyped-def]
    """Add a contact to the cells it touches: conductance over half a cell and the film, towards its temperature."""
    half = 0.5 * width / conductivity
    if isinstance(contact, Fixed):
        conductance, temperature = area / half, contact.temperature
    elif isinstance(contact, Convective):
        conductance, temperature = area * contact.coefficient / (1.0 + contact.coefficient * half), contact.temperature
    elif isinstance(contact, Spray):
        conductance, temperature = (
            area * contact.coefficient / (1.0 + contact.coefficient * half),
            contact.film_temperature,
        )
    else:
        raise InputError(
            "cannot lie on this side", key=f"boundaries.{side}", value=type(contact).__name__, allowed="top only"
        )
    index = np.flatnonzero(on)
    rows[index, LOSS, cells] += conductance
    rows[index, GAIN, cells] += conductance * (temperature - reference)


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
    if distinct:
        return np.arange(widths.size)
    rounded = np.round(widths / widths.max(), 9)
    pairs = np.stack([rounded, np.append(rounded[1:], 0.0)], axis=1)
    return np.unique(pairs, axis=0, return_inverse=True)[1].reshape(-1)
