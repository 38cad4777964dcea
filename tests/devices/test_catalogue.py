"""A user's own device file: the one from the how-to works, and each fault in it is named with file and line."""

import re
from pathlib import Path

import pytest

from tauten.devices.catalogue import read_device
from tauten.errors import FileError, InputError

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-device.md"
EXAMPLE = re.search(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)[1]
SPOT = re.search(r'shape = "flat".*?\ndiameter = 6', EXAMPLE)[0]
SPOT_AS = 'shape = "rectangle"\nwidth = {}\nlength = {}'


def write(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_device_of_the_guide_gives_an_exposure(tmp_path):
    mine = read_device(write(tmp_path, EXAMPLE))
    exposure = mine.exposure(fluence="12 J/cm2", plate_temperature="8 degC")
    assert exposure.fluence == pytest.approx(120000.0)
    assert exposure.spectrum.wavelengths[0] == pytest.approx(1440e-9)
    assert mine.exposure().device == "clinic-1440"


@pytest.mark.parametrize(
    ("old", "new", "words", "marked"),
    [
        ('kind = "laser"', 'kind = "magic"', "not a choice", 'kind = "magic"'),
        ('method = "infrared"', 'method = "laser"', "not a choice", 'method = "laser"'),
        ('name = "Clinic', 'naem = "Clinic', "Did you write naem", None),
        ('window = "sapphire"', 'window = "sapphire"\ncolour = "red"', "unknown", 'colour = "red"'),
        ('cooling = ["plate"]', 'cooling = ["ice"]', "not a list of choices", 'cooling = ["ice"]'),
        ('cooling = ["plate"]', 'cooling = "plate"', "wrong kind", 'cooling = "plate"'),
        ('cooling = ["plate"]', 'cooling = ["none"]', "for nothing", None),
        ("wavelengths = [1440]", "wavelengths = [1440, 1320]", "rising", "wavelengths = [1440, 1320]"),
        ("wavelengths = [1440]", "wavelengths = []", "list of numbers", "wavelengths = []"),
        ("wavelengths = [1440]", "wavelengths = [-5]", "rising list", "wavelengths = [-5]"),
        ("wavelengths = [1440]", "wavelengths = [1440]\nweights = [-1]", "negative", "weights = [-1]"),
        ("wavelengths = [1440]", "wavelengths = [1440]\nweights = [1, 2]", "allowed: 1, one for", "weights = [1, 2]"),
        (
            "[settings.passes]\nvalue = 1\nlow = 1\nhigh = 3",
            "[settings.passes]\nlow = 1\nhigh = 2",
            "Give the default as value",
            "[settings.passes]",
        ),
        ("[settings.passes]\nvalue = 1\nlow = 1", "[settings.passes]\nvalue = 2\nlow = 1.5", "whole", "low = 1.5"),
        ("high = 16", "high = 1e9", "allowed: above 0, up to 1000 J/cm2", "high = 1e9"),
        ('unit = "nm"', 'unit = "miles"', "not a choice", 'unit = "miles"'),
        ("diameter = 6", "diameter = -6", "allowed: 0.1 to 300 mm", "diameter = -6"),
        ("diameter = 6", "diameter = 1e9", "allowed: 0.1 to 300 mm", "diameter = 1e9"),
        ("diameter = 6", "diameter = 1e-9", "allowed: 0.1 to 300 mm", "diameter = 1e-9"),
        ("diameter = 6", "diameter = 1e-300", "allowed: 0.1 to 300 mm", "diameter = 1e-300"),
        (SPOT, SPOT_AS.format(1000, 0.001), "allowed: 0.1 to 300 mm", "width = 1000"),
        (SPOT, SPOT_AS.format(4, 13), "sides within 3 to 1", "length = 13"),
        ("diameter = 6", 'diameter = "six"', "wrong kind", 'diameter = "six"'),
        ('shape = "flat"', 'shape = "star"', "not a choice", 'shape = "star"'),
        ("[settings.fluence]", "[settings.fluense]", "Did you mean fluence", "[settings.fluense]"),
        ("value = 10 # J/cm2", "value = 99 #", "outside its own range", None),
        ("value = 10 # J/cm2", "value = nan #", "finite", "value = nan"),
        ("value = 10 # J/cm2", "value = true #", "wrong kind", "value = true"),
        ('unit = "J/cm2"', 'unit = "s"', "not a choice", 'unit = "s"'),
        ('unit = "J/cm2"', "", "unit is missing", "[settings.fluence]"),
        ("low = 5 # J/cm2", "low = -5", "too low", "low = -5"),
        ('confidence = "seen" # fluence', 'confidence = "sure"', "not a choice", 'confidence = "sure"'),
        ("high = 0.1", "high = 1.1", "outside what is possible", None),
        ("high = 0.1", "high = 1.0", "allowed: 0 to below 1", "[optics.return_fraction]"),
        ('kind = "off-label"', 'kind = "approved"', "not a choice", 'kind = "approved"'),
        ("wavelengths_nm = [1440, 1440]", "wavelengths_nm = [1440]", "pair", "wavelengths_nm = [1440]"),
        ("# end", "[[published]]\nname = 3", "missing", None),
        ("# end", "[extra]\na = 1", "unknown", "[extra]"),
    ],
)
def test_a_fault_in_a_device_file_is_named_with_file_and_line(tmp_path, old, new, words, marked):
    assert old in EXAMPLE
    text = EXAMPLE.replace(old, new, 1)
    path = write(tmp_path, text)
    with pytest.raises(InputError, match=words) as caught:
        read_device(path)
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")
    if marked:
        assert text.splitlines()[caught.value.line - 1].startswith(marked)


@pytest.mark.parametrize("diameter", [0.1, 300])
def test_the_smallest_and_the_widest_spot_are_read(tmp_path, diameter):
    mine = read_device(write(tmp_path, EXAMPLE.replace("diameter = 6", f"diameter = {diameter}", 1)))
    assert mine.exposure().beam.radius == pytest.approx(diameter / 2e3)


def test_a_curve_less_sure_than_the_sentence_about_it_has_the_last_word(tmp_path):
    text = EXAMPLE.replace("wavelengths = [1440]", 'curve = "devices/curves/ir_lamp_1100_1800"', 1)
    text = text.replace('unit = "nm"\n', "", 1)
    mine = read_device(write(tmp_path, text))
    (row,) = (row for row in mine.rows_used() if row.name == "devices/clinic-1440/spectrum")
    assert (row.source, row.confidence) == ("maker's manual", "unverified")
    assert row.line == text[: text.index("[spectrum]")].count("\n") + 1


@pytest.mark.parametrize("missing", ["duration", "plate_temperature", "pre_cooling", "pass_interval", "fluence"])
def test_a_setting_the_device_needs_cannot_be_left_out(tmp_path, missing):
    text = re.sub(rf"\[settings\.{missing}\][^\n]*\n.*?\n\n", "", EXAMPLE, flags=re.S)
    assert text != EXAMPLE
    with pytest.raises(InputError, match=f"settings.{missing} is missing"):
        read_device(write(tmp_path, text))


def test_half_a_file_is_a_file_error(tmp_path):
    with pytest.raises(FileError, match=r"mine\.toml"):
        read_device(write(tmp_path, EXAMPLE[: len(EXAMPLE) // 2].rstrip()[:-1] + '"'))


def test_a_missing_file_is_a_file_error(tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        read_device(tmp_path / "nowhere.toml")


def test_the_error_the_guide_shows_is_the_one_a_reader_gets(tmp_path, monkeypatch):
    shown = re.search(r"```text\n(.*?)\n```", GUIDE.read_text(encoding="utf-8"), flags=re.S)[1]
    write(tmp_path, EXAMPLE.replace('unit = "J/cm2"', 'unit = "s"')).rename(tmp_path / "clinic-1440.toml")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError) as caught:
        read_device("clinic-1440.toml")
    assert str(caught.value) == shown
