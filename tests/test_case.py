"""Case files in SI, at their lines."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from tauten.care.question import question_of
from tauten.errors import InputError
from tauten.files import case_from, case_schema, read_case
from tauten.skin.layer import Layer

HUGE = [pytest.param(10**400, id="400 digits"), pytest.param(16**5000, id="beyond print")]

CASE = """\
schema = 1
title = "Lower face"
language = "es"

[person]
age = 52
sex = "female"
melanin = "5.5 %"

[area]
site = "upper arm"
side = "left"

[skin]
[[skin.layers]]
name = "epidermis"
thickness = "80 µm"

[treatment]
method = "infrared"
device = "ir-lamp-1100-1800"
[treatment.settings]
fluence = "36 J/cm2"
duration = "3000 ms"
plate_temperature = "5 °C"
passes = 2

[goal]
depth = ["1 mm", "0.2 cm"]

[answers]
pregnant = "no"

[run]
seed = 7
photons = 50000
"""


@pytest.fixture
def case_file(tmp_path: Path) -> Path:
    path = tmp_path / "case.toml"
    path.write_text(CASE, encoding="utf-8")
    return path


def test_case_is_si_inside(case_file: Path) -> None:
    case = read_case(case_file)
    assert case.person.age == 52
    assert case.person.melanin == pytest.approx(0.055)
    assert case.skin.layers[0].thickness == pytest.approx(80e-6)
    assert case.goal is not None
    assert case.goal.depth == pytest.approx((1e-3, 2e-3))
    assert case.run.photons == 50_000
    assert case.held["fluence"] == pytest.approx(36e4)
    assert case.held["duration"] == pytest.approx(3.0)
    assert case.held["plate_temperature"] == pytest.approx(278.15)
    assert case.held["passes"] == 2
    assert case.language == "es"


def test_layer_carries_what_was_given_in_si_into_the_skin(case_file: Path) -> None:
    given = """
