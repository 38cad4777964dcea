"""The reference shot, the same for checks and benchmarks: a bowl, the layers of a face, and what its heat does there.

A bowl of 7 MHz, 15 mm radius and 11 mm aperture in water, its centre of curvature 4.5 mm under skin 1.8 mm and fat
2.2 mm thick on muscle. Acoustic and thermal values are the IT'IS database's (fat is its subcutaneous fat), 1 + B/2A
with B/A 7.9, 10 and 7.2; the skin is insulated and begins at 34 °C; blood is left out, and so is boiling.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from tauten.devices.transducer import Bowl, Transducer
from tauten.grid import Field, Grid
from tauten.solvers import conduction
from tauten.solvers.beams import Acoustics, Sound, radiate
from tauten.solvers.harmonics import March, march
from tauten.solvers.simplices import turned_volume
from tauten.solvers.state import Deposition, TissueState
from tauten.units import celsius

__all__ = [
    "BOWL", "DOSE", "FACE", "GRID", "OMEGA", "SKIN", "STANDOFF", "WATER", "binned", "face", "field", "marched",
    "on_axis", "rise", "shot", "surface_pressure", "warmed", "zone",
]  # fmt: skip

Floats = NDArray[np.floating]

BOWL = Bowl(15e-3, 5.5e-3, 7e6)
STANDOFF = 10.5e-3
WATER = Acoustics(STANDOFF, 1500.0, 1000.0, 0.025, 2.0, 3.5)
SKIN = Acoustics(1.8e-3, 1624.0, 1109.0, 21.158, 1.0, 4.95)
_FAT = Acoustics(2.2e-3, 1440.2, 911.0, 4.36, 1.086, 6.0)
_MUSCLE = Acoustics(math.inf, 1588.4, 1090.0, 7.11, 1.092, 4.6)
FACE = (WATER, SKIN, _FAT, _MUSCLE)
_HEAT = ((0.372, 0.211, 0.495), (1109.0, 911.0, 1090.0), (3391.0, 2348.0, 3421.0))
"""Conductivity [W/m/K], density [kg/m³] and specific heat [J/kg/K] of skin, fat and muscle."""

OMEGA, DOSE = "henriques_moritz_1947", "cem43"
_THRESHOLD = {OMEGA: 1.0, DOSE: 240.0}


def surface_pressure(power: float, transducer: Transducer = BOWL, layer: Acoustics = WATER) -> float:
    """Pressure [Pa] at the surface of a bowl that sends `power` [W]: p₀ = √(2 ρ c power / area).

    >>> round(surface_pressure(3.0) / 1e3, 1)
    302.3
    """
    return math.sqrt(2.0 * layer.density * layer.speed * power / transducer.area)


def _grid() -> Grid:
    across = np.concatenate([np.arange(0.0, 0.8e-3, 2e-5), np.geomspace(0.8e-3, 4e-3, 25)])
    return Grid((across, np.concatenate([np.arange(0.0, 6e-3, 4e-5), np.geomspace(6e-3, 12e-3, 25)])), "axisymmetric")


GRID = _grid()


def binned(found: March, grid: Grid = GRID) -> Floats:
    """Return the heat [W/m³] of a march on `grid`: each ring and cell gives every cell the power of their overlap."""
    rings = np.concatenate([[0.0], np.cumsum(found.areas)]) / math.pi
    power = found.heat * found.areas[:, None] * np.diff(found.edges)
    inside = _overlap(rings, grid.edges[0] ** 2).T @ power @ _overlap(found.edges - STANDOFF, grid.edges[1])
    return np.asarray(inside / grid.volumes)


def _overlap(given: Floats, wanted: Floats) -> Floats:
    """Return the share of every given interval that lies in every wanted one."""
    low, high = np.maximum(given[:-1, None], wanted[None, :-1]), np.minimum(given[1:, None], wanted[None, 1:])
    return np.maximum(high - low, 0.0) / np.diff(given)[:, None]


def warmed(heat: Floats, duration: float, medium: conduction.Thermal, endpoints: tuple[str, ...]) -> TissueState:
    """Return the tissue a second after a shot that began at 34 °C."""
    start = celsius(34.0)
    deposition = Deposition(Field(heat, GRID, "W/m3"), 0.0, duration)
    return conduction.evolve(
        GRID, medium, deposition, times=[duration + 1.0], initial=start, reference=start, endpoints=endpoints
    )[0]


@cache
def face() -> conduction.Thermal:
    """Return what heat finds in skin, fat and muscle."""
    depth = GRID.centres[1]
    labels = np.broadcast_to((depth > 1.8e-3).astype(int) + (depth > 4e-3), GRID.shape).copy()
    return conduction.Thermal(*_HEAT, labels=labels)


def on_axis(values: Floats) -> Floats:
    """Carry values of the first two rings on to the axis: even in r."""
    one, two = GRID.centres[0][:2] ** 2
    return np.asarray((values[0] * two - values[1] * one) / (two - one))


def rise(state: TissueState) -> float:
    """Return the largest rise [K] on the axis."""
    return float(on_axis(state.maximum).max())


def zone(state: TissueState, kinetics: str = OMEGA) -> float:
    """Volume [mm³] in which an integral passes its threshold, read between cells as ln of it."""
    level = np.log(np.maximum(state.integrals[kinetics] / _THRESHOLD[kinetics], 1e-6))
    level = np.concatenate([on_axis(level)[None], level])
    return 1e9 * float(turned_volume(level, np.concatenate([[0.0], GRID.centres[0]]), GRID.centres[1]))


@cache
def field(power: float, harmonics: int | None = None, dispersion: bool = True, skin: Acoustics = SKIN) -> Sound:
    """Return the sound of the reference shot at `power` [W], with other harmonics, dispersion or skin where given."""
    layers = (WATER, skin, _FAT, _MUSCLE)
    return radiate(layers, BOWL, power=power, harmonics=harmonics, dispersion=dispersion)


@cache
def shot(
    power: float, duration: float, harmonics: int | None = None, dispersion: bool = True, skin: Acoustics = SKIN
) -> TissueState:
    """Return the tissue a second after the reference shot at `power` [W] for `duration` [s]."""
    heat = field(power, harmonics, dispersion, skin).on(GRID, STANDOFF).values
    return warmed(np.asarray(heat), duration, face(), (OMEGA, DOSE))


@cache
def _march(power: float, step: float) -> March:
    return march(FACE, BOWL, surface_pressure(power), step=step)


def marched(power: float, duration: float, step: float) -> tuple[March, TissueState]:
    """Return the march alone at `power` [W], its cells `step` times as long, and the tissue after `duration` [s]."""
    found = _march(power, step)
    return found, warmed(binned(found), duration, face(), (OMEGA, DOSE))
