"""What conducts: admittivity of every cell, along the skin and through its upper and lower half."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.checks import number
from tauten.errors import InputError
from tauten.solvers.electric.cells import Cells

__all__ = ["Layered", "Matter", "matter_of"]

Values = NDArray[Any]
_REMEDY = "Conductivity and permittivity are both 0 or more in tissue, and not both 0."


@dataclass(frozen=True, eq=False)
class Layered:
    """Plane layers: `thicknesses` [m] from the surface down, the last may be infinite; `values` [S/m] of admittivity.

    A layer need not end on a face of a cell: along the skin a cell conducts as its layers side by side, through it as
    each half's layers in series.
    """

    thicknesses: Sequence[float]
    values: Sequence[complex]

    def __post_init__(self) -> None:
        thick = tuple(
            number(t, "admittivity.thicknesses", 0.0, unit="m", open_low=True, endless=True)
            for t in np.atleast_1d(np.asarray(self.thicknesses, dtype=object))
        )
        values = _numbers(self.values).ravel()
        if len(thick) != values.size:
            raise InputError(
                "needs one value a layer", key="admittivity.values", value=values.size, allowed=str(len(thick))
            )
        _check(values)
        object.__setattr__(self, "thicknesses", thick)
        object.__setattr__(self, "values", tuple(values.tolist()))


@dataclass(frozen=True, eq=False)
class Matter:
    """Admittivity [S/m] `along` the skin, and of the `upper` and `lower` half of each cell through it.

    Three arrays that broadcast to the cells' shape; the same array where a cell holds one tissue.
    """

    along: Values
    upper: Values
    lower: Values

    @property
    def complex(self) -> bool:
        """Whether any of it is a capacitor."""
        return np.iscomplexobj(self.along)

    def at(self, cells: NDArray[np.int64], half: NDArray[np.int8], shape: tuple[int, ...]) -> Values:
        """Return the admittivity of `cells` [flat index]: `half` 0 along the skin, 1 the upper half, 2 the lower."""
        where = np.unravel_index(cells, shape)

        def pick(values: Values) -> Values:
            return values[tuple(np.where(n > 1, w, 0) for n, w in zip(values.shape, where, strict=True))]

        return np.choose(half, [pick(self.along), pick(self.upper), pick(self.lower)])


def matter_of(admittivity: ArrayLike | Layered, cells: Cells) -> Matter:
    """Return what conducts in the cells; raises `InputError` for a wrong shape, nothing, NaN or a negative part."""
    if isinstance(admittivity, Layered):
        return _layered(admittivity, cells)
    values = _numbers(admittivity)
    if values.ndim != 0 and values.shape != cells.grid.shape:
        raise InputError("does not fit its grid", key="admittivity", value=values.shape, allowed=str(cells.grid.shape))
    _check(values)
    filled = (
        np.broadcast_to(values, (1, 1, cells.shape[2])).copy()
        if values.ndim == 0
        else np.ascontiguousarray(values).reshape(cells.shape)
    )
    return Matter(filled, filled, filled)


def _layered(layers: Layered, cells: Cells) -> Matter:
    edges = cells.grid.edges[-1]
    middle = cells.grid.centres[-1]
    if edges[0] < -1e-9 * (edges[-1] - edges[0]):
        raise InputError(
            "begins above the skin's surface", key="grid.edges.z", value=f"{edges[0]:g}", allowed="0 or more", unit="m",
            remedy="Layers count from depth 0; give an array instead.",
        )  # fmt: skip
    bounds = np.concatenate([[0.0], np.cumsum(layers.thicknesses)])
    if bounds[-1] < edges[-1] * (1 - 1e-12):
        raise InputError(
            "ends above the grid's bottom", key="admittivity.thicknesses", value=f"{bounds[-1]:g}",
            allowed=f"{edges[-1]:g} or more in all", unit="m", remedy="Make the last layer infinite.",
        )  # fmt: skip
    bounds[-1] = np.inf
    values = np.array(layers.values)

    def shares(low: NDArray[Any], high: NDArray[Any]) -> Values:
        inside = np.minimum(high[:, None], bounds[None, 1:]) - np.maximum(low[:, None], bounds[None, :-1])
        return np.clip(inside, 0.0, None) / (high - low)[:, None]

    along = shares(edges[:-1], edges[1:]) @ values
    upper = 1.0 / (shares(edges[:-1], middle) @ (1.0 / values))
    lower = 1.0 / (shares(middle, edges[1:]) @ (1.0 / values))
    return Matter(*(np.ascontiguousarray(v).reshape(1, 1, -1) for v in (along, upper, lower)))


def _numbers(given: object) -> Values:
    try:
        values = np.asarray(given)
        if values.dtype.kind in "iufc":
            return values.astype(np.complex128 if values.dtype.kind == "c" else np.float64, copy=False)
    except ValueError:
        pass
    raise InputError("is not a number or an array of numbers", key="admittivity", value=repr(given)[:80], unit="S/m")


def _check(values: Values) -> None:
    real, imaginary = values.real, values.imag
    good = np.isfinite(real) & np.isfinite(imaginary) & (real >= 0.0) & (imaginary >= 0.0) & (values != 0.0)
    if not np.all(good):
        worst = values[~good].ravel()[0]
        raise InputError(
            "does not conduct as tissue can", key="admittivity", value=f"{worst:.6g}", allowed="above 0", unit="S/m",
            remedy=_REMEDY,
        )  # fmt: skip
