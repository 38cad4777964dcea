"""The patient's part: the same plan in plain words, by sentence key and language. It never carries machine settings.

What is said of every method stands here; what only one has stands in `patient_light`, `patient_sound`,
`patient_current` and `patient_needles`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.facts import Row, load
from tauten.language import say, sentences
from tauten.report import patient_current, patient_light, patient_needles, patient_sound
from tauten.report.checks import imaging_stops, pictured, seen
from tauten.report.standing import blocked, open_questions, planned_goal, rest, worst
from tauten.report.tables import Cell, Table
from tauten.report.tell import Chapter, Own, Tell, degrees, evidence_of, figure, items, months

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["evidence", "opening", "patient"]

_OWN: dict[str, Own] = {
    "infrared": patient_light.OWN, "ultrasound": patient_sound.OWN, "radiofrequency": patient_current.OWN,
    "microneedling": patient_needles.OWN,
}  # fmt: skip


def evidence(plan: Plan) -> tuple[Row, ...]:
    """Return the data rows the sentences quote."""
    return (*evidence_of(plan).values(), *load().under("evidence/aftercare").values())


def patient(plan: Plan) -> tuple[Chapter, ...]:
    """Return the chapters in the order they are read. Raises `InputError` for a sentence without its words."""
    tell, own = _teller(plan), _OWN[plan.device.method]
    site = _site(plan, tell)
    held = blocked(plan) or worst(plan) == "stop"
    chapters = [
        Chapter(tell("status_heading"), _status(plan, tell), kind="status"),
        Chapter(tell("done_heading"), own.done(plan, tell, site)),
    ]
    if not held:  # numbers of a plan nobody may carry out stay in the clinician's part
        chapters.append(_warm(plan, tell, own))
    return (
        *chapters,
        Chapter(tell("feel_heading"), own.feel(plan, tell)),
        Chapter(tell("eyes_heading"), (tell(own.eyes),)),
        _after(plan, tell, own),
        _call(plan, tell, own),
        Chapter(tell("result_heading"), _result(plan, tell, own, held)),
        Chapter(tell("risk_heading"), (*own.risk(plan, tell), tell("risk_burn"))),
        Chapter(tell("unknown_heading"), _unknown(plan, tell, own)),
        Chapter(tell("ask_heading"), lists=(("", items(tell("ask_items"))),)),
    )


def opening(plan: Plan) -> tuple[str, str]:
    """Return the title and the first sentence."""
    tell = _teller(plan)
    return tell("title"), tell("intro", date=_date(plan.record.date, tell), site=_site(plan, tell))


def _teller(plan: Plan) -> Tell:
    def tell(key: str, **blanks: object) -> str:
        return say(key, plan.language, **blanks)

    return tell


def _status(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if blocked(plan):
        if plan.screening.verdict == "stop":
            return (tell("status_stop"),)
        count = len(open_questions(plan))
        return (tell("status_open", count=count) if count else tell("status_wait"),)
    if imaging_stops(plan):
        return (tell("status_picture_stop" if pictured(plan) else "status_check_stop"),)
    if worst(plan) == "stop":
        return (tell("status_limit"),)
    near = any(margin.verdict == "warn" for margin in plan.margins)
    return (
        tell("status_clear"),
        *((tell("status_warn"),) if near else ()),
        *((tell("status_picture" if pictured(plan) else "status_check"),) if seen(plan) else ()),
    )


def _warm(plan: Plan, tell: Tell, own: Own) -> Chapter:
    rows = [
        (
            _layer(layer.name, tell),
            Cell(degrees(layer.peak_temperature), "figure"),
            Cell(_range(layer.peak_low, layer.peak_high), "plain"),
        )
        for layer in plan.layers
    ]
    table = Table(tell("warm_heading"), (tell("warm_layer"), tell("warm_peak"), tell("warm_range")), rows)
    told = (tell("warm_intro"), *(tell(key) for key in own.warm), tell("warm_body", rest=degrees(rest(plan))))
    return Chapter(tell("warm_heading"), told, table=table)


def _after(plan: Plan, tell: Tell, own: Own) -> Chapter:
    row = load().under("evidence/aftercare")
    return Chapter(
        tell("after_heading"),
        (
            own.after(plan, tell),
            own.work(plan, tell)
            if own.work
            else tell("after_work", exercise_hours=figure(row["recovery.exercise"].si / 3600.0)),
            tell(
                "after_sun",
                sun_weeks=figure(row["recovery.sunscreen"].value / 7.0),
                sun_factor=figure(row["recovery.sunscreen_factor"].value),
            ),
            tell("after_blister"),
        ),
    )


def _call(plan: Plan, tell: Tell, own: Own) -> Chapter:
    row = load().under("evidence/aftercare")
    weakness = figure(row["triage.weakness"].value)
    urgent = tell("call_now_items", filler_days=figure(row["triage.filler"].value), weakness_days=weakness)
    today = tell(
        own.today,
        pain_hours=figure(row["triage.pain"].si / 3600.0),
        fever=degrees(row["triage.fever"].si),
        weakness_days=weakness,
    )
    soon = own.soon(plan, tell, figure(row["triage.swelling"].si / 3600.0))
    return Chapter(
        tell("call_heading"),
        (tell("call_other"),),
        (
            (tell("call_now"), items(urgent)),
            (tell("call_today"), items(today)),
            (tell("call_soon"), items(soon)),
        ),
        kind="call",
    )


def _result(plan: Plan, tell: Tell, own: Own, held: bool) -> tuple[str, ...]:
    row, goal = evidence_of(plan), planned_goal(plan)
    first, final = months(row["review.first"]), months(row["review.final"])
    found = [tell("result_small", first_months=first, final_months=final), *own.result(plan, tell)]
    if goal is not None and not held:
        found.append(tell(own.reached if goal.reached else own.missed))
    return (*found, tell("result_promise"))


def _unknown(plan: Plan, tell: Tell, own: Own) -> tuple[str, ...]:
    counted = tell("unknown_rows", count=len(plan.rows), unverified=len(plan.unverified))
    return (counted, *(tell(key) for key in own.unknown), tell("unknown_long"))


def _site(plan: Plan, tell: Tell) -> str:
    return tell(f"site_{plan.skin.site.key}" if plan.skin.site else "site_other")


def _layer(name: str, tell: Tell) -> str:
    key = f"layer_{name}"
    return tell(key if key in sentences("en") else "layer_other")


def _date(iso: str, tell: Tell) -> str:
    year, month, day = iso[:10].split("-")
    return tell("date", day=int(day), month=tell(f"month_{int(month)}"), year=year)


def _range(low: float, high: float) -> str:
    return f"{degrees(low).removesuffix(' °C')} – {degrees(high)}"
