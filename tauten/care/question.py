"""The question a plan answers again and again: this person, this device, these settings and facts: what happens?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tauten.care.goals import aim
from tauten.care.limits import read_limits
from tauten.devices.device import Device
from tauten.devices.exposure import Placed
from tauten.errors import InputError
from tauten.facts import Facts, Row, load
from tauten.files.case import Case
from tauten.simulate import simulate, trace
from tauten.skin import optics, thermal
from tauten.skin.skin import Skin
from tauten.treatment import Treatment

__all__ = ["Question", "question_of"]

Settings = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Question:
    """A case with everything fixed but the settings and the facts; `facts` are the central ones.

    Answers on the axis are kept: the same settings and the same facts are simulated once.
    """

    case: Case
    device: Device
    facts: Facts
    photons: int
    sweep_photons: int
    rest: float
    _kept: dict[Any, Mapping[str, float]] = field(default_factory=dict, repr=False)

    @property
    def output(self) -> str:
        """Name of the row that says how the delivered energy lies about the one set."""
        return f"devices/{self.device.key}/output"

    def skin(self, facts: Facts) -> Skin:
        """Return the person's skin under `facts`."""
        person, area = self.case.person, self.case.area
        skin = Skin.at(
            area.site, age=person.age, sex=person.sex, phototype=person.phototype, bmi=person.bmi,
            melanin=person.melanin, side=area.side, facts=facts,
        )  # fmt: skip
        for layer in self.case.skin.layers:
            skin = skin.with_layer(layer.name, **layer.changes) if layer.changes else skin
        return skin

    def placed(self, settings: Settings, facts: Facts) -> tuple[Placed, ...]:
        """Return the passes under `settings`, with the output the facts say the device really gives."""
        return tuple(
            replace(shot, exposure=shot.exposure.with_(fluence=shot.exposure.fluence * facts.si(self.output)))
            for shot in self.device.series(facts=facts, **settings)
        )

    def treatment(self, settings: Settings, facts: Facts | None = None, **options: Any) -> Treatment:
        """Return the full simulation of `settings` under `facts` (the central ones by default)."""
        facts = facts or self.facts
        options = {"seed": self.case.run.seed, "photon_count": self.photons, "band": self.band, **options}
        return simulate(self.skin(facts), self.placed(settings, facts), facts=facts, **options)

    def figures(self, settings: Settings, facts: Facts | None = None, sweep: bool = False) -> Mapping[str, float]:
        """Return the summary on the axis as plain numbers; the short way, asked hundreds of times.

        A `sweep` compares many facts with one another: the same few photons serve them all, so that their noise
        cancels in the differences.
        """
        facts = facts or self.facts
        changed = tuple(sorted((n, facts[n].value) for n in set(facts.changed)))
        key = (tuple(sorted(settings.items())), changed, sweep)
        if key not in self._kept:
            count = self.sweep_photons if sweep else self.photons
            options = {
                "extent": "axis",
                "frames": 12,
                "rest": self.rest,
                "photon_count": count,
                "tolerance": 0.03,
                "threads": 1 if sweep else None,
            }
            treatment = self.treatment(settings, facts, **options)
            self._kept[key] = {name: figure.value for name, figure in treatment.summary.items()}
        return self._kept[key]

    def trace(self, settings: Settings, facts: Facts) -> None:
        """Trace the light of a sweep's run ahead of it; what is traced is kept for every other setting."""
        exposure = self.placed(settings, facts)[0].exposure
        options: dict[str, Any] = {"seed": self.case.run.seed, "photon_count": self.sweep_photons, "threads": 1}
        trace(self.skin(facts), exposure, facts, **options)

    @property
    def knobs(self) -> tuple[str, ...]:
        """Names of the rows whose spread the result is tested against: what this skin, device and cooling used."""
        skin = self.skin(self.facts)
        used = [row.name for row in (*skin.rows, *optics.rows(skin, self.facts), *thermal.rows(skin, self.facts))]
        cooling = [name for name in self.facts.under("devices/cooling") if self._cools_with(name)]
        used += [f"devices/cooling/{name}" for name in cooling]
        used += [f"devices/{self.device.key}/{name}" for name in self.facts.under(f"devices/{self.device.key}")]
        # Of the kinetics, the sets a limit is judged by; where both numbers of a set have a spread they move together,
        # and moving one alone would overstate it: other sets are shown instead.
        for limit in read_limits(self.facts):
            rows = [f"tissue/kinetics/{name}" for name in self.facts.under("tissue/kinetics")]
            rows = [name for name in rows if f"/{limit.set_name}." in name and self.facts[name].has_spread]
            used += rows if len(rows) == 1 else []
        # The tolerance moves the result through the output row; counting both would count it twice.
        skip = {f"devices/{self.device.key}/output_tolerance"}
        return tuple(name for name in dict.fromkeys(used) if name not in skip)

    def _cools_with(self, row: str) -> bool:
        cooling = self.case.held.get("cooling", self.device.cooling[0])
        wet = row.startswith("spray.")
        return wet if cooling == "spray" else cooling == "plate" and not wet

    @cached_property
    def band(self) -> tuple[float, float]:
        """The depth band [m] in which collagen is read, from the central skin."""
        asked, skin = (self.case.goal.depth if self.case.goal else None), self.skin(self.facts)
        try:
            return aim(self.case.treatment.method, skin, self.facts, asked)
        except InputError as error:
            raise self.case.fault(error, "goal.depth") from None


def question_of(case: Case) -> Question:
    """Return the question a case asks, its device's own rows among the facts."""
    device = case.device
    facts = device.with_facts(load())
    tolerance = facts[f"devices/{device.key}/output_tolerance"]
    output = Row(
        f"devices/{device.key}/output", 1.0, 1.0 - tolerance.si, 1.0 + tolerance.si, "1", tolerance.source,
        tolerance.confidence, tolerance.date, "energy delivered over energy set", tolerance.file, tolerance.line,
    )  # fmt: skip
    facts = facts.with_row(output)
    rows = facts.under("care/planning")
    photons = case.run.photons or int(rows["photons"].value)
    return Question(case, device, facts, photons, int(rows["sweep_photons"].value), rows["rest"].si)
