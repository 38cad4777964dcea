"""The metal that brings current into skin: needles, discs, rectangles, whole walls, spheres.

Places are (x, y) or (x, y, z) [m], depth z downward with 0 at the skin's surface. Every electrode has a `terminal`: any
label ("+", "-", 0, ...); electrodes of one label are wired together, None floats.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tauten.checks import instance, number
from tauten.errors import InputError

__all__ = ["FAR", "Disc", "Electrode", "Membrane", "Needle", "Plate", "Rectangle", "Sphere", "smallest_gap"]

FAR: Final = "far"
"""The terminal of a return electrode so far away that its place does not matter; no metal of its own."""

SIDES = ("top", "bottom", "side", "left", "right", "front", "back")
"""Walls that a plate may cover; left and right end the x axis, front and back the y axis, side an axisymmetric one."""


@dataclass(frozen=True, slots=True)
class Membrane:
    """A sheet that does not conduct between metal and skin, `thickness` [m] of relative `permittivity`.

    It passes current as a capacitor only, `permittivity` · ε0 / `thickness` [F/m²]. Raises `InputError` for a thickness
    of nothing and a permittivity below 1, that of vacuum.
    """

    thickness: float
    permittivity: float

    def __post_init__(self) -> None:
        number(self.thickness, "membrane.thickness", 0.0, unit="m", open_low=True)
        number(self.permittivity, "membrane.permittivity", 1.0)


@dataclass(frozen=True, slots=True)
class Needle:
    """A round needle of `radius` [m] with a flat end, metal from its `tip` (x, y, z) [m] back over its `length` [m].

    `direction` is the way it was pushed in, made one long; (0, 0, 1) is straight down. Only the last `active` [m] to
    the tip are bare; the rest of the shaft is insulated, and equal to `length` leaves nothing insulated. What lies
    above the skin's surface is in air. Raises `InputError` for numbers that are missing, not finite or not positive, an
    active part longer than the needle, or a needle that was not pushed downward.
    """

    tip: tuple[float, float, float]
    direction: tuple[float, float, float]
    radius: float
    length: float
    active: float
    terminal: Hashable

    def __post_init__(self) -> None:
        object.__setattr__(self, "tip", _place(self.tip, "electrode.tip", 3))
        way = _place(self.direction, "electrode.direction", 3)
        long = math.hypot(*way)
        if not way[2] > 0.0:
            raise InputError(
                "does not point into the skin", key="electrode.direction", value=repr(self.direction),
                allowed="a third number above 0: depth grows downward",
            )  # fmt: skip
        object.__setattr__(self, "direction", tuple(w / long for w in way))
        number(self.radius, "electrode.radius", 0.0, unit="m", open_low=True)
        number(self.length, "electrode.length", 0.0, unit="m", open_low=True)
        number(
            self.active, "electrode.active", 0.0, self.length, "m", open_low=True,
            problem="is no bare length this needle can have",
        )  # fmt: skip
        _check_terminal(self.terminal)

    @property
    def insulated(self) -> bool:
        """Whether part of the shaft is insulated."""
        return self.active < self.length

    @property
    def base(self) -> tuple[float, float, float]:
        """The other end (x, y, z) [m] of the metal; above the skin's surface where z is below 0."""
        return _along(self.tip, self.direction, -self.length)


@dataclass(frozen=True, slots=True)
class Disc:
    """A round electrode of `radius` [m] on the skin's surface round its `centre` (x, y) [m]."""

    centre: tuple[float, float]
    radius: float
    terminal: Hashable
    membrane: Membrane | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", _place(self.centre, "electrode.centre", 2))
        number(self.radius, "electrode.radius", 0.0, unit="m", open_low=True)
        _check_flat(self.terminal, self.membrane)

    @property
    def area(self) -> float:
        """Area on the skin [m²]."""
        return math.pi * self.radius**2


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A rectangular electrode on the skin's surface, `width` along x and `length` along y [m] round its `centre`."""

    centre: tuple[float, float]
    width: float
    length: float
    terminal: Hashable
    membrane: Membrane | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", _place(self.centre, "electrode.centre", 2))
        number(self.width, "electrode.width", 0.0, unit="m", open_low=True)
        number(self.length, "electrode.length", 0.0, unit="m", open_low=True)
        _check_flat(self.terminal, self.membrane)

    @property
    def area(self) -> float:
        """Area on the skin [m²]."""
        return self.width * self.length


