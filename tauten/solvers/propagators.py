"""What a one-way march needs of the head and the stack alone: nodes, start, and factors from plane to plane.

Nothing here depends on the pressure, so every power shares it: `prepare` keeps the latest ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.transducer import Piston, Transducer
from tauten.errors import InputError, TooLarge
from tauten.physics.sound import attenuation_at, axial_wavenumber, heat_of, impedance, interface_reflection, wavenumber
from tauten.skin.acoustics import Acoustics
from tauten.solvers.hankel import Hankel, hankel
from tauten.solvers.planewaves import source_spectrum

__all__ = ["CEILING", "Propagators", "prepare"]

CEILING = 64
"""Most harmonics unless more are asked for."""

_GRAZING = 0.2
"""Least cosine of a plane wave that is marched.

Flatter ones, and evanescent ones, carry next to nothing of a focused beam to its focus, while 1/kz has its pole there,
which a sum over nodes does not see, and what they carry sideways would come back from the edge of the grid.
"""
_RESOLUTION = 14.4
"""Largest transverse wavenumber over that of the aperture's edge wave, k sin θ: spots of high harmonics are narrow."""
_MOST_NODES = 1184
"""Nodes in radius: no more zeros of J₀ are to be had, and a march takes as long as the square of their number."""
_MARGIN = 1.18
"""Radius of the grid over that of the aperture, where the beam gets no wider."""
_RIM, _SPONGE = 0.88, 1e4
"""Past this share of its radius the grid takes waves up, by as much per metre at its edge.

They are edge waves on their way out, 1.5 % of a bowl's power; the hard edge would send them back to the focus, where
they put 7 % on the axis. With it the axis is O'Neil's to 0.3 % beyond two thirds of the way.
"""
_FADING = 1e-9
"""Factors below this are put to zero: what is left of them would be denormal numbers, ten times slower."""

_ROOM = 64
"""Factors kept for one head and stack, 0.16 MB each at 64 harmonics and 320 nodes: cells of four layers need 30."""

Floats = NDArray[np.floating]
Factor = tuple[Floats, Floats]


