"""What each method shows beside what all share: its figures, its tables and its parts of the page, one row a method."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tauten.devices.applicator import Applicator
from tauten.devices.device import Device
from tauten.devices.head import Head
from tauten.devices.stamp import Stamp
from tauten.physics.kinetic_sets import endpoint
from tauten.report import (
    beam,
    by_depth,
    current,
    depths,
    figures,
    shots,
    sketch,
    spreads,
    stamp_plan,
    stamp_sketch,
    surface,
    timeline,
    tip_sketch,
)
from tauten.report.canvas import Drawing
from tauten.report.numbers import number, quantity
from tauten.report.section import section_of
from tauten.report.stamp import stamp_of
from tauten.report.words import set_words
from tauten.units import kelvin_to_celsius

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["Face", "face_of"]


@dataclass(frozen=True, slots=True)
class Face:
    """A method's own part of the page.

    `drawings` are its figures in order, `view` gives its templates what they fill in, and `parts` names a template for
    each place of the page where the method has something of its own to say.
    """

    drawings: tuple[Callable[[Plan], Drawing | None], ...]
    view: Callable[[Plan], Mapping[str, Any]]
    parts: Mapping[str, str]


def face_of(plan: Plan) -> Face:
    """Return the face of the plan's method."""
    return _FACES[plan.device.method]


def _light(plan: Plan) -> Mapping[str, Any]:
    reading, device = timeline.hottest_reading(plan), plan.device
    eye = device.eye_hazard if isinstance(device, Device) else None
    too_hot, too_hot_is = timeline.stop_reading(plan) or (math.inf, "")
    operator = {
        "reading": _whole_degrees(reading.temperature) if reading and too_hot_is else "",
        "too_hot": _whole_degrees(too_hot, down=True) if too_hot_is else "",
        "too_hot_is": too_hot_is,
        "past_stop": bool(reading and reading.temperature > too_hot),
        "when": quantity(reading.at, "s", digits=2) if reading else "",
        "covers": sorted({span.what for span in timeline.covered(plan)}),
        "eye": eye,
        "wavelengths": "{:.0f} to {:.0f} nm".format(*(1e9 * w for w in eye.wavelengths)) if eye else "",
    }
    return {"operator": operator}


def _sound(plan: Plan) -> Mapping[str, Any]:
    output = plan.shots.output if plan.shots else {}
    index, guide = output.get("mechanical_index"), output.get("mechanical_index_guide")
    sets = {zone.kinetics for zones in (plan.shots.zones.values() if plan.shots else ()) for zone in zones}
    return {
        "drawn_by": [(set_words(name), endpoint(name).endpoint) for name in sorted(sets)],
        "pattern": shots.pattern(plan),
        "zones": shots.zones(plan),
        "imaging": shots.imaging(plan),
        "ends": shots.ends(plan),
        "output": shots.output(plan),
        "considered": shots.considered(plan),
        "guide": number(guide.value) if guide else "",
        "past_guide": bool(index and guide and index.value > guide.value),
        "hazards": plan.device.hazards if isinstance(plan.device, Head) else (),
    }


def _current(plan: Plan) -> Mapping[str, Any]:
    sets = {zone.kinetics for zone in plan.treatment.zones}
    monopolar = any(getattr(placed.exposure, "monopolar", False) for placed in plan.treatment.exposures)
    return {
        "hazards": plan.device.hazards if isinstance(plan.device, (Applicator, Stamp)) else (),
        "drawn_by": [(set_words(name), endpoint(name).endpoint) for name in sorted(sets)],
        "generator": current.generator(plan),
        "heating": current.heating(plan),
        "imaging": shots.imaging(plan),
        "expected": _expected(plan),
        "monopolar": monopolar,
        "depths_table": depths.table(plan),
    }


def _expected(plan: Plan) -> str:
    """What the machine's display should read, as far as this plan knows it."""
    found = plan.treatment.summary
    first, last = (found.get(f"electric.impedance.{when}") for when in ("first", "last"))
    if first is None or last is None:
        return "Nothing is predicted."
    ohms = f"{number(first.value, 2)} Ω at the start, {number(last.value, 2)} Ω at the end"
    return f"Computed here: {ohms}, and {quantity(found['electric.energy'].value, 'J', digits=2)} given."


def _stamp(plan: Plan) -> Drawing | None:
    stamped = stamp_of(plan)
    return None if stamped is None else stamp_sketch.draw(stamped)


def _stamp_level(plan: Plan) -> Drawing | None:
    stamped = stamp_of(plan)
    return None if stamped is None else stamp_plan.draw(stamped)


def _section(plan: Plan) -> Drawing | None:
    section = section_of(plan)
    return None if section is None else sketch.draw(section)


def _whole_degrees(kelvin: float, down: bool = False) -> str:
    degrees = kelvin_to_celsius(kelvin)
    return f"{math.floor(degrees) if down else degrees:.0f} °C"


_OF_ALL = (
    figures.temperature_map, figures.profiles, spreads.burns, spreads.collagen, surface.surface, spreads.tornado,
)  # fmt: skip
"""Figures that every method has."""

_FACES = {
    "infrared": Face(
        (
            figures.temperature_map, figures.profiles, spreads.burns, spreads.collagen, surface.camera,
            surface.comfort, beam.across, spreads.tornado,
        ),
        _light,
        {"limits": "light_limits.html.j2", "machine": "light_machine.html.j2"},
    ),
    "ultrasound": Face(
        (
            _section, figures.temperature_map, figures.profiles, spreads.burns, spreads.collagen, surface.surface,
            spreads.tornado,
        ),
        _sound,
        {
            "first": "sound_first.html.j2", "settings": "sound_settings.html.j2", "grounds": "sound_grounds.html.j2",
            "machine": "sound_machine.html.j2",
        },
    ),
    "radiofrequency": Face(
        (tip_sketch.draw, *_OF_ALL[:-1], current.course, spreads.tornado),
        _current,
        {"first": "tip_first.html.j2", "settings": "current_settings.html.j2", "machine": "tip_machine.html.j2"},
    ),
    "microneedling": Face(
        (_stamp, _stamp_level, depths.strip, by_depth.coagulated, *_OF_ALL[:-1], current.course, spreads.tornado),
        _current,
        {
            "first": "needles_first.html.j2", "settings": "current_settings.html.j2",
            "machine": "needles_machine.html.j2",
        },
    ),
}  # fmt: skip
