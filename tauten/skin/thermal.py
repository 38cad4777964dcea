"""What heat finds in each layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Thermal"]


@dataclass(frozen=True, eq=False)
class Thermal:
    """Thermal properties per cell, or per label when `labels` (integers of the grid's shape) says which is which.

    `conductivity` [W/m/K], `density` [kg/m³], `specific_heat` [J/kg/K], `perfusion` [1/s] (volume of blood per volume
    of tissue and second at the arterial temperature), `water` (mass fraction that can boil off at 100 °C), and
    `perfusion_rise`, how many times perfusion has grown at 45 °C (1 leaves it constant; Gaussian rise after Lang 1999).
    `blood_heat_capacity` is the volumetric one [J/m³/K] and `arterial` the temperature blood arrives at [K].
    After drying: `dry_conductivity`, `dry_density`, `dry_specific_heat` (None keeps the wet value of each).
    A scalar holds everywhere.
    """

    conductivity: ArrayLike
    density: ArrayLike
    specific_heat: ArrayLike
    perfusion: ArrayLike = 0.0
    water: ArrayLike = 0.0
    perfusion_rise: ArrayLike = 1.0
    labels: NDArray[np.integer] | None = None
    blood_heat_capacity: float | None = None
    arterial: float = 310.15
    dry_conductivity: ArrayLike | None = None
    dry_density: ArrayLike | None = None
    dry_specific_heat: ArrayLike | None = None
