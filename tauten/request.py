"""What `simulate` is asked, checked before anything is computed: whose skin, which exposures, and from what state."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from tauten.checks import instance, number, whole
from tauten.devices.exposure import Exposure, LightPulse, Placed
from tauten.devices.pattern import in_order
from tauten.errors import InputError
from tauten.facts import Facts
from tauten.grid import Grid
from tauten.skin.skin import Skin
from tauten.solvers.state import TissueState

__all__ = ["Exposures", "check_options", "check_request", "check_start", "placed_of"]

Exposures = Exposure | Placed | Sequence[Exposure | Placed]

_COARSER = 1.5
"""How many times as coarse as its own grid an exposure may find the one it goes on from."""
_FILLED = ("start", "facts", "at", "before")  # by `simulate` itself
_KINDS = "LightPulse | FocusedShot | RfPulse | NeedlePulse | Placed, or a list of them"


def placed_of(exposures: Exposures) -> tuple[Placed, ...]:
    """Return exposures with their times, checked to be in order; a bare exposure begins at 0."""
    given: Any = exposures if isinstance(exposures, (list, tuple)) else [exposures]
    for each in given:
        instance(each, Exposure | Placed, "exposures", _KINDS)
    placed = in_order([shot if isinstance(shot, Placed) else Placed(shot) for shot in given])
    if not placed:
        raise InputError("is empty", key="exposures", remedy="Give at least one exposure.")
    return placed


def check_request(
    skin: object, start: object, facts: object, extent: object, frames: object, rest: object, band: object,
    tolerance: object, keep: object,
) -> None:  # fmt: skip
    """Raise `InputError` for an argument of `simulate` that is of the wrong kind or out of range."""
    instance(skin, Skin, "skin", "a Skin, for example Skin.at('cheek')")
    if start is not None:
        instance(start, TissueState, "start", "the state of an earlier treatment")
    if facts is not None:
        instance(facts, Facts, "facts", "Facts")
    if extent not in ("beam", "axis"):
        raise InputError("is unknown", key="extent", value=extent, allowed="beam | axis")
    if keep not in (None, "fields"):
        raise InputError("is unknown", key="keep", value=keep, allowed="fields")
    if frames is not None:
        whole(frames, "frames")
    number(rest, "rest", 0.0, unit="s")
    if tolerance is not None:
        number(tolerance, "tolerance", 0.0, unit="K", open_low=True)
    if band is not None:
        instance(band, (tuple, list), "band", "two depths, top and bottom")
        ends = [number(depth, "band", 0.0, unit="m") for depth in band]  # type: ignore[attr-defined]
        if len(ends) != 2 or not ends[0] < ends[1]:
            raise InputError("is no band", key="band", value=band, allowed="two depths, the upper first", unit="m")


def check_options(deposit: Callable[..., Any], options: Sequence[str]) -> None:
    """Raise `InputError` for an option that a method's `deposit` does not have."""
    taken = inspect.signature(deposit).parameters.values()
    known = [each.name for each in taken if each.kind is each.KEYWORD_ONLY and each.name not in _FILLED]
    if any(each.kind is each.VAR_KEYWORD for each in taken):
        return
    for name in options:
        if name not in known:
            raise InputError("is no option of this method", key=name, allowed=" | ".join(known))


def check_start(start: TissueState, skin: Skin, placed: Sequence[Placed], fitting: Grid) -> TissueState:
    """Return `start` if these exposures can go on from it; `fitting` is the grid they would have by themselves.

    It must be no later than they are, have an edge at each layer, and resolve what they do: a focus on the grid of a
    lamp would be averaged away. Raises `InputError` otherwise.
    """
    if placed[0].begins_at < start.time - 1e-9:
        raise InputError(
            "begins before the state it starts from",
            key="exposures.time",
            value=placed[0].begins_at,
            allowed=f"{start.time:g} or later",
            unit="s",
            remedy="Place it with Placed(exposure, time=...), pre-cooling included.",
        )
    grid = start.grid
    if grid.kind != fitting.kind:
        raise InputError(
            "is of another kind", key="start", value=grid.kind, allowed=fitting.kind, remedy="Simulate all at once."
        )
    edges = grid.edges[-1]
    if any(np.abs(edges - depth).min() > 1e-9 for depth in skin.depths[:-1]):
        raise InputError(
            "belongs to another skin: its grid has no edge at this one's layers",
            key="start",
            remedy="Start from a state of the same person and site.",
        )
    if grid.kind == "axisymmetric" and any(shot.at != (0.0, 0.0) for shot in placed):
        raise InputError(
            "is not where the state's axis stands", key="placed.at", value=placed[0].at, allowed="(0, 0)", unit="m",
            remedy="A state round an axis knows no other place: simulate the points together.",
        )  # fmt: skip
    shining = all(isinstance(shot.exposure, LightPulse) for shot in placed)
    for name, own, wanted in zip(grid.names, grid.edges, fitting.edges, strict=True):
        if shining and own.size == 2:
            continue  # the axis of a beam alone
        if not _resolves(own, wanted):
            raise InputError(
                "is too coarse or too small for this exposure",
                key="start",
                value=f"{own.size - 1} cells along {name} to {own[-1]:.4g} m",
                allowed=f"cells up to {_COARSER:g} times its own grid's ({wanted.size - 1} to {wanted[-1]:.4g} m)",
                remedy="Start from a state that the same kind of exposure left, at the same depth.",
            )
    return start


def _resolves(own: np.ndarray, wanted: np.ndarray) -> bool:
    """Whether cells between the edges `own` [m] reach as far as `wanted` and are about as fine everywhere."""
    if own[0] > wanted[0] + 1e-9 or own[-1] < wanted[-1] - 1e-9:
        return False
    middles = 0.5 * (wanted[1:] + wanted[:-1])
    found = np.diff(own)[np.clip(np.searchsorted(own, middles, side="right") - 1, 0, own.size - 2)]
    return bool(np.all(found <= _COARSER * np.diff(wanted) + 1e-12))
