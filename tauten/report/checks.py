"""What speaks against a plan: the checks of an ultrasound picture, of where needles reach, of a device's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tauten.care.imaging import Finding
    from tauten.care.plan_types import Plan

__all__ = ["imaging_stops", "pictured", "seen", "sentences"]


_OF_ALL = {
    "": ("output", "reports", "return electrode"),
    "radiofrequency": ("output", "reports", "return electrode", "surface"),
}
"""Checks that say nothing of this person's skin: of the device's output, and what is true of every such treatment."""


def pictured(plan: Plan) -> bool:
    """Whether a picture is read before every shot: findings of other methods come from the plan itself."""
    return plan.device.method == "ultrasound"


def seen(plan: Plan) -> tuple[Finding, ...]:
    """Return what the picture, or the plan itself, says against it; a check of the output is none of it."""
    general = _OF_ALL.get(plan.device.method, _OF_ALL[""])
    return tuple(f for f in plan.findings if f.check not in general)


def imaging_stops(plan: Plan) -> bool:
    """Whether the picture, or where the tips may come to lie, forbids the plan."""
    return any(f.verdict == "stop" for f in plan.findings)


def sentences(plan: Plan) -> tuple[str, ...]:
    """Return what was found, a sentence each, what stops first."""
    told = sorted(plan.findings, key=lambda f: f.verdict != "stop")
    return tuple(f"{'Stop' if f.verdict == 'stop' else 'Look again'}: {f.reason} {f.remedy}".strip() for f in told)
