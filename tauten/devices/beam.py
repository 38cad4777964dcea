"""The shape of a light beam where it meets the skin; normal incidence, spread by `divergence`."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from tauten.checks import number

__all__ = ["MOST_ASPECT", "SMALLEST", "WIDEST", "Beam", "Flat", "Gaussian", "Pencil", "Rectangle"]

SMALLEST, WIDEST = 1e-4, 0.3
"""How far across [m] a spot may be: 0.1 to 300 mm. No skin device is beyond, and cells are sized by the spot."""

MOST_ASPECT = 3.0
"""Long over short side up to which a round spot of equal area may stand for a rectangle on its axis."""


@dataclass(frozen=True, slots=True)
class _Shaped:
    """What all beams check: 0.1 to 300 mm across, divergence a half-angle under 90°."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "divergence":
                most = math.nextafter(math.pi / 2, 0.0)
                number(value, "beam.divergence", 0.0, most, "rad", problem="is no half-angle", allowed="0 to below π/2")
            else:
                half = 0.5 if field.name == "radius" else 1.0
                problem = "is no size a spot can have"
                number(value, f"beam.{field.name}", half * SMALLEST, half * WIDEST, "m", problem=problem)


@dataclass(frozen=True, slots=True)
class Pencil(_Shaped):
    """An infinitely thin beam on the axis; `divergence` is the half-angle [rad] of a uniform cone."""

    divergence: float = 0.0

    @property
    def area(self) -> float:
        """A pencil has no area [m²]."""
        return 0.0


@dataclass(frozen=True, slots=True)
class Flat(_Shaped):
    """A round top-hat of `radius` [m]."""

    radius: float
    divergence: float = 0.0

    @property
    def area(self) -> float:
        """Area lit [m²]."""
        return math.pi * self.radius**2


@dataclass(frozen=True, slots=True)
class Gaussian(_Shaped):
    """A Gaussian beam whose irradiance falls to 1/e² at `radius` [m]."""

    radius: float
    divergence: float = 0.0

    @property
    def area(self) -> float:
        """Power over peak irradiance [m²], πr²/2: what turns fluence on the axis into energy."""
        return math.pi * self.radius**2 / 2.0


@dataclass(frozen=True, slots=True)
class Rectangle(_Shaped):
    """A rectangular top-hat, `width` along x and `length` along y [m], centred on the axis."""

    width: float
    length: float
    divergence: float = 0.0

    @property
    def area(self) -> float:
        """Area lit [m²]."""
        return self.width * self.length


Beam = Pencil | Flat | Gaussian | Rectangle
