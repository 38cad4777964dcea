"""Sound in plane layers: plane waves, what they lose and where they turn back, and the exact fields of one bowl.

Phasors turn as exp(+iωt), so a wave that goes down is exp(-i kz z) with Re kz > 0 and Im kz <= 0. Pressures are peak
amplitudes. Functions take floats or arrays alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.references import law
from tauten.skin.acoustics import Acoustics

__all__ = [
    "MEGAHERTZ",
    "Stack",
    "attenuation_at",
    "axial_wavenumber",
    "fubini",
    "heat_of",
    "impedance",
    "intensity",
    "interface_reflection",
    "mechanical_index",
    "oneil_axis",
    "speed_at",
    "stack",
    "wavenumber",
]

MEGAHERTZ = 1.0e6


@law(cite="szabo_1995", valid={"frequency": (1e5, 1e9)})
def attenuation_at(frequency, attenuation, exponent):
    """Attenuation of the pressure [Np/m] at `frequency` [Hz]: α = α₁ (f / 1 MHz)^y.

    `attenuation` α₁ [Np/m] is that at 1 MHz and `exponent` y the power [1].

    >>> round(attenuation_at(7e6, 21.158, 1.0), 3)
    148.106
    """
    return attenuation * (frequency / MEGAHERTZ) ** exponent


@law(cite="szabo_1995", valid={"frequency": (1e5, 1e9)})
def speed_at(frequency, drive, speed, attenuation, exponent):
    """Speed of sound [m/s] that belongs to the power law of attenuation, by the Kramers-Kronig relations.

    1/c(f) = 1/c(f₀) + (α₁/ω₁^y) tan(πy/2) (ω^(y-1) - ω₀^(y-1)), whose limit for y = 1 is
    1/c(f) = 1/c(f₀) - (2/π)(a/2π) ln(f/f₀) with a = α/f; for y = 2 there is none. `speed` [m/s] is that at the `drive`
    frequency f₀ [Hz], `attenuation` α₁ [Np/m] that at 1 MHz.

    >>> round(float(speed_at(14e6, 7e6, 1624.0, 21.158, 1.0)), 3)
    1627.928
    """
    bend = (exponent - 1.0) * np.log(frequency / drive)
    # tan(πy/2) has its pole where the bracket has its root: their product is written so that y = 1 stays finite.
    growth = np.where(np.abs(bend) > 1e-12, np.expm1(bend) / np.where(bend == 0.0, 1.0, bend), 1.0)
    half = 0.5 * np.pi * (exponent - 1.0)
    pole = -half / np.tan(half) if abs(half) > 1e-12 else -1.0  # (y-1) tan(πy/2) = -(y-1)/tan(π(y-1)/2)
    ahead = 2.0 * np.pi * MEGAHERTZ * (drive / MEGAHERTZ) ** (1.0 - exponent)
    slowness = 1.0 / speed + attenuation / ahead * (2.0 / np.pi) * pole * growth * np.log(frequency / drive)
    return 1.0 / slowness


def wavenumber(frequency, layer: Acoustics, drive=None):
    """Complex wavenumber k = ω/c - iα [1/m] of `layer` at `frequency` [Hz].

    Above the `drive` frequency [Hz] speed follows the dispersion of the power law; None leaves it constant.

    >>> round(wavenumber(7e6, Acoustics(1.0, 1500.0, 1000.0, attenuation=0.0)).real, 3)
    29321.531
    """
    speed = layer.speed
    if drive is not None:
        speed = speed_at(frequency, drive, layer.speed, layer.attenuation, layer.exponent)
    return 2.0 * np.pi * frequency / speed - 1j * attenuation_at(frequency, layer.attenuation, layer.exponent)


def axial_wavenumber(wavenumber, transverse, oblique=True):
    """Wavenumber along depth, kz = √(k² - κ²) [1/m], of a plane wave with `transverse` wavenumber κ [1/m].

    Of the two roots the one that fades downward: Im kz <= 0, and Re kz > 0 where the wave travels. Not `oblique`, every
    wave that travels fades as one straight down does, as parabolic codes have it: kz = √(Re k² - κ²) + i Im k.
    """
    k, across = np.asarray(wavenumber, dtype=complex), np.asarray(transverse, dtype=complex)
    root = np.sqrt((k if oblique else k.real + 0j) ** 2 - across**2)
    root = np.where(root.imag > 0.0, -root, root)
    return root if oblique else np.where(root.imag == 0.0, root + 1j * k.imag, root)


def impedance(frequency, density, axial_wavenumber):
    """Impedance of a plane wave along depth, Z = ωρ / kz [Pa s/m]: ρc straight down.

    >>> round(impedance(7e6, 1000.0, 2 * np.pi * 7e6 / 1500.0))
    1500000
    """
    return 2.0 * np.pi * frequency * density / axial_wavenumber


def interface_reflection(impedance_above, impedance_below):
    """Pressure that turns back at an interface, (Z₂ - Z₁) / (Z₂ + Z₁) [1]; 1 plus it goes on.

    >>> round(interface_reflection(1.5e6, 1.8e6), 4)
    0.0909
    """
    return (impedance_below - impedance_above) / (impedance_below + impedance_above)


@dataclass(frozen=True, eq=False)
class Stack:
    """A plane wave of amplitude 1 at the top of the first layer, in every layer of a stack.

    Arrays have shape (layers, waves). In layer j, whose top is at z_j and bottom at z_j + d_j, the pressure is
    down_j exp(-i kz (z - z_j)) + up_j exp(-i kz (z_j + d_j - z)): both factors fade, so thick lossy layers stay finite.
    `axial` kz [1/m], `impedance` ωρ/kz [Pa s/m]. The last layer goes on for ever: nothing comes up in it.
    """

    down: NDArray[np.complex128]
    up: NDArray[np.complex128]
    axial: NDArray[np.complex128]
    impedance: NDArray[np.complex128]


@law(cite="brekhovskikh_1980")
def stack(
    layers: Sequence[Acoustics],
    frequency: float,
    transverse: ArrayLike = 0.0,
    drive: float | None = None,
    oblique: bool = True,
) -> Stack:
    """Return a plane wave of `transverse` wavenumber κ [1/m] in every one of plane `layers`, echoes included.

    By recursion from below (recursive reflection coefficients): Γ_j = (r_j + Γ_{j+1} e) / (1 + r_j Γ_{j+1} e) with
    r_j = (Z_{j+1} - Z_j)/(Z_{j+1} + Z_j) and e = exp(-2i kz_{j+1} d_{j+1}). Loss is in the complex wavenumber, so an
    oblique wave pays for its longer way. `drive` [Hz] switches dispersion on, as in `wavenumber`. Not `oblique`,
    waves fade as in `axial_wavenumber`, and interfaces pass on of each what they do of one straight down. Raises
    nothing.

    >>> water, muscle = Acoustics(1e-3, 1500.0, 1000.0, 0.0), Acoustics(np.inf, 1588.4, 1090.0, 0.0)
    >>> quarter = Acoustics(1600.0 / 28e6, 1600.0, 1250.0, 0.0)
    >>> found = stack([water, quarter, muscle], 7e6)
    >>> float(round(abs(found.down[2, 0]) ** 2 * 1.5e6 / (1588.4 * 1090.0), 6))
    0.954773
    """
    across = np.atleast_1d(np.asarray(transverse, dtype=complex))
    waves = [wavenumber(frequency, layer, drive) for layer in layers]
    axial = np.array([axial_wavenumber(k, across, oblique) for k in waves])
    own = np.array([impedance(frequency, layer.density, kz) for layer, kz in zip(layers, axial, strict=True)])
    z = own if oblique else np.array([[impedance(frequency, a.density, k)] for a, k in zip(layers, waves, strict=True)])
    count = len(layers)
    way = np.ones_like(axial)  # what one way through a layer leaves
    for j, layer in enumerate(layers[:-1]):
        way[j] = np.exp(-1j * axial[j] * layer.thickness)
    echo = np.zeros_like(axial)  # Γ at the bottom of each layer
    for j in range(count - 2, -1, -1):
        r = interface_reflection(z[j], z[j + 1])
        deeper = echo[j + 1] * way[j + 1] ** 2 if j + 2 < count else 0.0
        echo[j] = (r + deeper) / (1.0 + r * deeper)
    down, up = np.zeros_like(axial), np.zeros_like(axial)
    down[0] = 1.0
    for j in range(count - 1):
        arrives = down[j] * way[j]
        up[j] = echo[j] * arrives
        deeper = echo[j + 1] * way[j + 1] ** 2 if j + 2 < count else 0.0
        down[j + 1] = arrives * (1.0 + echo[j]) / (1.0 + deeper)
    return Stack(down, up, axial, own)


def intensity(pressure, density, speed):
    """Time-average intensity of a plane wave of peak `pressure` [Pa], I = |p|² / 2ρc [W/m²].

    >>> round(float(intensity(1e5, 1000.0, 1500.0)), 1)
    3333.3
    """
    return np.abs(pressure) ** 2 / (2.0 * density * speed)


def heat_of(pressure, attenuation, density, speed):
    """Power that one harmonic of peak `pressure` [Pa] loses in a volume, α|p|²/(ρc) [W/m³], its time average.

    Exact for any sum of waves of one frequency, standing ones too: the divergence of Re(p* v)/2 with k = ω/c - iα.
    `attenuation` α [Np/m]; the absorbed share of it is heat.

    >>> round(float(heat_of(1e6, 148.0, 1109.0, 1624.0)) / 1e6, 2)
    82.18
    """
    return attenuation * np.abs(pressure) ** 2 / (density * speed)


@law(cite="oneil_1949")
def oneil_axis(depth, radius, aperture_radius, wavenumber):
    """Pressure on the axis of a bowl over its surface pressure, |2/(1 - z/R) sin(k(r - z)/2)|. [1]

    `depth` z [m] from the apex, curvature `radius` R [m], r = √((z - h)² + a²) the way from the rim, h the rim's depth.
    At z = R its limit k h.

    >>> round(float(oneil_axis(15e-3, 15e-3, 5.5e-3, 2 * np.pi * 7e6 / 1500.0)), 3)
    30.633
    """
    rim = radius - np.sqrt(radius**2 - aperture_radius**2)
    away = np.sqrt((np.asarray(depth) - rim) ** 2 + aperture_radius**2)
    # r - z = 2h(R - z)/(r + z): written so, the root at z = R cancels and the focus needs no branch.
    half = wavenumber * rim * (radius - depth) / (away + depth)
    return np.abs(2.0 * radius * wavenumber * rim / (away + depth) * np.sinc(half / np.pi))


@law(cite="fubini_1935", valid={"normalised_distance": (0.0, 1.0)})
def fubini(normalised_distance, harmonic, bessel):
    """Amplitude of one `harmonic` n of a plane wave before its shock over the first amplitude, 2 Jn(nσ)/(nσ). [1]

    `normalised_distance` σ = β ω p₀ z / ρc³ is the way over that to the shock, without unit; `bessel` is Jn(nσ).

    >>> round(float(fubini(0.5, 1, 0.24226845767487388)), 4)
    0.9691
    """
    return 2.0 / (harmonic * normalised_distance) * bessel


@law(cite="iec_62359")
def mechanical_index(peak_negative, frequency):
    """Mechanical index, `peak_negative` (rarefactional) pressure [Pa] over the root of `frequency` [Hz]: MPa/√MHz. [1]

    The standard asks for the pressure derated by 0.3 dB/cm/MHz where it is largest on the axis.

    >>> float(mechanical_index(2e6, 4e6))
    1.0
    """
    return peak_negative / MEGAHERTZ / np.sqrt(frequency / MEGAHERTZ)
