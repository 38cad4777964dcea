"""Needles put into the skin and a pulse of current between them: the stamp of RF microneedling."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from tauten.checks import instance, number, whole
from tauten.devices.cooling import Contact
from tauten.devices.drive import NO_CUTOFF, UNLIMITED, Cutoff, Drive, Limits
from tauten.devices.electric import ElectricPulse
from tauten.devices.electrode import FAR, Needle, smallest_gap
from tauten.devices.lattice import Cell
from tauten.devices.mirrors import Mirrors, mirrors_of
from tauten.errors import InputError
from tauten.facts import load

__all__ = ["POLARITIES", "NeedleArray", "NeedlePulse"]

POLARITIES = ("rows", "checkerboard", "pairs", "monopolar")
"""Which needles are "+" and which "-": rows of needles along x in turn; neighbours along both axes in turn, on a square
grid; the two of each pair; all "+" with a far return."""

_FINEST = 1e-7  # m; needles whose places along an axis differ by less stand in one row


@dataclass(frozen=True, slots=True)
class NeedleArray:
    """Equal round needles at `positions` ((x, y), ...) [m] round the middle of the stamp, where they enter the skin.

    `radius`, `length` and `active`, the bare length at the tip [m]: as long as the needle where nothing is insulated.
    All lean by `tilt` [rad] from the vertical towards +y. With polarity "pairs", needles one and two are a pair, three
    and four the next. Raises `InputError` for numbers outside the rows `devices/electric/needle*.allowed`, an active
    part longer than the needle, and needles that touch or overlap.
    """

    positions: tuple[tuple[float, float], ...]
    radius: float
    length: float
    active: float
    tilt: float = 0.0

    def __post_init__(self) -> None:
        rows = load().under("devices/electric")
        for name in ("radius", "length", "tilt"):
            row = rows[f"needle.{name}.allowed"]
            number(getattr(self, name), f"array.{name}", row.si_low, row.si_high, "rad" if name == "tilt" else "m")
        number(
            self.active, "array.active", 0.0, self.length, "m", open_low=True,
            problem="is no bare length these needles can have",
        )  # fmt: skip
        given = self.positions
        if not isinstance(given, (tuple, list, np.ndarray)) or not len(given):
            raise InputError("is no list of places", key="array.positions", value=repr(given), allowed="((x, y), ...)")
        if len(given) > rows["needles.allowed"].si_high:
            allowed = f"1 to {rows['needles.allowed'].high:g}"
            raise InputError(
                "is more needles than a stamp has", key="array.positions", value=len(given), allowed=allowed
            )
        places = []
        for place in given:
            if not isinstance(place, (tuple, list, np.ndarray)) or len(place) != 2:
                raise InputError("is no place", key="array.positions", value=repr(place), allowed="(x, y)", unit="m")
            places.append(tuple(number(c, "array.positions", unit="m") for c in place))
        object.__setattr__(self, "positions", tuple(places))
        if self.gap <= 0.0:
            raise InputError(
                "has needles that touch or overlap", key="array.positions",
                value=f"{1e3 * self.pitch:.4g} mm apart at the closest",
                allowed=f"above {2e3 * self.radius:.4g} mm, the thickness of a needle",
                remedy="Lengthen the pitch or take thinner needles.",
            )  # fmt: skip

    @classmethod
    def hexagonal(cls, rings: int, pitch: float, radius: float, length: float, active: float) -> Self:
        """Return `rings` hexagons round a centre needle, 3 for 37 needles; rows run along x, `pitch` [m] apart."""
        rings, pitch = whole(rings, "array.rings", 0), _pitch(pitch, "array.pitch")
        high = math.sqrt(3.0) / 2.0
        places = tuple(
            ((column - (2 * rings - abs(row)) / 2.0) * pitch, row * high * pitch)
            for row in range(-rings, rings + 1)
            for column in range(2 * rings + 1 - abs(row))
        )
        return cls(places, radius, length, active)

    @classmethod
    def grid(cls, count: int, line_count: int, pitch: float, radius: float, length: float, active: float) -> Self:
        """Return `line_count` lines of `count` needles along x, `pitch` [m] apart both ways."""
        count, line_count = whole(count, "array.count"), whole(line_count, "array.line_count")
        pitch = _pitch(pitch, "array.pitch")
        places = tuple(
            ((n - (count - 1) / 2.0) * pitch, (m - (line_count - 1) / 2.0) * pitch)
            for m in range(line_count)
            for n in range(count)
        )
        return cls(places, radius, length, active)

    @classmethod
    def pairs(
        cls, count: int, pitch: float, pair_pitch: float, radius: float, length: float, active: float, tilt: float = 0.0
    ) -> Self:
        """Return `count` pairs in a line along x.

        `pitch` [m] goes from the one needle of a pair to the other, `pair_pitch` [m] from the middle of one pair to the
        middle of the next.
        """
        count = whole(count, "array.count")
        pitch, pair_pitch = _pitch(pitch, "array.pitch"), _pitch(pair_pitch, "array.pair_pitch")
        places = tuple(
            ((n - (count - 1) / 2.0) * pair_pitch + side * pitch / 2.0, 0.0) for n in range(count) for side in (-1, 1)
        )
        return cls(places, radius, length, active, tilt)

    @property
    def count(self) -> int:
        """How many needles."""
        return len(self.positions)

    @property
    def insulated(self) -> bool:
        """Whether part of the shaft is insulated."""
        return self.active < self.length

    @property
    def gap(self) -> float:
        """Smallest way from metal to metal [m]; infinite for a single needle."""
        return smallest_gap(self.needles(self.deepest))

    @property
    def pitch(self) -> float:
        """Smallest way between two axes where they enter the skin [m]; infinite for a single needle."""
        places = np.array(self.positions)
        one, other = np.triu_indices(self.count, 1)
        return float(np.hypot(*(places[one] - places[other]).T).min()) if self.count > 1 else math.inf

    @property
    def deepest(self) -> float:
        """How deep the tips reach with the whole needle in the skin [m]."""
        return self.length * math.cos(self.tilt)

    @property
    def footprint(self) -> tuple[float, float]:
        """Width along x and length along y [m] of the skin one stamp serves: out to half a pitch beyond its needles."""
        spread = np.ptp(np.array(self.positions), axis=0)
        around = self.pitch if self.count > 1 else 2.0 * self.radius
        return float(spread[0] + around), float(spread[1] + around)

    def terminals(self, polarity: str) -> tuple[str, ...]:
        """Return "+" or "-" for each needle; raises `InputError` for a polarity this array cannot have."""
        if polarity not in POLARITIES:
            raise InputError(
                "is no polarity", key="exposure.polarity", value=repr(polarity), allowed=" | ".join(POLARITIES)
            )
        if polarity == "monopolar":
            return ("+",) * self.count
        columns, rows = (_ranks([place[axis] for place in self.positions]) for axis in (0, 1))
        odd = {
            "rows": rows % 2,
            "checkerboard": (columns + rows) % 2,
            "pairs": np.arange(self.count) % 2,
        }[polarity]
        whole_grid = (columns.max() + 1) * (rows.max() + 1) == self.count
        if polarity == "checkerboard" and not whole_grid:
            raise InputError(
                "needs needles on a square grid", key="exposure.polarity", value=polarity,
                allowed="rows | monopolar for this array",
            )  # fmt: skip
        if not 0 < odd.sum() < self.count or (polarity == "pairs" and self.count % 2):
            raise InputError(
                "leaves needles without another to return the current", key="exposure.polarity", value=polarity,
                remedy="Take monopolar, with a return electrode, or another array.",
            )  # fmt: skip
        return tuple("-" if each else "+" for each in odd)

    def needles(
        self, depth: float, polarity: str = "monopolar", at: tuple[float, float] = (0.0, 0.0)
    ) -> tuple[Needle, ...]:
        """Return the needles with their tips `depth` [m] below the surface and the middle of the stamp `at` (x, y)."""
        way = (0.0, math.sin(self.tilt), math.cos(self.tilt))
        lean = depth * math.tan(self.tilt)
        return tuple(
            Needle((x + at[0], y + at[1] + lean, depth), way, self.radius, self.length, self.active, terminal)
            for (x, y), terminal in zip(self.positions, self.terminals(polarity), strict=True)
        )

    def with_(self, **changes: float) -> NeedleArray:
        """Return the same array with some fields changed; this one stands."""
        if unknown := set(changes) - set(self.__dataclass_fields__):
            raise InputError(
                "is not a field of a needle array", key=f"array.{min(unknown)}",
                allowed=", ".join(self.__dataclass_fields__),
            )  # fmt: skip
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True, eq=False)
class NeedlePulse(ElectricPulse):
    """A pulse, or a train of equal ones, of current at `frequency` [Hz] through an `array` put in once.

    `depth` [m] is where the tips are, below the skin's surface: what the skin gave way before the needles is off it
    already. `drive` is what the generator holds for `duration` [s], time 0 its first current; within `limits` and,
    where `hold` [K] is given, only as strong as keeps the hottest tip there. `polarity` is one of `POLARITIES`.
    `cutoff` ends a pulse early. With a `cell` of the pattern, which `lattice.endless` gives, that piece alone is solved
    and stands for an endless stamp. Raises `InputError` as `RfPulse`, and for tips deeper than the needles are long.
    """

    array: NeedleArray
    depth: float
    frequency: float
    drive: Drive
    duration: float
    polarity: str
    hold: float | None = None
    cutoff: Cutoff = NO_CUTOFF
    limits: Limits = UNLIMITED
    cooling: tuple[Contact, ...] = ()
    pulses: int = 1
    period: float | None = None
    device: str = ""
    cell: Cell | None = None

    def __post_init__(self) -> None:
        instance(self.array, NeedleArray, "exposure.array", "a NeedleArray")
        number(
            self.depth, "exposure.depth", 0.0, self.array.deepest * (1.0 + 1e-12), "m", open_low=True,
            problem="is deeper than the needles reach", allowed=f"above 0, up to {self.array.deepest:.6g}",
        )  # fmt: skip
        self.array.terminals(self.polarity)
        self._check()

    @property
    def terminals(self) -> tuple[Hashable, Hashable]:
        """The two ends of the circuit: "+", and "-" or `FAR`."""
        return "+", FAR if self.monopolar else "-"

    @property
    def monopolar(self) -> bool:
        """Whether the current returns far away."""
        return self.polarity == "monopolar"

    @property
    def footprint(self) -> tuple[float, float]:
        """Width along x and length along y [m] of the skin one stamp serves."""
        return self.array.footprint

    @property
    def symmetry(self) -> Mirrors:
        """The mirror planes of the stamp, its polarity included."""
        return mirrors_of(self.electrodes())

    def electrodes(self, at: tuple[float, float] = (0.0, 0.0)) -> tuple[Needle, ...]:
        """Return the needles with the middle of the stamp `at` (x, y) [m]; a far return has no metal of its own.

        Of a `cell`, those it holds.
        """
        if self.cell is not None:
            return self._in_cell(self.cell)
        return self.array.needles(self.depth, self.polarity, at)

    def _in_cell(self, cell: Cell) -> tuple[Needle, ...]:
        array = self.array
        way, lean = (0.0, math.sin(array.tilt), math.cos(array.tilt)), self.depth * math.tan(array.tilt)
        return tuple(
            Needle((x, y + lean, self.depth), way, array.radius, array.length, array.active, terminal)
            for x, y, terminal in cell.places
        )


def _ranks(places: list[float]) -> np.ndarray:
    """Return for each place the number of its row, counted from the lowest."""
    order = np.argsort(places, kind="stable")
    steps = np.concatenate([[0], np.diff(np.array(places)[order]) > _FINEST]).cumsum()
    ranks = np.empty(len(places), dtype=np.int64)
    ranks[order] = steps
    return ranks


def _pitch(given: float, key: str) -> float:
    row = load()["devices/electric/needle.pitch.allowed"]
    return number(given, key, row.si_low, row.si_high, "m")
