"""`tauten plan` and `tauten simulate`: a case file in, an answer out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tauten.cli.show import json_out, progress, table
from tauten.files import output_folder, read_case, write_json

__all__ = ["make_plan", "simulate_case"]


def make_plan(path: Path, out: Path, as_json: bool, quiet: bool) -> int:
    """Make the plan for the case at `path` and write it to the folder `out`, whole or not at all."""
    case = read_case(path)
    from tauten.care.plan import plan
    from tauten.report import page

    with output_folder(out) as folder, progress(quiet) as report:
        made = plan(case, progress=report)
        if report:
            report("Drawing the page", 0.95)
        document = made.to_dict()
        page.write(made, folder)
        write_json(folder / "plan.json", document)
    if as_json:
        json_out({"written": str(out), "plan": document})
    elif quiet:
        print(out / "plan.html")
    else:
        table(("", "", ""), made.summary, title=made.title)
        print(f"Written: {out / 'plan.html'}")
    return 0


def simulate_case(path: Path, as_json: bool, quiet: bool) -> int:
    """Show what the settings of the case at `path` do to each layer; settings it does not give are at their default."""
    case = read_case(path)
    from tauten.care.question import question_of

    with progress(quiet) as report:
        if report:
            report("Light and heat", 0.0)
        treatment = question_of(case).treatment(case.held)
    figures: Mapping[str, Any] = treatment.summary
    if as_json:
        json_out({name: {"value": f.value, "unit": f.unit, "spread": f.spread} for name, f in figures.items()})
        return 0
    rows = [(name, f"{f.value:.4g}", f"± {f.spread:.2g}" if f.spread else "", f.unit) for name, f in figures.items()]
    table(("figure", "value", "", "unit"), rows, title=f"{case.device.name}, {case.area.site}")
    return 0
