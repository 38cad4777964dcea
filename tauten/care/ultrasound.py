"""Focused ultrasound in the care story: acoustic power drives it, points per area multiply what one point does.

A trial is one shot, worked out in depth and radius; pitch and line spacing change no shot and come in afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tauten.care.boiling import beyond
from tauten.care.goals import read_goals
from tauten.care.method import Method, Run, Step
from tauten.care.pattern import factor_to, findings, share_of_band, shots
from tauten.devices.exposure import Placed
from tauten.devices.head import Head
from tauten.devices.shot import FocusedShot
from tauten.facts import Facts, Row
from tauten.files.picture import paced
from tauten.files.skins import CUT
from tauten.skin import acoustics, thermal
from tauten.skin.skin import Skin
from tauten.solvers.focal import focal_range
from tauten.solvers.zones import threshold_of
from tauten.treatment import Treatment, layer_of_cell

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["METHOD", "PATTERN", "delivered", "share"]

Settings = Mapping[str, Any]
_SWEPT = 40
"""Harmonics of a sweep, which compares: the focus is as hot as with all of them to 1 mK at 65 °C, 1 K near boiling."""
_SEEN_BY_LIGHT = ("tissue/pigment/", "tissue/composition/")
PATTERN = ("pitch", "points", "point_interval", "lines", "line_spacing", "line_interval")
"""What places points and changes none of them."""


def share(question: Question) -> str:
    """Name of the row that says how many acoustic watts stand behind one watt the device states."""
    return f"devices/{question.device.key}/acoustic_power_share"


def delivered(question: Question, settings: Settings, facts: Facts) -> float:
    """Return the acoustic power [W] that `settings` give under `facts`.

    The machine is set in its own joules, so the plan's power is what those joules mean by the central rows; other rows
    mean another power.
    """
    mapping = facts.si(share(question)) / question.facts.si(share(question))
    return float(settings["power"]) * mapping * facts.si(question.output)


def _start(question: Question) -> Settings:
    settings = dict(_head(question).settings_at(facts=question.facts, **question.held))
    settings.pop("energy", None)  # it has become power, and says nothing more
    return paced(_head(question), settings, question.held)


def _high(question: Question, name: str) -> float:
    """A point must end before the next one the case has timed, and a line before the next line."""
    head, held = _head(question), question.held
    high = head.settings[name].high
    if name != "duration":
        return high
    if "point_interval" in held:
        return min(high, held["point_interval"])
    if "line_interval" in held and "points" in held:
        usual = head.settings
        pause = usual["point_interval"].default - usual["duration"].default
        return min(high, held["line_interval"] / held["points"] - pause)
    return high


def _probe(question: Question, settings: Settings) -> Settings:
    """Where the focus just coagulates: at the boiling point nothing would be seen of what a row does."""
    facts = question.facts
    return {
        **settings,
        "power": settings["power"] * factor_to(question, settings, facts.si("care/imaging/focus.warmest")),
    }


def _placed(question: Question, settings: Settings, facts: Facts) -> tuple[Placed, ...]:
    shot = {name: value for name, value in settings.items() if name not in PATTERN}
    exposure = _head(question).exposure(facts=facts, **shot)
    return (Placed(exposure.with_(power=delivered(question, settings, facts))),)


def _complete(question: Question, settings: Settings, adverse: Mapping[str, Facts]) -> Settings:
    """Set what the case leaves open of pitch and line spacing, the pitch first.

    A line is then as full of points as it can be, unless the case says how many.
    """
    head, held = _head(question), question.settled
    done = dict(settings)
    if question.case.treatment.plan == "as given" or "pitch" not in done:
        return settings
    for name in ("pitch", "line_spacing"):
        if name in done and name not in held:
            done[name] = _way(question, done, adverse, name)
    if "points" not in held:
        done["points"] = min(head.settings["points"].high, float(head.most_points(done["pitch"], question.facts)))
    done = paced(head, done, held)
    if "points" not in held and "line_interval" in held:  # a line ends before the next one the case has timed
        fit = int(question.held["line_interval"] / done["point_interval"] + 1e-9)
        done["points"] = max(1.0, min(done["points"], float(fit)))
    return done


def _way(question: Question, settings: Settings, adverse: Mapping[str, Facts], name: str) -> float:
    """Return the pitch or line spacing [m] in `settings` as it should be.

    The head's default; closer where the goal asks for it, wider where zones would come nearer than their limit warns.
    """
    setting = _head(question).settings[name]
    goal = read_goals("ultrasound", question.facts, question.band)[0]
    reached = question.figures(settings)[goal.figure] / goal.target * settings[name]
    near = next(m for m in question.limits if m.figure == "pattern.filled")
    apart = question.figures(settings, adverse[near.figure])["zone.width"] / near.warn
    return float(min(setting.high, max(setting.low, apart, min(setting.default, reached))))


def _options(question: Question, run: Run) -> dict[str, Any]:
    rest = question.facts.si("care/planning/ultrasound.rest")
    options: dict[str, Any] = {"band": question.band, "rest": rest}
    if run == "full":
        return options
    # Trials follow the sound downward only: the focus rises as far to 1 %, at a tenth of the work.
    options |= {"frames": 12, "tolerance": 0.05, "echoes": run == "check"}
    return {**options, "harmonics": _SWEPT} if run == "sweep" else options


def _ahead(question: Question, settings: Settings, moved: Sequence[Facts]) -> None:
    """Work out the central field once, so that rows that move no sound find it."""
    question.figures(settings, run="sweep")


def _read(question: Question, settings: Settings, run: Treatment) -> Mapping[str, float]:
    """The summary, and what one point does to the band and beside it [m³]: coagulated, warmed, fat lost elsewhere.

    `focus.peak_temperature` [K] is the hottest of the band and the focus.
    """
    found = {name: figure.value for name, figure in run.summary.items()}
    facts, grid = question.facts, run.state.grid
    layers = layer_of_cell(run.skin, grid.centres[-1])
    fat = np.array([layer.tissue == "fat" for layer in run.skin.layers])[layers]
    inside = _overlap(grid.edges[-1], question.band)
    stimulus = facts.si("tissue/kinetics/heat_stimulus.low")
    hottest = run.state.reference + np.maximum(run.state.maximum, run.state.rise)
    warm = hottest >= stimulus
    dead = run.state.integrals["cem43"] >= facts["care/planning/ultrasound.fat_dose"].value
    zone = run.zones[0]
    solid = run.state.integrals[zone.kinetics] >= threshold_of(zone.kinetics, facts)
    whole = float(np.sum(grid.volumes * solid))
    part = (
        float(np.sum(grid.volumes * solid * inside)) / whole
        if whole > 0.0
        else _share_inside(zone.hottest, question.band)
    )
    found["focus.peak_temperature"] = float(hottest[..., _focal(question, grid.edges[-1])].max())
    found["zone.volume_in_band"] = zone.volume * part
    found["band.warm_volume"] = float(np.sum(grid.volumes * warm * inside))
    found["fat_outside.volume"] = float(np.sum(grid.volumes * dead * (fat * (1.0 - inside))))
    return found


def _focal(question: Question, edges: Any) -> Any:
    """Which cells along depth are the focus' own: the band, and on to the focus where that lies beside it.

    The hottest place of all may be elsewhere: where skin fades the sound most, it lies near the surface.
    """
    depth = _head(question).focal_depth
    return (edges[1:] > min(question.band[0], depth)) & (edges[:-1] <= max(question.band[1], depth))


def _share_inside(depth: float, band: tuple[float, float]) -> float:
    return 1.0 if band[0] <= depth <= band[1] else 0.0


def _overlap(edges: Any, band: tuple[float, float]) -> Any:
    """Share of each cell along depth that lies in the band."""
    return np.clip(np.minimum(edges[1:], band[1]) - np.maximum(edges[:-1], band[0]), 0.0, None) / np.diff(edges)


def _finish(question: Question, settings: Settings, figures: Mapping[str, float]) -> Mapping[str, float]:
    pitch, spacing = (_of(question, settings, name) for name in ("pitch", "line_spacing"))
    thickness = question.band[1] - question.band[0]
    return {
        **figures,
        "band.coagulated": share_of_band(figures["zone.volume_in_band"], pitch, spacing, thickness),
        "band.stimulated": share_of_band(figures["band.warm_volume"], pitch, spacing, thickness),
        "pattern.filled": figures["zone.width"] / min(pitch, spacing),
    }


def _of(question: Question, settings: Settings, name: str) -> float:
    return float(settings[name] if name in settings else question.start[name])


def _rows(question: Question, skin: Skin) -> list[str]:
    """Rows of what the sound meets; layers far below the focus change nothing there, and each row costs a field."""
    head, facts = _head(question), question.facts
    reach = facts.si("care/planning/ultrasound.reach") * max(head.focal_depth, question.band[1])
    met = [layer.tissue for layer, top in zip(skin.layers, skin.depths[:-1], strict=True) if top < reach]
    beyond = tuple(f"/{layer.tissue}." for layer in skin.layers if layer.tissue not in met)
    names = [row.name for row in (*acoustics.rows(skin, head.couplant, facts), *thermal.rows(skin, facts))]
    return [name for name in names if not any(part in name for part in beyond)]


def _felt(question: Question, facts: Facts) -> bool:
    """Whether rows that were moved alone change any layer's sound or heat: pigment and what a layer is made of don't.

    They would where water boils off; a sweep is asked below that. A thickness that was measured has a row too, which
    then moves nothing.
    """
    moved = [name for name in facts.changed if not name.startswith(_SEEN_BY_LIGHT)]
    if moved and all(name.startswith("tissue/thickness/") for name in moved):
        return question.skin(facts).depths.tolist() != question.skin(question.facts).depths.tolist()
    return bool(moved)


def _reach(question: Question) -> tuple[float, float]:
    """Between which depths [m] the head's own sound, in water, has half the pressure of its focus."""
    shot = question.placed(question.start, question.facts)[0].exposure
    assert isinstance(shot, FocusedShot)
    return focal_range(shot, question.facts.si("tissue/acoustics/dermis.speed"))


