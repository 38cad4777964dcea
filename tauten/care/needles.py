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

import numpy as np

from tauten.care import electric
from tauten.care.depths import depths
from tauten.care.imaging import Finding
from tauten.care.method import Method, Run, Step
from tauten.care.needle_warnings import warnings
from tauten.coupling import couple
from tauten.devices.catalogue import Machine
from tauten.devices.drive import Voltage
from tauten.devices.exposure import NeedlePulse, Placed
from tauten.devices.generator import SERIES
from tauten.devices.lattice import cell_of, endless
from tauten.devices.stamp import Stamp
from tauten.facts import Facts, Row
from tauten.grid import Grid
from tauten.simulate import METHODS
from tauten.skin import dielectrics, thermal
from tauten.skin.skin import Skin
from tauten.solvers import kinetics, potential
from tauten.solvers.electrify import metal_in
from tauten.solvers.electrode_grid import electrode_grid, electrodes_on, mirrors_on
from tauten.solvers.state import Electric, TissueState
from tauten.tissue import at_rest, tissue_of
from tauten.treatment import Treatment

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["METHOD", "unevenness"]

Settings = Mapping[str, Any]
STRENGTHS = ("hold", "power", "voltage")
"""What says how strong a stamp is, the first that its device has: a held temperature outweighs the watts behind it."""

_ROWS = "care/planning/microneedling"


def _fitted(method: Method, machine: Machine) -> Method:
    """The driver is the temperature a device holds, its power or its voltage."""
    driver = next(name for name in STRENGTHS if name in machine.settings)
    steps = tuple(step for step in method.steps if step.setting not in STRENGTHS or step.setting == driver)
    return replace(method, driver=driver, free=(driver, *method.free[1:]), steps=steps)


def _start(question: Question) -> Settings:
    return dict(_stamp(question).settings_at(facts=question.facts, **question.held))


def _probe(question: Question, settings: Settings) -> Settings:
    """Where the needles just coagulate; a temperature that is held is one already."""
    driver = question.method.driver
    if driver == "hold" or driver in question.settled:
        return settings
    times = electric.factor_to(question, settings, question.facts.si(f"{_ROWS}.probe"))
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
    options: dict[str, Any] = {"band": question.band, "rest": facts.si(f"{_ROWS}.rest")}
    if run == "full":
        return options
    return {**options, "frames": 4, "spacing": facts.si(f"{_ROWS}.spacing"), "tolerance": 0.1, "real": True}


def _trial(question: Question, settings: Settings, facts: Facts, run: Run) -> Mapping[str, float] | None:
    """Return the figures of one cell of the pattern; None where the whole stamp is asked, or has no cell."""
    if run == "check":
        return None
    whole = electric.placed(question, settings, facts)
    shots = []
    for shot in whole:
        assert isinstance(shot.exposure, NeedlePulse)
        pulse = endless(shot.exposure, _stamp(question).layout)
        if pulse is None:
            return None
        shots.append(Placed(pulse, time=shot.time))
    skin, method = question.skin(facts), METHODS[NeedlePulse]
    grid = electrode_grid(skin, shots, facts.si(f"{_ROWS}.spacing"))
    tissue = tissue_of(skin, grid, facts, method.readings)
    resting = at_rest(tissue, shots[0].begins_at)
    state: TissueState = resting
    given: list[Electric] = []
    ends = [*(later.begins_at for later in shots[1:]), shots[-1].ends_at + facts.si(f"{_ROWS}.rest")]
    for shot, end in zip(shots, ends, strict=True):
        course = couple(method, tissue, shot, state, [min(shot.ends_at, end), end], resting, 0.1, real=True)
        state, given = course.state, [*given, *course.electric]
    names = [layer.name for layer in skin.layers]
    damage = kinetics.injure(state, tissue.layers, names, method.readings, facts=facts)
    first = shots[0].exposure
    assert isinstance(first, NeedlePulse)
    assert first.cell is not None
    copies = first.array.count / first.cell.needles
    area = float(np.sum(np.diff(grid.edges[0])[:, None] * np.diff(grid.edges[1])))
    served = copies * area if first.cell.length is not None else _served(question, first)
    rest = float(resting.temperature[..., 0].mean())
    seen = electric.Seen(
        skin, state, damage, given, _open(grid, shots, facts), metal_in(grid, shots[0]), copies, served, rest
    )
    found = electric.read(question, seen, facts) | _needles(whole, skin, served)
    return found | _hottest(question, settings, first, found, facts)


