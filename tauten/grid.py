"""Where values live: a grid with uneven spacing on every axis, and a field on it.

Values sit at cell centres. The origin is the corner of the first cell; depth z grows downward with 0 at the skin
surface; in an axisymmetric grid r = 0 is the axis. Axes are ordered (x, y, z) or (r, z): depth is always last, so that
memory runs along depth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.checks import number, whole
from tauten.errors import InputError, TooLarge

__all__ = ["Field", "Grid", "graded_edges"]

Kind = Literal["cartesian", "axisymmetric"]
_MOST_CELLS = 1_000_000  # along one axis; no run has room for more
_NAMES = {"cartesian": ("x", "y", "z"), "axisymmetric": ("r", "z")}


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells between `edges` [m], one rising array an axis; `kind` "cartesian" (x, y, z) or "axisymmetric" (r, z)."""

    edges: tuple[NDArray[np.floating], ...]
    kind: Kind = "cartesian"

    def __post_init__(self) -> None:
        names = _NAMES.get(self.kind)
        if names is None:
            raise InputError("is unknown", key="kind", value=self.kind, allowed="cartesian | axisymmetric")
        if not isinstance(self.edges, (tuple, list)):
            raise InputError(
                "is of the wrong kind", key="edges", value=repr(self.edges), allowed=f"one list for each of {names}"
            )
        if len(self.edges) != len(names):
            raise InputError(f"needs {len(names)} axes", key="edges", value=len(self.edges), allowed=", ".join(names))
        frozen = []
        for name, given in zip(names, self.edges, strict=True):
            try:
                edges = np.array(given, dtype=np.float64)
            except (TypeError, ValueError):
                raise InputError("is not a list of numbers", key=f"edges.{name}", value=repr(given), unit="m") from None
            if edges.ndim != 1 or edges.size < 2 or not np.all(np.isfinite(edges)) or np.any(np.diff(edges) <= 0):
                raise InputError("is not a rising list of at least two finite edges", key=f"edges.{name}", unit="m")
            edges.setflags(write=False)
            frozen.append(edges)
        if self.kind == "axisymmetric" and frozen[0][0] != 0.0:
            raise InputError("must begin at the axis", key="edges.r", value=frozen[0][0], allowed="0", unit="m")
        object.__setattr__(self, "edges", tuple(frozen))

    @classmethod
    def uniform(
        cls,
        shape: Sequence[int],
        spacing: float | Sequence[float],
        origin: Sequence[float] | None = None,
        kind: Kind = "cartesian",
    ) -> Grid:
        """Return equal cells: `shape` cells of `spacing` [m] from the corner `origin` [m] (0 by default)."""
        if not isinstance(shape, (tuple, list)):
            raise InputError(
                "is of the wrong kind", key="shape", value=repr(shape), allowed="whole numbers, one an axis"
            )
        counts = [whole(n, "shape") for n in shape]
        given = list(spacing) if isinstance(spacing, (tuple, list, np.ndarray)) else [spacing] * len(counts)
        steps = [number(s, "spacing", 0.0, unit="m", open_low=True) for s in given]
        start = [0.0] * len(counts) if origin is None else [number(o, "origin", unit="m") for o in origin]
        for name, values in (("spacing", steps), ("origin", start)):
            if len(values) != len(counts):
                raise InputError("needs one number an axis", key=name, value=values, allowed=f"{len(counts)} numbers")
        return cls(tuple(o + s * np.arange(n + 1) for n, s, o in zip(counts, steps, start, strict=True)), kind)

    @property
    def names(self) -> tuple[str, ...]:
        """The axes' names, in order."""
        return _NAMES[self.kind]

    @property
    def shape(self) -> tuple[int, ...]:
        """Cells along each axis."""
        return tuple(e.size - 1 for e in self.edges)

    @property
    def cells(self) -> int:
        """Number of cells."""
        return math.prod(self.shape)

    @cached_property
    def centres(self) -> tuple[NDArray[np.float64], ...]:
        """Cell centres [m], one array an axis."""
        return tuple(_freeze(0.5 * (e[1:] + e[:-1])) for e in self.edges)

    @cached_property
    def spacings(self) -> tuple[NDArray[np.float64], ...]:
        """Cell widths [m], one array an axis."""
        return tuple(_freeze(np.diff(e)) for e in self.edges)

    @cached_property
    def volumes(self) -> NDArray[np.float64]:
        """Cell volumes [m³], shape `shape`: width products, or rings π(r₂² - r₁²)·Δz."""
        if self.kind == "axisymmetric":
            rings = math.pi * np.diff(self.edges[0] ** 2)
            return _freeze(rings[:, None] * self.spacings[1][None, :])
        dx, dy, dz = self.spacings
        return _freeze(dx[:, None, None] * dy[None, :, None] * dz[None, None, :])

    def check_memory(self, bytes_per_cell: float) -> None:
        """Raise `TooLarge` when a run at `bytes_per_cell` would not fit in the memory this machine has free."""
        needed, free = self.cells * bytes_per_cell, free_memory()
        if needed > free:
            raise TooLarge(
                f"needs {needed / 1e9:.3g} GB of memory and {free / 1e9:.3g} GB is free",
                key="grid",
                value=" x ".join(map(str, self.shape)),
                remedy="Use a coarser or smaller grid.",
            )


