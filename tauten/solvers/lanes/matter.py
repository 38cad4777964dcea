"""Materials voxel by voxel inside the plane layers: a vessel, a hair, the edge of a scar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError
from tauten.grid import Grid
from tauten.skin.optics import Optics
from tauten.solvers.lanes.core import ASYMMETRY, CHANCE, INDEX, PATH, TAKEN
from tauten.solvers.lanes.scene import CLEAR, Scene, read

_MOST = 255

NOTHING = np.zeros(0, np.uint8), np.zeros((3, 0, 0, 0), np.float32)
"""Labels and their meaning for a walk through plane layers."""


@dataclass(frozen=True, eq=False)
class Matter:
    """What a voxel's label means to the walk.

    `labels` has the shape of the box that is scored, 0 where the layer's own material is. `media` are the scene's, with
    the mean free path of the densest material in each layer; `table` (column, colour, layer, label) holds the share
    TAKEN at the end of such a flight, the CHANCE that what is left turns there, and ASYMMETRY. `absorption` [1/m]
    (colour, layer, label).
    """

    labels: NDArray[np.uint8]
    media: NDArray[np.float64]
    table: NDArray[np.float32]
    absorption: NDArray[np.float64]

    @classmethod
    def of(
        cls, scene: Scene, labels: ArrayLike, materials: Sequence[Optics], grid: Grid, depths: NDArray[np.float64]
    ) -> Matter:
        """Return the materials of `grid`, scored between `depths` [m]; raises `InputError` for what is out of order."""
        given = np.asarray(labels)
        if given.shape != grid.shape or given.dtype.kind not in "iu":
            raise InputError(
                "must be integers of the grid's shape", key="labels", value=f"{given.dtype} {given.shape}",
                allowed=f"{grid.shape}",
            )  # fmt: skip
        if not 0 < len(materials) <= _MOST:
            raise InputError("are needed for labels", key="materials", value=len(materials), allowed=f"1 to {_MOST}")
        if given.min() < 0 or given.max() > len(materials):
            worst = int(given.min() if given.min() < 0 else given.max())
            allowed = f"0, the layer's own, to {len(materials)}, the last of `materials`"
            raise InputError("names no material", key="labels", value=worst, allowed=allowed)
        # Cells above and below the grid, and the last bin of each axis, which is what lies outside, have no label.
        cells = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1, depths.size), np.uint8)
        place = np.searchsorted(grid.edges[-1], 0.5 * (depths[1:] + depths[:-1]), side="right") - 1
        inside = (place >= 0) & (place < grid.shape[2])
        cells[:-1, :-1, :-1][:, :, inside] = given[:, :, place[inside]]
        layer = scene.layer_of(depths)
        taken, total, anisotropy, index = _of_labels(scene, materials)
        held = np.zeros((scene.layers, index.shape[2]), bool)
        held[:, 0] = True  # what lies beside the box
        for number, plane in zip(layer, np.moveaxis(cells, 2, 0), strict=True):
            held[number] |= np.bincount(plane.ravel(), minlength=index.shape[2]) > 0
        for number, label in np.argwhere(np.any(index != index[:, :, :1], axis=0) & held):
            raise InputError(
                "differs from the layer's: light refracts at the plane boundaries alone",
                key=f"materials[{label - 1}].index", value=float(index[0, number, label]),
                allowed=f"{index[0, number, 0]:g}, as layers[{number}]",
            )  # fmt: skip
        densest = np.where(held, total, 0.0).max(axis=2, keepdims=True)
        media = scene.media.copy()
        media[:, 1:-1, PATH] = 1.0 / densest[:, :, 0]
        table = np.zeros((3, scene.colours.size, scene.layers + 2, index.shape[2]), np.float32)
        table[TAKEN, :, 1:-1] = taken / densest
        table[CHANCE, :, 1:-1] = (total - taken) / np.maximum(densest - taken, 1.0 / CLEAR)
        table[ASYMMETRY, :, 1:-1] = anisotropy
        cells.setflags(write=False)
        return cls(cells, media, table, taken)

    @property
    def absorbs_one_colour(self) -> bool:
        """Whether fluence is density over absorption everywhere."""
        return self.absorption.shape[0] == 1 and bool(np.all(self.absorption > 0.0))

    def absorption_in(self, layer: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return the absorption [1/m] of each cell inside the box, given the `layer` of each depth."""
        return self.absorption[0][layer[:-1], self.labels[:-1, :-1, :-1]]


def _of_labels(scene: Scene, materials: Sequence[Optics]) -> list[NDArray[np.float64]]:
    """Return absorption, absorption and scattering together [1/m], anisotropy and index (colour, layer, label)."""
    own = scene.media[:, 1:-1, :, None]
    found = [own[:, :, TAKEN] / own[:, :, PATH], 1.0 / own[:, :, PATH], own[:, :, ASYMMETRY], own[:, :, INDEX]]
    for number, material in enumerate(materials):
        for n, value in enumerate(read(f"materials[{number}]", material, scene.colours.size)):
            wide = np.broadcast_to(value[:, None, None], (*found[n].shape[:2], 1))
            found[n] = np.concatenate([found[n], wide], axis=2)
    return found
