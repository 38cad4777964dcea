"""The care story, from a case to a plan. Read `plan` top to bottom: each line is one arrow.

Nothing here is fitted or clamped. If no allowed setting reaches the goal, the plan says so and by how much; it never
moves a threshold to succeed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from tauten.care import describe
from tauten.care.advice import safer, test_spot
from tauten.care.choose import Choice, choose, choose_like, completed, scaled, settled
from tauten.care.imaging import Finding, findings, out_of_reach
from tauten.care.margins import goal_results, margins
from tauten.care.optimise import Trial, best_of
from tauten.care.plan_types import Plan
from tauten.care.question import Question, question_of
from tauten.care.screening import WORST_FIRST, Screening, screen, screened_as
from tauten.care.sensitivity import adverse_facts
from tauten.care.shots import Considered
from tauten.devices.catalogue import Machine
from tauten.errors import Contraindicated, InputError
from tauten.files.case import Case

__all__ = ["forbidden", "plan", "refuse", "screened"]

Progress = Callable[[str, float], None]


def plan(case: Case, *, progress: Progress | None = None) -> Plan:
    """Return the plan for `case`.

    Raises `Contraindicated` when the answers already given, or the picture, forbid the method, `InputError` for a case
    that cannot be asked, and whatever the solvers raise when they miss their tolerance.
    """
    tell = progress or (lambda step, share: None)
    tell("screening", 0.0)
    screening = _cleared(case)
    questions, seen, aside = _pictured(case)
    aimed, others = _reaching(questions)
    seen |= {q.device.key: findings(q) for q in aimed if q.meant}
    choice, weighed = _taken(aimed, tell)
    considered = (*weighed, *others, *aside)
    question, settings, adverse = choice.question, choice.best.settings, choice.adverse
    tell("limits", 0.0)
    found = margins(choice)
    binding = next(m.limit for m in found if m.binding)
    tell("full simulation", 0.0)
    swept = scaled(question, choice.probe, question.limits)
    lead = question.method.leads.get(binding.figure, binding.figure)
    low = adverse_facts(question.facts, choice.found, swept, lead, sign=-1.0)
    runs = (
        question.treatment(settings),
        question.treatment(settings, low, run=question.method.ends, frames=24),
        question.treatment(settings, adverse[binding.figure], run=question.method.ends, frames=24),
    )
    shots = question.method.shots(question, settings, runs, considered)
    depths = question.method.depths(choice, found)
    tell("writing", 0.0)
    return describe.gather(
        question=question,
        screening=screening,
        settings=settings,
        moved=[free.name for free in choice.moves],
        runs=runs,
        goals=goal_results(choice, runs[0]),
        margins=found,
        swings=choice.found,
        swept=swept,
        safer=safer(question, settings, binding, adverse[binding.figure], choice.goals[0]),
        test_spot=test_spot(question, settings, binding, adverse[binding.figure]),
        findings=(*seen[question.device.key], *question.method.warnings(question, settings, runs, shots)),
        shots=shots,
        depths=depths,
    )


def _pictured(case: Case) -> tuple[list[Question], dict[str, tuple[Finding, ...]], list[Considered]]:
    """Return a question for each device the picture allows, what it says of each, and a word on those set aside.

    A head that focuses below the layers is set aside, one that comes too near to what must be spared, and, where one
    reaches the layer it is for, those that do not. Raises `InputError` or `Contraindicated` where none is left.
    """
    asked, aside = _in_reach(case)
    seen = {question.device.key: findings(question) for question in asked}
    stopped = [q for q in asked if any(f.verdict == "stop" for f in seen[q.device.key])]
    allowed = [q for q in asked if q not in stopped]
    if not allowed:
        refuse(case, [f for found in seen.values() for f in found])
    aimed = [q for q in allowed if not any(f.check == "focus" for f in seen[q.device.key])] or allowed
    aside += [_aside(q.device, "comes too near to what must be spared") for q in stopped]
    aside += [_aside(q.device, "does not focus in the layer it is for") for q in allowed if q not in aimed]
    return aimed, seen, aside


def _in_reach(case: Case) -> tuple[list[Question], list[Considered]]:
    """Return a question for each device that focuses in this skin's layers, and a word on the others."""
    asked: list[Question] = []
    aside: list[Considered] = []
    faults: list[InputError] = []
    for device in case.devices:
        question = question_of(case, device)
        fault = out_of_reach(question)
        if fault is None:
            asked.append(question)
        else:
            faults.append(fault)
            aside.append(_aside(device, fault.problem))
    if not asked:
        raise faults[0]
    return asked, aside


