"""What makes a plan traceable: every data row it used, and a digest of all it was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from tauten.care.methods import METHODS
from tauten.care.plan_types import RunRecord
from tauten.care.question import Question
from tauten.facts import Row
from tauten.files.case import Case
from tauten.solvers import kinetics
from tauten.treatment import Treatment

__all__ = ["record", "rows"]


def rows(question: Question, run: Treatment) -> tuple[Row, ...]:
    """Return every data row the plan used, sorted by name."""
    device, facts = question.device, question.facts
    names = [*question.knobs, *device.rows]
    method = question.case.treatment.method
    others = tuple(f"care/planning/{each}." for each in METHODS if each != method)
    for table in ("care/planning", "simulate", "tissue/heat", f"care/goals/{method}"):
        found = [f"{table}{'.' if table.startswith('care/goals') else '/'}{name}" for name in facts.under(table)]
        names += [name for name in found if not name.startswith(others)]
    names += [name for limit in question.limits for name in limit.rows]
    read = {reading.kinetics for reading in kinetics.READINGS}
    sets = {*read, *(str(each).rpartition("_")[0] if str(each).startswith("comfort") else each for each in read)}
    names += [
        f"tissue/kinetics/{name}"
        for name in facts.under("tissue/kinetics")
        if name.partition(".")[0] in sets or name.startswith("heat_stimulus.")
    ]
    used = {name: facts[name] for name in names} | {row.name: row for row in run.skin.rows}
    used |= {setting.row.name: setting.row for setting in device.settings.values()}
    used |= {row.name: row for row in question.method.used(question, run)}
    return tuple(used[name] for name in sorted(used))


@cache
def _fingerprint() -> str:
    """Return a digest of every data file the package ships, curves included."""
    digest = hashlib.sha256()
    root = Path(str(files("tauten") / "data"))
    for path in sorted(p for p in root.rglob("*") if p.is_file()):
        digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def record(case: Case, question: Question, settings: Mapping[str, Any], used: Sequence[Row]) -> RunRecord:
    """Return what makes the plan reproducible; the digest names inputs, versions, data, device, settings and rows."""
    photons = int(question.method.options(question, "full").get("photon_count", 0))
    inputs = json.loads(json.dumps(dict(case.given), default=str))
    named = {
        "version": version("tauten"),
        "built with": {name: version(name) for name in ("numpy", "numba", "llvmlite")},
        "data": _fingerprint(),
        "device": repr(replace(question.device, file="")),  # the same file elsewhere is the same device
        "seed": case.run.seed,
        "photons": photons,
        "inputs": inputs,
        "settings": dict(settings),
        "rows": {row.name: [row.value, row.low, row.high, row.unit] for row in used},
    }
    digest = hashlib.sha256(json.dumps(named, sort_keys=True, default=str).encode()).hexdigest()
    return RunRecord(named["version"], case.version, case.run.seed, photons, date.today().isoformat(), inputs, digest)