def _used(question: Question, run: Treatment) -> Sequence[Row]:
    facts = question.facts
    names = [f"care/imaging/{name}" for name in facts.under("care/imaging")]
    names += [f"devices/output/{name}" for name in facts.under("devices/output")]
    return (*(facts[name] for name in names), *_head(question).rows_used())


def _assumptions(question: Question, run: Treatment) -> list[str]:
    row = question.facts[share(question)]
    told = [
        f"One joule on the device's display is taken as {row.value:g} J of sound, between {row.low:g} and {row.high:g} "
        f"({row.confidence}).",
        "Layers are flat and even under the head; the head stands square on the skin and does not move.",
    ]
    if _pressed(question):
        told.append(CUT)
    if any(zone.boils for zone in run.zones):
        told.append(f"Tissue {beyond()}. Doses are read there as if at that temperature, and are lower bounds.")
    return [*told, *acoustics.assumptions(run.skin, _head(question).couplant, question.facts)]


def _pressed(question: Question) -> bool:
    """Whether a row of thickness, moved alone, would press a layer past the bone that was measured."""
    if question.case.imaging.bone_depth is None:
        return False
    rows = [question.facts[name] for name in question.knobs if name.startswith("tissue/thickness/")]
    moved = (question.facts.with_value(row.name, end) for row in rows for end in (row.low, row.high))
    return any(CUT in question.skin(facts).assumptions for facts in moved)