def _read(question: Question, run: Treatment) -> Mapping[str, float]:
    """The summary, and the figures of the whole stamp beside it."""
    grid, placed = run.state.grid, run.exposures
    first, facts = placed[0].exposure, run.skin.facts
    assert isinstance(first, NeedlePulse)
    copies, served = 2.0 ** len(mirrors_on(grid, placed[0])), _served(question, first)
    rest = run.summary["skin_surface.rest_temperature"].value
    seen = electric.Seen(
        run.skin,
        run.state,
        run.damage,
        run.electric,
        _open(grid, placed, facts),
        metal_in(grid, placed[0]),
        copies,
        served,
        rest,
    )
    found = {name: figure.value for name, figure in run.summary.items()}
    return found | electric.read(question, seen, facts) | _needles(placed, run.skin, served)


def _served(question: Question, pulse: NeedlePulse) -> float:
    """Return the skin [m²] that a stamp serves: what its needles stand for together, or else its footprint, leaning bare tips included."""
    cell = pulse.cell or cell_of(pulse.array, _stamp(question).layout, pulse.polarity)
    if cell is not None and cell.length is not None:
        return pulse.array.count / cell.needles * cell.width * cell.length
    width, length = pulse.footprint
    return width * (length + pulse.array.active * math.sin(pulse.array.tilt))


def _open(grid: Grid, placed: Sequence[Placed], facts: Facts) -> Any:
    """Return the columns further from every needle than its rim: its own channel is an injury of its own."""
    rim = facts.si(f"{_ROWS}.channel_rim")
    x, y = np.meshgrid(*grid.centres[:2], indexing="ij")
    open_ = np.ones(x.shape, np.bool_)
    for shot in placed:
        for each in electrodes_on(grid, shot):
            share = each.tip[2] / each.direction[2]  # type: ignore[union-attr]
            across, along = (
                c - share * way
                for c, way in zip(each.tip[:2], each.direction[:2], strict=True)  # type: ignore[union-attr]
            )
            open_ &= np.hypot(x - across, y - along) > each.radius + rim  # type: ignore[union-attr]
    return open_ if open_.any() else np.ones_like(open_)


def _needles(placed: Sequence[Placed], skin: Skin, served: float) -> dict[str, float]:
    """Return what depth and metal alone decide."""
    pulses = [shot.exposure for shot in placed if isinstance(shot.exposure, NeedlePulse)]
    deepest, array = max(pulse.depth for pulse in pulses), pulses[0].array
    fascia = skin.fascia_depth
    channels = array.count * math.pi * array.radius**2 / math.cos(array.tilt)
    return {
        "tip_depth.of_fascia": deepest / fascia if fascia else 0.0,
        "tip_depth.of_dermis": deepest / skin.bottom_of("dermis"),
        "channels.area_share": channels / served,
    }


def _hottest(
    question: Question, settings: Settings, pulse: NeedlePulse, found: Mapping[str, float], facts: Facts
) -> dict[str, float]:
    """Return the peaks at the stamp's hottest needle; where a temperature is held, that needle is the one held."""
    if pulse.hold is not None:
        return {}
    rest, times = facts.si("tissue/thermal/core.temperature"), unevenness(question, settings)
    boiling = facts.si("tissue/heat/boiling")
    peak = found["tissue.peak_temperature"]
    most = rest + times * max(0.0, peak - rest)
    return {"tissue.peak_temperature": max(peak, min(most, boiling)) if peak < boiling else peak}


