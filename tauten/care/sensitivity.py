"""What the data rows' own spreads do to a result, one at a time and together.

One at a time gives the tornado. Together: the adverse point is the likeliest way for all spreads to act at once at
the distance of one spread (first-order reliability method, Hasofer & Lind 1974): each row moves by its share of the
combined effect. A limit is then checked by a run at that point, not by adding numbers up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tauten.facts import Facts, Row
from tauten.workers import ask_all

__all__ = ["Swing", "adverse_facts", "combined", "far_ends", "swings"]

Result = Mapping[str, float]
Ask = Callable[[Facts], Result]


@dataclass(frozen=True, slots=True)
class Swing:
    """What one row does: every figure at the row's `low` and `high` end, the rest held."""

    row: Row
    at_low: Result
    at_high: Result

    def change(self, figure: str, central: Result, end: str) -> float:
        """Change of a figure from its central value at one `end` ("low" or "high")."""
        return (self.at_low if end == "low" else self.at_high)[figure] - central[figure]


def swings(
    ask: Ask,
    facts: Facts,
    knobs: Sequence[str],
    figures: Sequence[str],
    progress: Callable[[float], None] | None = None,
    both_ends: int = 14,
) -> tuple[Swing, ...]:
    """Ask the same question with each row moved to the ends of its spread; rows without a spread are left out.

    Every row is first moved to its farther end. The `both_ends` rows that then moved any of `figures` most are asked
    at the other end too; for the rest, whose part is small, the other end is taken as the mirror image.
    """
    central = ask(facts)
    moving = [facts[name] for name in knobs if facts[name].has_spread]
    ends = ask_all(ask, far_ends(facts, knobs), progress)
    one_end = {row.name: end for row, end in zip(moving, ends, strict=True)}
    weight = {name: _weight(result, central, figures, one_end) for name, result in one_end.items()}
    strongest = sorted(one_end, key=weight.__getitem__, reverse=True)[:both_ends]
    asked = [row for row in moving if row.name in strongest and _near_end(row) != row.value]
    answers = ask_all(ask, [facts.with_value(row.name, _near_end(row)) for row in asked])
    other_end = {row.name: answer for row, answer in zip(asked, answers, strict=True)}
    found = []
    for row in moving:
        far, near = one_end[row.name], _near_end(row)
        if near == row.value:
            other = central
        elif row.name in other_end:
            other = other_end[row.name]
        else:
            share = abs(near - row.value) / abs(_far_end(row) - row.value)
            other = {f: central[f] - share * (far.get(f, central[f]) - central[f]) for f in central}
        low, high = (other, far) if _far_end(row) == row.high else (far, other)
        found.append(Swing(row, low, high))
    return tuple(found)


def far_ends(facts: Facts, knobs: Sequence[str]) -> list[Facts]:
    """Return, for each row with a spread, the facts with that row at its farther end."""
    rows = [facts[name] for name in knobs if facts[name].has_spread]
    return [facts.with_value(row.name, _far_end(row)) for row in rows]


def _far_end(row: Row) -> float:
    return row.high if row.high - row.value >= row.value - row.low else row.low


def _near_end(row: Row) -> float:
    return row.low + row.high - _far_end(row)


def _weight(result: Result, central: Result, figures: Sequence[str], everyone: Mapping[str, Result]) -> float:
    """Largest share, over the figures, that a row has in the strongest row's change."""
    shares = []
    for figure in figures:
        strongest = max(abs(other[figure] - central[figure]) for other in everyone.values())
        shares.append(abs(result[figure] - central[figure]) / strongest if strongest > 0.0 else 0.0)
    return max(shares, default=0.0)


def combined(found: Sequence[Swing], central: Result, figure: str, sign: float) -> float:
    """Root-sum-square of each row's largest change of `figure` towards `sign` (+1 up, -1 down)."""
    return math.sqrt(sum(_push(s, central, figure, sign)[0] ** 2 for s in found))


def adverse_facts(facts: Facts, found: Sequence[Swing], central: Result, figure: str, sign: float = 1.0) -> Facts:
    """Return facts at the adverse point for `figure`: every row moved by its share towards the end that pushes it."""
    total = combined(found, central, figure, sign)
    if total == 0.0:
        return facts
    for swing in found:
        push, end = _push(swing, central, figure, sign)
        if push > 0.0:
            facts = facts.with_value(swing.row.name, swing.row.value + (end - swing.row.value) * push / total)
    return facts


def _push(swing: Swing, central: Result, figure: str, sign: float) -> tuple[float, float]:
    """Return how far a row pushes `figure` towards `sign`, and the row's value that does so."""
    low = sign * swing.change(figure, central, "low")
    high = sign * swing.change(figure, central, "high")
    if max(low, high) <= 0.0 or math.isnan(low) or math.isnan(high):
        return 0.0, swing.row.value
    return (low, swing.row.low) if low > high else (high, swing.row.high)
