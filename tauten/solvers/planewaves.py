"""The exact linear field of a transducer through plane layers, as a sum of plane waves."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import j0

from tauten.devices.transducer import Piston, Transducer

__all__ = ["source_spectrum"]


def source_spectrum(
    transducer: Transducer, transverse: ArrayLike, axial: ArrayLike, wavenumber: complex
) -> NDArray[np.complex128]:
    """Return the plane waves A(κ) [m] a transducer sends, at the plane of its rim.

    A surface pressure p₀ = ρcu gives, below the rim at depth h, p(r, z) = p₀ ∫ A(κ) J₀(κr) exp(-i kz (z - h)) κ dκ/kz
    with A(κ) = k ∫ J₀(κr') exp(-i kz (h - z(r'))) dS'/2π over the surface: Weyl's integral put into Rayleigh's, whose
    axis is O'Neil's. `transverse` κ and `axial` kz [1/m] have one shape; `wavenumber` k [1/m] is the first layer's.
    """
    kappa, kz = np.atleast_1d(np.asarray(transverse)), np.atleast_1d(np.asarray(axial, dtype=complex))
    aperture, hole = transducer.aperture_radius, transducer.hole
    turns = abs(wavenumber) * (aperture - hole) / math.pi
    nodes, weights = np.polynomial.legendre.leggauss(int(48 + 4 * turns))
    radius = hole + 0.5 * (aperture - hole) * (nodes + 1.0)
    if isinstance(transducer, Piston):
        slope, sagitta = np.ones_like(radius), np.zeros_like(radius)
    else:
        slope = transducer.radius / np.sqrt(transducer.radius**2 - radius**2)  # dS = 2πr slope dr
        sagitta = radius**2 / (transducer.radius + np.sqrt(transducer.radius**2 - radius**2))
    area = 0.5 * (aperture - hole) * weights * radius * slope
    flight = np.exp(-1j * np.multiply.outer(kz, transducer.depth - sagitta))
    return wavenumber * ((j0(np.multiply.outer(kappa.real, radius)) * flight) @ area)
