"""The planes in which electrodes mirror one another, so that a half or a quarter can stand for the whole."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

from tauten.devices.electrode import FAR, Disc, Electrode, Needle, Plate, Rectangle, Sphere

__all__ = ["Mirrors", "mirrors_of"]

_FINEST = 1e-9  # m; places closer than this are one
Kind = Literal["even", "odd"]


@dataclass(frozen=True, slots=True)
class Mirrors:
    """What the planes x = 0 and y = 0 do: "even", "odd", or None where there is no mirror.

    An even plane has the same terminal on both sides and passes no current: an insulated wall. An odd one has the other
    terminal across it and lies half-way between the two: an earthed wall. Heat is the same on both sides of either.
    """

    x: Kind | None = None
    y: Kind | None = None

    @property
    def share(self) -> float:
        """Share of the whole that is left to solve: 1, 0.5 or 0.25."""
        return 0.5 ** sum(each is not None for each in (self.x, self.y))


def mirrors_of(electrodes: Sequence[Electrode]) -> Mirrors:
    """Return the mirror planes of electrodes laid round (0, 0)."""
    return Mirrors(*(_across(electrodes, axis) for axis in (0, 1)))


def _across(electrodes: Sequence[Electrode], axis: int) -> Kind | None:
    found: dict[Hashable, Hashable] = {_shape(each, None): each.terminal for each in electrodes}
    terminals = set(found.values())
    other = [found.get(_shape(each, axis), FAR) for each in electrodes]
    own = [each.terminal for each in electrodes]
    if any(_shape(each, axis) not in found for each in electrodes):
        return None
    if other == own:
        return "even"
    opposite = all(one != across for one, across in zip(own, other, strict=True))
    return "odd" if opposite and len(terminals) == 2 and not terminals & {None, FAR} else None


def _shape(electrode: Electrode, axis: int | None) -> Hashable:
    """Return what tells an electrode from others but its terminal, mirrored across `axis` where one is given."""

    def place(given: Sequence[float]) -> tuple[int, ...]:
        return tuple(round((-c if n == axis else c) / _FINEST) for n, c in enumerate(given))

    match electrode:
        case Needle():
            way = tuple(round((-c if n == axis else c) / 1e-9) for n, c in enumerate(electrode.direction))
            return ("needle", place(electrode.tip), way, electrode.radius, electrode.length, electrode.active)
        case Disc():
            return ("disc", place(electrode.centre), electrode.radius, electrode.membrane)
        case Rectangle():
            return ("rectangle", place(electrode.centre), electrode.width, electrode.length, electrode.membrane)
        case Sphere():
            return ("sphere", place(electrode.centre), electrode.radius)
        case Plate():
            pairs = {0: ("left", "right"), 1: ("front", "back")}.get(-1 if axis is None else axis, ())
            side = pairs[1 - pairs.index(electrode.side)] if electrode.side in pairs else electrode.side
            return ("plate", side, electrode.membrane)
