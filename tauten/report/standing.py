"""Where a plan stands: cleared or not, inside its limits or not, its goal reached or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tauten.care.document import FAR
from tauten.facts import load
from tauten.report.checks import imaging_stops, pictured, seen, sentences
from tauten.report.missed import why_missed
from tauten.report.numbers import number, percent, quantity
from tauten.report.tables import Verdict
from tauten.report.wording import wording
from tauten.report.words import capital, goal_words, limit_words, tidy

if TYPE_CHECKING:
    from tauten.care.goals import GoalResult
    from tauten.care.limits import Margin
    from tauten.care.plan_types import Plan
    from tauten.care.screening import Finding

__all__ = [
    "band_words",
    "binding",
    "blocked",
    "goal_value",
    "held",
    "limit_value",
    "most_headroom",
    "off_label",
    "open_questions",
    "planned_goal",
    "rest",
    "screening_word",
    "verdict",
    "worst",
]

_ORDER = ("inside", "warn", "stop")
_WORDS = {
    "clear": "clear",
    "refer": "needs a clearance signed by a doctor",
    "defer": "wait",
    "unknown": "not clear, questions are open",
    "stop": "stop, do not treat",
}


def blocked(plan: Plan) -> bool:
    """Whether the screening forbids treatment for now: unknown is not clear."""
    return not plan.screening.clear


def open_questions(plan: Plan) -> tuple[Finding, ...]:
    """Return the questions nobody has answered."""
    return tuple(f for f in plan.screening.findings if f.verdict == "unknown")


def off_label(plan: Plan) -> tuple[str, ...]:
    """Return what the device's file says of its off-label uses, in one text; empty when it names none."""
    said = " ".join(use.text for use in plan.device.cleared_uses if use.kind == "off-label")
    return (said,) if said else ()


def screening_word(plan: Plan) -> str:
    """Return the screening's verdict in words."""
    word = plan.screening.verdict
    return "clear, with something to note" if word == "clear" and plan.screening.flags else _WORDS[word]


def worst(plan: Plan) -> str:
    """Return the worst verdict of all limits and checks."""
    found = (*(m.verdict for m in plan.margins), *(f.verdict for f in plan.findings))
    return max(found, key=_ORDER.index, default="inside")


def binding(plan: Plan) -> Margin | None:
    """Return the limit that stops a higher output first, if one is marked."""
    return next((m for m in plan.margins if m.binding), None)


def planned_goal(plan: Plan) -> GoalResult | None:
    """Return the goal the optimiser maximised."""
    return next((g for g in plan.goals if g.goal.planned_on), None)


def band_words(plan: Plan) -> str:
    """Return what a spread on the page stands for: the binding limit's lower and upper end."""
    bound = binding(plan)
    name = limit_words(bound.limit) if bound else "the binding limit"
    return (
        "The spread lies between two runs in which all data rows move together by one combined spread, the likeliest "
        f"way that relieves and that worsens the limit on {name}. Away from that limit's tissue it may be wider."
    )


def held(plan: Plan) -> str:
    """Return why nothing on this page may be done as it stands, or an empty text."""
    if blocked(plan):
        return "This person is not cleared: do not treat."
    if imaging_stops(plan):
        return f"{_stopped(plan)}."
    return "These settings cross a stop limit: do not treat with them." if worst(plan) == "stop" else ""


def rest(plan: Plan) -> float:
    """Return the temperature [K] of the outermost skin before anything was done."""
    return float(plan.treatment.trace.temperature[0, 0])


def verdict(plan: Plan) -> Verdict:
    """Return the headline and the sentences that a reader must not miss."""
    unverified = len(plan.unverified)
    closing = (
        *(f"Off-label use. {tidy(text)}" for text in off_label(plan)),
        *_goal_sentence(plan),
        f"{unverified} of the {len(plan.rows)} data rows used are unverified: not checked in a source."
        if unverified
        else f"None of the {len(plan.rows)} data rows used is unverified.",
    )
    if blocked(plan):
        first = ("Do not shoot. " if pictured(plan) else "Do not treat. ") if imaging_stops(plan) else ""
        return Verdict(
            "blocked",
            f"{first}Not cleared: {_why_blocked(plan)}{'; a stop limit is crossed' if worst(plan) == 'stop' else ''}",
            (
                "Do not treat. The settings and results below are simulated, for discussion only; a question without "
                "an answer counts as not clear.",
                *sentences(plan),
                *_limit_sentences(plan),
                *closing,
            ),
        )
    told = (*sentences(plan), *_limit_sentences(plan), *closing)
    if imaging_stops(plan):
        return Verdict("stop", _stopped(plan), told)
    found = worst(plan)
    output = _output(plan)
    headline = {
        "inside": f"{output} is inside every limit",
        "warn": f"{output} crosses no stop limit, but {_what_warns(plan)}",
        "stop": f"{output} crosses a stop limit: do not treat with these settings",
    }[found]
    return Verdict({"inside": "clear"}.get(found, found), headline, told)


