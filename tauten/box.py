"""A box of points, stepped in short steps only where a shot has just heated it.

A line of 23 points needs fine cells along all of it, but only the last point's surroundings change fast. So while a
shot is on, and a moment after, the cells near it are stepped on their own; what was heated before is stepped beside
them in the longer steps it allows, and what no shot has reached stays at rest. Both parts are stepped a point's
distance beyond the cut between them and keep their own side only: heat flows through the cut as if there were none.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.coupling import Method, couple
from tauten.devices.exposure import FocusedShot, Placed
from tauten.grid import Grid
from tauten.solvers import conduction, insonify
from tauten.solvers.focal import cone
from tauten.solvers.state import Deposition, TissueState
from tauten.tissue import Tissue

__all__ = ["Box"]

_ASIDE = 0.2e-3  # m, from the cone of sound to the cut
_SETTLE = 0.3
"""Seconds after a shot for which its surroundings are stepped on their own: heat goes 0.35 mm in it."""


class Box:
    """The working arrays of one run over a box; `state` gives them back as what the tissue has become."""

    def __init__(
        self, method: Method, tissue: Tissue, start: TissueState, resting: TissueState, tolerance: float
    ) -> None:
        self.method, self.tissue, self.resting, self.tolerance = method, tissue, resting, tolerance
        self.time, self.reference = start.time, start.reference
        self.rise, self.maximum = np.array(start.rise), np.array(start.maximum)
        self.integrals = {name: np.array(values) for name, values in start.integrals.items()}
        self.water = None if start.water is None else np.array(start.water)
        columns = tissue.grid.shape[0]
        self.cuts = np.unique([0, *tissue.cuts.tolist(), columns])
        fresh = np.array_equal(start.rise, resting.rise)
        self.touched = slice(columns, 0) if fresh else slice(0, columns)

    @property
    def state(self) -> TissueState:
        """What the tissue has become. Where it boiled dry, a dose may pass what single precision holds: the largest
        number stands for it."""
        whole = self._cut(slice(0, self.tissue.grid.shape[0]))[1]
        most = np.finfo(self.rise.dtype).max
        return replace(
            whole, integrals=MappingProxyType({name: np.minimum(v, most) for name, v in whole.integrals.items()})
        )

    def column(self, at: tuple[int, ...]) -> NDArray[np.floating]:
        """Return the temperature [K] along depth under one column."""
        return np.asarray(self.reference + self.rise[at])

    def shoot(self, shot: Placed, until: float, **options: Any) -> tuple[Deposition, ...]:
        """Step the box through one shot and on to `until` [s]; return the heat that went into its surroundings."""
        near = self._near(shot)
        wide = slice(self._next(near.start, -1), self._next(near.stop, 1))
        settled = min(until, shot.ends_at + _SETTLE)
        part, state = self._cut(wide)
        rest = _slice(self.resting, wide, part.grid)
        times = [time for time in sorted({shot.time, shot.ends_at, settled}) if time > state.time]
        course = couple(self.method, part, shot, state, times, rest, self.tolerance, **options)
        heated = course.depositions
        # Beyond the cut there is so little heat, and so wide, that it may come all at once.
        warmer = self._warming(shot, heated, **options)
        old = [
            (slice(self.touched.start, near.start), slice(self.touched.start, self._next(near.start, 1))),
            (slice(near.stop, self.touched.stop), slice(self._next(near.stop, -1), self.touched.stop)),
        ]
        cooled = [(own, all_, self._cooled(all_, settled, warmer)) for own, all_ in old if own.start < own.stop]
        for columns in (slice(0, near.start), slice(near.stop, None)):
            self.rise[columns] += warmer[columns]
            np.maximum(self.maximum[columns], self.rise[columns], out=self.maximum[columns])
        self._lay(near, wide, course.state)
        for own, all_, after in cooled:
            self._lay(own, all_, after)
        self.touched = slice(min(self.touched.start, near.start), max(self.touched.stop, near.stop))
        self.time = settled
        if until > settled:
            self._lay(self.touched, self.touched, self._cooled(self.touched, until))
            self.time = until
        return heated

    def _near(self, shot: Placed) -> slice:
        """Return the columns along x that are stepped with `shot`: from cut to cut, half way between points."""
        assert isinstance(shot.exposure, FocusedShot)
        reach = cone(shot.exposure) + _ASIDE
        edges = self.tissue.grid.edges[0]
        first = int(np.searchsorted(edges, shot.at[0] - reach, side="right")) - 1
        last = min(int(np.searchsorted(edges, shot.at[0] + reach, side="left")), edges.size - 1)
        return slice(int(self.cuts[self.cuts <= max(first, 0)].max()), int(self.cuts[self.cuts >= last].min()))

    def _next(self, edge: int, way: int) -> int:
        """Return the cut before (`way` -1) or after (1) `edge`; the end of the box is the last."""
        at = int(np.searchsorted(self.cuts, edge)) + way
        return int(self.cuts[min(max(at, 0), self.cuts.size - 1)])

    def _cut(self, columns: slice) -> tuple[Tissue, TissueState]:
        edges = self.tissue.grid.edges
        grid = Grid((edges[0][columns.start : columns.stop + 1], *edges[1:]))
        whole = TissueState(
            grid, self.time, self.rise, self.reference, self.maximum, self.integrals, self.water
        )  # fmt: skip
        return self.tissue.on(grid), _slice(whole, columns, grid)

    def _lay(self, columns: slice, within: slice, state: TissueState) -> None:
        """Take over some columns of a state that reaches from `within.start` on."""
        part = slice(columns.start - within.start, columns.stop - within.start)
        self.rise[columns], self.maximum[columns] = state.rise[part], state.maximum[part]
        for name, values in state.integrals.items():
            self.integrals[name][columns] = values[part]
        if state.water is not None:
            self.water = np.ones_like(self.rise) if self.water is None else self.water
            self.water[columns] = state.water[part]

    def _cooled(self, columns: slice, until: float, warmer: NDArray[np.floating] | None = None) -> TissueState:
        """Return what some columns, `warmer` [K] at once, have become at `until` [s] without sound."""
        part, state = self._cut(columns)
        if warmer is not None:
            state = replace(state, rise=state.rise + warmer[columns])
        return conduction.evolve(
            part.grid, part.medium, start=state, boundaries=part.sides(), times=[until], endpoints=part.endpoints,
            stasis=part.stasis, tolerance=self.tolerance, dtype=part.dtype,
        )[0]  # fmt: skip

    def _warming(self, shot: Placed, heated: tuple[Deposition, ...], **options: Any) -> NDArray[np.floating]:
        """Return by how much [K] a shot would warm every column if nothing flowed."""
        assert isinstance(shot.exposure, FocusedShot)
        tissue = self.tissue
        capacity = (np.asarray(tissue.medium.density) * np.asarray(tissue.medium.specific_heat))[tissue.layers]
        warmer = np.zeros_like(self.rise)
        if heated:
            for far in insonify.deposit(
                tissue.skin, shot.exposure, tissue.grid, heated[0].seen, facts=tissue.facts, at=shot.at,
                **options,
            ):  # fmt: skip
                warmer += (far.heat.values * ((far.stop - far.start) / capacity)).astype(warmer.dtype)
        return warmer


def _slice(state: TissueState, columns: slice, grid: Grid) -> TissueState:
    """Return the part of a state that lies in some columns along x."""
    return replace(
        state,
        grid=grid,
        rise=state.rise[columns],
        maximum=state.maximum[columns],
        integrals=MappingProxyType({name: values[columns] for name, values in state.integrals.items()}),
        water=None if state.water is None else state.water[columns],
        plate=None,
        contact=None,
        step=None,
    )
