"""What sound finds in each layer."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tauten.checks import number

__all__ = ["Acoustics"]


@dataclass(frozen=True, slots=True)
class Acoustics:
    """One plane layer as sound meets it.

    `thickness` [m] (the last layer may be infinite), `speed` [m/s] at the drive frequency, `density` [kg/m³],
    `attenuation` [Np/m] of the pressure at 1 MHz, rising as frequency to the `exponent`, the coefficient of
    `nonlinearity` β = 1 + B/2A, and `absorbed_fraction`, the share of the attenuation that becomes heat (the rest is
    scattered). Raises `InputError` for a number that is missing, negative or not finite.
    """

    thickness: float
    speed: float
    density: float
    attenuation: float
    exponent: float = 1.0
    nonlinearity: float = 0.0
    absorbed_fraction: float = 1.0

    def __post_init__(self) -> None:
        number(self.thickness, "acoustics.thickness", 0.0, math.inf, "m", open_low=True, endless=True)
        number(self.speed, "acoustics.speed", 0.0, math.inf, "m/s", open_low=True)
        number(self.density, "acoustics.density", 0.0, math.inf, "kg/m3", open_low=True)
        number(self.attenuation, "acoustics.attenuation", 0.0, math.inf, "Np/m at 1 MHz")
        number(self.exponent, "acoustics.exponent", 0.0, 2.0)
        number(self.nonlinearity, "acoustics.nonlinearity", 0.0, math.inf)
        number(self.absorbed_fraction, "acoustics.absorbed_fraction", 0.0, 1.0)
