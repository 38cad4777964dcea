"""Current in tissue: what electrodes of simple shape meet, how a stack shares its power, what heat follows.

Quasi-static fields, ∇·((σ + iωε₀ε) ∇φ) = 0 with exp(+iωt). Fields and voltages are RMS unless a name says peak: heat is
σ|E|² with the one and σ|E|²/2 with the other. Functions take floats or arrays alike; those of warmth and water, which
the loop over cells compiles, are scalar.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tauten.checks import number
from tauten.errors import InputError
from tauten.references import law
from tauten.skin.dielectrics import (
    VACUUM_PERMITTIVITY,
    cole_cole,
    conductivity_factor,
    drying_factor,
    permittivity_of,
)

__all__ = [
    "VACUUM_PERMITTIVITY",
    "capacitive_admittivity",
    "cole_cole",
    "conductivity_factor",
    "disc_current_share",
    "disc_resistance",
    "dry_permittivity",
    "drying_factor",
    "heat_of",
    "heat_of_peak",
    "kohlrausch_rise",
    "pair_resistance",
    "permittivity_of",
    "sphere_heat",
    "sphere_resistance",
    "sphere_rise",
    "stack_impedance",
    "stack_shares",
]


def heat_of(conductivity, field_rms):
    """Time-average heat of an RMS field: σ|E|². [W/m³]

    `conductivity` σ [S/m], the real part of an admittivity; `field_rms` |E| [V/m].

    >>> round(float(heat_of(0.5, 1000.0)))
    500000
    """
    return conductivity * np.abs(field_rms) ** 2


def heat_of_peak(conductivity, field_peak):
    """Time-average heat of a sine field of peak amplitude `field_peak` |E| [V/m]: σ|E|²/2. [W/m³]

    `conductivity` σ [S/m].

    >>> round(float(heat_of_peak(0.5, 1000.0 * 2**0.5)))
    500000
    """
    return 0.5 * conductivity * np.abs(field_peak) ** 2


def capacitive_admittivity(frequency, permittivity):
    """Admittivity iωε₀ε [S/m] of a sheet that does not conduct, of relative `permittivity` ε, at `frequency` [Hz].

    >>> round(capacitive_admittivity(6.78e6, 3.4).imag, 6)
    0.001282
    """
    return 2j * np.pi * frequency * VACUUM_PERMITTIVITY * permittivity


def dry_permittivity(permittivity, dry, factor):
    """Relative permittivity of drying tissue: ε∞ + (ε - ε∞) f. [1]

    `permittivity` ε of the moist tissue, `dry` ε∞ of what does not relax, and `factor` f of its conductivity that is
    left. A product choice: the relaxations are those of water and of what it wets. One scalar.

    >>> dry_permittivity(54.0, 4.0, 0.01)
    4.5
    """
    return dry + (permittivity - dry) * factor


@law(cite="smythe_1950")
def disc_resistance(radius, conductivity):
    """Resistance of a disc on the face of a half-space to a return far away: 1 / (4 σ a). [ohm]

    `radius` a [m], `conductivity` σ [S/m]; complex admittivity gives the impedance.

    >>> round(disc_resistance(1e-3, 0.22), 3)
    1136.364
    """
    return 1.0 / (4.0 * conductivity * radius)


@law(cite="newman_1966")
def disc_current_share(distance, radius):
    """Share of a disc's current that leaves it nearer than `distance` r [m] to its centre: 1 - √(1 - (r/a)²). [1]

    `radius` a [m]. The density is J / 2√(1 - (r/a)²), half the mean J at the centre and without bound at the rim.

    >>> round(float(disc_current_share(0.5e-3, 1e-3)), 5), round(float(disc_current_share(0.9e-3, 1e-3)), 5)
    (0.13397, 0.56411)
    """
    return 1.0 - np.sqrt(1.0 - (distance / radius) ** 2)


@law(cite="smythe_1950")
def sphere_resistance(radius, conductivity):
    """Resistance of a sphere in endless tissue to a return far away: 1 / (4 π σ a). [ohm]

    `radius` a [m], `conductivity` σ [S/m].

    >>> round(float(sphere_resistance(0.5e-3, 0.22)), 2)
    723.43
    """
    return 1.0 / (4.0 * np.pi * conductivity * radius)


@law(cite="smythe_1950")
def sphere_heat(distance, radius, conductivity, volts):
    """Heat round a sphere at RMS `volts` V [V] against far away: σ V² a² / r⁴. [W/m³]

    `distance` r [m] from its centre, `radius` a [m], `conductivity` σ [S/m].

    >>> round(float(sphere_heat(0.5e-3, 0.5e-3, 0.22, 10.0)) / 1e6, 6)
    88.0
    """
    return conductivity * volts**2 * radius**2 / distance**4


@law(cite="carslaw_jaeger_1959")
def sphere_rise(distance, radius, conductivity, thermal_conductivity, volts):
    """Steady rise round a sphere that takes no heat, without perfusion: (σV²/k) (a/r - a²/2r²). [K]

    `distance` r [m] from its centre, `radius` a [m], `conductivity` σ [S/m], `thermal_conductivity` k [W/m/K], RMS
    `volts` V [V]. On the sphere it is σV²/2k whatever the radius.

    >>> [round(sphere_rise(n * 0.5e-3, 0.5e-3, 0.22, 0.37, 10.0), 4) for n in (1, 2, 4)]
    [29.7297, 22.2973, 13.0068]
    """
    near = radius / distance
    return conductivity * volts**2 / thermal_conductivity * (near - 0.5 * near**2)


@law(cite="smythe_1950")
def pair_resistance(distance, radius, conductivity, length):
    """Resistance between two parallel round needles through a slab: arcosh(d / 2r) / (π σ L). [ohm]

    `distance` d [m] between their axes, `radius` r [m], `conductivity` σ [S/m], `length` L [m] of both in the slab,
    whose faces are insulated and whose sides are far away.

    >>> round(float(pair_resistance(1e-3, 0.15e-3, 0.221, 1.0)), 4)
    2.6989
    """
    return np.arccosh(distance / (2.0 * radius)) / (np.pi * conductivity * length)


def stack_impedance(thicknesses: Sequence[float], admittivities: Sequence[complex]) -> complex:
    """Impedance times area of plane layers between wide electrodes: Z A = Σ dᵢ / yᵢ. [ohm m²]

    `thicknesses` d [m], `admittivities` y = σ + iωε₀ε [S/m] from the top down. Raises `InputError` for lists of
    different length, a thickness of nothing or a layer that does not pass current.

    >>> round(stack_impedance([1e-3, 5e-3], [0.2, 0.025]), 6)
    0.205
    """
    d, y = _stack(thicknesses, admittivities)
    found = complex((d / y).sum())
    return found if found.imag else found.real


def stack_shares(thicknesses: Sequence[float], admittivities: Sequence[complex]) -> NDArray[np.float64]:
    """Share of the power that each of plane layers between wide electrodes turns into heat: Re(dᵢ/yᵢ) / Re(Z A). [1]

    As σ d / |y|² of each, for the current is the same in all. `thicknesses` d [m] and `admittivities` y [S/m] as for
    `stack_impedance`, which raises the same.

    >>> stack_shares([1e-3, 1e-3], [0.3, 0.1]).round(6).tolist()
    [0.25, 0.75]
    """
    d, y = _stack(thicknesses, admittivities)
    part = (d / y).real
    if not part.sum() > 0.0:
        raise InputError("turns nothing into heat", key="admittivities", allowed="at least one layer that conducts")
    return part / part.sum()


@law(cite="kohlrausch_1900")
def kohlrausch_rise(volts, conductivity, thermal_conductivity, coefficient=0.0):
    """Largest steady rise of tissue under RMS `volts` V [V]: (exp(b σ V² / 2k) - 1) / b, σV²/2k for b = 0. [K]

    Kohlrausch's relation, ∫ k/σ dT = V²/2 from the cold electrode to the hottest place, holds for any shape whose hot
    electrode and other walls pass no heat, without perfusion. `conductivity` σ [S/m] when cold, rising by `coefficient`
    b [1/K] of itself, `thermal_conductivity` k [W/m/K]. One scalar.

    >>> round(float(kohlrausch_rise(10.0, 0.22, 0.37, 0.02)), 3), round(float(kohlrausch_rise(10.0, 0.22, 0.37)), 3)
    (40.615, 29.73)
    """
    rise = conductivity * volts**2 / (2.0 * thermal_conductivity)
    return np.expm1(coefficient * rise) / coefficient if coefficient else rise


def _stack(
    thicknesses: Sequence[float], admittivities: Sequence[complex]
) -> tuple[NDArray[np.float64], NDArray[np.complex128]]:
    d, y = np.asarray(thicknesses, dtype=np.float64), np.asarray(admittivities, dtype=np.complex128)
    if d.ndim != 1 or d.shape != y.shape or d.size == 0:
        raise InputError(
            "does not name one value a layer", key="admittivities", value=f"{y.shape}", allowed=f"{d.shape}"
        )
    for thickness in d:
        number(float(thickness), "thicknesses", 0.0, unit="m", open_low=True)
    for one in y:
        if not (np.isfinite(one) and one.real >= 0.0 and abs(one) > 0.0):
            raise InputError("passes no current", key="admittivities", value=f"{one:g}", allowed="Re >= 0 and not 0")
    return d, y