def unevenness(question: Question, settings: Settings) -> float:
    """Return how many times the mean heat the hottest needle of a stamp gets: largest over mean current, squared.

    From one potential of the whole stamp in cold tissue by the central rows, which is kept. Needles at the rim have
    fewer neighbours to share the way back with.
    """
    at = {name: value for name, value in settings.items() if name not in (*SERIES, *STRENGTHS, "duration")}
    key = ("unevenness", *sorted((name, value) for name, value in at.items()))
    if key not in question._kept:
        found = dict(question.start) | at
        shot = electric.placed(question, found, question.facts)[0]
        question._kept[key] = {"heat": _spread(question, shot)}
    return question._kept[key]["heat"]


def _spread(question: Question, shot: Placed) -> float:
    pulse, facts = shot.exposure, question.facts
    assert isinstance(pulse, NeedlePulse)
    skin = question.skin(facts)
    grid = electrode_grid(skin, [shot], facts.si(f"{_ROWS}.spacing"))
    found = dielectrics.dielectrics(skin, pulse.frequency, facts).conductivity
    layers = np.minimum(
        np.searchsorted(np.cumsum([layer.thickness for layer in skin.layers]), grid.centres[-1], side="right"),
        len(skin.layers) - 1,
    )
    metal, mirrors = electrodes_on(grid, shot), mirrors_on(grid, shot)
    tissue = np.broadcast_to(found[layers], grid.shape).copy()
    field = potential.solve(grid, tissue, metal, drive=Voltage(1.0, rms=True), symmetry=mirrors, tolerance=1e-8)
    currents = np.abs(field.electrode_currents)
    for axis, side in enumerate(("left", "front")):
        if side in mirrors:  # a needle on the plane has its other half beyond it
            plane = grid.edges[axis][0]
            currents = currents * np.array([2.0 if abs(each.tip[axis] - plane) < 1e-9 else 1.0 for each in metal])  # type: ignore[union-attr]
    # Mean over the whole stamp: those off the planes are there twice, or four times.
    weight = np.array([
        2.0 ** sum(
            abs(each.tip[axis] - grid.edges[axis][0]) > 1e-9  # type: ignore[union-attr]
            for axis, side in enumerate(("left", "front")) if side in mirrors
        )
        for each in metal
    ])  # fmt: skip
    return float((currents.max() / np.average(currents, weights=weight)) ** 2)


def _rows(question: Question, skin: Skin) -> list[str]:
    return electric.rows(question, skin, _reach(question)[1])


def _reach(question: Question) -> tuple[float, float]:
    """As deep as a stamp is felt."""
    return 0.0, question.facts.si(f"{_ROWS}.reach") * max(question.start["depth"], question.band[1])


def _used(question: Question, run: Treatment) -> Sequence[Row]:
    return (*dielectrics.rows(run.skin, question.facts), *thermal.rows(run.skin, question.facts))


def _assumptions(question: Question, run: Treatment) -> list[str]:
    stamp, facts = _stamp(question), question.facts
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
        "Zones of one pass are taken to fall anywhere among those of another, and fat lost to add up.",
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


def _stamp(question: Question) -> Stamp:
    assert isinstance(question.device, Stamp)  # `find_device` refuses a device of another method
    return question.device


METHOD: Method = Method(
    driver="power",
    free=("power", "depth"),
    never_less=(),
    never_more=(),
    pattern=SERIES,
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
    | {"channels.area_share": "tip_depth.of_fascia", "fat_loss.thickness": "fat.peak_temperature"},
    sweeps=1,
    both_ends=6,
    upward=True,
    lean=True,
    check="check",
    headroom=f"{_ROWS}.headroom_most",
    steps=(
        Step("power", f"{_ROWS}.power_step", "grows"),
        Step("voltage", f"{_ROWS}.power_step", "grows"),
        Step("hold", f"{_ROWS}.hold_step", "shifted"),
        Step("duration", f"{_ROWS}.duration_factor", "scaled"),
        Step("depth", f"{_ROWS}.depth_step", "shifted"),
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
    trial=_trial,
    depths=depths,
)  # fmt: skip
