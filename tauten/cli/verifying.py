"""`tauten verify`: every published number and exact solution Tauten is held to, beside what it computes."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Iterable, Mapping
from typing import Any

from tauten.cli.show import json_out, progress, table
from tauten.errors import InputError, TautenError
from tauten.files.faults import did_you_mean
from tauten.validation.case import Check, Claim

__all__ = ["claims", "verify"]

MISSED = 11
"""Exit code when a check missed its tolerance."""


def verify(names: list[str], as_json: bool, quiet: bool) -> int:
    """Run the claims called `names` (all without any), print every check; return 0, or 11 when one missed.

    A number that is only told counts neither way.
    """
    chosen = _choose(claims(), names)
    total = sum(claim.seconds for _, claim in chosen) or 1.0
    rows: list[dict[str, Any]] = []
    with progress(quiet or as_json) as report:
        done = 0.0
        for room, claim in chosen:
            if report:
                report(claim.name, done / total)
            rows.extend(_run(room, claim))
            done += claim.seconds
    missed = [row for row in rows if not row["passes"]]
    if as_json:
        json_out({"passes": not missed, "checks": rows})
    else:
        shown = missed if quiet else rows
        if shown:
            columns = ("claim", "check", "value", "expected", "tolerance", "unit", "", "source and notes")
            table(columns, [_text(row) for row in shown])
        if not quiet:
            held = [row for row in rows if row["compared"]]
            told = f" Told, held to nothing: {len(rows) - len(held)}." if len(rows) > len(held) else ""
            print(f"{sum(row['passes'] for row in held)} of {len(held)} checks pass.{told}")
    return MISSED if missed else 0


def claims() -> Mapping[str, tuple[Claim, ...]]:
    """Return the claims of every room, by the name of its file in `tauten/validation/`."""
    import tauten.validation as rooms

    found = {}
    for module in sorted(pkgutil.iter_modules(rooms.__path__), key=lambda m: m.name):
        listed = getattr(importlib.import_module(f"{rooms.__name__}.{module.name}"), "CLAIMS", ())
        if listed:
            found[module.name] = tuple(listed)
    return found


def _choose(all_claims: Mapping[str, tuple[Claim, ...]], names: list[str]) -> list[tuple[str, Claim]]:
    everything = [(room, claim) for room, listed in all_claims.items() for claim in listed]
    known = [*all_claims, *(claim.name for _, claim in everything)]
    for name in names:
        if name not in known:
            raise InputError(
                "is not a room or a claim", key="NAME", value=f'"{name}"', allowed=" | ".join(all_claims),
                remedy=did_you_mean(name, known),
            )  # fmt: skip
    return [(room, claim) for room, claim in everything if not names or room in names or claim.name in names]


def _run(room: str, claim: Claim) -> Iterable[dict[str, Any]]:
    """Return one row a check; a claim that could not be computed is a row that fails, and the others still run."""
    try:
        return [_row(room, claim, check) for check in claim.run()]
    except TautenError as error:
        return [
            {
                "room": room, "claim": claim.name, "check": "could not be computed", "value": None, "expected": None,
                "tolerance": None, "unit": "", "compared": True, "passes": False, "source": "",
                "note": " ".join(str(error).split()),
            }
        ]  # fmt: skip


def _row(room: str, claim: Claim, check: Check) -> dict[str, Any]:
    # JSON has no NaN: a value that is none shows as a dash and never passes.
    value, expected, tolerance = (
        None if number is None or not math.isfinite(number) else float(number)
        for number in (check.value, check.expected, check.tolerance)
    )
    return {
        "room": room, "claim": claim.name, "check": check.name, "value": value, "expected": expected,
        "tolerance": tolerance, "unit": check.unit, "compared": check.compared, "passes": bool(check.passes),
        "source": check.source, "note": check.note,
    }  # fmt: skip


def _text(row: Mapping[str, Any]) -> tuple[str, ...]:
    numbers = ["-" if row[k] is None else f"{row[k]:.6g}" for k in ("value", "expected", "tolerance")]
    verdict = "MISSED" if not row["passes"] else "pass" if row["compared"] else "told"
    beside = "; ".join(text for text in (row["source"], row["note"]) if text)
    return (row["claim"], row["check"], *numbers, row["unit"], verdict, beside)
