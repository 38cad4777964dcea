"""The patient's part: in plain words, in the case's language, without settings, promises or borrowed evidence."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from page_reader import patient_part, words
from plan_sample import goals, margins, sample, screening


def test_a_person_not_cleared_reads_no_numbers_of_the_plan() -> None:
    cleared, held = sample(), sample(screening=screening(pregnant=None))
    assert "How warm your skin gets" in patient_part(words(cleared))
    told = patient_part(words(held))
    assert "You are not cleared for this treatment yet. Questions still open: 1." in told
    assert "How warm your skin gets" not in told
    assert "target set for this method" not in told


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("device", ["ir-lamp-1100-1800", "nd-yag-1320-cryogen"])
def test_the_patients_part_never_carries_machine_settings(language: str, device: str) -> None:
    plan = sample(language=language, device_key=device)
    told = patient_part(words(plan))
    assert "J/cm" not in told
    assert "nm" not in told.split()
    assert "20 °C" not in told  # the window
    assert "W/cm" not in told


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_lamp_is_never_called_a_laser_to_a_patient(language: str) -> None:
    lamp = patient_part(words(sample(language=language)))
    laser = patient_part(words(sample(language=language, device_key="nd-yag-1064-long-pulse")))
    assert not re.search(r"l[aá]ser", lamp, re.I)
    assert re.search(r"l[aá]ser", laser, re.I)


def test_what_is_known_about_lamps_is_not_told_of_lasers() -> None:
    laser = patient_part(words(sample(device_key="nd-yag-1064-long-pulse")))
    assert "13 women" not in laser
    assert "7 of 63" not in laser
    lamp = patient_part(words(sample()))
    assert "13 women" in lamp
    assert "7 of 63 sessions" in lamp


def test_the_patients_part_is_in_the_cases_language() -> None:
    html = words(sample(language="es"))
    assert '<section id="patient" class="patient" lang="es"' in html
    told = patient_part(html)
    assert "23 de noviembre de 2026" in told
    assert "mejilla" in told
    assert not re.search(r"\b(the|skin|your)\b", told)


def test_a_plan_past_a_limit_tells_the_patient_too() -> None:
    first, *others = margins()
    html = words(sample(margins=(replace(first, upper=9.0, headroom=0.4), *others)))
    told = patient_part(html)
    assert "goes past a safety limit" in told
    assert "How warm your skin gets" not in told


@pytest.mark.parametrize(
    ("language", "words_of_warning"), [("en", "in its warning band"), ("es", "en su zona de aviso")]
)
def test_a_warning_is_told_to_the_patient(language: str, words_of_warning: str) -> None:
    calm = tuple(replace(m, upper=m.value) for m in margins())
    assert words_of_warning in patient_part(words(sample(language=language)))
    assert words_of_warning not in patient_part(words(sample(language=language, margins=calm)))


@pytest.mark.parametrize(("language", "guess"), [("en", "itself a guess"), ("es", "una suposición de los autores")])
def test_a_patient_reads_that_the_target_is_a_guess_and_no_share_of_it(language: str, guess: str) -> None:
    planned, other = goals()
    told = patient_part(words(sample(language=language, goals=(replace(planned, value=1.7), other))))
    assert guess in told
    assert "83 %" not in told


@pytest.mark.parametrize(
    ("language", "beyond"), [("en", "which is called off-label"), ("es", "va más allá de su autorización")]
)
def test_a_patient_reads_that_the_use_is_off_label(language: str, beyond: str) -> None:
    plan = sample(language=language)
    assert beyond in patient_part(words(plan))
    uses = tuple(use for use in plan.device.cleared_uses if use.kind == "cleared")
    assert beyond not in patient_part(words(replace(plan, device=replace(plan.device, cleared_uses=uses))))
