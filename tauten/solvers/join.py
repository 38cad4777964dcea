"""The exact linear field and the marched one put together: echoes from the first, steepening from the second.

The march goes down only and spreads the waves of the rim a little; the plane-wave field has every echo and no
harmonics. What steepening does is the difference of two marches, with and without harmonics, whose other errors are the
same and cancel. Where it adds, the difference is added; where it takes away (behind the focus the first harmonic is
drained), the exact value is lessened by the ratio, which keeps it from falling below zero in the nulls of an echo.
Without steepening the two marches are one, and the exact linear field is left.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.errors import Unphysical
from tauten.physics.sound import wavenumber
from tauten.solvers.field import Sound
from tauten.solvers.harmonics import March

__all__ = ["joined"]

Floats = NDArray[np.float64]
_POINTS = 4  # of an interpolating polynomial


def joined(exact: Sound, steep: March, plain: March, pressure: float, keep: Sequence[int]) -> Sound:
    """Return the sound with harmonics: `exact` linear field, `steep` march, and `plain`, a march without harmonics.

    The first two are at the surface `pressure` [Pa], the last at 1 Pa; `keep` names the harmonics returned. Raises
    `Unphysical` for heat that is negative or no number.
    """
    many, one = (_Reader(march, exact.r, exact.z, exact.tops) for march in (steep, plain))
    more = pressure**2
    heat = _changed(exact.heat, many(steep.heat), more * one(plain.heat))
    if not np.all(heat >= 0.0):  # false for NaN too
        raise Unphysical("solvers.beams: heat is below zero or not a number")
    level = pressure * one(plain.peak_positive)
    found = [many.phasor(steep.pressure[steep.kept.index(n)], n, exact) for n in keep]
    if 1 in keep:
        found[keep.index(1)] += exact.pressure[0] - pressure * one.phasor(plain.pressure[0], 1, exact)
    added = _in_layers(steep, exact.tops) - more * _in_layers(plain, exact.tops)
    return replace(
        exact, harmonics=int(steep.harmonics.max()), kept=tuple(keep), heat=heat,
        pressure=np.array(found, dtype=np.complex128).reshape(len(found), *heat.shape),
        peak_positive=_changed(exact.peak_positive, many(steep.peak_positive), level),
        peak_negative=_changed(exact.peak_negative, many(steep.peak_negative), level),
        absorbed=exact.absorbed + steep.absorbed - more * plain.absorbed,
        scattered=exact.scattered + steep.scattered_power - more * plain.scattered_power,
        passed=exact.passed + steep.passed - more * plain.passed,
        reflected=exact.reflected + steep.reflected - more * plain.reflected,
        absorbed_in=tuple(float(a + b) for a, b in zip(exact.absorbed_in, added, strict=True)),
    )  # fmt: skip


def _changed(exact: Floats, steep: Floats, plain: Floats) -> Floats:
    """Return the exact values with what steepening adds, or times what it leaves."""
    found = np.divide(np.maximum(steep, 0.0), plain, out=np.ones_like(plain), where=plain > 0.0)
    np.minimum(found, 1.0, out=found)
    found *= exact
    return np.add(exact, steep - plain, out=found, where=steep >= plain)


def _in_layers(march: March, tops: Floats) -> Floats:
    """Return the heat [W] of each layer of a march."""
    cells = march.areas @ march.heat * np.diff(march.edges)
    return np.asarray(np.bincount(_layer(march.z, tops), cells, tops.size), dtype=np.float64)


def _layer(z: Floats, tops: Floats) -> NDArray[np.intp]:
    return np.maximum(np.searchsorted(tops, z, side="right") - 1, 0)


class _Reader:
    """Reads what a march left in its cells at other radii and depths: cubics across, and along each layer by itself."""

    def __init__(self, march: March, r: Floats, z: Floats, tops: Floats) -> None:
        self.march, self.z, self.tops = march, z, tops
        # Fields are even in r: mirrored nodes make the axis a point like any other.
        count = march.r.size
        self.rows, self.across = _cubics(np.concatenate([-march.r[::-1], march.r]), r)
        self.rows = np.where(self.rows >= count, self.rows - count, count - 1 - self.rows)
        self.across[:, r > march.r[-1]] = 0.0
        self.columns, self.along = np.zeros((_POINTS, z.size), dtype=np.intp), np.zeros((_POINTS, z.size))
        wanted, has = _layer(z, tops), _layer(march.z, tops)
        for layer in np.unique(wanted):
            cells, points = np.flatnonzero(has == layer), np.flatnonzero(wanted == layer)
            if cells.size == 0:  # a depth on the very end of the march
                cells = np.array([march.z.size - 1])
            found, weights = _cubics(march.z[cells], z[points])
            self.columns[: len(found), points], self.along[: len(found), points] = cells[found], weights

    def __call__(self, values: NDArray[Any]) -> NDArray[Any]:
        # Four terms a point, first across: as matrix products the same took as long as the march.
        rows = np.zeros((self.across.shape[1], values.shape[1]), dtype=values.dtype)
        for row, weight in zip(self.rows, self.across, strict=True):
            rows += weight[:, None] * values[row]
        found = np.zeros((rows.shape[0], self.z.size), dtype=values.dtype)
        for column, weight in zip(self.columns, self.along, strict=True):
            found += rows[:, column] * weight
        return found

    def phasor(self, values: NDArray[np.complexfloating], order: int, exact: Sound) -> NDArray[np.complex128]:
        """Return complex amplitudes: the wave's own turns along depth are taken off first, and put back after."""
        speeds = [float(wavenumber(exact.transducer.frequency, layer).real) for layer in exact.layers]
        slow = values.astype(np.complex128) * np.exp(1j * order * self._turns(self.march.z, speeds))
        return self(slow) * np.exp(-1j * order * self._turns(self.z, speeds))

    def _turns(self, z: Floats, wavenumbers: list[float]) -> Floats:
        """Return the phase of a plane wave straight down from the apex [rad]."""
        ends = [*self.tops[1:], math.inf]
        return sum(k * (np.clip(z, top, end) - top) for k, top, end in zip(wavenumbers, self.tops, ends, strict=True))


def _cubics(nodes: Floats, wanted: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Return which of the rising `nodes` each point `wanted` is read from and what they count: shape (4, wanted)."""
    points = min(_POINTS, nodes.size)
    first = np.clip(np.searchsorted(nodes, wanted) - points // 2, 0, nodes.size - points)
    places = first + np.arange(points)[:, None]
    weights = np.ones((points, wanted.size))
    for i in range(points):
        for j in range(points):
            if j != i:
                weights[i] *= (wanted - nodes[places[j]]) / (nodes[places[i]] - nodes[places[j]])
    return places, weights
