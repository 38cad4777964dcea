"""A medium on a grid: which columns are alike, and the properties each kind of column has."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tauten.errors import InputError
from tauten.facts import load
from tauten.grid import Grid
from tauten.physics.bioheat import exchange
from tauten.skin.thermal import Thermal

__all__ = ["box", "columns_alike", "numbered", "properties_of", "representatives"]


def box(grid: Grid) -> tuple[int, int, int]:
    """Return the grid's shape as (nx, ny, nz); an axisymmetric grid is (nr, 1, nz)."""
    return (grid.shape[0], 1, grid.shape[-1]) if grid.kind == "axisymmetric" else grid.shape  # type: ignore[return-value]


def properties_of(
    grid: Grid,
    medium: Thermal,
    dry: NDArray[np.bool_] | None = None,
    only: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None,
) -> tuple[NDArray[np.intp], dict[str, NDArray[np.float64]]]:
    """Return the kind of each column, (nx, ny), and the properties of each kind, (kinds, nz) each.

    `capacity` ρ c [J/m³/K], `conductivity` [W/m/K], `exchange` [W/m³/K], `latent` [J/m³], `ratio` moist over dry ρ c
    and `growth`. Cells marked `dry` have their dry properties, no perfusion and no water. With the indices (i, j) of
    the `only` columns asked for, each of those is a kind, in their order.
    Raises `InputError` for values that do not fit the grid or the labels, or are not physical.
    """
    shape = box(grid)
    values = {
        name: getattr(medium, name)
        for name in ("conductivity", "density", "specific_heat", "perfusion", "water", "perfusion_rise")
    }
    for name in ("conductivity", "density", "specific_heat"):
        dry_value = getattr(medium, f"dry_{name}")
        values[f"dry_{name}"] = values[name] if dry_value is None else dry_value
    if medium.labels is not None:
        labels = np.asarray(medium.labels)
        if labels.shape != grid.shape or labels.dtype.kind not in "iu":
            raise InputError(
                "must be integers of the grid's shape", key="labels", value=labels.shape, allowed=f"{grid.shape}"
            )
        labels = labels.reshape(shape)
        kinds, at = _picked(shape, [labels] if dry is None else [labels, dry], only)
        picked = labels[at]
        count = int(labels.max()) + 1
        if int(labels.min()) < 0:
            raise InputError("is negative", key="labels", value=int(labels.min()), allowed="0 or more")
        rows = {name: _table(name, value, count)[picked] for name, value in values.items()}
    else:
        fields = {name: _field(name, value, grid) for name, value in values.items()}
        kinds, at = _picked(shape, [*fields.values(), *([] if dry is None else [dry])], only)
        rows = {name: np.broadcast_to(value, shape)[at].astype(np.float64) for name, value in fields.items()}
    _check(rows)
    return kinds, _derived(rows, medium, None if dry is None else dry[at])


def _derived(
    rows: dict[str, NDArray[np.float64]], medium: Thermal, dry: NDArray[np.bool_] | None
) -> dict[str, NDArray[np.float64]]:
    facts = load()
    blood = medium.blood_heat_capacity
    if blood is None:
        blood = 0.0
        if np.any(rows["perfusion"] > 0.0):
            blood = facts.si("tissue/thermal/blood.density") * facts.si("tissue/thermal/blood.specific_heat")
    moist = rows["density"] * rows["specific_heat"]
    parched = rows["dry_density"] * rows["dry_specific_heat"]
    derived = {
        "capacity": moist,
        "conductivity": rows["conductivity"],
        "exchange": exchange(rows["perfusion"], blood),
        "latent": rows["density"] * rows["water"] * facts.si("tissue/heat/latent_heat"),
        "ratio": moist / parched,
        "growth": rows["perfusion_rise"],
    }
    if dry is not None:
        derived["capacity"] = np.where(dry, parched, moist)
        derived["conductivity"] = np.where(dry, rows["dry_conductivity"], rows["conductivity"])
        derived["exchange"] = np.where(dry, 0.0, derived["exchange"])
    return derived


