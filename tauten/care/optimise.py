"""Choosing settings: the most of the goal that the limits allow, inside the device's own range.

Fluence is found by root finding against the limits, since every limit rises with it; the other free settings are tried
on a coarse net and once more round the best. Every trial is a simulation; nothing is fitted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from tauten.care.limits import Limit
from tauten.workers import ask_all

__all__ = ["Free", "Trial", "excess", "most_fluence", "optimise", "within_all"]

Settings = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Free:
    """A setting the optimiser may choose, within the device's `low` and `high` (SI), in steps the machine has."""

    name: str
    low: float
    high: float
    step: float = 0.0

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
    """How far `value` is past the limit's stop (negative inside): a log ratio for Ω and CEM43, kelvin over 10 else."""
    if limit.logarithmic:
        return math.log(max(value, 1e-300) / limit.stop)
    return (value - limit.stop) / 10.0


def most_fluence(past: Callable[[float], float], fluence: Free, tolerance: float = 0.01) -> float | None:
    """Return the largest fluence [J/m²] at which `past` (an `excess`) is not above 0, or None when the lowest is.

    False position with the Illinois rule; the answer is a value that was itself tried and allowed, or a machine's step
    below it.
    """
    low, high = fluence.low, fluence.high
    above = past(high)
    if above <= 0.0:
        return high
    below = past(low)
    if below > 0.0:
        return None
    weight_low, weight_high = max(below, -20.0), min(above, 20.0)  # far ends must not drag the first guess to an edge
    for _ in range(16):
        if high - low <= max(tolerance * high, fluence.step):
            break
        middle = low + (high - low) * min(0.9, max(0.1, -weight_low / (weight_high - weight_low)))
        value = past(middle)
        if value <= 0.0:
            low, weight_low, weight_high = middle, min(value, -1e-3), weight_high / 2.0
        else:
            high, weight_high, weight_low = middle, max(value, 1e-3), weight_low / 2.0
    return fluence.snap(low)


def within_all(
    ask_limit: Callable[[Settings, Limit], float], settings: Settings, limits: Sequence[Limit], fluence: Free
) -> float | None:
    """Return the largest fluence inside every limit, or None; each limit may lower what the ones before it left."""
    most = fluence.high
    for limit in limits:
        ceiling = Free(fluence.name, fluence.low, most, fluence.step)

        def past(value: float, limit: Limit = limit) -> float:
            return excess(limit, ask_limit({**settings, "fluence": value}, limit))

        found = most_fluence(past, ceiling)
        if found is None:
            return None
        most = found
    return fluence.snap(most)


def optimise(
    ask_goal: Callable[[Settings], float],
    ask_limit: Callable[[Settings, Limit], float],
    limits: Sequence[Limit],
    free: Sequence[Free],
    held: Settings,
    progress: Callable[[float], None] | None = None,
) -> Trial:
    """Return the allowed trial with the most of the goal; with none allowed, the gentlest one, marked not allowed.

    `free` names the settings to choose; "fluence" among them is found by root finding, `limits` in the order given (the
    one likeliest to bind first). Ties go to the lower fluence.
    """
    fluence = next((f for f in free if f.name == "fluence"), None)
    others = [f for f in free if f.name != "fluence"]

    def trial(chosen: Settings) -> Trial:
        if fluence is None:
            return Trial(chosen, ask_goal(chosen), all(excess(m, ask_limit(chosen, m)) <= 0.0 for m in limits))
        most = within_all(ask_limit, chosen, limits, fluence)
        settings = {**chosen, "fluence": fluence.low if most is None else most}
        return Trial(settings, ask_goal(settings), most is not None)

    best = _best(ask_all(trial, _net(others, held, None), progress))
    if others:
        best = _best([best, *ask_all(trial, _net(others, held, best))])
    return best


def _best(trials: Sequence[Trial]) -> Trial:
    best = trials[0]
    for trial in trials[1:]:
        if _better(trial, best):
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


def _better(one: Trial, other: Trial) -> bool:
    if one.allowed != other.allowed:
        return one.allowed
    if not one.allowed:
        return one.goal < other.goal  # nothing is allowed: the gentlest is the least bad
    if math.isclose(one.goal, other.goal, rel_tol=1e-3):
        return one.settings.get("fluence", 0.0) < other.settings.get("fluence", 0.0)
    return one.goal > other.goal
