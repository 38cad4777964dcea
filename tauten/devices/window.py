"""The sapphire window between lamp or laser and skin: how it bends light."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import OutsideValidity
from tauten.facts import Facts, load
from tauten.references import law

__all__ = ["sapphire_index"]

_VALID = (0.20e-6, 5.0e-6)


@law(cite="malitson_dodge_1972", valid={"wavelength": _VALID})
def sapphire_index(wavelength: ArrayLike, facts: Facts | None = None) -> NDArray[np.float64]:
    """Refractive index of sapphire, ordinary ray at 20 °C, in the shape of `wavelength` [m].

    n² = 1 + Σ Bᵢ λ² / (λ² - Cᵢ²), three terms with strengths Bᵢ and resonances Cᵢ [m] from the rows
    `devices/window/sapphire.*`; 0.20-5.0 µm (Malitson & Dodge 1972). Raises `OutsideValidity` beyond.

    >>> sapphire_index([1064e-9, 1320e-9, 1540e-9]).round(4).tolist()
    [1.7545, 1.7501, 1.7464]
    """
    rows = (facts or load()).under("devices/window/sapphire")
    square = np.asarray(wavelength, dtype=np.float64) ** 2
    if not np.all((square >= _VALID[0] ** 2) & (square <= _VALID[1] ** 2)):
        raise OutsideValidity("devices.window.sapphire_index: wavelength is outside 0.20 to 5.0 um")
    total = np.ones_like(square)
    for term in "123":
        total = total + rows[f"strength_{term}"].si * square / (square - rows[f"resonance_{term}"].si ** 2)
    return np.sqrt(total)
