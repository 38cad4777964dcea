"""RF microneedling in the care story: planned on the collagen denatured in the reticular dermis.

A trial solves one cell of the needles' pattern and tells the peak of the stamp's hottest needle from it; what is shown,
and what the margins are read from, is the whole stamp. The depth of the tips has a spread of its own: skin gives way
before it is pierced.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tauten.care import electric
from tauten.care.depths import depths
from tauten.care.imaging import Finding
from tauten.care.method import Method, Run, Step
from tauten.care.needle_cell import ROWS, STRENGTHS, of_needles, open_columns, served, stamp_of, trial
from tauten.care.needle_warnings import warnings
from tauten.devices.catalogue import Machine
from tauten.devices.exposure import NeedlePulse
from tauten.errors import InputError
from tauten.facts import Row
from tauten.skin import dielectrics, thermal
from tauten.skin.skin import Skin
from tauten.solvers.electrify import metal_in
from tauten.solvers.electrode_grid import mirrors_on
from tauten.treatment import Treatment

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["METHOD"]

Settings = Mapping[str, Any]


def _fitted(method: Method, machine: Machine) -> Method:
    """The driver is the temperature a device holds, its power or its voltage."""
    driver = next(name for name in STRENGTHS if name in machine.settings)
    steps = tuple(step for step in method.steps if step.setting not in STRENGTHS or step.setting == driver)
    return replace(method, driver=driver, free=(driver, *method.free[1:]), steps=steps)


def _start(question: Question) -> Settings:
    """The stamp's own settings; where nobody knows how deep the fascia lies there are none: unknown is not clear."""
    if question.skin(question.facts).fascia_depth is None:
        raise InputError(
            f"is needed: no depth of the superficial fascia is published for this site ({question.case.area.site})",
            key="imaging.smas_depth", unit="mm", remedy="Measure it by ultrasound; tips must stay above it.",
        )  # fmt: skip
    return dict(stamp_of(question).settings_at(facts=question.facts, **question.held))


def _probe(question: Question, settings: Settings) -> Settings:
    """Where the needles just coagulate; a temperature that is held is one already."""
    driver = question.method.driver
    if driver == "hold" or driver in question.settled:
        return settings
    times = electric.factor_to(question, settings, question.facts.si(f"{ROWS}.probe"))
    setting = question.device.settings[driver]
    factor = times if driver == "power" else math.sqrt(times)
    return {**settings, driver: min(setting.high, max(setting.low, settings[driver] * factor))}


def _high(question: Question, name: str) -> float:
    """The deepest setting keeps the tips above the superficial fascia where skin gives way least."""
    high = question.device.settings[name].high
    fascia = question.skin(question.facts).fascia_depth
    if name != "depth" or fascia is None:
        return high
    reached = question.facts[f"devices/{question.device.key}/depth_reached"]
    limit = next(m for m in question.limits if m.figure == "tip_depth.of_fascia")
    return max(question.device.settings[name].low, min(high, limit.stop * fascia / reached.si_high))


def _options(question: Question, run: Run) -> dict[str, Any]:
    facts = question.facts
    options: dict[str, Any] = {"band": question.band, "rest": facts.si(f"{ROWS}.rest")}
    if run == "full":
        return options
    return {**options, "frames": 4, "spacing": facts.si(f"{ROWS}.spacing"), "tolerance": 0.1, "real": True}


def _read(question: Question, settings: Settings, run: Treatment) -> Mapping[str, float]:
    """The summary, and the figures of the whole stamp beside it."""
    grid, placed = run.state.grid, run.exposures
    first, facts = placed[0].exposure, run.skin.facts
    assert isinstance(first, NeedlePulse)
    copies, area = 2.0 ** len(mirrors_on(grid, placed[0])), served(question, first)
    rest = run.summary["skin_surface.rest_temperature"].value
    seen = electric.Seen(
        run.skin,
        run.state,
        run.damage,
        run.electric,
        open_columns(grid, placed, facts),
        metal_in(grid, placed[0]),
        copies,
        area,
        rest,
    )
    found = {name: figure.value for name, figure in run.summary.items()}
    return found | electric.read(question, settings, seen, facts) | of_needles(placed, run.skin, area)


