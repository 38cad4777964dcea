"""What a case read off the ultrasound picture, held together: layers that add up, depths that are there."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

from tauten.devices.head import Head
from tauten.errors import InputError
from tauten.facts import load
from tauten.files.skins import skin_of
from tauten.skin.layer import layer_name
from tauten.skin.skin import Skin

if TYPE_CHECKING:
    from tauten.files.case import Case

__all__ = ["beyond_layers", "check_picture", "down", "paced", "up"]

_PERSON = ("age", "bmi", "melanin", "phototype")
_FINE = 1e5
"""Parts of a metre that a depth is told in: hundredths of a millimetre."""


def down(depth: float) -> str:
    """Return a depth [m] for people, rounded to the shallower side: one that must not be passed.

    >>> down(11.496e-3), down(11.5e-3)
    ('11.49 mm', '11.5 mm')
    """
    return f"{math.floor(depth * _FINE + 1e-6) / 100.0:g} mm"


def up(depth: float) -> str:
    """Return a depth [m] for people, rounded to the deeper side.

    >>> up(4.501e-3)
    '4.51 mm'
    """
    return f"{math.ceil(depth * _FINE - 1e-6) / 100.0:g} mm"


def paced(head: Head, settings: Mapping[str, Any], held: Container[str]) -> dict[str, Any]:
    """Return the settings with the pauses between points and lines no shorter than the head's defaults make them."""
    done, usual = dict(settings), {name: setting.default for name, setting in head.settings.items()}
    if "point_interval" in done and "point_interval" not in held:
        pause = usual["point_interval"] - usual["duration"]
        done["point_interval"] = max(usual["point_interval"], done["duration"] + pause)
    if "line_interval" in done and "line_interval" not in held:
        done["line_interval"] = max(usual["line_interval"], done["points"] * done["point_interval"])
    return done


def check_picture(case: Case) -> None:
    """Raise `InputError`, with the place, for depths measured that don't add up, or a picture for nothing."""
    imaging, method = case.imaging, case.treatment.method
    if method in ("infrared", "radiofrequency"):
        if "imaging" in case.given:
            idle = InputError(
                "is for focused ultrasound and microneedling", remedy="Leave [imaging] out, or change treatment.method."
            )
            raise case.fault(idle, "imaging")
        return
    if method == "microneedling" and imaging.coupling is not None:
        raise case.fault(InputError("is for focused ultrasound", remedy="Leave it out."), "imaging.coupling")
    _check_devices(case)
    _check_pace(case)
    _check_bone(case)
    for place, zone in enumerate(imaging.danger):
        if not zone.name.strip():
            raise case.fault(InputError("has no name", remedy="Say what it is."), f"imaging.danger.{place}.name")
    skin = _built(case)
    if skin is None:
        return
    _check_fascia(case, skin)
    _check_deepest(case, skin)
    _check_focus(case, skin)


def _check_devices(case: Case) -> None:
    """Raise `InputError` for a head named twice, which would be tried twice, and points timed into one another."""
    keys = [device.key for device in case.devices]
    if len(set(keys)) < len(keys):
        twice = next(key for key in keys if keys.count(key) > 1)
        raise case.fault(
            InputError("is given twice", value=f'"{twice}"', remedy="Name each head once."), "treatment.device"
        )


def _check_pace(case: Case) -> None:
    """Raise `InputError` for points or lines held closer in time than what is given or usual of them takes."""
    for machine in case.devices:
        held = case.held_by(machine)
        if not isinstance(machine, Head) or not {"point_interval", "line_interval"} & set(held):
            continue
        given: dict[str, Any] = dict(case.treatment.settings)
        at = paced(machine, machine.settings_at(**given), held)
        about = {
            "point_interval": (at["duration"], 1e3, "ms", "point", ""),
            "line_interval": (
                at["points"] * at["point_interval"], 1.0, "s", "line",
                f"{at['points']:g} points take {at['point_interval']:g} s each.",
            ),
        }  # fmt: skip
        for name, (least, scale, unit, what, remedy) in about.items():
            if name in held and held[name] < least * (1.0 - 1e-9):
                early = InputError(
                    f"lets one {what} begin before the last has ended",
                    value=f'"{given[name]}"',
                    allowed=f"{math.ceil(1e3 * scale * least - 1e-6) / 1e3:g} or more", unit=unit,
                    remedy=remedy or f"A point lasts {1e3 * least:g} ms on {machine.key}.",
                )  # fmt: skip
                raise case.fault(early, f"treatment.settings.{name}")


