"""Layers and light, checked and laid out as the walk wants them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.devices.spectrum import Spectrum
from tauten.errors import InputError
from tauten.grid import Grid
from tauten.physics.light import effective_attenuation
from tauten.skin.optics import Optics

FAR = 1e30  # stands for an endless layer in single precision
CLEAR = 1e6  # mean free path [m] that stands for none at all


@dataclass(frozen=True, eq=False)
class Scene:
    """Layers and light as the walk wants them."""

    colours: NDArray[np.float64]  # upper limits of each colour's share of the photons
    optics: NDArray[np.float32]  # (colour, layer): mean free path [m], absorbed share, anisotropy
    indices: NDArray[np.float64]  # (colour, above + layers + below)
    planes: NDArray[np.float64]  # depth of each boundary [m]
    absorption: NDArray[np.float64]  # (colour, layer) [1/m]
    returned: float

    @classmethod
    def of(
        cls,
        layers: Sequence[Optics],
        above: ArrayLike,
        below: ArrayLike,
        return_fraction: float,
        spectrum: Spectrum | None,
    ) -> Scene:
        """Return the scene; raises `InputError` for any value out of order."""
        if not layers:
            raise InputError("is empty", key="layers", remedy="Give at least one layer.")
        if not 0.0 <= return_fraction < 1.0:
            raise InputError(
                "is no share", key="return_fraction", value=return_fraction, allowed="0 up to, not with, 1"
            )
        count = 1 if spectrum is None else spectrum.weights.size

        optics, indices, absorptions, planes = [], [_spread(count, "above", above, 1.0, np.inf, "")], [], [0.0]
        for number, layer in enumerate(layers):
            name = f"layers[{number}]"
            thickness, last = float(layer.thickness), number == len(layers) - 1
            if not thickness > 0.0 or (np.isinf(thickness) and not last):
                allowed = "above 0" + ("" if last else "; only the last layer may be endless")
                raise InputError("is out of range", key=f"{name}.thickness", value=thickness, allowed=allowed, unit="m")
            absorption = _spread(count, f"{name}.absorption", layer.absorption, 0.0, np.inf, "1/m")
            scattering = _spread(count, f"{name}.scattering", layer.scattering, 0.0, np.inf, "1/m")
            if np.isinf(thickness) and not np.all(absorption > 0.0):
                raise InputError("must absorb: an endless clear layer never ends", key=f"{name}.absorption", value=0.0)
            total = absorption + scattering
            clear = total < 1.0 / CLEAR
            free = np.where(clear, CLEAR, 1.0 / np.where(clear, 1.0, total))
            share = np.where(clear, 0.0, absorption * free)
            optics.append(np.stack([free, share, _spread(count, f"{name}.anisotropy", layer.anisotropy, -1.0, 1.0, "")], 1))
            indices.append(_spread(count, f"{name}.index", layer.index, 1.0, np.inf, ""))
            absorptions.append(absorption)
            planes.append(planes[-1] + thickness)
        indices.append(_spread(count, "below", below, 1.0, np.inf, ""))
        return cls(
            np.ones(1) if spectrum is None else np.cumsum(spectrum.weights),
            np.ascontiguousarray(np.stack(optics, 1), dtype=np.float32),
            np.ascontiguousarray(np.stack(indices, 1)),
            np.array(planes),
            np.stack(absorptions, 1),
            float(return_fraction),
        )

    @property
    def thickness(self) -> float:
        """Depth of the lowest boundary [m]."""
        return float(self.planes[-1])

    @property
    def absorbs_one_colour(self) -> bool:
        """Whether fluence is density over absorption everywhere."""
        return self.absorption.shape[0] == 1 and bool(np.all(self.absorption > 0.0))

    @property
    def breaks(self) -> NDArray[np.float64]:
        """Boundaries [m], an endless layer cut where no light is left to speak of."""
        if np.isfinite(self.planes[-1]):
            return self.planes
        free, absorbed, anisotropy = (self.optics[:, -1, column].astype(np.float64) for column in range(3))
        reduced = (1.0 - absorbed) / free * (1.0 - anisotropy)
        deepest = max(map(effective_attenuation, self.absorption[:, -1], reduced), key=lambda value: 1.0 / value)
        return np.append(self.planes[:-1], self.planes[-2] + min(12.0 / deepest, 5e-2))

    @property
    def medium(self) -> tuple[NDArray[np.float64], NDArray[np.float32], NDArray[np.float64], NDArray[np.float32]]:
        """What the walk reads."""
        return self.colours, self.optics, self.indices, np.minimum(self.planes, FAR).astype(np.float32)

    def depths(self, grid: Grid) -> NDArray[np.float64]:
        """Edges to score at [m]: the grid's own, the surface and every boundary, so that no cell has two layers."""
        edges = np.union1d(grid.edges[-1], self.planes[np.isfinite(self.planes)])
        if edges[0] < 0.0:
            raise InputError("begins above the surface", key="grid.z", value=float(edges[0]), allowed="0 or more")
        return edges[np.append(True, np.diff(edges) > 1e-9)]

    def layer_of(self, depths: NDArray[np.float64]) -> NDArray[np.intp]:
        """Layer of each cell between `depths`, and of what lies below the last."""
        middle = np.append(0.5 * (depths[1:] + depths[:-1]), depths[-1] + 1e-9)
        return np.clip(np.searchsorted(self.planes, middle, side="right") - 1, 0, self.planes.size - 2)


def _spread(count: int, name: str, values: ArrayLike, low: float, high: float, unit: str) -> NDArray[np.float64]:
    """Return one checked value for each of `count` colours."""
    given = np.asarray(values, dtype=np.float64)
    if given.ndim > 1 or given.size not in (1, count):
        raise InputError(
            "needs one value, or one for each colour of the spectrum", key=name, value=given.shape, allowed=f"({count},)"
        )
    wrong = given[~(np.isfinite(given) & (given >= low) & (given <= high))]
    if wrong.size:
        allowed = f"{low:g} or more" if high == np.inf else f"{low:g} to {high:g}"
        raise InputError("is out of range", key=name, value=float(wrong.flat[0]), allowed=allowed, unit=unit or None)
    return np.array(np.broadcast_to(given, (count,)))