def _aside(device: Machine, why: str) -> Considered:
    return Considered(device.key, device.name, {}, math.nan, False, why)


def refuse(case: Case, found: Sequence[Finding]) -> None:
    """Raise `Contraindicated` where the picture says stop."""
    told = dict.fromkeys(f"{f.reason} {f.remedy}" for f in found if f.verdict == "stop")
    if told:
        raise Contraindicated(f"{case.file or 'This case'}: no dose. {' '.join(told)}")


def _reaching(questions: Sequence[Question]) -> tuple[list[Question], list[Considered]]:
    """Return the questions of the heads whose focus reaches the goal's band, and a word on the others.

    Shares of different bands cannot be weighed against each other. Where the case asks for no depth, the first head
    named says which band is meant, and heads for another layer are weighed by what they do there.
    """
    meant = questions[0].aim
    top, bottom = meant.band
    told = f"{meant.name} between {1e3 * top:.1f} and {1e3 * bottom:.1f} mm"
    near, others = [], []
    for question in questions:
        if question.aim.name != meant.name:
            question = question.aimed(meant)
            high, low = question.method.reach(question)
            if low < top or high > bottom:
                heats = f"its focus, {1e3 * high:.1f} to {1e3 * low:.1f} mm deep, does not reach the {told}"
                others.append(_aside(question.device, heats))
                continue
        near.append(question)
    return near, others


def _taken(questions: Sequence[Question], tell: Progress) -> tuple[Choice, tuple[Considered, ...]]:
    """Return the best choice among the devices (allowed, then the most of the goal), and what each would do."""
    first = choose(questions[0], tell)
    if not questions[1:]:
        return settled(first), (_told(completed(first), ""),)
    choices = [first, *(choose_like(first, question, tell) for question in questions[1:])]
    weighed = [completed(choice) for choice in choices]
    driver = first.question.method.driver
    best = best_of([choice.best for choice in weighed if not choice.question.meant], driver)
    # A head for another layer must do more: for as much, or for nothing, nobody would take it.
    more = [c.best for c in weighed if c.question.meant and c.best.allowed and c.best.goal > 1.001 * best.goal]
    best = best_of([best, *more], driver)
    taken = next(n for n, choice in enumerate(weighed) if choice.best is best)
    told = [
        _told(choice, "" if n == taken else _less(choice.best, best) if choice.best.allowed else "passes a limit")
        for n, choice in enumerate(weighed)
    ]
    last = first if taken == 0 else choose(choices[taken].question, tell, choices[taken])
    return settled(last), tuple(told)


def _less(trial: Trial, best: Trial) -> str:
    return "does less for the goal" if trial.goal < best.goal else "does no more for the goal"


def _told(choice: Choice, why: str) -> Considered:
    trial, device = choice.best, choice.question.device
    return Considered(device.key, device.name, trial.settings, trial.goal, trial.allowed, why)


def screened(case: Case) -> Screening:
    """Return what the answers in the case say of its method; raises `InputError`, with the place, as `screen` does.

    Of several kinds of device the one with the worst verdict counts: the plan may take any of them.
    """
    person, polarity = case.person, str(case.held.get("polarity", ""))
    try:
        found = [
            screen(
                case.answers,
                method,
                age=person.age,
                phototype=person.phototype,
                melanin=person.melanin,
                bmi=person.bmi,
                site=case.area.site,
            )
            for method in dict.fromkeys(way for device in case.devices for way in screened_as(device, polarity))
        ]
        return min(found, key=lambda each: WORST_FIRST.index(each.verdict))
    except InputError as error:
        key = error.key or ""
        raise case.fault(error, key if key.startswith("answers.") else f"person.{key}") from error


def _cleared(case: Case) -> Screening:
    """Screen the answers in the case; what is already known to forbid the method stops here."""
    screening = screened(case)
    if screening.verdict == "stop":
        raise Contraindicated(forbidden(case, screening))
    return screening


def forbidden(case: Case, screening: Screening) -> str:
    """Return the sentence for a person who must not be treated with the case's method; empty for all others."""
    reasons = "; ".join(f.reason for f in screening.findings if f.verdict == "stop")
    about = f"{case.file or 'This case'} must not be treated with {case.treatment.method}."
    return f"{about} {reasons}" if reasons else ""
