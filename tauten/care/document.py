"""A plan as a document: plain JSON with a unit beside every number, and the short table a terminal prints."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from tauten.care.boiling import above, beyond, boils
from tauten.units import show

if TYPE_CHECKING:
    from tauten.care.limits import Margin
    from tauten.care.plan_types import Plan
    from tauten.care.shots import Shots

__all__ = ["FAR", "document", "shots_of", "table"]

FAR = 1000
"""Times its stop above which a dose is beyond reading: only that it is larger is told."""

SCHEMA = 1
"""Version of the plan document."""


def document(plan: Plan) -> dict[str, Any]:
    """Return the whole plan as JSON-able data, SI throughout; infinities (a limit without a stop) become null."""
    treatment = plan.treatment
    return _plain(
        {
            "schema": SCHEMA,
            "title": plan.title,
            "language": plan.language,
            "verdict": plan.verdict,
            "record": asdict(plan.record),
            "screening": {
                "verdict": plan.screening.verdict,
                "clear": plan.screening.clear,
                "unanswered": plan.screening.unanswered,
                "findings": [asdict(finding) | {"reason": finding.reason} for finding in plan.screening.findings],
            },
            "device": {"key": plan.device.key, "name": plan.device.name, "kind": plan.device.kind},
            "skin": {
                "site": plan.skin.site.name if plan.skin.site else None,
                "melanin": plan.skin.melanin,
                "layers": [asdict(layer) for layer in plan.skin.layers],
                "unit": "m",
            },
            "settings": [asdict(setting) for setting in plan.settings],
            "summary": {name: asdict(figure) for name, figure in treatment.summary.items()},
            "shares": {
                name: {"value": share.value, "error": share.error}
                for name, share in (treatment.depositions[0].shares.items() if treatment.depositions else ())
            },
            "layers": [asdict(layer) | {"boils": layer.boils} for layer in plan.layers],
            "profiles": [asdict(profile) for profile in plan.profiles],
            "surface": {"time": treatment.trace.time, "temperature": treatment.trace.surface, "units": ["s", "K"]},
            "goals": [asdict(g) | {"reached": g.reached, "shortfall": g.shortfall} for g in plan.goals],
            "margins": [asdict(m) | {"verdict": m.verdict, "used": m.used} for m in plan.margins],
            "effects": [asdict(effect) for effect in plan.effects],
            "safer": [asdict(advice) for advice in plan.safer],
            "test_spot": asdict(plan.test_spot),
            "comfort": plan.comfort,
            "findings": [asdict(finding) for finding in plan.findings],
            "shots": shots_of(plan.shots),
            "depths": [asdict(depth) | {"verdict": depth.verdict} for depth in plan.depths],
            "assumptions": plan.assumptions,
            "published": plan.published,
            "rows": [asdict(row) for row in plan.rows],
            "unverified": [row.name for row in plan.unverified],
        }
    )


def shots_of(shots: Shots | None) -> dict[str, Any] | None:
    """Return what only focused ultrasound has; None for other methods."""
    if shots is None:
        return None
    known = asdict(shots)
    pattern = shots.pattern
    known["boils"], known["boiling"] = shots.boils, beyond() if shots.boils else ""
    for told, end in zip(known["ends"], shots.ends, strict=True):
        told["boils"] = end.boils
    known["pattern"] |= {"energy": pattern.energy, "total": pattern.total, "area": pattern.area}
    return known


def table(plan: Plan) -> list[tuple[str, str, str]]:
    """Return (what, value, remark) lines for a terminal: settings, what they do, how far from each limit."""
    lines = _verdict(plan)
    lines.append(("Screening", plan.screening.verdict, _questions(plan)))
    lines += [(f"Picture: {f.check}", f.verdict, f"{f.reason} {f.remedy}") for f in plan.findings]
    for setting in plan.settings:
        if setting.name == "pass_interval" and plan.treatment.exposures[1:] == ():
            continue  # one pass has no interval
        value = show(setting.value, setting.si_unit, setting.unit) if setting.unit != "count" else f"{setting.value:g}"
        lines.append((_words(setting.name), value, setting.chosen_by))
    for goal in plan.goals:
        told = "reached" if goal.reached else f"missed by {100 * goal.shortfall:.3g} %"
        aim = f"aim {_amount(goal.goal.target, goal.goal.unit)}, {told}{'; planned on' if goal.goal.planned_on else ''}"
        lines.append((f"Goal: {goal.goal.name}", _between(goal.value, goal.low, goal.high, goal.goal.unit), aim))
    for layer in plan.layers:
        peak = _between(layer.peak_temperature, layer.peak_low, layer.peak_high, "K")
        when = f"at {layer.time_of_peak:.2g} s" if not layer.boils else beyond()
        lines.append((f"Peak in {_words(layer.name).lower()}", peak, when))
    for margin in plan.margins:
        limit = margin.limit
        stop = f"stop {_amount(limit.stop, limit.unit)}" if math.isfinite(limit.stop) else "never stops"
        told = f"{margin.verdict}; warn {_amount(limit.warn, limit.unit)}, {stop}"
        value = f"{_dose(margin, margin.value)}, upper end {_dose(margin, margin.upper)}"
        value += " or more" if margin.boils and limit.unit == "m3" else ""
        lines.append(
            (f"{_words(limit.endpoint)} ({limit.set_name})", value, f"{'BINDS: ' if margin.binding else ''}{told}")
        )
    lines += _shot_lines(plan.shots) if plan.shots else []
    lines.append(("Data rows", str(len(plan.rows)), f"{len(plan.unverified)} unverified, listed in the plan"))
    return lines


def _verdict(plan: Plan) -> list[tuple[str, str, str]]:
    """Return the line that comes before all others where something says stop."""
    stops = [f"{f.reason} {f.remedy}" for f in plan.findings if f.verdict == "stop"]
    over = [m for m in plan.margins if m.verdict == "stop"]
    stops += [
        f"{_words(m.limit.endpoint)} ({m.limit.set_name}) at its upper end, {_dose(m, m.upper)}, is past its stop, "
        f"{_amount(m.limit.stop, m.limit.unit)}."
        for m in over
    ]
    return [("Verdict", plan.verdict, " ".join(stops))] if stops else []


def _shot_lines(shots: Shots) -> list[tuple[str, str, str]]:
    pattern = shots.pattern
    laid = f"{pattern.points} points {1e3 * pattern.pitch:.3g} mm apart, {pattern.lines} lines"
    lines = [("Pattern", laid, f"{pattern.joules:.3g} J shown a point, {pattern.energy:.3g} J of sound")]
    for when, zones in shots.zones.items():
        zone = max((each for each in zones if each.formed), key=lambda each: each.volume, default=None)
        told = "none" if zone is None else f"{1e9 * zone.volume:.2g} mm3, {1e3 * zone.width:.2g} mm wide"
        depth = "" if zone is None else f"{1e3 * zone.top:.3g} to {1e3 * zone.bottom:.3g} mm deep"
        bound = "" if zone is None or not zone.lower_bound else f"; at least: {beyond() if zone.boils else 'hot'}"
        lines.append((f"Zone, {'as planned' if when == 'central' else when}", told, depth + bound))
    aim = f"{shots.target - 273.15:g} °C"
    factor = f"{shots.factor:.3g} times this power" if math.isfinite(shots.factor) else "not reached"
    lines.append((f"Focus at {aim}", factor, f"focus at {1e3 * shots.focus:.2g} mm, for the {shots.band_name}"))
    for end in shots.ends:
        hot = f"{_amount(end.focus_peak, 'K')}{', boils' if end.boils else ''}"
        told = f"{hot}, {1e9 * end.volume:.2g} mm3{' or more' if end.boils else ''}"
        lines.append((end.name, told, f"{aim} at {end.factor:.3g} times the power"))
    return lines


def _questions(plan: Plan) -> str:
    count = len(plan.screening.unanswered)
    return f"{count} question{'s' if count > 1 else ''} not answered: not cleared" if count else ""


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _dose(margin: Margin, value: float) -> str:
    """A value against its limit; far past the stop of a dose its own figures mean nothing."""
    limit = margin.limit
    past = limit.logarithmic and value > FAR * limit.stop
    return f"beyond reading (over {FAR} times stop)" if past else _amount(value, limit.unit)


def _amount(value: float, unit: str) -> str:
    if unit == "K" and boils(value):
        return above()
    if unit == "K":
        return show(value, "K", "°C")
    if unit == "m3":
        return show(value, "m3", "mm3")
    if unit == "m":
        return show(value, "m", "mm")
    return f"{value:.2g} {unit}" if unit != "1" else f"{value:.2g}"


def _between(value: float, low: float, high: float, unit: str) -> str:
    return f"{_amount(value, unit)} ({_amount(low, unit)} to {_amount(high, unit)})"


def _plain(value: Any) -> Any:
    """Return JSON-able data: arrays to lists, tuples to lists, infinities and NaN to null."""
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
