"""Every example does what its first line says."""

from __future__ import annotations

import importlib.util
from itertools import pairwise
from pathlib import Path

import pytest

from tauten.care.imaging import findings
from tauten.care.pattern import lay, shot_end
from tauten.care.plan import screened
from tauten.care.question import question_of
from tauten.care.screening import screen
from tauten.files.case import read_case
from tauten.units import celsius

FOLDER = Path(__file__).parents[1] / "examples"
CASES = sorted(FOLDER.glob("*.toml"))


SOUND = [path for path in CASES if path.stem.startswith("ultrasound")]
CURRENT = [path for path in CASES if path.stem.startswith(("radiofrequency", "microneedling"))]
LIGHT = [path for path in CASES if path not in (*SOUND, *CURRENT)]
PLANNED = ("lower_face", "ultrasound_lower_face", "radiofrequency_cheek", "microneedling_cheek")


@pytest.mark.parametrize("path", LIGHT, ids=lambda path: path.stem)
def test_case_can_be_asked_and_warms_the_skin(path) -> None:
    case = read_case(path)
    question = question_of(case)
    figures = question.figures(question.device.settings_at(**case.held), run="sweep")
    assert celsius(37.5) < figures["tissue.peak_temperature"] < celsius(100.0)
    person, site = case.person, case.area.site
    known = {"age": person.age, "phototype": person.phototype, "bmi": person.bmi, "site": site}
    # Round the eye a doctor's word comes first, whatever the answers say.
    assert screen(case.answers, "infrared", **known).verdict == ("refer" if site == "periorbital" else "clear")


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.stem)
def test_case_of_ultrasound_can_be_asked_and_its_focus_reaches_coagulation(path) -> None:
    """Fabi 2015: above 60 degC at the focus. With the display's joules all sound, every replay is past it."""
    case = read_case(path)
    question = question_of(case)
    figures = question.figures(question.start, run="sweep")
    assert figures["tissue.peak_temperature"] > celsius(60.0)
    assert figures["zone.peak_temperature"] >= figures["skin_surface.peak_temperature"]
    assert not [f for f in findings(question) if f.verdict == "stop"]
    person = case.person
    known = {"age": person.age, "phototype": person.phototype, "bmi": person.bmi, "site": case.area.site}
    assert screen(case.answers, "ultrasound", **known).verdict == "clear"


@pytest.mark.parametrize("path", CURRENT, ids=lambda path: path.stem)
def test_case_of_current_can_be_asked_and_warms_tissue_below_boiling(path) -> None:
    case = read_case(path)
    question = question_of(case)
    figures = question.figures(question.start, run="sweep")
    assert celsius(40.0) < figures["tissue.peak_temperature"] < celsius(100.0)
    assert screened(case).verdict == "clear"


def test_feedback_replay_holds_the_published_temperatures() -> None:
    """Alexiades 2013: 62 to 78 degC for 3 to 5 s; Hantash 2009: 35 W, five pairs."""
    question = question_of(read_case(FOLDER / "microneedling_hantash_2009.toml"))
    assert question.start["power"] == pytest.approx(35.0)
    assert question.device.array.count == 10
    gentle, strong = (
        question.figures({**question.start, "hold": celsius(hold), "duration": duration})
        for hold, duration in ((62.0, 3.0), (78.0, 5.0))
    )
    # Held as the sensor has it; the first rush overshoots by less than an eighth of the rise.
    for found, hold in ((gentle, 62.0), (strong, 78.0)):
        assert 0.97 < (found["tissue.peak_temperature"] - celsius(37.0)) / (hold - 37.0) < 1.125
    assert gentle["band.denatured"] < 0.2 * strong["band.denatured"]
    assert strong["electric.volts"] < 84.0  # the device's own limit


def test_published_temperatures_over_fat_keep_their_order_over_the_whole_assumed_range(capsys) -> None:
    """doi:10.1177/09592989251407753: 69, 60, 55, 45 degC over 2, 4, 6, 8 mm of fat at 6.78 MHz and 120 W."""
    example = _script("radiofrequency_fat")
    computed = example.main()
    assert len(computed) == len(example.PLACE) * len(example.COOLING) * sum(map(len, example.DURATION.values()))
    for values in computed.values():
        assert all(a > b for a, b in pairwise(values))
    printed = capsys.readouterr().out.splitlines()
    assert [line.partition(", published ")[2].partition(":")[0] for line in printed[-4:]] == ["69", "60", "55", "45"]


def test_replays_of_the_registry_hold_its_joules_pitches_and_points() -> None:
    """NCT02736825, registry results: 0.90 and 0.30 J in arm A, 1.23 and 0.88 J in arm B, with their lattices."""
    published = {
        "a_deep": (0.90, 1.5e-3, 17), "a_shallow": (0.30, 1.1e-3, 23),
        "b_deep": (1.23, 1.5e-3, 17), "b_shallow": (0.88, 1.3e-3, 20),
    }  # fmt: skip
    for arm, (joules, pitch, points) in published.items():
        question = question_of(read_case(FOLDER / f"ultrasound_nct02736825_{arm}.toml"))
        laid = lay(question, question.start)
        assert (laid.joules, laid.pitch, laid.points) == pytest.approx((joules, pitch, points))
        lines = {"a": "672 lines", "b": "336 lines"}[arm[0]]
        assert any(lines in claim for claim in question.case.published.claims)


def test_replay_is_told_at_both_ends_of_what_nobody_knows() -> None:
    """Arm A at 4.5 mm: fewer watts behind a joule are cooler by as much as the factor to 65 degC grows."""
    question = question_of(read_case(FOLDER / "ultrasound_nct02736825_a_shallow.toml"))
    row = f"devices/{question.device.key}/acoustic_power_share"
    target = question.facts.si("care/imaging/focus.warmest")
    all_sound = shot_end(question, question.start, target, "all", row, "high")
    least = shot_end(question, question.start, target, "least", row, "low")
    assert all_sound.focus_peak > least.focus_peak
    share = question.facts[row]
    assert least.factor / all_sound.factor == pytest.approx(share.high / share.low, rel=0.01)
    assert all_sound.factor < 1.0  # at face value the published energy passes what the vendor names, 60-70 degC


@pytest.mark.parametrize("path", [p for p in CASES if p.stem not in PLANNED], ids=lambda path: path.stem)
def test_replay_says_what_was_published_and_changes_nothing(path) -> None:
    case = read_case(path)
    assert case.published is not None
    assert case.published.citation
    assert len(case.published.claims) >= 2
    assert case.treatment.plan == "as given"


def test_one_pulse_ends_in_one_sentence(capsys) -> None:
    treatment = _script("one_pulse").main()
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1
    assert f"{treatment.summary['peak.epidermis'].value - 273.15:.1f} °C" in printed


def _script(name):
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    return example