@dataclass(frozen=True, eq=False)
class Propagators:
    """Plane waves of every harmonic in every layer of a stack, under one head.

    `spectrum` is the start at the plane of the rim for a surface pressure of 1, scaled as `hankel` says, `matrix` its
    transform; `axial` kz
    [1/m] has shape (layers, harmonics, nodes), `band` says which of them are marched. `depths` [m] are those of the
    interfaces from the apex, `end` [m] where the march stops, `steps` [m] the longest cell of each layer. `widths`
    counts the nodes of every pair of harmonics up to the last wave that travels in any layer.
    """

    layers: tuple[Acoustics, ...]
    transducer: Transducer
    hankel: Hankel
    spectrum: NDArray[np.complex128]
    matrix: Floats
    axial: NDArray[np.complex128]
    band: NDArray[np.bool_]
    depths: tuple[float, ...]
    end: float
    steps: tuple[float, ...]
    drive: float | None
    widths: NDArray[np.int64]
    oblique: bool = True
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    @property
    def ceiling(self) -> int:
        """Harmonics there are factors for."""
        return int(self.axial.shape[1])

    @property
    def dtype(self) -> np.dtype[np.floating]:
        """Precision of the march."""
        return self.matrix.dtype

    def half(self, layer: int, distance: float) -> Factor:
        """Return what `distance` [m] in a layer leaves of every plane wave: exp(-i kz d), real and imaginary part."""
        return self._keep(("half", layer, round(distance * 1e12)), lambda: self._half(layer, distance))

    def through(self, layer: int) -> Factor:
        """Return what the interface below `layer` passes on of every plane wave's pressure, 1 + (Z₂ - Z₁)/(Z₂ + Z₁)."""
        return self._keep(("through", layer), lambda: self._through(layer))

    def rim(self, width: float) -> Floats:
        """Return what `width` [m] leaves of the outermost rows."""
        return self._keep(("rim", round(width * 1e12)), lambda: self._rim(width))

    def share(self, layer: int, *, inside: bool = True) -> Floats:
        """Return the power along depth [W] of each plane wave of scaled pressure 1 `inside` the band, or outside it."""
        return self._keep(("share", layer, inside), lambda: self._share(layer, inside))

    def power(self, layer: int) -> Floats:
        """Return the power [W] of each plane wave of scaled pressure 1 in the band, across the way it goes."""
        return self._keep(("power", layer), lambda: self._power(layer))

    def secant(self, layer: int) -> Floats:
        """Return the way of each plane wave over the depth it gains, 1/cos θ; 1 outside the band."""
        return self._keep(("secant", layer), lambda: self._secant(layer))

    def losses(self, layer: int, width: float) -> Factor:
        """Return the heat [W/m³/Pa²] of a cell for |Pₙ|² in its middle, as it is before and after steepening there.

        What the half before has lost is more than the middle tells, what the half after loses is less: without that, a
        cell of 50 µm would miss 4 % of harmonic 64 in skin.
        """
        return self._keep(("losses", layer, round(width * 1e12)), lambda: self._losses(layer, width))

    def _keep(self, key: tuple[Any, ...], make: Any) -> Any:
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > _ROOM:
                self._kept.clear()
            found = self._kept[key] = make()
        return found

    def _half(self, layer: int, distance: float) -> Factor:
        factor = np.exp(-1j * self.axial[layer] * distance)
        factor[~self.band[layer] | (np.abs(factor) < _FADING)] = 0.0
        return self._apart(factor)

    def _through(self, layer: int) -> Factor:
        order = self.transducer.frequency * np.arange(1, self.ceiling + 1)[:, None]
        # Not oblique, all pass as the node nearest to straight down does: less than a degree from it.
        above, below = (self.axial[j] if self.oblique else self.axial[j][:, :1] for j in (layer, layer + 1))
        above = impedance(order, self.layers[layer].density, above)
        below = impedance(order, self.layers[layer + 1].density, below)
        passed = np.broadcast_to(1.0 + interface_reflection(above, below), self.axial[layer].shape)
        return self._apart(passed)

    def _losses(self, layer: int, width: float) -> Factor:
        medium, order = self.layers[layer], np.arange(1, self.ceiling + 1)
        loss = attenuation_at(order * self.transducer.frequency, medium.attenuation, medium.exponent)
        mean, way = heat_of(1.0, loss, medium.density, medium.speed), np.maximum(loss * width, 1e-9)
        # No wave is left in the middle of a cell that takes e⁴²: past that the heat before it counts nothing.
        entry, leave = 0.5 * mean * np.expm1(np.minimum(way, 50.0)) / way, -0.5 * mean * np.expm1(-way) / way
        return entry.astype(self.dtype), leave.astype(self.dtype)

    def _power(self, layer: int) -> Floats:
        medium = self.layers[layer]
        power = 2.0 * np.pi * self.hankel.radius**2 / (self.hankel.span**2 * medium.density * medium.speed)
        return (power * self.band[layer]).astype(self.dtype)

    def _secant(self, layer: int) -> Floats:
        ones = np.ones(self.band[layer].shape, dtype=self.dtype)
        return np.divide(self.power(layer), self.share(layer), out=ones, where=self.band[layer])

    def _rim(self, width: float) -> Floats:
        out = (self.hankel.r / self.hankel.radius - _RIM) / (1.0 - _RIM)
        return np.exp(-_SPONGE * width * out[out > 0.0]).astype(self.dtype)

    def _apart(self, factor: NDArray[np.complexfloating]) -> Factor:
        return factor.real.astype(self.dtype), factor.imag.astype(self.dtype)

    def _share(self, layer: int, inside: bool) -> Floats:
        order = 2.0 * np.pi * self.transducer.frequency * np.arange(1, self.ceiling + 1)[:, None]
        weight = 2.0 * np.pi * self.hankel.radius**2 / self.hankel.span**2
        share = weight * self.axial[layer].real / (order * self.layers[layer].density)
        share[self.band[layer] != inside] = 0.0
        return share.astype(self.dtype)


def prepare(
    layers: tuple[Acoustics, ...],
    transducer: Transducer,
    *,
    dispersion: bool = True,
    depth: float | None = None,
    ceiling: int = CEILING,
    step: float = 1.0,
    nodes: int | None = None,
    oblique: bool = True,
    dtype: str = "float32",
) -> Propagators:
    """Return what every march of this head through these layers shares; the latest are kept, whatever the power.

    `depth` [m] from the apex is where the march stops: by default well beyond the focus, or half as far again as a
    piston's last maximum. `ceiling` is the most harmonics, `step` scales the cells, `nodes` is the count in radius.
    `oblique=False` lets every wave lose, pass and steepen as one straight down does, as parabolic codes have it (a bowl
    of F 1.36 then keeps 5 % more heat behind 4 mm of skin); power then does not add up. Raises `InputError` where the
    rim lies below the first layer, or the march would leave the stack, and `TooLarge` for a field that takes more than
    1184 nodes.
    """
    return _prepare(tuple(layers), transducer, dispersion, depth, ceiling, step, nodes, oblique, dtype)


