"""Where the shots of a treatment go: a line of points, lines side by side, two depths over each other.

Every function returns shots with their places and times, in the order they are given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from tauten.checks import number, whole
from tauten.devices.exposure import Exposure, Placed
from tauten.errors import InputError

__all__ = ["depths", "in_order", "line", "lines"]


def line(
    exposure: Exposure,
    pitch: float,
    count: int,
    interval: float,
    at: tuple[float, float] = (0.0, 0.0),
    time: float = 0.0,
) -> tuple[Placed, ...]:
    """Return `count` points of one exposure along x from `at` [m], `pitch` [m] apart, the first at `time` [s].

    `interval` [s] counts from the start of one point to the start of the next. Raises `InputError` for fewer points
    than one, a pitch of nothing, and points that begin before the one before has ended, cooling included.
    """
    count = whole(count, "pattern.count", problem="is no number of points")
    pitch = number(pitch, "pattern.pitch", 0.0, unit="m", open_low=True)
    interval = _interval(exposure, interval, count > 1, "pattern.interval")
    number(time, "pattern.time", unit="s")
    return tuple(Placed(exposure, (at[0] + n * pitch, at[1]), time + n * interval) for n in range(count))


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
    if line_count > 1 and not (math.isfinite(line_interval) and line_interval >= span * (1.0 - 1e-12)):
        raise InputError(
            "lets one line begin before the last has ended", key="pattern.line_interval", value=line_interval,
            allowed=f"{span:g} or more", unit="s",
        )  # fmt: skip
    return tuple(
        shot
        for n in range(line_count)
        for shot in line(
            exposure, pitch, count, interval, (at[0], at[1] + n * line_spacing), time + n * line_interval if n else time
        )
    )


def depths(one: Sequence[Placed], other: Sequence[Placed], pause: float = 0.0) -> tuple[Placed, ...]:
    """Return two patterns over the same skin, as two heads of different depth give them: first `one`, then `other`.

    `other` keeps its places and its own rhythm and begins `pause` [s] after `one` has ended. Raises `InputError` for a
    pattern without shots and a pause below 0.
    """
    if not one or not other:
        raise InputError("has no shots", key="pattern", remedy="Give at least one shot for each depth.")
    number(pause, "pattern.pause", 0.0, unit="s")
    later = one[-1].ends_at + pause - other[0].begins_at
    return in_order((*one, *(Placed(shot.exposure, shot.at, shot.time + later) for shot in other)))


def in_order(placed: Sequence[Placed]) -> tuple[Placed, ...]:
    """Return the shots as they are; raises `InputError` where one begins before the one before it has ended."""
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


def _interval(exposure: Exposure, interval: float, matters: bool, key: str) -> float:
    """Return the interval [s], 0 where there is no second point; raises `InputError` when points would overlap."""
    span = exposure.ends_at - exposure.begins_at
    if matters and not (math.isfinite(interval) and interval >= span * (1.0 - 1e-12)):
        raise InputError(
            "lets one point begin before the last has ended", key=key, value=interval, allowed=f"{span:g} or more",
            unit="s",
        )  # fmt: skip
    return float(interval) if matters else 0.0
