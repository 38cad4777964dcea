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

__all__ = ["Free", "Trial", "excess", "most_fluence", "optimise"]

Result = Mapping[str, float]
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


def excess(limits: Sequence[Limit], at_limits: Result) -> float:
    """How far past its stop the worst limit is (negative inside): a log ratio for Ω and CEM43, kelvin over 10 else."""
    return max((_past(limit, at_limits[limit.figure]) for limit in limits), default=-math.inf)


def most_fluence(
    at_limits: Callable[[float], Result], limits: Sequence[Limit], fluence: Free, tolerance: float = 0.01
) -> float | None:
    """Return the largest fluence [J/m²] that keeps inside the limits, or None when even the lowest does not.

    False position with the Illinois rule on `excess`; the answer is always a value that was itself tried and allowed,
    or one step below it.
    """
    low, high = fluence.low, fluence.high
    above = excess(limits, at_limits(high))
    if above <= 0.0:
        return high
    below = excess(limits, at_limits(low))
    if below > 0.0:
        return None
    weight_low, weight_high = max(below, -50.0), above
    for _ in range(12):
        if high - low <= max(tolerance * high, fluence.step):
            break
        middle = low + (high - low) * min(0.9, max(0.1, -weight_low / (weight_high - weight_low)))
        value = excess(limits, at_limits(middle))
        if value <= 0.0:
            low, weight_low, weight_high = middle, value, weight_high / 2.0
        else:
            high, weight_high, weight_low = middle, value, weight_low / 2.0
    return fluence.snap(low)


def optimise(
    ask_goal: Callable[[Settings], float],
    ask_limits: Callable[[Settings], Result],
    limits: Sequence[Limit],
    free: Sequence[Free],
    held: Settings,
    progress: Callable[[float], None] | None = None,
) -> Trial:
    """Return the allowed trial with the most of the goal; with none allowed, the gentlest one, marked not allowed.

    `free` names the settings to choose; "fluence" among them is found by root finding. Ties go to the lower fluence.
    """
    fluence = next((f for f in free if f.name == "fluence"), None)
    others = [f for f in free if f.name != "fluence"]

    def trial(chosen: Settings) -> Trial:
        if fluence is None:
            inside = excess(limits, ask_limits(chosen)) <= 0.0
            return Trial(chosen, ask_goal(chosen), inside)
        most = most_fluence(lambda f: ask_limits({**chosen, "fluence": f}), limits, fluence)
        settings = {**chosen, "fluence": fluence.low if most is None else most}
        return Trial(settings, ask_goal(settings), most is not None)

    best: Trial | None = None
    nets = [list(_net(others, held, None))]
    for round_number in range(2):
        net = nets[-1] if round_number == 0 else list(_net(others, held, best))
        for n, chosen in enumerate(net):
            found = trial(chosen)
            if best is None or _better(found, best):
                best = found
            if progress:
                progress((round_number + (n + 1) / len(net)) / 2.0)
        if not others:
            break
    assert best is not None
    return best


def _net(others: Sequence[Free], held: Settings, best: Trial | None) -> Iterator[dict[str, float]]:
    count = 3 if best is None else 2
    axes = [f.levels(count, None if best is None else best.settings[f.name]) for f in others]
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


def _past(limit: Limit, value: float) -> float:
    if limit.logarithmic:
        return math.log(max(value, 1e-300) / limit.stop)
    return (value - limit.stop) / 10.0