@dataclass(frozen=True, eq=False)
class Field:
    """Values at the cell centres of a grid, with their unit; `values` has the grid's shape."""

    values: NDArray[np.floating]
    grid: Grid
    unit: str

    def __post_init__(self) -> None:
        if self.values.shape != self.grid.shape:
            raise InputError(
                "does not fit its grid", key="values", value=self.values.shape, allowed=str(self.grid.shape)
            )

    @property
    def integral(self) -> float:
        """Sum of value times cell volume [unit·m³]."""
        return float(np.sum(self.values * self.grid.volumes))


def graded_edges(breaks: ArrayLike, first: float, largest: float, growth: float = 1.15) -> NDArray[np.float64]:
    """Return edges [m] that hit every one of `breaks`, begin with `first`, grow by `growth` and stop at `largest`.

    Layers stay sharp (each break is an edge) and cells stay small where light enters. Raises `InputError` for breaks
    that do not rise, `first` not above 0, `largest` below it, `growth` below 1, or more than a million cells.
    """
    marks = np.asarray(breaks, dtype=np.float64)
    if marks.ndim != 1 or marks.size < 2 or not np.all(np.isfinite(marks)) or np.any(np.diff(marks) <= 0):
        raise InputError("is not a rising list of at least two finite depths", key="breaks", unit="m")
    first = number(first, "first", 0.0, unit="m", open_low=True)
    largest = number(largest, "largest", first, unit="m", endless=True)
    growth = number(growth, "growth", 1.0)
    edges, step = [float(marks[0])], first
    for start, stop in pairwise(marks.tolist()):
        widths: list[float] = []
        filled = 0.0
        while filled < (stop - start) * (1 - 1e-12):
            widths.append(step)
            filled += step
            if len(edges) + len(widths) > _MOST_CELLS:
                allowed = f"at most {_MOST_CELLS} cells"
                raise InputError("has cells too fine for its extent", key="first", value=first, allowed=allowed)
            step = min(step * growth, largest)
        fit = (stop - start) / sum(widths)  # squeeze the last layerful so that the break is an edge
        edges.extend(float(start + fit * s) for s in np.cumsum(widths))
        edges[-1] = float(stop)
        step = max(first, widths[-1] * fit)
    return np.array(edges)


def _freeze(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values.setflags(write=False)
    return values


def free_memory() -> float:
    """Memory this machine has free [byte]; infinite where the system does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as handle:
            for line in handle:
                if line.startswith("MemAvailable:"):
                    return float(line.split()[1]) * 1024.0
    except OSError:
        pass
    return math.inf
