"""The plan as one self-contained page: a clinician's part, then a patient's part; no network, no script."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tauten.files.store import write_text
from tauten.language import say
from tauten.report import beam, clinician, figures, grounds, layers, patient, spreads, standing, timeline, words
from tauten.report.canvas import Drawing
from tauten.report.numbers import percent, quantity
from tauten.units import kelvin_to_celsius

if TYPE_CHECKING:
    import jinja2
    import markupsafe

    from tauten.care.plan_types import Plan

__all__ = ["render", "write"]


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
    found = (
        figures.temperature_map(plan),
        figures.profiles(plan),
        spreads.burns(plan),
        spreads.collagen(plan),
        figures.camera(plan),
        figures.comfort(plan),
        beam.across(plan),
        spreads.tornado(plan),
    )
    return tuple(drawing for drawing in found if drawing is not None)


def render(plan: Plan, drawn: tuple[Drawing, ...] | None = None) -> str:
    """Return the page as HTML; every text from a case or a device file is escaped."""
    shown = drawings(plan) if drawn is None else drawn
    return _templates().get_template("plan.html.j2").render(_view(plan, shown))


def _view(plan: Plan, drawn: tuple[Drawing, ...]) -> Mapping[str, Any]:
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
        "drawings": [drawing for drawing in drawn if drawing.name != "tornado"],
        "tornado": next((drawing for drawing in drawn if drawing.name == "tornado"), None),
        "safer": clinician.safer(plan),
        "test_spot": clinician.test_spot(plan),
        "operator": _operator(plan),
        "effects": grounds.effects(plan),
        "published": grounds.published(plan),
        "run_record": grounds.run_record(plan),
        "inputs": json.dumps(plan.record.inputs, indent=1, ensure_ascii=False, default=str),
        "unverified_rows": grounds.data_rows(plan.unverified, f"Unverified ({len(plan.unverified)})"),
        "checked_rows": grounds.data_rows(checked, f"Checked in a source, or a product's choice ({len(checked)})"),
        "evidence_rows": grounds.data_rows(patient.evidence(), "Quoted in the patient's part"),
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


def _operator(plan: Plan) -> Mapping[str, Any]:
    reading, device = timeline.hottest_reading(plan), plan.device
    too_hot, too_hot_is = timeline.stop_reading(plan) or (math.inf, "")
    return {
        "reading": _whole_degrees(reading.temperature) if reading and too_hot_is else "",
        "too_hot": _whole_degrees(too_hot, down=True) if too_hot_is else "",
        "too_hot_is": too_hot_is,
        "past_stop": bool(reading and reading.temperature > too_hot),
        "when": quantity(reading.at, "s", digits=2) if reading else "",
        "covers": sorted({span.what for span in timeline.covered(plan)}),
        "eye": device.eye_hazard,
        "wavelengths": "{:.0f} to {:.0f} nm".format(*(1e9 * w for w in device.eye_hazard.wavelengths)),
        "tolerance": percent(device.output_tolerance),
    }


def _whole_degrees(kelvin: float, down: bool = False) -> str:
    degrees = kelvin_to_celsius(kelvin)
    return f"{math.floor(degrees) if down else degrees:.0f} °C"


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
