"""Whatever is wrong with the input: one line that says what, where and what to do; nothing is half-written."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from tauten.cli import main

INPUT, FILE, STORAGE = 3, 4, 9

CASE = """\
schema = 1
title = "Lower face"
language = "en"

[person]
age = 52
sex = "female"
phototype = 3
melanin = "5.5 %"
bmi = 24.0

[area]
site = "cheek"
side = "both"

[[skin.layers]]
name = "epidermis"
thickness = "0.08 mm"

[treatment]
method = "infrared"
device = "ir-lamp-1100-1800"
plan = "optimise"

[treatment.settings]
fluence = "36 J/cm2"
duration = "3 s"
passes = 1

[goal]
depth = ["0.2 mm", "0.8 mm"]

[answers]
pregnant = "no"

[run]
seed = 1
"""


@dataclass(frozen=True)
class Bad:
    """An edit of the good case: the line `old` becomes `new`; the message must hold each of `says`."""

    name: str
    old: str
    new: str
    says: tuple[str, ...]
    exit: int = INPUT
    at: str = ""  # the line the message must point to, when it is not the new one


FAULTS = [
    # keys
    Bad(
        "unknown key at the top",
        "schema = 1",
        'schema = 1\nauthor = "me"',
        ("author", "not a key", "person"),
        at="author",
    ),
    Bad("unknown section", "[goal]", "[goals]", ("goals", "Did you mean goal?")),
    Bad("unknown key of the person", "bmi = 24.0", "bmi = 24.0\nweight = 70", ("person.weight", "bmi"), at="weight"),
    Bad("misspelt key of the person", "bmi = 24.0", "bni = 24.0", ("person.bni", "Did you mean bmi?")),
    Bad(
        "key in the wrong section",
        'side = "both"',
        'side = "both"\nage = 3',
        ("area.age", "Did you mean person.age?"),
        at="age = 3",
    ),
    Bad(
        "unknown key of the treatment",
        'plan = "opt',
        'power = "3 W"\nplan = "opt',
        ("treatment.power", "not a key"),
        at="power",
    ),
    Bad(
        "unknown key of a layer",
        'thickness = "0.08',
        'thikness = "0.08',
        ("skin.layers.0.thikness", "Did you mean thickness?"),
    ),
    Bad("unknown key of the run", "seed = 1", "sead = 1", ("run.sead", "Did you mean seed?")),
    Bad("unknown setting", 'fluence = "36', 'fluense = "36', ("treatment.settings.fluense", "Did you mean fluence?")),
    Bad(
        "setting of another cooling",
        "passes = 1",
        'spray_before = "30 ms"',
        ("treatment.settings.spray_before", "not a setting"),
    ),
    Bad("key twice", "age = 52", "age = 52\nage = 53", ("overwrite",), FILE, at="age = 53"),
    Bad("section twice", "[goal]", "[person]\nbmi = 25\n[goal]", ("twice",), FILE, at="-"),
    # missing
    Bad("no schema", "schema = 1\n", "", ("schema is missing",), at='title = "Lower face"'),
    Bad("no age", "age = 52\n", "", ("person.age", "is missing", "[person]"), at="[person]"),
    Bad("no sex", 'sex = "female"\n', "", ("person.sex", "is missing"), at="[person]"),
    Bad("no site", 'site = "cheek"\n', "", ("area.site", "is missing"), at="[area]"),
    Bad("no method", 'method = "infrared"\n', "", ("treatment.method", "is missing"), at="[treatment]"),
    Bad("no device", 'device = "ir-lamp-1100-1800"\n', "", ("treatment.device", "is missing"), at="[treatment]"),
    Bad("no skin colour", 'phototype = 3\nmelanin = "5.5 %"\n', "", ("person", "colour", "melanin"), at="[person]"),
    # versions and names
    Bad("future schema", "schema = 1", "schema = 2", ("schema = 2", "allowed: 1")),
    Bad("schema as text", "schema = 1", 'schema = "1"', ("schema", "allowed: 1")),
    Bad("schema as yes", "schema = 1", "schema = true", ("schema = true", "allowed: 1")),
    Bad("unknown language", '"en"', '"fr"', ("language", '"fr"', "en | es")),
    Bad("unknown sex", '"female"', '"f"', ("person.sex", '"f"', "female | male")),
    Bad("unknown site", '"cheek"', '"elbow"', ("area.site", '"elbow"', "submentum")),
    Bad("misspelt site", '"cheek"', '"cheeck"', ("area.site", "Did you mean cheek?")),
    Bad("unknown side", '"both"', '"top"', ("area.side", "left | right | both | middle")),
    Bad("side of a paired site", '"both"', '"middle"', ("area.side", "no side of the cheek", "left | right | both")),
    Bad(
        "side of an unpaired site",
        '"cheek"',
        '"submentum"',
        ("area.side", "no side of the submentum", "middle"),
        at="side =",
    ),
    Bad("unknown method", '"infrared"', '"ultrasound"', ("treatment.method", '"ultrasound"', "infrared")),
    Bad("unknown plan", '"optimise"', '"optimize"', ("treatment.plan", "Did you mean optimise?")),
    Bad("unknown device", "ir-lamp-1100-1800", "ir-lamp-1100", ("treatment.device", "Did you mean ir-lamp-1100-1800?")),
    Bad("nothing like a device", "ir-lamp-1100-1800", "zzz", ("treatment.device", "zzz", "nd-yag-1320-cryogen")),
    Bad("device file that is not there", "ir-lamp-1100-1800", "mine.toml", ("mine.toml", "No such file"), FILE, at="-"),
    Bad("device file that is a folder", "ir-lamp-1100-1800", "./", ("is a folder",), FILE, at="-"),
    Bad("device file that cannot be named", "ir-lamp-1100-1800", "a\\u0000.toml", ("no file name",), FILE, at="-"),
    Bad("unknown layer", '"epidermis"', '"dermis"', ("skin.layers.0.name", "Did you mean", "dermis")),
    Bad(
        "unknown answer",
        'pregnant = "no"',
        'pregnant = "maybe"',
        ("answers.pregnant", '"maybe"', "yes | no | unknown | not applicable"),
    ),
    Bad(
        "not applicable without a reason",
        'pregnant = "no"',
        'pregnant = "not applicable"',
        ("answers.pregnant", "<reason>"),
    ),
    Bad("unknown question", 'pregnant = "no"', 'pregnnt = "no"', ("answers.pregnnt", "Did you mean pregnant?")),
    Bad("answer as true", 'pregnant = "no"', "pregnant = true", ("answers.pregnant", 'Write "yes", in quotes.')),
    Bad("answer without quotes", 'pregnant = "no"', "pregnant = no", ("invalid value",), FILE),
    # numbers
    Bad("age as text", "age = 52", 'age = "52"', ("person.age", "plain number", "without quotes", "year")),
    Bad("age below zero", "age = 52", "age = -1", ("person.age = -1", "0 to 100 year")),
    Bad("age beyond all", "age = 52", "age = 152", ("person.age = 152", "0 to 100 year")),
    Bad("age NaN", "age = 52", "age = nan", ("person.age = nan", "finite")),
    Bad("age infinite", "age = 52", "age = inf", ("person.age = inf", "finite")),
    Bad("age as yes", "age = 52", "age = true", ("person.age = true", "plain number")),
    Bad("age as a date", "age = 52", "age = 1974-05-01", ("person.age = 1974-05-01", "plain number")),
    Bad("phototype 7", "phototype = 3", "phototype = 7", ("person.phototype = 7", "1 to 6")),
    Bad("phototype 0", "phototype = 3", "phototype = 0", ("person.phototype = 0", "1 to 6")),
    Bad("phototype between", "phototype = 3", "phototype = 3.5", ("person.phototype = 3.5", "whole")),
    Bad("phototype Roman", "phototype = 3", 'phototype = "III"', ("person.phototype", "without quotes")),
    Bad("bmi beyond all", "bmi = 24.0", "bmi = 240.0", ("person.bmi = 240", "12 to 70 kg/m2")),
    Bad("seed below zero", "seed = 1", "seed = -1", ("run.seed = -1", "0 to 4294967295")),
    Bad("too many photons", "seed = 1", "photons = 1e15", ("run.photons", "1000 to 1000000000")),
    Bad("too few photons", "seed = 1", "photons = 3", ("run.photons = 3", "1000 to")),
    Bad("number too large for a float", "age = 52", "age = 1e999", ("person.age = inf", "finite")),
    # quantities
    Bad("melanin without unit", '"5.5 %"', "5.5", ("person.melanin = 5.5", "no unit", '"5.5 %"')),
    Bad("melanin without unit, as text", '"5.5 %"', '"5.5"', ("person.melanin", "no unit", '"5.5 %"')),
    Bad("melanin in the wrong unit", '"5.5 %"', '"5.5 mm"', ("person.melanin", "wrong unit")),
    Bad("melanin below zero", '"5.5 %"', '"-5.5 %"', ("person.melanin", "0 to 50 %")),
    Bad("melanin beyond all", '"5.5 %"', '"95 %"', ("person.melanin", '"95 %"', "0 to 50 %")),
    Bad("melanin NaN", '"5.5 %"', '"nan %"', ("person.melanin", "finite")),
    Bad("melanin in words", '"5.5 %"', '"some"', ("person.melanin", '"some"', "number with a unit")),
    Bad("melanin in an unknown unit", '"5.5 %"', '"5.5 moles_per_freckle"', ("person.melanin", "wrong unit")),
    Bad(
        "thickness below zero", '"0.08 mm"', '"-0.08 mm"', ("skin.layers.0.thickness", '"-0.08 mm"', "0.005 to 100 mm")
    ),
    Bad("thickness zero", '"0.08 mm"', '"0 mm"', ("skin.layers.0.thickness", "0.005 to 100 mm")),
    Bad("thickness infinite", '"0.08 mm"', '"inf mm"', ("skin.layers.0.thickness", "finite")),
    Bad("thickness in the wrong unit", '"0.08 mm"', '"0.08 s"', ("skin.layers.0.thickness", "wrong unit")),
    Bad("thickness a unit only", '"0.08 mm"', '"mm"', ("skin.layers.0.thickness", "number with a unit")),
    Bad(
        "layer twice",
        "[treatment]",
        '[[skin.layers]]\nname = "epidermis"\n[treatment]',
        ("skin.layers.1.name", "twice"),
        at="-",
    ),
    Bad(
        "goal upside down",
        '["0.2 mm", "0.8 mm"]',
        '["0.8 mm", "0.2 mm"]',
        ("goal.depth", "0.8 mm to 0.2 mm", "Smaller depth first"),
    ),
    Bad("goal of one depth", '["0.2 mm", "0.8 mm"]', '["0.2 mm"]', ("goal.depth", "is missing"), at="depth"),
    Bad("goal of three depths", '["0.2 mm", "0.8 mm"]', '["0.2 mm", "0.8 mm", "3 mm"]', ("goal.depth",), at="depth"),
    Bad("goal as one text", '["0.2 mm", "0.8 mm"]', '"0.2 mm"', ("goal.depth", "not a list")),
    # settings
    Bad("fluence without unit", '"36 J/cm2"', "36", ("treatment.settings.fluence = 36", "no unit", "J/cm2")),
    Bad("fluence without unit, as text", '"36 J/cm2"', '"36"', ("treatment.settings.fluence", "no unit")),
    Bad("fluence in the wrong unit", '"36 J/cm2"', '"36 W/cm2"', ("treatment.settings.fluence", "wrong unit")),
    Bad(
        "fluence above the device",
        '"36 J/cm2"',
        '"90 J/cm2"',
        ("treatment.settings.fluence = 90 J/cm2", "5 to 65 J/cm2"),
    ),
    Bad(
        "fluence below the device", '"36 J/cm2"', '"1 J/cm2"', ("treatment.settings.fluence = 1 J/cm2", "5 to 65 J/cm2")
    ),
    Bad("fluence below zero", '"36 J/cm2"', '"-36 J/cm2"', ("treatment.settings.fluence", "5 to 65 J/cm2")),
    Bad("fluence NaN", '"36 J/cm2"', '"nan J/cm2"', ("treatment.settings.fluence", "finite")),
    Bad("fluence as a list", '"36 J/cm2"', '["36 J/cm2"]', ("treatment.settings.fluence", "neither text nor a number")),
    Bad("duration above the device", '"3 s"', '"3 min"', ("treatment.settings.duration = 3 min", "1 to 10 s")),
    Bad("passes between", "passes = 1", "passes = 1.5", ("treatment.settings.passes", "whole")),
    Bad("passes none", "passes = 1", "passes = 0", ("treatment.settings.passes = 0", "1 to 8")),
    Bad("passes as yes", "passes = 1", "passes = true", ("treatment.settings.passes = true", "neither")),
    Bad("unknown spot", "passes = 1", 'spot = "huge"', ("treatment.settings.spot = huge", "10x15 mm")),
    # kinds
    Bad("title as a number", '"Lower face"', "5", ("title = 5", "not text")),
    Bad("device as a number", '"ir-lamp-1100-1800"', "1100", ("treatment.device = 1100", "not text")),
    Bad("answers as text", '[answers]\npregnant = "no"', "x = 1\n[[answers]]\ny = 1", ("goal.x",), at="x = 1"),
    # the file's form
    Bad("text without quotes", '"cheek"', "cheek", ("not valid TOML",), FILE),
    Bad("bracket left open", "[goal]", "[goal", ("not valid TOML",), FILE),
    Bad("quote left open", '"cheek"', '"cheek', ("not valid TOML",), FILE),
    Bad("no equals sign", "seed = 1", "seed 1", ("not valid TOML",), FILE),
]


@pytest.fixture
def tauten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Run the command line in this process; return its exit code and stderr, which must be at most one line."""

    def run(*words: object) -> tuple[int, str]:
        code = main([str(word) for word in words])
        told = capsys.readouterr()
        assert "Traceback" not in told.out + told.err
        assert told.err.count("\n") <= 1
        assert told.out == "" or code == 0
        return code, told.err.rstrip("\n")

    return run


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE)
    return path


