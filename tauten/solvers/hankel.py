"""The quasi-discrete Hankel transform: one symmetric matrix takes a round field to its plane waves and back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Hankel", "hankel"]


@dataclass(frozen=True, eq=False)
class Hankel:
    """Nodes in radius `r` [m] and in transverse wavenumber `transverse` κ [1/m], and the `matrix` between them.

    A field f(r) that vanishes at `radius` [m] and its transform F(κ) = ∫ f J₀(κr) r dr are held scaled: f/`scale` and
    F (`radius` κ_{N+1})/(`radius`² `scale`), `scale` being |J₁| at the zeros of J₀. Then one matrix, symmetric and its
    own inverse to rounding, goes both ways (Guizar-Sicairos and Gutiérrez-Vega 2004). `matrix` is (N, N).
    `areas` [m²] are those of the rings around the nodes: Σ f areas is 2π ∫ f r dr.
    """

    radius: float
    r: NDArray[np.float64]
    transverse: NDArray[np.float64]
    scale: NDArray[np.float64]
    areas: NDArray[np.float64]
    matrix: NDArray[np.float64]
    span: float
    """Zero of J₀ that follows the last node: `radius` times the largest transverse wavenumber."""

    @property
    def edges(self) -> NDArray[np.float64]:
        """Radii [m] between the rings: the areas one after the other, from the axis."""
        return np.sqrt(np.concatenate([[0.0], np.cumsum(self.areas)]) / np.pi)


@lru_cache(maxsize=4)
def hankel(radius: float, count: int) -> Hankel:
    """Return the transform of fields inside `radius` [m] with `count` nodes; kept, since it depends on nothing else."""
    from scipy.special import j0, j1, jn_zeros  # here: a fresh `tauten --help` need not pay for it

    zeros = jn_zeros(0, count + 1)
    roots, span = zeros[:-1], float(zeros[-1])
    scale = np.abs(j1(roots))
    matrix = 2.0 / span * j0(np.multiply.outer(roots, roots) / span) / np.multiply.outer(scale, scale)
    areas = 4.0 * np.pi * radius**2 / (span * scale) ** 2
    found = Hankel(radius, roots * radius / span, roots / radius, scale, areas, matrix, span)
    for array in (found.r, found.transverse, found.scale, found.areas, found.matrix):
        array.setflags(write=False)
    return found
