"""Heads for focused ultrasound given wrongly on the command line: one line, its place, and no traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
