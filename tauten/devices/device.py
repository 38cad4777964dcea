"""A device as published: what it emits, what can be set on it and how far, and the exposure it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, ClassVar

from tauten.devices.beam import Beam
from tauten.devices.cooled import NEEDS, contacts, needs_cooling
from tauten.devices.exposure import LightPulse, Placed, passes
from tauten.devices.setting import SI_UNITS, Setting
from tauten.devices.spectrum import Spectrum
from tauten.devices.window import sapphire_index
from tauten.errors import InputError
from tauten.facts import Facts, Row, load

__all__ = ["SI_UNITS", "Device", "EyeHazard", "Published", "Setting", "Statement"]

_SERIES = ("passes", "pass_interval")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence with its source, for example a cleared use; `kind` is "cleared" or "off-label"."""

    text: str
    kind: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class EyeHazard:
    """What the light can do to an eye, what to wear, and the wavelengths [m] the eyewear must cover."""

    text: str
    eyewear: str
    wavelengths: tuple[float, float]
    source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Published:
    """Settings somebody published for this kind of device: facts about a paper, never a recommendation.

    `settings` gives a row (range) for each setting the source states; `outside` says why when one of them is beyond
    the range this device allows, and is empty otherwise.
    """

    name: str
    settings: Mapping[str, Row]
    protocol: str
    outcome: str
    source: str
    confidence: str
    outside: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Device:
    """A device as published. `exposure` gives one pulse or train of it, `series` its passes.

    `spots` by name, the first is the default; `cooling` lists the ways to cool ("plate", "spray", "none"), the first
    is the default; `window` is what lies on the skin ("air" or "sapphire"). `rows` are the optical facts beside the
    settings (divergence, return_fraction, output_tolerance) by full name, so that a study can vary them, and the
    spectrum's, which has no spread and only says who vouches for it; `spot_rows` say so for each spot, by its name.
    """

    driver: ClassVar[str] = "fluence"
    """The setting that says how strong an exposure is."""

    key: str
    name: str
    method: str
    kind: str
    as_published: str
    spectrum: Spectrum
    spots: Mapping[str, Beam]
    window: str
    cooling: tuple[str, ...]
    settings: Mapping[str, Setting]
    cleared_uses: tuple[Statement, ...]
    eye_hazard: EyeHazard
    published: tuple[Published, ...] = ()
    rows: Mapping[str, Row] = field(default_factory=dict)
    spot_rows: Mapping[str, Row] = field(default_factory=dict)
    file: str = ""

    @property
    def output_tolerance(self) -> float:
        """How far the delivered energy may lie from the one set, as a fraction."""
        return self.rows[self._row("output_tolerance")].si

    def with_facts(self, facts: Facts | None = None) -> Facts:
        """Return `facts` (the shipped ones by default) with this device's own rows beside them."""
        given = facts or load()
        return Facts(MappingProxyType({**self.rows, **given.rows}), given.changed)

    def rows_used(self, spot: str | None = None) -> tuple[Row, ...]:
        """Return the `rows` and the one of the `spot` (the first by default); raises `InputError` for another's."""
        chosen = self.settings_at(**({} if spot is None else {"spot": spot}))["spot"]
        return (*self.rows.values(), *(row for name, row in self.spot_rows.items() if name == chosen))

    def settings_at(self, **given: str | float) -> Mapping[str, Any]:
        """Return every setting in SI, the given ones checked and the others at their default, with spot and cooling.

        Raises `InputError` for a setting this device does not have, a wrong unit, a value outside its range, or a
        setting of a cooling that is not on.
        """
        chosen: dict[str, Any] = {"spot": next(iter(self.spots)), "cooling": self.cooling[0]}
        for name, choices in (("spot", self.spots), ("cooling", self.cooling)):
            if name in given and given[name] not in choices:
                raise InputError(
                    "is not a choice of this device",
                    key=f"exposure.{name}",
                    value=given[name],
                    allowed=" | ".join(choices),
                )
            chosen[name] = given.get(name, chosen[name])
        for name, value in given.items():
            if name in chosen:
                continue
            self._check_known(name, chosen["cooling"])
            chosen[name] = self.settings[name].read(value)
        for name, setting in self.settings.items():
            if NEEDS.get(name, chosen["cooling"]) == chosen["cooling"]:
                chosen.setdefault(name, setting.default)
        return MappingProxyType(chosen)

    def exposure(self, *, facts: Facts | None = None, **settings: str | float) -> LightPulse:
        """Return one exposure: text with units or SI numbers; what is not given is at its default.

        `fluence` is that of one pulse at the skin's surface. `facts` replaces shipped rows (contact resistance, spray,
        this device's own `rows`). Raises `InputError` as `settings_at`.
        """
        for name in _SERIES:
            if name in settings:
                raise InputError(
                    "belongs to a series",
                    key=f"exposure.{name}",
                    value=settings[name],
                    remedy="Use device.series(...).",
                )
        return self._exposure(self.settings_at(**settings), self.with_facts(facts))

    def series(
        self, *, at: tuple[float, float] = (0.0, 0.0), facts: Facts | None = None, **settings: str | float
    ) -> tuple[Placed, ...]:
        """Return `passes` of one exposure over the place `at` (x, y) [m], `pass_interval` apart."""
        chosen = self.settings_at(**settings)
        exposure = self._exposure(chosen, self.with_facts(facts))
        return passes(exposure, int(chosen.get("passes", 1)), chosen.get("pass_interval", 0.0), at)

    def outside(self, published: Published) -> tuple[str, ...]:
        """Return the names of the published settings that lie beyond what this device allows."""
        return tuple(
            name
            for name, row in published.settings.items()
            if name not in self.settings
            or not (self.settings[name].holds(row.si_low) and self.settings[name].holds(row.si_high))
        )

    def _exposure(self, chosen: Mapping[str, Any], facts: Facts) -> LightPulse:
        pulses = int(chosen.get("pulses", 1))
        bare = LightPulse(
            spectrum=self.spectrum,
            fluence=chosen["fluence"],
            duration=chosen["duration"],
            beam=self._beam(chosen["spot"], facts),
            index_above=self._index_above(chosen["cooling"], facts),
            return_fraction=facts.si(self._row("return_fraction")),
            pulses=pulses,
            period=chosen["period"] if pulses > 1 else None,
            device=self.key,
        )
        return bare.with_(cooling=contacts(chosen, bare.light_ends_at, facts))

    def _beam(self, spot: str, facts: Facts) -> Beam:
        return replace(self.spots[spot], divergence=facts.si(self._row("divergence")))

    def _index_above(self, cooling: str, facts: Facts) -> Any:
        if self.window == "sapphire" and cooling == "plate":
            index = sapphire_index(self.spectrum.wavelengths, facts)
            return index if index.size > 1 else float(index[0])
        return 1.0

    def _check_known(self, name: str, cooling: str) -> None:
        if name not in self.settings:
            known = [*self.settings, "spot", "cooling"]
            near = get_close_matches(name, known, n=1)
            raise InputError(
                "is not a setting of this device",
                key=f"exposure.{name}",
                allowed=" | ".join(known),
                remedy=f"Did you mean {near[0]}?" if near else None,
            )
        needs_cooling(name, cooling)

    def _row(self, name: str) -> str:
        return f"devices/{self.key}/{name}"
