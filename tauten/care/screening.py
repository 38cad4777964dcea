"""Screening: who must not be treated, who needs a doctor's word first, who must wait, and what nobody has asked yet.

The conditions are data (`data/screening/conditions.toml`), one verdict for each method. An answer is yes, no, unknown
or not applicable with its reason; one left out is unknown, and unknown is not clear.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from tauten.errors import InputError
from tauten.toml import read_toml

__all__ = ["METHODS", "Condition", "Finding", "Screening", "Verdict", "conditions", "screen"]

Verdict = Literal["stop", "unknown", "defer", "refer", "flag", "clear"]
Answer = str | bool | None

METHODS = ("ultrasound", "rf_monopolar", "rf_multipolar", "rf_microneedling", "infrared")
_WORST_FIRST: tuple[Verdict, ...] = ("stop", "unknown", "defer", "refer", "flag", "clear")
_WORDS = {True: "yes", False: "no", None: "unknown", "yes": "yes", "no": "no", "unknown": "unknown"}
_NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the screening table: `verdicts` by method, each "ok" or a verdict and what ends it."""

    key: str
    question: str
    scope: str
    verdicts: Mapping[str, str]
    source: str
    confidence: str
    number: str = ""
    below: float | None = None
    above: float | None = None

    def asked_for(self, method: str) -> bool:
        """Whether the answer matters to `method`."""
        return self.verdicts[method] != "ok"

    def answer_from(self, number: float) -> str:
        """Return "yes" or "no", worked out from the `number` (age, phototype or BMI) it is about."""
        under = self.below is not None and number < self.below
        over = self.above is not None and number > self.above
        # Phototype IV lies between its two bounds; an age outside the trials lies beyond either of them.
        between = self.below is not None and self.above is not None and self.above < self.below
        return "yes" if (under and over if between else under or over) else "no"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition that is not clear: the `verdict`, what ends it (`until`, may be empty), and from whom."""

    condition: str
    question: str
    answer: str
    verdict: Verdict
    until: str
    source: str
    confidence: str

    @property
    def reason(self) -> str:
        """The finding in one sentence, for the clinician."""
        if self.verdict == "unknown":
            return f"{self.question} Not answered: ask."
        what = {"stop": "do not treat", "defer": "wait", "refer": "a doctor's clearance first", "flag": "take note"}
        ends = f", {self.until}" if self.until else ""
        return f"{self.question} Yes: {what[self.verdict]}{ends}."


@dataclass(frozen=True, slots=True)
class Screening:
    """The outcome for one method: the worst of all findings, and all of them, worst first."""

    method: str
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst finding; flags alone leave the person clear."""
        worst = self.findings[0].verdict if self.findings else "clear"
        return "clear" if worst == "flag" else worst

    @property
    def clear(self) -> bool:
        """Whether nothing blocks treatment."""
        return self.verdict == "clear"

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The keys of the conditions nobody has answered."""
        return tuple(f.condition for f in self.findings if f.verdict == "unknown")

    @property
    def flags(self) -> tuple[Finding, ...]:
        """Findings that block nothing and belong in the plan."""
        return tuple(f for f in self.findings if f.verdict == "flag")


@cache
def conditions() -> Mapping[str, Condition]:
    """Return every condition by key, in the order they are asked."""
    data, _ = read_toml(Path(str(files("tauten") / "data" / "screening" / "conditions.toml")))
    return MappingProxyType({key: _condition(key, about) for key, about in data.items()})


def screen(
    answers: Mapping[str, Answer],
    method: str = "infrared",
    *,
    age: float | None = None,
    phototype: int | None = None,
    bmi: float | None = None,
) -> Screening:
    """Return the screening of one person for one `method`.

    `answers` by condition key: True/"yes", False/"no", None/"unknown", or "not applicable: <reason>". Conditions about
    `age` [years], `phototype` (1-6) and `bmi` [kg/m²] are worked out when the number is given. Stop beats everything;
    an answer left out is unknown. Raises `InputError` for an unknown condition, answer or method, and for an answer
    that contradicts the number.
    """
    if method not in METHODS:
        raise InputError("is not a method", key="method", value=method, allowed=" | ".join(METHODS))
    numbers = {"age": age, "phototype": phototype, "bmi": bmi}
    for name, number in numbers.items():
        if number is not None and not (math.isfinite(number) and number > 0):
            raise InputError("is not a positive number", key=name, value=number)
    known = {key: _read(key, answer) for key, answer in answers.items()}
    findings = []
    for condition in conditions().values():
        if not condition.asked_for(method):
            continue
        answer = _settled(condition, known.get(condition.key, "unknown"), numbers.get(condition.number))
        if answer == "unknown":
            findings.append(_finding(condition, answer, "unknown", ""))
        elif answer == "yes":
            word, _, until = condition.verdicts[method].partition(" ")
            findings.append(_finding(condition, answer, word, until))
    return Screening(method, tuple(sorted(findings, key=lambda f: _WORST_FIRST.index(f.verdict))))


def _read(key: str, answer: Answer) -> str:
    if key not in conditions():
        near = get_close_matches(key, list(conditions()), n=3)
        raise InputError(
            "is not a screening condition",
            key=f"screening.{key}",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "`tauten screen --help` lists them.",
        )
    if isinstance(answer, str):
        answer = answer.strip().lower()
        if answer.startswith(f"{_NOT_APPLICABLE}:") and answer.partition(":")[2].strip():
            return _NOT_APPLICABLE
    if not (answer is None or isinstance(answer, (bool, str))) or answer not in _WORDS:
        raise InputError(
            "is not an answer",
            key=f"screening.{key}",
            value=repr(answer),
            allowed=f"yes | no | unknown | {_NOT_APPLICABLE}: <reason>",
        )
    return _WORDS[answer]


def _settled(condition: Condition, answer: str, number: float | None) -> str:
    """Return the answer, worked out from the number where there is one; the two must not contradict each other."""
    if number is None:
        return answer
    derived = condition.answer_from(number)
    if answer in ("yes", "no") and answer != derived:
        raise InputError(
            f"contradicts {condition.number} = {number:g}",
            key=f"screening.{condition.key}",
            value=answer,
            remedy="Leave the answer out, or correct the number.",
        )
    return derived


def _finding(condition: Condition, answer: str, verdict: Any, until: str) -> Finding:
    return Finding(condition.key, condition.question, answer, verdict, until, condition.source, condition.confidence)


def _condition(key: str, about: Mapping[str, Any]) -> Condition:
    return Condition(
        key=key,
        question=about["question"],
        scope=about["scope"],
        verdicts=MappingProxyType({method: about[method] for method in METHODS}),
        source=about["source"],
        confidence=about["confidence"],
        number=about.get("from", ""),
        below=about.get("below"),
        above=about.get("above"),
    )
