"""The care story, from a case to a plan. Read `plan` top to bottom: each line is one arrow.

Nothing here is fitted or clamped. If no allowed setting reaches the goal, the plan says so and by how much; it never
moves a threshold to succeed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tauten.care import describe
from tauten.care.advice import rest_of, safer, test_spot
from tauten.care.goals import Goal, GoalResult, read_goals
from tauten.care.limits import Limit, Margin, read_limits
from tauten.care.optimise import Free, Trial, excess, most_fluence, optimise, within_all
from tauten.care.plan_types import Plan
from tauten.care.question import Question, question_of
from tauten.care.screening import Screening, screen
from tauten.care.sensitivity import Swing, adverse_facts, far_ends, swings
from tauten.devices.setting import Setting
from tauten.errors import Contraindicated
from tauten.facts import Facts
from tauten.files.case import Case
from tauten.treatment import Treatment
from tauten.workers import ask_all

__all__ = ["plan"]

Settings = Mapping[str, Any]
Progress = Callable[[str, float], None]

_CHOSEN = ("fluence", "duration", "plate_temperature", "pre_cooling", "spray_before", "spray_during", "spray_after")
"""What the optimiser may move, in this order; the rest stays at the device's default."""
_COOLS_MORE_ABOVE = ("pre_cooling", "spray_before", "spray_during", "spray_after")
_COOLS_MORE_BELOW = ("plate_temperature",)


def plan(case: Case, *, progress: Progress | None = None) -> Plan:
    """Return the plan for `case`.

    Raises `Contraindicated` when the answers already given forbid the method, `InputError` for a case that cannot be
    asked, and whatever the solvers raise when they miss their tolerance.
    """
    tell = progress or (lambda step, share: None)
    tell("screening", 0.0)
    screening = _screened(case)
    question = question_of(case)
    limits, goals = read_limits(question.facts), read_goals(case.treatment.method, question.facts, question.band)
    goal = goals[0]
    tell("first look", 0.0)
    start = question.device.settings_at(**case.held)
    adverse = _adverse(question, start, limits, goal, lambda share: tell("first look", share), first=True)[1]
    best, moves = _choose(question, start, limits, goal, adverse, lambda share: tell("settings", share))
    found, adverse = _adverse(question, best.settings, limits, goal, lambda share: tell("spread", share))
    best, found, adverse = _until_safe(question, best, moves, limits, goal, found, adverse)
    tell("limits", 0.0)
    margins = _margins(question, best.settings, limits, adverse)
    binding = next(m.limit for m in margins if m.binding)
    tell("full simulation", 0.0)
    low = adverse_facts(question.facts, found, _scaled(question, best.settings, limits), binding.figure, sign=-1.0)
    runs = [
        question.treatment(best.settings),
        question.treatment(best.settings, low, frames=24),
        question.treatment(best.settings, adverse[binding.figure], frames=24),
    ]
    tell("writing", 0.0)
    return describe.gather(
        question=question,
        screening=screening,
        settings=best.settings,
        moved=[free.name for free in moves],
        runs=(runs[0], runs[1], runs[2]),
        goals=_goal_results(question, best.settings, goals, found, runs[0]),
        margins=margins,
        swings=found,
        swept=_scaled(question, best.settings, limits),
        safer=safer(question, best.settings, binding, adverse[binding.figure], goal),
        test_spot=test_spot(question, best.settings, binding, adverse[binding.figure]),
    )


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

    The `first` sweep traces the light of every row, which later ones find again, and asks far ends alone.
    """
    if first:
        moved = far_ends(question.facts, question.knobs)
        ask_all(lambda facts: question.trace(settings, facts), moved, remember=True)

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
    device = question.device
    open_names = [n for n in _CHOSEN if n in start and n not in question.case.held]
    if question.case.treatment.plan == "as given":
        open_names = []
    free = tuple(_range(device.settings[n]) for n in open_names)
    stops = _guarded(limits, question.facts)

    def at_limit(settings: Settings, limit: Limit) -> float:
        return question.figures(settings, adverse[limit.figure])[limit.figure]

    for facts in (question.facts, *adverse.values()):
        question.figures(start, facts)  # the light is traced once here, and found again by every trial
    stops = sorted(stops, key=lambda limit: -excess(limit, at_limit(start, limit)))
    held = {name: value for name, value in start.items() if name not in open_names}
    best = optimise(lambda s: question.figures(s)[goal.figure], at_limit, stops, free, held, progress)
    return best, free


def _range(setting: Setting) -> Free:
    """Return what the optimiser may choose: never less cooling than the device's default."""
    low = setting.default if setting.name in _COOLS_MORE_ABOVE else setting.low
    high = setting.default if setting.name in _COOLS_MORE_BELOW else setting.high
    return Free(setting.name, low, high, setting.si_step)


