"""One published number or exact solution, what Tauten computes for it, and how far apart they may be."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["Check", "Claim"]


@dataclass(frozen=True, slots=True)
class Check:
    """One number in `unit`, compared where it has a `tolerance`: it passes when |value - expected| <= tolerance.

    `source` says where the expected number stands, `note` what a reader must know beside it. Without a tolerance a
    number is only told (beside an `expected` one, if there is any), and passes unless it is none.
    """

    name: str
    value: float
    expected: float | None
    tolerance: float | None
    unit: str
    source: str
    note: str = ""

    @property
    def compared(self) -> bool:
        """Whether the value is held to anything."""
        return self.expected is not None and self.tolerance is not None

    @property
    def passes(self) -> bool:
        """Whether the value lies within the tolerance, if it has one (never for NaN)."""
        if self.expected is None or self.tolerance is None:
            return math.isfinite(self.value)
        return abs(self.value - self.expected) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Claim:
    """A named set of checks from one source; `run` computes them. `seconds` says roughly how long it takes."""

    name: str
    run: Callable[[], Iterable[Check]]
    seconds: float = 1.0
