"""A device for RF microneedling as published: its needles, its generator, and what can be set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tauten.devices.cooled import contacts
from tauten.devices.device import Published, Statement
from tauten.devices.exposure import NeedlePulse, Placed
from tauten.devices.generator import Generator
from tauten.devices.head import Hazard
from tauten.devices.needles import NeedleArray
from tauten.devices.setting import Setting
from tauten.errors import InputError
from tauten.facts import Facts, Row

__all__ = ["LAYOUTS", "Stamp"]

LAYOUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"hexagonal": ("rings",), "grid": ("count", "lines"), "pairs": ("count",), "listed": ()}
)
"""How needles stand, and the counts each way needs; "listed" gives their places one by one."""

_LEVELS = ("levels", "level_spacing", "level_interval")


@dataclass(frozen=True, slots=True, eq=False)
class Stamp(Generator):
    """An array of needles and its generator as published. `exposure` gives one pulse of it, `series` its stamps.

    `layout` is one of `LAYOUTS` with its `counts`; `positions` (x, y) [m] only where they are listed. `polarity` and
    `cooling` list what can be chosen, the first is the default. `rows` are the facts that cannot be set, by full name,
    so that a study can vary them: those of every generator, pitch (between needles; in a pair, between its two),
    pair_pitch (from pair to pair), radius, length, active (the bare tip of insulated needles), tilt (from the vertical)
    and depth_reached, the share of the depth set at which the tips come to lie where the skin gives way before them.
    """

    key: str
    name: str
    method: str
    kind: str
    as_published: str
    layout: str
    counts: Mapping[str, int]
    polarity: tuple[str, ...]
    cooling: tuple[str, ...]
    settings: Mapping[str, Setting]
    cleared_uses: tuple[Statement, ...]
    hazards: tuple[Hazard, ...]
    rows: Mapping[str, Row]
    positions: tuple[tuple[float, float], ...] = ()
    published: tuple[Published, ...] = ()
    file: str = ""

    @property
    def array(self) -> NeedleArray:
        """The needles at the values of their rows."""
        return self.array_at()

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """What is chosen by a word, the first by default."""
        return MappingProxyType({"cooling": self.cooling, "polarity": self.polarity})

    def array_at(self, facts: Facts | None = None) -> NeedleArray:
        """Return the needles with the rows of `facts` in place of the shipped ones."""
        given = self.with_facts(facts)

        def own(name: str, default: float = 0.0) -> float:
            return given.si(self._row(name)) if self._row(name) in self.rows else default

        length = own("length")
        metal = own("radius"), length, own("active", length)
        tilt, n = own("tilt"), self.counts
        if self.layout == "listed":
            return NeedleArray(self.positions, *metal, tilt)
        if self.layout == "hexagonal":
            array = NeedleArray.hexagonal(n["rings"], own("pitch"), *metal)
        elif self.layout == "grid":
            array = NeedleArray.grid(n["count"], n["lines"], own("pitch"), *metal)
        else:
            array = NeedleArray.pairs(n["count"], own("pitch"), own("pair_pitch"), *metal)
        return array.with_(tilt=tilt) if tilt else array

    def settings_at(self, *, facts: Facts | None = None, **given: str | float) -> Mapping[str, Any]:
        """Return every setting in SI, the given ones checked and the others at their default, with the choices.

        `depth` is the one set on the device, of the deepest level; power what the device states, voltage root mean
        square. `facts` is taken for the sake of the other devices. Raises `InputError` for a setting this device does
        not have, a wrong unit, a value outside its range, a setting of a cooling that is not on, a polarity the array
        cannot have, or levels that would come out of the skin.
        """
        chosen = self._chosen(given)
        self._levels(chosen, 1.0)
        return MappingProxyType(chosen)

    def exposure(self, *, facts: Facts | None = None, **settings: str | float) -> NeedlePulse:
        """Return one exposure, at the deepest level: text with units or SI numbers; the others at their default.

        `facts` replaces shipped rows (this device's own `rows` among them). Raises `InputError` as `settings_at`.
        """
        self._check_single(settings, _LEVELS)
        return self._exposure(self.settings_at(facts=facts, **settings), self.with_facts(facts))

    def series(
        self, *, at: tuple[float, float] = (0.0, 0.0), facts: Facts | None = None, **settings: str | float
    ) -> tuple[Placed, ...]:
        """Return the `passes` over `lines` of `stamps`, centred on `at` (x, y) [m], neighbours sharing `overlap`.

        Each stamp is one insertion: `levels` depths `level_spacing` apart, the deepest first. Raises `InputError` as
        `exposure`, and when a level, a stamp or a pass would begin before the last has ended.
        """
        chosen, given = self.settings_at(facts=facts, **settings), self.with_facts(facts)
        reached = given.si(self._row("depth_reached"))
        return self._laid(self._exposure(chosen, given), chosen, at, self._levels(chosen, reached))

    def _exposure(self, chosen: Mapping[str, Any], facts: Facts) -> NeedlePulse:
        depth = chosen["depth"] * facts.si(self._row("depth_reached"))
        array = self.array_at(facts)
        bare = NeedlePulse(array, depth, polarity=chosen["polarity"], **self._pulse(chosen, facts))
        return bare.with_(cooling=contacts(chosen, bare.current_ends_at, facts))

    def _levels(self, chosen: Mapping[str, Any], reached: float) -> tuple[float, ...]:
        """Return the depths [m] of one insertion, each `reached` as a share of the one set."""
        count, spacing = int(chosen.get("levels", 1)), chosen.get("level_spacing", 0.0)
        shallowest = chosen["depth"] - (count - 1) * spacing
        if shallowest < self.settings["depth"].low * (1.0 - 1e-9):
            most = int((chosen["depth"] - self.settings["depth"].low) / spacing * (1.0 + 1e-9)) + 1
            raise InputError(
                "is more depths than there is room for", key="exposure.levels", value=count, allowed=f"1 to {most}",
                remedy=f"{1e3 * spacing:g} mm apart, the last of them would be {1e3 * shallowest:.3g} mm deep.",
            )  # fmt: skip
        return tuple((chosen["depth"] - n * spacing) * reached for n in range(count))
