"""A user's own stamp and applicator: those of the how-to work from file to pulse; each fault is named with its line."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from tauten.devices.catalogue import read_device
from tauten.devices.cooling import Spray
from tauten.devices.drive import Cutoff, Limits, Power, Voltage
from tauten.devices.electrode import Disc, Membrane, Rectangle
from tauten.devices.needles import NeedleArray
from tauten.errors import InputError
from tauten.units import celsius

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "add-a-stamp.md"
STAMP, TIP = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), flags=re.S)
MEMBRANE = re.search(r"\[tip.membrane_thickness\].*?(?=\[generator.frequency\])", TIP, flags=re.S)[0]
SPRAYS = re.search(r"\[settings.spray_before\].*?(?=\[\[uses\]\])", TIP, flags=re.S)[0]
SETTING = """
[settings.{}]
value = {}
low = {}
high = {}
unit = "{}"
source = "maker's manual"
confidence = "seen"

[[uses]]"""
ROW = """
[{}]
value = {}
unit = "{}"
source = "maker's manual"
confidence = "seen"

[generator.frequency]"""


def setting(text: str, name: str, value: float, low: float, high: float, unit: str) -> str:
    return text.replace("[[uses]]", SETTING.format(name, value, low, high, unit).lstrip(), 1)


def row(text: str, name: str, value: float, unit: str) -> str:
    return text.replace("[generator.frequency]", ROW.format(name, value, unit).lstrip(), 1)


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_stamp_of_the_guide_gives_pulses(tmp_path: Path) -> None:
    mine = read_device(write(tmp_path, STAMP))
    pulse = mine.exposure(power="12 W", duration="80 ms", depth="2 mm")
    assert pulse.array == NeedleArray.grid(4, 4, 1.5e-3, 0.125e-3, 3.5e-3, 0.5e-3)
    assert pulse.drive == Power(0.9 * 12.0)
    assert pulse.depth == pytest.approx(0.9 * 2e-3)
    assert (pulse.frequency, pulse.duration, pulse.device) == (1e6, 0.08, "clinic-4x4")
    assert pulse.cutoff == Cutoff(impedance=1500.0)
    assert pulse.limits == Limits(watts=60.0)
    assert mine.exposure(polarity="checkerboard").array.terminals("checkerboard").count("+") == 8
    field = mine.series(stamps=3, lines=2, overlap="0.5 mm")
    assert len(field) == 6
    # A stamp of 4 x 4 at 1.5 mm serves 6 mm: half a pitch beyond the outer needles on each side.
    assert field[1].at[0] - field[0].at[0] == pytest.approx(5.5e-3)
    assert field[3].at[1] - field[0].at[1] == pytest.approx(5.5e-3)


def test_the_applicator_of_the_guide_gives_pulses(tmp_path: Path) -> None:
    mine = read_device(write(tmp_path, TIP))
    pulse = mine.exposure(power="100 W")
    radius = math.sqrt(2e-4 / math.pi)
    (disc,) = pulse.tip
    assert isinstance(disc, Disc)
    assert isinstance(disc.membrane, Membrane)
    assert (disc.centre, disc.radius, disc.terminal) == ((0.0, 0.0), pytest.approx(radius), "+")
    assert (disc.membrane.thickness, disc.membrane.permittivity) == (pytest.approx(25e-6), 3.4)
    assert pulse.drive == Power(80.0)
    assert pulse.monopolar
    # 60 J/cm2 on 2 cm2 in 1.5 s is 80 W as the device states it.
    assert mine.exposure(fluence="60 J/cm2").drive.value == pytest.approx(0.8 * 80.0)
    first = mine.exposure().cooling[0]
    assert isinstance(first, Spray)
    # The film's 25000 W/m2/K behind 25 um of 0.12 W/m/K: two resistances in series.
    assert first.coefficient == pytest.approx(1.0 / (1.0 / 25000.0 + 25e-6 / 0.12))
    assert mine.exposure(cooling="none").cooling == ()


def test_a_device_set_in_volts_holds_them_as_root_mean_square(tmp_path: Path) -> None:
    text = re.sub(r"\[settings.power\].*?\n\n", "", STAMP, flags=re.S)
    mine = read_device(write(tmp_path, setting(text, "voltage", 40, 5, 84, "V")))
    assert mine.driver == "voltage"
    drive = mine.exposure(voltage="60 V").drive
    # Power goes with the square of volts: nine tenths of the power arrive.
    assert isinstance(drive, Voltage)
    assert drive.root_mean_square == pytest.approx(60.0 * math.sqrt(0.9))


def test_a_feedback_device_holds_a_temperature(tmp_path: Path) -> None:
    mine = read_device(write(tmp_path, setting(STAMP, "hold", 67, 60, 80, "degC")))
    assert mine.exposure().hold == pytest.approx(celsius(67.0))
    assert mine.exposure(hold="75 degC").hold == pytest.approx(celsius(75.0))


def test_needles_may_be_listed_one_by_one(tmp_path: Path) -> None:
    text = STAMP.replace(
        'layout = "grid"\ncount = 4\nlines = 4', 'layout = "listed"\nx_mm = [0, 1, 0.5]\ny_mm = [0, 0, 1]'
    )
    text = re.sub(r"\[needles.pitch\].*?\n\n", "", text, flags=re.S).replace('["rows", "checkerboard"]', '["rows"]')
    mine = read_device(write(tmp_path, text))
    assert [c for place in mine.array.positions for c in place] == pytest.approx([0.0, 0.0, 1e-3, 0.0, 0.5e-3, 1e-3])


def test_several_depths_come_in_one_insertion(tmp_path: Path) -> None:
    text = setting(STAMP, "levels", 1, 1, 3, "count")
    text = setting(setting(text, "level_spacing", 0.5, 0.3, 2, "mm"), "level_interval", 0.2, 0.1, 2, "s")
    mine = read_device(write(tmp_path, text))
    drawn = mine.series(depth="2 mm", levels=3)
    assert [shot.exposure.depth for shot in drawn] == pytest.approx([1.8e-3, 1.35e-3, 0.9e-3])
    assert [shot.time for shot in drawn] == pytest.approx([0.0, 0.2, 0.4])
    with pytest.raises(InputError, match="allowed: 1 to 2"):
        mine.series(depth="1 mm", levels=3)


def test_a_bipolar_head_has_two_bars(tmp_path: Path) -> None:
    text = TIP.replace(MEMBRANE, "").replace('"monopolar capacitive"', '"bipolar"').replace('"round"', '"bars"')
    text = re.sub(r"\[settings.fluence\].*?\n\n", "", re.sub(r"\[tip.area\].*?\n\n", "", text, flags=re.S), flags=re.S)
    for name, value in (("width", 2), ("length", 25), ("gap", 12)):
        text = row(text, f"tip.{name}", value, "mm")
    pulse = read_device(write(tmp_path, text)).exposure()
    one, other = pulse.tip
    assert isinstance(one, Rectangle)
    assert isinstance(other, Rectangle)
    assert pulse.terminals == ("+", "-")
    # Facing edges 12 mm apart.
    assert (other.centre[0] - one.centre[0]) - 2e-3 == pytest.approx(12e-3)


STAMP_FAULTS = [
    ('kind = "insulated needles"', 'kind = "gold needles"', "not a choice", 'kind = "gold needles"'),
    ('kind = "insulated needles"', 'kind = "bare needles"', "belongs to insulated needles", "[needles.active]"),
    ('layout = "grid"', 'layout = "round"', "not a choice", 'layout = "round"'),
    ('layout = "grid"', 'layout = "hexagonal"', "needles.rings is missing", None),
    ("count = 4\n", "count = 4.5\n", "whole number", "count = 4.5"),
    ("count = 4\n", "count = 400\n", "allowed: a whole number, 1 to 200", "count = 400"),
    ("count = 4\n", "count = -4\n", "no number of needles", "count = -4"),
    ('["rows", "checkerboard"]', '["stripes"]', "not a list of choices", 'polarity = ["stripes"]'),
    ("lines = 4\n", "lines = 1\n", "without another to return the current", 'polarity = ["rows", "checkerboard"]'),
    ("value = 1.5 # mm\nlow = 1.4\nhigh = 1.6", "value = 0.25", "touch or overlap", None),
    ("value = 1.5 # mm\nlow = 1.4\nhigh = 1.6", "value = 1.5\nlow = 0.2\nhigh = 2", "touch or overlap", None),
    ("value = 1.5 # mm\nlow = 1.4\nhigh = 1.6", "value = 1500", "allowed: 0.2 to 20 mm", "value = 1500"),
    ("value = 1.5 # mm\nlow = 1.4\nhigh = 1.6", "value = -1.5", "above 0 mm", "value = -1.5"),
    ("value = 0.125 # mm", "value = 125", "allowed: 0.03 to 0.5 mm", "value = 125"),
    ("value = 3.5 # mm", "value = 0.0035", "allowed: 0.2 to 15 mm", "value = 0.0035"),
    ("value = 3.5 # mm", "value = 3", "deeper than the needles reach", "[settings.depth]"),
    ("value = 0.5 # mm\nlow = 0.4\nhigh = 0.6", "value = 3.5", "leaves nothing insulated", "[needles.active]"),
    ("high = 3.5 # deepest", "high = 4", "allowed: up to 3.5 mm", "[settings.depth]"),
    ("value = 1.5 # deep\nlow = 0.5", "value = 1.5\nlow = 0", "begins too low", "low = 0"),
    ("value = 0.9 # of it\nlow = 0.7\nhigh = 1.0", "value = 1.1", "deeper than the needles are pushed", None),
    ("value = 1 # MHz", "value = 20", "allowed: 0.1 to 10 MHz", "value = 20"),
    ("value = 1 # MHz", "value = 0.05", "allowed: 0.1 to 10 MHz", "value = 0.05"),
    ("value = 1 # MHz", "value = 0", "above 0 MHz", "value = 0"),
    ("value = 1 # MHz", "value = nan", "finite", "value = nan"),
    ('unit = "MHz"', 'unit = "kHz"', "allowed: MHz", 'unit = "kHz"'),
    ("value = 60 # W", "value = 45", "more than the generator gives", "[settings.power]"),
    ("value = 60 # W", "value = 6000", "allowed: 0 to 500 W", "value = 6000"),
    ("value = 0.9 # of it\nlow = 0.8\nhigh = 1.0", "value = 1.2", "more power than the device is given", "value = 1.2"),
    ("value = 20 # %", "value = 120", "outside what is possible", "value = 120"),
    ("high = 50 # W", "high = 700", "allowed: above 0, up to 500 W", "high = 700"),
    ("low = 1 # W", "low = 0", "begins too low", "low = 0"),
    ("value = 10 # W", "value = 70 # W", "outside its own range", None),
    ("[settings.power]", "[settings.powr]", "Did you mean power", "[settings.powr]"),
    ("[settings.power]", "[settings.fluence]", "not a setting Tauten knows", "[settings.fluence]"),
    ("[settings.depth]", "[settings.period]", "unit", None),
    ("[settings.stamp_interval]", "[settings.pass_interval]", "stamp_interval is missing", None),
    ('unit = "ohm"', 'unit = "V"', "not a choice", 'unit = "V"'),
    ("[[hazards]]", "[[dangers]]", "hazards is missing", None),
    ('confidence = "seen" # length', 'confidence = "sure"', "not a choice", 'confidence = "sure"'),
    ('method = "microneedling"', 'method = "radiofrequency"', "not a choice", 'kind = "insulated needles"         #'),
]
TIP_FAULTS = [
    ('kind = "monopolar capacitive"', 'kind = "bipolar"', "allowed: bars | discs", 'shape = "round"'),
    ('kind = "monopolar capacitive"', 'kind = "monopolar"', "monopolar capacitive tip", "[tip.membrane_thickness]"),
    ('shape = "round"', 'shape = "bars"', "allowed: round | square", 'shape = "bars"'),
    ('shape = "round"', 'shape = "star"', "not a choice", 'shape = "star"'),
    (MEMBRANE, "", "tip.membrane_thickness is missing", None),
    ("value = 2 # cm2", "value = 2000", "no size an electrode on skin can have", "[tip.area]"),
    ("value = 2 # cm2", "value = 0.0002", "allowed: 0.01 to 225 cm2", "[tip.area]"),
    ("value = 2 # cm2", "value = -2", "above 0 cm2", "value = -2"),
    ("value = 25 # um\nlow = 20\nhigh = 50", "value = 0", "above 0 um", "value = 0"),
    ("value = 25 # um\nlow = 20\nhigh = 50", "value = 25000", "allowed: 1 to 1000 um", "value = 25000"),
    ("value = 3.4 # of", "value = 0.5 #", "allowed: 1 to 100", "value = 0.5 #"),
    ("value = 0.12 # W/m/K", "value = 0", "above 0 W/m/K", "value = 0"),
    ('["spray", "none"]', '["ice"]', "not a list of choices", 'cooling = ["ice"]'),
    ('["spray", "none"]', '["none"]', "for nothing: this device has no spray", None),
    ('["spray", "none"]', '["plate", "spray"]', "is missing", None),
    ("value = 200 # W", "value = 150", "more than the generator gives", "[settings.power]"),
    ("[settings.power]", "[settings.depth]", "not a setting Tauten knows", "[settings.depth]"),
    ("high = 150\n", "high = 5000\n", "allowed: above 0, up to 1000 J/cm2", "high = 5000"),
    ("value = 1.5 # s\nlow = 0.5\nhigh = 4", "value = 1.5\nlow = 0", "begins too low", "low = 0"),
]


def read_fault(folder: Path, text: str, old: str, new: str, words: str, marked: str | None) -> None:
    assert text.count(old) >= 1, old
    bad = text.replace(old, new, 1)
    path = write(folder, bad)
    with pytest.raises(InputError) as caught:
        read_device(path)
    told = str(caught.value)
    assert words in told
    assert told.startswith(f"{path}:")
    assert "\n" not in told
    if marked is not None:
        changed = text[: text.index(old)].count("\n") if marked in new else 0
        lines = list(enumerate(bad.splitlines(), 1))[changed:]
        line = next(n for n, each in lines if each.startswith(marked))
        assert caught.value.line == line


@pytest.mark.parametrize(("old", "new", "words", "marked"), STAMP_FAULTS)
def test_a_fault_in_a_stamp_is_named_with_its_line(tmp_path: Path, old: str, new: str, words: str, marked: str) -> None:
    read_fault(tmp_path, STAMP, old, new, words, marked)


@pytest.mark.parametrize(("old", "new", "words", "marked"), TIP_FAULTS)
def test_a_fault_in_a_tip_is_named_with_its_line(tmp_path: Path, old: str, new: str, words: str, marked: str) -> None:
    read_fault(tmp_path, TIP, old, new, words, marked)


def test_power_beside_voltage_is_a_drive_of_two_kinds(tmp_path: Path) -> None:
    path = write(tmp_path, setting(STAMP, "voltage", 40, 5, 84, "V"))
    with pytest.raises(InputError, match="second drive beside power"):
        read_device(path)


def test_a_temperature_that_boils_cannot_be_held(tmp_path: Path) -> None:
    path = write(tmp_path, setting(STAMP, "hold", 97, 60, 100, "degC"))
    with pytest.raises(InputError, match="allowed: 45 to 95 degC"):
        read_device(path)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"power": "55 W"}, "outside this device's range; allowed: 1 to 50 W"),
        ({"power": 0}, "outside this device's range"),
        ({"power": "12"}, "unit"),
        ({"power": "12 V"}, "unit"),
        ({"voltage": "30 V"}, "This device is set by power"),
        ({"depth": "4 mm"}, "allowed: 0.5 to 3.5 mm"),
        ({"depth": 1.5}, "A bare number is in m"),
        ({"polarity": "monopolar"}, "allowed: rows | checkerboard"),
        ({"duration": "1 s"}, "allowed: 10 to 500 ms"),
        ({"stamps": 2}, "belongs to a series"),
        ({"durration": "50 ms"}, "Did you mean duration"),
        ({"plate_temperature": "5 degC"}, "not a setting of this device"),
    ],
)
def test_a_wrong_setting_of_a_stamp_is_one_sentence(tmp_path: Path, settings: dict[str, object], words: str) -> None:
    mine = read_device(write(tmp_path, STAMP))
    with pytest.raises(InputError, match=re.escape(words)):
        mine.exposure(**settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"power": "80 W", "fluence": "60 J/cm2"}, "given beside power"),
        ({"fluence": "150 J/cm2", "duration": "0.5 s"}, "is 600 W, which is outside this device's range"),
        ({"spray_before": "100 ms", "cooling": "none"}, "does nothing with cooling = none"),
        ({"cooling": "plate"}, "allowed: spray | none"),
    ],
)
def test_a_wrong_setting_of_a_tip_is_one_sentence(tmp_path: Path, settings: dict[str, object], words: str) -> None:
    mine = read_device(write(tmp_path, TIP))
    with pytest.raises(InputError, match=re.escape(words)):
        mine.exposure(**settings)


def test_stamps_that_follow_too_soon_name_their_interval(tmp_path: Path) -> None:
    text = STAMP.replace("value = 1.5\nlow = 0.6", "value = 0.05\nlow = 0.05")
    mine = read_device(write(tmp_path, text))
    with pytest.raises(InputError, match=r"exposure.stamp_interval = 0.05 lets one stamp begin"):
        mine.series(stamps=2)


def test_facts_move_the_pulse(tmp_path: Path) -> None:
    mine = read_device(write(tmp_path, STAMP))
    facts = mine.with_facts().with_value("devices/clinic-4x4/depth_reached", 0.7)
    assert mine.exposure(depth="2 mm", facts=facts).depth == pytest.approx(1.4e-3)
    facts = mine.with_facts().with_value("devices/clinic-4x4/pitch", 1.6)
    assert mine.exposure(facts=facts).array.pitch == pytest.approx(1.6e-3)


def test_passes_come_over_the_same_places_one_after_another(tmp_path: Path) -> None:
    text = setting(setting(STAMP, "passes", 1, 1, 5, "count"), "pass_interval", 60, 2, 600, "s")
    mine = read_device(write(tmp_path, text))
    laid = mine.series(stamps=2, passes=3)
    assert [shot.time for shot in laid] == pytest.approx([0.0, 1.5, 60.0, 61.5, 120.0, 121.5])
    assert [shot.at for shot in laid[:2]] == [shot.at for shot in laid[4:]]
    with pytest.raises(InputError, match=r"exposure.pass_interval = 2.0 lets one pass begin"):
        mine.series(stamps=3, passes=2, pass_interval="2 s")
