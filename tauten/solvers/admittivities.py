"""The admittivity of every cell: what its layer has, moved by the cell's own warmth and the water left in it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError, Unphysical
from tauten.physics import current
from tauten.skin.dielectrics import VACUUM_PERMITTIVITY, Dielectrics

__all__ = ["per_cell"]

_scalar = njit(inline="always", error_model="numpy")
_driver = njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "contract", "arcp", "nsz"})

_warmer = _scalar(current.conductivity_factor)
_drier = _scalar(current.drying_factor)
_displaced = _scalar(current.dry_permittivity)


def per_cell(
    layers: Dielectrics,
    labels: NDArray[np.integer],
    temperature: ArrayLike | None = None,
    water: NDArray[np.floating] | None = None,
    *,
    reference: float = 0.0,
    real: bool = False,
    out: NDArray[Any] | None = None,
) -> NDArray[Any]:
    """Return the admittivity σ + iωε₀ε [S/m] of every cell, complex64, or σ alone as float32 with `real`.

    `labels` says which of `layers` each cell is in; one label for each cell along the last axis stands for a grid of
    plane layers. `temperature` [K] is counted from `reference` [K], so a state's `rise` can be passed as it is; None
    takes the one that the rows hold for. `water` is the share of the first water left, None all of it. The result has
    the shape of `temperature`, of `labels` without one; `out` takes it in the place of a new array. It reads and writes
    each cell once. Raises `InputError` for arrays that don't fit each other or labels of no layer, `Unphysical` where a
    temperature or the water is no number.
    """
    labels = np.asarray(labels)
    shape = labels.shape if temperature is None else np.shape(temperature)
    if not any(labels.strides[:-1]):  # one column, shown as a whole grid
        labels = labels[(0,) * (labels.ndim - 1)] if labels.shape == shape else labels
    labels = np.ascontiguousarray(labels)
    if temperature is None:
        temperature, reference = np.zeros(shape, np.float32), layers.reference
    warmth = np.ascontiguousarray(temperature)
    if warmth.dtype not in (np.float32, np.float64):
        warmth = warmth.astype(np.float64)
    _fit(labels, warmth, water, len(layers.conductivity))
    kind = np.float32 if real else np.complex64
    if out is None:
        out = np.empty(shape, kind)
    elif out.shape != shape or out.dtype != kind or not out.flags.c_contiguous:
        raise InputError(
            "does not fit", key="out", value=f"{out.dtype} {out.shape}", allowed=f"{kind.__name__} {shape}"
        )
    rows = (-1, shape[-1])
    at = labels.reshape(rows) if labels.ndim > 1 else labels[None, :]
    wet = np.zeros((0, 1), np.float32) if water is None else np.ascontiguousarray(water, np.float32).reshape(rows)
    turn = 0.0 if real else 2.0 * np.pi * layers.frequency * VACUUM_PERMITTIVITY
    single = np.float32
    sums = _fill(
        out.view(np.float32).reshape(-1, shape[-1] * (1 if real else 2)), at, warmth.reshape(rows), wet,
        layers.conductivity.astype(single), (turn * layers.permittivity).astype(single),
        (turn * layers.dry).astype(single), single(layers.reference - reference), single(layers.coefficient),
        single(layers.dry_share), single(layers.exponent), real,
    )  # fmt: skip
    if not np.isfinite(sums):
        raise Unphysical("The temperature or the water of a cell is no number: it has no conductivity.")
    return out


def _fit(labels: NDArray[Any], warmth: NDArray[Any], water: NDArray[Any] | None, count: int) -> None:
    if labels.shape not in (warmth.shape, warmth.shape[-1:]):
        raise InputError("does not fit the temperature", key="labels", value=labels.shape, allowed=str(warmth.shape))
    if water is not None and water.shape != warmth.shape:
        raise InputError("does not fit the temperature", key="water", value=water.shape, allowed=str(warmth.shape))
    if labels.size == 0 or labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= count:
        raise InputError("names no layer", key="labels", allowed=f"whole numbers from 0 to {count - 1}")


@_driver
def _boiled(left):  # type: ignore[no-untyped-def]
    """Return the sum of what has boiled off along a row, 0 only where all water is left."""
    lost = np.float32(0.0)
    for k in range(left.size):
        lost += np.float32(1.0) - left[k]
    return lost


@_driver
def _moist_row(target, own, beside, warm, reference, coefficient, real):  # type: ignore[no-untyped-def]
    row = np.float32(0.0)
    if real:
        for k in range(warm.size):
            target[k] = own[k] * _warmer(np.float32(warm[k]), reference, coefficient)
            row += target[k]
    else:
        for k in range(warm.size):
            s = own[k] * _warmer(np.float32(warm[k]), reference, coefficient)
            row += s
            target[2 * k], target[2 * k + 1] = s, beside[k]
    return row


@_driver
def _drying_row(target, own, beside, least, warm, left, reference, coefficient, dry_share, exponent, real):  # type: ignore[no-untyped-def]
    row = np.float32(0.0)
    for k in range(warm.size):
        # A heat step may end a rounding below the last water.
        share = _drier(max(left[k], np.float32(0.0)), dry_share, exponent)
        s = own[k] * _warmer(np.float32(warm[k]), reference, coefficient) * share
        row += s
        if real:
            target[k] = s
        else:
            target[2 * k], target[2 * k + 1] = s, _displaced(beside[k], least[k], share)
    return row


@_driver
def _fill(out, labels, warmth, water, sigma, moist, dry, reference, coefficient, dry_share, exponent, real):  # type: ignore[no-untyped-def]
    """Fill rows of (σ, ωε₀ε) pairs, or of σ; return the sum of all σ, which is no number where one is none."""
    rows, cells = warmth.shape
    plane, drying = labels.shape[0] == 1, water.shape[0] > 0
    own, beside, least = np.empty(cells, np.float32), np.empty(cells, np.float32), np.empty(cells, np.float32)
    total = 0.0
    for i in range(rows):
        if i == 0 or not plane:
            for k in range(cells):
                label = labels[i, k]
                own[k], beside[k], least[k] = sigma[label], moist[label], dry[label]
        if drying and _boiled(water[i]) != np.float32(0.0):
            total += _drying_row(
                out[i], own, beside, least, warmth[i], water[i], reference, coefficient, dry_share, exponent, real
            )
        else:
            total += _moist_row(out[i], own, beside, warmth[i], reference, coefficient, real)
    return total
