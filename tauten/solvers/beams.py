"""Focused sound in plane layers: `radiate` returns where its pressure, heat and power are.

The linear field is exact: plane waves with every echo (`planewaves`). What steepening makes of it is marched down
through the layers (`harmonics`) and added to it (`join`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.devices.transducer import Bowl, Piston, Ring, Transducer
from tauten.errors import NotConverged
from tauten.physics import sound
from tauten.skin.acoustics import Acoustics
from tauten.solvers import planewaves
from tauten.solvers.beam_input import asked, power_of
from tauten.solvers.field import Sound, strength
from tauten.solvers.quadrature import gauss_legendre

if TYPE_CHECKING:
    from tauten.solvers.harmonics import March

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
    oblique: bool = True,
    r: ArrayLike | None = None,
    z: ArrayLike | None = None,
    keep: Sequence[int] = (1,),
) -> Sound:
    """Return the sound of `transducer` in plane `layers`; its apex is at z = 0, where the first layer begins.

    Give the acoustic `power` [W] or the `surface_pressure` p₀ [Pa]; power = p₀²/(2ρc) times the curved area.
    `harmonics=1` is the linear field, exact with all echoes; a larger number follows that many (fewer than six hold no
    shock), None as many as the amplitude asks for. `dispersion` lets speed follow the power law of attenuation above
    the drive frequency; `oblique=False` lets every wave fade, pass interfaces and steepen as one straight down does, as
    parabolic codes have it. `r` and `z` [m] are the radii and depths wanted, from the rim downward (by default an
    eighth of a wavelength apart, a third of that near the axis, from four wavelengths below the rim to 1.6 times the
    focus); `keep` names the harmonics that are returned: none of them where heat and peaks will do. Sound that comes
    back up through the plane of the rim is taken as gone: what head and housing would throw back into the skin is not
    followed.

    Raises `InputError` for anything missing or out of order, air in the path or a focus beyond the stack,
    `TooLarge` for a field too wide or too far to be summed or marched, `OutsideValidity` for a frequency or source too
    low for the laws, `NotConverged` when waves or power don't add up.
    """
    given = asked(layers, transducer, power, surface_pressure, harmonics, r, z, keep, dispersion, oblique)
    linear = _linear(given.layers, transducer, given.r.tobytes(), given.z.tobytes(), oblique)
    if not given.keep:
        linear = replace(linear, pressure=linear.pressure[:0], kept=())
    linear = linear.scaled(given.power)
    if given.harmonics == 1:
        return linear
    from tauten.solvers.harmonics import march  # its kernels are compiled at import
    from tauten.solvers.join import joined

    deepest = float(given.z[-1])
    steep = march(
        given.layers, transducer, given.surface_pressure, harmonics=given.harmonics, dispersion=dispersion,
        depth=deepest, keep=given.keep, oblique=oblique,
    )  # fmt: skip
    plain = _plain(given.layers, transducer, deepest, dispersion, oblique)
    return _balanced(joined(linear, steep, plain, given.surface_pressure, given.keep))


@lru_cache(maxsize=4)  # the central stack and the few worst ones that a plan goes to and fro between
def _linear(layers: tuple[Acoustics, ...], transducer: Transducer, r: bytes, z: bytes, oblique: bool) -> Sound:
    """Return the linear sound of a surface pressure of 1 Pa; the latest are kept, for they serve every power."""
    radii, depths = np.frombuffer(r), np.frombuffer(z)
    found = _converged(layers, transducer, radii, depths, oblique)
    pressure = planewaves.pressure_at(found, radii, depths)
    amplitude = np.abs(pressure)
    tops = np.concatenate([[0.0], np.cumsum([a.thickness for a in layers[:-1]])])
    layer = np.searchsorted(tops, depths, side="right") - 1
    heat = np.array([strength(a, transducer) for a in layers])[layer] * amplitude**2

    # Power through the rim's plane, each interface above the deepest depth, and that depth: exact over the whole plane.
    deepest = float(depths[-1])
    planes = [transducer.depth, *(t for t in tops[1:] if transducer.depth < t < deepest), deepest]
    through = planewaves.power_through(found, planes)
    lost = np.zeros(len(layers))
    lost[: len(planes) - 1] = through[:-1] - through[1:]
    lost[0] += _lost_above_rim(transducer, layers[0])
    absorbed = [float(x) * a.absorbed_fraction for x, a in zip(lost, layers, strict=True)]
    return _balanced(
        Sound(
            transducer, layers, 1.0, 1, (1,), radii, depths, pressure[None], heat, amplitude, amplitude,
            power_of(transducer, layers[0]), sum(absorbed), float(lost.sum()) - sum(absorbed), float(through[-1]),
            planewaves.sent(found) - float(through[0]), tuple(absorbed),
        )
    )  # fmt: skip


@lru_cache(maxsize=4)
def _plain(
    layers: tuple[Acoustics, ...], transducer: Transducer, deepest: float, dispersion: bool, oblique: bool
) -> March:
    """Return the march without harmonics for a surface pressure of 1 Pa."""
    from tauten.solvers.harmonics import march

    return march(layers, transducer, 1.0, harmonics=1, dispersion=dispersion, depth=deepest, oblique=oblique)


def _balanced(result: Sound) -> Sound:
    """Return the sound as it is; raises `NotConverged` where its power does not add up."""
    if not abs(result.imbalance) <= _BALANCE:
        raise NotConverged(
            "The shares of the sound's power don't add up to what was sent", residual=abs(result.imbalance)
        )
    return result


def _converged(
    layers: tuple[Acoustics, ...], transducer: Transducer, r: Floats, z: Floats, oblique: bool
) -> planewaves.Waves:
    """Return waves fine enough that three quarters of them give the same pressure to 1e-6."""
    clear = transducer.depth + layers[0].speed / transducer.frequency  # nearer, the shortest waves are left out
    depth = np.unique(np.clip([*np.linspace(z[0], z[-1], 24), transducer.focus], z[0], z[-1]))
    depth = depth[depth >= clear] if z[-1] > clear else depth[-1:]
    radius = r[[0, r.size // 3, -1]]
    extent = (float(z[0]), float(z[-1]), float(r[-1]))
    coarse, finer, residual = None, 1.0, math.inf
    while finer <= 8.0:
        if coarse is None:
            coarse = planewaves.pressure_at(planewaves.waves(layers, transducer, *extent, 0.75, oblique), radius, depth)
        found = planewaves.waves(layers, transducer, *extent, finer, oblique)
        fine = planewaves.pressure_at(found, radius, depth)
        residual = float(np.max(np.abs(fine - coarse)) / np.max(np.abs(fine)))
        if residual <= _CLOSE:
            return found
        coarse, finer = fine, 2.0 * finer
    raise NotConverged("The sum of plane waves has not settled", residual=residual)


def _lost_above_rim(transducer: Transducer, layer: Acoustics) -> float:
    """Return the power [W], for 1 Pa at the surface, lost above the plane of the rim: along rays normal to it."""
    attenuation = float(sound.attenuation_at(transducer.frequency, layer.attenuation, layer.exponent))
    if isinstance(transducer, Piston) or attenuation == 0.0:
        return 0.0
    shallow, rim, radius = transducer.sagitta(transducer.hole), transducer.depth, transducer.radius
    x, w = gauss_legendre(24)
    sagitta = shallow + 0.5 * (rim - shallow) * (x + 1.0)
    way = (rim - sagitta) * radius / (radius - sagitta)
    area = 2.0 * math.pi * radius * 0.5 * (rim - shallow) * w  # Archimedes: equal slices of a sphere have equal area
    return float(sound.intensity(1.0, layer.density, layer.speed) * (-np.expm1(-2.0 * attenuation * way) @ area))