def _check_fascia(case: Case, skin: Skin) -> None:
    """Raise `InputError` where the layers measured down to the fascia don't end at the depth measured for it."""
    if case.imaging.smas_depth is not None:
        _check_agrees(case, "smas_depth", case.imaging.smas_depth, skin.top_of("smas"))


def _check_deepest(case: Case, skin: Skin) -> None:
    """Raise `InputError` where the layer above the bone was measured too and would not end at the depth of the bone."""
    depth, deepest = case.imaging.bone_depth, skin.layers[-2].name
    thickness = next((x.thickness for x in case.skin.layers if layer_name(x.name) == deepest), None)
    if depth is not None and thickness is not None:
        _check_agrees(case, "bone_depth", depth, skin.top_of(deepest) + thickness)


def _check_agrees(case: Case, key: str, depth: float, layers: float) -> None:
    """Raise `InputError` where a `depth` [m] read off the picture and that of the `layers` above it are two things."""
    if abs(layers - depth) > load().si("care/imaging/agreement"):
        raise case.fault(
            InputError(
                "does not agree with the layers measured above it", value=f'"{case.given["imaging"][key]}"',
                allowed=f"about {layers * 1e3:.3g}", unit="mm",
                remedy="Measure depth and thickness in one picture, from the surface down.",
            ),
            f"imaging.{key}",
        )  # fmt: skip


def _check_bone(case: Case) -> None:
    imaging = case.imaging
    if imaging.bone_depth is None:
        return
    above = imaging.smas_depth or 0.0
    if any(layer.name == "bone" for layer in case.skin.layers):
        twice = InputError("is given twice", remedy="Give its depth in [imaging], or its thickness above, not both.")
        raise case.fault(twice, "imaging.bone_depth")
    if imaging.bone_depth <= above:
        raise case.fault(
            InputError(
                "lies above the superficial fascia", value=f'"{case.given["imaging"]["bone_depth"]}"',
                allowed=f"below {up(above)}", remedy="Both count from the skin's surface.",
            ),
            "imaging.bone_depth",
        )  # fmt: skip


def _built(case: Case) -> Skin | None:
    """Build the skin once: layers that leave no room for one another are found here, with their place.

    None for an age without data: who is too young to be treated is for the screening to say, whatever the method.
    """
    try:
        return skin_of(case)
    except InputError as error:
        if error.key == "age":
            return None
        if error.key in _PERSON:
            raise case.fault(_again(error), f"person.{error.key}") from error
        key = {"smas.depth": "imaging.smas_depth", "bone.depth": "imaging.bone_depth"}.get(
            error.key or "", "skin.layers"
        )
        if key.partition(".")[0] not in case.given:
            key = "skin.layers" if "skin" in case.given else "area.site"
        raise case.fault(error, key) from error


def _again(error: InputError) -> InputError:
    """Return `error` with its number as a case file writes it."""
    value = f"{error.value:g}" if isinstance(error.value, (int, float)) else error.value
    return InputError(error.problem, value=value, allowed=error.allowed, unit=error.unit, remedy=error.remedy)


def _check_focus(case: Case, skin: Skin) -> None:
    """Raise `InputError` where every head focuses beyond the layers; one of several is set aside by the plan."""
    beyond = [fault for machine in case.devices if (fault := beyond_layers(machine, skin))]
    if len(beyond) == len(case.devices):
        raise case.fault(beyond[0], "treatment.device")


def beyond_layers(machine: object, skin: Skin) -> InputError | None:
    """Return what is wrong with a head that focuses in bone or below all of `skin`; None for any other machine."""
    end = float(skin.depths[-2 if skin.layers[-1].name == "bone" else -1])
    if not isinstance(machine, Head) or machine.focal_depth < end:
        return None
    return InputError(
        f"focuses at {machine.focal_depth * 1e3:g} mm, beyond the layers of this skin", value=f'"{machine.key}"',
        allowed=f"a focus above {down(end)}", remedy="Take a shallower head.",
    )  # fmt: skip
