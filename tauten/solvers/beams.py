"""Focused sound in plane layers: `radiate` returns where its pressure, heat and power are.

The linear field is exact: plane waves with every echo (`planewaves`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.devices.transducer import Bowl, Piston, Ring, Transducer
from tauten.errors import InputError, NotConverged
from tauten.physics import sound
from tauten.skin.acoustics import Acoustics
from tauten.solvers import planewaves
from tauten.solvers.beam_input import Asked, asked
from tauten.solvers.field import Sound, strength
from tauten.solvers.quadrature import gauss_legendre

__all__ = ["Acoustics", "Bowl", "Piston", "Ring", "Sound", "radiate"]

Floats = NDArray[np.float64]

_CLOSE = 1e-6  # what a coarser sum of waves may differ by, of the largest pressure asked for
_BALANCE = 0.01  # what the shares of the power may miss


def radiate(
    layers: Sequence[Acoustics],
    transducer: Transducer,
    *,
    power: float | None = None,
    surface_pressure: float | None = None,
    harmonics: int | None = None,
    dispersion: bool = True,
    r: ArrayLike | None = None,
    z: ArrayLike | None = None,
    keep: Sequence[int] = (1,),
) -> Sound:
    """Return the sound of `transducer` in plane `layers`; its apex is at z = 0, where the first layer begins.

    Give the acoustic `power` [W] or the `surface_pressure` p₀ [Pa]; power = p₀²/(2ρc) times the curved area.
    `harmonics=1` is the linear field, exact with all echoes; a larger number follows that many, None as many as the
    amplitude asks for. `dispersion` lets speed follow the power law of attenuation above the drive frequency. `r` and
    `z` [m] are the radii and depths wanted, from the rim downward (by default an eighth of a wavelength apart, from
    four wavelengths below the rim to 1.6 times the focus); `keep` names the harmonics returned.

    Raises `InputError` for anything missing or out of order, air in the path or a focus beyond the stack,
    `OutsideValidity` for a frequency or source too low for the laws, `NotConverged` when waves or power don't add up.
    """
    given = asked(layers, transducer, power, surface_pressure, harmonics, r, z, keep)
    if given.harmonics != 1:
        raise InputError("is not followed yet", key="harmonics", value=harmonics, allowed="1: the linear field")
    return _linear(given)


def _linear(given: Asked) -> Sound:
    layers, transducer, p0 = given.layers, given.transducer, given.surface_pressure
    found = _converged(given)
    unit = planewaves.pressure_at(found, given.r, given.z)
    pressure = p0 * unit
    amplitude = np.abs(pressure)
    tops = np.concatenate([[0.0], np.cumsum([a.thickness for a in layers[:-1]])])
    layer = np.searchsorted(tops, given.z, side="right") - 1
    heat = np.array([strength(a, transducer) for a in layers])[layer] * amplitude**2

    # Power through the rim's plane, each interface above the deepest depth, and that depth: exact over the whole plane.
    deepest = float(given.z[-1])
    planes = [transducer.depth, *(t for t in tops[1:] if transducer.depth < t < deepest), deepest]
    through = p0**2 * planewaves.power_through(found, planes)
    sent, above = p0**2 * planewaves.sent(found), _lost_above_rim(transducer, layers[0], p0)
    lost = np.zeros(len(layers))
    lost[: len(planes) - 1] = through[:-1] - through[1:]
    lost[0] += above
    absorbed = [float(x) * a.absorbed_fraction for x, a in zip(lost, layers, strict=True)]
    result = Sound(
        transducer, layers, p0, 1, (1,), given.r, given.z, pressure[None], heat, amplitude, amplitude.copy(),
        given.power, sum(absorbed), float(lost.sum()) - sum(absorbed), float(through[-1]), sent - float(through[0]),
        tuple(absorbed),
    )  # fmt: skip
    if not abs(result.imbalance) <= _BALANCE:
        raise NotConverged(
            "The shares of the sound's power don't add up to what was sent", residual=abs(result.imbalance)
        )
    return result


def _converged(given: Asked) -> planewaves.Waves:
    """Return waves fine enough that three quarters of them give the same pressure to 1e-6."""
    frequency, rim = given.transducer.frequency, given.transducer.depth
    clear = rim + given.layers[0].speed / frequency  # nearer than a wavelength, the shortest waves are left out
    depth = np.unique(
        np.clip([*np.linspace(given.z[0], given.z[-1], 24), given.transducer.focus], given.z[0], given.z[-1])
    )
    depth = depth[depth >= clear] if given.z[-1] > clear else depth[-1:]
    radius = given.r[[0, given.r.size // 3, -1]]
    extent = (float(given.z[0]), float(given.z[-1]), float(given.r[-1]))
    coarse, finer, residual = None, 1.0, math.inf
    while finer <= 8.0:
        if coarse is None:
            coarse = planewaves.pressure_at(
                planewaves.waves(given.layers, given.transducer, *extent, 0.75), radius, depth
            )
        found = planewaves.waves(given.layers, given.transducer, *extent, finer)
        fine = planewaves.pressure_at(found, radius, depth)
        residual = float(np.max(np.abs(fine - coarse)) / np.max(np.abs(fine)))
        if residual <= _CLOSE:
            return found
        coarse, finer = fine, 2.0 * finer
    raise NotConverged("The sum of plane waves has not settled", residual=residual)


def _lost_above_rim(transducer: Transducer, layer: Acoustics, p0: float) -> float:
    """Return the power [W] lost between the surface and the plane of its rim, along rays normal to the surface."""
    attenuation = float(sound.attenuation_at(transducer.frequency, layer.attenuation, layer.exponent))
    if isinstance(transducer, Piston) or attenuation == 0.0:
        return 0.0
    shallow, rim, radius = transducer.sagitta(transducer.hole), transducer.depth, transducer.radius
    x, w = gauss_legendre(24)
    sagitta = shallow + 0.5 * (rim - shallow) * (x + 1.0)
    way = (rim - sagitta) * radius / (radius - sagitta)
    area = 2.0 * math.pi * radius * 0.5 * (rim - shallow) * w  # Archimedes: equal slices of a sphere have equal area
    return float(sound.intensity(p0, layer.density, layer.speed) * (-np.expm1(-2.0 * attenuation * way) @ area))
