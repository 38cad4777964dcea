"""Sound's `deposit`: a focused shot on a skin becomes heat on a grid.

What the sound does depends on head, stack and power; duration, pattern and cooling reuse it. So the heat is kept for
each power asked for. In a sweep over powers it is read between few of them: heat over power, as a parabola in power
through three rungs. The ladder begins with 0 (the linear field, which is exact there) and doubles; an octave is halved
where the direct run at its middle differs from the straight line by more than `_BEND` of the peak, and again, around
the shock threshold. Which rungs are used follows from head, stack and power alone, never from what was asked before.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import Placed
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Piston, Transducer
from tauten.errors import InputError
from tauten.facts import Facts
from tauten.grid import Field, Grid
from tauten.skin import acoustics
from tauten.skin.acoustics import Acoustics
from tauten.skin.skin import Skin
from tauten.solvers import beams
from tauten.solvers.beam_input import power_of
from tauten.solvers.field import Sound, strength
from tauten.solvers.harmonics import March
from tauten.solvers.spread import spread
from tauten.solvers.state import Deposition
from tauten.solvers.tally import Estimate

__all__ = ["deposit", "drift", "heard", "residual_rise", "stack_of"]

Scene = tuple[tuple[Acoustics, ...], Transducer, int | None, bool]

_FIRST_RUNG = 0.5  # W
_BEND = 0.03
"""Of the peak heat: what the straight line over an interval may miss its middle by. The parabola through the middle
then misses by far less; a test holds it to 2 % of the direct run."""
_FINEST = 1.0 / 16.0  # of an octave
_FAR = 2e-3  # of the heat may be left out sideways in a box
_TRIAL_STEP, _TRIAL_DEPTH = 2.0, 1.25
"""Cells of a trial's march over those of the full one, and its end over the focus: 0.04 K of 70, in half the time."""


def deposit(
    skin: Skin,
    shot: FocusedShot,
    grid: Grid,
    temperatures: Sequence[float],
    *,
    start: float = 0.0,
    facts: Facts | None = None,
    at: tuple[float, float] = (0.0, 0.0),
    harmonics: int | None = None,
    dispersion: bool = True,
    exact_power: bool = True,
    echoes: bool = True,
) -> tuple[Deposition, ...]:
    """Return the heat [W/m³] a shot puts into `grid`: round its axis, or around the point `at` (x, y) [m] of a box.

    `temperatures` [K], one a layer, are those the speed is taken at. `harmonics` and `dispersion` go to `radiate`.
    `exact_power` False reads the heat between kept powers, to 2 % of its peak: for many powers. `echoes` False
    follows the sound downward only, in a fifth of the time: for trials over many stacks, whose focus has few echoes.
    The shares of the emitted power (reflected, passed, scattered, the couplant and each layer) ride along, with echoes.
    Raises what `radiate` raises, and `InputError` for a focus beyond the skin's layers or below the grid.
    """
    _check_focus(skin, shot, grid)
    if shot.power == 0.0:
        heat, shares = Field(np.zeros(grid.shape), grid, "W/m3"), {}
    else:
        layers = stack_of(skin, shot, temperatures, facts)
        scene = (layers, shot.transducer, harmonics, dispersion)
        if not echoes:
            return (
                Deposition(
                    _marched(scene, shot, grid, at), start, start + shot.duration, None, {}, tuple(temperatures)
                ),
            )
        sound = heard(scene, shot.power, exact_power)
        heat = _laid(sound, grid, shot.standoff, at)
        parts = {"reflected": sound.reflected, "passed": sound.passed, "scattered": sound.scattered}
        parts |= dict(zip(["couplant", *(layer.name for layer in skin.layers)], sound.absorbed_in, strict=True))
        shares = {name: Estimate(power / sound.emitted, 0.0) for name, power in parts.items()}
    return (Deposition(heat, start, start + shot.duration, None, shares, tuple(temperatures)),)


