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
from tauten.solvers.lanes.core import ASYMMETRY, COLUMNS, FLOOR, INDEX, PATH, ROOF, TAKEN

_FAR = 1e30
"""Depth [m] that stands for the floor of an endless layer in single precision."""

CLEAR = 1e6
"""Mean free path [m] that stands for none at all."""


@dataclass(frozen=True, eq=False)
class Scene:
    """What the photons find: `media` (colour, layer, column), with one layer more above and below the tissue's own.

    `colours` are each colour's upper limit of a uniform number, `planes` the depths of the boundaries [m], `absorption`
    (colour, layer) [1/m], `returned` the share of the light leaving upward that comes back.
    """

    colours: NDArray[np.float64]
    media: NDArray[np.float64]
    planes: NDArray[np.float64]
    absorption: NDArray[np.float64]
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
            allowed = "0 up to, not with, 1"
            raise InputError("is no share", key="return_fraction", value=return_fraction, allowed=allowed)
        count = 1 if spectrum is None else spectrum.weights.size
        media = np.zeros((count, len(layers) + 2, COLUMNS))
        media[:, 0, INDEX] = _spread(count, "above", above, low=1.0)
        media[:, -1, INDEX] = _spread(count, "below", below, low=1.0)
        absorption, floor = np.zeros((count, len(layers))), 0.0
        for number, layer in enumerate(layers):
            key, row = f"layers[{number}]", media[:, number + 1]
            last = number == len(layers) - 1
            taken, total, row[:, ASYMMETRY], row[:, INDEX] = read(key, layer, count)
            absorption[:, number] = taken
            row[:, PATH] = 1.0 / np.maximum(total, 1.0 / CLEAR)
            row[:, TAKEN] = np.where(total * CLEAR < 1.0, 0.0, taken * row[:, PATH])
            row[:, ROOF], floor = floor, floor + _thickness(key, layer.thickness, last)
            row[:, FLOOR] = min(floor, _FAR)
            if np.isinf(floor) and not np.all(taken > 0.0):
                problem = "must be above 0: light never ends in an endless layer that does not absorb"
                raise InputError(problem, key=f"{key}.absorption", value=0.0, unit="1/m")
        for column in (ROOF, FLOOR):  # single and double precision must agree on where a layer ends
            media[..., column] = media[..., column].astype(np.float32)
        colours = np.ones(1) if spectrum is None else np.cumsum(spectrum.weights)
        planes = np.array([0.0, *media[0, 1:-1, FLOOR]])
        planes[planes >= _FAR] = np.inf
        return cls(colours, media, planes, absorption, float(return_fraction))

    @property
    def layers(self) -> int:
        """Number of layers."""
        return self.planes.size - 1

    @property
    def absorbs_one_colour(self) -> bool:
        """Whether fluence is density over absorption everywhere."""
        return self.absorption.shape[0] == 1 and bool(np.all(self.absorption > 0.0))

    @property
    def breaks(self) -> NDArray[np.float64]:
        """Boundaries [m], an endless layer cut where no light is left to speak of."""
        if np.isfinite(self.planes[-1]):
            return self.planes
        row = self.media[:, -2]
        reduced = (1.0 - row[:, TAKEN]) / row[:, PATH] * (1.0 - row[:, ASYMMETRY])
        slowest = min(map(effective_attenuation, self.absorption[:, -1], reduced))
        return np.append(self.planes[:-1], self.planes[-2] + min(12.0 / slowest, 5e-2))

    def depths(self, grid: Grid) -> NDArray[np.float64]:
        """Edges to score at [m]: the grid's own, the surface and every boundary, so that no cell has two layers."""
        edges = np.union1d(grid.edges[-1], self.planes[np.isfinite(self.planes)])
        if edges[0] < 0.0:
            raise InputError("begins above the surface", key="grid.z", value=float(edges[0]), allowed="0 or more")
        # Boundaries are rounded to single precision, so an edge and its boundary may lie one such step apart.
        same = np.maximum(1e-9, 2.0 * np.finfo(np.float32).eps * edges[1:])
        return edges[np.append(True, np.diff(edges) > same)]

    def layer_of(self, depths: NDArray[np.floating]) -> NDArray[np.intp]:
        """Layer of each cell between `depths`, and of what lies below the last."""
        middle = np.append(0.5 * (depths[1:] + depths[:-1]), depths[-1] + 1e-9)
        return np.clip(np.searchsorted(self.planes, middle, side="right") - 1, 0, self.layers - 1)


def read(key: str, layer: Optics, count: int) -> tuple[NDArray[np.float64], ...]:
    """Return absorption, absorption and scattering together [1/m], anisotropy and index for each of `count` colours.

    Raises `InputError` for any value out of order.
    """
    taken = _spread(count, f"{key}.absorption", layer.absorption, unit="1/m")
    total = taken + _spread(count, f"{key}.scattering", layer.scattering, unit="1/m")
    anisotropy = _spread(count, f"{key}.anisotropy", layer.anisotropy, low=-1.0, high=1.0)
    return taken, total, anisotropy, _spread(count, f"{key}.index", layer.index, low=1.0)


def _thickness(key: str, value: float, last: bool) -> float:
    thickness = float(value)
    if not thickness > 0.0 or (np.isinf(thickness) and not last):
        allowed = "above 0" if last else "above 0, and finite: only the last layer may be endless"
        raise InputError("is out of range", key=f"{key}.thickness", value=thickness, allowed=allowed, unit="m")
    return thickness


def _spread(
    count: int, key: str, values: ArrayLike, *, low: float = 0.0, high: float = np.inf, unit: str | None = None
) -> NDArray[np.float64]:
    """Return one checked value for each of `count` colours."""
    given = np.asarray(values, dtype=np.float64)
    if given.ndim > 1 or given.size not in (1, count):
        problem = "needs one value, or one for each colour of the spectrum"
        raise InputError(problem, key=key, value=given.shape, allowed=f"({count},)")
    wrong = given[~(np.isfinite(given) & (given >= low) & (given <= high))]
    if wrong.size:
        allowed = f"{low:g} or more" if high == np.inf else f"{low:g} to {high:g}"
        raise InputError("is out of range", key=key, value=float(wrong.flat[0]), allowed=allowed, unit=unit)
    return np.array(np.broadcast_to(given, (count,)))
