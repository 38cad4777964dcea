"""How far two fields are apart, by the measures of the ITRUSST intercomparison (Aubry 2022, doi:10.1121/10.0013426).

There they are printed in percent and millimetres; here they are shares and metres. The second field is the reference.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.solvers.output import width_at

__all__ = ["focal_size", "focal_volume", "l2", "linf", "max_amp", "max_pos"]


def max_amp(values: ArrayLike, reference: ArrayLike) -> float:
    """Return how far the largest amplitudes are apart, over the reference's. [1]

    >>> round(max_amp([1.0, 2.2], [1.0, 2.0]), 3)
    0.1
    """
    ours, theirs = _pair(values, reference)
    return float(abs(ours.max() - theirs.max()) / theirs.max())


def max_pos(values: ArrayLike, reference: ArrayLike, axes: Sequence[ArrayLike]) -> float:
    """Return how far the places of the largest amplitudes are apart [m]; `axes` hold the points' places [m].

    >>> max_pos([1.0, 3.0, 2.0], [1.0, 2.0, 3.0], [[0.0, 1e-3, 2e-3]])
    0.001
    """
    ours, theirs = _pair(values, reference)
    places = [np.asarray(axis, dtype=float) for axis in axes]
    found = [np.unravel_index(int(np.argmax(field)), field.shape) for field in (ours, theirs)]
    return float(np.sqrt(sum((p[i] - p[j]) ** 2 for p, i, j in zip(places, *found, strict=True))))


def l2(values: ArrayLike, reference: ArrayLike) -> float:
    """Return the root of the summed squares of the difference over that of the reference. [1]

    >>> round(l2([3.0, 4.5], [3.0, 4.0]), 3)
    0.1
    """
    ours, theirs = _pair(values, reference)
    return float(np.linalg.norm(ours - theirs) / np.linalg.norm(theirs))


def linf(values: ArrayLike, reference: ArrayLike) -> float:
    """Return the largest difference anywhere over the reference's largest amplitude. [1]

    >>> round(linf([1.5, 4.0], [1.0, 4.0]), 3)
    0.125
    """
    ours, theirs = _pair(values, reference)
    return float(np.abs(ours - theirs).max() / theirs.max())


def focal_size(values: ArrayLike, at: ArrayLike, level: float = 0.5) -> float:
    """Return the width [m] about the largest amplitude where a profile stays above `level` of it (0.5 is -6 dB).

    `at` are the points' places [m]; crossings are interpolated. NaN where the profile does not fall so far.
    """
    return width_at(np.abs(np.asarray(values)), np.asarray(at, dtype=float), level)


def focal_volume(values: ArrayLike, volumes: ArrayLike, level: float = 0.5) -> float:
    """Return the volume [m³] joined to the largest amplitude where the field is above `level` of it (0.5 is -6 dB).

    `volumes` [m³] are those of the points' cells, of the field's shape.

    >>> float(focal_volume([0.6, 0.4, 0.8, 1.0, 0.7], [1.0, 1.0, 1.0, 1.0, 1.0]))
    3.0
    """
    field = np.abs(np.asarray(values))
    above = field >= level * field.max()
    joined = np.zeros(field.shape, dtype=bool)
    joined.flat[int(np.argmax(field))] = True
    while True:
        grown = joined.copy()
        for axis in range(field.ndim):
            ahead, behind = ([slice(None)] * axis + [s] for s in (slice(1, None), slice(None, -1)))
            grown[tuple(ahead)] |= joined[tuple(behind)]
            grown[tuple(behind)] |= joined[tuple(ahead)]
        grown &= above
        if np.array_equal(grown, joined):
            return float(np.sum(np.asarray(volumes)[joined]))
        joined = grown


def _pair(values: ArrayLike, reference: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.abs(np.asarray(values)).astype(float), np.abs(np.asarray(reference)).astype(float)