thickness = "80 µm"
water = "72 %"
blood = "1 %"
[[skin.layers]]
name = "fat"
water = "20 %"
lipid = "70 %"
oxygenation = "80 %"
perfusion = "0.06 1/min"
"""
    case_file.write_text(CASE.replace('thickness = "80 µm"\n', given), encoding="utf-8")
    case = read_case(case_file)
    epidermis, fat = case.skin.layers
    assert epidermis.changes == pytest.approx({"thickness": 80e-6, "water": 0.72, "blood": 0.01})
    assert fat.changes == pytest.approx({"water": 0.2, "lipid": 0.7, "oxygenation": 0.8, "perfusion": 0.001})
    question = question_of(case)
    skin, plain = question.skin(question.facts), question_of(case_from(tomllib.loads(CASE))).skin(question.facts)
    made = skin.layer("fat")
    assert (made.water, made.lipid, made.oxygenation, made.perfusion) == pytest.approx((0.2, 0.7, 0.8, 0.001))
    assert made.thickness == plain.layer("fat").thickness
    assert skin.layer("epidermis").melanin == pytest.approx(0.055)
    assert "Fat: lipid, oxygenation, perfusion, water as given." in skin.assumptions


def test_water_of_the_dermis_can_be_given_alone(case_file: Path) -> None:
    text = CASE.replace('name = "epidermis"\nthickness = "80 µm"', 'name = "reticular dermis"\nwater = "70 %"')
    case_file.write_text(text, encoding="utf-8")
    assert read_case(case_file).skin.layers[0].changes == pytest.approx({"water": 0.7})


def test_only_given_settings_are_held(case_file: Path) -> None:
    assert set(read_case(case_file).held) == {"fluence", "duration", "plate_temperature", "passes"}


def test_case_cannot_be_edited(case_file: Path) -> None:
    case = read_case(case_file)
    with pytest.raises(Exception, match="frozen"):
        case.person.age = 30  # type: ignore[misc]
    with pytest.raises(TypeError):
        case.answers["pregnant"] = "yes"  # type: ignore[index]
    with pytest.raises(TypeError):
        case.held["fluence"] = 1.0  # type: ignore[index]


def test_case_keeps_what_the_file_said_word_for_word(case_file: Path) -> None:
    case = read_case(case_file)
    assert case.given["treatment"]["settings"]["fluence"] == "36 J/cm2"
    assert case_from(case.given).model_dump() == case.model_dump()


def test_later_rooms_can_name_the_line(case_file: Path) -> None:
    told = read_case(case_file).fault(InputError("is too much", value="36 J/cm2"), "treatment.settings.fluence")
    assert told.line == CASE.splitlines().index('fluence = "36 J/cm2"') + 1
    assert str(case_file) in str(told)


def test_device_file_is_looked_for_beside_the_case(case_file: Path) -> None:
    shipped = Path(__file__).parents[1] / "tauten" / "data" / "devices" / "ir-lamp-1100-1800.toml"
    mine = shipped.read_text(encoding="utf-8").replace('key = "ir-lamp-1100-1800"', 'key = "mine"')
    (case_file.parent / "lamp.toml").write_text(mine, encoding="utf-8")
    case_file.write_text(CASE.replace('"ir-lamp-1100-1800"', '"lamp.toml"'), encoding="utf-8")
    assert read_case(case_file).device.key == "mine"


@pytest.mark.parametrize("path", sorted((Path(__file__).parents[1] / "examples").glob("*.toml")), ids=lambda p: p.stem)
def test_every_example_is_a_case(path: Path) -> None:
    case = read_case(path)
    assert case.title
    assert case.held or case.treatment.plan == "optimise"


def test_schema_offers_what_the_reader_takes(case_file: Path) -> None:
    schema = json.loads(json.dumps(case_schema()))
    assert schema["properties"]["schema"]["const"] == 1
    assert set(schema["required"]) == {"schema", "person", "area", "treatment"}
    site = schema["$defs"]["Area"]["properties"]["site"]
    assert {"cheek", "submentum", "upper arm"} <= set(site["enum"])
    for name in ("Person", "Area", "Course", "Run"):
        assert schema["$defs"][name]["additionalProperties"] is False
    answers = schema["properties"]["answers"]
    assert answers["properties"]["pregnant"]["description"].endswith("?")
    assert answers["additionalProperties"] is False
    layer = schema["$defs"]["Layer"]["properties"]
    assert set(layer) == {"name", *Layer.__dataclass_fields__} - {"low", "high"}
    assert "0 to 100 %" in layer["water"]["anyOf"][0]["description"]
    example = schema["$defs"]["Person"]["properties"]["melanin"]["anyOf"][0]["examples"][0]
    changed = CASE.replace('"5.5 %"', json.dumps(example))
    case_file.write_text(changed, encoding="utf-8")
    assert read_case(case_file).person.melanin is not None


@pytest.mark.parametrize("huge", HUGE)
@pytest.mark.parametrize(
    ("table", "key"),
    [("person", "age"), ("person", "sex"), ("settings", "passes"), ("settings", "spot"), ("", "schema")],
)
def test_integer_beyond_every_float_is_refused_by_its_key(huge: int, table: str, key: str) -> None:
    data = tomllib.loads(CASE)
    {"": data, "person": data["person"], "settings": data["treatment"]["settings"]}[table][key] = huge
    with pytest.raises(InputError) as caught:
        case_from(data)
    assert (caught.value.key or "").endswith(key)
    assert len(str(caught.value)) < 300


def test_schema_offers_what_a_picture_shows() -> None:
    schema = json.loads(json.dumps(case_schema()))
    picture = schema["$defs"]["Imaging"]
    assert set(picture["properties"]) == {"coupling", "smas_depth", "bone_depth", "danger"}
    assert picture["additionalProperties"] is False
    assert schema["$defs"]["Course"]["properties"]["method"]["enum"] == [
        "infrared", "ultrasound", "radiofrequency", "microneedling",
    ]  # fmt: skip
    assert {"type": "array", "items": {"type": "string"}, "minItems": 1} in schema["$defs"]["Course"]["properties"][
        "device"
    ]["anyOf"]
