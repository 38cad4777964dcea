"""What a patient reads of focused ultrasound alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.report.standing import off_label
from tauten.report.tell import Own, Tell, evidence_of, figure, share

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["OWN"]


def _done(plan: Plan, tell: Tell, site: str) -> tuple[str, ...]:
    return (
        tell("done_sound", site=site),
        tell("done_picture"),
        tell("done_aim_sound"),
        *((tell("done_off_label_sound"),) if off_label(plan) else ()),
        tell("done_test_line"),
    )


def _feel(plan: Plan, tell: Tell) -> tuple[str, ...]:
    row = evidence_of(plan)
    pain = tell(
        "feel_pain_sound",
        pain=figure(round(row["amiri_2025.pain"].value)),
        pain_least=figure(round(row["oni_2014.pain_least"].value)),
        pain_most=figure(round(row["oni_2014.pain_most"].value)),
    )
    return (tell("feel_sound"), pain, tell("feel_speak_sound"))


def _after(plan: Plan, tell: Tell) -> str:
    row = evidence_of(plan)
    return tell(
        "after_normal_sound",
        wheal_hours=figure(row["recovery.wheals"].si / 3600.0),
        tender_weeks=figure(row["recovery.tender"].value / 7.0),
        numb_days=figure(row["triage.numbness"].value),
    )


def _soon(plan: Plan, tell: Tell, swelling: str) -> str:
    days = figure(evidence_of(plan)["triage.numbness"].value)
    return tell("call_soon_items_sound", swelling_hours=swelling, numb_days=days)


def _result(plan: Plan, tell: Tell) -> tuple[str, ...]:
    row = evidence_of(plan)
    return (
        tell(
            "result_oni", oni_patients=figure(row["oni_2014.patients"].value), oni_share=share(row["oni_2014.blinded"])
        ),
        tell(
            "result_contini",
            contini_patients=share(row["contini_2023.patients"]),
            contini_doctors=share(row["contini_2023.doctors"]),
        ),
    )


def _risk(plan: Plan, tell: Tell) -> tuple[str, ...]:
    row = evidence_of(plan)
    enrolled, wheals = figure(row["oni_2014.enrolled"].value), figure(row["oni_2014.wheals"].value)
    return (
        tell("risk_wheals_known", oni_enrolled=enrolled, oni_wheals=wheals),
        tell("risk_reports", reports=figure(row["humphrey_2025.reports"].value)),
        tell("risk_nerve"),
    )


OWN = Own(
    _done, _feel, _after, _soon, _result, _risk, eyes="eyes_sound", today="call_today_items_sound",
    reached="result_goal_reached_sound", missed="result_goal_missed_sound",
    unknown=("unknown_you_sound", "unknown_output"), warm=("warm_points",),
)  # fmt: skip
