"""Where the shots of a treatment go: lines of points, two depths over each other, stamps side by side, levels in one.

Every function returns shots with their places and times, in the order they are given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import cast

import numpy as np

from tauten.checks import instance, number, whole
from tauten.devices.exposure import Exposure, NeedlePulse, Placed, RfPulse, check_exposure
from tauten.errors import InputError

__all__ = ["depths", "in_order", "insertion", "line", "lines", "stamps"]


def line(
    exposure: Exposure,
    pitch: float,
    count: int,
    interval: float,
    at: tuple[float, float] = (0.0, 0.0),
    time: float = 0.0,
) -> tuple[Placed, ...]:
    """Return `count` points of one exposure along x from `at` [m], `pitch` [m] apart, the first at `time` [s].

    `interval` [s] counts from the start of one point to the start of the next; one point needs none. Raises
    `InputError` for what is no exposure or place, fewer points than one, a pitch of nothing, and points that begin
    before the one before has ended, cooling included.
    """
    check_exposure(exposure, "pattern.exposure")
    x, y = _place(at)
    count = whole(count, "pattern.count", problem="is no number of points")
    pitch = number(pitch, "pattern.pitch", 0.0, unit="m", open_low=True)
    span = exposure.ends_at - exposure.begins_at
    interval = _interval(span, interval, "pattern.interval", "point") if count > 1 else 0.0
    time = number(time, "pattern.time", unit="s")
    return tuple(Placed(exposure, (x + n * pitch, y), time + n * interval) for n in range(count))


def lines(
    exposure: Exposure,
    pitch: float,
    count: int,
    interval: float,
    line_spacing: float,
    line_count: int,
    line_interval: float,
    at: tuple[float, float] = (0.0, 0.0),
    time: float = 0.0,
) -> tuple[Placed, ...]:
    """Return `line_count` lines of `count` points, `line_spacing` [m] apart in y, all drawn the same way.

    `line_interval` [s] counts from the start of one line to the start of the next. Raises what `line` does, and
    `InputError` for lines that begin before the one before has ended.
    """
    line_count = whole(line_count, "pattern.line_count", problem="is no number of lines")
    line_spacing = number(line_spacing, "pattern.line_spacing", 0.0, unit="m", open_low=True)
    first = line(exposure, pitch, count, interval, at, time)
    span = first[-1].ends_at - first[0].begins_at
    rest = _interval(span, line_interval, "pattern.line_interval", "line") if line_count > 1 else 0.0
    x, y = _place(at)
    return tuple(
        shot
        for n in range(line_count)
        for shot in line(exposure, pitch, count, interval, (x, y + n * line_spacing), time + n * rest)
    )


def depths(one: Sequence[Placed], other: Sequence[Placed], pause: float = 0.0) -> tuple[Placed, ...]:
    """Return two patterns over the same skin, as two heads of different depth give them: first `one`, then `other`.

    `other` keeps its places and its own rhythm and begins `pause` [s] after `one` has ended. Raises `InputError` for a
    pattern without shots or with anything else in it, and a pause below 0.
    """
    for pattern in (one, other):
        _check_placed(pattern)
        if not pattern:
            raise InputError("has no shots", key="pattern", remedy="Give at least one shot for each depth.")
    pause = number(pause, "pattern.pause", 0.0, unit="s")
    later = one[-1].ends_at + pause - other[0].begins_at
    return in_order((*one, *(Placed(shot.exposure, shot.at, shot.time + later) for shot in other)))


def stamps(
    exposure: RfPulse | NeedlePulse,
    count: int,
    line_count: int,
    interval: float,
    overlap: float = 0.0,
    at: tuple[float, float] = (0.0, 0.0),
    time: float = 0.0,
    levels: Sequence[float] | None = None,
    level_interval: float = 0.0,
) -> tuple[Placed, ...]:
    """Return `line_count` lines of `count` stamps along x, side by side, the middle of all `at` (x, y) [m].

    Neighbours share `overlap` [m] of their footprint (of the skin a stamp of needles serves, of a tip's metal).
    The first comes at `time` [s]; `interval` [s] counts from one stamp's first current to the next one's. With `levels`
    [m] every stamp of needles is an `insertion`. Raises `InputError` as `line` and `insertion`, and for an overlap of
    half a stamp or more: a place would lie under three of them.
    """
    instance(exposure, (RfPulse, NeedlePulse), "pattern.exposure", "RfPulse | NeedlePulse")
    count = whole(count, "pattern.count", problem="is no number of stamps")
    line_count = whole(line_count, "pattern.line_count", problem="is no number of lines")
    width, length = exposure.footprint
    half = min(width, length) / 2.0
    number(
        overlap, "pattern.overlap", 0.0, math.nextafter(half, 0.0), "m",
        problem="is half a stamp or more", allowed=f"0 to below {half:.4g}",
    )  # fmt: skip
    one = (Placed(exposure),) if levels is None else insertion(exposure, levels, level_interval)
    span = max(each.ends_at for each in one) - min(each.begins_at for each in one)
    rest = _interval(span, interval, "pattern.interval", "stamp") if count * line_count > 1 else 0.0
    time = number(time, "pattern.time", unit="s")
    x, y = _place(at)
    return tuple(
        Placed(
            each.exposure,
            (x + (n - (count - 1) / 2.0) * (width - overlap), y + (m - (line_count - 1) / 2.0) * (length - overlap)),
            time + (m * count + n) * rest + each.time,
        )
        for m in range(line_count)
        for n in range(count)
        for each in one
    )


def insertion(
    exposure: Exposure,
    levels: Sequence[float],
    interval: float,
    at: tuple[float, float] = (0.0, 0.0),
    time: float = 0.0,
) -> tuple[Placed, ...]:
    """Return pulses of needles at several depths of one insertion: `levels` [m], the deepest first, as they are drawn.

    `interval` [s] counts from the first current at one depth to that at the next. Raises `InputError` for anything but
    a pulse of needles, no or two equal depths, a depth the needles do not reach, and pulses timed into one another.
    """
    instance(exposure, NeedlePulse, "pattern.exposure", "NeedlePulse")
    assert isinstance(exposure, NeedlePulse)
    if not isinstance(levels, (tuple, list, np.ndarray)) or not len(levels):
        raise InputError("is no list of depths", key="pattern.levels", value=repr(levels), unit="m")
    pulses = [exposure.with_(depth=depth) for depth in levels]
    if any(later.depth >= earlier.depth for earlier, later in pairwise(pulses)):
        raise InputError(
            "are not given from the deepest to the shallowest", key="pattern.levels",
            value=", ".join(f"{level:g}" for level in levels), unit="m",
            remedy="Needles are drawn back, not pushed on.",
        )  # fmt: skip
    span = exposure.ends_at - exposure.begins_at
    rest = _interval(span, interval, "pattern.level_interval", "depth") if len(pulses) > 1 else 0.0
    time = number(time, "pattern.time", unit="s")
    return tuple(Placed(pulse, _place(at), time + n * rest) for n, pulse in enumerate(pulses))


def in_order(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return the shots as they are; raises `InputError` where one begins before the one before it has ended.

    And for anything that is no list of `Placed`.
    """
    _check_placed(placed)
    for earlier, later in pairwise(placed):
        if later.begins_at < earlier.ends_at - 1e-12:
            raise InputError(
                "begins before the exposure before it has ended",
                key="exposures.time",
                value=later.begins_at,
                allowed=f"{earlier.ends_at:g} or later",
                unit="s",
                remedy="Lengthen the interval, or shorten pre- or post-cooling.",
            )
    return tuple(placed)


def _interval(span: float, interval: float, key: str, what: str) -> float:
    """Return the interval [s]; raises `InputError` for one shorter than the `span` [s] of what it repeats."""
    least = span * (1.0 - 1e-12)
    return number(
        interval, key, least, unit="s", problem=f"lets one {what} begin before the last has ended",
        allowed=f"{span:g} or more",
    )  # fmt: skip


def _place(at: object) -> tuple[float, float]:
    """Return a place (x, y) [m]; raises `InputError` for anything else."""
    if not isinstance(at, (tuple, list, np.ndarray)) or len(at) != 2:
        raise InputError("is no place", key="pattern.at", value=repr(at), allowed="(x, y)", unit="m")
    return number(at[0], "pattern.at", unit="m"), number(at[1], "pattern.at", unit="m")


def _check_placed(placed: object) -> None:
    instance(placed, (tuple, list), "pattern", "a list of Placed")
    for shot in cast(Sequence[object], placed):
        instance(shot, Placed, "pattern", "a list of Placed")
