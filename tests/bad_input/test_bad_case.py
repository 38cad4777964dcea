"""Whatever is wrong in a case file: one line that says what, where and what to do; nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from good_case import CASE, INPUT, Bad
from wrong_keys import KEYS
from wrong_settings import SETTINGS
from wrong_values import LAYERS, NAMES, NUMBERS, QUANTITIES

from tauten.files import read_case

FAULTS = [*KEYS, *NAMES, *NUMBERS, *QUANTITIES, *LAYERS, *SETTINGS]


def test_the_good_case_is_good(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(CASE)
    assert read_case(tmp_path / "case.toml").held["fluence"] == pytest.approx(36e4)


@pytest.mark.parametrize("bad", FAULTS, ids=lambda bad: bad.name)
def test_fault_in_a_case_is_one_line_that_can_be_acted_on(
    bad: Bad, tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    assert bad.old in CASE
    text = CASE.replace(bad.old, bad.new, 1)
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    code, told = tauten("plan", path, "--out", tmp_path / "out")
    assert code == bad.exit
    if bad.at != "-":
        wanted = bad.at or bad.new.splitlines()[0]
        line = next(n for n, one in enumerate(text.splitlines(), 1) if wanted in one)
        assert told.startswith(f"{path}:{line}: "), told
    missing = [part for part in bad.says if part not in told]
    assert not missing, told
    assert [p.name for p in tmp_path.iterdir()] == ["case.toml"]


def test_names_of_the_faults_are_distinct_and_many() -> None:
    assert len({bad.name for bad in FAULTS}) == len(FAULTS) >= 60


# Found by the rooms below


def test_grid_too_large_for_the_memory_says_how_much(
    case_file: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
) -> None:
    monkeypatch.setattr("tauten.grid.free_memory", lambda: 1e3)
    code, told = tauten("simulate", case_file)
    assert code == 5
    assert told.startswith(f"{case_file}: grid = ")
    assert "GB is free" in told
    assert "coarser" in told


def test_goal_below_the_dermis_names_its_line(case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    case_file.write_text(CASE.replace('["0.2 mm", "0.8 mm"]', '["9 mm", "10 mm"]'))
    code, told = tauten("simulate", case_file)
    line = CASE[: CASE.index("depth =")].count("\n") + 1
    assert code == INPUT
    assert told.startswith(f"{case_file}:{line}: goal.depth = ")


def test_answer_that_contradicts_the_person_names_its_line(
    case_file: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    case_file.write_text(CASE.replace('pregnant = "no"', 'pregnant = "no"\nphototype_5_6 = "yes"'))
    code, told = tauten("plan", case_file, "--out", case_file.parent / "out")
    line = CASE[: CASE.index("pregnant")].count("\n") + 2
    assert code == INPUT
    assert told.startswith(f"{case_file}:{line}: answers.phototype_5_6 = yes contradicts phototype = 3")
    assert not (case_file.parent / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [('pregnant = "no"', 'pregnant = "yes"', "pregnant?"), ("age = 52", "age = 16", "Under 18?")],
)
def test_person_who_must_not_be_treated_gets_no_plan(
    old: str, new: str, says: str, case_file: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    case_file.write_text(CASE.replace(old, new))
    code, told = tauten("plan", case_file, "--out", case_file.parent / "out")
    assert code == 10
    assert says in told
    assert not (case_file.parent / "out").exists()


@pytest.mark.parametrize("verb", ["simulate", "plan"])
def test_passes_that_overlap_name_the_line_of_their_interval(
    verb: str, case_file: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    settings = 'fluence = "36 J/cm2"\nduration = "3 s"\npasses = 1\n'
    overlapping = 'passes = 10\npulses = 20\npass_interval = "5 s"\n'
    text = CASE.replace("ir-lamp-1100-1800", "nd-yag-1064-long-pulse").replace(settings, overlapping)
    case_file.write_text(text.replace('"optimise"', '"as given"'))
    code, told = tauten(verb, case_file, *(["--out", case_file.parent / "out"] if verb == "plan" else []))
    line = text[: text.index("pass_interval")].count("\n") + 1
    assert code == INPUT
    assert told.startswith(f"{case_file}:{line}: treatment.settings.pass_interval = 5 s lets one pass begin"), told
