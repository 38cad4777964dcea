"""The case file: one person, one area, one treatment asked for. TOML in, SI floats out, every fault at its line.

`read_case` is the only way in. A `Case` is frozen, carries no units, and remembers where each value stood, so that a
later room that finds a fault (a setting the device cannot give) can still name file and line: `case.fault(...)`.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, PrivateAttr, ValidationError

from tauten.errors import FileError, InputError
from tauten.files.faults import first_fault
from tauten.files.fields import Name, Number, Quantity, default
from tauten.language import LANGUAGES
from tauten.toml import read_toml

__all__ = ["SCHEMA", "Area", "Case", "Course", "Layer", "Person", "case_from", "case_schema", "read_case"]

SCHEMA = 1
"""The version of the case file this Tauten reads."""

_LARGEST = 1_000_000
"""Bytes. A case is a page of text; anything larger is the wrong file."""


def _frozen(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(value))


Words = Annotated[Mapping[str, str], AfterValidator(_frozen), PlainSerializer(dict)]
Answers = Annotated[Mapping[str, Literal["yes", "no", "unknown"]], AfterValidator(_frozen), PlainSerializer(dict)]
Thickness = Annotated[float, Quantity("skin.thickness", "m")]


class _Section(BaseModel):
    """One table of the file: no key but its own, never edited."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(_Section):
    """Who is treated. `melanin` is the epidermis's volume fraction of melanosomes; `phototype` only maps onto it."""

    age: Annotated[float, Number("person.age")]
    sex: Literal["female", "male"]
    phototype: Annotated[int, Number("person.phototype", whole=True)] | None = None
    melanin: Annotated[float, Quantity("person.melanin", "1")] | None = None
    bmi: Annotated[float, Number("person.bmi")] | None = None


class Area(_Section):
    """Where on the body: `site` from the table of sites; `region` is free text for people."""

    site: Annotated[str, Name(lambda: _sites())]
    side: Literal["left", "right", "both", "middle"] | None = None
    region: str = ""


class Layer(_Section):
    """One layer given instead of the site's own value; what is left out keeps the site's."""

    name: Annotated[str, Name(lambda: _layers())]
    thickness: Thickness | None = None


class SkinGiven(_Section):
    """What is known of this skin beyond its site."""

    layers: tuple[Layer, ...] = ()


class Course(_Section):
    """What is asked for: a method, a device (its key in the catalogue or a file of yours) and what is settled already.

    `settings` are held as given (text with units, as the device's own settings name them); with `plan = "optimise"`
    the others are chosen. `passes` on the same spot, `interval` [s] apart.
    """

    method: Literal["infrared"]
    device: str
    plan: Literal["optimise", "as given"] = "optimise"
    settings: Words = Field(default_factory=dict, validate_default=True)
    passes: Annotated[int, Number("treatment.passes", whole=True)] = Field(
        default_factory=lambda: int(default("treatment.passes"))
    )
    interval: Annotated[float, Quantity("treatment.interval", "s")] = Field(
        default_factory=lambda: default("treatment.interval")
    )


class GoalGiven(_Section):
    """Depth band [m] to reach instead of the method's own, top and bottom."""

    depth: tuple[Annotated[float, Quantity("goal.depth", "m")], Annotated[float, Quantity("goal.depth", "m")]]


class Published(_Section):
    """For a replay of a published protocol: what the paper reports, in its own words."""

    citation: str
    claims: tuple[str, ...] = ()


class Run(_Section):
    """How the numbers are computed: same seed, same numbers. Give `accuracy` or `photons`, or leave it to Tauten."""

    seed: Annotated[int, Number("run.seed", whole=True)] = Field(default_factory=lambda: int(default("run.seed")))
    accuracy: Annotated[float, Quantity("run.accuracy", "1")] | None = None
    photons: Annotated[int, Number("run.photons", whole=True)] | None = None


class Case(_Section):
    """One case, SI throughout. `given` is what the file said, word for word; `file` its name ("" when made in code)."""

    version: Literal[1] = Field(alias="schema")
    title: str = ""
    language: Annotated[str, Name(lambda: tuple(LANGUAGES))] = "en"
    person: Person
    area: Area
    skin: SkinGiven = SkinGiven()
    treatment: Course
    goal: GoalGiven | None = None
    answers: Answers = Field(default_factory=dict, validate_default=True)
    published: Published | None = None
    run: Run = Run()

    _given: Mapping[str, Any] = PrivateAttr(default_factory=dict)
    _file: Path | None = PrivateAttr(default=None)
    _line_of: Callable[[str], int] | None = PrivateAttr(default=None)

    @property
    def given(self) -> Mapping[str, Any]:
        """What the file said, word for word, for the run record."""
        return self._given

    @property
    def file(self) -> str:
        """The file's name; empty for a case made in code."""
        return str(self._file or "")

    @property
    def folder(self) -> Path:
        """Where a device file named in the case is looked for: beside the case."""
        return self._file.parent if self._file else Path()

    def fault(self, error: InputError, key: str | None = None) -> InputError:
        """Return `error` with this file, and the line of `key` (dotted, such as "treatment.settings.fluence")."""
        key = key or error.key or ""
        return error.at(file=self._file, line=self._line_of(key) if self._line_of else None, key=key)


def read_case(path: str | Path) -> Case:
    """Read a case file.

    Raises `FileError` for a file that cannot be read as TOML, and `InputError` with file, line, key, value, what is
    allowed and the remedy for the first fault in it.
    """
    path = Path(path)
    _refuse_odd_files(path)
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
    case._given, case._file, case._line_of = MappingProxyType(dict(data)), file, line_of
    return case


def case_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a case file, for editors, forms and the web application."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema(mode="validation")}


def _refuse_odd_files(path: Path) -> None:
    """Refuse what is no page of text before reading it: a folder, a device, a film by mistake."""
    try:
        about = path.stat()
    except OSError as error:
        raise FileError(
            f"cannot be read ({error.strerror})", file=path, remedy="Check the name and who may read it."
        ) from error
    except ValueError as error:
        raise FileError("is no file name", file=repr(str(path))) from error
    if stat.S_ISDIR(about.st_mode):
        raise FileError("is a folder", file=path, remedy="Name the case file inside it.")
    if stat.S_ISCHR(about.st_mode) or stat.S_ISBLK(about.st_mode):
        raise FileError("is a device, not a file", file=path)
    if about.st_size > _LARGEST:
        raise FileError(
            f"is no case file: it has {about.st_size / 1e6:.3g} MB",
            file=path,
            allowed=f"up to {_LARGEST / 1e6:.0f}",
            unit="MB",
        )
    if stat.S_ISREG(about.st_mode) and about.st_size == 0:
        raise FileError("is empty", file=path, remedy="Is it half-written? examples/lower_face.toml is a whole one.")


@cache
def _sites() -> tuple[str, ...]:
    return (
        "forehead", "brow", "temple", "eyelid", "periorbital", "cheek", "perioral", "jawline", "submentum", "neck",
        "decolletage", "upper arm", "abdomen", "back", "buttock", "thigh", "knee", "hand",
    )  # fmt: skip


@cache
def _layers() -> tuple[str, ...]:
    return ("stratum corneum", "epidermis", "papillary dermis", "reticular dermis", "subcutaneous fat", "muscle")