def _rows(question: Question, skin: Skin) -> list[str]:
    return electric.rows(question, skin, _reach(question)[1])


def _reach(question: Question) -> tuple[float, float]:
    """As deep as a stamp is felt."""
    return 0.0, question.facts.si(f"{ROWS}.reach") * max(question.start["depth"], question.band[1])


def _used(question: Question, run: Treatment) -> Sequence[Row]:
    return (*dielectrics.rows(run.skin, question.facts), *thermal.rows(run.skin, question.facts))


def _assumptions(question: Question, run: Treatment) -> list[str]:
    stamp, facts = stamp_of(question), question.facts
    pulse = run.exposures[0].exposure
    assert isinstance(pulse, NeedlePulse)
    reached = facts[f"devices/{stamp.key}/depth_reached"]
    rim = facts["care/planning/microneedling.channel_rim"]
    told = [
        f"Tips come to lie at {reached.value:g} of the depth set, between {reached.low:g} and {reached.high:g}: skin "
        f"gives way before it is pierced ({reached.confidence}).",
        "All needles go in alike and stand still; blood and fluid round them are not drawn.",
        f"Burns of the epidermis are read more than {rim.value:g} {rim.unit} from a needle: the channel itself and its "
        "rim are an injury of every such treatment.",
        "Zones of one pass are taken to fall anywhere among those of another; fat is lost where doses add up in one "
        "place or each time anew, whichever is more.",
    ]
    if "hold" in stamp.settings:
        told.append(
            "The temperature held is that of the hottest tissue at any needle; the device's pairs, each steered by its "
            "own sensor, are taken as wired together."
            if stamp.layout == "pairs"
            else "The temperature held is that of the hottest tissue at any needle."
        )
    return [*told, *dielectrics.assumptions(run.skin, pulse.frequency, facts)]


def _warnings(question: Question, settings: Settings, runs: Sequence[Treatment], shots: Any) -> tuple[Finding, ...]:
    return warnings(question, settings, runs)


METHOD: Method = Method(
    driver="power",
    free=("power", "depth"),
    never_less=(),
    never_more=(),
    pattern=electric.TIMING,
    once=("stamps", "lines", "passes"),
    follows={},
    leads=dict.fromkeys(
        ("band.denatured", "band.coagulated", "pattern.coagulated", "electric.volts", "comfort.time_hot"),
        "tissue.peak_temperature",
    )
    | dict.fromkeys(
        (
            "epidermal_burn.henriques_moritz_1947", "epidermal_burn.weaver_stoll_1969",
            "epidermal_burn.mehta_wong_epidermis", "skin_surface.peak_temperature",
        ),
        "papillary_burn.mehta_wong_dermis",
    )
    | {"channels.area_share": "tip_depth.of_fascia"}
    | dict.fromkeys(("fat_loss.thickness", "fat_at_risk.thickness"), "fat.peak_temperature"),
    sweeps=1,
    both_ends=6,
    upward=True,
    lean=True,
    check="check",
    headroom=f"{ROWS}.headroom_most",
    steps=(
        Step("power", f"{ROWS}.power_step", "grows"),
        Step("voltage", f"{ROWS}.power_step", "grows"),
        Step("hold", f"{ROWS}.hold_step", "shifted"),
        Step("duration", f"{ROWS}.duration_factor", "scaled"),
        Step("depth", f"{ROWS}.depth_step", "shifted"),
    ),
    start=_start,
    probe=_probe,
    placed=electric.placed,
    high=_high,
    complete=lambda question, settings, adverse: settings,
    options=_options,
    ahead=lambda question, settings, moved: None,
    read=_read,
    finish=electric.finish,
    rows=_rows,
    felt=lambda question, facts: electric.felt(question, facts, ("permittivity_scale",)),
    reach=_reach,
    used=_used,
    assumptions=_assumptions,
    shots=lambda question, settings, runs, considered: None,
    warnings=_warnings,
    ends="check",
    fitted=_fitted,
    trial=trial,
    depths=depths,
)  # fmt: skip
