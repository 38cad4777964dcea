"""Sound in plane layers against the exact fields of bowl, ring and piston, and the exact laws of layered media."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from tauten.physics import sound
from tauten.solvers.beams import Acoustics, Bowl, Piston, Ring, Sound, radiate
from tauten.solvers.output import width_at
from tauten.solvers.quadrature import gauss_legendre
from tauten.validation.case import Check, Claim
from tauten.validation.metrics import focal_size, l2, linf

__all__ = ["CLAIMS"]

_WATER = Acoustics(math.inf, 1500.0, 1000.0, 0.0)
_BOWL = Bowl(15e-3, 5.5e-3, 7e6)
_ONEIL = "O'Neil 1949, doi:10.1121/1.1906542"
_MEDIA = "exact: Brekhovskikh 1980, Waves in Layered Media"


def _skin(thickness: float) -> Acoustics:
    return Acoustics(thickness, 1624.0, 1109.0, 21.158)


def _fat(thickness: float) -> Acoustics:
    return Acoustics(thickness, 1440.2, 911.0, 4.36, 1.086)


_MUSCLE = Acoustics(math.inf, 1588.4, 1090.0, 7.11, 1.092)
_FACE = (Acoustics(10.5e-3, 1500.0, 1000.0, 0.025, 2.0), _skin(1.8e-3), _fat(2.2e-3), _MUSCLE)
"""A bowl's focus 4.5 mm under the skin: layers with the speeds, densities and losses of the IT'IS tissue database."""


def _axis(transducer: Bowl | Ring | Piston, z: NDArray[np.float64], layer: Acoustics = _WATER) -> NDArray[np.float64]:
    """Return |p| / p0 on the axis."""
    return np.abs(radiate([layer], transducer, surface_pressure=1.0, harmonics=1, r=[0.0], z=z).pressure[0, 0])


def _oneil() -> Iterator[Check]:
    k = 2.0 * math.pi * _BOWL.frequency / _WATER.speed
    z = np.linspace(4e-3, 25e-3, 2101)
    found, exact = _axis(_BOWL, z), sound.oneil_axis(z, _BOWL.radius, _BOWL.aperture_radius, k)
    yield Check("axis from 4 to 25 mm, L2", l2(found, exact), 0.0, 1e-3, "1", _ONEIL, "0.1 %")  # fmt: skip
    yield Check("axis from 4 to 25 mm, Linf", linf(found, exact), 0.0, 1e-3, "1", _ONEIL, "0.1 %")
    fine = np.linspace(14.7e-3, 14.9e-3, 401)
    near = _axis(_BOWL, fine)
    yield Check("largest pressure over the surface's", float(near.max()), 30.813, 5e-4 * 30.813, "1", _ONEIL, "0.05 %")
    yield Check("its way before the centre of curvature", 1e3 * float(_BOWL.radius - fine[near.argmax()]), 0.180, 0.001,
                "mm", _ONEIL, "half a unit of the last printed digit and the step of 0.5 µm")  # fmt: skip
    for megahertz, gain in ((4, 17.504), (7, 30.633), (10, 43.761)):
        bowl = Bowl(15e-3, 5.5e-3, megahertz * 1e6)
        found = _axis(bowl, np.array([bowl.radius]))
        yield Check(f"gain at the centre of curvature, {megahertz} MHz", float(found[0]), gain, 1e-3 * gain, "1",
                    _ONEIL + ": k h", "0.1 %")  # fmt: skip


def _focus() -> Iterator[Check]:
    r = np.linspace(0.0, 1e-3, 401)
    for megahertz, width in ((4, 0.716), (7, 0.4093), (10, 0.2865)):
        bowl = Bowl(15e-3, 5.5e-3, megahertz * 1e6)
        field = radiate([_WATER], bowl, surface_pressure=1.0, harmonics=1, r=r, z=[bowl.radius])
        half = np.abs(field.pressure[0, :, 0])
        found = 1e3 * width_at(np.concatenate([half[:0:-1], half]), np.concatenate([-r[:0:-1], r]), 0.5)
        yield Check(f"full -6 dB width at the centre of curvature, {megahertz} MHz", found, width, 0.01 * width, "mm",
                    "Rayleigh integral of the bowl", "1 %; the paraxial 2J1(x)/x gives 0.412 mm at 7 MHz")  # fmt: skip
    z = np.linspace(8e-3, 25e-3, 1701)
    yield Check("-6 dB length along the axis, 7 MHz", 1e3 * focal_size(_axis(_BOWL, z), z), 3.680, 0.01 * 3.680, "mm",
                _ONEIL, "1 %")  # fmt: skip


def _shapes() -> Iterator[Check]:
    z = np.linspace(3e-3, 25e-3, 441)
    ring, inner = Ring(15e-3, 2e-3, 5.5e-3, 7e6), Bowl(15e-3, 2e-3, 7e6)
    fields = [radiate([_WATER], t, surface_pressure=1.0, harmonics=1, r=[0.0, 5e-4, 2e-3], z=z) for t in
              (ring, _BOWL, inner)]  # fmt: skip
    whole, hole = fields[1].pressure[0], fields[2].pressure[0]
    yield Check("ring against the difference of two bowls, Linf", linf(fields[0].pressure[0], whole - hole), 0.0, 1e-6,
                "1", "superposition", "the quadrature's 1e-6")  # fmt: skip
    piston = Piston(3e-3, 4e6)
    k, a = 2.0 * math.pi * piston.frequency / _WATER.speed, piston.aperture_radius
    z = np.linspace(1e-3, 60e-3, 2000)
    exact = 2.0 * np.abs(np.sin(0.5 * k * (np.sqrt(z**2 + a**2) - z)))
    yield Check("piston's axis, Linf", linf(_axis(piston, z), exact), 0.0, 1e-5, "1",
                "exact: 2 |sin(k/2 (√(z² + a²) - z))|", "1e-5: the quadrature's 1e-6 and room")  # fmt: skip


def _stacks() -> Iterator[Check]:
    muscle = Acoustics(math.inf, 1588.4, 1090.0, 0.0)
    first = Acoustics(1e-3, 1500.0, 1000.0, 0.0)
    quarter = 1600.0 / 7e6 / 4.0
    match = math.sqrt(1.5e6 * 1588.4 * 1090.0)
    cases = {
        "quarter wave of 2.0 MRayl": ([Acoustics(quarter, 1600.0, 2.0e6 / 1600.0, 0.0)], 0.954773),
        "quarter wave that matches": ([Acoustics(quarter, 1600.0, match / 1600.0, 0.0)], 1.0),
        "skin 1.8 mm, fat 2.2 mm": (
            [Acoustics(1.8e-3, 1624.0, 1109.0, 0.0), Acoustics(2.2e-3, 1440.2, 911.0, 0.0)], 0.875490
        ),
    }  # fmt: skip
    for name, (between, expected) in cases.items():
        found = sound.stack([first, *between, muscle], 7e6)
        share = float(np.abs(found.down[-1, 0]) ** 2 * (found.impedance[0, 0] / found.impedance[-1, 0]).real)
        yield Check(f"water | {name} | muscle, power passed", share, expected, 1e-6, "1", _MEDIA, "its printed digits")
    for name, loss in (("lossless", 0.0), ("with loss", 1.0)):
        layers = [Acoustics(a.thickness, a.speed, a.density, loss * a.attenuation, a.exponent) for a in _FACE]
        worst = max(stack_imbalance(layers, 7e6, angle) for angle in np.radians([0.0, 10.0, 22.0, 45.0, 70.0, 85.0]))
        yield Check(f"skin, fat and muscle {name}, 0 to 85 degrees: energy", worst, 0.0, 1e-9, "1",
                    "conservation: flux in - flux out = integral of α|p|²/ρc", "1e-9")  # fmt: skip


def stack_imbalance(layers: Sequence[Acoustics], frequency: float, angle: float) -> float:
    """Return how far the flux into a stack misses what its layers lose and its last layer carries on, relative. [1]

    One plane wave of `frequency` [Hz] comes down at `angle` [rad] to the normal of the first layer. Losses are read
    from the pressure by quadrature, fluxes from pressure and velocity: they share no formula.
    """
    k = sound.wavenumber(frequency, layers[0])
    found = sound.stack(layers, frequency, k.real * math.sin(angle))
    lost, flux = 0.0, []
    for j, layer in enumerate(layers):
        kz, z = found.axial[j, 0], found.impedance[j, 0]
        thickness = layer.thickness if j + 1 < len(layers) else 0.0
        nodes, weights = gauss_legendre(40 + int(2.0 * abs(kz) * thickness))
        at = 0.5 * thickness * (nodes + 1.0)
        down, up = found.down[j, 0] * np.exp(-1j * kz * at), found.up[j, 0] * np.exp(-1j * kz * (thickness - at))
        alpha = sound.attenuation_at(frequency, layer.attenuation, layer.exponent)
        lost += float(0.5 * thickness * weights @ sound.heat_of(down + up, alpha, layer.density, layer.speed))
        top_down, top_up = found.down[j, 0], found.up[j, 0] * np.exp(-1j * kz * thickness)
        flux.append(float(0.5 * ((top_down + top_up) * np.conj((top_down - top_up) / z)).real))
    # A wave's own flux in the first layer is the yardstick: what is left of it may be a small difference.
    return abs(flux[0] - lost - flux[-1]) / float(0.5 * (1.0 / found.impedance[0, 0]).real)


def _power() -> Iterator[Check]:
    heads: dict[str, Bowl | Ring | Piston] = {
        "bowl": _BOWL, "ring": Ring(15e-3, 2e-3, 5.5e-3, 7e6), "piston": Piston(5e-3, 4e6)
    }  # fmt: skip
    for name, head in heads.items():
        field = radiate([_WATER], head, surface_pressure=1e5, harmonics=1, r=[0.0, 1e-3], z=[head.depth + 2e-3])
        expected = 1e10 / (2.0 * 1000.0 * 1500.0) * head.area
        yield Check(f"{name}: power through a plane", field.passed, expected, 0.01 * expected, "W",
                    "p0² / 2ρc times the curved area", "1 %; holds for sources of many wavelengths")  # fmt: skip
    for name, layers in (("water, skin, fat, muscle", _FACE), ("loss from the surface on", (_skin(math.inf),))):
        field = radiate(layers, _BOWL, power=3.0, harmonics=1)
        shares = field.absorbed + field.scattered + field.passed + field.reflected
        yield Check(f"{name}: absorbed + scattered + passed + reflected", shares, 3.0, 0.03, "W", "conservation", "1 %")
    share = _added_up(radiate(_FACE, _BOWL, power=3.0, harmonics=1))
    yield Check("heat of skin and below, added up over the field", share, 1.0, 0.01, "1",
                "the same loss by the flux through planes", "1 %: the field ends 6.9 mm from the axis")  # fmt: skip


def _harmonics() -> Iterator[Check]:
    layers = [replace(a, nonlinearity=b) for a, b in zip(_FACE, (3.5, 4.5, 6.0, 4.7), strict=True)]
    r, z = np.linspace(0.0, 2e-3, 101), np.linspace(10.5e-3, 18.5e-3, 401)
    weak, linear = (radiate(layers, _BOWL, power=0.01, harmonics=n, r=r, z=z) for n in (None, 1))
    off = float(np.abs(weak.heat - linear.heat).max() / linear.heat.max())
    yield Check(
        "0.01 W: what harmonics change of the heat, of its largest", off, 0.0, 0.005, "1", "linear limit", "0.5 %"
    )
    for power in (0.01, 3.0, 12.0, 60.0):
        field = weak if power == 0.01 else radiate(layers, _BOWL, power=power, r=r, z=z)
        shares = (field.absorbed + field.scattered + field.passed + field.reflected) / power
        yield Check(f"{power:g} W: absorbed + scattered + passed + reflected", shares, 1.0, 0.01, "1", "conservation",
                    f"1 %; {field.harmonics} harmonics")  # fmt: skip


def _added_up(field: Sound) -> float:
    """Return the heat of a field below its first layer, summed over its points, over what the fluxes say."""
    below = field.z > field.tops[1]
    z, heat = field.z[below], field.heat[:, below]
    rings = np.trapezoid(heat * 2.0 * math.pi * field.r[:, None], field.r, axis=0)
    return float(np.trapezoid(rings, z)) / sum(field.absorbed_in[1:])


CLAIMS: tuple[Claim, ...] = (
    Claim("Sound: a bowl's axis is O'Neil's", _oneil, 0.5),
    Claim("Sound: width and length of a bowl's focus", _focus, 0.5),
    Claim("Sound: ring and piston", _shapes, 0.5),
    Claim("Sound: power through stacks of layers, straight and oblique", _stacks, 0.1),
    Claim("Sound: power adds up", _power, 1.0),
    Claim("Sound: harmonics keep the power and the linear limit", _harmonics, 5.0),
)
