"""What the checks of an ultrasound picture and of a head's output found."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tauten.care.imaging import Finding
    from tauten.care.plan_types import Plan

__all__ = ["imaging_stops", "seen", "sentences"]


def seen(plan: Plan) -> tuple[Finding, ...]:
    """Return what the ultrasound picture says; a check of the head's output is no picture."""
    return tuple(f for f in plan.findings if f.check != "output")


def imaging_stops(plan: Plan) -> bool:
    """Whether the ultrasound picture forbids the shots."""
    return any(f.verdict == "stop" for f in plan.findings)


def sentences(plan: Plan) -> tuple[str, ...]:
    """Return what was found, a sentence each, what stops first."""
    told = sorted(plan.findings, key=lambda f: f.verdict != "stop")
    return tuple(f"{'Stop' if f.verdict == 'stop' else 'Look again'}: {f.reason} {f.remedy}".strip() for f in told)
