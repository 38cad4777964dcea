"""Edges that are close together where the field is steep, and wider away from there on both sides."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from tauten.checks import number
from tauten.errors import InputError

__all__ = ["edges_about"]


def edges_about(
    marks: Sequence[float], low: float, high: float, fine: float, growth: float = 1.15
) -> NDArray[np.float64]:
    """Return edges [m] from `low` to `high` that hit every one of `marks`, with cells of `fine` there.

    Cells widen by `growth` away from each mark. Raises `InputError` for marks that do not rise strictly between `low`
    and `high`, `fine` not above 0, or `growth` below 1.

    >>> edges_about([1.0], 0.0, 3.0, 0.25, 2.0).round(3).tolist()
    [0.0, 0.571, 0.857, 1.0, 1.133, 1.4, 1.933, 3.0]
    """
    stops = [low, *marks, high]
    if any(not b > a for a, b in pairwise(stops)):
        raise InputError("do not rise from low to high", key="marks", value=list(marks), unit="m")
    number(fine, "fine", 0.0, unit="m", open_low=True)
    number(growth, "growth", 1.0)
    edges: list[float] = []
    for at, (start, stop) in enumerate(pairwise(stops)):
        both = 0 < at < len(marks)
        span = (stop - start) / (2.0 if both else 1.0)
        steps, filled = [fine], fine
        while filled < span * (1 - 1e-12):
            steps.append(steps[-1] * growth)
            filled += steps[-1]
        part = np.concatenate([[0.0], np.cumsum(steps)]) * (span / filled)
        if both:
            part = np.concatenate([part, 2 * span - part[-2::-1]])
        elif at == 0:
            part = span - part[::-1]
        edges.extend((start + part)[bool(edges) :])
        edges[-1] = float(stop)
    edges[0] = float(low)
    return np.array(edges)
