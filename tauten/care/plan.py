"""The care story, from a case to a plan. Read `plan` top to bottom: each line is one arrow.

Nothing here is fitted or clamped. If no allowed setting reaches the goal, the plan says so and by how much; it never
moves a threshold to succeed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tauten.care import describe, pattern
from tauten.care.advice import rest_of, safer, test_spot
from tauten.care.goals import Goal, GoalResult, read_goals
from tauten.care.imaging import Finding, findings
from tauten.care.limits import Limit, Margin
from tauten.care.method import Method
from tauten.care.optimise import Free, Trial, best_of, excess, most_of, optimise, within_all
from tauten.care.plan_types import Plan
from tauten.care.question import Question, question_of
from tauten.care.screening import Screening, screen
from tauten.care.sensitivity import Swing, adverse_facts, far_ends, swings
from tauten.care.shots import Considered
from tauten.devices.setting import Setting
from tauten.errors import Contraindicated
from tauten.facts import Facts
from tauten.files.case import Case
from tauten.treatment import Treatment
from tauten.workers import ask_all

__all__ = ["plan"]

Settings = Mapping[str, Any]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class _Choice:
    """What was chosen for one device, and all that was found out on the way."""

    question: Question
    goals: tuple[Goal, ...]
    best: Trial
    moves: tuple[Free, ...]
    found: tuple[Swing, ...]
    adverse: Mapping[str, Facts]


def plan(case: Case, *, progress: Progress | None = None) -> Plan:
    """Return the plan for `case`.

    Raises `Contraindicated` when the answers already given, or the picture, forbid the method, `InputError` for a case
    that cannot be asked, and whatever the solvers raise when they miss their tolerance.
    """
    tell = progress or (lambda step, share: None)
    tell("screening", 0.0)
    screening = _screened(case)
    questions, seen = _pictured(case)
    choices = [_chosen(question, tell) for question in questions]
    taken = choices[_best_of(choices)]
    question, goals, best, adverse = taken.question, taken.goals, taken.best, taken.adverse
    limits = question.limits
    tell("limits", 0.0)
    margins = _margins(question, best.settings, limits, adverse)
    binding = next(m.limit for m in margins if m.binding)
    tell("full simulation", 0.0)
    swept = _scaled(question, best.settings, limits)
    low = adverse_facts(question.facts, taken.found, swept, binding.figure, sign=-1.0)
    runs = (
        question.treatment(best.settings),
        question.treatment(best.settings, low, frames=24),
        question.treatment(best.settings, adverse[binding.figure], frames=24),
    )
    shots = question.method.shots(question, best.settings, runs, _considered(choices, taken))
    tell("writing", 0.0)
    return describe.gather(
        question=question,
        screening=screening,
        settings=best.settings,
        moved=[free.name for free in taken.moves],
        runs=runs,
        goals=_goal_results(question, best.settings, goals, taken.found, runs[0]),
        margins=margins,
        swings=taken.found,
        swept=swept,
        safer=safer(question, best.settings, binding, adverse[binding.figure], goals[0]),
        test_spot=test_spot(question, best.settings, binding, adverse[binding.figure]),
        findings=(*seen[question.device.key], *pattern.findings(question, shots)),
        shots=shots,
    )


def _pictured(case: Case) -> tuple[list[Question], dict[str, tuple[Finding, ...]]]:
    """Return a question for each device the picture allows, and what it says of each; a stop for all of them raises.

    Where one head reaches the layer it is for, those that do not are left out.
    """
    asked = [question_of(case, device) for device in case.devices]
    seen = {question.device.key: findings(question) for question in asked}
    allowed = [q for q in asked if not any(f.verdict == "stop" for f in seen[q.device.key])]
    if not allowed:
        told = dict.fromkeys(f"{f.reason} {f.remedy}" for found in seen.values() for f in found if f.verdict == "stop")
        raise Contraindicated(f"{case.file or 'This case'}: no dose. {' '.join(told)}")
    aimed = [q for q in allowed if not any(f.check == "focus" for f in seen[q.device.key])]
    return aimed or allowed, seen


def _chosen(question: Question, tell: Progress) -> _Choice:
    """Choose the settings of one device: adverse points first, then the most of the goal inside every limit."""
    limits = question.limits
    goals = read_goals(question.case.treatment.method, question.facts, question.band)
    goal, start = goals[0], question.start
    tell("first look", 0.0)
    adverse = _adverse(question, start, limits, goal, lambda share: tell("first look", share), first=True)[1]
    best, moves = _choose(question, start, limits, goal, adverse, lambda share: tell("settings", share))
    found, adverse = _adverse(question, best.settings, limits, goal, lambda share: tell("spread", share))
    best, found, adverse = _until_safe(question, best, moves, limits, goal, found, adverse)
    return _Choice(question, goals, best, moves, found, adverse)


def _best_of(choices: Sequence[_Choice]) -> int:
    """Return the number of the best choice: allowed, then the most of its goal."""
    trials = [choice.best for choice in choices]
    best = best_of(trials, choices[0].question.method.driver)
    return next(n for n, trial in enumerate(trials) if trial is best)


def _considered(choices: Sequence[_Choice], taken: _Choice) -> tuple[Considered, ...]:
    told = []
    for choice in choices:
        trial, device = choice.best, choice.question.device
        why = "" if choice is taken else "does less for the goal" if trial.allowed else "passes a limit"
        told.append(Considered(device.key, device.name, trial.settings, trial.goal, trial.allowed, why))
    return tuple(told)


def _screened(case: Case) -> Screening:
    """Screen the answers in the case; what is already known to forbid the method stops here."""
    person = case.person
    screening = screen(
        case.answers,
        case.treatment.method,
        age=person.age,
        phototype=person.phototype,
        melanin=person.melanin,
        bmi=person.bmi,
        site=case.area.site,
    )
    if screening.verdict == "stop":
        reasons = "; ".join(f.reason for f in screening.findings if f.verdict == "stop")
        raise Contraindicated(f"{case.file or 'This case'} must not be treated with {case.treatment.method}. {reasons}")
    return screening


def _scaled(
    question: Question, settings: Settings, limits: Sequence[Limit], facts: Facts | None = None
) -> dict[str, float]:
    """Return the figures of a sweep with each logarithmic limit's in its logarithm, in which spreads add."""
    figures = dict(question.figures(settings, facts, sweep=True))
    for limit in limits:
        if limit.logarithmic:
            figures[limit.figure] = math.log(max(figures[limit.figure], 1e-30))
    return figures


