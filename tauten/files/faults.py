"""What pydantic found wrong with a case, as the one sentence a reader can act on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from tauten.errors import InputError

__all__ = ["did_you_mean", "first_fault"]

_KINDS = {
    "string_type": ("is not text", 'Put it in quotes, for example "cheek".'),
    "model_type": ("is not a table", "Write it as a [table] with keys of its own."),
    "dict_type": ("is not a table", "Write it as a [table] with keys of its own."),
    "mapping_type": ("is not a table", "Write it as a [table] with keys of its own."),
    "tuple_type": ("is not a list", "Write it in brackets, for example [1, 2]."),
}


def first_fault(
    error: ValidationError, model: type[BaseModel], file: Path | None, line_of: Callable[[str], int] | None
) -> InputError:
    """Return the first fault in the file's own order as an `InputError`; says how many more there are."""
    faults = sorted(error.errors(include_url=False), key=lambda fault: line_of(_dotted(fault["loc"])) if line_of else 0)
    fault: Mapping[str, Any] = faults[0]
    facts = _facts(fault, model)
    more = len(faults) - 1
    remedies = [facts.pop("remedy", None), more and f"{more} more fault{'s' if more > 1 else ''} after this one."]
    key = _dotted(fault["loc"])
    return InputError(
        facts.pop("problem"),
        key=key,
        remedy=" ".join(r for r in remedies if r) or None,
        file=file,
        line=line_of(key) if line_of else None,
        **facts,
    )


def did_you_mean(word: Any, choices: Sequence[str]) -> str | None:
    """Return "Did you mean x?" for the nearest of `choices`, or None when nothing is near or `word` is no text."""
    if not isinstance(word, str):
        return None
    lower = {choice.lower(): choice for choice in choices}
    near = get_close_matches(word.lower(), list(lower), n=1, cutoff=0.6)
    return f"Did you mean {lower[near[0]]}?" if near else None


def _facts(fault: Mapping[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    kind, loc, context = fault["type"], fault["loc"], fault.get("ctx", {})
    if kind == "refusal":
        return {
            "problem": context["problem"],
            "value": _short(context["value"]),
            "allowed": context["allowed"],
            "unit": context["unit"],
            "remedy": context["remedy"] or did_you_mean(context["value"], context["choices"]),
        }
    if kind == "extra_forbidden":
        keys = _keys(model, loc[:-1])
        elsewhere = [key for key in _all_keys(model) if key.rpartition(".")[2] == loc[-1]]
        remedy = did_you_mean(loc[-1], keys) or (f"Did you mean {elsewhere[0]}?" if elsewhere else None)
        return {"problem": "is not a key of this file", "allowed": ", ".join(keys), "remedy": remedy}
    if kind == "missing":
        return {"problem": "is missing", "remedy": f"Add it to {_place(loc)}."}
    if kind == "literal_error":
        choices = re.findall(r"'([^']*)'", context["expected"]) or [str(context["expected"])]
        remedy = did_you_mean(fault["input"], choices)
        return {
            "problem": "is unknown",
            "value": _short(fault["input"]),
            "allowed": " | ".join(choices),
            "remedy": remedy,
        }
    problem, remedy = _KINDS.get(kind, (f"does not fit ({fault['msg']})", None))
    return {"problem": problem, "value": _short(fault["input"]), "remedy": remedy}


def _dotted(loc: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in loc)


def _place(loc: Sequence[int | str]) -> str:
    tables = [str(part) for part in loc[:-1] if isinstance(part, str)]
    return f"[{'.'.join(tables)}]" if tables else "the top of the file"


def _short(value: Any) -> str:
    """Return a value as the file writes it, cut to what fits a line."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, str):
        line = " ".join(value.split())
        text = '"' + "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line) + '"'
    elif isinstance(value, dict):
        text = "a table"
    elif isinstance(value, list):
        text = f"a list of {len(value)}"
    elif isinstance(value, int) and value.bit_length() > 200:  # Python does not print integers of any length
        text = f"an integer of {value.bit_length()} bits"
    else:
        text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """Return the keys allowed in the table at `loc`."""
    for part in loc:
        if isinstance(part, str):
            below = dict(_tables(model)).get(part)
            if below is None:
                return []
            model = below
    return [field.alias or name for name, field in model.model_fields.items()]


def _all_keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    tables = dict(_tables(model))
    for name, field in model.model_fields.items():
        key = before + (field.alias or name)
        yield key
        if name in tables:
            yield from _all_keys(tables[name], key + ".")


def _tables(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    for name, field in model.model_fields.items():
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield field.alias or name, kind
