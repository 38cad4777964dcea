"""The patient's part: the same plan in plain words, by sentence key and language. It never carries machine settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tauten.devices.cooling import ContactPlate, Spray
from tauten.facts import Row, load
from tauten.language import say, sentences
from tauten.report.numbers import number
from tauten.report.standing import blocked, off_label, open_questions, planned_goal, rest, worst
from tauten.report.tables import Cell, Table
from tauten.units import kelvin_to_celsius

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["Section", "evidence", "is_lamp", "patient"]

_EVIDENCE = "evidence/infrared"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its sentences, its lists (each with a heading of its own), and a table."""

    heading: str
    sentences: tuple[str, ...] = ()
    lists: tuple[tuple[str, tuple[str, ...]], ...] = ()
    table: Table | None = None
    kind: str = ""


def is_lamp(plan: Plan) -> bool:
    """Whether the light is a lamp's broad band, not a laser's line."""
    return any(placed.exposure.spectrum.wavelengths.size > 1 for placed in plan.treatment.exposures)


def evidence() -> tuple[Row, ...]:
    """Return the data rows the sentences quote."""
    return tuple(load().under(_EVIDENCE).values())


def patient(plan: Plan) -> tuple[Section, ...]:
    """Return the sections in the order they are read. Raises `InputError` for a sentence without its words."""
    language = plan.language

    def tell(key: str, **blanks: object) -> str:
        return say(key, language, **blanks)

    site = _site(plan, tell)
    held = blocked(plan) or worst(plan) == "stop"
    sections = [
        Section(tell("status_heading"), _status(plan, tell), kind="status"),
        Section(tell("done_heading"), _done(plan, tell, site)),
    ]
    if not held:  # numbers of a plan nobody may carry out stay in the clinician's part
        sections.append(_warm(plan, tell))
    return (
        *sections,
        Section(tell("feel_heading"), _feel(plan, tell)),
        Section(tell("eyes_heading"), (tell("eyes_wear"),)),
        _after(tell),
        _call(tell),
        Section(tell("result_heading"), _result(plan, tell, held)),
        Section(tell("risk_heading"), _risk(plan, tell)),
        Section(tell("unknown_heading"), _unknown(plan, tell)),
        Section(tell("ask_heading"), lists=(("", _items(tell("ask_items"))),)),
    )


def opening(plan: Plan) -> tuple[str, str]:
    """Return the title and the first sentence."""
    language = plan.language

    def tell(key: str, **blanks: object) -> str:
        return say(key, language, **blanks)

    return tell("title"), tell("intro", date=_date(plan.record.date, tell), site=_site(plan, tell))


Tell = Callable[..., str]


