"""Gathering a plan: the runs and checks that `plan` made, laid out as the tables a reader wants."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from tauten.care.depths import Depth
from tauten.care.goals import GoalResult
from tauten.care.imaging import Finding
from tauten.care.limits import Margin
from tauten.care.plan_types import (
    Advice,
    ChosenSetting,
    DepthProfile,
    Effect,
    LayerResult,
    Plan,
    TestSpot,
)
from tauten.care.question import Question
from tauten.care.record import record, rows
from tauten.care.screening import Screening
from tauten.care.sensitivity import Swing
from tauten.care.shots import Shots
from tauten.simulate import reading_place
from tauten.treatment import Treatment, layer_of_cell, nearest_column

__all__ = ["gather"]

Chooser = Literal["case", "optimised", "device default"]
Runs = tuple[Treatment, Treatment, Treatment]
"""The chosen settings under the whole beam: central, and where the binding limit is farthest and nearest."""


def gather(
    *,
    question: Question,
    screening: Screening,
    settings: Mapping[str, Any],
    moved: Sequence[str],
    runs: Runs,
    goals: Sequence[GoalResult],
    margins: Sequence[Margin],
    swings: Sequence[Swing],
    swept: Mapping[str, float],
    safer: Sequence[Advice],
    test_spot: TestSpot,
    findings: Sequence[Finding] = (),
    shots: Shots | None = None,
    depths: tuple[Depth, ...] = (),
) -> Plan:
    """Return the plan made of these parts; nothing is computed here but what a table needs."""
    case, device = question.case, question.device
    used = rows(question, runs[0])
    figures = {name: figure.value for name, figure in runs[0].summary.items()}
    chosen = _settings(question, settings, moved)
    return Plan(
        title=case.title or f"{case.area.site}, {device.name}",
        skin=runs[0].skin,
        device=device,
        screening=screening,
        settings=chosen,
        treatment=runs[0],
        layers=_layers(runs),
        profiles=_profiles(runs),
        goals=tuple(goals),
        margins=tuple(margins),
        effects=_effects(swings, swept, goals[0], next(m for m in margins if m.binding)),
        safer=tuple(safer),
        test_spot=test_spot,
        comfort={name: figures[name] for name in ("comfort.time_warm", "comfort.time_hot")},
        assumptions=(*runs[0].skin.assumptions, *_assumptions(question, runs[0], runs[2], chosen)),
        published=case.published.model_dump() if case.published else {},
        rows=used,
        language=case.language,
        record=record(case, question, settings, used),
        findings=tuple(findings),
        shots=shots,
        depths=depths,
    )


def _settings(question: Question, settings: Mapping[str, Any], moved: Sequence[str]) -> tuple[ChosenSetting, ...]:
    chosen = []
    for name, value in settings.items():
        setting = question.device.settings.get(name)
        if setting is None:
            continue  # spot and cooling are choices, told by the exposure itself
        by: Chooser = "case" if name in question.settled else "optimised" if name in moved else "device default"
        chosen.append(
            ChosenSetting(
                name, float(value), setting.si_unit, setting.unit, setting.low, setting.high, by, setting.row.confidence
            )
        )
    return tuple(chosen)


def _layers(runs: Runs) -> tuple[LayerResult, ...]:
    central = runs[0]
    trace, grid = central.trace, central.state.grid
    layers = layer_of_cell(central.skin, grid.centres[-1])
    shares = central.depositions[0].shares if central.depositions else {}
    found = []
    for number, layer in enumerate(central.skin.layers):
        axis = trace.temperature[:, layers == number]
        peaks = sorted(run.summary[f"peak.{layer.name}"].value for run in runs)
        found.append(
            LayerResult(
                layer.name,
                float(central.skin.depths[number]),  # by number: "fat" by name ends with the deep fat
                float(central.skin.depths[number + 1]),
                central.summary[f"peak.{layer.name}"].value,
                peaks[0],
                peaks[-1],
                float(trace.time[np.argmax(axis.max(axis=1))]),
                float(shares[layer.name].value) if layer.name in shares else math.nan,
                _damage_in(central, number),
            )
        )
    return tuple(found)


def _damage_in(run: Treatment, number: int) -> dict[str, float]:
    """Return the worst of every endpoint read in one layer, by `<endpoint>.<set>`."""
    here = layer_of_cell(run.skin, run.state.grid.centres[-1]) == number
    found = {}
    for each in run.damage:
        values = each.values[..., here]
        if np.any(np.isfinite(values)):
            found[f"{each.endpoint}.{each.set_name}".replace(" ", "_")] = float(np.nanmax(values))
    return found


def _profiles(runs: Runs) -> tuple[DepthProfile, ...]:
    """On-axis figures against depth: the peak temperature, and every endpoint in its own tissue."""

    depth, skin = runs[0].state.grid.centres[-1], runs[0].skin

    def alike(run: Treatment, values: Any) -> Any:
        # The other skins have layers of other thickness: compare what lies as far through the same layer.
        there = np.interp(depth, skin.depths, run.skin.depths)
        cell = np.searchsorted(run.state.grid.edges[-1], there, side="right") - 1
        return np.asarray(values, dtype=float)[np.clip(cell, 0, run.state.grid.shape[-1] - 1)]

    def profile(name: str, unit: str, read: Any, set_name: str = "") -> DepthProfile:
        central, low, high = (alike(run, read(run)) for run in runs)
        return DepthProfile(
            name,
            unit,
            depth,
            central,
            np.fmin(np.fmin(low, high), central),
            np.fmax(np.fmax(low, high), central),
            set_name,
        )

    found = [profile("peak temperature", "K", lambda run: run.state.reference + run.state.maximum[_column(run)])]
    for each in runs[0].damage:
        found.append(
            profile(
                each.endpoint,
                each.unit,
                lambda run, e=each: run.damage.of(e.endpoint, e.set_name).values[_column(run)],
                each.set_name,
            )
        )
    return tuple(found)


def _column(run: Treatment) -> tuple[int, ...]:
    """Return the column of cells that figures against depth are read in: where the trace is."""
    return nearest_column(run.state.grid, reading_place(run.exposures[0]))


def _effects(
    swings: Sequence[Swing], swept: Mapping[str, float], goal: GoalResult, binding: Margin
) -> tuple[Effect, ...]:
    """Return the tornado, strongest first: by what a row does to the goal or to the binding limit.

    The sweep's runs trace few photons, the same for all: its changes are taken, about the planned values. A goal or
    dose changes by a factor, a temperature by kelvin. A weak row's mirror image ends at nothing at the least.
    """

    def aim(result: Mapping[str, float]) -> float:
        before = swept[goal.goal.figure]
        after = result[goal.goal.figure]
        return max(0.0, goal.value * after / before if before > 0.0 else after)  # from nothing there is no factor

    def limit(result: Mapping[str, float]) -> float:
        change = result[binding.limit.figure] - swept[binding.limit.figure]  # of the logarithm where there is one
        return binding.value * float(np.exp(change)) if binding.limit.logarithmic else binding.value + change

    effects = [
        Effect(s.row, s.row.low, s.row.high, aim(s.at_low), aim(s.at_high), limit(s.at_low), limit(s.at_high))
        for s in swings
    ]
    widest_goal = max((abs(e.goal_high - e.goal_low) for e in effects), default=0.0) or 1.0
    widths = [abs(s.at_high[binding.limit.figure] - s.at_low[binding.limit.figure]) for s in swings]
    widest_limit = max(widths, default=0.0) or 1.0
    order = {
        e.row.name: max(abs(e.goal_high - e.goal_low) / widest_goal, w / widest_limit)
        for e, w in zip(effects, widths, strict=True)
    }
    return tuple(sorted(effects, key=lambda e: -order[e.row.name]))


def _extrapolated(run: Treatment, adverse: Treatment) -> list[str]:
    """Say which kinetic sets are used beyond what their source covers, as planned or at the adverse point."""
    planned = {f"{e.endpoint.capitalize()}: {e.extrapolated}" for e in run.damage if e.extrapolated}
    sets = {e.set_name for e in run.damage if e.extrapolated}
    upper = {
        f"{e.endpoint.capitalize()}, at the adverse point: {e.extrapolated}"
        for e in adverse.damage
        if e.extrapolated and e.set_name not in sets
    }
    return [*sorted(planned), *sorted(upper)]


def _edges(settings: Sequence[ChosenSetting]) -> list[ChosenSetting]:
    """Return the settings the optimiser left at an end of an unverified range."""
    return [
        s
        for s in settings
        if s.chosen_by == "optimised" and s.confidence == "unverified" and s.value in (s.low, s.high)
    ]


def _assumptions(
    question: Question, run: Treatment, adverse: Treatment, settings: Sequence[ChosenSetting]
) -> list[str]:
    """Say in plain sentences what the simulation took for granted."""
    told = [
        "Each limit is checked at its adverse point: all data rows moved together, by one spread, the likeliest way "
        "that makes it worse.",
        f"The device's delivered energy may lie {question.device.output_tolerance:.0%} either side of the one set.",
        "Skin is plane layers; hair, glands and single vessels are not drawn.",
        "Blood arrives at core temperature; its flow grows with temperature by one published law (Lang 1999).",
        "Collagen shrinkage follows a curve fitted to heart-valve cords; for skin it is unproven.",
    ]
    published = question.aim.published
    if not question.case.goal and question.band != published:
        told.append(
            f"The {question.aim.name} here ends at {question.band[1] * 1e3:.2g} mm. The goal is read from "
            f"{question.band[0] * 1e3:.2g} mm to there, not at the published "
            f"{published[0] * 1e3:g}-{published[1] * 1e3:g} mm."
        )
    for edge in _edges(settings):
        told.append(
            f"{edge.name.replace('_', ' ').capitalize()} was chosen at the end of the device's range, which is "
            "unverified: hold it in the case at what this machine is known to do."
        )
    told += question.method.assumptions(question, run)
    return [*told, *_extrapolated(run, adverse)]
