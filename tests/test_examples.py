"""Every example does what its first line says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from tauten.care.question import question_of
from tauten.care.screening import screen
from tauten.files.case import read_case
from tauten.units import celsius

FOLDER = Path(__file__).parents[1] / "examples"
CASES = sorted(FOLDER.glob("*.toml"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_case_can_be_asked_and_warms_the_skin(path) -> None:
    case = read_case(path)
    question = question_of(case)
    figures = question.figures(question.device.settings_at(**case.held), sweep=True)
    assert celsius(37.5) < figures["tissue.peak_temperature"] < celsius(100.0)
    person, site = case.person, case.area.site
    known = {"age": person.age, "phototype": person.phototype, "bmi": person.bmi, "site": site}
    # Round the eye a doctor's word comes first, whatever the answers say.
    assert screen(case.answers, "infrared", **known).verdict == ("refer" if site == "periorbital" else "clear")


@pytest.mark.parametrize("path", [p for p in CASES if p.stem != "lower_face"], ids=lambda path: path.stem)
def test_replay_says_what_was_published_and_changes_nothing(path) -> None:
    case = read_case(path)
    assert case.published is not None
    assert case.published.citation
    assert len(case.published.claims) >= 2
    assert case.treatment.plan == "as given"


def test_one_pulse_ends_in_one_sentence(capsys) -> None:
    spec = importlib.util.spec_from_file_location("one_pulse", FOLDER / "one_pulse.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    treatment = example.main()
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert f"{treatment.summary['peak.epidermis'].value - 273.15:.1f} °C" in printed
