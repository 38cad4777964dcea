"""The exact linear field of a transducer through plane layers, as a sum of plane waves.

A plane wave passes a stack of plane layers by closed formulas (`physics.sound.stack`), refraction, echoes between any
two interfaces, and the loss along its oblique path included. So the field below the rim is one integral over the
transverse wavenumber κ, exact but for its quadrature. With κ = k sin θ the waves that travel have a smooth integrand;
with κ = k cosh t so have the evanescent ones, without which the axis of a bowl is 7e-4 off instead of 6e-7.

Cost of a plane of R radii and Z depths with N waves: N R Bessel functions (36 ns each), as many again for the source's
spectrum, 2 N Z / 12 complex exponentials (48 ns) on even spacing with a product of the tables for the rest, and 4 N R Z
operations of a real matrix product, which is what bounds it. 301 x 1201 points with 723 waves are 1.05 Gflop: 40 ms on
one core of 30 Gflop/s, 60 ms with the check that the sum has settled. Memory is 16 bytes a point, 8 N R for the Bessel
functions, and a few megabytes of exponentials that stay in the cache.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.devices.transducer import Piston, Transducer
from tauten.physics import sound
from tauten.skin.acoustics import Acoustics
from tauten.solvers.quadrature import gauss_legendre, in_panels

__all__ = ["Waves", "power_through", "pressure_at", "source_spectrum", "waves"]

Floats = NDArray[np.float64]
Phasors = NDArray[np.complex128]

_STEEPEST = 2.5
"""Shortest waves kept, as transverse over free wavenumber. A wavelength below the rim they have faded to 1e-6; nearer
to it, detail finer than 0.4 of a wavelength is left out."""
_FADED = 17.0  # exp(-17) = 4e-8: what is weaker than that at the nearest depth is not summed
_BLOCK = 4_000_000  # bytes of exponentials held at once: they stay in the cache
_PART = 128  # waves of a source's spectrum at once, for the same reason
_STRIDE = 12  # evenly spaced depths to one exponential


def source_spectrum(
    transducer: Transducer, transverse: ArrayLike, axial: ArrayLike, wavenumber: complex
) -> NDArray[np.complex128]:
    """Return the plane waves A(κ) [m] a transducer sends, at the plane of its rim.

    A surface pressure p₀ = ρcu gives, below the rim at depth h, p(r, z) = p₀ ∫ A(κ) J₀(κr) exp(-i kz (z - h)) κ dκ/kz
    with A(κ) = k ∫ J₀(κr') exp(-i kz (h - z(r'))) dS'/2π over the surface: Weyl's integral put into Rayleigh's, whose
    axis is O'Neil's. `transverse` κ and `axial` kz [1/m] have one shape; `wavenumber` k [1/m] is the first layer's.
    """
    from scipy.special import j0

    kappa, kz = np.atleast_1d(np.asarray(transverse)), np.atleast_1d(np.asarray(axial, dtype=complex))
    aperture, hole = transducer.aperture_radius, transducer.hole
    turns = max(abs(wavenumber), float(np.max(kappa.real))) * (aperture - hole) / math.pi
    nodes, weights = gauss_legendre(int(48 + 2.5 * turns))
    radius = hole + 0.5 * (aperture - hole) * (nodes + 1.0)
    if isinstance(transducer, Piston):
        slope, sagitta = np.ones_like(radius), np.zeros_like(radius)
    else:
        slope = transducer.radius / np.sqrt(transducer.radius**2 - radius**2)  # dS = 2πr slope dr
        sagitta = radius**2 / (transducer.radius + np.sqrt(transducer.radius**2 - radius**2))
    area = 0.5 * (aperture - hole) * weights * radius * slope
    found = np.empty(kz.shape, dtype=complex)
    for part in (slice(n, n + _PART) for n in range(0, kz.size, _PART)):
        flight = np.exp(-1j * np.multiply.outer(kz[part], transducer.depth - sagitta))
        flight *= j0(np.multiply.outer(kappa.real[part], radius))
        # Not a product of matrices: a BLAS would wake its threads for it, hundreds of times in a plan.
        found[part] = np.einsum("ij,j->i", flight, area)
    return wavenumber * found


@dataclass(frozen=True, eq=False)
class Waves:
    """The plane waves of one transducer in one stack, for a surface pressure of 1 Pa.

    `transverse` κ [1/m], `weights` κ dκ [1/m²] and `amplitude` [m²] of each wave; `inside` holds them in every layer,
    whose tops lie at `tops` [m] below the apex: the first begins at the plane of the rim. `travelling` counts the waves
    that are not evanescent in the first layer.
    """

    layers: tuple[Acoustics, ...]
    frequency: float
    tops: Floats
    transverse: Floats
    weights: Floats
    amplitude: Phasors
    inside: sound.Stack
    travelling: int


def waves(
    layers: Sequence[Acoustics],
    transducer: Transducer,
    nearest: float,
    deepest: float,
    widest: float,
    finer: float = 1.0,
    oblique: bool = True,
) -> Waves:
    """Return the waves that give the field from depth `nearest` to `deepest` [m] below the apex, out to `widest` [m].

    Their number follows from the phase of the integrand, at most k √(z² + (r + a)²) for a depth z, a radius r and the
    aperture's a (z up to twice the depth of the last interface, for its echo): Gauss needs π nodes for each 2π of it.
    `finer` multiplies it, `oblique` as in `sound.axial_wavenumber`. Layers slower or faster than the first have kinks
    at their critical angles: panels end there.
    """
    rim, frequency = transducer.depth, transducer.frequency
    cut = (replace(layers[0], thickness=layers[0].thickness - rim), *layers[1:])
    tops = rim + np.concatenate([[0.0], np.cumsum([layer.thickness for layer in cut[:-1]])])
    first = sound.wavenumber(frequency, cut[0])
    k = float(first.real)
    reach = max(deepest, 2.0 * float(tops[-1])) - rim
    across = widest + transducer.aperture_radius
    steps = sorted({2.0 * math.pi * frequency / layer.speed / k for layer in cut[1:]})
    kinks = [math.asin(ratio) for ratio in steps if ratio < 1.0]
    theta, measure = in_panels(
        [0.0, *kinks, 0.5 * math.pi], finer * 0.45 * k * math.hypot(reach, across), int(20 * finer)
    )
    steepest = min(math.acosh(_STEEPEST), math.asinh(_FADED / (k * max(nearest - rim, 1e-9))))
    kinks = [t for ratio in steps if ratio > 1.0 and (t := math.acosh(ratio)) < steepest]
    turn = k * (math.cosh(steepest) - 1.0) * across + _FADED
    tail, tail_measure = in_panels([0.0, *kinks, steepest], finer * 0.6 * turn / steepest, int(20 * finer))
    transverse = k * np.concatenate([np.sin(theta), np.cosh(tail)])
    weights = k**2 * np.concatenate(
        [np.sin(theta) * np.cos(theta) * measure, np.cosh(tail) * np.sinh(tail) * tail_measure]
    )
    inside = sound.stack(cut, frequency, transverse, oblique=oblique)
    spectrum = source_spectrum(transducer, transverse, inside.axial[0], first)
    return Waves(cut, frequency, tops, transverse, weights, spectrum / inside.axial[0], inside, theta.size)


def pressure_at(found: Waves, r: ArrayLike, z: ArrayLike) -> Phasors:
    """Return the complex pressure [Pa] per pascal at the surface, shape (r, z), at radii and depths [m]."""
    from scipy.special import j0

    radius, depth = np.atleast_1d(np.asarray(r, dtype=float)), np.atleast_1d(np.asarray(z, dtype=float))
    count, rows = found.transverse.size, radius.size
    rings = np.zeros((4 * math.ceil(rows / 4), 4 * math.ceil(count / 4)))
    rings[:rows, :count] = j0(np.multiply.outer(radius, found.transverse))
    rings[:, :count] *= found.weights
    pressure = np.empty((rows, depth.size), dtype=complex)
    for where, (down, up, _) in _rows(found, depth, found.amplitude):
        wave = down + up
        # Two real products cost half of one complex one: the Bessel functions are real.
        pressure.real[:, where] = _product(rings, wave.real)[:rows]
        pressure.imag[:, where] = _product(rings, wave.imag)[:rows]
    return pressure


def _product(rings: Floats, waves: Floats) -> Floats:
    """Return `rings` times the transpose of `waves`, which may have fewer columns.

    A BLAS would start its own threads beside those of a plan, which then wait for one another: twice the time.
    """
    from tauten.solvers.distort import transform  # its kernels are compiled at import

    columns = np.zeros((rings.shape[1], waves.shape[0]))
    columns[: waves.shape[1]] = waves.T
    found = np.empty((rings.shape[0], waves.shape[0]))
    groups = np.full(rings.shape[0] // 4, 1)
    transform(rings, columns, found, groups * rings.shape[1], groups * waves.shape[0])
    return found


def power_through(found: Waves, z: ArrayLike) -> Floats:
    """Return the net power [W] per Pa² at the surface that passes the whole plane at each depth z [m].

    By Parseval's relation of the Hankel transform, so no field is needed and no radius is left out:
    P = π ∫ Re(p̂ v̂*) κ dκ, with the velocity v̂ = (down - up) / Z.
    """
    depth = np.atleast_1d(np.asarray(z, dtype=float))
    power = np.empty(depth.size)
    for where, (down, up, impedance) in _rows(found, depth, found.amplitude):
        power[where] = ((down + up) * np.conj((down - up) / impedance)).real @ (math.pi * found.weights)
    return power


def sent(found: Waves) -> float:
    """Return the power [W] per Pa² at the surface that goes down through the plane of the rim."""
    share = math.pi * found.weights * np.abs(found.amplitude) ** 2
    return float((1.0 / found.inside.impedance[0]).real @ share)


def _rows(found: Waves, depth: Floats, amplitude: Phasors) -> Iterator[tuple[NDArray[np.intp], tuple[Phasors, ...]]]:
    """Yield (which depths, (waves down, waves up, impedance)) block by block, waves of shape (depths, waves)."""
    layer = np.maximum(np.searchsorted(found.tops, depth, side="right") - 1, 0)
    most = max(1, _BLOCK // (48 * found.transverse.size))
    inside = found.inside
    for j in range(len(found.layers)):
        within = np.flatnonzero(layer == j)
        for where in (within[n : n + most] for n in range(0, within.size, most)):
            fall = depth[where] - found.tops[j]
            down = _phases(fall, -1j * inside.axial[j], amplitude * inside.down[j])
            up = np.zeros((1, 1), dtype=complex)
            if j + 1 < len(found.layers):
                left = found.layers[j].thickness - fall
                up = _phases(left, -1j * inside.axial[j], amplitude * inside.up[j])
            yield where, (down, up, inside.impedance[j])


def _phases(way: Floats, rate: Phasors, amplitude: Phasors) -> Phasors:
    """Return amplitude exp(rate way), shape (ways, waves); evenly spaced ways share most of their exponentials."""
    steps = np.diff(way)
    if way.size < 2 * _STRIDE or float(np.ptp(steps)) > 1e-9 * abs(float(steps[0])):
        return np.exp(np.multiply.outer(way, rate)) * amplitude
    if steps[0] < 0.0:  # a factor that grows could overflow where the other has long faded
        return _phases(way[::-1], rate, amplitude)[::-1]
    coarse = np.exp(np.multiply.outer(way[::_STRIDE], rate)) * amplitude
    fine = np.exp(np.multiply.outer(way[:_STRIDE] - way[0], rate))
    return (coarse[:, None, :] * fine).reshape(-1, rate.size)[: way.size]
