"""What a light run found, each number with its standard error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.devices.beam import Beam
from tauten.errors import InputError
from tauten.grid import Grid

if TYPE_CHECKING:
    import xarray

__all__ = ["Estimate", "Response", "Tally", "estimate"]

Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and its `error`, one standard error."""

    value: float
    error: float


@dataclass(frozen=True, eq=False)
class Response:
    """What a pencil beam does, batch by batch: all that other beams need.

    `energy` is the share of the incident energy absorbed in each ring and depth, shape (batches, rings, depths), where
    the last ring and depth hold what lies outside the edges `rings` [m] and `depths` [m]. `path` is weight times path
    length [m] in the same cells. Batches are independent: their spread gives the error of any number drawn from them.
    """

    rings: Floats
    depths: Floats
    energy: Floats
    path: Floats | None = None


@dataclass(frozen=True, eq=False)
class Tally:
    """Where the light of one run went. Shares are of the incident energy; all together they are 1.

    `specular` is the first reflection, `reflected` all light that entered and left upward for good, `transmitted` all
    that left below, `absorbed` one share a layer, `sides` what met the walls of an absorbing voxel box. `roulette` is
    the net weight that roulette took (before the shares were scaled to 1), `collisions` counts interactions.
    `cells` and `cells_error` are the absorbed energy density [1/m³ per joule incident] on `grid`, `paths` and
    `paths_error` the fluence [1/m²]; `density` and `fluence` give them with axes and units.
    """

    beam: Beam
    grid: Grid
    photons: int
    seed: int
    specular: float
    reflected: Estimate
    transmitted: Estimate
    absorbed: tuple[Estimate, ...]
    sides: Estimate
    roulette: float
    collisions: int
    cells: Floats
    cells_error: Floats
    paths: Floats | None = None
    paths_error: Floats | None = None
    response: Response | None = None

    @property
    def density(self) -> xarray.DataArray:
        """Absorbed energy density [1/m³ per joule incident] on (r, z) or (x, y, z)."""
        return self._labelled(self.cells, "density", "1/m3")

    @property
    def density_error(self) -> xarray.DataArray:
        """One standard error of `density` [1/m³]."""
        return self._labelled(self.cells_error, "density_error", "1/m3")

    @property
    def fluence(self) -> xarray.DataArray:
        """Fluence [1/m² per joule incident] on (r, z) or (x, y, z).

        Raises `InputError` when the run did not score it: some layer does not absorb or the light has several colours,
        and paths were not asked for.
        """
        return self._labelled(self._paths(self.paths), "fluence", "1/m2")

    @property
    def fluence_error(self) -> xarray.DataArray:
        """One standard error of `fluence` [1/m²]."""
        return self._labelled(self._paths(self.paths_error), "fluence_error", "1/m2")

    def on_axis(self) -> tuple[Floats, Floats]:
        """Return (density, standard error) [1/m³] along the axis of this run's beam, one value for each depth cell."""
        from tauten.solvers.convolve import on_axis

        return on_axis(self, self.beam)

    def _paths(self, values: Floats | None) -> Floats:
        if values is None:
            raise InputError("was not scored", key="fluence", remedy="Trace with paths=True.")
        return values

    def _labelled(self, values: Floats, name: str, unit: str) -> xarray.DataArray:
        import xarray  # 0.3 s to import: only when labels are asked for

        axes = dict(zip(self.grid.names, self.grid.centres, strict=True))
        coordinates = {axis: (axis, centres, {"units": "m"}) for axis, centres in axes.items()}
        return xarray.DataArray(values, coordinates, tuple(axes), name, {"units": unit, "per": "joule incident"})


def estimate(batches: Floats) -> tuple[Floats, Floats]:
    """Return the mean of `batches` over their first axis and its standard error."""
    count = batches.shape[0]
    return batches.mean(axis=0), batches.std(axis=0, ddof=1) / np.sqrt(count)
