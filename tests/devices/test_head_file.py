"""A user's own head: the one from the how-to works from file to shot, and each fault in it is named with its line."""

import re
from pathlib import Path

import pytest

from tauten.devices.catalogue import read_device
from tauten.devices.transducer import Bowl, Ring
from tauten.errors import InputError

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-head.md"
EXAMPLE = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)[1]
RADIUS = re.search(r"value = 14\nlow = 13\nhigh = 15", EXAMPLE)[0]
HOLE = """
[transducer.hole]
value = {}
unit = "mm"
source = "maker's manual"
confidence = "seen"
"""


def write(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_head_of_the_guide_gives_shots(tmp_path):
    mine = read_device(write(tmp_path, EXAMPLE))
    shot = mine.exposure(power="6 W", duration="50 ms")
    assert shot.transducer == Bowl(14e-3, 5e-3, 5e6)
    assert (shot.power, shot.energy) == (6.0, pytest.approx(0.3))
    assert shot.focal_depth == pytest.approx(3.5e-3)
    assert shot.device == "clinic-5mhz"
    assert mine.exposure(energy="0.3 J", duration="50 ms").power == pytest.approx(0.8 * 6.0)
    assert len(mine.series(points=10)) == 10
    assert len(mine.series()) == 17


def test_a_ring_is_read_with_its_hole(tmp_path):
    text = EXAMPLE.replace('shape = "bowl"', 'shape = "ring"').replace(
        "\n[settings.power]", HOLE.format(4) + "\n[settings.power]"
    )
    assert read_device(write(tmp_path, text)).exposure().transducer == Ring(14e-3, 2e-3, 5e-3, 5e6)


def test_a_head_without_a_pattern_gives_single_shots(tmp_path):
    text = re.sub(r"\[settings\.(pitch|points|point_interval)\].*?\n\n", "", EXAMPLE, flags=re.S)
    mine = read_device(write(tmp_path, text))
    assert [(shot.at, shot.time) for shot in mine.series()] == [((0.0, 0.0), 0.0)]


@pytest.mark.parametrize(
    ("old", "new", "words", "marked"),
    [
        ('method = "ultrasound"', 'method = "sound"', "not a choice", 'method = "sound"'),
        ('kind = "microfocused', 'kind = "strong', "not a choice", 'kind = "strong'),
        ('couplant = "water"', 'couplant = "air"', "through which no sound reaches", 'couplant = "air"'),
        ('couplant = "water"', 'couplant = "oil"', "allowed: water | gel", 'couplant = "oil"'),
        ('couplant = "water"', 'couplent = "water"', "Did you write couplent", None),
        ('shape = "bowl"', 'shape = "piston"', "allowed: bowl | ring", 'shape = "piston"'),
        ('shape = "bowl"', 'shape = "ring"', "transducer.hole is missing", None),
        (RADIUS, "value = -14", "allowed: above 0 mm", "value = -14"),
        (RADIUS, "value = 0", "allowed: above 0 mm", "value = 0"),
        (RADIUS, "value = 4.9", "wider than the sphere", "[transducer.aperture]"),
        (RADIUS, "value = nan", "finite", "value = nan"),
        (RADIUS, "value = true", "wrong kind", "value = true"),
        (RADIUS, "value = 14\nlow = 15\nhigh = 16", "outside its own range", None),
        ("value = 10\n", "value = 28.1\n", "allowed: up to 26 mm", "[transducer.aperture]"),
        ("value = 10\n", "value = 0\n", "above 0 mm", "value = 0"),
        ("value = 5 # MHz\nlow = 4.8\nhigh = 5.2", "value = 80", "allowed: 1 to 50 MHz", "[transducer.frequency]"),
        ("value = 5 # MHz\nlow = 4.8\nhigh = 5.2", "value = 0.5", "allowed: 1 to 50 MHz", "[transducer.frequency]"),
        ('unit = "MHz"', 'unit = "kHz"', "allowed: MHz", 'unit = "kHz"'),
        ("value = 3.5", "value = -3.5", "above 0 mm", "value = -3.5"),
        ("value = 3.5", "value = 0", "above 0 mm", "value = 0"),
        ("value = 3.5", "value = 13.5", "rim of the transducer into the skin", "[transducer.focal_depth]"),
        ("value = 3.5", "value = 20", "rim of the transducer into the skin", "[transducer.focal_depth]"),
        ("value = 0.8\nlow = 0.5\nhigh = 1.0", "value = 0", "above 0", "value = 0"),
        ("value = 0.8\nlow = 0.5\nhigh = 1.0", "value = -0.5", "above 0", "value = -0.5"),
        ('value = 20\nunit = "%"', 'value = 120\nunit = "%"', "0 to 50 %", None),
        ("high = 30", "high = 61", "allowed: above 0, up to 60 W", "high = 61"),
        ("low = 1 # W", "low = 0", "begins too low", "low = 0"),
        ('unit = "W"', 'unit = "J"', "allowed: W", 'unit = "J"'),
        ("low = 10\nhigh = 100", "low = 0\nhigh = 100", "begins too low", "low = 0"),
        ("[settings.power]", "[settings.pwer]", "Did you mean power", "[settings.pwer]"),
        ("[settings.power]", "[settings.fluence]", "not a setting Tauten knows", "[settings.fluence]"),
        ("[settings.pitch]", "[settings.line_spacing]", "settings.pitch is missing", None),
        ("value = 17\n", "value = 18\n", "more points than the pitch allows; allowed: 1 to 17", "[settings.points]"),
        ("value = 17\nlow = 1", "value = 16.5\nlow = 1", "whole number", "value = 16.5"),
        ("value = 0.15\nlow = 0.1", "value = 0.04\nlow = 0.01", "begin before the last has ended", None),
        ('confidence = "seen" # power', 'confidence = "sure"', "not a choice", 'confidence = "sure"'),
        ("[[hazards]]", "[[hazard]]", "hazards is missing", None),
        ("# end", "[extra]\na = 1", "unknown", "[extra]"),
        ("# end", "[eye_hazard]\ntext = 'x'", "unknown", "[eye_hazard]"),
        ("[transducer.line_length]", "[transducer.lenght]", "line_length is missing", None),
    ],
)
def test_a_fault_in_a_heads_file_is_named_with_file_and_line(tmp_path, old, new, words, marked):
    assert old in EXAMPLE
    text = EXAMPLE.replace(old, new, 1)
    path = write(tmp_path, text)
    with pytest.raises(InputError, match=words) as caught:
        read_device(path)
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")
    if marked:
        assert text.splitlines()[caught.value.line - 1].startswith(marked)


def test_a_hole_as_wide_as_the_rim_leaves_nothing(tmp_path):
    text = EXAMPLE.replace('shape = "bowl"', 'shape = "ring"').replace(
        "\n[settings.power]", HOLE.format(10) + "\n[settings.power]"
    )
    with pytest.raises(InputError, match="leaves nothing that sends"):
        read_device(write(tmp_path, text))


@pytest.mark.parametrize("missing", ["power", "duration", "pitch", "point_interval"])
def test_a_setting_the_head_needs_cannot_be_left_out(tmp_path, missing):
    text = re.sub(rf"\[settings\.{missing}\][^\n]*\n.*?\n\n", "", EXAMPLE, flags=re.S)
    assert text != EXAMPLE
    with pytest.raises(InputError, match=f"settings.{missing} is missing"):
        read_device(write(tmp_path, text))


def test_the_error_the_guide_shows_is_the_one_a_reader_gets(tmp_path, monkeypatch):
    shown = re.search(r"```text\n(.*?)\n```", GUIDE.read_text(encoding="utf-8"), flags=re.S)[1]
    text = EXAMPLE.replace("value = 5 # MHz\nlow = 4.8\nhigh = 5.2", "value = 80")
    write(tmp_path, text).rename(tmp_path / "clinic-5mhz.toml")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        read_device("clinic-5mhz.toml")
    assert str(caught.value) == shown