def _head(question: Question) -> Head:
    assert isinstance(question.device, Head)  # `find_device` refuses a device of another method
    return question.device


METHOD: Method = Method(
    driver="power",
    free=("power", "duration"),
    never_less=(),
    never_more=(),
    pattern=PATTERN,
    once=(),
    follows={"energy": ("power", "duration")},
    leads=dict.fromkeys(
        ("zone.volume", "fat_outside.volume", "pattern.filled", "band.coagulated", "band.stimulated"),
        "tissue.peak_temperature",
    )
    | dict.fromkeys(
        (
            "epidermal_burn.henriques_moritz_1947",
            "epidermal_burn.weaver_stoll_1969",
            "epidermal_burn.mehta_wong_epidermis",
        ),
        "skin_surface.peak_temperature",
    ),
    sweeps=1,
    both_ends=6,
    upward=True,
    check="check",
    headroom="care/planning/ultrasound.headroom_most",
    steps=(
        Step("power", "care/planning/ultrasound.power_step", "grows"),
        Step("duration", "care/planning/ultrasound.duration_factor", "scaled"),
        Step("pitch", "care/planning/ultrasound.pitch_factor", "scaled"),
    ),
    start=_start,
    probe=_probe,
    placed=_placed,
    complete=_complete,
    high=_high,
    options=_options,
    ahead=_ahead,
    read=_read,
    finish=_finish,
    rows=_rows,
    felt=_felt,
    reach=_reach,
    used=_used,
    assumptions=_assumptions,
    shots=shots,
    warnings=lambda question, settings, runs, made: findings(question, made),
)
