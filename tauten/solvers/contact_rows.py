"""What touches a side, as rows of the heat solver: the cells of a plate, the conductance of a film."""

from __future__ import annotations

from math import inf

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import ContactPlate, Convective, Fixed, Spray
from tauten.errors import InputError
from tauten.grid import graded_edges
from tauten.physics.bioheat import face_conductance
from tauten.solvers.rows import GAIN, GZ, INV, LOSS

__all__ = ["hold", "lay_plate", "plate_widths"]

_FELT = 1000.0  # [s] a half-space is cut where nothing has arrived after this time
_GROWTH = 1.3  # of the plate's cells away from the skin
_TISSUE = 1e-7  # [m²/s] diffusivity of tissue, near enough to size the plate's cells


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


def lay_plate(
    rows: NDArray[np.float64],
    widths: NDArray[np.float64],
    plate: ContactPlate,
    column: NDArray[np.float64],
    conductivity: NDArray[np.float64],
    first: float,
    reference: float,
) -> None:
    """Add the plate's cells, `widths` [m], above the tissue's `first` cell [m], and what holds their outermost."""
    own, count = float(plate.conductivity), widths.size  # type: ignore[arg-type]
    rows[:, INV, 1 : count + 1] = 1.0 / (plate.density * plate.specific_heat * column * widths)  # type: ignore[operator]
    rows[:, GZ, 1:count] = column * face_conductance(own, widths[:-1], own, widths[1:])
    rows[:, GZ, count : count + 1] = column * face_conductance(own, widths[-1], conductivity, first, plate.resistance)
    held = column[:, 0] * own / (0.5 * widths[0])
    rows[:, LOSS, 1] += held
    rows[:, GAIN, 1] += held * (plate.temperature - reference)


def hold(rows, on, cells, area, conductivity, width, contact, reference, side) -> None:  # type: ignore[no-untyped-def]
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
