"""What the pages say is so: their links lead somewhere, their cases can be read, their tables match the program."""

from __future__ import annotations

import ast
import math
import re
import tomllib
from pathlib import Path

import pytest

from tauten import errors
from tauten.facts import load
from tauten.files import case_from

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def blocks(page: Path, kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", page.read_text(encoding="utf-8"), flags=re.S)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    lost = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not lost


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "tutorial.md"], ids=lambda page: page.name)
def test_cases_on_the_page_can_be_read(page: Path) -> None:
    cases = [block for block in blocks(page, "toml") if block.startswith("schema")]
    assert cases
    for text in cases:
        assert case_from(tomllib.loads(text)).treatment.method == "infrared"


def test_case_of_the_ultrasound_page_can_be_read() -> None:
    page = ROOT / "docs" / "how-to" / "plan-ultrasound.md"
    (text,) = (block for block in blocks(page, "toml") if block.startswith("schema"))
    case = case_from(tomllib.loads(text))
    assert case.treatment.method == "ultrasound"
    assert [device.key for device in case.devices] == list(case.given["treatment"]["device"])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_on_the_page_is_python(page: Path) -> None:
    for block in blocks(page, "python"):
        ast.parse(block)


def test_readme_lists_every_exit_code() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| Code | Meaning")[2].partition("## ")[0]
    listed = {int(code) for code in re.findall(r"\b\d+\b", table)}
    assert {getattr(errors, name).exit_code for name in errors.__all__} | {0, 2, 11, 130, 141, 143} == listed


def test_readme_lists_every_verb() -> None:
    from tauten.cli.verbs import app

    listed = set(re.findall(r"^\| `tauten (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.M))
    assert listed == {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]


def test_decisions_are_numbered_and_listed_by_their_titles() -> None:
    folder = ROOT / "docs" / "decisions"
    rows = []
    for page in sorted(folder.glob("0*.md")):
        number, _, title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(". ")
        assert page.name.startswith(f"{int(number):04d}-")
        rows.append(f"| {number} | [{title}]({page.name}) |")
    assert rows
    listed = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in listed if re.match(r"\| \d", line)] == rows


def test_versions_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_shot_on_the_page_prints_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    text = (ROOT / "docs" / "how-to" / "simulate-a-shot.md").read_text(encoding="utf-8")
    parts = re.findall(r"(<!-- not run[^\n]*\n)?```(python|text)\n(.*?)```", text, flags=re.S)
    scope: dict[str, object] = {}
    promised = []
    for left_out, kind, block in parts:
        if kind == "text":
            promised += block.split()
        elif not left_out:
            exec(block, scope)
    printed = capsys.readouterr().out.split()
    assert len(promised) > 10
    assert [word.rstrip("0123456789.") for word in printed] == [word.rstrip("0123456789.") for word in promised]
    for word, other in zip(printed, promised, strict=True):
        if re.fullmatch(r"[\d.]+", other):  # the sizes of a zone move more than the sound does when a solver is refined
            assert float(word) == pytest.approx(float(other), rel=0.03)


def test_acoustic_table_says_what_the_rows_say() -> None:
    text = (ROOT / "docs" / "reference" / "sound.md").read_text(encoding="utf-8")
    table = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")
    ]
    start = next(n for n, cells in enumerate(table) if cells[0] == "Tissue")
    rows = load().under("tissue/acoustics")
    columns = ("speed", "attenuation", "exponent", "nonlinearity", "absorbed_fraction")
    seen = set()
    for cells in table[start + 2 :]:
        tissue = cells[0].replace(" ", "_")
        if f"{tissue}.speed" not in rows:
            break
        seen.add(tissue)
        for name, cell in zip(columns, cells[1:], strict=True):
            row = rows.get(f"{tissue}.{name}") or rows[f"skin.{name}"]
            scale = 20.0 * math.log10(math.e) / 100.0 if name == "attenuation" else 1.0  # Np/m in dB/cm
            numbers = [float(number) for number in re.findall(r"[\d.]+", cell)]
            given = [row.value * scale, row.low * scale, row.high * scale]
            assert numbers in (pytest.approx(given, rel=5e-3), pytest.approx(given[:1], rel=5e-3)), f"{tissue}.{name}"
            assert len(numbers) == 3 or row.low == row.high
            assert ("†" in cell) == (row.confidence == "unverified"), f"{tissue}.{name}"
    assert seen == {key.partition(".")[0] for key in rows if key.endswith(".speed")} - {"air"}
