"""Radio-frequency through the surface in the care story: planned on how long the dermis is warm enough to answer.

Power drives it, cooling protects the surface; the current heats what lies below the dermis as well, so fat is watched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tauten.care import electric
from tauten.care.imaging import Finding
from tauten.care.method import Method, Run, Step
from tauten.care.needle_warnings import generator_limits, overlaps
from tauten.devices.exposure import RfPulse
from tauten.facts import Facts, Row
from tauten.skin import dielectrics, thermal
from tauten.skin.skin import Skin
from tauten.solvers.electrode_grid import mirrors_on, round_tip
from tauten.treatment import Treatment

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["METHOD"]

Settings = Mapping[str, Any]
_ROWS = "care/planning/radiofrequency"
_ADDS = ("mean.heat_stimulus.heat_stimulus_or_above", "mean.heat_stimulus.heat_stimulus")


def _start(question: Question) -> Settings:
    return dict(electric.machine_of(question).settings_at(facts=question.facts, **_held(question)))


def _held(question: Question) -> dict[str, Any]:
    """The settings the case holds, as the device takes them: fluence in the place of power, which follows from it."""
    held = dict(question.held)
    if "fluence" in held:
        held.pop("power", None)
    return held


def _probe(question: Question, settings: Settings) -> Settings:
    """Where the hottest tissue is as warm as dermis is to be."""
    if "power" in question.settled:
        return settings
    power = question.device.settings["power"]
    times = electric.factor_to(question, settings, question.facts.si(f"{_ROWS}.probe"))
    return {**settings, "power": min(power.high, max(power.low, settings["power"] * times))}


def _placed(question: Question, settings: Settings, facts: Facts) -> Any:
    return electric.placed(question, {n: v for n, v in settings.items() if n != "fluence"}, facts)


def _high(question: Question, name: str) -> float:
    """A pulse, and the spurts during it, fit between two stamps and two passes."""
    setting = question.device.settings[name]
    if name not in ("duration", "spray_during"):
        return setting.high
    fitting = electric.longest(question)
    return min(setting.high, fitting if name == "duration" else max(fitting, question.start[name]))


def _options(question: Question, run: Run) -> dict[str, Any]:
    facts = question.facts
    options: dict[str, Any] = {"band": question.band, "rest": facts.si(f"{_ROWS}.rest")}
    if run == "full":
        return options
    tip = electric.machine_of(question).exposure(facts=facts)
    assert isinstance(tip, RfPulse)
    # Round an axis the usual grid costs little; in a box the cells at the metal's edge are what costs.
    spacing = {} if round_tip(tip) else {"spacing": facts.si(f"{_ROWS}.spacing")}
    return {**options, **spacing, "frames": 8, "tolerance": 0.1}


def _read(question: Question, settings: Settings, run: Treatment) -> Mapping[str, float]:
    pulse, grid, facts = run.exposures[0].exposure, run.state.grid, run.skin.facts
    assert isinstance(pulse, RfPulse)
    width, length = pulse.footprint
    served = pulse.area if pulse.monopolar else width * length
    rest = run.summary["skin_surface.rest_temperature"].value
    columns = np.ones(grid.shape[:-1], np.bool_)
    copies = 2.0 ** len(mirrors_on(grid, run.exposures[0]))
    seen = electric.Seen(
        run.skin, run.state, run.damage, run.electric, columns, np.zeros(grid.shape, np.bool_), copies, served, rest
    )
    found = {name: figure.value for name, figure in run.summary.items()}
    given = {"return.current": _return_current(settings, run)} if pulse.monopolar else {"return.current": 0.0}
    return found | electric.read(question, settings, seen, facts) | given


def _return_current(settings: Settings, run: Treatment) -> float:
    """Return the current in the return electrode [A], root mean square from one stamp's current to the next one's."""
    last = run.exposures[-1]
    off = last.time + max(stop for _, stop in last.exposure.intervals)
    return electric.return_current(run.electric, off, settings.get("stamp_interval", 0.0))


def _finish(question: Question, settings: Settings, figures: Mapping[str, float]) -> Mapping[str, float]:
    done = electric.finish(question, settings, figures)
    passes, _ = electric.times_over(question, settings)
    return done | {name: figures[name] * passes for name in _ADDS if name in figures}


def _rows(question: Question, skin: Skin) -> list[str]:
    return electric.rows(question, skin, question.facts.si(f"{_ROWS}.reach"))


def _used(question: Question, run: Treatment) -> Sequence[Row]:
    return (*dielectrics.rows(run.skin, question.facts), *thermal.rows(run.skin, question.facts))


def _assumptions(question: Question, run: Treatment) -> list[str]:
    pulse, facts = run.exposures[0].exposure, question.facts
    assert isinstance(pulse, RfPulse)
    told = [
        "Fat is drawn without its septa, which conduct better than fat does: in skin they take part of its heat.",
        "The tip lies flat on the skin with its whole face and does not move; the couplant between has no resistance.",
        "Doses of passes over one place are added as if the skin had cooled in between.",
    ]
    if round_tip(pulse):
        corners = "A square tip is computed as a round one of equal area; its corners crowd more current than that."
        told.insert(0, corners)
    if pulse.monopolar:
        pad = facts["devices/electric/return_pad.area"]
        told.append(
            f"The return electrode is taken as {pad.value:g} {pad.unit}, far away, wholly on skin ({pad.confidence})."
        )
    return [*told, *dielectrics.assumptions(run.skin, pulse.frequency, facts)]


def _warnings(question: Question, settings: Settings, runs: Sequence[Treatment], shots: Any) -> tuple[Finding, ...]:
    pulse, skin = runs[0].exposures[0].exposure, runs[0].skin
    assert isinstance(pulse, RfPulse)
    found = [*overlaps(question, settings), *generator_limits(runs[0])]
    hottest = max(skin.layers, key=lambda layer: runs[0].summary[f"peak.{layer.name}"].value)
    if hottest.tissue == "fat":
        found.append(Finding(
            "fat", "warn",
            "The hottest tissue is fat, not dermis: it conducts less, and the current goes through it all the same. "
            "Fat that is lost leaves a hollow.",
            "Take less over thin fat, and never go on where it hurts in the depth.", skin.bottom_of("dermis"),
        ))  # fmt: skip
    edges = "its edges" if pulse.monopolar else "the edges of both electrodes"
    found.append(Finding(
        "surface", "warn", f"Current crowds at {edges}: a tip that is tilted or half lifted burns there first.",
        "Lay the whole face on the skin, with couplant, before every pulse.", 0.0,
    ))  # fmt: skip
    if pulse.monopolar:
        found.append(Finding(
            "return electrode", "warn",
            "All the current leaves through the return electrode: one that sits badly burns under its edge.",
            "Put all of it on well supplied, muscular skin, away from metal, and look at it between passes.",
        ))  # fmt: skip
    return tuple(found)


METHOD: Method = Method(
    driver="power",
    free=("power", "duration", "spray_during", "plate_temperature"),
    never_less=("spray_during",),
    never_more=("plate_temperature",),
    pattern=electric.TIMING,
    once=("stamps", "lines", "passes"),
    follows={"fluence": ("power",)},
    leads=dict.fromkeys(
        (
            "band.denatured", "band.coagulated", "electric.volts", "return.current",
            "mean.heat_stimulus.heat_stimulus_or_above",
        ),
        "tissue.peak_temperature",
    )
    | dict.fromkeys(
        (
            "epidermal_burn.henriques_moritz_1947", "epidermal_burn.weaver_stoll_1969",
            "epidermal_burn.mehta_wong_epidermis", "papillary_burn.mehta_wong_dermis", "comfort.time_hot",
        ),
        "skin_surface.peak_temperature",
    )
    | dict.fromkeys(("fat_loss.thickness", "fat_at_risk.thickness"), "fat.peak_temperature"),
    sweeps=1,
    both_ends=6,
    upward=True,
    lean=True,
    check="quick",
    headroom=f"{_ROWS}.headroom_most",
    steps=(
        Step("power", f"{_ROWS}.power_step", "grows"),
        Step("duration", f"{_ROWS}.duration_factor", "scaled"),
        Step("spray_during", f"{_ROWS}.spray_factor", "scaled"),
        Step("plate_temperature", "care/planning/advice.plate_step", "shifted"),
    ),
    start=_start,
    probe=_probe,
    placed=_placed,
    high=_high,
    complete=lambda question, settings, adverse: settings,
    options=_options,
    ahead=lambda question, settings, moved: None,
    read=_read,
    finish=_finish,
    rows=_rows,
    felt=electric.felt,
    reach=lambda question: (0.0, question.facts.si(f"{_ROWS}.reach")),
    used=_used,
    assumptions=_assumptions,
    shots=lambda question, settings, runs, considered: None,
    warnings=_warnings,
    ends="quick",
)  # fmt: skip
