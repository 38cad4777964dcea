"""A head for focused ultrasound as published: its transducer, what can be set on it and how far, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any, ClassVar

from tauten.devices.device import Published, Statement
from tauten.devices.exposure import Placed
from tauten.devices.pattern import lines
from tauten.devices.setting import Setting
from tauten.devices.shot import FocusedShot
from tauten.devices.transducer import Bowl, Ring
from tauten.errors import InputError
from tauten.facts import Facts, Row, load

__all__ = ["Hazard", "Head"]

_OWN_WORDS = {"pattern.interval": "exposure.point_interval", "pattern.line_interval": "exposure.line_interval"}
_SERIES = ("pitch", "points", "point_interval", "lines", "line_spacing", "line_interval")


@dataclass(frozen=True, slots=True)
class Hazard:
    """What the sound can do where it must not go, with its source."""

    text: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A head as published. `exposure` gives one shot of it, `series` the points of its lines.

    `shape` is "bowl" or "ring", `couplant` what fills the head and the way to the skin ("water" or "gel"). `rows` are
    the facts that cannot be set, by full name, so that a study can vary them: radius, aperture (and hole), frequency,
    focal_depth, line_length, acoustic_power_share (acoustic watts from the transducer's face per watt the device
    states) and output_tolerance.
    """

    driver: ClassVar[str] = "power"
    """The setting that says how strong an exposure is."""

    key: str
    name: str
    method: str
    kind: str
    as_published: str
    shape: str
    couplant: str
    settings: Mapping[str, Setting]
    cleared_uses: tuple[Statement, ...]
    hazards: tuple[Hazard, ...]
    rows: Mapping[str, Row]
    published: tuple[Published, ...] = ()
    file: str = ""

    @property
    def transducer(self) -> Bowl | Ring:
        """The transducer at the values of its rows."""
        return self.transducer_at()

    @property
    def focal_depth(self) -> float:
        """Depth of the geometric focus below the skin's surface [m]."""
        return self.rows[self._row("focal_depth")].si

    @property
    def standoff(self) -> float:
        """The way from the transducer's apex to the skin's surface [m]."""
        return self.transducer.focus - self.focal_depth

    @property
    def output_tolerance(self) -> float:
        """How far the delivered energy may lie from the one set, as a fraction."""
        return self.rows[self._row("output_tolerance")].si

    def transducer_at(self, facts: Facts | None = None) -> Bowl | Ring:
        """Return the transducer with the rows of `facts` in place of the shipped ones."""
        given = self.with_facts(facts)
        radius, rim, frequency = (given.si(self._row(n)) for n in ("radius", "aperture", "frequency"))
        if self.shape == "ring":
            return Ring(radius, given.si(self._row("hole")) / 2.0, rim / 2.0, frequency)
        return Bowl(radius, rim / 2.0, frequency)

    def with_facts(self, facts: Facts | None = None) -> Facts:
        """Return `facts` (the shipped ones by default) with this head's own rows beside them."""
        given = facts or load()
        return Facts(MappingProxyType({**self.rows, **given.rows}), given.changed)

    def rows_used(self) -> tuple[Row, ...]:
        """Return the `rows`."""
        return tuple(self.rows.values())

    def settings_at(self, *, facts: Facts | None = None, **given: str | float) -> Mapping[str, Any]:
        """Return every setting in SI, the given ones checked and the others at their default.

        `power` is acoustic, at the transducer's face. `energy` [J] as the device states it may be given in its place:
        power = energy / duration times the row acoustic_power_share of `facts`. Where `points` are not given there are
        as many as the default says and the pitch leaves room for. Raises `InputError` for a setting this head does not
        have, a wrong unit, a value outside its range, energy beside power, or more points than the line holds.
        """
        for name in given:
            self._check_known(name)
        chosen = {name: self.settings[name].read(value) for name, value in given.items()}
        for name, setting in self.settings.items():
            if name != "energy":
                chosen.setdefault(name, setting.default)
        if "energy" in given:
            chosen["power"] = self._power(chosen, "power" in given, self.with_facts(facts))
        self._check_line(chosen, "points" in given, self.with_facts(facts))
        return MappingProxyType(chosen)

    def exposure(self, *, facts: Facts | None = None, **settings: str | float) -> FocusedShot:
        """Return one shot: text with units or SI numbers; what is not given is at its default.

        `facts` replaces shipped rows (this head's own `rows` among them). Raises `InputError` as `settings_at`, and
        where the rows of `facts` put the focus above the skin.
        """
        for name in _SERIES:
            if name in settings and name in self.settings:
                raise InputError(
                    "belongs to a line of points", key=f"exposure.{name}", value=settings[name],
                    remedy="Use head.series(...).",
                )  # fmt: skip
        return self._exposure(self.settings_at(facts=facts, **settings), self.with_facts(facts))

    def series(
        self, *, at: tuple[float, float] = (0.0, 0.0), facts: Facts | None = None, **settings: str | float
    ) -> tuple[Placed, ...]:
        """Return the points of `lines` side by side, centred on `at` (x, y) [m].

        A line runs along x with `points` at `pitch`, the next lies `line_spacing` further in y. `point_interval` counts
        from one point's first sound to the next one's, `line_interval` from one line's first point to the next one's.
        Raises `InputError` as `exposure`, and when a point or line would begin before the last has ended.
        """
        chosen = self.settings_at(facts=facts, **settings)
        shot = self._exposure(chosen, self.with_facts(facts))
        points, count = int(chosen.get("points", 1)), int(chosen.get("lines", 1))
        pitch, spacing = chosen.get("pitch", 1.0), chosen.get("line_spacing", 1.0)  # m; of no account for a single one
        first = (at[0] - (points - 1) / 2.0 * pitch, at[1] - (count - 1) / 2.0 * spacing)
        rests = chosen.get("point_interval", 0.0), chosen.get("line_interval", 0.0)
        try:
            return lines(shot, pitch, points, rests[0], spacing, count, rests[1], at=first)
        except InputError as error:
            raise error.at(key=_OWN_WORDS.get(error.key or "", error.key)) from None

    def outside(self, published: Published) -> tuple[str, ...]:
        """Return the names of the published settings that lie beyond what this head allows."""
        return tuple(
            name
            for name, row in published.settings.items()
            if name not in self.settings
            or not (self.settings[name].holds(row.si_low) and self.settings[name].holds(row.si_high))
        )

    def most_points(self, pitch: float, facts: Facts | None = None) -> int:
        """How many points `pitch` [m] apart a line of this head holds."""
        return int(self.with_facts(facts).si(self._row("line_length")) / pitch * (1.0 + 1e-9)) + 1

    def _exposure(self, chosen: Mapping[str, Any], facts: Facts) -> FocusedShot:
        transducer = self.transducer_at(facts)
        standoff = transducer.focus - facts.si(self._row("focal_depth"))
        return FocusedShot(transducer, chosen["power"], chosen["duration"], standoff, self.couplant, device=self.key)

    def _power(self, chosen: Mapping[str, float], beside: bool, facts: Facts) -> float:
        """Return the acoustic power [W] behind the device's own joules."""
        if beside:
            raise InputError(
                "is given beside power", key="exposure.energy", value=f"{chosen['energy']:g} J",
                remedy="Give power and duration, or energy and duration.",
            )  # fmt: skip
        sent = chosen["energy"] / chosen["duration"] * facts.si(self._row("acoustic_power_share"))
        power = self.settings["power"]
        if not power.holds(sent):
            raise InputError(
                f"over {1e3 * chosen['duration']:g} ms sends {sent:.3g} W of sound, which is outside this head's range",
                key="exposure.energy", value=f"{chosen['energy']:g} J", allowed=power.allowed, unit=power.unit,
                remedy="Lengthen or shorten the duration.",
            )  # fmt: skip
        return sent

    def _check_line(self, chosen: dict[str, Any], given: bool, facts: Facts) -> None:
        """Fit the default count to the pitch; raise `InputError` when a given one does not fit."""
        if "points" not in chosen or "pitch" not in chosen:
            return
        most = self.most_points(chosen["pitch"], facts)
        if not given:
            chosen["points"] = min(chosen["points"], float(most))
        elif chosen["points"] > most:
            length = facts[self._row("line_length")]
            raise InputError(
                "is more points than the pitch allows", key="exposure.points", value=f"{chosen['points']:g}",
                allowed=f"1 to {most}",
                remedy=f"{1e3 * chosen['pitch']:g} mm apart, a line of {length.value:g} {length.unit} holds {most}.",
            )  # fmt: skip

    def _check_known(self, name: str) -> None:
        if name not in self.settings:
            near = get_close_matches(name, list(self.settings), n=1)
            raise InputError(
                "is not a setting of this device", key=f"exposure.{name}", allowed=" | ".join(self.settings),
                remedy=f"Did you mean {near[0]}?" if near else None,
            )  # fmt: skip

    def _row(self, name: str) -> str:
        return f"devices/{self.key}/{name}"
