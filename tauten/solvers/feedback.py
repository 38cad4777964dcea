"""How a generator holds a temperature at its tips: what power it gives from one look to the next."""

from __future__ import annotations

import math

__all__ = ["held_power", "steering_step"]

_STEPS = 40.0  # times in a pulse at least that the feedback acts
_FASTEST, _SLOWEST = 5e-3, 0.1  # s between two of its looks
_SETTLE = 2.0  # looks in which a difference is to be made good


def steering_step(duration: float) -> float:
    """Return the time [s] between two looks of the feedback during a pulse of `duration` [s].

    >>> steering_step(4.0), steering_step(0.1)
    (0.1, 0.005)
    """
    return min(max(duration / _STEPS, _FASTEST), _SLOWEST)


def held_power(
    hold: float, hottest: float, before: float, level: float, since: float, step: float, gain: float
) -> float:
    """Return the power [W] that brings the `hottest` place [K] to `hold` [K] and keeps it there.

    At the last look, `since` [s] ago, it was at `before` [K] and the generator gave `level` [W] from then on. The place
    has warmed at a rate r = (hottest - before) / since; with `gain` g [K/s/W], the rate each watt would give it if no
    heat flowed, the power is mended by the difference of the rate wanted to the rate found,

        P = level + ((hold - hottest) / (2 step) - r) / g,  never below 0,

    with `step` [s] to the next look. Heat that flows makes the true gain smaller, so each mending falls short rather
    than over. The first look has nothing to mend and gives what reaches `hold` in two steps.

    >>> round(held_power(343.15, 310.15, float("nan"), 0.0, float("inf"), 0.1, 10.0), 6)
    16.5
    >>> held_power(343.15, 343.15, 343.15, 5.0, 0.1, 0.1, 10.0)
    5.0
    >>> held_power(343.15, 380.15, 343.15, 5.0, 0.1, 0.1, 10.0)
    0.0
    """
    wanted = (hold - hottest) / (_SETTLE * step)
    if math.isnan(before):
        return max(wanted / gain, 0.0)
    return max(level + (wanted - (hottest - before) / since) / gain, 0.0)
