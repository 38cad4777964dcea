"""Stamps of needles and radio-frequency tips given wrongly on the command line: one line, its place, no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

DEVICES = Path(__file__).parents[2] / "tauten" / "data" / "devices"
STAMP = (DEVICES / "needles-37-hexagonal.toml").read_text(encoding="utf-8").replace("needles-37-hexagonal", "mine")
PAIRS = (DEVICES / "needles-5-pairs.toml").read_text(encoding="utf-8").replace("needles-5-pairs", "mine")
TIP = (DEVICES / "rf-monopolar-3cm2.toml").read_text(encoding="utf-8").replace("rf-monopolar-3cm2", "mine")
Run = Callable[..., tuple[int, str]]


@pytest.mark.parametrize("text", [STAMP, PAIRS, TIP])
def test_a_copy_under_a_key_of_its_own_is_read(tauten: Run, tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    assert tauten("devices", path) == (0, "")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("needles-37", "needles-37-hexagonal"),
        ("needles-7x8", "needles-7x7"),
        ("needle-5-pairs", "needles-5-pairs"),
        ("rf-monopolar-3cm", "rf-monopolar-3cm2"),
        ("rf-monopolar-0,25cm2", "rf-monopolar-0.25cm2"),
    ],
)
def test_a_key_nearly_right_names_the_one_meant(tauten: Run, key: str, meant: str) -> None:
    code, told = tauten("devices", key)
    assert code == 3
    assert f"Did you mean {meant}" in told


@pytest.mark.parametrize(
    ("good", "old", "new", "words"),
    [
        (STAMP, 'method = "microneedling"', 'method = "needling"', "not a choice"),
        (STAMP, 'method = "microneedling"', 'method = "ultrasound"', "transducer is missing"),
        (STAMP, "rings = 3", "rings = 9", "more needles than a stamp has"),
        (STAMP, "rings = 3", "rings = 0", "no number of needles"),
        (STAMP, "rings = 3", "", "needles.rings is missing"),
        (STAMP, "value = 1.0\nlow = 0.8\nhigh = 1.2", "value = 0.29", "touch or overlap"),
        (STAMP, "value = 1.0\nlow = 0.8\nhigh = 1.2", "value = inf", "not a finite number"),
        (STAMP, "value = 0.15\nlow = 0.125\nhigh = 0.15", "value = 0.15\nlow = 0.125\nhigh = 0.45", "touch or overlap"),
        (STAMP, "value = 0.3\nlow = 0.2\nhigh = 0.5", "value = 4", "leaves nothing insulated"),
        (STAMP, "value = 0.3\nlow = 0.2\nhigh = 0.5", "value = 0", "above 0 mm"),
        (STAMP, 'polarity = ["rows", "monopolar"]', 'polarity = ["checkerboard"]', "needs needles on a square grid"),
        (STAMP, 'polarity = ["rows", "monopolar"]', "polarity = []", "not a list of choices"),
        (STAMP, "value = 1\nlow = 0.5\nhigh = 2", "value = 1\nlow = 0.5\nhigh = 2000", "allowed: 0.1 to 10 MHz"),
        (STAMP, "value = 1.0\nlow = 0.5\nhigh = 3.5", "value = 1.0\nlow = 0.5\nhigh = 5", "deeper than the needles"),
        (STAMP, "high = 50\n", "high = 60\n", "more than the generator gives"),
        (STAMP, "[[hazards]]", "[hazards]", "not valid TOML"),
        (PAIRS, "value = 67\nlow = 60\nhigh = 80", "value = 67\nlow = 60\nhigh = 100", "to hold tissue at"),
        (PAIRS, "value = 65", "value = 85", "allowed: 0 to 80 deg"),
        (PAIRS, "value = 2.5\nlow = 2.2\nhigh = 4.0", "value = 2.5\nlow = 1.6\nhigh = 4.0", "touch or overlap"),
        (PAIRS, "value = 84", "value = 84000", "allowed: 0 to 1000 V"),
        (TIP, 'shape = "square"', 'shape = "bars"', "is no shape of a monopolar capacitive tip"),
        (TIP, "value = 3\n", "value = 30000\n", "no size an electrode on skin can have"),
        (TIP, "value = 6.78", "value = 6780", "allowed: 0.1 to 10 MHz"),
        (TIP, "value = 500", "value = 300", "more than the generator gives"),
        (TIP, '["spray", "none"]', '["plate"]', "this device has no spray"),
        (TIP, "value = 3.4\nlow = 3.0", "value = 3.4\nlow = 0.3", "allowed: 1 to 100"),
    ],
)
def test_a_fault_in_a_file_is_one_line(tauten: Run, tmp_path: Path, good: str, old: str, new: str, words: str) -> None:
    assert old in good
    path = tmp_path / "mine.toml"
    path.write_text(good.replace(old, new) if old == "[[hazards]]" else good.replace(old, new, 1), encoding="utf-8")
    code, told = tauten("devices", path)
    assert code in (3, 4)
    assert told.startswith(f"{path}:")
    assert words in told


@pytest.mark.parametrize("good", [STAMP, TIP])
def test_half_a_file_is_no_device(tauten: Run, tmp_path: Path, good: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(good[: len(good) // 3], encoding="utf-8")
    code, told = tauten("devices", path)
    assert code in (3, 4)
    assert told.startswith(f"{path}:")


def test_a_stamp_gives_no_light(tauten: Run, case_file: Path) -> None:
    text = case_file.read_text(encoding="utf-8")
    (line,) = (each for each in text.splitlines() if each.startswith("device"))
    case_file.write_text(text.replace(line, 'device = "needles-7x7"'), encoding="utf-8")
    code, told = tauten("plan", case_file)
    assert code == 3
    assert "is a device for microneedling, not for infrared" in told