def _check_focus(skin: Skin, shot: FocusedShot, grid: Grid) -> None:
    """Raise `InputError` for a focus where there is no skin: what is heated there would be lost without a word."""
    if isinstance(shot.transducer, Piston):
        return
    depth, end = shot.focal_depth, min(float(skin.depths[-1]), float(grid.edges[-1][-1]))
    if depth >= end:
        raise InputError(
            f"puts the focus at {1e3 * depth:.4g} mm, beyond the layers of this skin", key="exposure.standoff",
            value=f"{shot.standoff:g}", allowed=f"above {depth + shot.standoff - end:.6g}", unit="m",
            remedy=f"The skin ends at {1e3 * end:.4g} mm: take a head that focuses above that.",
        )  # fmt: skip


def drift(
    skin: Skin,
    shot: FocusedShot,
    before: Sequence[float],
    now: Sequence[float],
    facts: Facts | None = None,
    least: float = 0.0,
) -> float:
    """Return the largest relative change of any layer's speed or attenuation between two sets of temperatures [K].

    It is 0 where no row says how a tissue's sound changes with temperature. `least` is not needed: looking is cheap.
    """
    old, new = (stack_of(skin, shot, temperatures, facts) for temperatures in (before, now))

    def change(a: float, b: float) -> float:
        return abs(b - a) / a if a > 0.0 else 0.0

    pairs = list(zip(old, new, strict=True))
    return max(max(change(a.speed, b.speed), change(a.attenuation, b.attenuation)) for a, b in pairs)


def stack_of(
    skin: Skin, shot: FocusedShot, temperatures: Sequence[float], facts: Facts | None = None
) -> tuple[Acoustics, ...]:
    """Return what the shot's sound passes, couplant first, with every layer at its temperature [K].

    Whole kelvins from the temperature that the rows hold for: half of one moves the speed of fat, the strongest mover,
    by 0.1 %, and grids of other cells find the same stack. The couplant is at its row's temperature.
    """
    facts = facts or skin.facts
    body = facts.si("tissue/acoustics/body.temperature")
    warmth = [facts.si("tissue/acoustics/couplant.temperature"), *(body + round(t - body) for t in temperatures)]
    return acoustics.layers(
        skin,
        standoff=shot.standoff,
        couplant=shot.couplant,
        temperature=warmth,
        frequency=shot.transducer.frequency,
        facts=facts,
    )


@lru_cache(maxsize=8)
def heard(scene: Scene, power: float, exact_power: bool = True) -> Sound:
    """Return the sound of a scene (layers, transducer, harmonics, dispersion) at `power` [W]: heat and shares alone.

    `exact_power` False interpolates between the rungs of the ladder. Pressures are not kept.
    """
    if scene[2] == 1:
        return _linear(scene).scaled(power)
    if exact_power:
        return _direct(scene, power)
    return _between(scene, _rungs(scene, power), power)


@lru_cache(maxsize=8)
def _linear(scene: Scene) -> Sound:
    layers, transducer, _, dispersion = scene
    return _light(beams.radiate(layers, transducer, power=1.0, harmonics=1, dispersion=dispersion, keep=()))


@lru_cache(maxsize=48)
def _direct(scene: Scene, power: float) -> Sound:
    layers, transducer, harmonics, dispersion = scene
    return _light(beams.radiate(layers, transducer, power=power, harmonics=harmonics, dispersion=dispersion, keep=()))


def _light(sound: Sound) -> Sound:
    """Return the sound without its pressures, a sixth of the memory: heat needs none."""
    none = np.broadcast_to(np.float64(np.nan), sound.heat.shape)
    heat: Any = np.array(sound.heat, dtype=np.float32)
    heat.setflags(write=False)
    return replace(
        sound, kept=(), pressure=sound.pressure[:0].copy(), heat=heat, peak_positive=none, peak_negative=none
    )


