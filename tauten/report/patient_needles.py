"""What a patient reads of RF microneedling alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.devices.exposure import NeedlePulse
from tauten.report.standing import off_label
from tauten.report.tell import Own, Tell, evidence_of, figure, share

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["OWN"]


def _pulse(plan: Plan) -> NeedlePulse:
    return next(p.exposure for p in plan.treatment.exposures if isinstance(p.exposure, NeedlePulse))


def _done(plan: Plan, tell: Tell, site: str) -> tuple[str, ...]:
    pulse = _pulse(plan)
    return (
        tell("done_needles_far" if pulse.monopolar else "done_needles", site=site, count=pulse.array.count),
        tell("done_aim_needles"),
        tell("done_depth"),
        tell("done_numb"),
        *((tell("done_off_label_current"),) if off_label(plan) else ()),
        tell("done_test_stamp"),
    )


def _feel(plan: Plan, tell: Tell) -> tuple[str, ...]:
    row = evidence_of(plan)
    least, most = (figure(round(row[name].value)) for name in ("pain.least", "pain.most"))
    return (
        tell("feel_needles"),
        tell("feel_pain_needles", pain_least=least, pain_most=most),
        tell("feel_speak_current" if _pulse(plan).monopolar else "feel_speak_needles"),
    )


def _days(plan: Plan) -> dict[str, str]:
    row = evidence_of(plan)
    return {
        "days_least": figure(row["recovery.downtime_least"].value),
        "days_most": figure(row["recovery.downtime_most"].value),
    }


def _after(plan: Plan, tell: Tell) -> str:
    row = evidence_of(plan)
    return tell("after_normal_needles", bruise_days=figure(row["recovery.bruise"].value), **_days(plan))


def _work(plan: Plan, tell: Tell) -> str:
    row = evidence_of(plan)
    return tell(
        "after_work_needles",
        makeup_hours=figure(row["recovery.makeup"].si / 3600.0),
        exercise_hours=figure(row["recovery.exercise"].si / 3600.0),
        acid_days=figure(row["recovery.acids"].value),
        **_days(plan),
    )


def _soon(plan: Plan, tell: Tell, swelling: str) -> str:
    days = figure(evidence_of(plan)["triage.redness"].value)
    return tell("call_soon_items_needles", swelling_hours=swelling, red_days=days)


def _result(plan: Plan, tell: Tell) -> tuple[str, ...]:
    row = evidence_of(plan)
    return (
        tell(
            "result_alexiades",
            share=share(row["alexiades_2013.responders"]),
            patients=figure(row["alexiades_2013.patients"].value),
        ),
        tell(
            "result_facelift",
            facelift_patients=figure(row["alexiades_2010.patients"].value),
            facelift_share=share(row["alexiades_2010.of_surgery"]),
        ),
        tell("result_kang", kang_patients=figure(row["kang_2022.patients"].value)),
    )


def _risk(plan: Plan, tell: Tell) -> tuple[str, ...]:
    enrolled = figure(evidence_of(plan)["alexiades_2013.enrolled"].value)
    return (tell("risk_fda"), tell("risk_dark", pit_patients=enrolled), tell("risk_nerve_needles"))


OWN = Own(
    _done, _feel, _after, _soon, _result, _risk, eyes="eyes_needles", today="call_today_items_sound",
    reached="result_goal_reached_needles", missed="result_goal_missed_needles",
    unknown=("unknown_you_current", "unknown_depth"), warm=("warm_tips",), work=_work,
)  # fmt: skip
