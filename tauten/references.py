"""Each paper once: BibTeX in `data/references.bib`, and `@law` that ties an equation to its source and validity."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar

from tauten.errors import InputError, OutsideValidity

__all__ = ["LAWS", "Law", "Reference", "check_validity", "law", "reference", "references"]

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Reference:
    """One published work; `key` is how `@law(cite=...)` and data rows name it."""

    key: str
    kind: str
    fields: Mapping[str, str]

    def __str__(self) -> str:
        """Return author, year, title and DOI in one line."""
        f = self.fields
        doi = f" doi:{f['doi']}" if "doi" in f else ""
        where = f.get("journal") or f.get("booktitle") or f.get("publisher") or f.get("howpublished") or ""
        return f"{f.get('author', self.key)} ({f.get('year', 'n.d.')}). {f.get('title', '')}. {where}.{doi}"


@dataclass(frozen=True, slots=True)
class Law:
    """What `@law` keeps about an equation: its name, where it stands, its source and the SI ranges it holds for."""

    name: str
    cite: str
    valid: Mapping[str, tuple[float, float]]


LAWS: dict[str, Law] = {}
"""Every law by `module.function`, filled at import by the decorator and only read afterwards."""


def law(*, cite: str, valid: Mapping[str, tuple[float, float]] | None = None) -> Callable[[Function], Function]:
    """Attach a source and a validity range (SI) to an equation.

    The function itself is returned unchanged, so a compiled driver can inline it; `check_validity` reads the ranges.
    """

    def attach(function: Function) -> Function:
        name = f"{function.__module__.removeprefix('tauten.')}.{function.__qualname__}"
        LAWS[name] = Law(name, cite, MappingProxyType(dict(valid or {})))
        function.law = LAWS[name]  # type: ignore[attr-defined]
        return function

    return attach


def check_validity(function: Callable[..., Any], **values: float) -> None:
    """Raise `OutsideValidity` when a value lies outside the range the law's source covers."""
    about: Law = function.law  # type: ignore[attr-defined]
    for name, value in values.items():
        low, high = about.valid.get(name, (float("-inf"), float("inf")))
        if not low <= value <= high:
            raise OutsideValidity(f"{about.name}: {name} = {value:g} is outside {low:g} to {high:g} ({about.cite})")


@cache
def references() -> Mapping[str, Reference]:
    """Return every reference by key."""
    text = (files("tauten") / "data" / "references.bib").read_text(encoding="utf-8")
    found: dict[str, Reference] = {}
    for kind, key, body in re.findall(r"@(\w+)\{([^,\s]+),\s*\n(.*?)\n\}", text, flags=re.S):
        if key in found:
            raise InputError("appears twice", key=key, file="references.bib")
        fields = {
            k.lower(): " ".join(v.split()) for k, v in re.findall(r"(\w+)\s*=\s*\{(.*?)\}\s*(?:,|\Z)", body, flags=re.S)
        }
        found[key] = Reference(key, kind.lower(), MappingProxyType(fields))
    return MappingProxyType(found)


def reference(key: str) -> Reference:
    """Return one reference; raises `InputError` when no such work is listed."""
    try:
        return references()[key]
    except KeyError:
        raise InputError("is not in references.bib", key=key, remedy="Add the work to data/references.bib.") from None
