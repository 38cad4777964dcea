"""Coagulation zones: where a stored integral passes its threshold, measured finer than the cells it is stored on.

Between cell centres ln Ω is read as linear on every simplex (triangle or tetrahedron) of neighbouring centres; the
part of a simplex above the threshold has a closed volume. On an axis or a mirror plane ln Ω is carried on as an even
parabola. A zone is what hangs together with the hottest place under its point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import Placed
from tauten.facts import Facts
from tauten.grid import Grid
from tauten.skin.skin import Skin
from tauten.solvers.nodes import Nodes, level_of
from tauten.solvers.simplices import section_areas, solid_volume, turned_volume
from tauten.solvers.state import TissueState

__all__ = ["Zone", "is_half", "threshold_of", "zones", "zones_at"]

Floats = NDArray[np.float64]
_NONE = (0.0, 0.0, 0.0, math.nan, math.nan)
"""Width, length, volume, top and bottom of no zone."""


@dataclass(frozen=True, slots=True)
class Zone:
    """What one point coagulated: the surface on which the integral of `kinetics` passes its threshold.

    `at` (x, y) [m] is the point; `width` [m] the diameter of the disc with the area of the widest level section,
    `length` [m] along depth, `volume` [m³]; `top`, `centre` and `bottom` [m] are depths (centre lies half way), and
    `layers` the names of those it reaches into. A point that coagulates nothing is not `formed`: there is no zone, its
    sizes are 0, it lies in no layer and its depths are NaN. `peak_temperature` [K] is the hottest the tissue under the
    point became, at the depth `hottest` [m];
    `boils` says that its water did, and `lower_bound` that it came so close that the size is a lower bound.
    `merged` numbers the points, in the order of `zones`, whose zones hang together with this one; each keeps the part
    nearest to it.
    """

    at: tuple[float, float]
    width: float
    length: float
    volume: float
    top: float
    centre: float
    bottom: float
    layers: tuple[str, ...]
    peak_temperature: float
    boils: bool
    lower_bound: bool
    kinetics: str
    merged: tuple[int, ...] = ()
    hottest: float = math.nan

    @property
    def formed(self) -> bool:
        """Whether anything coagulated."""
        return self.volume > 0.0


def threshold_of(kinetics: str, facts: Facts) -> float:
    """Return the value of the integral of `kinetics` at which tissue counts as coagulated, in the integral's unit."""
    return facts["simulate/zone.cem43" if kinetics == "cem43" else "simulate/zone.omega"].value


def is_half(grid: Grid, placed: Sequence[Placed]) -> bool:
    """Whether a Cartesian `grid` is the half y >= 0 of a box, as seen from its points: they lie on its front face."""
    return grid.kind == "cartesian" and all(abs(shot.at[1] - grid.edges[1][0]) < 1e-9 for shot in placed)


def zones(
    state: TissueState, skin: Skin, placed: Sequence[Placed], facts: Facts, kinetics: str = "henriques_moritz_1947"
) -> tuple[Zone, ...]:
    """Return the zone of every point of `placed`, several shots over one place counting as one.

    `kinetics` names an integral of `state`. Raises `InputError` for one that was not followed.
    """
    places = tuple(dict.fromkeys(shot.at for shot in placed))
    return zones_at(state, skin, places, facts, kinetics, (1,) if is_half(state.grid, placed) else ())


def zones_at(
    state: TissueState, skin: Skin, places: Sequence[tuple[float, float]], facts: Facts, kinetics: str,
    mirrored: tuple[int, ...] = (),
) -> tuple[Zone, ...]:  # fmt: skip
    """Return the zone at each of `places` (x, y) [m] of the grid; `mirrored` names axes whose first wall is a mirror.

    A zone on a mirror is whole: the part beyond it counts.
    """
    nodes = Nodes.of(state.grid, level_of(state, kinetics, threshold_of(kinetics, facts)), mirrored)
    hottest = state.reference + np.maximum(state.maximum, state.rise)
    boiling, bound = facts.si("tissue/heat/boiling"), facts.si("simulate/zone.lower_bound")
    owner = _nearest(state.grid.centres, places)
    belongs, boxes = _nearest(nodes.axes, places), _nearest([0.5 * (a[1:] + a[:-1]) for a in nodes.axes], places)
    parts = _components(nodes.values, belongs, len(places))
    together = _joined(parts, len(places))
    level = np.where((nodes.values > 0.0) & (parts < 0), -nodes.values, nodes.values)  # other islands don't count
    found: list[Zone] = []
    for n, at in enumerate(places):
        mine = owner == n
        under = hottest[mine]
        peak = float(under.max())
        seat = float(state.grid.centres[-1][np.unravel_index(int(np.argmax(under)), under.shape)[-1]])
        wet = state.water is not None and bool(np.min(state.water[mine]) < 1.0)
        width, length, volume, top, bottom = _sizes(nodes, nodes.fold(at), level, parts == n, boxes == n) or _NONE
        found.append(
            Zone(
                at, width, length, volume, top, 0.5 * (top + bottom), bottom, _layers(skin, top, bottom), peak,
                wet or peak > boiling, wet or peak > bound, kinetics, together[n], seat,
            )
        )  # fmt: skip
    return tuple(found)