@lru_cache(maxsize=4)
def _prepare(
    layers: tuple[Acoustics, ...],
    transducer: Transducer,
    dispersion: bool,
    depth: float | None,
    ceiling: int,
    step: float,
    nodes: int | None,
    oblique: bool,
    dtype: str,
) -> Propagators:
    frequency, aperture = transducer.frequency, transducer.aperture_radius
    if not layers:
        raise InputError("are missing", key="layers", remedy="Name at least the medium the head stands in.")
    length = layers[0].speed / frequency
    narrow = 0.0 if isinstance(transducer, Piston) else 0.5 * transducer.radius / aperture
    if depth is None:
        depth = 1.5 * aperture**2 / length if not narrow else transducer.focus + 12.0 * length * narrow**2
    bottoms = np.cumsum([layer.thickness for layer in layers])
    if not transducer.depth < bottoms[0]:
        raise InputError(
            "ends above the rim of the head", key="layers.thickness", value=f"{layers[0].thickness:g}",
            allowed=f"above {transducer.depth:g}", unit="m",
        )  # fmt: skip
    if not transducer.depth < depth <= bottoms[-1]:
        raise InputError(
            "lies outside the stack", key="depth", value=f"{depth:g}",
            allowed=f"{transducer.depth:g} to {bottoms[-1]:g}", unit="m",
        )  # fmt: skip
    k = 2.0 * math.pi * frequency / layers[0].speed
    # Behind a focus the beam opens again, and a piston's spreads by λ/a all the way.
    opens = 1.5 * length / aperture * depth if not narrow else aperture * max(0.0, depth / transducer.focus - 2.0)
    radius = _MARGIN * aperture + opens
    if nodes is None:
        edge = aperture / math.hypot(aperture, max(1e-9, transducer.focus - transducer.depth)) if narrow else 0.2
        nodes = int(max(128, _RESOLUTION * k * max(edge, 0.2) * radius / math.pi))
    nodes = 32 * math.ceil(nodes / 32)
    if nodes > _MOST_NODES:
        raise TooLarge(
            f"are needed for the harmonics of a field {2.0 * radius / length:.0f} wavelengths across", key="nodes",
            value=nodes, allowed=f"up to {_MOST_NODES}",
            remedy="Take a narrower aperture, a lower frequency, a depth nearer to the focus, or harmonics=1.",
        )  # fmt: skip
    grid = hankel(radius, nodes)
    drive = frequency if dispersion else None
    order = np.arange(1, ceiling + 1)
    waves = np.array([wavenumber(order * frequency, layer, drive) for layer in layers])
    axial = axial_wavenumber(waves[:, :, None], grid.transverse, oblique)
    band = axial.real > _GRAZING * np.abs(waves)[:, :, None]
    spectrum = np.zeros(nodes, dtype=np.complex128)
    sent = axial[0, 0].real > 0.02 * abs(waves[0, 0])  # flatter ones are booked as out of band, without their pole
    spectrum[sent] = source_spectrum(transducer, grid.transverse[sent], axial[0, 0, sent], complex(waves[0, 0]))
    spectrum[sent] /= axial[0, 0, sent] * grid.scale[sent]
    spectrum *= grid.span / radius**2
    travels = (grid.transverse < waves.real.max(axis=0)[:, None]).sum(axis=1)
    widths = np.minimum(nodes, 4 * -(-travels[1::2] // 4)) if ceiling > 1 else np.array([nodes])
    # Cells follow the length of the focus, λF², and halve where the wave steepens fast.
    water = step * min(2e-4, max(2e-5, 0.25 * length * narrow**2)) if narrow else step * 2e-4
    steps = (water, *[0.5 * water] * (len(layers) - 1))
    return Propagators(
        layers, transducer, grid, spectrum, grid.matrix.astype(dtype), axial, band, tuple(bottoms[:-1].tolist()), depth,
        steps, drive, widths, oblique,
    )  # fmt: skip
