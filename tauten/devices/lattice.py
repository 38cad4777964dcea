"""The smallest piece of a repeated pattern of needles: what mirrors into itself and so stands for an endless stamp.

Needles inside a stamp see their like all round. One cell of their pattern, mirrored at its walls, is solved in a
hundredth of the time of a stamp; what it leaves out is that the outermost needles have fewer neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from tauten.devices.drive import Current, Cutoff, Drive, Limits, Power, Voltage

if TYPE_CHECKING:
    from tauten.devices.needles import NeedleArray, NeedlePulse

__all__ = ["Cell", "cell_of", "endless"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A box from (0, 0) to (`width`, `length`) [m] whose walls are mirror planes of an endless pattern.

    `places` are its needles (x, y, terminal), on walls as a rule; `walls` are the mirror planes, (side, "even" or
    "odd") each; `needles` how many whole needles one cell holds. A `length` of None is open: the pattern repeats along
    x alone.
    """

    width: float
    length: float | None
    places: tuple[tuple[float, float, str], ...]
    walls: tuple[tuple[str, str], ...]
    needles: float

    @property
    def mirrors(self) -> Mapping[str, str]:
        """The mirror planes by side."""
        return MappingProxyType(dict(self.walls))

    @property
    def copies(self) -> int:
        """How many cells the mirrors make of one: what a solver with these planes counts as the whole."""
        return 2 ** len(self.walls)


def cell_of(array: NeedleArray, layout: str, polarity: str) -> Cell | None:
    """Return the cell of an array laid as `layout` ("hexagonal", "grid" or "pairs"), or None where there is none.

    Current to a far return spreads from the whole stamp at once: it has none, nor have needles that are listed one by
    one, or lean in more rows than one.
    """
    pitch = array.pitch
    if polarity == "monopolar" or array.count < 2 or (array.tilt and layout != "pairs"):
        return None
    even = (("left", "even"), ("front", "even"))
    if layout == "hexagonal" and polarity == "rows":
        high = math.sqrt(3.0) / 2.0 * pitch
        walls = (*even, ("right", "even"), ("back", "even"))
        return Cell(pitch / 2.0, high, ((0.0, 0.0, "+"), (pitch / 2.0, high, "-")), walls, 0.5)
    if layout == "grid" and polarity in ("rows", "checkerboard"):
        way = "even" if polarity == "rows" else "odd"
        return Cell(pitch / 2.0, pitch / 2.0, ((0.0, 0.0, "+"),), (*even, ("right", way), ("back", "odd")), 0.25)
    if layout == "pairs" and polarity == "pairs" and array.count > 2:
        (one, _), (other, _), (third, _) = array.positions[:3]
        across = (("left", "odd"), ("right", "odd"))
        place = (abs(other - one) / 2.0, 0.0, "+")
        if array.tilt:
            return Cell(abs(third - one) / 2.0, None, (place,), across, 1.0)
        return Cell(abs(third - one) / 2.0, None, (place,), (*across, ("front", "even")), 0.5)
    return None


def endless(pulse: NeedlePulse, layout: str) -> NeedlePulse | None:
    """Return `pulse` in one cell of its pattern, each needle given what it has in the stamp; None without a cell.

    Its watts, amperes and joules are those of the cells that the mirrors count as the whole: the stamp's, times
    copies x needles in a cell / needles in the stamp.
    """
    cell = cell_of(pulse.array, layout, pulse.polarity)
    if cell is None:
        return None
    share = cell.copies * cell.needles / pulse.array.count
    most, off = pulse.limits, pulse.cutoff
    return pulse.with_(
        cell=cell,
        drive=_shared(pulse.drive, share),
        limits=Limits(most.volts, most.amperes * share, most.watts * share),
        cutoff=Cutoff(
            None if off.impedance is None else off.impedance / share,
            None if off.energy is None else off.energy * share,
            off.temperature,
        ),
    )


def _shared(drive: Drive, share: float) -> Drive:
    if isinstance(drive, Power):
        return Power(drive.value * share)
    if isinstance(drive, Current):
        return Current(drive.value * share, rms=drive.rms)
    assert isinstance(drive, Voltage)
    return drive