def _picked(
    shape: tuple[int, int, int], fields: list[NDArray], only: tuple[NDArray[np.intp], NDArray[np.intp]] | None
) -> tuple[NDArray[np.intp], tuple[NDArray[np.intp], NDArray[np.intp]]]:
    if only is not None:
        return np.arange(only[0].size), only
    kinds = columns_alike(shape, fields)
    return kinds, representatives(kinds)


def columns_alike(shape: tuple[int, int, int], fields: list[NDArray]) -> NDArray[np.intp]:
    """Return a number for each column, equal where all `fields` are equal along it."""
    if shape[0] * shape[1] == 1:  # on an axis: alone, and asked for often
        return np.zeros(shape[:2], dtype=np.intp)
    sums = np.zeros(shape[:2], dtype=np.uint64)
    rng = np.random.default_rng(20140703)
    for field in fields:
        draw = rng.integers(1, 2**63, size=2 * shape[2], dtype=np.uint64) | np.uint64(1)
        if field.size == 1 or field.shape[:2] == (1, 1):
            continue  # the same in every column
        # Eight bytes at a time, whatever they are: eight labels in one.
        row = shape[2] * field.itemsize
        words = np.zeros((shape[1], -(-row // 8)), dtype=np.uint64)
        for i in range(shape[0]):
            words.view(np.uint8)[:, :row] = np.ascontiguousarray(field[i]).view(np.uint8).reshape(shape[1], row)
            bits = (words ^ (words >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
            sums[i] += ((bits ^ (bits >> np.uint64(29))) * draw[: words.shape[1]]).sum(axis=-1, dtype=np.uint64)
    return np.unique(sums, return_inverse=True)[1].reshape(shape[:2])


def numbered(codes: list[NDArray[np.intp]]) -> NDArray[np.intp]:
    """Return one number for each place, equal where all `codes` (0 or more) are equal; numbers leave no gap."""
    joint, many = codes[0], int(codes[0].max()) + 1
    for code in codes[1:]:
        span = int(code.max()) + 1
        if many * span > 4 * joint.size:
            joint = _closed_up(joint, many)
            many = int(joint.max()) + 1
        joint, many = joint * span + code, many * span
    return _closed_up(joint, many)


def _closed_up(numbers: NDArray[np.intp], many: int) -> NDArray[np.intp]:
    """Renumber what lies below `many` without gaps, in its order."""
    if many > 16 * numbers.size:
        return np.unique(numbers, return_inverse=True)[1].reshape(numbers.shape)
    # A table is many times as fast as sorting.
    taken = np.zeros(many, dtype=np.intp)
    taken[numbers] = 1
    return (np.cumsum(taken) - 1)[numbers]


def representatives(numbers: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the indices (i, j) of the first column of each number; numbers leave no gap."""
    first = np.zeros(int(numbers.max()) + 1, dtype=np.intp)
    first[numbers.ravel()[::-1]] = np.arange(numbers.size)[::-1]  # the last to be written stays
    i, j = np.unravel_index(first, numbers.shape)
    return i, j


def _table(name: str, value: ArrayLike, count: int) -> NDArray[np.float64]:
    table = np.asarray(value, dtype=np.float64)
    if table.ndim == 0:
        return np.full(count, float(table))
    if table.ndim != 1 or table.size < count:
        raise InputError("needs one value per label", key=name, value=table.shape, allowed=f"({count},)")
    return table


def _field(name: str, value: ArrayLike, grid: Grid) -> NDArray:
    field = np.asarray(value)
    try:
        np.broadcast_to(field, grid.shape)
    except ValueError:
        raise InputError("does not fit the grid", key=name, value=field.shape, allowed=str(grid.shape)) from None
    if field.ndim < 2:
        return field.reshape(1, 1, -1)
    return np.broadcast_to(field, grid.shape).reshape(box(grid))


def _check(rows: dict[str, NDArray[np.float64]]) -> None:
    for name, row in rows.items():
        low = 0.0 if name in ("perfusion", "water") else np.nextafter(0.0, 1.0)
        high = 1.0 if name == "water" else np.finfo(float).max
        bad = row[~((row >= low) & (row <= high))]
        if bad.size:
            allowed = "0 to 1" if name == "water" else "0 or more" if name == "perfusion" else "above 0"
            raise InputError("is not physical", key=f"medium.{name}", value=float(bad[0]), allowed=f"{allowed}, finite")
