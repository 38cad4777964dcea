"""`tauten plan` and `tauten simulate`: a case file in, an answer out."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tauten.care.boiling import above, beyond, boils
from tauten.cli.show import json_out, progress, table
from tauten.errors import Contraindicated, InputError
from tauten.files import Case, output_folder, read_case, write_json
from tauten.units import scale, show

if TYPE_CHECKING:
    from tauten.care.question import Question
    from tauten.treatment import Figure, Treatment

__all__ = ["make_plan", "simulate_case"]

_PEOPLE = {"K": "°C", "m": "mm", "m3": "mm3"}
"""The unit people read a figure in, where it is not the SI one."""
_WORK = {
    "infrared": "light and heat", "ultrasound": "sound and heat", "radiofrequency": "current and heat",
    "microneedling": "current and heat",
}  # fmt: skip


def make_plan(path: Path, out: Path, as_json: bool, quiet: bool) -> int:
    """Make the plan for the case at `path` and write it to the folder `out`, whole or not at all."""
    case = read_case(path)
    from tauten.care.plan import plan
    from tauten.report import page

    with output_folder(out) as folder:
        with progress(quiet) as report, _placed(case):
            made = plan(case, progress=report)
        document = made.to_dict()
        page.write(made, folder)
        write_json(folder / "plan.json", document)
    if as_json:
        json_out({"written": str(out), "verdict": made.verdict, "plan": document})
    elif quiet:
        print(out / "plan.html")
    else:
        table(("", "", ""), made.summary, title=made.title)
        print(f"Written: {out / 'plan.html'}")
    if not any(finding.verdict == "stop" for finding in made.findings):
        return 0
    if not as_json:
        reasons = " ".join(finding.reason for finding in made.findings if finding.verdict == "stop")
        print(f"Do not shoot. {reasons} The plan is written to {out} all the same.", file=sys.stderr)
    return Contraindicated.exit_code


def simulate_case(path: Path, as_json: bool, quiet: bool) -> int:
    """Show what the settings of the case at `path` do to each layer; settings it does not give are at their default."""
    case = read_case(path)
    from tauten.care.imaging import findings, out_of_reach
    from tauten.care.plan import forbidden, refuse, screened
    from tauten.care.question import question_of

    warning = forbidden(case, screened(case))
    with progress(quiet) as report:
        if report:
            report(_WORK[case.treatment.method], 0.0)
        with _placed(case):
            question = question_of(case)
            _check_age(question, warning)
            if fault := out_of_reach(question):
                raise fault
            refuse(case, findings(question))
            treatment = question.treatment(question.start)
    if as_json:
        figures = treatment.summary.items()
        told = {
            name: {"value": f.value, "unit": f.unit, "spread": _known(f.spread), "lower_bound": f.lower_bound}
            for name, f in figures
        }
        json_out({"warning": warning, **told} if warning else told)
        return 0
    if warning:
        print(f"Warning: {warning}")
    table(("layer", "depth", "absorbs", "peak"), _layers(treatment), title=f"{case.device.name}; {case.area.site}")
    if not quiet:
        rest = {name: figure for name, figure in treatment.summary.items() if not name.startswith("peak.")}
        print()
        table(("figure", "value"), [(_words(name), _amount(figure)) for name, figure in rest.items()])
        if treatment.zones and not any(zone.formed for zone in treatment.zones):
            print("Nothing coagulates: there is no zone, and so no depth of one.")
        if boils(treatment.summary["tissue.peak_temperature"].value):
            print(f"Tissue {beyond()}. Doses are read there as if at that temperature, and are lower bounds.")
        given = ", ".join(case.held) or "none"
        rest_at = "The rest is at the device's defaults"
        chosen = f"; tauten plan {path} chooses it" if case.treatment.plan == "optimise" else ""
        print(f"Given by the case: {given}. {rest_at}{chosen}.")
    return 0


def _check_age(question: Question, warning: str) -> None:
    """Raise `Contraindicated` for somebody younger than any data, whom no method may treat."""
    try:
        question.skin(question.facts)
    except InputError as error:
        if error.key == "age" and warning:
            raise Contraindicated(warning) from None
        raise


@contextmanager
def _placed(case: Case) -> Iterator[None]:
    """Give an input fault that a room below found its place in the case file."""
    try:
        yield
    except InputError as error:
        key = error.key or ""
        if key == "interval":  # of the passes: the device names it pass_interval
            key = "exposure.pass_interval"
            error = InputError(error.problem, value=f"{error.value:g} s", allowed=error.allowed, unit=error.unit)
        if key.startswith("exposure."):
            key = "treatment.settings." + key.removeprefix("exposure.")
        raise case.fault(error, key) from error


def _layers(treatment: Treatment) -> list[tuple[str, str, str, str]]:
    """Return name, depth, share of the delivered energy and peak temperature of each layer, from the surface down."""
    shares = treatment.depositions[0].shares if treatment.depositions else {}
    rows = []
    for layer, top, bottom in zip(
        treatment.skin.layers, treatment.skin.depths[:-1], treatment.skin.depths[1:], strict=True
    ):
        share = shares.get(layer.name)
        noise = f" ± {100 * share.error:.1g}" if share and share.error > 0.0 else ""  # sound is not drawn at random
        absorbs = f"{100 * share.value:.3g}{noise} %" if share else ""
        depth = f"{1e3 * top:.3g} to {1e3 * bottom:.3g} mm"
        rows.append((_words(layer.name), depth, absorbs, _amount(treatment.summary[f"peak.{layer.name}"])))
    return rows


def _amount(figure: Figure) -> str:
    unit = _PEOPLE.get(figure.unit, figure.unit)
    if figure.unit == "K" and boils(figure.value):
        return f"{above()}, boils"
    told = f"{figure.value:.3g}" if unit == "1" else show(figure.value, figure.unit, unit)
    if not figure.spread > 0.0:  # NaN: not estimated
        return told
    return f"{told} ± {figure.spread * (1.0 if unit in ('1', '°C') else scale(figure.unit, unit)):.1g}"


def _known(spread: float) -> float | None:
    return None if math.isnan(spread) else spread  # JSON has no NaN


def _words(name: str) -> str:
    words = [part.replace("_", " ") for part in name.removeprefix("mean.").split(".")]
    mean = ["mean of the target depth"] if name.startswith("mean.") else []
    return ", ".join(dict.fromkeys(words + mean))