def test_the_good_case_is_good(tmp_path: Path) -> None:
    from tauten.files import read_case

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


# Files that are no case

DEVICES = Path(__file__).parents[1] / "tauten" / "data" / "devices"
LAMP = (DEVICES / "ir-lamp-1100-1800.toml").read_text(encoding="utf-8")

FILES: dict[str, tuple[bytes, tuple[str, ...]]] = {
    "empty": (b"", ("is empty", "lower_face.toml")),
    "binary": (bytes(range(256)) * 4, ("not UTF-8",)),
    "image": (b"\x89PNG\r\n\x1a\n" + bytes(64), ("not UTF-8",)),
    "Latin-1": (CASE.replace("Lower face", "Bas du visage é").encode("latin-1"), ("not UTF-8", "Save it as UTF-8")),
    "UTF-16": (CASE.encode("utf-16"), ("not UTF-8",)),
    "zeros after a power cut": (bytes(4096), ("not valid TOML",)),
    "cut inside a text": (CASE.encode()[: CASE.index("cheek") + 2], ("not valid TOML", "half-written")),
    "cut inside a list": (CASE.encode()[: CASE.index('"0.8 mm"')], ("not valid TOML",)),
    "JSON": (b'{"schema": 1}', ("not valid TOML",)),
    "too long": (b"#" * 2_000_000, ("no case file", "2 MB", "1 MB")),
    "nested beyond sense": (b"a = " + b"[" * 5000, ("case.toml",)),
}


