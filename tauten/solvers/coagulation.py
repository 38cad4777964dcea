"""What a stamp of needles left: a zone at every needle, how much of the dermis is spared, what reached fat and surface.

Sizes are read where a stored integral passes its threshold, finer than cells, as for any zone (`solvers.zones`). Where
the grid holds a half or a quarter of a stamp, its mirror images count.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import Placed
from tauten.devices.needles import NeedlePulse
from tauten.facts import Facts
from tauten.skin.skin import Skin
from tauten.solvers.electrode_grid import mirrors_on
from tauten.solvers.nodes import Nodes, level_of
from tauten.solvers.simplices import section_areas, solid_volume
from tauten.solvers.state import TissueState
from tauten.solvers.zones import Zone, threshold_of, zones_at

__all__ = ["Coagulation", "coagulate", "lean_of", "needle_zones"]

Floats = NDArray[np.float64]
Place = tuple[float, float]

KINETICS = "henriques_moritz_1947"
"""The set that draws a zone, as for focused ultrasound."""


@dataclass(frozen=True, eq=False)
class Coagulation:
    """What stamps coagulated of the skin they served (their footprints, overlap counted once).

    `depth` [m] and `fraction` [1]: the coagulated share of the footprint at each depth, the needles' own tracks within
    zones included; `spared` [1], the
    share of the dermis' columns between surface and fat with nothing coagulated in them. `channels` [m²] is the area
    that needles open in the epidermis, `burnt` [m²] where the epidermis passes its burn threshold, `area` [m²] of the
    footprints. `fat` [m³] is the volume below the dermis that passed each limit, by name. `to_fascia` and `to_nerve`
    [m] go from the deepest tips down to the superficial fascia and to the plane of the facial nerve, negative beyond,
    NaN where no depth is published. `overlap` is the largest integral, in units of its threshold, where footprints
    overlap; NaN where none do.
    """

    depth: Floats
    fraction: Floats
    spared: float
    area: float
    channels: float
    burnt: float
    fat: Mapping[str, float]
    to_fascia: float
    to_nerve: float
    overlap: float


def needle_zones(state: TissueState, skin: Skin, placed: Sequence[Placed], facts: Facts) -> tuple[Zone, ...]:
    """Return the zone at every needle of every stamp, those in mirror images included.

    Needles of several stamps or depths over one place count as one. Raises `InputError` for an integral not followed.
    """
    mirrored = _mirrored(state, placed)
    all_of = list(dict.fromkeys(place for shot in placed for place in _tips(shot)))
    images = [_image(place, state, mirrored) for place in all_of]
    own = list(dict.fromkeys(images))
    found = zones_at(state, skin, own, facts, KINETICS, mirrored)
    numbers = {image: n for n, image in enumerate(own)}
    touching = [_touched(zone, state, mirrored) for zone in found]
    joined = []
    for n, (place, image) in enumerate(zip(all_of, images, strict=True)):
        zone = found[numbers[image]]
        family = {numbers[image], *zone.merged}
        # What hangs together on one side of a mirror hangs together with its image where any of it reaches the mirror.
        through = frozenset().union(*(touching[k] for k in family))
        together = tuple(
            m for m, other in enumerate(all_of)
            if m != n and numbers[images[m]] in family and _between(place, other, state, mirrored) <= through
        )  # fmt: skip
        joined.append(replace(zone, at=place, merged=together if zone.formed else ()))
    return tuple(joined)


def coagulate(state: TissueState, skin: Skin, placed: Sequence[Placed], facts: Facts) -> Coagulation:
    """Return what stamps of needles left in the skin."""
    mirrored = _mirrored(state, placed)
    grid, copies = state.grid, 2 ** len(mirrored)
    nodes = Nodes.of(grid, level_of(state, KINETICS, threshold_of(KINETICS, facts)), mirrored)
    served = _served(nodes, placed)
    x, y, z = nodes.axes
    boxes = np.diff(x)[:, None] * np.diff(y)
    area = copies * float(boxes[served > 0].sum())
    fraction = copies * section_areas(nodes.values, x, y, served > 0) / area

    depths, tissues = skin.depths, [layer.tissue for layer in skin.layers]
    dermis = [n for n, tissue in enumerate(tissues) if tissue == "dermis"]
    spared, fat = math.nan, {}
    if dermis:
        top, border = float(depths[dermis[0]]), float(depths[dermis[-1] + 1])
        inside = (z >= top) & (z <= border)
        shadow = nodes.values[:, :, inside].max(axis=-1, keepdims=True)
        spared = 1.0 - copies * float(section_areas(shadow, x, y, served > 0)[0]) / area
        fat = {
            name: copies * _volume_below(Nodes.of(grid, level_of(state, kinetics, limit), mirrored), border)
            for name, kinetics, limit in _fat_limits(facts)
        }
    thin = tissues.index("epidermis")  # the grid has one: it is where a burn is read
    deep = (z > depths[thin]) & (z < depths[thin + 1])
    skin_deep = nodes.values[:, :, deep].max(axis=-1, keepdims=True)
    burnt = copies * float(section_areas(skin_deep, x, y)[0])
    return Coagulation(
        depth=z,
        fraction=fraction,
        spared=spared,
        area=area,
        channels=_channels(placed),
        burnt=burnt,
        fat=MappingProxyType(fat),
        to_fascia=_below_tips(skin.fascia_depth, placed),
        to_nerve=_below_tips(_nerve(skin, facts), placed),
        overlap=_overlap(nodes, served),
    )


def _fat_limits(facts: Facts) -> list[tuple[str, str, float]]:
    """Return the limits fat is read against: name, integral, threshold."""
    dose = facts["care/planning/fat.dose"]
    return [
        ("henriques_moritz_1947", KINETICS, threshold_of(KINETICS, facts)),
        (f"cem43_{dose.value:g}", "cem43", dose.value),
        (f"cem43_{dose.low:g}", "cem43", dose.low),
    ]


def _tips(shot: Placed) -> tuple[Place, ...]:
    """Return where (x, y) [m] the tips of a shot's needles are."""
    assert isinstance(shot.exposure, NeedlePulse)
    return tuple((each.tip[0], each.tip[1]) for each in shot.exposure.electrodes(shot.at))


