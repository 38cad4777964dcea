"""Beside a plan of focused shots: pattern, zones, the head's output in water, and both ends of what is unknown."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tauten.care import imaging
from tauten.care.imaging import Finding
from tauten.care.shots import Considered, Pattern, ShotEnd, Shots
from tauten.devices.head import Head
from tauten.devices.shot import FocusedShot
from tauten.facts import Facts
from tauten.simulate import independent, simulate
from tauten.skin import acoustics
from tauten.solvers import output
from tauten.solvers.zones import Zone
from tauten.treatment import Figure, Treatment
from tauten.workers import ask_all

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["factor_to", "findings", "lay", "share_of_band", "shot_end", "shots"]

Settings = Mapping[str, Any]

_ENDS = (
    ("Joules: all of it sound", "{share}", "high"),
    ("Joules: least sound", "{share}", "low"),
    ("Skin fades least", "tissue/acoustics/skin.attenuation", "low"),
    ("Skin fades most", "tissue/acoustics/skin.attenuation", "high"),
)
"""What nobody knows of a shot, by the row that says so and its end."""
_CLOSE = 0.1  # K


def share_of_band(volume: float, pitch: float, line_spacing: float, thickness: float) -> float:
    """Return the share of a band's volume that points fill, each `volume` [m³] of it, `pitch` by `line_spacing` apart.

    >>> round(share_of_band(0.1e-9, 1.1e-3, 3e-3, 1e-3), 4)   # 0.1 mm³ for each 3.3 mm³
    0.0303
    """
    return min(1.0, volume / (pitch * line_spacing * thickness))


def lay(question: Question, settings: Settings) -> Pattern:
    """Return how the points are laid under `settings`, and the joules the machine's display must show for one."""
    at = {**question.start, **settings}
    shown = at["power"] * at["duration"] / question.facts.si(f"devices/{question.device.key}/acoustic_power_share")
    return Pattern(
        int(at.get("points", 1)), at.get("pitch", math.nan), int(at.get("lines", 1)), at.get("line_spacing", math.nan),
        at.get("point_interval", math.nan), shown, at["power"], at["duration"],
    )  # fmt: skip


def factor_to(question: Question, settings: Settings, target: float, facts: Facts | None = None) -> float:
    """Return how many times the acoustic power brings the focus to `target` [K]; NaN where none does.

    The rise grows a little faster than the power: secant steps in the logarithms of both.
    """
    facts = facts or question.facts
    given = facts[question.output].value

    def log_rise(times: float) -> tuple[float, float]:
        figures = question.figures(settings, facts.with_value(question.output, times * given))
        rest = question.facts.si("tissue/thermal/core.temperature")
        return math.log(max(figures["focus.peak_temperature"] - rest, 1e-3)), figures["focus.peak_temperature"]

    wanted = math.log(target - question.facts.si("tissue/thermal/core.temperature"))
    one, (high, peak) = 0.0, log_rise(1.0)
    slope = 1.0
    for _ in range(6):
        if abs(peak - target) <= _CLOSE:
            return math.exp(one)
        step = max(-1.5, min(1.5, (wanted - high) / slope))
        before, one = (one, high), one + step
        high, peak = log_rise(math.exp(one))
        slope = max(0.3, (high - before[1]) / (one - before[0]))
    return math.exp(one) if abs(peak - target) <= 10.0 * _CLOSE else math.nan


def shots(question: Question, settings: Settings, runs: Sequence[Treatment], considered: Sequence[Considered]) -> Shots:
    """Return everything a plan of focused shots holds beside its settings."""
    facts = question.facts
    target = facts.si("care/imaging/focus.warmest")
    head = question.device
    assert isinstance(head, Head)
    ends = ask_all(
        lambda end: shot_end(question, settings, target, *end),
        [(n, r.format(share=_share(question)), e) for n, r, e in _ENDS],
    )
    return Shots(
        pattern=lay(question, settings),
        focus=head.focal_depth,
        band=question.band,
        band_name=question.aim.name,
        zones=dict(zip(("central", "lower end", "upper end"), (run.zones for run in runs), strict=True)),
        output=_output(question, settings),
        ends=tuple(ends),
        target=target,
        factor=factor_to(question, settings, target),
        focus_peak=question.figures(settings)["focus.peak_temperature"],
        line=_line(question, settings),
        guards=imaging.guards(question),
        considered=tuple(considered),
    )


def findings(question: Question, made: Shots | None) -> tuple[Finding, ...]:
    """Return what the zones themselves say: too near to a guard at the upper end, or too loud."""
    if made is None:
        return ()
    lowest = max((zone.bottom for zone in made.zones["upper end"] if zone.formed), default=made.focus)
    near = imaging.below(question, lowest) if lowest > made.focus else ()
    index, guide = made.output["mechanical_index"].value, made.output["mechanical_index_guide"].value
    if index <= guide:
        return near
    told = f"The mechanical index of this head at this power is {index:.2g}, above {guide:g}."
    return (*near, Finding("output", "warn", told, "Cavitation may begin at the focus, which is not followed here."))


def _share(question: Question) -> str:
    return f"devices/{question.device.key}/acoustic_power_share"


def shot_end(question: Question, settings: Settings, target: float, name: str, row: str, end: str) -> ShotEnd:
    """Return the shot with one row at one end of its spread."""
    fact = question.facts[row]
    moved = question.facts.with_value(row, fact.low if end == "low" else fact.high)
    figures = question.figures(settings, moved)
    return ShotEnd(
        name, row, end, moved[row].value, fact.unit, figures["focus.peak_temperature"], figures["zone.volume"],
        figures["zone.width"], figures["zone.length"], factor_to(question, settings, target, moved),
    )  # fmt: skip


def _output(question: Question, settings: Settings) -> dict[str, Figure]:
    """Return what standards define of the head at this power: in water, plain and derated."""
    shot = question.placed(settings, question.facts)[0].exposure
    assert isinstance(shot, FocusedShot)
    water = acoustics.layers(question.skin(question.facts), standoff=shot.standoff, facts=question.facts)[0]
    at = lay(question, settings)
    duty = min(1.0, at.duration / at.interval)
    found = output.in_water(shot.transducer, shot.power, water, standoff=shot.standoff, duty=duty, facts=question.facts)
    return {name: Figure(value, _UNITS.get(name, "Pa")) for name, value in asdict(found).items()}


_UNITS = {
    "frequency": "Hz", "power": "W", "duty": "1", "derating": "Np/m", "standoff": "m",
    "mechanical_index": "1", "mechanical_index_guide": "1",
    **{f"{derated}{name}": unit for derated in ("", "derated_") for name, unit in (
        ("depth", "m"), ("sppa", "W/m2"), ("spta", "W/m2"), ("lateral", "m"), ("axial", "m"))},
}  # fmt: skip


def _line(question: Question, settings: Settings) -> tuple[Zone, ...]:
    """Return the zones of neighbouring points solved together where heat carries over; empty where it does not."""
    head, facts = question.device, question.facts
    at = {**question.start, **settings}
    if not isinstance(head, Head) or "points" not in at or at["points"] < 2:
        return ()
    count = min(int(at["points"]), int(facts["care/imaging/points.across"].value))
    line = head.series(facts=facts, **{**at, "points": float(count), "lines": 1.0})
    skin = question.skin(facts)
    if independent(skin, line, facts):
        return ()
    # A point is done well before the next one would begin.
    return simulate(skin, line, facts=facts, band=question.band, rest=at["point_interval"]).zones
