"""Infrared light in the care story: fluence drives it, cooling protects the epidermis, photons are traced once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tauten.care.method import Method, Run, Step
from tauten.care.shots import Considered
from tauten.devices.beam import Rectangle
from tauten.devices.device import Device
from tauten.devices.exposure import LightPulse, Placed
from tauten.facts import Facts, Row
from tauten.simulate import trace
from tauten.skin import optics, thermal
from tauten.skin.skin import Skin
from tauten.treatment import Treatment
from tauten.workers import ask_all

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["METHOD"]

Settings = Mapping[str, Any]


def _start(question: Question) -> Settings:
    return _device(question).settings_at(**question.held)


def _probe(question: Question, settings: Settings) -> Settings:
    return settings


def _placed(question: Question, settings: Settings, facts: Facts) -> tuple[Placed, ...]:
    output = facts.si(question.output)
    return tuple(
        replace(shot, exposure=pulse.with_(fluence=pulse.fluence * output))
        for shot in _device(question).series(facts=facts, **settings)
        if isinstance(pulse := shot.exposure, LightPulse)
    )


def _high(question: Question, name: str) -> float:
    return question.device.settings[name].high


def _complete(question: Question, settings: Settings, adverse: Mapping[str, Facts]) -> Settings:
    return settings


def _options(question: Question, run: Run) -> dict[str, Any]:
    """A sweep compares many facts with one another: the same few photons serve all, so that noise cancels."""
    rows = question.facts.under("care/planning")
    options: dict[str, Any] = {"seed": question.case.run.seed, "band": question.band}
    photons = question.case.run.photons or int(rows["photons"].value)
    if run == "full":
        return {**options, "photon_count": photons}
    return {
        **options,
        "extent": "axis",
        "frames": 12,
        "rest": rows["rest"].si,
        "photon_count": int(rows["sweep_photons"].value) if run == "sweep" else photons,
        "tolerance": 0.03,
        "threads": 1 if run == "sweep" else None,
    }


def _ahead(question: Question, settings: Settings, moved: Sequence[Facts]) -> None:
    """Trace the light of a sweep's runs, which is kept for every other setting."""
    count = int(question.facts["care/planning/sweep_photons"].value)
    options: dict[str, Any] = {"seed": question.case.run.seed, "photon_count": count, "threads": 1}

    def ask(facts: Facts) -> None:
        exposure = question.placed(settings, facts)[0].exposure
        assert isinstance(exposure, LightPulse)
        trace(question.skin(facts), exposure, facts, **options)

    ask_all(ask, moved, remember=True)


def _read(question: Question, settings: Settings, run: Treatment) -> Mapping[str, float]:
    return {name: figure.value for name, figure in run.summary.items()}


def _finish(question: Question, settings: Settings, figures: Mapping[str, float]) -> Mapping[str, float]:
    return figures


def _rows(question: Question, skin: Skin) -> list[str]:
    cooling = question.held.get("cooling", _device(question).cooling[0])

    def cools(row: str) -> bool:
        wet = row.startswith("spray.")
        return wet if cooling == "spray" else cooling == "plate" and not wet

    names = [row.name for row in (*optics.rows(skin, question.facts), *thermal.rows(skin, question.facts))]
    return [*names, *(f"devices/cooling/{name}" for name in question.facts.under("devices/cooling") if cools(name))]


def _used(question: Question, run: Treatment) -> Sequence[Row]:
    device = _device(question)
    curves = optics.curves(run.skin, _pulse(run).spectrum.wavelengths, question.facts)
    return (*curves, *device.rows_used(question.held.get("spot", next(iter(device.spots)))))


def _assumptions(question: Question, run: Treatment) -> list[str]:
    told = []
    if isinstance(_pulse(run).beam, Rectangle):
        told.append("The rectangular window is computed as a round one of equal area.")
    return [*told, *optics.assumptions(run.skin, _pulse(run).spectrum.wavelengths, question.facts)]


def _shots(question: Question, settings: Settings, runs: Sequence[Treatment], considered: Sequence[Considered]) -> None:
    return None


def _device(question: Question) -> Device:
    assert isinstance(question.device, Device)  # `find_device` refuses a device of another method
    return question.device


def _pulse(run: Treatment) -> LightPulse:
    exposure = run.exposures[0].exposure
    assert isinstance(exposure, LightPulse)
    return exposure


METHOD: Method = Method(
    driver="fluence",
    free=("fluence", "duration", "plate_temperature", "pre_cooling", "spray_before", "spray_during", "spray_after"),
    never_less=("pre_cooling", "spray_before", "spray_during", "spray_after"),
    never_more=("plate_temperature",),
    pattern=(),
    once=("passes",),
    follows={},
    leads={},
    sweeps=2,
    both_ends=14,
    upward=False,
    check="quick",
    headroom="care/planning/headroom.most",
    steps=(
        Step("fluence", "care/planning/advice.fluence_step", "grows"),
        Step("plate_temperature", "care/planning/advice.plate_step", "shifted"),
        Step("pre_cooling", "care/planning/advice.pre_cooling_step", "shifted"),
        Step("duration", "care/planning/advice.duration_factor", "scaled"),
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
    felt=lambda question, facts: True,
    reach=lambda question: question.band,
    used=_used,
    assumptions=_assumptions,
    shots=_shots,
    warnings=lambda question, settings, runs, shots: (),
)