@dataclass(frozen=True, slots=True)
class Plate:
    """Metal over a whole wall of the grid: `side` "top", "bottom", "left", "right", "front", "back" or "side"."""

    side: str
    terminal: Hashable
    membrane: Membrane | None = None

    def __post_init__(self) -> None:
        if self.side not in SIDES:
            raise InputError(
                "is no wall of a grid", key="electrode.side", value=repr(self.side), allowed=" | ".join(SIDES)
            )
        _check_flat(self.terminal, self.membrane)


@dataclass(frozen=True, slots=True)
class Sphere:
    """A ball of metal of `radius` [m] round its `centre` (x, y, z) [m]."""

    centre: tuple[float, float, float]
    radius: float
    terminal: Hashable

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre", _place(self.centre, "electrode.centre", 3))
        number(self.radius, "electrode.radius", 0.0, unit="m", open_low=True)
        _check_terminal(self.terminal)


Electrode = Needle | Disc | Rectangle | Plate | Sphere
"""Every piece of metal."""


def smallest_gap(electrodes: Sequence[Needle]) -> float:
    """Return the smallest gap [m] between the surfaces of two needles; infinite for one, below 0 where they overlap.

    The distance of the axes, as segments from tip to base, less both radii.
    """
    if len(electrodes) < 2:
        return math.inf
    tips = np.array([n.tip for n in electrodes])
    spans = np.array([n.base for n in electrodes]) - tips
    radii = np.array([n.radius for n in electrodes])
    one, other = np.triu_indices(len(electrodes), 1)
    gap = _between_segments(tips[one], spans[one], tips[other], spans[other]) - radii[one] - radii[other]
    return float(gap.min())


def _between_segments(p: Any, u: Any, q: Any, v: Any) -> Any:
    """Return the distance between segments p + s u and q + t v, s and t in 0 to 1, one row a pair."""
    w = p - q
    a, b, c, d, e = (np.einsum("ij,ij->i", x, y) for x, y in ((u, u), (u, v), (v, v), (u, w), (v, w)))
    turn = a * c - b * b
    skew = turn > 1e-12 * a * c
    s = np.clip(np.where(skew, (b * e - c * d) / np.where(skew, turn, 1.0), 0.0), 0.0, 1.0)
    t = np.clip((b * s + e) / c, 0.0, 1.0)
    s = np.clip((b * t - d) / a, 0.0, 1.0)
    t = np.clip((b * s + e) / c, 0.0, 1.0)
    return np.linalg.norm(w + s[:, None] * u - t[:, None] * v, axis=1)


def _along(place: Sequence[float], way: Sequence[float], far: float) -> tuple[float, float, float]:
    x, y, z = (p + far * w for p, w in zip(place, way, strict=True))
    return x, y, z


def _place(given: object, key: str, axes: int) -> tuple[float, ...]:
    """Return a place or direction as floats; raises `InputError` for anything else."""
    if not isinstance(given, (tuple, list, np.ndarray)) or len(given) != axes:
        names = "(x, y, z)" if axes == 3 else "(x, y)"
        raise InputError("is no place", key=key, value=repr(given), allowed=names, unit="m")
    return tuple(number(each, key, unit="m") for each in given)


def _check_flat(terminal: object, membrane: object) -> None:
    _check_terminal(terminal)
    if membrane is not None:
        instance(membrane, Membrane, "electrode.membrane", "a Membrane, or None for bare metal")


def _check_terminal(terminal: object) -> None:
    try:
        hash(terminal)
    except TypeError:
        raise InputError(
            "is no label", key="electrode.terminal", value=repr(terminal), allowed='"+", "-", 0, ... or None'
        ) from None
