"""One word for one thing: the public parameters are the words of `docs/glossary.md`, and no other."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import tauten
from tauten.units import scale

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")

INTERFACE = (
    "tauten.devices.beam", "tauten.devices.cooling", "tauten.devices.exposure", "tauten.devices.spectrum",
    "tauten.devices.drive", "tauten.devices.electrode", "tauten.devices.needles", "tauten.devices.pattern",
    "tauten.devices.rf", "tauten.devices.shot", "tauten.devices.transducer",
    "tauten.grid", "tauten.simulate", "tauten.skin.acoustics", "tauten.skin.layer", "tauten.skin.optics",
    "tauten.skin.skin", "tauten.skin.thermal", "tauten.solvers.conduction", "tauten.solvers.photons",
    "tauten.solvers.state", "tauten.physics.bioheat", "tauten.physics.collagen", "tauten.physics.damage",
    "tauten.physics.current", "tauten.physics.light", "tauten.skin.dielectrics", "tauten.solvers.admittivities",
    "tauten.physics.sound", "tauten.physics.steepening", "tauten.skin.acoustics", "tauten.solvers.beams",
    "tauten.solvers.field", "tauten.solvers.zones", "tauten.solvers.potential",
)  # fmt: skip
"""What the architecture promises to researchers: these names and meanings stay put."""


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the glossary."""
    part = TEXT.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def in_code(text: str) -> set[str]:
    return set(re.findall(r"`([^`]+)`", text))


WORDS = {word for row in rows("Quantities") + rows("Nouns") for word in in_code(row[0])}
PLAIN = in_code(TEXT.partition("## Plain words\n")[2].partition("\n## ")[0])
NEVER = {word for row in rows("Words we do not use") for word in in_code(row[0])}


def public_parameters(module: str) -> Iterator[tuple[str, str]]:
    """Yield (parameter, where) of every function, class and method that a module makes public."""
    home = importlib.import_module(module)
    for name in home.__all__:
        thing = getattr(home, name)
        if getattr(thing, "__module__", "") != module or not (inspect.isfunction(thing) or inspect.isclass(thing)):
            continue
        if inspect.isclass(thing) and issubclass(thing, (Exception, Warning)):
            continue
        own = vars(thing).values() if inspect.isclass(thing) else ()
        methods = [m.__func__ if isinstance(m, classmethod) else m for m in own]
        for called in (thing, *(m for m in methods if inspect.isfunction(m) and not m.__name__.startswith("_"))):
            for parameter in inspect.signature(called).parameters:
                if parameter not in ("self", "cls") and not parameter.startswith("_"):
                    yield parameter, f"{module}.{name}"


def test_glossary_has_words() -> None:
    assert min(len(WORDS), len(PLAIN), len(NEVER)) > 5


@pytest.mark.parametrize("module", INTERFACE)
def test_public_parameters_are_words_of_the_glossary(module: str) -> None:
    strange = {f"{word} ({where})" for word, where in public_parameters(module) if word not in WORDS | PLAIN}
    assert not strange


def test_high_level_parameters_are_words_of_the_glossary() -> None:
    given = {word for name in ("simulate", "plan") for word in inspect.signature(getattr(tauten, name)).parameters}
    assert given - WORDS - PLAIN == set()


def test_no_function_in_the_package_takes_a_word_we_do_not_use() -> None:
    found = set()
    for path in (ROOT / "tauten").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                given = {a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
                found |= {f"{word} in {path.name}:{node.lineno}" for word in given & NEVER}
    assert not found


@pytest.mark.parametrize("row", rows("Quantities"), ids=lambda row: row[0])
def test_unit_of_each_quantity_is_si(row: list[str]) -> None:
    unit = row[1]
    for each in unit.split(", "):
        if each in ("-", "1"):
            continue
        assert scale(each, each) == 1.0
        if each == "min":  # the one named exception: CEM43 counts minutes
            continue
        pieces = set(re.findall(r"[A-Za-z]+", each))
        assert pieces <= {"m", "s", "K", "W", "J", "kg", "Pa", "rad", "mol", "Hz", "V", "A", "S", "ohm"}


def test_no_word_is_defined_twice() -> None:
    listed = [word for row in rows("Quantities") + rows("Nouns") for word in in_code(row[0])]
    assert len(listed) == len(set(listed))
    assert not WORDS & NEVER
    assert not WORDS & PLAIN


def test_every_module_can_be_asked() -> None:
    modules = {m.name for m in pkgutil.walk_packages(tauten.__path__, "tauten.")}
    assert set(INTERFACE) <= modules
