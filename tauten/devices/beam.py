"""The shape of a light beam where it meets the skin; normal incidence, spread by `divergence`."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from tauten.errors import InputError

__all__ = ["Beam", "Flat", "Gaussian", "Pencil", "Rectangle"]


@dataclass(frozen=True, slots=True)
class _Shaped:
    """What all beams check: sizes positive, divergence a half-angle under 90°."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "divergence":
                if not 0.0 <= value < math.pi / 2:
                    raise InputError(
                        "is no half-angle", key="beam.divergence", value=value, allowed="0 to π/2", unit="rad"
                    )
            elif not (math.isfinite(value) and value > 0.0):
                raise InputError("is not positive", key=f"beam.{field.name}", value=value, allowed="above 0", unit="m")


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