@pytest.mark.parametrize("name", FILES)
def test_file_that_is_no_case_is_refused(name: str, tmp_path: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    content, says = FILES[name]
    path = tmp_path / "case.toml"
    path.write_bytes(content)
    code, told = tauten("plan", path, "--out", tmp_path / "out")
    assert code == FILE
    assert told.startswith(str(path))
    assert not [part for part in says if part not in told], told
    assert not (tmp_path / "out").exists()


def test_case_cut_between_two_lines_says_what_is_missing(
    tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "case.toml").write_text(CASE[: CASE.index("[treatment]")])
    code, told = tauten("simulate", tmp_path / "case.toml")
    assert (code, "treatment is missing" in told) == (INPUT, True)


def test_windows_line_ends_and_byte_order_mark_are_read(tmp_path: Path) -> None:
    from tauten.files import read_case

    (tmp_path / "case.toml").write_bytes(b"\xef\xbb\xbf" + CASE.replace("\n", "\r\n").encode())
    assert read_case(tmp_path / "case.toml").person.age == 52


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing.toml", "No such file"),
        (".", "is a folder"),
        ("/dev/zero", "is a device"),
        ("case.toml/more", "Not a directory"),
        ("a" * 300, "too long"),
    ],
)
def test_path_that_is_no_file_is_refused(
    path: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "case.toml").write_text(CASE)
    monkeypatch.chdir(tmp_path)
    code, told = tauten("simulate", path)
    assert code == FILE
    assert says in told


