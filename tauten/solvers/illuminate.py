"""Light's `deposit`: a pulse on a skin becomes heat on a grid.

The pencil-beam answer depends on skin, spectrum and window only, so it is traced once and kept; fluence, duration,
spot and cooling reuse it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from tauten.devices.beam import MOST_ASPECT, Beam, Flat, Gaussian, Pencil, Rectangle
from tauten.devices.exposure import LightPulse
from tauten.devices.spectrum import Spectrum
from tauten.errors import OutsideValidity
from tauten.facts import Facts
from tauten.grid import Field, Grid, graded_edges
from tauten.skin import optics
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.solvers import convolve, photons
from tauten.solvers.state import Deposition
from tauten.solvers.tally import Estimate, Tally

__all__ = ["deposit", "drift", "round_equivalent"]


_STEEPEST = 0.009
"""1/K. Water, the strongest mover, changes by 0.56 % a kelvin at most, half as much again at the end of its spread."""


def deposit(
    skin: Skin,
    pulse: LightPulse,
    grid: Grid,
    temperatures: Sequence[float],
    *,
    start: float = 0.0,
    facts: Facts | None = None,
    photon_count: int = 200_000,
    seed: int = 1,
    threads: int | None = None,
) -> tuple[Deposition, ...]:
    """Return the heat [W/m³] each sub-pulse puts into an axisymmetric `grid`, with one standard error.

    `temperatures` [K], one a layer, are those the absorption is taken at. A grid of a single radial cell stands for
    the beam's axis. The shares of the incident energy (specular, reflected, transmitted, each layer) ride along.
    """
    if grid.kind != "axisymmetric":
        raise OutsideValidity("light is deposited on an axisymmetric grid; use solvers.photons for a voxel box")
    tally = _tally(_Scene.of(skin, pulse, grid, temperatures, facts), photon_count, seed, threads)
    beam = round_equivalent(pulse.beam)
    if grid.shape[0] == 1:
        density, error = convolve.on_axis(tally, beam)
        density, error = density[None, :], error[None, :]
    else:
        density, error = convolve.onto(tally, beam, grid)
    power = pulse.fluence * pulse.beam.area / pulse.duration
    heat, spread = Field(density * power, grid, "W/m3"), Field(error * power, grid, "W/m3")
    shares = {"specular": Estimate(tally.specular, 0.0), "reflected": tally.reflected, "passed": tally.transmitted}
    shares |= {layer.name: share for layer, share in zip(skin.layers, tally.absorbed, strict=True)}
    return tuple(
        Deposition(heat, begin, begin + pulse.duration, spread, shares, tuple(temperatures))
        for begin in (start + i * (pulse.period or 0.0) for i in range(pulse.pulses))
    )


def drift(
    skin: Skin,
    pulse: LightPulse,
    before: Sequence[float],
    now: Sequence[float],
    facts: Facts | None = None,
    least: float = 0.0,
) -> float:
    """Return the largest relative change of any layer's mean absorption between two sets of layer temperatures [K].

    A change that cannot reach `least` is returned as 0 without looking.
    """
    if max(abs(a - b) for a, b in zip(before, now, strict=True)) * _STEEPEST < least:
        return 0.0
    old, new = (_look(_View.of(skin, pulse, temperatures, facts)) for temperatures in (before, now))
    mean = pulse.spectrum.mean
    return max(abs(mean(b.absorption) / mean(a.absorption) - 1.0) for a, b in zip(old, new, strict=True))


def round_equivalent(beam: Beam) -> Flat | Gaussian:
    """Return the round top-hat of the same area and divergence.

    Heat is solved round the axis; at depths under half the spot's width the axis of a 10 x 15 mm window and of its
    equal-area disc differ by less than the data's spread (a test holds the number). Raises `OutsideValidity` for a
    rectangle more than three times as long as wide, which no disc stands for.
    """
    if isinstance(beam, (Flat, Gaussian)):
        return beam
    if isinstance(beam, Rectangle):
        sides = sorted((beam.width, beam.length))
        if sides[1] > MOST_ASPECT * sides[0] * (1 + 1e-12):
            raise OutsideValidity(
                f"a rectangle of {sides[0] * 1e3:g} x {sides[1] * 1e3:g} mm is not round enough: heat is solved round "
                f"the spot's axis, for sides within {MOST_ASPECT:g} to 1"
            )
    return Flat(float(np.sqrt(beam.area / np.pi)), divergence=beam.divergence)


@dataclass(frozen=True)
class _Scene:
    """What the pencil answer depends on, and nothing else; hashable, so that it can be looked up."""

    layers: tuple[tuple[float, tuple[float, ...], tuple[float, ...], tuple[float, ...], tuple[float, ...]], ...]
    wavelengths: tuple[float, ...]
    weights: tuple[float, ...]
    above: tuple[float, ...]
    return_fraction: float
    divergence: float
    depth_edges: tuple[float, ...]

    @classmethod
    def of(
        cls, skin: Skin, pulse: LightPulse, grid: Grid, temperatures: Sequence[float], facts: Facts | None
    ) -> _Scene:
        waves = pulse.spectrum.wavelengths

        def spread(values: float | NDArray[np.float64]) -> tuple[float, ...]:
            return tuple(np.broadcast_to(values, waves.shape).tolist())

        layers = tuple(
            (
                float(layer.thickness),
                spread(layer.absorption),
                spread(layer.scattering),
                spread(layer.anisotropy),
                spread(layer.index),
            )
            for layer in _look(_View.of(skin, pulse, temperatures, facts))
        )
        return cls(
            layers,
            tuple(waves.tolist()),
            tuple(pulse.spectrum.weights.tolist()),
            spread(pulse.index_above),
            pulse.return_fraction,
            pulse.beam.divergence,
            tuple(grid.edges[-1].tolist()),
        )


@dataclass(frozen=True)
class _View:
    """What the layers' optics depend on, compared by value, with the skin and facts that give them."""

    layers: tuple[Layer, ...]
    wavelengths: tuple[float, ...]
    temperatures: tuple[float, ...]
    values: tuple[float, ...]
    skin: Skin = field(compare=False)
    facts: Facts = field(compare=False)

    @classmethod
    def of(cls, skin: Skin, pulse: LightPulse, temperatures: Sequence[float], facts: Facts | None) -> _View:
        facts = facts or skin.facts
        values = tuple(row.value for row in facts.under("tissue/optics").values())
        waves = tuple(pulse.spectrum.wavelengths.tolist())
        return cls(skin.layers, waves, tuple(temperatures), values, skin, facts)


@lru_cache(maxsize=128)
def _look(view: _View) -> tuple[optics.Optics, ...]:
    return optics.layers(view.skin, view.wavelengths, temperature=view.temperatures, facts=view.facts)


@lru_cache(maxsize=256)
def _tally(scene: _Scene, photon_count: int, seed: int, threads: int | None) -> Tally:
    layers = [
        photons.Optics(thickness, *(np.array(values) for values in properties))
        for thickness, *properties in scene.layers
    ]
    # Fine rings near the pencil, where the light is steep; 25 mm out nothing is left that a spot's axis could feel.
    rings = graded_edges([0.0, 25e-3], first=50e-6, largest=1e-3, growth=1.12)
    below = np.array(scene.layers[-1][4])  # matched below: what passes the last layer does not come back
    return photons.trace(
        layers,
        Pencil(divergence=scene.divergence),
        photons=photon_count,
        seed=seed,
        above=np.array(scene.above),
        below=float(below.mean()),
        return_fraction=scene.return_fraction,
        grid=Grid((rings, np.array(scene.depth_edges)), "axisymmetric"),
        spectrum=Spectrum(np.array(scene.wavelengths), np.array(scene.weights)),
        paths=False,  # fluence would double the work, and heat needs none
        threads=threads,
    )
