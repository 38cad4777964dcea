"""Light to heat: the first moment of a pulse, before anything has spread, against energy over heat capacity."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tauten.devices.beam import Pencil
from tauten.grid import Field, Grid
from tauten.skin.optics import Optics
from tauten.skin.thermal import Thermal
from tauten.solvers import conduction, convolve, photons
from tauten.solvers.state import Deposition
from tauten.validation.case import Check, Claim

__all__ = ["CLAIMS"]

SOURCE = "three-layer skin of the light benchmark (Numba and pmcxcl agree within 0.5 %), energy over ρc = 3.76e6 J/m³/K"
HEAT_CAPACITY = 3.76e6
FLUENCE = 1.0e4
INSTANT = 1.0e-6

# Layer thickness [m]; absorption and scattering [1/m] of epidermis, dermis, fat; expected rise [K per J/cm²].
THICKNESSES = (0.1e-3, 1.5e-3, 5.0e-3)
SKINS = {
    1320: ((180.0, 120.0, 25.0), (11600.0, 11600.0, 9600.0), {"epidermis": 1.451, "dermis": 0.813}),
    1064: ((150.0, 20.0, 12.0), (15700.0, 15700.0, 11100.0), {"epidermis": 1.898, "dermis": 0.232}),
}


def adiabatic_rise() -> Iterator[Check]:
    """Trace a wide beam into the skin, step the heat over a microsecond, and read each layer's mean rise."""
    for wavelength, (absorption, scattering, expected) in SKINS.items():
        layers = [
            Optics(thickness, a, s, 0.9, 1.4)
            for thickness, a, s in zip(THICKNESSES, absorption, scattering, strict=True)
        ]
        depth = np.concatenate([np.linspace(0.0, 0.1e-3, 5), np.linspace(0.15e-3, 6.6e-3, 130)])
        column = Grid((np.array([0.0, 1.0]), depth), "axisymmetric")
        rings = Grid((np.linspace(0.0, 30e-3, 61), depth), "axisymmetric")
        tally = photons.trace(layers, Pencil(), photons=400_000, seed=7, below=1.4, grid=rings)
        density, _ = convolve.wide(tally)
        heat = Field(density[None, :] * FLUENCE / INSTANT, column, "W/m3")
        medium = Thermal(
            conductivity=0.37, density=1109.0, specific_heat=HEAT_CAPACITY / 1109.0, blood_heat_capacity=3.8e6
        )
        state = conduction.evolve(column, medium, Deposition(heat, 0.0, INSTANT), times=[INSTANT])[0]
        for name, top, bottom in (("epidermis", 0.0, 0.1e-3), ("dermis", 0.1e-3, 1.6e-3)):
            inside = (column.centres[1] > top) & (column.centres[1] < bottom)
            rise = float(np.average(state.rise[0, inside], weights=column.spacings[1][inside]))
            yield Check(
                f"{name}, {wavelength} nm, rise per J/cm²",
                rise,
                expected[name],
                0.01 * expected[name],
                "K",
                SOURCE,
                "1 %: the sum of both Monte Carlo errors and of the index-matched floor",
            )


CLAIMS = (Claim("chain.adiabatic_rise", adiabatic_rise, seconds=12.0),)
