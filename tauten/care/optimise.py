"""Choosing settings: the most of the goal that the limits allow, inside the device's own range.

The driver (fluence of light, power of sound) is found by root finding against the limits, since every limit rises with
it; the other free settings are tried on a coarse net and once more round the best. Every trial is a simulation; nothing
is fitted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from tauten.care.limits import Limit
from tauten.workers import ask_all

__all__ = ["Free", "Trial", "best_of", "excess", "most_of", "optimise", "within_all"]

Settings = Mapping[str, float]
_STRIDE = 1.4
"""From one value to the next on the way up: far enough to arrive, near enough not to boil what is looked at."""


@dataclass(frozen=True, slots=True)
class Free:
    """A setting the optimiser may choose, within the device's `low` and `high` (SI), in steps the machine has.

    With `upward`, a search for the most of it goes up from there; without, it begins at both ends. With `lean`, once
    one limit has bounded it the next is asked at that bound first.
    """

    name: str
    low: float
    high: float
    step: float = 0.0
    upward: float | None = None
    lean: bool = False

    def levels(self, count: int, around: float | None = None) -> tuple[float, ...]:
        """Return `count` values over the whole range, or over the neighbourhood of one value."""
        low, high = self.low, self.high
        if around is not None:
            reach = (self.high - self.low) / (2.0 * count)
            low, high = max(low, around - reach), min(high, around + reach)
        if high <= low or count == 1:
            return (low,)
        return tuple(dict.fromkeys(self.snap(low + (high - low) * i / (count - 1)) for i in range(count)))

    def snap(self, value: float) -> float:
        """Return the nearest value the machine can be set to, downward: a setting is never rounded up."""
        if self.step <= 0.0:
            return value
        return max(self.low, self.low + self.step * math.floor((value - self.low) / self.step + 1e-9))


@dataclass(frozen=True, slots=True)
class Trial:
    """One set of settings tried: what it does for the goal, and whether it stays inside every limit."""

    settings: Settings
    goal: float
    allowed: bool


def excess(limit: Limit, value: float) -> float:
    """How far `value` is past the limit's stop (negative inside).

    A log ratio for Ω and CEM43, kelvin over 10 for temperatures, a share of the stop else. At the stop is past it, if
    barely: tissue that boils stays at the boiling point.
    """
    if limit.logarithmic:
        return math.log(max(value, 1e-300) / limit.stop)
    over = (value - limit.stop) / (10.0 if limit.unit == "K" else limit.stop)
    return max(over, 1e-9) if limit.stops(value) else over


def most_of(driver: Free, past: Callable[[float], float], tolerance: float = 0.01) -> float | None:
    """Return the largest value of `driver` at which `past` (an `excess`) is not above 0, or None when the lowest is.

    False position with the Illinois rule; the answer is a value that was itself tried and allowed, or a machine's step
    below it.
    """
    low, high = driver.low, driver.high
    if driver.upward is not None and low < driver.upward < high:
        low, high = _bracket(driver, past)
    above = past(high)
    if above <= 0.0:
        return high
    below = past(low)
    if below > 0.0:
        return None
    weight_low, weight_high = max(below, -20.0), min(above, 20.0)  # far ends must not drag the first guess to an edge
    for _ in range(16):
        if high - low <= max(tolerance * high, driver.step):
            break
        middle = low + (high - low) * min(0.9, max(0.1, -weight_low / (weight_high - weight_low)))
        value = past(middle)
        if value <= 0.0:
            low, weight_low, weight_high = middle, min(value, -1e-3), weight_high / 2.0
        else:
            high, weight_high, weight_low = middle, max(value, 1e-3), weight_low / 2.0
    return driver.snap(low)


def _bracket(driver: Free, past: Callable[[float], float]) -> tuple[float, float]:
    """Return a value that is allowed and one that is not, going up or down from where the search is to begin."""
    at = driver.upward or driver.low
    if past(at) > 0.0:
        while at > driver.low:
            below = max(driver.low, at / _STRIDE)
            if past(below) <= 0.0:
                return below, at
            at = below
        return driver.low, at
    while at < driver.high:
        above = min(driver.high, at * _STRIDE)
        if past(above) > 0.0:
            return at, above
        at = above
    return driver.high, driver.high


def within_all(
    ask_limit: Callable[[Settings, Limit], float], settings: Settings, limits: Sequence[Limit], driver: Free
) -> float | None:
    """Return the most of `driver` inside every limit, or None; each limit may lower what the ones before it left."""
    most = driver.high
    for limit in limits:
        bounded = driver.lean and most < driver.high
        ceiling = replace(driver, high=most, upward=None if bounded else driver.upward)

        def past(value: float, limit: Limit = limit) -> float:
            return excess(limit, ask_limit({**settings, driver.name: value}, limit))

        found = most_of(ceiling, past)
        if found is None:
            return None
        most = found
    return driver.snap(most)


def optimise(
    ask_goal: Callable[[Settings], float],
    ask_limit: Callable[[Settings, Limit], float],
    limits: Sequence[Limit],
    free: Sequence[Free],
    held: Settings,
    progress: Callable[[float], None] | None = None,
    driver: str = "fluence",
) -> Trial:
    """Return the allowed trial with the most of the goal; with none allowed, the gentlest one, marked not allowed.

    `free` names the settings to choose; the `driver` among them is found by root finding, `limits` in the order given
    (the one likeliest to bind first). Ties go to less of the driver.
    """
    strongest = next((f for f in free if f.name == driver), None)
    others = [f for f in free if f.name != driver]

    def trial(chosen: Settings) -> Trial:
        if strongest is None:
            return Trial(chosen, ask_goal(chosen), all(excess(m, ask_limit(chosen, m)) <= 0.0 for m in limits))
        most = within_all(ask_limit, chosen, limits, strongest)
        settings = {**chosen, driver: strongest.low if most is None else most}
        return Trial(settings, ask_goal(settings), most is not None)

    best = best_of(ask_all(trial, _net(others, held, None), progress), driver)
    if others:
        best = best_of([best, *ask_all(trial, _net(others, held, best))], driver)
    return best


def best_of(trials: Sequence[Trial], driver: str) -> Trial:
    """Return the best trial; the first of equals, and less of the `driver` for as much of the goal."""
    best = trials[0]
    for trial in trials[1:]:
        if _better(trial, best, driver):
            best = trial
    return best


def _net(others: Sequence[Free], held: Settings, best: Trial | None) -> Iterator[dict[str, float]]:
    # The first of the others moves the result most and gets three levels; the net grows with every level of each.
    counts = [3 if best is None and n < 2 else 2 for n in range(len(others))]
    axes = [
        f.levels(count, None if best is None else best.settings[f.name])
        for f, count in zip(others, counts, strict=True)
    ]
    for values in product(*axes):
        yield {**held, **dict(zip((f.name for f in others), values, strict=True))}


def _better(one: Trial, other: Trial, driver: str) -> bool:
    if one.allowed != other.allowed:
        return one.allowed
    if not one.allowed:
        return one.goal < other.goal  # nothing is allowed: the gentlest is the least bad
    if math.isclose(one.goal, other.goal, rel_tol=1e-3):
        return one.settings.get(driver, 0.0) < other.settings.get(driver, 0.0)
    return one.goal > other.goal