def _rung(scene: Scene, power: float) -> Sound:
    return _linear(scene) if power == 0.0 else _direct(scene, power)


def _rungs(scene: Scene, power: float) -> tuple[float, ...]:
    """Return the three powers [W] of the ladder that the heat at `power` is read from."""
    octave = math.ceil(math.log2(power / _FIRST_RUNG)) if power > _FIRST_RUNG else 0
    high = _FIRST_RUNG * 2.0**octave
    low = 0.5 * high if octave else 0.0
    finest = _FINEST * (high - low)
    while True:
        middle = 0.5 * (low + high)
        if high - low <= finest or _bend(scene, low, high) <= _BEND:
            return low, middle, high
        low, high = (low, middle) if power <= middle else (middle, high)


@lru_cache(maxsize=256)
def _bend(scene: Scene, low: float, high: float) -> float:
    """Return what the straight line misses the direct run at the middle by, over its peak."""
    middle = 0.5 * (low + high)
    direct = _rung(scene, middle).heat
    return float(np.max(np.abs(_between(scene, (low, high), middle).heat - direct)) / np.max(direct))


def _between(scene: Scene, rungs: Sequence[float], power: float) -> Sound:
    """Return the sound read from `rungs` [W]: heat over power, and every share of it, as a polynomial of the power."""
    if power in rungs:
        return _rung(scene, power)
    sounds = [_rung(scene, rung) for rung in rungs]
    parts = [
        math.prod((power - other) / (rung - other) for other in rungs if other != rung) * power / sound.emitted
        for rung, sound in zip(rungs, sounds, strict=True)
    ]
    mixed = {
        name: sum(part * getattr(sound, name) for part, sound in zip(parts, sounds, strict=True))
        for name in ("absorbed", "scattered", "passed", "reflected")
    }
    heat: Any = np.maximum(sum(part * sound.heat for part, sound in zip(parts, sounds, strict=True)), 0.0)
    layers = tuple(
        sum(part * watts for part, watts in zip(parts, of, strict=True))
        for of in zip(*(sound.absorbed_in for sound in sounds), strict=True)
    )
    last = sounds[-1]
    pressure = last.surface_pressure * math.sqrt(power / last.emitted)
    return replace(last, **mixed, heat=heat, absorbed_in=layers, emitted=power, surface_pressure=pressure)


def residual_rise(
    deposition: Deposition, placed: Sequence[Placed], capacity: NDArray[np.float64], diffusivity: NDArray[np.float64]
) -> float:
    """Return the most that earlier points have warmed the axis of a later one when its sound begins, at any depth. [K]

    A shot's heat stays at its depth and spreads sideways as a Gaussian: ΔT = E'/(ρc π(w² + 4αt)) exp(-d²/(w² + 4αt)),
    with E' [J/m] and w² = <r²> [m²] of `deposition` round its axis at each depth, the distance d, and t counted from
    the middle of the earlier shot. Blood, and what spreads along depth, are left out: both make it less. `capacity`
    ρc [J/m³/K] and `diffusivity` α [m²/s] hold at each depth.
    """
    grid = deposition.heat.grid
    rings = math.pi * np.diff(grid.edges[0] ** 2)
    power = rings @ deposition.heat.values  # W/m
    wide = (rings * grid.centres[0] ** 2) @ deposition.heat.values / np.maximum(power, np.finfo(float).tiny)
    energy = power * (deposition.stop - deposition.start)
    middle = 0.5 * (deposition.stop - deposition.start)
    worst = 0.0
    for n, later in enumerate(placed):
        rise = np.zeros_like(energy)
        for earlier in placed[:n]:
            away = math.dist(earlier.at, later.at)
            if away > 0.0:
                spread = wide + 4.0 * diffusivity * (later.time - earlier.time - middle)
                rise += energy / (capacity * math.pi * spread) * np.exp(-(away**2) / spread)
        worst = max(worst, float(rise.max()))
    return worst


