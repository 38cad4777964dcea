"""Metal that touches other metal: a short circuit, or one electrode that should be said to be one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

from tauten.devices.electrode import Disc, Electrode, Needle, Plate, Rectangle, Sphere, smallest_gap
from tauten.errors import InputError

__all__ = ["check_apart"]


def check_apart(electrodes: Sequence[Electrode]) -> None:
    """Raise `InputError` where any two electrodes touch or overlap."""
    needles = [e for e in electrodes if isinstance(e, Needle)]
    gap = smallest_gap(needles)
    if gap <= 0.0:
        raise InputError(
            "touch or overlap", key="needles", value=f"a gap of {gap:.3g}", allowed="above 0", unit="m",
            remedy="Move the needles apart, or make them thinner.",
        )  # fmt: skip
    others = [e for e in electrodes if not isinstance(e, Needle)]
    for one, other in combinations(others, 2):
        if _meet(one, other):
            raise InputError("touch or overlap", key="electrodes", value=f"{one!r} and {other!r}")
    for needle in needles:
        for metal in others:
            if _needle_meets(needle, metal):
                raise InputError("touch or overlap", key="electrodes", value=f"{needle!r} and {metal!r}")


def _needle_meets(needle: Needle, metal: Disc | Rectangle | Plate | Sphere) -> bool:
    if isinstance(metal, Plate):
        return metal.side == "top"
    if isinstance(metal, Sphere):
        point = 1e-9 * metal.radius  # a ball is a needle without length
        return smallest_gap([needle, Needle(metal.centre, (0.0, 0.0, 1.0), metal.radius, point, point, None)]) <= 0.0
    back = needle.tip[2] / needle.direction[2]
    entry = (needle.tip[0] - back * needle.direction[0], needle.tip[1] - back * needle.direction[1])
    return _flat_meet(Disc(entry, needle.radius, None), metal)


def _meet(one: Disc | Rectangle | Plate | Sphere, other: Disc | Rectangle | Plate | Sphere) -> bool:
    if isinstance(one, Plate):
        return _on_wall(one, other)
    if isinstance(other, Plate):
        return _on_wall(other, one)
    if isinstance(one, Sphere):
        return _ball_meets(one, other)
    if isinstance(other, Sphere):
        return _ball_meets(other, one)
    return _flat_meet(one, other)


def _on_wall(plate: Plate, metal: Disc | Rectangle | Plate | Sphere) -> bool:
    if isinstance(metal, Plate):
        return plate.side == metal.side
    return plate.side == "top" and not isinstance(metal, Sphere)


def _ball_meets(ball: Sphere, metal: Disc | Rectangle | Sphere) -> bool:
    if isinstance(metal, Sphere):
        return math.dist(ball.centre, metal.centre) <= ball.radius + metal.radius
    if abs(ball.centre[2]) > ball.radius:
        return False
    return _flat_meet(Disc(ball.centre[:2], math.sqrt(ball.radius**2 - ball.centre[2] ** 2) or 1e-12, None), metal)


def _flat_meet(one: Disc | Rectangle, other: Disc | Rectangle) -> bool:
    (a, b, first), (c, d, second) = _core(one), _core(other)
    apart = [abs(p - q) for p, q in zip(one.centre, other.centre, strict=True)]
    gap = math.hypot(max(apart[0] - a - c, 0.0), max(apart[1] - b - d, 0.0))
    return gap <= first + second


def _core(metal: Disc | Rectangle) -> tuple[float, float, float]:
    """Return half the width and length of what is inside the rounding, and the rounding's radius [m]."""
    if isinstance(metal, Disc):
        return 0.0, 0.0, metal.radius
    return metal.width / 2, metal.length / 2, 0.0
