"""What the devices of both electric methods share: their rows, settings and generator, and the series they give."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from tauten.devices.cooled import NEEDS, needs_cooling
from tauten.devices.device import Published
from tauten.devices.drive import Cutoff, Drive, Limits, Power, Voltage
from tauten.devices.exposure import NeedlePulse, Placed, RfPulse
from tauten.devices.pattern import stamps
from tauten.devices.setting import Setting
from tauten.errors import InputError
from tauten.facts import Facts, Row, load

__all__ = ["DRIVERS", "SERIES", "Generator"]

DRIVERS = ("power", "voltage")
"""Settings of which a device has exactly one: what its generator holds."""

SERIES = ("stamps", "lines", "overlap", "stamp_interval", "passes", "pass_interval")
"""Settings that change no single exposure, only where and when it comes again."""

_LIMITS = {"volts": "V", "amperes": "A", "watts": "W"}
_OWN_WORDS = {
    "pattern.interval": "exposure.stamp_interval",
    "pattern.level_interval": "exposure.level_interval",
    "pattern.overlap": "exposure.overlap",
}


class Generator:
    """The public face that an applicator and a stamp share, over their `rows` and `settings`.

    Rows of every generator: frequency, power_share (real watts into the skin per watt the device states; square-rooted
    for a device that states volts), output_tolerance, and volts, amperes (root mean square) and watts where it names
    what it can give at most.
    """

    __slots__ = ()

    key: str
    settings: Mapping[str, Setting]
    rows: Mapping[str, Row]
    cooling: tuple[str, ...]

    @property
    def driver(self) -> str:
        """The setting that says how strong an exposure is: "power" or "voltage"."""
        return next(name for name in DRIVERS if name in self.settings)

    @property
    def output_tolerance(self) -> float:
        """How far the delivered energy may lie from the one set, as a fraction."""
        return self.rows[self._row("output_tolerance")].si

    @property
    def choices(self) -> Mapping[str, tuple[str, ...]]:
        """What is chosen by a word, the first by default."""
        return MappingProxyType({"cooling": self.cooling})

    def limits(self, facts: Facts | None = None) -> Limits:
        """Return the most the generator gives."""
        given = self.with_facts(facts)
        return Limits(**{name: given.si(self._row(name)) for name in _LIMITS if self._row(name) in self.rows})

    def with_facts(self, facts: Facts | None = None) -> Facts:
        """Return `facts` (the shipped ones by default) with this device's own rows beside them."""
        given = facts or load()
        return Facts(MappingProxyType({**self.rows, **given.rows}), given.changed)

    def rows_used(self) -> tuple[Row, ...]:
        """Return the `rows`."""
        return tuple(self.rows.values())

    def outside(self, published: Published) -> tuple[str, ...]:
        """Return the names of the published settings that lie beyond what this device allows."""
        return tuple(
            name
            for name, row in published.settings.items()
            if name not in self.settings
            or not (self.settings[name].holds(row.si_low) and self.settings[name].holds(row.si_high))
        )

    def _chosen(self, given: Mapping[str, str | float], apart: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return every setting in SI, the given ones checked, the others but those `apart` at their default."""
        choices = self.choices
        chosen: dict[str, Any] = {name: words[0] for name, words in choices.items()}
        for name, words in choices.items():
            if name in given and given[name] not in words:
                raise InputError(
                    "is not a choice of this device", key=f"exposure.{name}", value=given[name],
                    allowed=" | ".join(words),
                )  # fmt: skip
            chosen[name] = given.get(name, chosen[name])
        for name, value in given.items():
            if name not in choices:
                self._check_known(name)
                needs_cooling(name, chosen["cooling"])
                chosen[name] = self.settings[name].read(value)
        for name, setting in self.settings.items():
            if name not in apart and NEEDS.get(name, chosen["cooling"]) == chosen["cooling"]:
                chosen.setdefault(name, setting.default)
        return chosen

    def _pulse(self, chosen: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
        """Return the fields that every pulse of current has."""
        pulses = int(chosen.get("pulses", 1))
        return {
            "frequency": facts.si(self._row("frequency")),
            "drive": self._drive(chosen, facts),
            "duration": chosen["duration"],
            "hold": chosen.get("hold"),
            "cutoff": Cutoff(*(chosen.get(f"most_{name}") for name in ("impedance", "energy", "temperature"))),
            "limits": self.limits(facts),
            "pulses": pulses,
            "period": chosen["period"] if pulses > 1 else None,
            "device": self.key,
        }

    def _drive(self, chosen: Mapping[str, Any], facts: Facts) -> Drive:
        share = facts.si(self._row("power_share"))
        if self.driver == "power":
            return Power(chosen["power"] * share)
        return Voltage(chosen["voltage"] * share**0.5, rms=True)

    def _laid(
        self, exposure: RfPulse | NeedlePulse, chosen: Mapping[str, Any], at: tuple[float, float],
        levels: tuple[float, ...] | None = None,
    ) -> tuple[Placed, ...]:  # fmt: skip
        """Return the stamps of every pass, pass after pass over the same places, centred `at` (x, y) [m]."""
        count, lines = int(chosen.get("stamps", 1)), int(chosen.get("lines", 1))
        rest, overlap = chosen.get("stamp_interval", 0.0), chosen.get("overlap", 0.0)
        step = chosen.get("level_interval", 0.0)
        try:
            first = stamps(exposure, count, lines, rest, overlap, at, levels=levels, level_interval=step)
        except InputError as error:
            raise error.at(key=_OWN_WORDS.get(error.key or "", error.key)) from None
        passes, interval = int(chosen.get("passes", 1)), chosen.get("pass_interval", 0.0)
        span = first[-1].ends_at - first[0].begins_at
        if passes > 1 and interval < span * (1.0 - 1e-12):
            raise InputError(
                "lets one pass begin before the last has ended", key="exposure.pass_interval", value=interval,
                allowed=f"{span:.6g} or more", unit="s",
            )  # fmt: skip
        return tuple(Placed(p.exposure, p.at, p.time + n * interval) for n in range(passes) for p in first)

    def _check_single(self, settings: Mapping[str, str | float], more: tuple[str, ...] = ()) -> None:
        """Raise `InputError` for a setting that belongs to a series."""
        for name in (*SERIES, *more):
            if name in settings and name in self.settings:
                raise InputError(
                    "belongs to a series", key=f"exposure.{name}", value=settings[name],
                    remedy="Use device.series(...).",
                )  # fmt: skip

    def _check_known(self, name: str) -> None:
        if name not in self.settings:
            known = [*self.settings, *self.choices]
            near = get_close_matches(name, known, n=1)
            two = name in DRIVERS and f"This device is set by {self.driver}; the other follows from the tissue."
            raise InputError(
                "is not a setting of this device", key=f"exposure.{name}", allowed=" | ".join(known),
                remedy=two or (f"Did you mean {near[0]}?" if near else None),
            )  # fmt: skip

    def _row(self, name: str) -> str:
        return f"devices/{self.key}/{name}"