def _adverse(
    question: Question,
    settings: Settings,
    limits: Sequence[Limit],
    goal: Goal,
    progress: Callable[[float], None],
    first: bool = False,
) -> tuple[tuple[Swing, ...], dict[str, Facts]]:
    """Return what every row's spread does at `settings`, and the adverse facts for each limit.

    The `first` sweep works out ahead what later ones find again, and asks far ends alone.
    """
    if first:
        question.method.ahead(question, settings, far_ends(question.facts, question.knobs))

    def ask(facts: Facts) -> dict[str, float]:
        return _scaled(question, settings, limits, facts)

    figures = [goal.figure, *(limit.figure for limit in limits)]
    ends = 0 if first else 14
    found = swings(ask, question.facts, question.knobs, figures, progress, both_ends=ends)
    central = ask(question.facts)
    return found, {limit.figure: adverse_facts(question.facts, found, central, limit.figure) for limit in limits}


def _choose(
    question: Question,
    start: Settings,
    limits: Sequence[Limit],
    goal: Goal,
    adverse: Mapping[str, Facts],
    progress: Callable[[float], None],
) -> tuple[Trial, tuple[Free, ...]]:
    """Choose the settings the case leaves open; with none open, try the case's own as given."""
    device, method = question.device, question.method
    open_names = [n for n in method.free if n in start and n not in question.settled]
    if question.case.treatment.plan == "as given":
        open_names = []
    free = tuple(_range(device.settings[n], method) for n in open_names)
    stops = _guarded(limits, question.facts)

    def at_limit(settings: Settings, limit: Limit) -> float:
        return question.figures(settings, adverse[limit.figure])[limit.figure]

    for facts in (question.facts, *adverse.values()):
        question.figures(start, facts)  # what a trial can find again is worked out once, here
    stops = sorted(stops, key=lambda limit: -excess(limit, at_limit(start, limit)))
    held = {name: value for name, value in start.items() if name not in open_names}
    best = optimise(lambda s: question.figures(s)[goal.figure], at_limit, stops, free, held, progress, method.driver)
    return best, free


