"""The colours of a source: sampled wavelengths and the share of the energy each carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError

__all__ = ["Spectrum"]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Wavelengths [m], rising, and their share of the energy (normalised to sum 1), each of shape (n,)."""

    wavelengths: NDArray[np.float64]
    weights: NDArray[np.float64]

    def __post_init__(self) -> None:
        wavelengths, weights = (_numbers(f"spectrum.{f}", getattr(self, f)) for f in ("wavelengths", "weights"))
        if not wavelengths.size:
            raise InputError("is empty", key="spectrum.wavelengths", allowed="one wavelength or more", unit="m")
        if wavelengths.shape != weights.shape or wavelengths.ndim != 1:
            allowed = f"{wavelengths.size}, one for each wavelength"
            raise InputError(
                "do not match the wavelengths", key="spectrum.weights", value=weights.size, allowed=allowed
            )
        if np.any(np.diff(wavelengths) <= 0) or wavelengths[0] <= 0 or not np.all(np.isfinite(wavelengths)):
            raise InputError("is not a rising list of finite wavelengths", key="spectrum.wavelengths", unit="m")
        if np.any(weights < 0) or not np.all(np.isfinite(weights)) or not np.any(weights > 0):
            raise InputError("has negative, missing or only zero weights", key="spectrum.weights", allowed="0 or more")
        with np.errstate(over="ignore"):
            whole = weights.sum()
        if not np.isfinite(whole):
            raise InputError("add up to more than a number holds", key="spectrum.weights", allowed="a finite sum")
        for name, values in (("wavelengths", wavelengths), ("weights", weights / whole)):
            values.setflags(write=False)
            object.__setattr__(self, name, values)

    @classmethod
    def line(cls, wavelength: float) -> Spectrum:
        """Return a single wavelength [m], as a laser has."""
        return cls(np.array([wavelength]), np.array([1.0]))

    def mean(self, values: ArrayLike) -> float:
        """Return the energy-weighted mean of `values`, one per wavelength."""
        return float(np.dot(np.asarray(values, dtype=np.float64), self.weights))


def _numbers(key: str, given: ArrayLike) -> NDArray[np.float64]:
    try:
        return np.atleast_1d(np.array(given, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError("is not a list of numbers", key=key, value=repr(given)) from None