@lru_cache(maxsize=8)
def _downward(scene: Scene, power: float) -> March:
    """Return the march alone: steepening, loss and refraction, no echo."""
    from tauten.solvers.harmonics import march  # its kernels are compiled at import

    layers, transducer, harmonics, dispersion = scene
    pressure = math.sqrt(power / power_of(transducer, layers[0]))
    return march(
        layers, transducer, pressure, harmonics=harmonics, dispersion=dispersion,
        depth=_TRIAL_DEPTH * transducer.focus, step=_TRIAL_STEP, keep=(), peaks=False,
    )  # fmt: skip


def _marched(scene: Scene, shot: FocusedShot, grid: Grid, at: tuple[float, float]) -> Field:
    found, layers = _downward(scene, shot.power), scene[0]
    tops = np.concatenate([[0.0], np.cumsum([layer.thickness for layer in layers[:-1]])]) - shot.standoff
    heat = np.vstack([found.heat[:1], found.heat])  # flat between the axis and the first ring
    radii = np.concatenate([[0.0], found.r])
    strengths = [strength(layer, scene[1]) for layer in layers]
    return spread(heat, radii, found.z - shot.standoff, tops.tolist(), strengths, grid, at).field


def _laid(sound: Sound, grid: Grid, standoff: float, at: tuple[float, float]) -> Field:
    """Return the heat on `grid`: round its axis, or around a point of a box.

    In a box only the columns that get all but `_FAR` of the heat are looked at, and points that meet the same cells
    share the answer.
    """
    if grid.kind == "axisymmetric":
        return sound.on(grid, standoff).field
    reach = _reach(sound)
    spans = [_within(edges, centre, reach) for edges, centre in zip(grid.edges[:2], at, strict=True)]
    x, y = (
        tuple(np.round(grid.edges[axis][spans[axis].start : spans[axis].stop + 1] - at[axis], 12).tolist())
        for axis in (0, 1)
    )
    heat = np.zeros(grid.shape, np.float32)
    heat[spans[0], spans[1]] = _block(_Same(sound), reach, standoff, x, y, tuple(grid.edges[2].tolist()))
    return Field(heat, grid, "W/m3")


@dataclass(frozen=True, eq=False)
class _Same:
    """A sound that is the same only as itself: kept sounds are looked up by what they are made of already."""

    sound: Sound

    def __hash__(self) -> int:
        return id(self.sound)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.sound is self.sound


@lru_cache(maxsize=8)
def _block(
    same: _Same, reach: float, standoff: float, x: tuple[float, ...], y: tuple[float, ...], z: tuple[float, ...]
) -> NDArray[np.float32]:
    sound = same.sound
    rings = int(np.searchsorted(sound.r, reach)) + 1
    near = {name: getattr(sound, name)[:rings] for name in ("r", "heat", "peak_positive", "peak_negative")}
    part = Grid(tuple(np.array(edges) for edges in (x, y, z)))
    return replace(sound, **near).on(part, standoff).values.astype(np.float32)


def _reach(sound: Sound) -> float:
    """Return the radius [m] beyond which only `_FAR` of the heat below the couplant lies."""
    below = sound.heat[:, sound.z >= sound.tops[1]] if len(sound.layers) > 1 else sound.heat
    inside = np.cumsum(np.sum(below, axis=1, dtype=np.float64) * sound.r * np.gradient(sound.r))
    first = int(np.searchsorted(inside, (1.0 - _FAR) * inside[-1]))
    return float(sound.r[min(first + 1, sound.r.size - 1)])


def _within(edges: NDArray[np.floating], centre: float, reach: float) -> slice:
    """Return the cells that lie within `reach` [m] of `centre`."""
    first = int(np.searchsorted(edges, centre - reach, side="right")) - 1
    last = int(np.searchsorted(edges, centre + reach, side="left"))
    return slice(max(first, 0), min(max(last, first + 1), edges.size - 1))
