"""Screening: who must not be treated, who needs a doctor's word first, who must wait, and what nobody has asked yet.

The conditions are data (`data/screening/conditions.toml`), one verdict for each method. An answer is yes, no, unknown
or not applicable with its reason; one left out is unknown, and unknown is not clear. What the case itself says (age,
melanin, site, ...) answers some of them, and nobody may answer those otherwise.
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

from tauten.devices.catalogue import Machine
from tauten.devices.stamp import Stamp
from tauten.errors import InputError
from tauten.facts import load
from tauten.skin.sites import site as find_site
from tauten.toml import read_toml

__all__ = [
    "METHODS",
    "WORST_FIRST",
    "Condition",
    "Finding",
    "Screening",
    "Verdict",
    "conditions",
    "screen",
    "screened_as",
]

Verdict = Literal["stop", "unknown", "defer", "refer", "flag", "clear"]
Answer = str | bool | None

METHODS = ("ultrasound", "rf_monopolar", "rf_multipolar", "rf_microneedling", "infrared")
"""What the conditions have a verdict for; current has three, by the way it takes."""
WORST_FIRST: tuple[Verdict, ...] = ("stop", "unknown", "defer", "refer", "flag", "clear")
_WORDS = {True: "yes", False: "no", None: "unknown", "yes": "yes", "no": "no", "unknown": "unknown"}
_NOT_APPLICABLE = "not applicable"
_ROMAN = ("I", "II", "III", "IV", "V", "VI")


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the screening table: `verdicts` by method, each "ok" or a verdict and what ends it.

    At one of its `sites` the answer is yes. With `asked_at`, it is asked there, and no at any other site.
    """

    key: str
    question: str
    scope: str
    verdicts: Mapping[str, str]
    source: str
    confidence: str
    number: str = ""
    below: float | None = None
    above: float | None = None
    sites: tuple[str, ...] = ()
    asked_at: tuple[str, ...] = ()

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

    def answer_at(self, site: str | None, answer: str) -> str:
        """Return `answer` ("" where it was left out), or the one that the `site` gives by itself."""
        if site in self.sites:
            return "yes"
        if answer:
            return answer  # somebody who says unknown is not overruled: the area may reach further than its name
        elsewhere = site is not None and bool(self.asked_at) and site not in self.asked_at
        return "no" if elsewhere else "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One condition that is not clear: the `verdict`, what ends it (`until`, may be empty), and from whom.

    `because` names what in the case gave the answer, and is empty when somebody answered.
    """

    condition: str
    question: str
    answer: str
    verdict: Verdict
    until: str
    source: str
    confidence: str
    because: str = ""

    @property
    def reason(self) -> str:
        """The finding in one sentence, for the clinician."""
        if self.verdict == "unknown":
            return f"{self.question} Not answered: ask."
        what = {"stop": "do not treat", "defer": "wait", "refer": "a doctor's clearance first", "flag": "take note"}
        ends = f", {self.until}" if self.until else ""
        because = f" ({self.because})" if self.because else ""
        return f"{self.question} Yes{because}: {what[self.verdict]}{ends}."


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


def screened_as(machine: Machine, polarity: str = "") -> tuple[str, ...]:
    """Return the columns of the conditions that a device is screened by: for current, by the ways it takes.

    Needles of one pole send it through the body to a return electrode, as a monopolar tip does. `polarity` is the one
    a case holds; without, a stamp has its first.

    >>> from tauten.devices.catalogue import device
    >>> screened_as(device("rf-monopolar-3cm2")), screened_as(device("needles-5x5"), "monopolar")
    (('rf_monopolar',), ('rf_microneedling', 'rf_monopolar'))
    """
    if isinstance(machine, Stamp):
        one_pole = (polarity or machine.polarity[0]) == "monopolar"
        return ("rf_microneedling", "rf_monopolar") if one_pole else ("rf_microneedling",)
    if machine.method == "radiofrequency":
        return ("rf_monopolar" if machine.kind.startswith("monopolar") else "rf_multipolar",)
    return (machine.method,)


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
    melanin: float | None = None,
    site: str | None = None,
) -> Screening:
    """Return the screening of one person for one `method`.

    `answers` by condition key: True/"yes", False/"no", None/"unknown", or "not applicable: <reason>". Conditions about
    `age` [years], `phototype` (1-6), `bmi` [kg/m²], `melanin` (volume fraction of the epidermis) and `site` are worked
    out when these are given; of phototype and melanin, the darker counts. Stop beats everything; an answer left out is
    unknown. Raises `InputError` for an unknown condition, answer, method or site, and for an answer that contradicts
    what is given.
    """
    if method not in METHODS:
        raise InputError("is not a method", key="method", value=method, allowed=" | ".join(METHODS))
    numbers = {"age": age, "phototype": phototype, "bmi": bmi}
    for name, number in numbers.items():
        if number is not None and not (math.isfinite(number) and number > 0):
            raise InputError("is not a positive number", key=name, value=number)
    said = {name: f"{name} = {number:g}" for name, number in numbers.items() if number is not None}
    if melanin is not None and (as_dark_as := _phototype_of(melanin)) > (phototype or 0):
        numbers["phototype"] = as_dark_as
        said["phototype"] = f"melanin = {100 * melanin:g} %, as phototype {_ROMAN[as_dark_as - 1]}"
    where = None if site is None else find_site(site).name
    known = {key: _read(key, answer) for key, answer in answers.items()}
    findings = []
    for condition in conditions().values():
        if not condition.asked_for(method):
            continue
        given = known.get(condition.key, "")
        answer, because = _settled(condition, given, numbers.get(condition.number), said, where)
        if answer == "unknown":
            findings.append(_finding(condition, answer, "unknown", "", because))
        elif answer == "yes":
            word, _, until = condition.verdicts[method].partition(" ")
            findings.append(_finding(condition, answer, word, until, because))
    return Screening(method, tuple(sorted(findings, key=lambda f: WORST_FIRST.index(f.verdict))))


def _read(key: str, answer: Answer) -> str:
    if key not in conditions():
        near = get_close_matches(key, list(conditions()), n=3)
        raise InputError(
            "is not a screening condition",
            key=f"answers.{key}",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "`tauten schema` lists the questions.",
        )
    if isinstance(answer, str):
        answer = answer.strip().lower()
        if answer.startswith(f"{_NOT_APPLICABLE}:") and answer.partition(":")[2].strip():
            return _NOT_APPLICABLE
    if not (answer is None or isinstance(answer, (bool, str))) or answer not in _WORDS:
        raise InputError(
            "is not an answer",
            key=f"answers.{key}",
            value=repr(answer),
            allowed=f"yes | no | unknown | {_NOT_APPLICABLE}: <reason>",
        )
    return _WORDS[answer]


def _phototype_of(melanin: float) -> int:
    """Return the lightest phototype whose range reaches `melanin`: between two ranges, the darker one counts."""
    if not (math.isfinite(melanin) and 0.0 <= melanin <= 1.0):
        raise InputError("is no volume fraction", key="melanin", value=melanin, allowed="0 to 1")
    rows = load().under("tissue/pigment")
    return next((kind for kind in range(1, 6) if melanin <= rows[f"phototype_{kind}.melanin"].si_high), 6)


def _settled(
    condition: Condition, given: str, number: float | None, said: Mapping[str, str], site: str | None
) -> tuple[str, str]:
    """Return the answer and what in the case gave it; somebody's answer must not contradict the case."""
    answer, because = condition.answer_at(site, given), f"site = {site}"
    if number is not None:
        answer, because = condition.answer_from(number), said[condition.number]
    elif site not in condition.sites:
        return answer, ""
    if given in ("yes", "no") and given != answer:
        raise InputError(
            f"contradicts {because}",
            key=f"answers.{condition.key}",
            value=given,
            remedy=f"Leave the answer out, or correct the {because.partition(' ')[0]}.",
        )
    return answer, because


def _finding(condition: Condition, answer: str, verdict: Any, until: str, because: str) -> Finding:
    about = condition
    return Finding(about.key, about.question, answer, verdict, until, about.source, about.confidence, because)


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
        sites=tuple(about.get("sites", ())),
        asked_at=tuple(about.get("asked_at", ())),
    )
