"""What is right alone and wrong together: a side the site does not have, a band upside down, a question nobody asks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from tauten.devices.device import Device
from tauten.errors import InputError
from tauten.facts import load
from tauten.files.faults import did_you_mean
from tauten.files.layers import check_layers
from tauten.files.picture import check_picture
from tauten.skin.sites import check_side, site
from tauten.toml import read_toml

if TYPE_CHECKING:
    from tauten.files.case import Case

__all__ = ["check_together", "questions"]


def check_together(case: Case) -> None:
    """Raise `InputError`, with the place, for values of `case` that do not go together."""
    person, area = case.person, case.area
    if person.phototype is None and person.melanin is None:
        unknown = InputError("says nothing of the skin's colour", remedy="Give melanin, or phototype as its stand-in.")
        raise case.fault(unknown, "person")
    try:
        check_side(site(area.site), area.side)
    except InputError as error:
        raise case.fault(error, "area.side") from None
    if case.goal and not case.goal.depth[0] < case.goal.depth[1]:
        given = " to ".join(str(depth) for depth in case.given["goal"]["depth"])
        reversed_band = InputError("does not go from shallow to deep", value=given, remedy="Smaller depth first.")
        raise case.fault(reversed_band, "goal.depth")
    for machine in case.devices:
        if isinstance(machine, Device):
            _check_colours(machine)
    check_layers(case)
    check_picture(case)
    for key in case.answers:
        if key not in questions():
            remedy = did_you_mean(key, tuple(questions())) or "tauten schema lists the questions."
            raise case.fault(InputError("is not a screening question", remedy=remedy), f"answers.{key}")


def _check_colours(machine: Device) -> None:
    """Raise `InputError` when a device sends light that the optical tables do not reach."""
    allowed = load()["tissue/optics/wavelength.allowed"]
    for wavelength in (machine.spectrum.wavelengths.min(), machine.spectrum.wavelengths.max()):
        if not allowed.si_low * (1 - 1e-9) <= wavelength <= allowed.si_high * (1 + 1e-9):
            raise InputError(
                "is outside the optical tables",
                key="spectrum.wavelengths",
                value=f"{wavelength * 1e9:g} nm",
                allowed=f"{allowed.low:g} to {allowed.high:g}",
                unit=allowed.unit,
                remedy="Tauten cannot say what this light does in skin.",
                file=machine.file or machine.key,
                line=read_toml(machine.file).line_of("spectrum.wavelengths") if machine.file else None,
            )


@cache
def questions() -> Mapping[str, str]:
    """Return the screening questions by key; the rules about the answers belong to the care room."""
    data, _ = read_toml(Path(str(files("tauten") / "data" / "screening" / "conditions.toml")))
    return MappingProxyType({key: about["question"] for key, about in data.items()})