def _mirrored(state: TissueState, placed: Sequence[Placed]) -> tuple[int, ...]:
    sides = set(mirrors_on(state.grid, placed[0]))
    return tuple(axis for axis, side in enumerate(("left", "front")) if side in sides)


def _image(place: Place, state: TissueState, mirrored: tuple[int, ...]) -> Place:
    """Return the mirror image of a place that lies in the grid, rounded so that images of one needle are one."""
    found = []
    for axis, at in enumerate(place):
        plane = float(state.grid.edges[axis][0])
        found.append(round(plane + abs(at - plane) if axis in mirrored else at, 10))
    return found[0], found[1]


def _between(one: Place, other: Place, state: TissueState, mirrored: tuple[int, ...]) -> frozenset[int]:
    """Return the axes whose mirror plane lies between two places."""
    planes = {axis: float(state.grid.edges[axis][0]) for axis in mirrored}
    return frozenset(axis for axis, at in planes.items() if (one[axis] - at) * (other[axis] - at) < -1e-18)


def _touched(zone: Zone, state: TissueState, mirrored: tuple[int, ...]) -> frozenset[int]:
    """Return the axes whose mirror plane a zone reaches, by its width."""
    planes = {axis: float(state.grid.edges[axis][0]) for axis in mirrored}
    return frozenset(axis for axis, at in planes.items() if zone.formed and abs(zone.at[axis] - at) < 0.5 * zone.width)


def _served(nodes: Nodes, placed: Sequence[Placed]) -> NDArray[np.int64]:
    """Return how many footprints the middle of each box between nodes lies in, shape (x - 1, y - 1)."""
    x, y = (0.5 * (axis[1:] + axis[:-1]) for axis in nodes.axes[:2])
    count = np.zeros((x.size, y.size), np.int64)
    for at in dict.fromkeys(shot.at for shot in placed):
        pulse = next(shot.exposure for shot in placed if shot.at == at)
        assert isinstance(pulse, NeedlePulse)
        wide, long = pulse.footprint
        away = np.abs(y - at[1] - lean_of(pulse))
        count += (np.abs(x - at[0]) <= wide / 2.0)[:, None] & (away <= long / 2.0)
    return count


def lean_of(pulse: NeedlePulse) -> float:
    """Return how far along y [m] the middle of the bare tips lies from where needles that lean went in.

    They serve the skin there.
    """
    array = pulse.array
    return (pulse.depth - 0.5 * array.active * math.cos(array.tilt)) * math.tan(array.tilt)


def _volume_below(nodes: Nodes, border: float) -> float:
    """Return the volume [m³] deeper than `border` [m] in which a level is positive."""
    x, y, z = nodes.axes
    k = int(np.searchsorted(z, border))
    if k >= z.size:
        return 0.0
    share = (border - z[k - 1]) / (z[k] - z[k - 1]) if k else 1.0
    at = nodes.values[:, :, k - 1 : k] * (1.0 - share) + nodes.values[:, :, k : k + 1] * share
    return solid_volume(np.concatenate([at, nodes.values[:, :, k:]], axis=-1), x, y, np.append(border, z[k:]))


def _channels(placed: Sequence[Placed]) -> float:
    """Return the area [m²] that needles open in the surface: each place once, a slanting needle's ellipse."""
    found: dict[tuple[Place, Place], float] = {}
    for shot in placed:
        assert isinstance(shot.exposure, NeedlePulse)
        array = shot.exposure.array
        for place in array.positions:
            found[(shot.at, place)] = math.pi * array.radius**2 / math.cos(array.tilt)
    return sum(found.values())


def _nerve(skin: Skin, facts: Facts) -> float | None:
    """Return the depth [m] from which on branches of the facial nerve may run."""
    return None if skin.fascia_depth is None else skin.fascia_depth + facts.si("simulate/nerve.below_fascia")


def _below_tips(depth: float | None, placed: Sequence[Placed]) -> float:
    tips = [shot.exposure.depth for shot in placed if isinstance(shot.exposure, NeedlePulse)]
    return math.nan if depth is None else depth - max(tips)


def _overlap(nodes: Nodes, served: NDArray[np.int64]) -> float:
    twice = served > 1
    if not twice.any():
        return math.nan
    near = nodes.values[:-1, :-1].max(axis=-1)
    return float(np.exp(near[twice].max()))
