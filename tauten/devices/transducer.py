"""What sends the sound: a spherical bowl, a ring of one, or a flat piston. The apex is at z = 0 on the axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tauten.checks import number
from tauten.errors import InputError
from tauten.facts import load

__all__ = ["Bowl", "Piston", "Ring", "Transducer"]


@dataclass(frozen=True, slots=True)
class Bowl:
    """A spherical bowl of curvature `radius` [m] that moves with one velocity all over, at `frequency` [Hz].

    `aperture_radius` [m] is that of its rim. Raises `InputError` for an aperture wider than the sphere, and a frequency
    outside the row `devices/transducer/frequency.allowed`.
    """

    radius: float
    aperture_radius: float
    frequency: float

    def __post_init__(self) -> None:
        number(self.radius, "transducer.radius", 0.0, unit="m", open_low=True)
        number(self.aperture_radius, "transducer.aperture_radius", 0.0, unit="m", open_low=True)
        _check_frequency(self.frequency)
        if self.aperture_radius > self.radius:
            raise InputError(
                "is wider than the sphere it is cut from",
                key="transducer.aperture_radius",
                value=f"{self.aperture_radius:g}",
                allowed=f"up to {self.radius:g}",
                unit="m",
                remedy="An aperture is at most twice the radius of curvature across.",
            )

    @property
    def hole(self) -> float:
        """Radius [m] of the part at the apex that sends nothing."""
        return 0.0

    @property
    def depth(self) -> float:
        """How far the rim lies in front of the apex [m]: h = R - √(R² - a²)."""
        return self.sagitta(self.aperture_radius)

    @property
    def area(self) -> float:
        """Curved area that moves [m²]: 2πR h."""
        return 2.0 * math.pi * self.radius * self.depth

    @property
    def focus(self) -> float:
        """Depth of the geometric focus below the apex [m]."""
        return self.radius

    def sagitta(self, radius: float) -> float:
        """How far the surface at `radius` [m] from the axis lies in front of the apex [m]: r²/(R + √(R² - r²)).

        Equal to R - √(R² - r²), which loses every digit where the radius of curvature is large.
        """
        return radius / (self.radius + math.sqrt((self.radius - radius) * (self.radius + radius))) * radius


@dataclass(frozen=True, slots=True)
class Ring:
    """A bowl with a round hole of `inner_radius` [m] at its apex, where the imaging array looks through."""

    radius: float
    inner_radius: float
    aperture_radius: float
    frequency: float

    def __post_init__(self) -> None:
        whole = Bowl(self.radius, self.aperture_radius, self.frequency)
        number(
            self.inner_radius, "transducer.inner_radius", 0.0, math.nextafter(whole.aperture_radius, 0.0), "m",
            problem="leaves nothing that sends",
        )  # fmt: skip

    @property
    def bowl(self) -> Bowl:
        """The bowl without its hole."""
        return Bowl(self.radius, self.aperture_radius, self.frequency)

    @property
    def hole(self) -> float:
        """Radius [m] of the part at the apex that sends nothing."""
        return self.inner_radius

    @property
    def depth(self) -> float:
        """How far the rim lies in front of the apex [m]."""
        return self.bowl.depth

    @property
    def area(self) -> float:
        """Curved area that moves [m²]."""
        return (
            self.bowl.area - Bowl(self.radius, self.inner_radius, self.frequency).area
            if self.hole
            else (self.bowl.area)
        )

    @property
    def focus(self) -> float:
        """Depth of the geometric focus below the apex [m]."""
        return self.radius

    def sagitta(self, radius: float) -> float:
        """How far the surface at `radius` [m] from the axis lies in front of the apex [m]."""
        return self.bowl.sagitta(radius)


@dataclass(frozen=True, slots=True)
class Piston:
    """A flat disc of `aperture_radius` [m] that moves with one velocity all over, at `frequency` [Hz]."""

    aperture_radius: float
    frequency: float

    def __post_init__(self) -> None:
        number(self.aperture_radius, "transducer.aperture_radius", 0.0, unit="m", open_low=True)
        _check_frequency(self.frequency)

    @property
    def hole(self) -> float:
        """Radius [m] of the part at the centre that sends nothing."""
        return 0.0

    @property
    def depth(self) -> float:
        """How far the rim lies in front of the centre [m]."""
        return 0.0

    @property
    def area(self) -> float:
        """Area that moves [m²]."""
        return math.pi * self.aperture_radius**2

    @property
    def focus(self) -> float:
        """Depth of the geometric focus [m]: a flat disc has none."""
        return math.inf

    def sagitta(self, radius: float) -> float:
        """How far the surface at `radius` [m] from the axis lies in front of the centre [m]."""
        return 0.0


def _check_frequency(frequency: float) -> None:
    row = load()["devices/transducer/frequency.allowed"]
    number(frequency, "transducer.frequency", row.si_low, row.si_high, "Hz")


Transducer = Bowl | Ring | Piston
"""Every shape that can send."""
