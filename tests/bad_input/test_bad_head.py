"""Heads for focused ultrasound given wrongly on the command line: one line, its place, and no traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from good_case import CASE

from tauten.cli import main
from tauten.cli.doctor import CHECKS
from tauten.devices.catalogue import _read
from tauten.files import read_case

HEADS = Path(__file__).parents[2] / "tauten" / "data" / "devices"
GOOD = (HEADS / "mfu-7mhz-3.0mm.toml").read_text(encoding="utf-8")
Run = Callable[..., tuple[int, str]]


@pytest.mark.parametrize("key", ["mfu-7mhz-3mm", "mfu-7mhz-3.0mm-narow", "MFU-7MHz-3.0mm"])
def test_a_key_nearly_right_names_the_one_meant(tauten: Run, key: str) -> None:
    code, told = tauten("devices", key)
    assert code == 3
    assert "Did you mean mfu-7mhz-3.0mm" in told


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('method = "ultrasound"', 'method = "infrared"', "spectrum is missing"),
        ('method = "ultrasound"', "", "method is missing"),
        ('method = "ultrasound"', "method = 7", "wrong kind"),
        ('couplant = "water"', 'couplant = "air"', "no sound reaches the skin"),
        ('couplant = "water"', "", "couplant is missing"),
        ('shape = "bowl"', "", "transducer.shape is missing"),
        ("value = 15\nlow = 13", "value = 15\nlow = 3", "wider than the sphere"),
        ("value = 11\nlow = 9\nhigh = 13", "low = 40\nhigh = 50", "wider than the sphere"),
        ("value = 11\nlow = 9\nhigh = 13", "value = inf", "not a finite number"),
        ("value = 7\nlow = 6.5\nhigh = 7.7", 'value = "seven"', "wrong kind"),
        ("value = 7\nlow = 6.5\nhigh = 7.7", "value = 7000000", "1 to 50 MHz"),
        ("value = 3.0\nlow = 2.8", "value = 3.0\nlow = -2.8", "above 0 mm"),
        ("value = 60\nlow = 10", "value = 60\nlow = 0", "begins too low"),
        ("value = 2.2\nlow = 0.3\nhigh = 60", "value = 2.2\nlow = 0.3\nhigh = 6e9", "up to 60 W"),
        ("value = 23\nlow = 1\nhigh = 40", "value = 40\nlow = 1\nhigh = 40", "more points than the pitch allows"),
        ("value = 1.1\nlow = 0.8", "value = 1.1\nlow = 0", "begins too low"),
        ("[settings.line_spacing]", "[settings.line_pacing]", "Did you mean line_spacing"),
        ("[[hazards]]", "[hazards]", "not valid TOML"),
    ],
)
def test_a_fault_in_a_head_file_is_one_line(tauten: Run, tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in GOOD
    path = tmp_path / "head.toml"
    text = GOOD.replace(old, new) if old == "[[hazards]]" else GOOD.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    code, told = tauten("devices", path)
    assert code in (3, 4)
    assert told.startswith(f"{path}:")
    assert words in told


def test_half_a_head_is_no_head(tauten: Run, tmp_path: Path) -> None:
    path = tmp_path / "head.toml"
    path.write_text(GOOD[: len(GOOD) // 3], encoding="utf-8")
    code, told = tauten("devices", path)
    assert code in (3, 4)
    assert "head.toml" in told


# Every fact of a head has a range; a slip of unit lies outside it.

MINE = GOOD.replace("mfu-7mhz-3.0mm", "clinic-7mhz")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "value = 15\nlow = 13\nhigh = 17",
            "value = 1e6",
            ("transducer.radius.value = 1e+06", "3 to 150 mm", "radius of curvature in mm"),
        ),
        ("value = 15\nlow = 13\nhigh = 17", "value = 1e308", ("transducer.radius.value = 1e+308", "3 to 150 mm")),
        ("high = 17", "high = 151", ("transducer.radius.high = 151", "3 to 150 mm")),
        (
            "value = 11\nlow = 9\nhigh = 13",
            "value = 0.001",
            ("transducer.aperture.value = 0.001", "1 to 150 mm", "rim in mm"),
        ),
        (
            "value = 3.0\nlow = 2.8\nhigh = 3.2",
            "value = 0.01",
            ("transducer.focal_depth.value = 0.01", "0.5 to 60 mm", "below the skin"),
        ),
        ("value = 25\nunit", "value = 1e9\nunit", ("transducer.line_length.value = 1e+09", "1 to 200 mm", "line")),
        (
            "value = 1.0\nlow = 0.3\nhigh = 1.0",
            "value = 1e-9",
            ("transducer.acoustic_power_share.value = 1e-09", "0.01 to 1.", "0.8 for 80 %"),
        ),
        (
            "value = 1.0\nlow = 0.3\nhigh = 1.0",
            "value = 1.01",
            ("transducer.acoustic_power_share.value = 1.01", "0.01 to 1.", "0.8 for 80 %"),
        ),
        ("low = 0.3\nhigh = 1.0", "high = 80\nlow = 0.3", ("transducer.acoustic_power_share.high = 80", "80 %")),
        ('value = 20\nunit = "%"', 'value = 100\nunit = "%"', ("output_tolerance.value = 100", "0 to 50 %", "dose")),
    ],
)
def test_a_fact_no_head_can_have_is_one_line_with_its_range(
    tauten: Run, tmp_path: Path, old: str, new: str, words: tuple[str, ...]
) -> None:
    assert old in MINE
    path = tmp_path / "head.toml"
    text = MINE.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    code, told = tauten("devices", path)
    assert code == 3
    line = text[: text.index(new)].count("\n") + 1
    assert told.startswith(f"{path}:{line}: ")
    assert not [word for word in words if word not in told], told


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("../x", "letters and digits"),
        ("a/b c", "letters and digits"),
        ("", "some text"),
        ("a" * 61, "up to 60"),
        ("Ä7", "letters and digits"),
        (".", "letters and digits"),
        ("mfu-7mhz-3.0mm", "is the key of a device in the catalogue"),
        ("MFU-7MHz-3.0mm", "is the key of a device in the catalogue"),
        ("ir-lamp-1100-1800", "is the key of a device in the catalogue"),
        ("output", "is the key of data that every device uses"),
        ("transducer", "is the key of data that every device uses"),
    ],
)
def test_a_key_that_names_no_file_or_another_device_is_one_line(
    tauten: Run, tmp_path: Path, key: str, words: str
) -> None:
    path = tmp_path / "head.toml"
    path.write_text(MINE.replace('key = "clinic-7mhz"', f'key = "{key}"'), encoding="utf-8")
    code, told = tauten("devices", path)
    assert code == 3
    assert told.startswith(f"{path}:2: key ")
    assert words in told


def test_a_head_of_ones_own_is_good(tauten: Run, tmp_path: Path) -> None:
    path = tmp_path / "head.toml"
    path.write_text(MINE, encoding="utf-8")
    assert tauten("devices", path) == (0, "")


# A shipped file that somebody broke stops only those who use it.


@pytest.fixture
def one_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Copy the catalogue to a folder in which the file of one head is cut short; return the folder."""
    folder = tmp_path / "devices"
    folder.mkdir()
    for path in HEADS.glob("*.toml"):
        shutil.copy(path, folder)
    (folder / "mfu-7mhz-3.0mm.toml").write_text(GOOD[: GOOD.index("[transducer.aperture]")], encoding="utf-8")
    shipped = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    monkeypatch.setattr("tauten.devices.catalogue._shipped", lambda: shipped)
    _read.cache_clear()
    yield folder
    _read.cache_clear()


def test_one_broken_shipped_file_stops_no_other_device(one_broken: Path, tauten: Run) -> None:
    case = one_broken.parent / "case.toml"
    case.write_text(CASE, encoding="utf-8")
    assert read_case(case).device.key == "ir-lamp-1100-1800"
    assert tauten("devices", "mfu-4mhz-4.5mm") == (0, "")
    code, told = tauten("devices", "mfu-7mhz-3.0mm")
    assert code == 3
    assert told.startswith(f"{one_broken / 'mfu-7mhz-3.0mm.toml'}:")


def test_the_list_of_devices_names_the_broken_one(one_broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--quiet"]) == 3
    told = capsys.readouterr()
    listed = sorted(path.stem for path in HEADS.glob("*.toml") if path.stem != "mfu-7mhz-3.0mm")
    assert told.out.split() == listed
    assert told.err.startswith(f"{one_broken / 'mfu-7mhz-3.0mm.toml'}:")
    assert told.err.count("\n") == 1


def test_the_doctor_names_the_broken_one(one_broken: Path) -> None:
    (found,) = next(check for check in CHECKS if check.__name__ == "_devices")()
    assert (found.subject, found.fault) == ("device mfu-7mhz-3.0mm", True)
