"""A box of points, stepped in short steps only where a shot has just heated it.

A line of 23 points needs fine cells along all of it, but only the last point's surroundings change fast. So while a
shot is on, and a moment after, the cells near it are stepped on their own; what was heated before is stepped beside
them in the longer steps it allows, and what no shot has reached stays at rest. Nothing flows through the two cuts
meanwhile. They lie half way between points, where what flows is the difference between neighbours of nearly one age,
and they move on with every shot: a test holds what that changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import FocusedShot, Placed
from tauten.grid import Grid
from tauten.solvers import conduction, insonify
from tauten.solvers.focal import cone
from tauten.solvers.state import Deposition, TissueState
from tauten.tissue import Tissue

__all__ = ["Box"]

_ASIDE = 1.2e-3  # m, from the cone of sound to the cut
_SETTLE = 0.3
"""Seconds after a shot for which its surroundings are stepped on their own: heat goes 0.35 mm in it."""

Couple = Callable[..., tuple[tuple[Deposition, ...], list[TissueState]]]


class Box:
    """The working arrays of one run over a box; `state` gives them back as what the tissue has become."""

    def __init__(self, tissue: Tissue, start: TissueState, resting: TissueState, tolerance: float) -> None:
        self.tissue, self.resting, self.tolerance = tissue, resting, tolerance
        self.time, self.reference = start.time, start.reference
        self.rise, self.maximum = np.array(start.rise), np.array(start.maximum)
        self.integrals = {name: np.array(values) for name, values in start.integrals.items()}
        self.water = None if start.water is None else np.array(start.water)
        columns = tissue.grid.shape[0]
        fresh = np.array_equal(start.rise, resting.rise)
        self.touched = slice(columns, 0) if fresh else slice(0, columns)

    @property
    def state(self) -> TissueState:
        """What the tissue has become."""
        return self._cut(slice(0, self.tissue.grid.shape[0]))[1]

    def column(self, at: tuple[int, ...]) -> NDArray[np.floating]:
        """Return the temperature [K] along depth under one column."""
        return np.asarray(self.reference + self.rise[at])

    def shoot(self, shot: Placed, until: float, couple: Couple, **options: Any) -> tuple[Deposition, ...]:
        """Step the box through one shot and on to `until` [s]; return the heat that went into its surroundings."""
        near = self._near(shot)
        settled = min(until, shot.ends_at + _SETTLE)
        part, state = self._cut(near)
        rest = _slice(self.resting, near, part.grid)
        times = sorted({shot.time, shot.ends_at, settled} - {state.time})
        heated, states = couple(
            part, shot, state, [t for t in times if t > state.time], rest, self.tolerance, **options
        )
        self._add_far_heat(shot, heated, near, **options)
        for other in (slice(self.touched.start, near.start), slice(near.stop, self.touched.stop)):
            if other.start < other.stop:
                self._cool(other, settled)
        self._lay(near, states[-1])
        self.touched = slice(min(self.touched.start, near.start), max(self.touched.stop, near.stop))
        self.time = settled
        if until > settled:
            self._cool(self.touched, until)
            self.time = until
        return heated

    def _near(self, shot: Placed) -> slice:
        """Return the columns along x that are stepped with `shot`: from cut to cut, half way between points."""
        assert isinstance(shot.exposure, FocusedShot)
        reach = cone(shot.exposure) + _ASIDE
        edges = self.tissue.grid.edges[0]
        first = int(np.searchsorted(edges, shot.at[0] - reach, side="right")) - 1
        last = int(np.searchsorted(edges, shot.at[0] + reach, side="left"))
        cuts = np.append(np.insert(self.tissue.cuts, 0, 0), edges.size - 1)
        return slice(int(cuts[cuts <= max(first, 0)].max()), int(cuts[cuts >= min(last, edges.size - 1)].min()))

    def _cut(self, columns: slice) -> tuple[Tissue, TissueState]:
        edges = self.tissue.grid.edges
        grid = Grid((edges[0][columns.start : columns.stop + 1], *edges[1:]))
        whole = TissueState(
            grid, self.time, self.rise, self.reference, self.maximum, self.integrals, self.water
        )  # fmt: skip
        return self.tissue.on(grid), _slice(whole, columns, grid)

    def _lay(self, columns: slice, state: TissueState) -> None:
        self.rise[columns], self.maximum[columns] = state.rise, state.maximum
        for name, values in state.integrals.items():
            self.integrals[name][columns] = values
        if state.water is not None:
            self.water = np.ones_like(self.rise) if self.water is None else self.water
            self.water[columns] = state.water

    def _cool(self, columns: slice, until: float) -> None:
        part, state = self._cut(columns)
        cooled = conduction.evolve(
            part.grid, part.medium, start=state, boundaries=part.sides(), times=[until], endpoints=part.endpoints,
            stasis=part.stasis, tolerance=self.tolerance, dtype=part.dtype,
        )[0]  # fmt: skip
        self._lay(columns, cooled)

    def _add_far_heat(self, shot: Placed, heated: tuple[Deposition, ...], near: slice, **options: Any) -> None:
        """Warm the columns beyond the cut by what reaches them: so little and so wide that it need not spread."""
        assert isinstance(shot.exposure, FocusedShot)
        if not heated:
            return
        medium, layers = self.tissue.medium, self.tissue.layers
        capacity = (np.asarray(medium.density) * np.asarray(medium.specific_heat))[layers]
        for far in insonify.deposit(
            self.tissue.skin, shot.exposure, self.tissue.grid, heated[0].temperatures, facts=self.tissue.facts,
            at=shot.at, **options,
        ):  # fmt: skip
            warmer = (far.stop - far.start) / capacity
            for columns in (slice(0, near.start), slice(near.stop, None)):
                self.rise[columns] += (far.heat.values[columns] * warmer).astype(self.rise.dtype)
                np.maximum(self.maximum[columns], self.rise[columns], out=self.maximum[columns])


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