def _guarded(limits: Sequence[Limit], facts: Facts) -> list[Limit]:
    """Return the limits that stop, each with its stop lowered by what the light's own noise could hide."""
    share, kelvin = facts.si("care/planning/guard.dose"), facts.si("care/planning/guard.temperature")
    return [
        replace(limit, stop=limit.stop * (1.0 - share) if limit.logarithmic else limit.stop - kelvin)
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
    """Check the choice at its own adverse point; lower the fluence until it holds there, if it may be moved.

    The adverse point was first found at other settings, so the choice may lie a little past a limit.
    """
    fluence = next((free for free in moves if free.name == "fluence"), None)
    stops = _guarded(limits, question.facts)
    if fluence is None:
        return best, found, adverse

    def at_limit(settings: Settings, limit: Limit) -> float:
        return question.figures(settings, adverse[limit.figure])[limit.figure]

    upper = Free("fluence", fluence.low, best.settings["fluence"], fluence.step)
    most = within_all(at_limit, best.settings, stops, upper)
    settings = {**best.settings, "fluence": fluence.low if most is None else most}
    if settings == best.settings:
        return best, found, adverse
    trial = Trial(settings, question.figures(settings)[goal.figure], most is not None)
    return trial, *_adverse(question, settings, limits, goal, lambda share: None)


def _margins(
    question: Question, settings: Settings, limits: Sequence[Limit], adverse: Mapping[str, Facts]
) -> tuple[Margin, ...]:
    """Return where the settings stand against each limit; the one with the least headroom in fluence binds."""
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
    """How many times the fluence may grow (below 1: must shrink) before the limit's upper end meets stop.

    Looked for up to `care/planning/headroom.most`.

    The delivered energy is scaled, not the setting: the answer may lie beyond what the machine can be set to.
    """
    delivered = facts[question.output].value

    def past(times: float) -> float:
        more = facts.with_value(question.output, times * delivered)
        return excess(limit, question.figures(settings, more)[limit.figure])

    most = question.facts.si("care/planning/headroom.most")
    return most_fluence(past, Free("times", 0.05, most)) or 0.0


def _goal_results(
    question: Question, settings: Settings, goals: Sequence[Goal], found: Sequence[Swing], whole: Treatment
) -> tuple[GoalResult, ...]:
    """Return what the whole beam reaches, and what it does at each goal's own favourable and adverse point.

    Limits are judged on the axis, where nothing is lost sideways; a goal read there would promise too much, so the
    axis only gives the factors.
    """
    swept = question.figures(settings, sweep=True)

    def result(goal: Goal) -> GoalResult:
        value = whole.summary[goal.figure].value
        ends = [adverse_facts(question.facts, found, swept, goal.figure, sign) for sign in (-1.0, 1.0)]
        low, high = (question.figures(settings, facts, sweep=True)[goal.figure] for facts in ends)
        if swept[goal.figure] > 0.0:
            low, high = (value * end / swept[goal.figure] for end in (low, high))
        return GoalResult(goal, value, min(low, value), max(high, value))

    return tuple(ask_all(result, goals))
