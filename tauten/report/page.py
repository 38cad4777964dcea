"""The plan as one self-contained page: a clinician's part, then a patient's part; no network, no script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tauten.files.store import write_text
from tauten.language import say
from tauten.report import advice, clinician, grounds, layers, patient, standing, words
from tauten.report.canvas import Drawing
from tauten.report.faces import face_of
from tauten.report.numbers import percent
from tauten.workers import ask_all

if TYPE_CHECKING:
    import jinja2
    import markupsafe

    from tauten.care.plan_types import Plan

__all__ = ["drawings", "render", "write"]

_ALONE = ("section", "needles", "needles_level", "depths", "tip", "tornado")
"""Figures with a place of their own on the page."""


def write(plan: Plan, folder: str | Path) -> tuple[Path, ...]:
    """Write `plan.html` and `figures/*.svg` into an existing `folder`; return their paths, the page first.

    Everything is drawn before anything is written, and each file is written whole or not at all. Raises `StorageError`
    when the disk is full or the place does not allow it.
    """
    drawn = drawings(plan)
    page = render(plan, drawn)
    target = Path(folder) / "figures"
    written = [write_text(Path(folder) / "plan.html", page)]
    target.mkdir(exist_ok=True)
    written += [write_text(target / f"{drawing.name}.svg", drawing.svg + "\n") for drawing in drawn]
    return tuple(written)


def drawings(plan: Plan) -> tuple[Drawing, ...]:
    """Return every figure this plan has the numbers for."""
    found = ask_all(lambda draw: draw(plan), face_of(plan).drawings)
    return tuple(drawing for drawing in found if drawing is not None)


def render(plan: Plan, drawn: tuple[Drawing, ...] | None = None) -> str:
    """Return the page as HTML; every text from a case or a device file is escaped."""
    shown = drawings(plan) if drawn is None else drawn
    return _templates().get_template("plan.html.j2").render(_view(plan, shown))


def _view(plan: Plan, drawn: tuple[Drawing, ...]) -> Mapping[str, Any]:
    face = face_of(plan)
    title, opening = patient.opening(plan)
    checked = tuple(row for row in plan.rows if row.confidence != "unverified")
    return {
        "plan": plan,
        "verdict": standing.verdict(plan),
        "blocked": standing.blocked(plan),
        "open_questions": standing.open_questions(plan),
        "screening_word": standing.screening_word(plan),
        "findings": clinician.findings(plan),
        "person": _person(plan),
        "settings": clinician.settings(plan),
        "limits": clinician.limits(plan),
        "goals": clinician.goals(plan),
        "layers": layers.temperatures(plan),
        "damage": layers.damage(plan),
        "band_words": standing.band_words(plan),
        "held": standing.held(plan),
        "drawings": [drawing for drawing in drawn if drawing.name not in _ALONE],
        **{name: next((drawing for drawing in drawn if drawing.name == name), None) for name in _ALONE},
        "safer": advice.safer(plan),
        "test_spot": advice.test_spot(plan),
        "tolerance": percent(plan.device.output_tolerance),
        "face": face,
        **face.view(plan),
        "effects": grounds.effects(plan),
        "published": grounds.published(plan),
        "run_record": grounds.run_record(plan),
        "inputs": json.dumps(plan.record.inputs, indent=1, ensure_ascii=False, default=str),
        "unverified_rows": grounds.data_rows(plan.unverified, f"Unverified ({len(plan.unverified)})"),
        "checked_rows": grounds.data_rows(checked, f"Checked in a source, or a product's choice ({len(checked)})"),
        "evidence_rows": grounds.data_rows(patient.evidence(plan), "Quoted in the patient's part"),
        "patient_nav": say("nav", plan.language),
        "patient_title": title,
        "patient_opening": opening,
        "patient_sections": patient.patient(plan),
        "patient_sign": say("sign", plan.language),
    }


def _person(plan: Plan) -> str:
    skin = plan.skin
    about = [skin.site.name if skin.site else "skin given layer by layer"]
    if skin.side:
        about.append(f"side: {skin.side}")
    if skin.age is not None:
        about.append(f"{skin.age:g} years")
    if skin.sex:
        about.append(skin.sex)
    if skin.phototype is not None:
        about.append(f"phototype {['I', 'II', 'III', 'IV', 'V', 'VI'][skin.phototype - 1]}")
    return ", ".join(about)


@cache
def _templates() -> jinja2.Environment:
    import jinja2

    folder = files("tauten") / "report" / "templates"
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: (folder / name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,  # a page with a hole in it is an error, not a page
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"tidy": words.tidy, "breakable": _breakable}
    return environment


def _breakable(name: str) -> markupsafe.Markup:
    """Let a long row name break after its separators, and nowhere else."""
    import markupsafe

    return markupsafe.Markup(re.sub(r"(?<=[/._])(?=\w)", "<wbr>", str(markupsafe.escape(name))))
