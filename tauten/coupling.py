"""The one loop for every method: an exposure puts heat into the tissue, and looks again at what the tissue has become.

A method whose deposit follows slow properties (light, sound: the warmth of the layers) is asked again when they have
moved by more than a stated tolerance, looked at between kept frames. One that follows the tissue cell by cell and has a
generator to steer (current) says with every deposition when it wants to look next: it then deposits again, with what
it deposited before in hand, and may end early.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tauten.devices.cooling import Contact
from tauten.devices.exposure import Placed
from tauten.grid import Field, Grid
from tauten.solvers import conduction, kinetics
from tauten.solvers.state import Deposition, Electric, TissueState
from tauten.solvers.zones import Zone
from tauten.tissue import Tissue

__all__ = ["Course", "Method", "as_it_is", "couple"]


@dataclass(frozen=True)
class Method:
    """How one kind of exposure becomes heat, how far its properties have drifted since, and what it is followed by.

    `look` returns what the deposit follows of the tissue as an exposure meets it; `drift` compares two such views.
    `watches` says that every deposition names the time of the next look and is handed on to the next deposit as
    `before`; `metal` puts what stands in the tissue during an exposure into it. `goals` begins the rows of the depth
    band it aims at; `readings` are its endpoints; `frames` are kept on the axis unless told otherwise. `zones` returns
    the coagulation zones it made, None where it is not meant to make any.
    """

    deposit: Callable[..., tuple[Deposition, ...]]
    drift: Callable[..., float]
    goals: str
    readings: tuple[kinetics.Reading, ...] = kinetics.READINGS
    frames: int = 160
    zones: Callable[..., tuple[Zone, ...]] | None = None
    look: Callable[[Tissue, TissueState, Placed], Any] = Tissue.layer_temperatures
    watches: bool = False
    metal: Callable[[Tissue, Placed], Tissue] | None = None


@dataclass(frozen=True, eq=False)
class Course:
    """What one exposure did: the heat that went in, what was kept of each asked time, and the `state` at the last.

    `electric` is what a generator gave from each look on.
    """

    depositions: tuple[Deposition, ...]
    frames: tuple[Any, ...]
    state: TissueState
    electric: tuple[Electric, ...] = ()


def couple(
    method: Method,
    tissue: Tissue,
    shot: Placed,
    state: TissueState,
    times: Sequence[float],
    resting: TissueState,
    tolerance: float = 0.01,
    frame: Callable[[TissueState], Any] = lambda state: None,
    **options: Any,
) -> Course:
    """Return what `shot` did to the tissue until the last of `times` [s], with `frame` of the state at each of them.

    A deposition takes the properties of the tissue as it is, and those at rest while they still serve: cold skin is
    then solved once. Between two looks it is held. Raises what the solvers raise.
    """
    facts, exposure = tissue.facts, shot.exposure
    if tissue.grid.kind == "cartesian":
        options = {"at": shot.at, **options}
    sides = tissue.sides(_shifted(shot))
    pierced = method.metal(tissue, shot) if method.metal else tissue

    def deposit(seen: Any, **more: Any) -> tuple[Deposition, ...]:
        return method.deposit(tissue.skin, exposure, tissue.grid, seen, start=shot.time, facts=facts, **more, **options)

    def moved(since: Any, now: Any) -> bool:
        return method.drift(tissue.skin, exposure, since, now, facts, tissue.drift_tolerance) > tissue.drift_tolerance

    if method.watches:
        heat = deposit(method.look(tissue, state, shot))
    else:
        settled, now = (method.look(tissue, each, shot) for each in (resting, state))
        heat = deposit(_rounded(now) if moved(settled, now) else settled)
    off = max((d.stop for d in heat), default=state.time)
    told = [d.electric for d in heat[:1] if d.electric]
    used: list[Deposition] = []
    frames: list[Any] = []
    shining = [d for d in heat if d.stop > state.time]
    for leg in [list(times)] if method.watches else _legs(times, shining):
        while leg:
            before = state.time
            due = min([d.look for d in heat] + [off] * (method.metal is not None and off > before))
            part = [t for t in leg if t <= due]
            asked, leg = part, leg[len(part) :]
            if leg and due < leg[0] and (not part or due > part[-1]):
                part = [*part, due]
            on = [d for d in heat if d.stop > d.start]
            state, seen = _evolved(
                state, on, part, frame, tissue.grid, (pierced if before < off else tissue).medium,
                boundaries=sides, endpoints=tissue.endpoints, stasis=tissue.stasis, tolerance=tolerance,
                dtype=tissue.dtype,
            )  # fmt: skip
            frames += seen[: len(asked)]
            used = _added(used, heat, before, state.time) if method.watches else _joined(used, heat, before, state.time)
            if not any(d.stop > state.time for d in heat):
                heat = tuple(replace(d, look=np.inf) for d in heat)
            elif method.watches:
                if state.time >= due:
                    heat = deposit(method.look(tissue, state, shot), before=heat)
                    told += [d.electric for d in heat[:1] if d.electric]
            elif not leg and moved(heat[0].seen, now := method.look(tissue, state, shot)):
                heat = deposit(_rounded(now))
    return Course(tuple(used), tuple(frames), state, tuple(told))


def as_it_is(tissue: Tissue, state: TissueState, shot: Placed) -> TissueState:
    """Look at the whole tissue, cell by cell."""
    return state


def _evolved(
    state: TissueState,
    heat: Sequence[Deposition],
    times: Sequence[float],
    frame: Callable[[TissueState], Any],
    grid: Grid,
    medium: conduction.Thermal,
    **options: Any,
) -> tuple[TissueState, list[Any]]:
    """Return the state at the last of `times` [s], and `frame` of the state at each."""
    last: list[TissueState] = []

    def keep(each: TissueState) -> Any:
        last[:] = [each]
        return frame(each)

    frames = conduction.evolve(grid, medium, heat, start=state, times=times, keep=keep, **options)
    return last[0], frames


def _legs(times: Sequence[float], shines: Sequence[Deposition]) -> list[list[float]]:
    """Split the frames where a new deposition may be needed: before each pulse, within it, and then all the rest.

    A run that keeps few frames is one of many in a sweep: it looks half-way through a pulse, others at its quarters.
    """
    looks = 4 if len(times) > 30 else 2
    marks = [d.start + (d.stop - d.start) * n / looks for d in shines for n in range(looks)]
    cuts = np.unique(np.searchsorted(times, [*marks, *(d.stop for d in shines)], side="right"))
    return [part.tolist() for part in np.split(np.asarray(times), cuts) if part.size]


def _joined(used: list[Deposition], heat: Sequence[Deposition], since: float, until: float) -> list[Deposition]:
    """Return `used` with what `heat` gave between two times [s], so that each moment's heat is counted once."""
    for d in heat:
        start, stop = max(d.start, since), min(d.stop, until)
        if stop <= start:
            continue
        if used and used[-1].heat is d.heat and used[-1].stop == start:
            used = [*used[:-1], replace(used[-1], stop=stop)]
        else:
            used = [*used, replace(d, start=start, stop=stop)]
    return used


def _added(used: list[Deposition], heat: Sequence[Deposition], since: float, until: float) -> list[Deposition]:
    """Return `used` as one deposition that holds the mean heat so far: with many looks, each would be much to keep."""
    for d in _joined([], heat, since, until):
        if not used or used[0].heat is d.heat:
            used = [replace(d, start=used[0].start if used else d.start, seen=(), look=np.inf)]
            continue
        first = used[0]
        share = (d.stop - d.start) / (d.stop - first.start)
        mean = first.heat.values * (1.0 - share) + d.heat.values * share
        used = [replace(first, heat=Field(mean.astype(d.heat.values.dtype), d.heat.grid, d.heat.unit), stop=d.stop)]
    return used


def _rounded(temperatures: Sequence[float]) -> list[float]:
    """Return whole steps of 5 K, so that an answer can be found again."""
    return [5.0 * (t // 5.0) for t in temperatures]


def _shifted(shot: Placed) -> list[Contact]:
    """Return the exposure's contacts on the clock of the whole treatment."""
    return [replace(c, start=c.start + shot.time, stop=c.stop + shot.time) for c in shot.exposure.cooling]
