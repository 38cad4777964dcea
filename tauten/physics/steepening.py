"""How a strong wave steepens: the crest runs ahead of the trough, and harmonics grow on the way."""

from __future__ import annotations

import math

from tauten.references import law

__all__ = ["distortion_rate", "steepening_rate"]


@law(cite="hamilton_blackstock_1998")
def distortion_rate(pressure, frequency, nonlinearity, density, speed):
    """How fast a wave of peak `pressure` p [Pa] nears its shock: β ω p / ρc³, the inverse of its shock distance. [1/m]

    `frequency` [Hz], `nonlinearity` β = 1 + B/2A, `density` ρ [kg/m³], `speed` c [m/s].

    >>> round(1.0 / distortion_rate(1e6, 7e6, 3.5, 1000.0, 1500.0) * 1e3, 3)   # 1 MPa in water, in mm
    21.924
    """
    return 2.0 * math.pi * frequency * nonlinearity * pressure / (density * speed**3)


@law(cite="hamilton_blackstock_1998")
def steepening_rate(harmonic, frequency, nonlinearity, density, speed):
    """What harmonic n gains from a product of two others on the way, n ω β / 4ρc³. [1/(m Pa)]

    From Burgers' equation without loss, ∂p/∂z = (β/ρc³) p ∂p/∂τ, put on p = Re Σ Pₙ exp(inωt):
    ∂Pₙ/∂z = i (nωβ/4ρc³) (Σ_{l<n} P_l P_{n-l} + 2 Σ_{l>n} P_l P*_{l-n}). Every pair takes from some harmonics what it
    gives to others: Σ|Pₙ|² stays.

    >>> round(steepening_rate(2, 7e6, 3.5, 1000.0, 1500.0) * 1e6, 4)   # 1/m for each MPa
    22.8056
    """
    return 0.25 * harmonic * distortion_rate(1.0, frequency, nonlinearity, density, speed)
