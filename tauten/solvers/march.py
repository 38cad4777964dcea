"""The heat solver's march: Runge-Kutta-Legendre steps of second order, as long as the error and the dose allow.

A step of s stages (Meyer, Balsara and Aslam 2014, RKL2) is stable up to (s² + s - 2)/4 explicit steps, so a fine
epidermis costs √ instead of linearly. The error is estimated from both ends (Sommeijer, Shampine and Verwer 1998).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf, isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import Contact
from tauten.errors import NotConverged, Unphysical
from tauten.facts import load
from tauten.grid import Grid
from tauten.skin.thermal import Thermal
from tauten.solvers import dose_rows, rows, wavefront
from tauten.solvers.bands import Endpoint, smooth_first, tabulate
from tauten.solvers.coefficients import assemble, cross_sections, renew
from tauten.solvers.legendre import legendre_weights, longest_step, stages_for, stretch_of
from tauten.solvers.properties import box
from tauten.solvers.team import Team

__all__ = ["March"]

SWING = 2.0
"""[K] most that tissue between warm and boiling may change in a step: rates there grow e-fold in 1.5 K or more."""
_LARGEST_STAGES = {"float64": 399, "float32": 59}  # float32 loses digits as the square of the stages
_NEGLECT = {"float64": 1e-6, "float32": 1e-4}  # of an integral's unit, in a whole run, may be left out as too cold
_STALE = 0.2  # of a half step's change of perfusion counts as error


class March:
    """Working arrays and the clock of one run; `conduction` is its public face.

    Holds the rise u and its slope F at `time`, and what has accumulated. Arrays are padded columns (see `rows`), but
    for `maximum` and `integrals`, which hold tissue alone.
    """

    def __init__(
        self, grid: Grid, medium: Thermal, endpoints: Sequence[Endpoint], stasis: Endpoint | None, *, reference: float,
        tolerance: float, duration: float, dtype: str, threads: int, longest: float,
    ) -> None:  # fmt: skip
        self.grid, self.medium, self.endpoints, self.reference = grid, medium, tuple(endpoints), reference
        self.tolerance, self.longest, self.dtype = tolerance, longest, np.dtype(dtype)
        self.shape, self.team = box(grid), Team(threads)
        slowest = _NEGLECT[dtype] / max(duration, 1e-9)
        self.bands = tabulate(self.endpoints, slowest)
        self.stopping = tabulate([stasis] if stasis else [], slowest).rows.astype(self.dtype)
        self.stasis = [e.name for e in self.endpoints].index(stasis.name) if stasis else -1
        facts = load()
        self.boiling = facts.si("tissue/heat/boiling") - reference
        self.peak, self.width = facts.si("tissue/heat/perfusion_peak"), facts.si("tissue/heat/perfusion_width")
        self.coldest = self.bands.coldest - reference
        if self.dtype == np.float32:
            self.bands = smooth_first(self.bands, self.endpoints, slowest, self.boiling + reference)
        self.lanes = self.bands.rows[: self.bands.smooth].astype(self.dtype)
        self.most_stages = _LARGEST_STAGES[dtype]
        self.columns: Any = None
        self.slope: Any = None
        self.moved = np.zeros((1, 1, 1), self.dtype)
        self.dry: NDArray[np.bool_] | None = None
        self.step: float | None = None
        self.time = 0.0

    def put(
        self, time: float, rise: NDArray, maximum: NDArray | None, integrals: Mapping[str, NDArray],
        water: NDArray | None,
    ) -> None:  # fmt: skip
        """Set what the tissue is at `time`; arrays have the grid's shape."""
        nx, ny, nz = self.shape
        self.time = time
        self.rise = np.zeros((nx, ny, nz + 2), self.dtype)
        self.rise[:, :, 1:-1] = rise.reshape(self.shape)
        self.maximum = np.array(rise if maximum is None else maximum, self.dtype).reshape(self.shape)
        self.integrals = np.zeros((len(self.endpoints), *self.shape), self.dtype)
        for index, endpoint in enumerate(self.endpoints):
            if endpoint.name in integrals:
                self.integrals[index] = integrals[endpoint.name].reshape(self.shape)
        # Columns that rates have reached, or will in the first step.
        self.hot = (self.tissue.max(axis=-1) > self.coldest).astype(np.uint8)
        if self.stasis >= 0:
            self.hot |= np.any(self.integrals[self.stasis] > 0.0, axis=-1)
        self.water: Any = None
        self.left: Any = None
        if water is not None:
            self._moisten(water.reshape(self.shape))
            if np.any(water <= 0.0):
                self.dry = water.reshape(self.shape) <= 0.0

    def touch(self, contacts: Mapping[str, Contact], plate: NDArray | None) -> None:
        """Set what touches the sides from now on; `plate` [K] is the rise in a plate's cells when one is newly laid."""
        tissue = self.tissue
        self.contacts, self.columns = dict(contacts), None
        self._assemble()
        skip, size = self.columns.skip, self.columns.coef.shape[2]
        if self.rise.shape[2] != size or self.slope is None:
            water = None if self.water is None else self.water[:, :, -self.shape[2] - 1 : -1].copy()
            laid = np.zeros((*self.shape[:2], size), self.dtype)
            laid[:, :, skip:-1] = tissue
            del tissue
            self.rise = laid
            self.slope, self.older, self.newer = (np.zeros_like(laid) for _ in range(3))
            self.factor, self.ones = np.ones((1, 1, size), self.dtype), np.ones(size, self.dtype)
            self.heat = np.zeros((1, 1, size), self.dtype)
            if water is not None:
                self._moisten(water)
        self.answers = self.columns.growth.shape[0] > 1 or self.stasis >= 0
        if self.answers:
            self.factor = np.ones_like(self.rise)
        grows = self.columns.growth.shape[0] > 1
        # Columns whose perfusion is not at rest: those with damage, or all where it rises with temperature.
        self.answering = np.ones_like(self.hot) if grows else self.hot if self.answers else np.zeros_like(self.hot)
        if plate is not None:
            self.rise[:, :, 1:skip] = plate

    def warm(self, heat: NDArray | None) -> None:
        """Set the heat [W/m³] put in from now on; call it after `touch`, which may forget it."""
        skip = self.columns.skip
        if heat is None:
            self.heat = np.zeros((1, 1, self.rise.shape[2]), self.dtype)
            return
        if self.heat.shape != self.rise.shape:
            self.heat = np.zeros_like(self.rise)
        power = self.heat[:, :, skip:-1]
        power[...] = heat.reshape(self.shape)
        power *= self.grid.spacings[-1].astype(self.dtype)
        power *= cross_sections(self.grid)[:, :, None].astype(self.dtype)

    @property
    def tissue(self) -> NDArray:
        """The rise [K] of the tissue's cells, (nx, ny, nz)."""
        return self.rise[:, :, -self.shape[2] - 1 : -1]

    def release(self) -> None:
        """Give back the arrays only a further step would need."""
        nothing = np.zeros((1, 1, 1), self.dtype)
        self.slope, self.older, self.newer, self.moved, self.factor, self.heat = None, *(nothing,) * 5
        self.team.dismiss()

    def _assemble(self) -> None:
        self.columns = assemble(self.grid, self.medium, self.contacts, self.reference, self.dtype, self.dry)
        self.stiff = np.zeros(self.shape[0])
        self.team.each(
            self.shape[0], rows.stiffness, self.columns.classes, self.columns.coef, self._growth(), self.stiff
        )
        self.stiffness = float(self.stiff.max())

    def _growth(self) -> float:
        return float(self.columns.growth.max(initial=1.0))

    def _dry_out(self) -> None:
        """Give the cells that have dried in the last step their dry properties."""
        # Only planes where water boiled can hold one.
        planes = np.flatnonzero(self.counts)
        found = self.water[planes, :, self.columns.skip : -1] <= 0.0
        before = np.zeros_like(found) if self.dry is None else self.dry[planes]
        fresh = np.any(found & ~before, axis=-1)
        if not fresh.any():
            return
        dry = np.zeros(self.shape, np.bool_) if self.dry is None else self.dry
        dry[planes] |= found
        changed = np.zeros(self.shape[:2], np.bool_)
        changed[planes] = fresh
        self.dry = dry
        self.columns = renew(self.columns, self.grid, self.medium, self.contacts, self.reference, dry, changed)
        c, arterial = self.columns, self.dtype.type(self.medium.arterial - self.reference)
        # A column's own rows, its neighbours' faces: nothing changes beyond the next plane.
        touched = np.flatnonzero(changed.any(axis=1))
        i0, i1 = max(int(touched[0]) - 1, 0), min(int(touched[-1]) + 2, self.shape[0])
        rows.stiffness(i0, i1, c.classes, c.coef, self._growth(), self.stiff)
        self.stiffness = float(self.stiff.max())
        rows.slope(
            i0, i1, c.classes, c.coef, self.answering, self.factor, self.ones, self.rise, self.heat, arterial,
            self.slope,
        )  # fmt: skip

    def _moisten(self, water: NDArray | None) -> None:
        skip = 1 if self.columns is None else self.columns.skip
        self.water = np.ones((*self.shape[:2], skip + self.shape[2] + 1), self.dtype)
        if water is not None:
            self.water[:, :, skip:-1] = water
        self.left = self.water.copy()
        self.moved = np.zeros_like(self.water)

    def run(self, until: float, progress: Callable[[float], None] | None = None) -> None:
        """March to `until` [s] under the present contacts and heat; raises `NotConverged` or `Unphysical`."""
        self._perfuse(0.0)
        self._slope(self.rise, self.slope)
        explicit = 2.0 / self.stiffness if self.stiffness > 0.0 else inf
        step = min(explicit if self.step is None else self.step, self.longest)
        while self.time < until:
            left = until - self.time
            tried = left if step >= left * (1.0 - 1e-9) else min(step, 0.5 * left if step > 0.5 * left else step)
            tried = min(tried, longest_step(explicit, self.most_stages))
            error, swing = self._attempt(tried)
            passes = error <= 1.0 and swing <= 1.25
            if passes:
                self._accept(tried)
                self.time = until if tried >= left else self.time + tried
                if progress:
                    progress(self.time)
            elif tried < 1e-6 * min(explicit, 1e-6):
                self._give_up(max(error, swing))
            following = min(tried * stretch_of(error, swing), self.longest)
            # A step cut short to land on an edge says little about how long the next may be.
            step = max(step, following) if passes and tried < 0.99 * step else following
        self.step = step

    def _give_up(self, worst: float) -> None:
        if not isfinite(worst):
            raise Unphysical(f"the temperature stops being a number at {self.time:.6g} s; check heat and properties")
        raise NotConverged(
            f"heat at {self.time:.6g} s misses {self.tolerance:g} K at any step", residual=worst * self.tolerance
        )

    def _attempt(self, step: float) -> tuple[float, float]:
        """Try one step: `older` becomes the rise after it, `newer` its slope; return error and swing over limits."""
        # Perfusion stands still within a step, at its value half way: what it changes must be small by itself.
        stale = _STALE * step * self._perfuse(0.5 * step) / self.tolerance
        self.counts, miss = np.zeros(self.shape[0], np.int64), np.zeros((self.shape[0], 2))
        while True:
            wet = self.water is not None
            ratio = max(float(self.columns.boil[:, 1].max()), 1.0) if wet else 1.0
            weights = legendre_weights(stages_for(step * self.stiffness * ratio)) * [1.0, 1.0, step, step]
            weights[0, 0] *= step
            self._waves(weights.astype(self.dtype), step, wet, self.counts, miss)
            if wet or not self.counts.any():
                break
            self._moisten(None)
        if not np.isfinite(miss).all():
            return inf, inf
        return max(stale, float(miss[:, 0].max())), float(miss[:, 1].max())

    def _waves(self, weights: NDArray, step: float, wet: bool, counts: NDArray, miss: NDArray) -> None:
        """Take every plane through the tasks of a step, on all threads; see `wavefront`."""
        c, kind, (planes, *across) = self.columns, self.dtype.type, self.rise.shape
        water, left = (self.water, self.left) if wet else (self.rise, self.rise)
        boiling, arterial = kind(self.boiling), kind(self.medium.arterial - self.reference)
        group = wavefront.group_of(planes, across[0] * across[1], self.team.threads)
        size = float(group * across[0] * across[1] * self.dtype.itemsize)
        for (first, last), shares in wavefront.blocks(
            -(-planes // group), wavefront.tasks_of(len(weights), wet), size, self.team.threads
        ):
            self.team.share(
                wavefront.attempt,
                [[(first, last, block, group, wet) for block in share] for share in shares],
                c.classes, c.coef, self.answering, self.factor, self.ones, c.boil, self.slope, self.older, self.newer,
                self.moved, weights, boiling, self.rise, water, left, self.heat, arterial, counts, miss,
                kind(0.4 * step / self.tolerance), kind(0.8 / self.tolerance), kind(self.coldest), kind(1.0 / SWING),
            )  # fmt: skip

    def _slope(self, rise: NDArray, out: NDArray) -> None:
        c = self.columns
        arterial = self.dtype.type(self.medium.arterial - self.reference)
        self.team.each(
            self.shape[0], rows.slope, c.classes, c.coef, self.answering, self.factor, self.ones, rise, self.heat,
            arterial, out,
        )  # fmt: skip

    def _perfuse(self, half: float) -> float:
        """Set perfusion to what it will be `half` a step on; return by how much that changes any slope [K/s]."""
        if not self.answers:
            return 0.0
        out = np.zeros(self.shape[0])
        c, kind = self.columns, self.dtype.type
        omega = self.integrals[self.stasis] if self.stasis >= 0 else self.maximum
        self.team.each(
            self.shape[0],
            dose_rows.perfuse, c.skip, c.classes, c.coef, c.growth, self.peak, self.width, self.reference,
            kind(self.medium.arterial - self.reference), self.stopping, omega, kind is np.float32,
            self.hot, self.rise, self.slope, kind(half), self.factor, out,
        )  # fmt: skip
        return float(out.max())

    def _accept(self, step: float) -> None:
        c, kind = self.columns, self.dtype.type
        wet = self.water is not None
        self.team.each(
            self.shape[0],
            dose_rows.accumulate, c.skip, self.rise, self.older, self.slope, self.newer, kind(step), kind(0.5 * step),
            self.reference, self.maximum, self.integrals, self.bands.rows, self.bands.which, self.lanes,
            dose_rows.node_weights(step).astype(kind), kind(self.coldest), kind(self.boiling), self.hot,
        )  # fmt: skip
        self.rise, self.older = self.older, self.rise
        self.slope, self.newer = self.newer, self.slope
        if wet:
            self.water, self.left = self.left, self.water
            self._dry_out()