def _status(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if blocked(plan):
        if plan.screening.verdict == "stop":
            return (tell("status_stop"),)
        count = len(open_questions(plan))
        return (tell("status_open", count=count) if count else tell("status_wait"),)
    if worst(plan) == "stop":
        return (tell("status_limit"),)
    return (tell("status_clear"), *((tell("status_warn"),) if worst(plan) == "warn" else ()))


def _done(plan: Plan, tell: Tell, site: str) -> tuple[str, ...]:
    kinds = {type(c) for placed in plan.treatment.exposures for c in placed.exposure.cooling}
    cooling = "done_window" if ContactPlate in kinds else "done_spray" if Spray in kinds else "done_no_cooling"
    return (
        tell("done_lamp" if is_lamp(plan) else "done_laser", site=site),
        tell(cooling),
        tell("done_aim"),
        *((tell("done_off_label"),) if off_label(plan) else ()),
        tell("done_test"),
    )


def _warm(plan: Plan, tell: Tell) -> Section:
    rows = [
        (
            _layer(layer.name, tell),
            Cell(_degrees(layer.peak_temperature), "figure"),
            Cell(_range(layer.peak_low, layer.peak_high), "plain"),
        )
        for layer in plan.layers
    ]
    table = Table(tell("warm_heading"), (tell("warm_layer"), tell("warm_peak"), tell("warm_range")), rows)
    return Section(
        tell("warm_heading"), (tell("warm_intro"), tell("warm_body", rest=_degrees(rest(plan)))), table=table
    )


def _feel(plan: Plan, tell: Tell) -> tuple[str, ...]:
    cooled = any(placed.exposure.cooling for placed in plan.treatment.exposures)
    return (*((tell("feel_cold"),) if cooled else ()), tell("feel_pain"), tell("feel_speak"))


def _after(tell: Tell) -> Section:
    row = load().under(_EVIDENCE)
    return Section(
        tell("after_heading"),
        (
            tell("after_normal"),
            tell("after_work", exercise_hours=number(row["recovery.exercise"].si / 3600.0)),
            tell(
                "after_sun",
                sun_weeks=number(row["recovery.sunscreen"].value / 7.0),
                sun_factor=number(row["recovery.sunscreen_factor"].value),
            ),
            tell("after_blister"),
        ),
    )


def _call(tell: Tell) -> Section:
    row = load().under(_EVIDENCE)
    urgent = tell(
        "call_now_items",
        filler_days=number(row["triage.filler"].value),
        weakness_days=number(row["triage.weakness"].value),
    )
    today = tell(
        "call_today_items",
        pain_hours=number(row["triage.pain"].si / 3600.0),
        fever=_degrees(row["triage.fever"].si),
    )
    soon = tell("call_soon_items", swelling_hours=number(row["triage.swelling"].si / 3600.0))
    return Section(
        tell("call_heading"),
        (tell("call_other"),),
        (
            (tell("call_now"), _items(urgent)),
            (tell("call_today"), _items(today)),
            (tell("call_soon"), _items(soon)),
        ),
        kind="call",
    )


def _result(plan: Plan, tell: Tell, held: bool) -> tuple[str, ...]:
    row = load().under(_EVIDENCE)
    goal = planned_goal(plan)
    found = [
        tell(
            "result_small",
            first_months=number(row["review.first"].value / 30.0),
            final_months=number(row["review.final"].value / 30.0),
        )
    ]
    if is_lamp(plan):
        found += [
            tell(
                "result_chan",
                chan_patients=number(row["chan_2008.patients"].value),
                chan_mild=_share(row["chan_2008.mild"]),
                chan_moderate=_share(row["chan_2008.moderate"]),
            ),
            tell(
                "result_chua",
                chua_lifted=number(row["chua_2007.lifted"].value),
                chua_patients=number(row["chua_2007.patients"].value),
            ),
        ]
    else:
        found.append(tell("result_other_device"))
    if goal is not None and not held:
        found.append(tell("result_goal_reached" if goal.reached else "result_goal_missed"))
    return (*found, tell("result_promise"))


def _risk(plan: Plan, tell: Tell) -> tuple[str, ...]:
    if not is_lamp(plan):
        return (tell("risk_burn"),)
    row = load().under(_EVIDENCE)
    known = tell(
        "risk_blister_known",
        blistered=number(row["chua_2007.blistered"].value),
        sessions=number(row["chua_2007.sessions"].value),
    )
    return (known, tell("risk_burn"))


def _unknown(plan: Plan, tell: Tell) -> tuple[str, ...]:
    counted = tell("unknown_rows", count=len(plan.rows), unverified=len(plan.unverified))
    return (counted, tell("unknown_you"), tell("unknown_long"))


def _site(plan: Plan, tell: Tell) -> str:
    return tell(f"site_{plan.skin.site.key}" if plan.skin.site else "site_other")


def _layer(name: str, tell: Tell) -> str:
    key = f"layer_{name}"
    return tell(key if key in sentences("en") else "layer_other")


def _date(iso: str, tell: Tell) -> str:
    year, month, day = iso[:10].split("-")
    return tell("date", day=int(day), month=tell(f"month_{int(month)}"), year=year)


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(";"))


def _degrees(kelvin: float) -> str:
    return f"{round(kelvin_to_celsius(kelvin))} °C"


def _range(low: float, high: float) -> str:
    return f"{round(kelvin_to_celsius(low))} – {_degrees(high)}"


def _share(row: Row) -> str:
    return f"{number(row.value)} %"
