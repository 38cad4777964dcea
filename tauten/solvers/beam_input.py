"""What `radiate` is asked for, checked: every refusal by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.checks import instance, number, whole
from tauten.devices.transducer import Bowl, Piston, Ring, Transducer
from tauten.errors import InputError, TooLarge
from tauten.facts import load
from tauten.grid import free_memory, graded_edges
from tauten.physics import sound
from tauten.references import check_validity
from tauten.skin.acoustics import Acoustics

__all__ = ["Asked", "asked", "power_of"]

Floats = NDArray[np.float64]

_LIGHTEST = 100.0  # kg/m³; every liquid and tissue is denser, every gas lighter
_PER_WAVE = 8.0  # default points to a wavelength: four to each hump of a standing wave
_BYTES = 160.0  # for each point, beside the harmonics kept
_SMALLEST = 2.4  # wavelengths: power and p₀² times area part by J₁(2ka)/ka, 1 % there and more below
_MOST_WAVES = 12_000  # plane waves of a sum: 0.6 m at 7 MHz; their rule takes seconds, and grows as their square
_MOST_TERMS = 1e8  # waves times radii of the field or of the source: ten seconds of Bessel functions
_WIDEST = 0.98  # aperture over radius; beyond, edge waves along the rim's plane leave up to 2 % of the power out
_NEAR = 1.4  # wavelengths times f-number over 2: four half-widths of the focus, with finer radii
_FINE, _COARSE = 24.0, 6.0  # default radii to a wavelength: near the axis, and outside


@dataclass(frozen=True, eq=False)
class Asked:
    """A request in order: layers, transducer, power [W] and surface pressure [Pa] that belong together, r and z [m]."""

    layers: tuple[Acoustics, ...]
    transducer: Transducer
    power: float
    surface_pressure: float
    harmonics: int | None
    r: Floats
    z: Floats
    keep: tuple[int, ...]


def asked(
    layers: Sequence[Acoustics], transducer: Transducer, power: float | None, surface_pressure: float | None,
    harmonics: int | None, r: ArrayLike | None, z: ArrayLike | None, keep: Sequence[int], dispersion: object = True,
    oblique: object = True,
) -> Asked:  # fmt: skip
    """Return the request in order; raises `InputError` for what is not, `TooLarge`, or `OutsideValidity`."""
    instance(dispersion, (bool, np.bool_), "dispersion", "True | False")
    instance(oblique, (bool, np.bool_), "oblique", "True | False")
    instance(transducer, (Bowl, Ring, Piston), "transducer", "Bowl | Ring | Piston")
    stack = _layers(layers, transducer)
    check_validity(sound.attenuation_at, frequency=transducer.frequency)
    if (power is None) == (surface_pressure is None):
        raise InputError(
            "must be given, or surface_pressure, and not both", key="power", value=None if power is None else power,
            unit="W",
        )  # fmt: skip
    count = None if harmonics is None else whole(harmonics, "harmonics")
    power, p0 = _amplitude(power, surface_pressure, power_of(transducer, stack[0]), count == 1)
    if isinstance(keep, (int, str)) or not isinstance(keep, Sequence):
        raise InputError("is not a list of harmonics", key="keep", value=repr(keep), allowed="for example (1, 2)")
    kept = tuple(whole(n, "keep") for n in keep)
    if len(set(kept)) < len(kept):
        raise InputError("names a harmonic twice", key="keep", value=kept, allowed="for example (1, 2)")
    if count is not None and max(kept, default=1) > count:
        raise InputError("is beyond the harmonics", key="keep", value=max(kept), allowed=f"1 to {count}")
    radii, depths = _places(stack, transducer, r, z)
    _check_waves(stack, transducer, radii, depths)
    needed, free = radii.size * depths.size * (16.0 * len(kept) + _BYTES), free_memory()
    if needed > free:
        raise TooLarge(
            f"needs {needed / 1e9:.3g} GB of memory and {free / 1e9:.3g} GB is free", key="r, z",
            value=f"{radii.size} x {depths.size}", remedy="Ask for fewer points.",
        )  # fmt: skip
    return Asked(stack, transducer, power, p0, count, radii, depths, kept)


def power_of(transducer: Transducer, layer: Acoustics) -> float:
    """Return the power [W] sent into `layer` for a surface pressure of 1 Pa: the curved area over 2ρc."""
    return transducer.area * float(sound.intensity(1.0, layer.density, layer.speed))


def _amplitude(power: float | None, surface_pressure: float | None, unit: float, linear: bool) -> tuple[float, float]:
    """Return power [W] and surface pressure [Pa]; `unit` [W] is the power of 1 Pa. A linear field may be as faint."""
    row = load()["devices/transducer/power.field"]
    low, high = 0.0 if linear else row.si_low, row.si_high
    if power is not None:
        power = number(power, "power", low, high, "W", open_low=linear)
        return power, math.sqrt(power / unit)
    faintest, strongest = math.sqrt(low / unit), math.sqrt(high / unit)
    pressure = number(surface_pressure, "surface_pressure", faintest, strongest, "Pa", open_low=linear)
    return unit * pressure**2, pressure


def _check_waves(layers: tuple[Acoustics, ...], transducer: Transducer, r: Floats, z: Floats) -> None:
    """Raise `TooLarge` for a field of more waves than can be summed, counted as `planewaves.waves` counts them."""
    k = 2.0 * math.pi * transducer.frequency / layers[0].speed
    reach = max(float(z[-1]), 2.0 * sum(layer.thickness for layer in layers[:-1])) - transducer.depth
    across = float(r[-1]) + transducer.aperture_radius
    waves = 0.7 * k * math.hypot(reach, across) + 1.5 * k * across
    nodes = 2.0 * k * transducer.aperture_radius
    if waves > _MOST_WAVES or waves * (nodes + r.size) > _MOST_TERMS:
        raise TooLarge(
            f"reaches {max(reach, across) * k / (2.0 * math.pi):.3g} wavelengths far and needs {waves:.3g} plane waves",
            key="r, z", value=f"r to {r[-1]:g}, z to {z[-1]:g}", unit="m",
            remedy="Ask for a field nearer to the transducer, or of a smaller one.",
        )  # fmt: skip


def _layers(layers: Sequence[Acoustics], transducer: Transducer) -> tuple[Acoustics, ...]:
    if not isinstance(layers, (tuple, list)) or not layers:
        raise InputError("has no layer", key="layers", value=repr(layers), allowed="at least one Acoustics")
    for n, layer in enumerate(layers):
        instance(layer, Acoustics, f"layers[{n}]", "Acoustics")
        if layer.density < _LIGHTEST:
            raise InputError(
                "is air: no sound comes through, no dose: coupling gap", key=f"layers[{n}].density",
                value=f"{layer.density:g}", allowed=f"{_LIGHTEST:g} or more", unit="kg/m3",
                remedy="Couple the head with gel and look again.",
            )  # fmt: skip
        if math.isinf(layer.thickness) and n + 1 < len(layers):
            raise InputError("is endless with layers below it", key=f"layers[{n}].thickness", unit="m")
    if layers[0].thickness <= transducer.depth:
        raise InputError(
            "ends inside the transducer", key="layers[0].thickness", value=f"{layers[0].thickness:g}",
            allowed=f"above {transducer.depth:.6g}", unit="m", remedy="The rim must lie in the first layer.",
        )  # fmt: skip
    least = _SMALLEST * layers[0].speed / transducer.frequency
    if transducer.aperture_radius < least:
        raise InputError(
            f"is less than {_SMALLEST:g} wavelengths, too few for a beam", key="transducer.aperture_radius",
            value=f"{transducer.aperture_radius:g}", allowed=f"{least:.4g} or more", unit="m",
        )  # fmt: skip
    if not isinstance(transducer, Piston) and transducer.aperture_radius > _WIDEST * transducer.radius:
        raise InputError(
            "is nearly that of a half sphere, whose rim sends along its own plane", key="transducer.aperture_radius",
            value=f"{transducer.aperture_radius:g}", allowed=f"up to {_WIDEST * transducer.radius:g}", unit="m",
        )  # fmt: skip
    total = sum(layer.thickness for layer in layers)
    if not isinstance(transducer, Piston) and transducer.focus > total:
        raise InputError(
            "ends above the focus", key="layers", value=f"{total:g}", allowed=f"{transducer.focus:g} or more", unit="m",
            remedy="Give the last layer an endless thickness.",
        )  # fmt: skip
    return tuple(layers)


def _places(
    layers: tuple[Acoustics, ...], transducer: Transducer, r: ArrayLike | None, z: ArrayLike | None
) -> tuple[Floats, Floats]:
    wave = layers[0].speed / transducer.frequency
    total, rim = sum(layer.thickness for layer in layers), transducer.depth
    radii = _across(transducer, wave) if r is None else _rising(r, "r", 0.0, math.inf)
    if z is not None:
        return radii, _rising(z, "z", rim, total)
    far = (
        1.6 * transducer.focus
        if transducer.focus < math.inf
        else rim + max(transducer.aperture_radius**2 / wave, 4 * wave)
    )
    # Nearer than four wavelengths to the rim, evanescent waves would double the work for sound nobody asks about.
    start = min(rim + 4.0 * wave, 0.5 * (rim + total))
    return radii, _evenly(start, min(far, total), wave)


def _across(transducer: Transducer, wave: float) -> Floats:
    """Return radii fine enough for the harmonics of a focus near the axis, and for the drive's waves outside."""
    widest = 1.25 * transducer.aperture_radius
    near = _NEAR * wave * transducer.focus / transducer.aperture_radius
    if near >= widest:
        return _evenly(0.0, widest, wave)
    inner = np.linspace(0.0, near, math.ceil(_FINE * near / wave) + 1)
    outer = graded_edges([near, widest], wave / _FINE, wave / _COARSE, 1.1)
    return np.concatenate([inner, outer[1:]])


def _evenly(start: float, stop: float, wave: float) -> Floats:
    # A way of so many wavelengths is refused for its waves: no table of points need be laid out first.
    waves = min((stop - start) / wave, _MOST_WAVES)
    return np.linspace(start, stop, max(math.ceil(_PER_WAVE * waves), 8) + 1)


def _rising(values: ArrayLike, key: str, low: float, high: float) -> Floats:
    try:
        found = np.atleast_1d(np.array(values, dtype=np.float64))
    except (TypeError, ValueError):
        raise InputError("is not a list of numbers", key=key, value=repr(values), unit="m") from None
    if found.ndim != 1 or found.size == 0 or not np.all(np.isfinite(found)) or np.any(np.diff(found) <= 0.0):
        raise InputError("is not a rising list of finite lengths", key=key, unit="m")
    edge = 1e-12 * max(abs(low), 1e-3)  # a depth computed as the rim's own, give or take a rounding
    if found[0] < low - edge or found[-1] > high:
        where = "reaches above the rim or below the last layer" if key == "z" else "is negative"
        raise InputError(
            where, key=key, value=f"{found[0]:g} to {found[-1]:g}", allowed=f"{low:.6g} to {high:g}", unit="m"
        )
    return found
