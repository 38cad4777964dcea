"""Choosing for one device: where its spreads lead, the most of the goal inside every limit, and a check of that choice.

Adverse points are found before the settings, since the settings are chosen at them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tauten.care.goals import Goal, read_goals
from tauten.care.limits import Limit
from tauten.care.optimise import Free, Trial, excess, optimise, within_all
from tauten.care.question import Question
from tauten.care.sensitivity import Swing, adverse_facts, far_ends, swings
from tauten.facts import Facts

__all__ = ["Choice", "choose", "choose_like", "completed", "scaled", "settled"]

_NEARLY = 0.93
"""Share of the chosen driver that a check looks at first when the choice itself is too much."""

Settings = Mapping[str, Any]
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Choice:
    """What was chosen for one device, and what was found out on the way.

    `best` are the settings and what they do, `moves` what was free; `found` is what every row does at the settings
    `probe`, and `adverse` the facts at the adverse point of each limit, by its figure.
    """

    question: Question
    goals: tuple[Goal, ...]
    best: Trial
    moves: tuple[Free, ...]
    probe: Settings
    found: tuple[Swing, ...]
    adverse: Mapping[str, Facts]


def choose(question: Question, tell: Progress, weighed: Choice | None = None) -> Choice:
    """Choose the settings of one device: adverse points first, then the most of the goal inside every limit.

    Where the device was `weighed` already at another's adverse points, only its driver is chosen anew at its own.
    The choice is as good as trials are: `settled` checks it.
    """
    limits, method = question.limits, question.method
    start = weighed.best.settings if weighed else question.start
    goals = read_goals(question.case.treatment.method, question.facts, question.band)
    tell("first look", 0.0)
    probe = method.probe(question, start)
    found, adverse = _adverse(question, probe, limits, goals[0], lambda share: tell("first look", share), first=True)
    names = (method.driver,) if weighed else method.free
    best, moves = _choose(question, start, probe, names, goals[0], adverse, lambda share: tell("settings", share))
    moves = weighed.moves if weighed else moves
    if method.sweeps > 1:
        found, adverse = _adverse(question, best.settings, limits, goals[0], lambda share: tell("spread", share))
    return Choice(question, goals, best, moves, probe, found, adverse)


def settled(choice: Choice) -> Choice:
    """Return the choice as it holds where margins are read, with the settings that follow from the others."""
    question, goal = choice.question, choice.goals[0]
    limits, several = question.limits, question.method.sweeps > 1
    safe = _until_safe(question, choice.best, choice.moves, limits, goal, choice.adverse)
    found, adverse = choice.found, choice.adverse
    if safe is not choice.best and several:
        found, adverse = _adverse(question, safe.settings, limits, goal, lambda share: None)
    probe = safe.settings if several else choice.probe
    return completed(replace(choice, best=safe, probe=probe, found=found, adverse=adverse))


def choose_like(other: Choice, question: Question, tell: Progress) -> Choice:
    """Choose the settings of another device of the case at the adverse points of `other`.

    To first order rows act alike whatever the head; its own rows are moved by the same share of their spread. A choice
    so made is good for weighing heads, and `choose` is asked again for the one that is taken.
    """
    goals = read_goals(question.case.treatment.method, question.facts, question.band)
    adverse = {figure: _carried(point, other.question, question) for figure, point in other.adverse.items()}
    probe = question.method.probe(question, question.start)
    best, moves = _choose(
        question, question.start, probe, question.method.free, goals[0], adverse, lambda share: tell("settings", share)
    )
    return Choice(question, goals, best, moves, probe, other.found, adverse)


def completed(choice: Choice) -> Choice:
    """Return the choice with the settings that follow from the others."""
    question, best = choice.question, choice.best
    settings = question.method.complete(question, best.settings, choice.adverse)
    if settings == best.settings:
        return choice
    ranges = question.device.settings
    moved = [n for n in settings if settings[n] != best.settings[n] and n not in question.settled]
    moves = (*choice.moves, *(Free(n, ranges[n].low, ranges[n].high) for n in moved))
    goal = question.figures(settings)[choice.goals[0].figure]
    return replace(choice, best=Trial(settings, goal, best.allowed), moves=moves)


def _carried(point: Facts, one: Question, other: Question) -> Facts:
    """Return the facts of another device moved as `point` moves those of the first."""
    facts = other.facts
    for name in dict.fromkeys(point.changed):
        mine = name.replace(f"devices/{one.device.key}/", f"devices/{other.device.key}/")
        if mine not in facts.rows:
            continue  # a part that the other device does not have
        row, moved, old = facts[mine], point[name].value, one.facts[name]
        end, far = (row.high, old.high) if moved > old.value else (row.low, old.low)
        share = (moved - old.value) / (far - old.value) if far != old.value else 0.0
        facts = facts.with_value(mine, row.value + share * (end - row.value))
    return facts


def scaled(
    question: Question, settings: Settings, limits: Sequence[Limit], facts: Facts | None = None
) -> dict[str, float]:
    """Return the figures of a sweep with each logarithmic limit's in its logarithm, in which spreads add."""
    figures = dict(question.figures(settings, facts, run="sweep"))
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
        return scaled(question, settings, limits, facts)

    figures = [goal.figure, *(limit.figure for limit in limits)]
    ends = 0 if first and question.method.sweeps > 1 else question.method.both_ends
    found = swings(ask, question.facts, question.knobs, figures, progress, both_ends=ends)
    central = ask(question.facts)
    leads = question.method.leads
    points = {
        figure: adverse_facts(question.facts, found, central, leads.get(figure, figure))
        for figure in (limit.figure for limit in limits)
    }
    return found, points


