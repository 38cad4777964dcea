"""A misused command line, and errors as programs read them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from good_case import CASE, INPUT


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("plann",), "plan"),
        (("plan",), "CASE"),
        (("plan", "a", "b"), "b"),
        (("plan", "--outt", "x", "case.toml"), "--out"),
        (("plan", "case.toml", "--out"), "--out"),
        (("devices", "--jsn"), "--json"),
    ],
)
def test_misused_command_says_where_help_is(
    words: tuple[str, ...], says: str, tauten: Callable[..., tuple[int, str]]
) -> None:
    code, told = tauten(*words)
    assert code == 2
    assert says in told
    assert "--help" in told


def test_unknown_device_and_claim_offer_the_nearest(tauten: Callable[..., tuple[int, str]]) -> None:
    code, told = tauten("devices", "nd-yag-1320")
    assert (code, "nd-yag-1320-cryogen" in told) == (INPUT, True)
    code, told = tauten("verify", "damge")
    assert (code, "Did you mean damage?" in told) == (INPUT, True)


def test_json_error_holds_the_same_facts(case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    case_file.write_text(CASE.replace("phototype = 3", "phototype = 7"))
    code, told = tauten("plan", case_file, "--json", "--out", case_file.parent / "out")
    error = json.loads(told)["error"]
    assert code == error["exit"] == INPUT
    assert error["kind"] == "InputError"
    assert (error["file"], error["line"]) == (str(case_file), 8)
    assert (error["key"], error["value"], error["allowed"]) == ("person.phototype", "7", "1 to 6")


def test_value_with_line_breaks_stays_on_one_line(case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    case_file.write_text(CASE.replace('"cheek"', '"""\ncheek\nand\nmore"""'))
    code, told = tauten("simulate", case_file)
    assert (code, '"cheek and more"' in told) == (INPUT, True)


def test_more_faults_are_counted(case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    case_file.write_text(CASE.replace("phototype = 3", "phototype = 7").replace("seed = 1", "seed = -1"))
    _, told = tauten("simulate", case_file)
    assert "person.phototype" in told
    assert told.endswith("1 more fault after this one.")
