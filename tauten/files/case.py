"""The case file: one person, one area, one treatment asked for. TOML in, SI floats out, every fault at its line.

`read_case` is the only way in. A `Case` is frozen, carries no units, and remembers where each value stood, so that a
later room that finds a fault (a setting the device cannot give) can still name file and line: `case.fault(...)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer, PrivateAttr, ValidationError

from tauten.devices.catalogue import Machine
from tauten.errors import InputError
from tauten.files.checks import check_together, questions
from tauten.files.faults import first_fault
from tauten.files.fields import Answer, Choice, Name, Number, Quantity, Value, Version, default
from tauten.files.imaging import Danger, Imaging, Section
from tauten.files.origin import Origin, find_device, held_settings
from tauten.language import LANGUAGES
from tauten.skin.layer import NAMES, layer_name
from tauten.skin.sites import site, sites
from tauten.toml import read_toml

__all__ = [
    "SCHEMA",
    "Area",
    "Case",
    "Course",
    "Danger",
    "Imaging",
    "Layer",
    "Person",
    "case_from",
    "case_schema",
    "read_case",
]

SCHEMA = 1
"""The version of the case file this Tauten reads."""


class _Questions:
    """Tells a form which questions there are, in their own words."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        about = handler(schema)
        reply = about.pop("additionalProperties")
        asked = {key: {"description": question, **reply} for key, question in questions().items()}
        return {**about, "properties": asked, "additionalProperties": False}


def _frozen(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(value))


Reply = Annotated[str, Answer()]
Answers = Annotated[Mapping[str, Reply], AfterValidator(_frozen), PlainSerializer(dict), _Questions()]
SettingValue = Annotated[str | float, Value()]
Settings = Annotated[Mapping[str, SettingValue], AfterValidator(_frozen), PlainSerializer(dict)]
Depth = Annotated[float, Quantity("case/fields/goal.depth", "m")]
Seed = Annotated[int, Number("case/fields/run.seed", whole=True)]
Thickness = Annotated[float, Quantity("case/fields/skin.thickness", "m")]
Perfusion = Annotated[float, Quantity("case/fields/skin.perfusion", "1/s")]
Water = Annotated[float, Quantity("case/fields/skin.water", "1")]
Melanin = Annotated[float, Quantity("case/fields/skin.melanin", "1")]
Blood = Annotated[float, Quantity("case/fields/skin.blood", "1")]
Oxygenation = Annotated[float, Quantity("case/fields/skin.oxygenation", "1")]
Lipid = Annotated[float, Quantity("case/fields/skin.lipid", "1")]


class Person(Section):
    """Who is treated. `melanin` is the epidermis's volume fraction of melanosomes; `phototype` only maps onto it."""

    age: Annotated[float, Number("case/fields/person.age")]
    sex: Literal["female", "male"]
    phototype: Annotated[int, Number("tissue/person/phototype.default", whole=True)] | None = None
    melanin: Annotated[float, Quantity("tissue/person/melanin.allowed", "1")] | None = None
    bmi: Annotated[float, Number("tissue/person/bmi.default")] | None = None


class Area(Section):
    """Where on the body: `site` from the table of sites; `region` is free text for people."""

    site: Annotated[str, Name(lambda: tuple(sites()), lambda text: site(text).name)]
    side: Literal["left", "right", "both", "middle"] | None = None
    region: str = ""


class Layer(Section):
    """One layer given instead of the site's own values; what is left out keeps the site's.

    Shares of the layer's volume (`oxygenation`: of its blood), `thickness` and `perfusion` (blood per volume and time),
    as text with units. The epidermis's melanin belongs to the person.
    """

    name: Annotated[str, Name(lambda: NAMES, layer_name)]
    thickness: Thickness | None = None
    water: Water | None = None
    melanin: Melanin | None = None
    blood: Blood | None = None
    oxygenation: Oxygenation | None = None
    lipid: Lipid | None = None
    perfusion: Perfusion | None = None

    @property
    def changes(self) -> dict[str, float]:
        """What was given, SI, as `Skin.with_layer` takes it."""
        return self.model_dump(exclude={"name"}, exclude_none=True)


class SkinGiven(Section):
    """What is known of this skin beyond its site."""

    layers: tuple[Layer, ...] = ()