def _why_blocked(plan: Plan) -> str:
    count = len(open_questions(plan))
    others = sum(f.verdict in ("stop", "defer", "refer") for f in plan.screening.findings)
    words = []
    if others:
        words.append(f"{others} finding{'' if others == 1 else 's'}")
    if count:
        words.append(f"{count} question{'' if count == 1 else 's'} open")
    return ", ".join(words)


def _output(plan: Plan) -> str:
    named = {s.name: quantity(s.value, s.si_unit, s.unit) for s in plan.settings}
    told = " for ".join(named[name] for name in wording(plan).output if name in named and name != "depth")
    deep = f", set to {named['depth']} deep," if "depth" in wording(plan).output and "depth" in named else ""
    return f"{told or 'This plan'}{deep}"


def _what_warns(plan: Plan) -> str:
    limits = any(m.verdict == "warn" for m in plan.margins)
    if limits:
        return "is in a warning band"
    if not pictured(plan):
        return "there are warnings to read first"
    return f"{'the ultrasound picture' if seen(plan) else 'its output'} asks for a second look"


def _stopped(plan: Plan) -> str:
    if pictured(plan):
        return "The ultrasound picture stops this plan: do not shoot"
    return "A check of where the current goes stops this plan: do not treat"


def _limit_sentences(plan: Plan) -> tuple[str, ...]:
    return (*_binding_sentence(plan), *_past(plan, "stop"), *_past(plan, "warn"))


def _binding_sentence(plan: Plan) -> tuple[str, ...]:
    bound = binding(plan)
    if bound is None:
        return ()
    name, strength = capital(limit_words(bound.limit)), wording(plan).strength
    if bound.headroom <= 0.0:
        return (f"{name} binds: no {strength} is low enough to meet its stop.",)
    if bound.headroom < 1.0:
        fall = f"the {strength} would have to fall to {percent(bound.headroom)} of this"
        return (f"{name} binds: {fall} to meet its stop.",)
    if bound.headroom < 1.005:
        return (
            f"{name} binds: the upper end of its spread has used {percent(bound.used)} of the way to stop, and is "
            f"there with hardly more {strength} than this.",
        )
    beyond = bound.headroom >= most_headroom()
    return (
        f"{name} binds: the upper end of its spread has used {percent(bound.used)} of the way to stop, and is "
        f"{'not there yet' if beyond else 'there'} at {number(bound.headroom)} times this {strength}.",
    )


def most_headroom() -> float:
    """Return up to how many times the planned fluence or power the headroom is looked for."""
    return load().si("care/planning/headroom.most")


def _past(plan: Plan, word: str) -> tuple[str, ...]:
    past = [m for m in plan.margins if m.verdict == word]
    if len(past) > 1:
        names = "; ".join(limit_words(m.limit) for m in past)
        return (f"At the upper end of the spread {len(past)} limits are past {word}: {names}.",)
    return tuple(
        f"{capital(limit_words(m.limit))} reaches {limit_value(m, m.upper)} at the upper end of the spread; {word} is "
        f"at {limit_value(m, m.limit.stop if word == 'stop' else m.limit.warn)}."
        for m in past
    )


def goal_value(result: GoalResult, value: float) -> str:
    """Return a goal's figure as people read it: a share as a percentage, a time in seconds."""
    return percent(value) if result.goal.unit == "1" else quantity(value, result.goal.unit)


def limit_value(margin: Margin, value: float) -> str:
    """Return a value against its limit; far past a logarithmic one its own figures mean nothing."""
    limit = margin.limit
    if limit.logarithmic and value > FAR * limit.stop:
        return f"over {FAR} × stop"
    if limit.unit == "1" and not limit.logarithmic:  # a plain share, no damage integral
        return percent(value)
    least = " or more" if limit.unit == "m3" and margin.boils and value == margin.upper else ""
    return f"{quantity(value, limit.unit)}{least}"


def _goal_sentence(plan: Plan) -> tuple[str, ...]:
    goal = planned_goal(plan)
    if goal is None:
        return ()
    name = goal_words(goal.goal)
    if goal.reached:
        spread = f"{goal_value(goal, goal.low)} to {goal_value(goal, goal.high)}"
        return (
            f"The goal planned on ({name}) is reached: {goal_value(goal, goal.value)}, over the spread {spread}, "
            f"target {goal_value(goal, goal.goal.target)}.",
        )
    why = why_missed(plan)
    return (f"The goal planned on ({name}) is missed by {percent(goal.shortfall)}: {why}. No threshold was moved.",)
