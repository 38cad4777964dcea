"""A device for radio-frequency through the skin's surface as published: its tip, its generator, and what can be set."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from tauten.devices.cooled import contacts
from tauten.devices.device import Published, Statement
from tauten.devices.electrode import Disc, Membrane, Rectangle
from tauten.devices.exposure import Placed, RfPulse
from tauten.devices.generator import Generator
from tauten.devices.head import Hazard
from tauten.devices.setting import Setting
from tauten.errors import InputError
from tauten.facts import Facts, Row

__all__ = ["SHAPES", "Applicator"]

SHAPES = ("round", "square", "bars", "discs")
"""Of a tip: one round or square electrode with a far return; two bars or two discs, from one to the other."""


@dataclass(frozen=True, slots=True, eq=False)
class Applicator(Generator):
    """A tip and its generator as published. `exposure` gives one pulse of it, `series` its stamps and passes.

    `shape` is one of `SHAPES`. `rows` are the facts that cannot be set, by full name, so that a study can vary them:
    those of every generator, area (of a round or square tip, or of each of two discs), width and length (of each bar),
    gap (between the facing edges of two electrodes), and of a tip behind a membrane membrane_thickness,
    membrane_permittivity and membrane_conductivity (of heat). `cooling` lists the ways to cool, the first is the
    default; a spray cools the membrane from within, where there is one.
    """

    key: str
    name: str
    method: str
    kind: str
    as_published: str
    shape: str
    cooling: tuple[str, ...]
    settings: Mapping[str, Setting]
    cleared_uses: tuple[Statement, ...]
    hazards: tuple[Hazard, ...]
    rows: Mapping[str, Row]
    published: tuple[Published, ...] = ()
    file: str = ""

    @property
    def tip(self) -> tuple[Disc | Rectangle, ...]:
        """The electrodes at the values of their rows."""
        return self.tip_at()

    def tip_at(self, facts: Facts | None = None) -> tuple[Disc | Rectangle, ...]:
        """Return the electrodes with the rows of `facts` in place of the shipped ones."""
        given = self.with_facts(facts)
        membrane = None
        if self._row("membrane_thickness") in self.rows:
            membrane = Membrane(given.si(self._row("membrane_thickness")), given.si(self._row("membrane_permittivity")))
        if self.shape == "bars":
            width, length, gap = (given.si(self._row(n)) for n in ("width", "length", "gap"))
            away = (gap + width) / 2.0
            return tuple(
                Rectangle((side * away, 0.0), width, length, sign, membrane) for side, sign in ((-1, "+"), (1, "-"))
            )
        radius = math.sqrt(given.si(self._row("area")) / math.pi)
        if self.shape == "discs":
            away = given.si(self._row("gap")) / 2.0 + radius
            return tuple(Disc((side * away, 0.0), radius, sign, membrane) for side, sign in ((-1, "+"), (1, "-")))
        if self.shape == "round":
            return (Disc((0.0, 0.0), radius, "+", membrane),)
        side = math.sqrt(given.si(self._row("area")))
        return (Rectangle((0.0, 0.0), side, side, "+", membrane),)

    def settings_at(self, *, facts: Facts | None = None, **given: str | float) -> Mapping[str, Any]:
        """Return every setting in SI, the given ones checked and the others at their default, with cooling.

        `power` is what the device states. `fluence` [J/m²] of one pulse may be given in its place: power = fluence ·
        area of the tip / duration. Raises `InputError` for a setting this device does not have, a wrong unit, a value
        outside its range, a setting of a cooling that is not on, or fluence beside power.
        """
        chosen = self._chosen(given, apart=("fluence",))
        if "fluence" in given:
            chosen["power"] = self._power(chosen, "power" in given, self.with_facts(facts))
        return MappingProxyType(chosen)

    def exposure(self, *, facts: Facts | None = None, **settings: str | float) -> RfPulse:
        """Return one exposure: text with units or SI numbers; what is not given is at its default.

        `facts` replaces shipped rows (this device's own `rows` among them). Raises `InputError` as `settings_at`.
        """
        self._check_single(settings)
        return self._exposure(self.settings_at(facts=facts, **settings), self.with_facts(facts))

    def series(
        self, *, at: tuple[float, float] = (0.0, 0.0), facts: Facts | None = None, **settings: str | float
    ) -> tuple[Placed, ...]:
        """Return the `passes` over `lines` of `stamps`, centred on `at` (x, y) [m], neighbours sharing `overlap`.

        Raises `InputError` as `exposure`, and when a stamp or a pass would begin before the last has ended.
        """
        chosen = self.settings_at(facts=facts, **settings)
        return self._laid(self._exposure(chosen, self.with_facts(facts)), chosen, at)

    def _exposure(self, chosen: Mapping[str, Any], facts: Facts) -> RfPulse:
        bare = RfPulse(self.tip_at(facts), **self._pulse(chosen, facts))
        behind = 0.0
        if self._row("membrane_thickness") in self.rows:
            behind = facts.si(self._row("membrane_thickness")) / facts.si(self._row("membrane_conductivity"))
        return bare.with_(cooling=contacts(chosen, bare.current_ends_at, facts, behind))

    def _power(self, chosen: Mapping[str, Any], beside: bool, facts: Facts) -> float:
        """Return the power [W] that brings the fluence over the tip's area in the duration."""
        stated = f"{chosen['fluence'] / 1e4:g} J/cm2"
        if beside:
            raise InputError(
                "is given beside power", key="exposure.fluence", value=stated,
                remedy="Give power and duration, or fluence and duration.",
            )  # fmt: skip
        area = facts.si(self._row("area"))
        sent = float(chosen["fluence"] * area / chosen["duration"])
        power = self.settings["power"]
        if not power.holds(sent):
            raise InputError(
                f"on {1e4 * area:g} cm2 in {chosen['duration']:g} s is {sent:.4g} W, which is outside this device's "
                "range", key="exposure.fluence", value=stated, allowed=power.allowed, unit=power.unit,
                remedy="Lengthen or shorten the duration.",
            )  # fmt: skip
        return sent