def _range(setting: Setting, method: Method) -> Free:
    """Return what the optimiser may choose: never less cooling than the device's default."""
    low = setting.default if setting.name in method.never_less else setting.low
    high = setting.default if setting.name in method.never_more else setting.high
    return Free(setting.name, low, high, setting.si_step)


def _guarded(limits: Sequence[Limit], facts: Facts) -> list[Limit]:
    """Return the limits that stop, each with its stop lowered by what the computation's own noise could hide."""
    share, kelvin = facts.si("care/planning/guard.dose"), facts.si("care/planning/guard.temperature")
    return [
        replace(limit, stop=limit.stop - kelvin if limit.unit == "K" else limit.stop * (1.0 - share))
        for limit in limits
        if math.isfinite(limit.stop)
    ]


def _until_safe(
    question: Question,
    best: Trial,
    moves: Sequence[Free],
    limits: Sequence[Limit],
    goal: Goal,
    found: tuple[Swing, ...],
    adverse: dict[str, Facts],
) -> tuple[Trial, tuple[Swing, ...], dict[str, Facts]]:
    """Check the choice at its own adverse point; lower the driver until it holds there, if it may be moved.

    The adverse point was first found at other settings, so the choice may lie a little past a limit.
    """
    name = question.method.driver
    driver = next((free for free in moves if free.name == name), None)
    stops = _guarded(limits, question.facts)
    if driver is None:
        return best, found, adverse

    def at_limit(settings: Settings, limit: Limit) -> float:
        return question.figures(settings, adverse[limit.figure])[limit.figure]

    upper = Free(name, driver.low, best.settings[name], driver.step)
    most = within_all(at_limit, best.settings, stops, upper)
    settings = {**best.settings, name: driver.low if most is None else most}
    if settings == best.settings:
        return best, found, adverse
    trial = Trial(settings, question.figures(settings)[goal.figure], most is not None)
    return trial, *_adverse(question, settings, limits, goal, lambda share: None)


def _margins(
    question: Question, settings: Settings, limits: Sequence[Limit], adverse: Mapping[str, Facts]
) -> tuple[Margin, ...]:
    """Return where the settings stand against each limit; the one with the least headroom in the driver binds."""
    central = question.figures(settings)

    def margin(limit: Limit) -> Margin:
        # Adverse points are found to first order: another limit's may happen to be worse for this one.
        worst = max(adverse.values(), key=lambda point: question.figures(settings, point)[limit.figure])
        upper = question.figures(settings, worst)[limit.figure]
        room = _headroom(question, settings, limit, worst) if math.isfinite(limit.stop) else math.inf
        return Margin(limit, central[limit.figure], upper, room, rest=rest_of(limit, central))

    margins = ask_all(margin, limits)
    least = min(margins, key=lambda m: m.headroom)
    return tuple(replace(m, binding=m is least) for m in margins)


def _headroom(question: Question, settings: Settings, limit: Limit, facts: Facts) -> float:
    """How many times the output may grow (below 1: must shrink) before the limit's upper end meets stop.

    Looked for up to `care/planning/headroom.most`.

    The delivered energy is scaled, not the setting: the answer may lie beyond what the machine can be set to.
    """
    delivered = facts[question.output].value

    def past(times: float) -> float:
        more = facts.with_value(question.output, times * delivered)
        return excess(limit, question.figures(settings, more)[limit.figure])

    most = question.facts.si("care/planning/headroom.most")
    return most_of(Free("times", 0.05, most), past) or 0.0


def _goal_results(
    question: Question, settings: Settings, goals: Sequence[Goal], found: Sequence[Swing], whole: Treatment
) -> tuple[GoalResult, ...]:
    """Return what the full run reaches, and what it does at each goal's own favourable and adverse point.

    Trials of light are judged on the axis, where nothing is lost sideways; a goal read there would promise too much,
    so trials only give the factors.
    """
    swept = question.figures(settings, sweep=True)
    shown = question.method.finish(question, settings, question.method.read(question, whole))

    def result(goal: Goal) -> GoalResult:
        value = shown[goal.figure]
        ends = [adverse_facts(question.facts, found, swept, goal.figure, sign) for sign in (-1.0, 1.0)]
        low, high = (question.figures(settings, facts, sweep=True)[goal.figure] for facts in ends)
        if swept[goal.figure] > 0.0:
            low, high = (value * end / swept[goal.figure] for end in (low, high))
        return GoalResult(goal, value, min(low, value), max(high, value))

    return tuple(ask_all(result, goals))
