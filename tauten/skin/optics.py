"""What light finds in each layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Optics"]

Values = float | NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Optics:
    """One plane layer as light sees it. Each value is a float, or an array over the wavelengths of a `Spectrum`.

    `thickness` [m] (the last layer may be infinite), `absorption` and `scattering` [1/m], `anisotropy` g in [-1, 1]
    and refractive `index`. Scattering here is the full coefficient; `reduced_scattering` is scattering·(1 - g).
    """

    thickness: float
    absorption: Values
    scattering: Values
    anisotropy: Values = 0.0
    index: Values = 1.4

    @property
    def reduced_scattering(self) -> Values:
        """Reduced scattering μs' = μs(1 - g) [1/m]."""
        return self.scattering * (1.0 - np.asarray(self.anisotropy))
