"""The question a plan answers again and again: this person, this device, these settings and facts: what happens?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from tauten.care.goals import Aim, aim
from tauten.care.limits import Limit, read_limits
from tauten.care.method import Method, Run
from tauten.care.methods import METHODS
from tauten.devices.catalogue import Machine
from tauten.devices.exposure import Placed
from tauten.devices.head import Head
from tauten.errors import InputError
from tauten.facts import Facts, Row, load
from tauten.files.case import Case
from tauten.files.skins import skin_of
from tauten.simulate import simulate
from tauten.skin.skin import Skin
from tauten.treatment import Treatment

__all__ = ["Question", "question_of"]

Settings = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Question:
    """A case with everything fixed but the settings and the facts; `facts` are the central ones.

    `meant` is what another device of the case aims at, where this one is weighed against it. Answers of trials are
    kept: the same settings and the same facts are simulated once.
    """

    case: Case
    device: Machine
    facts: Facts
    _kept: dict[Any, Mapping[str, float]] = field(default_factory=dict, repr=False)
    meant: Aim | None = None

    @property
    def method(self) -> Method:
        """What is particular to the case's method."""
        method = METHODS[self.case.treatment.method]
        return method.fitted(method, self.device)

    @property
    def output(self) -> str:
        """Name of the row that says how what is delivered lies about what is set: energy, or the rise that is held."""
        return f"devices/{self.device.key}/{'held' if self.method.driver == 'hold' else 'output'}"

    @property
    def held(self) -> Mapping[str, Any]:
        """The settings the case holds, as this device takes them."""
        return self.case.held_by(self.device)

    @property
    def settled(self) -> frozenset[str]:
        """The settings that the case leaves no choice in: those it holds, and those that follow from them."""
        held = self.held
        follow = [name for given, names in self.method.follows.items() if given in held for name in names]
        return frozenset({*held, *follow})

    @cached_property
    def start(self) -> Settings:
        """The settings the search begins at: those the case holds, the others at the device's default."""
        return self.method.start(self)

    def skin(self, facts: Facts) -> Skin:
        """Return the person's skin under `facts`."""
        return skin_of(self.case, facts)

    def placed(self, settings: Settings, facts: Facts) -> tuple[Placed, ...]:
        """Return the exposures of a trial of `settings`, with the output the facts say the device really gives."""
        return self.method.placed(self, settings, facts)

    def treatment(self, settings: Settings, facts: Facts | None = None, run: Run = "full", **options: Any) -> Treatment:
        """Return the simulation of `settings` under `facts` (the central ones by default)."""
        facts = facts or self.facts
        options = {**self.method.options(self, run), **options}
        return simulate(self.skin(facts), self.placed(settings, facts), facts=facts, **options)

    def figures(self, settings: Settings, facts: Facts | None = None, run: Run = "quick") -> Mapping[str, float]:
        """Return a trial's summary as plain numbers; the short way, asked hundreds of times.

        A "sweep" compares many facts with one another, and takes whatever makes their differences small.
        """
        facts = facts or self.facts
        if run == "sweep" and not self.method.felt(self, facts):
            facts = self.facts
        changed = tuple(sorted((n, facts[n].value) for n in set(facts.changed)))
        shot = {name: value for name, value in settings.items() if name not in self.method.pattern}
        key = (tuple(sorted(shot.items())), changed, run)
        if key not in self._kept:
            found = self.method.trial(self, settings, facts, run)
            if found is None:
                found = self.method.read(self, settings, self.treatment(settings, facts, run))
            self._kept[key] = found
        return self.method.finish(self, settings, self._kept[key])

    @property
    def knobs(self) -> tuple[str, ...]:
        """Names of the rows whose spread the result is tested against: what this skin, device and cooling used."""
        skin = self.skin(self.facts)
        used = [*(row.name for row in skin.rows), *self.method.rows(self, skin)]
        used += [f"devices/{self.device.key}/{name}" for name in self.facts.under(f"devices/{self.device.key}")]
        # Of the kinetics, the sets a limit is judged by; where both numbers of a set have a spread they move together,
        # and moving one alone would overstate it: other sets are shown instead.
        for limit in self.limits:
            rows = [f"tissue/kinetics/{name}" for name in self.facts.under("tissue/kinetics")]
            rows = [name for name in rows if f"/{limit.set_name}." in name and self.facts[name].has_spread]
            used += rows if len(rows) == 1 else []
        # The tolerance moves the result through the output row; counting both would count it twice.
        skip = {f"devices/{self.device.key}/output_tolerance"}
        return tuple(name for name in dict.fromkeys(used) if name not in skip)

    @property
    def limits(self) -> tuple[Limit, ...]:
        """The limits of this method."""
        return read_limits(self.facts, self.case.treatment.method)

    def aimed(self, meant: Aim) -> Question:
        """Return the same question, read in the band another device is for."""
        return replace(self, meant=meant, _kept={})

    @cached_property
    def aim(self) -> Aim:
        """What the treatment aims at: the depth band, from the central skin, and its rows."""
        if self.meant:
            return self.meant
        asked, skin = (self.case.goal.depth if self.case.goal else None), self.skin(self.facts)
        depth = getattr(self.device, "focal_depth", None)
        try:
            return aim(self.case.treatment.method, skin, self.facts, asked, depth)
        except InputError as error:
            raise self.case.fault(self._unreached(error), "goal.depth" if asked else "treatment.device") from None

    def _unreached(self, error: InputError) -> InputError:
        """Return `error` about the depth a case asks for, or about the head where it asks for none."""
        if self.case.goal or not isinstance(self.device, Head):
            return error
        return InputError(
            f"focuses at {1e3 * self.device.focal_depth:g} mm, below the layers that are treated",
            value=f'"{self.device.key}"', allowed=f"layers {error.allowed}",
            remedy=f"{error.remedy} Take a shallower head.",
        )  # fmt: skip

    @property
    def band(self) -> tuple[float, float]:
        """The depth band [m] the goal is read in."""
        return self.aim.band


def question_of(case: Case, device: Machine | None = None) -> Question:
    """Return the question a case asks of one of its devices (the first by default), whose rows join the facts."""
    device = device or case.device
    facts = device.with_facts(load())
    tolerance = facts[f"devices/{device.key}/output_tolerance"]
    output = Row(
        f"devices/{device.key}/output", 1.0, 1.0 - tolerance.si, 1.0 + tolerance.si, "1", tolerance.source,
        tolerance.confidence, tolerance.date, "energy delivered over energy set", tolerance.file, tolerance.line,
    )  # fmt: skip
    facts = facts.with_row(output)
    if "hold" in device.settings:
        sensor = facts["care/planning/hold.sensor"]
        held = Row(
            f"devices/{device.key}/held", 1.0, sensor.si_low, sensor.si_high, "1", sensor.source, sensor.confidence,
            sensor.date, "rise of the tissue at the metal over the rise set", sensor.file, sensor.line,
        )  # fmt: skip
        facts = facts.with_row(held)
    return Question(case, device, facts)
