"""One published number or exact solution, what Tauten computes for it, and how far apart they may be."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

__all__ = ["Check", "Claim"]


@dataclass(frozen=True, slots=True)
class Check:
    """One compared number, in `unit`; passes when |value - expected| <= tolerance. `source` says where it stands."""

    name: str
    value: float
    expected: float
    tolerance: float
    unit: str
    source: str
    note: str = ""

    @property
    def passes(self) -> bool:
        """Whether the value lies within the tolerance (never for NaN)."""
        return abs(self.value - self.expected) <= self.tolerance


@dataclass(frozen=True, slots=True)
class Claim:
    """A named set of checks from one source; `run` computes them. `seconds` says roughly how long it takes."""

    name: str
    run: Callable[[], Iterable[Check]]
    seconds: float = 1.0