def _nearest(axes: Sequence[Floats], places: Sequence[tuple[float, float]]) -> NDArray[np.intp]:
    """Return the number of the nearest place for every column: shape (r,) or (x, y)."""
    if len(axes) == 2:
        return np.zeros(axes[0].size, dtype=np.intp)
    best = np.full((axes[0].size, axes[1].size), np.inf)
    owner = np.zeros(best.shape, dtype=np.intp)
    for n, (x, y) in enumerate(places):
        away = (axes[0] - x)[:, None] ** 2 + (axes[1] - y) ** 2
        owner[away < best] = n
        best = np.minimum(best, away)
    return owner


def _components(values: Floats, belongs: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Return, for every node, the point whose zone it is in, -1 for none: what hangs together with its hottest node."""
    parts = np.full(values.shape, -1, dtype=np.intp)
    for n in range(count):
        columns = np.nonzero((belongs == n) & (values.max(axis=-1) > 0.0))
        if not columns[0].size:
            continue
        crop = tuple(slice(int(c.min()), int(c.max()) + 1) for c in columns)
        mine = (values[crop] > 0.0) & (belongs[crop] == n)[..., None]
        hot = np.where(mine, values[crop], -np.inf)
        parts[crop][_hanging(mine, np.unravel_index(int(np.argmax(hot)), hot.shape))] = n
    return parts


def _hanging(mask: NDArray[np.bool_], seed: tuple[np.intp, ...]) -> NDArray[np.bool_]:
    """Return the part of `mask` that hangs together with `seed`, face to face."""
    found = np.zeros_like(mask)
    found[seed] = True
    size = 0
    while size != (size := int(found.sum())):
        for axis in range(mask.ndim):
            ahead, back = (np.swapaxes(found, 0, axis)[s] for s in (slice(1, None), slice(None, -1)))
            fresh, old = ahead | back, np.swapaxes(found, 0, axis)
            old[1:] |= fresh
            old[:-1] |= fresh
        found &= mask
    return found


def _joined(parts: NDArray[np.intp], count: int) -> list[tuple[int, ...]]:
    """Return, for every point, the other points whose zones touch its own, directly or through others."""
    group = list(range(count))
    for axis in range(parts.ndim - 1):
        one, other = np.swapaxes(parts, 0, axis)[:-1], np.swapaxes(parts, 0, axis)[1:]
        touch = (one >= 0) & (other >= 0) & (one != other)
        for a, b in np.unique(np.stack([one[touch], other[touch]]), axis=1).T.tolist():
            low, high = sorted((group[a], group[b]))
            group = [low if g == high else g for g in group]
    return [tuple(m for m in range(count) if group[m] == group[n] and m != n) for n in range(count)]


def _sizes(
    nodes: Nodes, fold: float, level: Floats, part: NDArray[np.bool_], boxes: NDArray[np.bool_]
) -> tuple[float, float, float, float, float] | None:
    """Return width, length, volume, top and bottom of one zone; None where no node is in it."""
    inside = np.nonzero(part)
    if not inside[0].size:
        return None
    lows, highs = [max(int(i.min()) - 1, 0) for i in inside], [int(i.max()) + 1 for i in inside]
    crop = tuple(slice(a, b + 1) for a, b in zip(lows, highs, strict=True))
    axes = [axis[s] for axis, s in zip(nodes.axes, crop, strict=True)]
    f, z = level[crop], axes[-1]
    own = np.where(part[crop], f, -1.0).reshape(-1, z.size)
    whole = f.reshape(-1, z.size)
    ups, downs = (own[:, 1:] > 0.0) & (whole[:, :-1] <= 0.0), (own[:, :-1] > 0.0) & (whole[:, 1:] <= 0.0)
    cross = z[:-1] + np.diff(z) * _zero(whole[:, :-1], whole[:, 1:])
    top = float(cross[ups].min()) if ups.any() and not np.any(own[:, 0] > 0.0) else float(z[0])
    bottom = float(cross[downs].max()) if downs.any() and not np.any(own[:, -1] > 0.0) else float(z[-1])
    if len(axes) == 2:
        volume = turned_volume(f, axes[0], z)
        edge = axes[0][:-1, None] + np.diff(axes[0])[:, None] * _zero(f[:-1], f[1:])
        leaves = (f[:-1] > 0.0) & (f[1:] <= 0.0)
        radius = float(edge[leaves].max()) if leaves.any() else float(axes[0][-1])
        return 2.0 * radius, bottom - top, volume, top, bottom
    count = boxes[crop[0].start : crop[0].stop - 1, crop[1].start : crop[1].stop - 1]
    volume = fold * solid_volume(f, axes[0], axes[1], z, count)
    area = fold * float(section_areas(f, axes[0], axes[1], count).max())
    return 2.0 * math.sqrt(area / math.pi), bottom - top, volume, top, bottom


def _zero(one: Floats, other: Floats) -> Floats:
    """Where a straight line between two values passes 0, 0 to 1; 0 where it does not."""
    fall = one - other
    return np.where(one * other <= 0.0, np.divide(one, fall, out=np.zeros_like(fall), where=fall != 0.0), 0.0)


def _layers(skin: Skin, top: float, bottom: float) -> tuple[str, ...]:
    """Return the names of the layers between two depths [m]; the deepest goes on for ever."""
    edges = skin.depths
    names = [layer.name for layer in skin.layers]
    return tuple(
        name for n, name in enumerate(names) if edges[n] <= bottom and (top < edges[n + 1] or n == len(names) - 1)
    )