class Course(Section):
    """What is asked for: a method, a device (its key in the catalogue, or your own device file) and what is settled.

    `device` may be a list of heads to choose from. `settings` are held as given, named as the device names them: text
    with units, a bare number for counts. With `plan = "optimise"` the others are chosen; with "as given" they are at
    the device's defaults.
    """

    method: Literal["infrared", "ultrasound", "radiofrequency", "microneedling"]
    device: Annotated[tuple[str, ...], Choice()]
    plan: Literal["optimise", "as given"] = "optimise"
    settings: Settings = Field(default_factory=dict, validate_default=True)


class GoalGiven(Section):
    """Depth band [m] to reach instead of the method's own, top and bottom."""

    depth: tuple[Depth, Depth]


class Published(Section):
    """For a replay of a published protocol: what the paper reports, in its own words."""

    citation: str
    claims: tuple[str, ...] = ()


class Run(Section):
    """How the numbers are computed: the same seed and number of `photons` give the same numbers."""

    seed: Seed = Field(default_factory=lambda: int(default("case/fields/run.seed")))
    photons: Annotated[int, Number("case/fields/run.photons", whole=True)] | None = None


class Case(Section):
    """One case, SI throughout. `given` is what the file said, word for word; `file` its name ("" when made in code)."""

    version: Annotated[int, Version(SCHEMA)] = Field(alias="schema")
    title: str = ""
    language: Annotated[str, Name(lambda: tuple(LANGUAGES))] = "en"
    person: Person
    area: Area
    skin: SkinGiven = SkinGiven()
    imaging: Imaging = Imaging()
    treatment: Course
    goal: GoalGiven | None = None
    answers: Answers = Field(default_factory=dict, validate_default=True)
    published: Published | None = None
    run: Run = Run()

    _origin: Origin = PrivateAttr(default_factory=lambda: Origin())
    _held: dict[str, Mapping[str, Any]] = PrivateAttr(default_factory=dict)

    @property
    def given(self) -> Mapping[str, Any]:
        """What the file said, word for word, for the run record."""
        return self._origin.given

    @property
    def file(self) -> str:
        """The file's name; empty for a case made in code."""
        return str(self._origin.file or "")

    @cached_property
    def devices(self) -> tuple[Machine, ...]:
        """The devices the case names, from the catalogue or from files beside the case."""
        about = self.treatment
        return tuple(find_device(name, about.method, self._origin.file, self.fault) for name in about.device)

    @property
    def device(self) -> Machine:
        """The device the case names, the first of several."""
        return self.devices[0]

    @property
    def held(self) -> Mapping[str, Any]:
        """The settings the case holds, as its first device takes them."""
        return self.held_by(self.device)

    def held_by(self, device: Machine) -> Mapping[str, Any]:
        """The settings the case holds, in SI (choices such as the spot stay text), each inside the device's range."""
        if device.key not in self._held:
            self._held[device.key] = held_settings(self.treatment.settings, device, self.fault)
        return self._held[device.key]

    def fault(self, error: InputError, key: str) -> InputError:
        """Return `error` with this file and the line of `key` (dotted, such as "treatment.settings.fluence")."""
        return self._origin.fault(error, key)


def read_case(path: str | Path) -> Case:
    """Read a case file.

    Raises `FileError` for a file that cannot be read as TOML, and `InputError` with file, line, key, value, what is
    allowed and the remedy for the first fault in it.
    """
    path = Path(path)
    data, line_of = read_toml(path)
    return case_from(data, file=path, line_of=line_of)


def case_from(
    data: Mapping[str, Any], *, file: Path | None = None, line_of: Callable[[str], int] | None = None
) -> Case:
    """Return the case that `data` (the tables of a case file) describes; raises as `read_case` does."""
    try:
        case = Case.model_validate(data)
    except ValidationError as error:
        raise first_fault(error, Case, file, line_of) from None
    case._origin = Origin(MappingProxyType(dict(data)), file, line_of)
    check_together(case)
    for device in case.devices:
        _ = case.held_by(device)  # a setting the device cannot give is found now, not after a minute's work
    return case


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a case file, for editors, forms and the web application."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema(mode="validation")}
