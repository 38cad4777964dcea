"""Whatever is wrong in a case for focused ultrasound: one line that says what, where and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from good_case import INPUT, Bad

from tauten.care.plan import _pictured, screened
from tauten.errors import Contraindicated, InputError
from tauten.files import read_case

LIGHT = Path(__file__).parents[2] / "examples" / "lower_face.toml"
CASE = """\
schema = 1

[person]
age = 52
sex = "female"
phototype = 3

[area]
site = "jawline"

[[skin.layers]]
name = "reticular_dermis"
thickness = "1.15 mm"

[[skin.layers]]
name = "fat"
thickness = "2.75 mm"

[imaging]
coupling = "full"
smas_depth = "4.1 mm"
bone_depth = "11.5 mm"

[[imaging.danger]]
name = "facial nerve"
depth = "8.5 mm"

[treatment]
method = "ultrasound"
device = ["mfu-7mhz-4.5mm", "mfu-4mhz-4.5mm"]

[treatment.settings]
power = "3 W"
duration = "60 ms"
pitch = "1.5 mm"
points = 17

[answers]
pregnant = "no"
"""

DEEP = 'thickness = "2.75 mm"\n\n[imaging]\ncoupling = "full"\nsmas_depth = "4.1 mm"\nbone_depth = "11.5 mm"\n'
THIN = (
    'thickness = "2 mm"\n'
    + "".join(f'[[skin.layers]]\nname = "{name}"\nthickness = "0.3 mm"\n' for name in ("smas", "deep_fat", "muscle"))
    + '[imaging]\ncoupling = "full"\n'
)

FAULTS = [
    Bad("power without unit", '"3 W"', "3", ("treatment.settings.power = 3", "no unit", "W"), at="power ="),
    Bad("power in the wrong unit", '"3 W"', '"3 J"', ("treatment.settings.power", "wrong unit")),
    Bad("power outside the head's range", '"3 W"', '"90 W"', ("treatment.settings.power = 90 W", "to 60 W")),
    Bad("power below zero", '"3 W"', '"-3 W"', ("treatment.settings.power", "to 60 W")),
    Bad("power NaN", '"3 W"', '"nan W"', ("treatment.settings.power", "finite")),
    Bad("no duration", '"60 ms"', '"0 ms"', ("treatment.settings.duration = 0 ms", "10 to 200 ms")),
    Bad("duration in watts", '"60 ms"', '"60 W"', ("treatment.settings.duration", "wrong unit")),
    Bad("duration far too long", '"60 ms"', '"60 s"', ("treatment.settings.duration = 60 s", "10 to 200 ms")),
    Bad(
        "more points than the pitch allows", "points = 17", "points = 30", ("treatment.settings.points", "1.5 mm apart")
    ),
    Bad("half a point", "points = 17", "points = 1.5", ("treatment.settings.points", "whole")),
    Bad("no points", "points = 17", "points = 0", ("treatment.settings.points = 0", "1 to 40")),
    Bad(
        "points timed closer than a point's usual length",
        'duration = "60 ms"',
        'point_interval = "20 ms"',
        ("treatment.settings.point_interval", "before the last has ended", "60 or more ms"),
        at="point_interval =",
    ),
    Bad(
        "lines timed into one another",
        "points = 17",
        'points = 17\npoint_interval = "1 s"\nline_interval = "2 s"',
        ("treatment.settings.line_interval", "before the last has ended", "17 or more s"),
        at="line_interval =",
    ),
    Bad(
        "points timed into one another",
        "points = 17",
        'point_interval = "50 ms"',
        ("treatment.settings.point_interval", "before the last has ended", "60 or more ms"),
    ),
    Bad("pitch of nothing", '"1.5 mm"', '"0 mm"', ("treatment.settings.pitch = 0 mm",)),
    Bad("energy beside power", "points = 17", 'energy = "0.9 J"', ("treatment.settings.energy", "beside power")),
    Bad("fluence of light", "points = 17", 'fluence = "30 J/cm2"', ("treatment.settings.fluence", "not a setting")),
    Bad(
        "unknown head",
        '"mfu-7mhz-4.5mm"',
        '"mfu-7mhz-4.5"',
        ("treatment.device", "Did you mean mfu-7mhz-4.5mm?"),
        at="device =",
    ),
    Bad(
        "head of another method",
        '"mfu-7mhz-4.5mm"',
        '"ir-lamp-1100-1800"',
        ("infrared, not for ultrasound",),
        at="device =",
    ),
    Bad("head twice", '"mfu-4mhz-4.5mm"', '"mfu-7mhz-4.5mm"', ("treatment.device", "is given twice"), at="device ="),
    Bad("no head", '["mfu-7mhz-4.5mm", "mfu-4mhz-4.5mm"]', "[]", ("treatment.device", "list of names")),
    Bad("head as a number", '["mfu-7mhz-4.5mm", "mfu-4mhz-4.5mm"]', "[7]", ("treatment.device", "list of names")),
    Bad("unknown coupling", '"full"', '"air"', ("imaging.coupling", '"air"', "full | gap")),
    Bad("depth without unit", '"4.1 mm"', "4.1", ("imaging.smas_depth = 4.1", "no unit", "mm")),
    Bad("depth in seconds", '"4.1 mm"', '"4.1 s"', ("imaging.smas_depth", "wrong unit")),
    Bad("depth of a metre", '"11.5 mm"', '"1 m"', ("imaging.bone_depth", "0.2 to 60 mm")),
    Bad("depth NaN", '"8.5 mm"', '"nan mm"', ("imaging.danger.0.depth", "finite")),
    Bad("danger without a name", '"facial nerve"', '" "', ("imaging.danger.0.name", "has no name")),
    Bad(
        "danger without a depth",
        'depth = "8.5 mm"',
        "",
        ("imaging.danger.0.depth", "is missing"),
        at="[[imaging.danger]]",
    ),
    Bad("unknown key of the picture", "bone_depth", "bones", ("imaging.bones", "bone_depth")),
    Bad(
        "layers thicker than the fascia is deep",
        '"1.15 mm"',
        '"3.15 mm"',
        ("imaging.smas_depth", "does not agree", "about 6.09 mm"),
        at="smas_depth",
    ),
    Bad(
        "muscle that does not end at the bone",
        "[imaging]\ncoupling",
        '[[skin.layers]]\nname = "muscle"\nthickness = "3 mm"\n\n[imaging]\ncoupling',
        ("imaging.bone_depth", "11.5 mm", "does not agree with the layers measured above it", "about "),
        at="bone_depth",
    ),
    Bad(
        "bone above the fascia",
        '"11.5 mm"',
        '"3 mm"',
        ("imaging.bone_depth", "above the superficial fascia", "below 4.1 mm"),
    ),
    Bad("bone inside the layers above it", '"11.5 mm"', '"5.5 mm"', ("imaging.bone_depth", "Measure")),
    Bad(
        "focus beyond the stack", DEEP, THIN, ("treatment.device", "beyond the layers", "above 4.24 mm"), at="device ="
    ),
    Bad(
        "bone twice",
        "[imaging]",
        '[[skin.layers]]\nname = "bone"\nthickness = "3 mm"\n[imaging]',
        ("imaging.bone_depth", "is given twice"),
        at="bone_depth",
    ),
    Bad("layer twice", '"fat"', '"reticular_dermis"', ("skin.layers.1.name", "twice"), at="-"),
    Bad(
        "goal below all layers",
        "[answers]",
        '[goal]\ndepth = ["30 mm", "31 mm"]\n[answers]',
        ("goal.depth", "outside the range"),
        at="depth = [",
    ),
    Bad("question of nobody", 'pregnant = "no"', 'pregnannt = "no"', ("answers.pregnannt", "Did you mean pregnant?")),
]


@pytest.fixture
def sound_case(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE)
    return path


def test_the_good_case_is_good(sound_case: Path) -> None:
    case = read_case(sound_case)
    assert [device.key for device in case.devices] == ["mfu-7mhz-4.5mm", "mfu-4mhz-4.5mm"]
    assert case.held["power"] == pytest.approx(3.0)
    assert case.held["pitch"] == pytest.approx(1.5e-3)
    assert case.imaging.bone_depth == pytest.approx(11.5e-3)


@pytest.mark.parametrize("bad", FAULTS, ids=lambda bad: bad.name)
def test_fault_in_a_sound_case_is_one_line_that_can_be_acted_on(
    bad: Bad, tmp_path: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    assert bad.old in CASE
    text = CASE.replace(bad.old, bad.new, 1)
    path = tmp_path / "case.toml"
    path.write_text(text, encoding="utf-8")
    code, told = tauten("plan", path, "--out", tmp_path / "out")
    assert code == INPUT, told
    if bad.at != "-":
        wanted = bad.at or bad.new.splitlines()[0]
        line = next(n for n, one in enumerate(text.splitlines(), 1) if wanted in one)
        assert told.startswith(f"{path}:{line}: "), told
    missing = [part for part in bad.says if part not in told]
    assert not missing, told
    assert [p.name for p in tmp_path.iterdir()] == ["case.toml"]


def test_air_in_the_path_gives_no_dose_and_no_plan(sound_case: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    sound_case.write_text(CASE.replace('"full"', '"gap"'))
    code, told = tauten("plan", sound_case, "--out", sound_case.parent / "out")
    assert code == 10
    assert "no dose" in told
    assert "gel" in told
    assert not (sound_case.parent / "out").exists()


def test_bone_within_the_margin_of_every_focus_gives_no_plan(
    sound_case: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    sound_case.write_text(CASE.replace('"8.5 mm"', '"6 mm"'))
    code, told = tauten("plan", sound_case, "--out", sound_case.parent / "out")
    assert code == 10
    assert "facial nerve at 6 mm lies 1.5 mm below the lowest place heated" in told


def test_a_picture_is_nothing_to_light(sound_case: Path, tauten: Callable[..., tuple[int, str]]) -> None:
    text = CASE.replace('"ultrasound"', '"infrared"').replace(
        '["mfu-7mhz-4.5mm", "mfu-4mhz-4.5mm"]', '"ir-lamp-1100-1800"'
    )
    sound_case.write_text(text.partition("[treatment.settings]")[0] + '[answers]\npregnant = "no"\n')
    code, told = tauten("plan", sound_case, "--out", sound_case.parent / "out")
    assert code == INPUT
    assert told.startswith(f"{sound_case}:{CASE[: CASE.index('[imaging]')].count(chr(10)) + 1}: imaging ")


# A head too deep for this skin

PICTURE = CASE[CASE.index("[[skin.layers]]") : CASE.index("[treatment]\n")]
BROW = CASE.replace(PICTURE, "").replace('"jawline"', '"brow"').replace('pitch = "1.5 mm"\npoints = 17\n', "")
PAIR = '["mfu-7mhz-4.5mm", "mfu-4mhz-4.5mm"]'


@pytest.mark.parametrize("verb", ["plan", "simulate"])
@pytest.mark.parametrize("site", ["brow", "forehead"])
def test_a_head_below_the_layers_is_named_and_not_a_goal_nobody_gave(
    site: str, verb: str, sound_case: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    sound_case.write_text(BROW.replace('"brow"', f'"{site}"').replace(PAIR, '"mfu-4mhz-4.5mm"'))
    code, told = tauten(verb, sound_case)
    line = next(n for n, one in enumerate(sound_case.read_text().splitlines(), 1) if one.startswith("device ="))
    assert code == INPUT
    assert told.startswith(f'{sound_case}:{line}: treatment.device = "mfu-4mhz-4.5mm" focuses at 4.5 mm, below')
    assert "Take a shallower head" in told
    assert not (sound_case.parent / "out").exists()


def test_a_head_below_the_layers_is_set_aside_with_its_reason_and_the_others_are_weighed(sound_case: Path) -> None:
    sound_case.write_text(BROW.replace(PAIR, '["mfu-4mhz-4.5mm", "mfu-10mhz-1.5mm"]'))
    questions, _, aside = _pictured(read_case(sound_case))
    assert [question.device.key for question in questions] == ["mfu-10mhz-1.5mm"]
    assert [(head.key, head.allowed, head.why) for head in aside] == [
        ("mfu-4mhz-4.5mm", False, "focuses at 4.5 mm, below the layers that are treated")
    ]


def test_a_head_beyond_the_stack_is_set_aside_where_another_is_not(sound_case: Path) -> None:
    sound_case.write_text(CASE.replace(DEEP, THIN).replace('"mfu-7mhz-4.5mm"', '"mfu-10mhz-1.5mm"'))
    questions, _, aside = _pictured(read_case(sound_case))
    assert [question.device.key for question in questions] == ["mfu-10mhz-1.5mm"]
    assert [head.why for head in aside] == ["focuses at 4.5 mm, beyond the layers of this skin"]


def test_a_head_too_near_the_bone_is_set_aside_with_its_reason(sound_case: Path) -> None:
    text = CASE.replace('"8.5 mm"', '"6 mm"').replace('"mfu-7mhz-4.5mm"', '"mfu-10mhz-1.5mm"')
    sound_case.write_text(text)
    questions, _, aside = _pictured(read_case(sound_case))
    assert [question.device.key for question in questions] == ["mfu-10mhz-1.5mm"]
    assert [(head.key, head.why) for head in aside] == [("mfu-4mhz-4.5mm", "comes too near to what must be spared")]


# The person


@pytest.mark.parametrize("age", ["12", "17.99"])
@pytest.mark.parametrize("verb", ["plan", "simulate"])
@pytest.mark.parametrize("method", ["ultrasound", "infrared"])
def test_a_person_under_18_is_stopped_by_the_screening_whatever_the_method(
    method: str, verb: str, age: str, sound_case: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    text = CASE if method == "ultrasound" else LIGHT.read_text(encoding="utf-8")
    sound_case.write_text(re.sub(r"(?m)^age = 52", f"age = {age}", text))
    code, told = tauten(verb, sound_case)
    assert code == Contraindicated.exit_code
    asked = f"Under 18? Yes (age = {float(age):g}): do not treat."
    assert told == f"{sound_case} must not be treated with {method}. {asked}"


@pytest.mark.parametrize("verb", ["plan", "simulate"])
def test_an_answer_that_contradicts_the_site_names_its_line(
    verb: str, sound_case: Path, tauten: Callable[..., tuple[int, str]]
) -> None:
    text = BROW.replace('"brow"', '"periorbital"') + 'zone_eye_socket_rim = "no"\n'
    sound_case.write_text(text)
    code, told = tauten(verb, sound_case)
    place = f"{sound_case}:{len(text.splitlines())}: answers.zone_eye_socket_rim = no contradicts site = periorbital"
    assert code == INPUT
    assert told.startswith(place)
    with pytest.raises(InputError) as caught:
        screened(read_case(sound_case))
    assert str(caught.value).startswith(place)
