"""What `radiate` returns: the sound of one transducer in one stack, and where its power went."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tauten.checks import number
from tauten.devices.transducer import Transducer
from tauten.errors import InputError
from tauten.grid import Grid
from tauten.physics import sound
from tauten.skin.acoustics import Acoustics
from tauten.solvers.spread import Spread, spread

__all__ = ["Sound", "strength"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Sound:
    """Sound on radii `r` and depths `z` [m] below the apex; arrays of shape (r, z).

    `pressure` [Pa] holds the complex amplitude of each harmonic in `kept`, shape (kept, r, z); `heat` [W/m³] is what is
    absorbed of all of them, its time average; `peak_positive` and `peak_negative` (rarefactional) [Pa] are both given
    as positive numbers. `harmonics` says how many were followed. `emitted` [W] is p₀²/2ρc times the curved area; of it
    `absorbed` and `scattered` stayed above the deepest z (over the whole plane, not only where r reaches), `passed`
    went through it and `reflected` came back up through the plane of the rim. The four make `emitted` to 1 % or
    `radiate` raises.
    `absorbed_in` has one share [W] a layer.
    """

    transducer: Transducer
    layers: tuple[Acoustics, ...]
    surface_pressure: float
    harmonics: int
    kept: tuple[int, ...]
    r: Floats
    z: Floats
    pressure: NDArray[np.complex128]
    heat: Floats
    peak_positive: Floats
    peak_negative: Floats
    emitted: float
    absorbed: float
    scattered: float
    passed: float
    reflected: float
    absorbed_in: tuple[float, ...]

    @property
    def power(self) -> float:
        """Acoustic power [W]: another word for `emitted`."""
        return self.emitted

    @property
    def imbalance(self) -> float:
        """How far the four shares miss `emitted`, relative. [1]"""
        return (self.absorbed + self.scattered + self.passed + self.reflected) / self.emitted - 1.0

    @property
    def tops(self) -> Floats:
        """Where each layer begins [m below the apex]; the first at 0."""
        return np.concatenate([[0.0], np.cumsum([layer.thickness for layer in self.layers[:-1]])])

    def harmonic(self, number: int) -> NDArray[np.complex128]:
        """Return the complex amplitude [Pa] of one kept harmonic; raises `InputError` for one that was not kept."""
        if number not in self.kept:
            raise InputError(
                "was not kept", key="harmonic", value=number, allowed=", ".join(map(str, self.kept)),
                remedy="Name it in keep=.",
            )  # fmt: skip
        return self.pressure[self.kept.index(number)]

    def scaled(self, power: float) -> Sound:
        """Return the same linear sound at another `power` [W]; raises `InputError` where harmonics were followed."""
        power = number(power, "power", 0.0, unit="W", open_low=True)
        if self.harmonics != 1:
            raise InputError("does not scale", key="harmonics", value=self.harmonics, allowed="1: a linear field")
        more = power / self.emitted
        root = more**0.5
        peak = self.peak_positive * root  # of a linear field, both ways
        return replace(
            self, surface_pressure=self.surface_pressure * root, pressure=self.pressure * root, heat=self.heat * more,
            peak_positive=peak, peak_negative=peak, emitted=power,
            absorbed=self.absorbed * more, scattered=self.scattered * more, passed=self.passed * more,
            reflected=self.reflected * more, absorbed_in=tuple(a * more for a in self.absorbed_in),
        )  # fmt: skip

    def on(self, grid: Grid, standoff: float, at: tuple[float, float] = (0.0, 0.0)) -> Spread:
        """Return the heat on `grid`, whose depth 0 is the skin's surface, `standoff` [m] below the apex.

        Every cell gets the integral of the field over it: no energy is made or lost, whichever is finer, and what lies
        beyond the grid is named. On a Cartesian grid the axis stands `at` (x, y) [m]. Raises `InputError` for a field
        that does not begin on its axis.
        """
        standoff = number(standoff, "standoff", 0.0, unit="m")
        depths, tops = self.z - standoff, (self.tops - standoff).tolist()
        return spread(self.heat, self.r, depths, tops, [strength(a, self.transducer) for a in self.layers], grid, at)


def strength(layer: Acoustics, transducer: Transducer) -> float:
    """Return the heat of a layer for a pressure of 1 Pa at the drive frequency [W/m³/Pa²]."""
    attenuation = sound.attenuation_at(transducer.frequency, layer.attenuation, layer.exponent)
    return layer.absorbed_fraction * float(sound.heat_of(1.0, attenuation, layer.density, layer.speed))