def test_file_nobody_may_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
) -> None:
    (tmp_path / "case.toml").write_text(CASE)

    def forbidden(self: Path) -> bytes:  # root may read everything, so the system's answer is played
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    code, told = tauten("simulate", tmp_path / "case.toml")
    assert code == FILE
    assert "Permission denied" in told


# A device of your own


def with_device(folder: Path, old: str, new: str) -> Path:
    assert old in LAMP
    (folder / "mine.toml").write_text(LAMP.replace(old, new, 1), encoding="utf-8")
    (folder / "case.toml").write_text(CASE.replace("ir-lamp-1100-1800", "mine.toml"), encoding="utf-8")
    return folder / "case.toml"


@pytest.mark.parametrize(
    ("old", "new", "exit", "says"),
    [
        ('name = "', 'nmae = "', INPUT, ("name is missing",)),
        ('method = "infrared"', 'method = "magic"', INPUT, ("method", "infrared")),
        ("[settings.fluence]", "[settings.fluense]", INPUT, ("settings.fluense", "Did you mean fluence?")),
        ('method = "infrared"', "method = infrared", FILE, ("not valid TOML",)),
        ("low = 5\n", "low = nan\n", INPUT, ("finite",)),
        ('unit = "J/cm2"', 'unit = "J"', INPUT, ("settings.fluence.unit", "J/cm2")),
    ],
)
def test_fault_in_a_device_file_names_that_file(
    old: str, new: str, exit: int, says: tuple[str, ...], tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    path = with_device(tmp_path, old, new)
    for words in (("simulate", path), ("devices", tmp_path / "mine.toml")):
        code, told = tauten(*words)
        assert code == exit
        assert told.startswith(f"{tmp_path / 'mine.toml'}:")
        assert not [part for part in says if part not in told], told


@pytest.mark.parametrize(
    ("nanometres", "end"), [("[2500]", "2500 nm"), ("[300]", "300 nm"), ("[1320, 2001]", "2001 nm")]
)
def test_light_beyond_the_optical_tables_names_the_device_file(
    nanometres: str, end: str, tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    laser = (DEVICES / "nd-yag-1320-cryogen.toml").read_text(encoding="utf-8")
    mine = laser.replace("wavelengths = [1320]", f"wavelengths = {nanometres}")
    (tmp_path / "mine.toml").write_text(mine, encoding="utf-8")
    settings = CASE[CASE.index("[treatment.settings]") : CASE.index("[goal]")]
    (tmp_path / "case.toml").write_text(CASE.replace("ir-lamp-1100-1800", "mine.toml").replace(settings, ""))
    code, told = tauten("simulate", tmp_path / "case.toml")
    line = mine[: mine.index("wavelengths =")].count("\n") + 1
    assert code == INPUT
    assert told.startswith(f"{tmp_path / 'mine.toml'}:{line}: spectrum.wavelengths = {end} ")
    assert "400 to 2000 nm" in told


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


# Places to write to


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace the planner by one that is done at once: these tests are about what happens to its answer."""
    made = SimpleNamespace(title="plan", summary=(("fluence", "36 J/cm²", ""),), to_dict=lambda: {"title": "plan"})
    plan = ModuleType("tauten.care.plan")
    plan.plan = lambda case, progress=None: made  # type: ignore[attr-defined]
    page = ModuleType("tauten.report.page")
    page.write = lambda made, folder: (folder / "plan.html").write_text("new")  # type: ignore[attr-defined]
    report = ModuleType("tauten.report")
    report.page = page  # type: ignore[attr-defined]
    for module in (plan, page, report):
        monkeypatch.setitem(sys.modules, module.__name__, module)


@pytest.mark.usefixtures("planned")
class TestWriting:
    def test_plan_is_written_whole(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        out = case_file.parent / "out"
        assert tauten("plan", case_file, "--out", out) == (0, "")
        assert sorted(p.name for p in out.iterdir()) == ["plan.html", "plan.json"]
        assert json.loads((out / "plan.json").read_text()) == {"title": "plan"}

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT, errno.EIO])
    def test_disk_that_refuses_keeps_the_previous_plan(
        self, number: int, case_file: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        out = case_file.parent / "out"
        out.mkdir()
        (out / "plan.html").write_text("before")

        def refuse(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", refuse)
        code, told = tauten("plan", case_file, "--out", out)
        assert code == STORAGE
        assert os.strerror(number) in told
        assert (out / "plan.html").read_text() == "before"
        assert sorted(p.name for p in case_file.parent.iterdir()) == ["case.toml", "out"]

    def test_read_only_place_is_refused_before_any_work(
        self, case_file: Path, monkeypatch: pytest.MonkeyPatch, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr("tempfile.mkdtemp", refuse)
        sys.modules["tauten.care.plan"].plan = lambda *_, **__: pytest.fail("work began")  # type: ignore[attr-defined]
        code, told = tauten("plan", case_file, "--out", case_file.parent / "out")
        assert code == STORAGE
        assert "Read-only file system" in told

    def test_place_below_a_file_is_refused(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        code, told = tauten("plan", case_file, "--out", case_file / "out")
        assert code == STORAGE
        assert "Not a directory" in told

    def test_place_that_is_a_file_is_refused(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        code, told = tauten("plan", case_file, "--out", case_file)
        assert (code, "is a file" in told) == (INPUT, True)
        assert case_file.read_text() == CASE

    def test_folder_with_your_files_is_refused(self, case_file: Path, tauten: Callable[..., tuple[int, str]]) -> None:
        code, told = tauten("plan", case_file, "--out", case_file.parent)
        assert (code, "'case.toml'" in told) == (INPUT, True)
        assert case_file.read_text() == CASE

    @pytest.mark.parametrize(
        ("end", "code"), [(KeyboardInterrupt(), 130), (MemoryError(), 5), (ZeroDivisionError("no"), 1)]
    )
    def test_run_cut_short_keeps_the_previous_plan(
        self, end: BaseException, code: int, case_file: Path, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        out = case_file.parent / "out"
        out.mkdir()
        (out / "plan.html").write_text("before")

        def cut(plan: object, folder: Path) -> None:
            (folder / "plan.html").write_text("half")
            raise end

        sys.modules["tauten.report.page"].write = cut  # type: ignore[attr-defined]
        ended, told = tauten("plan", case_file, "--out", out)
        assert ended == code
        assert told
        assert (out / "plan.html").read_text() == "before"
        assert sorted(p.name for p in case_file.parent.iterdir()) == ["case.toml", "out"]

    def test_answer_that_is_no_number_is_not_written(
        self, case_file: Path, tauten: Callable[..., tuple[int, str]]
    ) -> None:
        made = SimpleNamespace(title="", summary=(), to_dict=lambda: {"peak": float("nan")})
        sys.modules["tauten.care.plan"].plan = lambda *_, **__: made  # type: ignore[attr-defined]
        code, told = tauten("plan", case_file, "--out", case_file.parent / "out")
        assert code == 1
        assert "JSON" in told
        assert not (case_file.parent / "out").exists()


# The command line itself


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


# In a process of its own

TAUTEN = (sys.executable, "-c", "import sys; from tauten.cli import main; sys.exit(main())")


def run(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # type: ignore[call-overload, no-any-return]
        [*TAUTEN, *map(str, words)], stderr=subprocess.PIPE, text=True, timeout=60, check=False, **options
    )


def test_full_disk_behind_stdout_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        ended = run("schema", stdout=full)
    assert ended.returncode == STORAGE
    assert "No space left" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_file_that_may_not_grow_is_one_line(tmp_path: Path) -> None:
    def small_files_only() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    with open(tmp_path / "schema.json", "w") as target:
        ended = run("schema", stdout=target, preexec_fn=small_files_only)
    assert ended.returncode == STORAGE
    assert ended.stderr.count("\n") == 1


def test_closed_pipe_is_quiet() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = run("schema", stdout=writer)
    os.close(writer)
    assert (ended.returncode, ended.stderr) == (141, "")


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_process_says_so_in_one_line(sent: signal.Signals, code: int, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "case.toml")  # nobody writes to it, so the command waits to read
    process = subprocess.Popen(
        [*TAUTEN, "simulate", str(tmp_path / "case.toml")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    writer = -1
    until = time.monotonic() + 30
    while writer < 0 and time.monotonic() < until:
        try:
            writer = os.open(tmp_path / "case.toml", os.O_WRONLY | os.O_NONBLOCK)  # fails until the command reads
        except OSError:
            time.sleep(0.02)
    assert writer >= 0
    process.send_signal(sent)
    _, told = process.communicate(timeout=30)
    os.close(writer)
    assert process.returncode == code
    assert told.count("\n") == 1
    assert "Nothing is half-written" in told


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    ended = run("simulate", tmp_path / "none.toml", stdout=subprocess.PIPE, env={**os.environ, "TAUTEN_DEBUG": "1"})
    assert ended.returncode == FILE
    assert "Traceback" in ended.stderr


def test_ascii_terminal_is_no_reason_to_fail() -> None:
    ended = run("devices", stdout=subprocess.PIPE, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert (ended.returncode, ended.stderr) == (0, "")


def test_names_of_the_faults_are_distinct_and_many() -> None:
    assert len({bad.name for bad in FAULTS}) == len(FAULTS) >= 60
