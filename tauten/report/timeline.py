"""What happens when: light or sound on, window or spray on the skin, and the stretch of time worth drawing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.devices.cooling import ContactPlate, Spray
from tauten.report.wording import wording

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = [
    "Reading",
    "Span",
    "covered",
    "hottest_reading",
    "is_covered",
    "last_on",
    "on",
    "shown_until",
    "stop_reading",
]

_COVERS: dict[type, str] = {ContactPlate: "window", Spray: "spray"}


@dataclass(frozen=True, slots=True)
class Span:
    """Something that holds from `start` to `stop` [s] on the treatment's clock."""

    what: str
    start: float
    stop: float


def on(plan: Plan) -> tuple[Span, ...]:
    """Return when light or sound is on."""
    agent = wording(plan).agent
    return tuple(
        Span(agent, placed.time + start, placed.time + stop)
        for placed in plan.treatment.exposures
        for start, stop in placed.exposure.intervals
    )


def covered(plan: Plan) -> tuple[Span, ...]:
    """Return when a window or a spray hides the skin from a camera, clipped to the times the trace covers."""
    first, last = float(plan.treatment.trace.time[0]), float(plan.treatment.trace.time[-1])
    found = [
        Span(_COVERS[type(contact)], max(first, placed.time + contact.start), min(last, placed.time + contact.stop))
        for placed in plan.treatment.exposures
        for contact in placed.exposure.cooling
        if type(contact) in _COVERS
    ]
    return tuple(span for span in found if span.stop > span.start)


def is_covered(plan: Plan, times: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return, for each of some `times` [s], whether the skin is hidden from a camera."""
    contacts = [
        (placed.time, contact)
        for placed in plan.treatment.exposures
        for contact in placed.exposure.cooling
        if type(contact) in _COVERS
    ]
    return np.array([any(contact.holds_at(t - start) for start, contact in contacts) for t in times], dtype=np.bool_)


def last_on(plan: Plan) -> float:
    """Return when the last light or sound ends [s]."""
    return max((span.stop for span in on(plan)), default=0.0)


def shown_until(plan: Plan) -> float:
    """Return where a time axis ends [s]: when most of the heat has gone, never before all that acts has ended."""
    trace = plan.treatment.trace
    change = np.abs(trace.temperature - trace.temperature[-1]).max(axis=1)
    busy = np.flatnonzero(change > 0.2 * change.max())
    ends = [last_on(plan), *(s.stop for s in covered(plan)), float(trace.time[busy[-1]] if busy.size else 0.0)]
    start = float(trace.time[0])
    return float(min(trace.time[-1], start + 1.15 * (max(ends) - start)))


@dataclass(frozen=True, slots=True)
class Reading:
    """A surface temperature [K] a camera can read `at` a time [s]."""

    temperature: float
    at: float


def hottest_reading(plan: Plan) -> Reading | None:
    """Return the hottest surface a camera can read once nothing heats it any more; None when it never sees the skin."""
    trace = plan.treatment.trace
    seen = np.flatnonzero(~is_covered(plan, trace.time) & (trace.time >= last_on(plan)))
    if not seen.size:
        return None
    best = seen[np.argmax(trace.surface[seen])]
    return Reading(float(trace.surface[best]), float(trace.time[best]))


def stop_reading(plan: Plan) -> tuple[float, str] | None:
    """Return the surface reading [K] above which to stop, and what it is; None when no limit is on the surface.

    It is the upper end of the surface's own spread, and never nearer to the stop limit than half the warning band: a
    camera must call before the limit is met.
    """
    margin = next((m for m in plan.margins if m.limit.figure == "skin_surface.peak_temperature"), None)
    if margin is None or not math.isfinite(margin.limit.stop):
        return None
    half_way = margin.limit.warn + 0.5 * (margin.limit.stop - margin.limit.warn)
    hottest = hottest_reading(plan)
    upper = max(margin.upper, hottest.temperature if hottest else 0.0)  # a reading that is expected is no alarm
    if upper < half_way:
        return upper, "the upper end of what this plan expects of the surface"
    return half_way, "half-way from the surface limit's warning to its stop"