def _choose(
    question: Question,
    start: Settings,
    probe: Settings,
    names: Sequence[str],
    goal: Goal,
    adverse: Mapping[str, Facts],
    progress: Callable[[float], None],
) -> tuple[Trial, tuple[Free, ...]]:
    """Choose those of the settings `names` that the case leaves open; with none open, try the case's own as given."""
    limits, method = question.limits, question.method
    open_names = [n for n in names if n in start and n not in question.settled]
    if question.case.treatment.plan == "as given":
        open_names = []
    free = tuple(_range(question, n, probe.get(n)) for n in open_names)
    stops = _guarded(limits, question.facts)

    def at_limit(settings: Settings, limit: Limit) -> float:
        return question.figures(settings, adverse[limit.figure])[limit.figure]

    for facts in (question.facts, *adverse.values()):
        question.figures(start, facts)  # what a trial can find again is worked out once, here
    stops = sorted(stops, key=lambda limit: -excess(limit, at_limit(start, limit)))
    held = {name: value for name, value in start.items() if name not in open_names}
    best = optimise(lambda s: question.figures(s)[goal.figure], at_limit, stops, free, held, progress, method.driver)
    return best, free


def _range(question: Question, name: str, first: float | None) -> Free:
    """Return what the optimiser may choose: never less cooling than the device's default."""
    setting, method = question.device.settings[name], question.method
    low = setting.default if name in method.never_less else setting.low
    high = setting.default if name in method.never_more else method.high(question, name)
    upward = first if name == method.driver and method.upward else None
    return Free(name, low, high, setting.si_step, upward, method.lean)


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
    adverse: Mapping[str, Facts],
) -> Trial:
    """Check the choice the way margins are read; lower the driver until it holds there, if it may be moved.

    The adverse point may first have been found at other settings, and trials may be cruder: the choice may lie a little
    past a limit.
    """
    name, run = question.method.driver, question.method.check
    driver = next((free for free in moves if free.name == name), None)
    if driver is None:
        return best

    def at_limit(settings: Settings, limit: Limit) -> float:
        return question.figures(settings, adverse[limit.figure], run=run)[limit.figure]

    planned = best.settings[name]
    near = _NEARLY * planned if question.method.upward else None
    upper = Free(name, driver.low, planned, driver.step, near, question.method.lean)
    most = within_all(at_limit, best.settings, _guarded(limits, question.facts), upper)
    settings = {**best.settings, name: driver.low if most is None else most}
    if settings == best.settings:
        return best
    return Trial(settings, question.figures(settings)[goal.figure], most is not None)
