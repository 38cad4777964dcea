"""The cooling a device gives round an exposure: its plate or its spurts of cryogen, before, during and after."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from tauten.devices.cooling import Contact, ContactPlate, Spray
from tauten.errors import InputError
from tauten.facts import Facts

__all__ = ["COOLINGS", "NEEDS", "contacts", "needs_cooling"]

COOLINGS = ("plate", "spray", "none")
"""The ways a device may cool."""

NEEDS: Mapping[str, str] = MappingProxyType({
    "plate_temperature": "plate", "pre_cooling": "plate", "post_cooling": "plate", "spray_before": "spray",
    "spray_delay": "spray", "spray_during": "spray", "spray_after": "spray",
})  # fmt: skip
"""The cooling each of its settings belongs to."""


def needs_cooling(name: str, cooling: str) -> None:
    """Raise `InputError` for a setting of a cooling that is not on."""
    if NEEDS.get(name, cooling) != cooling:
        raise InputError(
            f"does nothing with cooling = {cooling}", key=f"exposure.{name}",
            remedy="Leave it out, or change cooling.",
        )  # fmt: skip


def contacts(chosen: Mapping[str, Any], ends_at: float, facts: Facts, behind: float = 0.0) -> tuple[Contact, ...]:
    """Return the contacts of an exposure that begins at 0 and ends at `ends_at` [s], pre- and post-cooling around it.

    `behind` [m²K/W] is what stands between a cryogen film and the skin: the membrane of a tip that is sprayed from
    within, 0 for a spray on the skin itself.
    """
    if chosen["cooling"] == "plate":
        return (
            ContactPlate(
                chosen["plate_temperature"],
                resistance=facts.si("devices/cooling/contact_resistance"),
                conductivity=facts.si("devices/cooling/sapphire.conductivity"),
                density=facts.si("devices/cooling/sapphire.density"),
                specific_heat=facts.si("devices/cooling/sapphire.specific_heat"),
                thickness=facts.si("devices/cooling/window_thickness"),
                start=-chosen["pre_cooling"],
                stop=ends_at + chosen["post_cooling"],
            ),
        )
    if chosen["cooling"] == "spray":
        return _sprays(chosen, ends_at, facts, behind)
    return ()


def _sprays(chosen: Mapping[str, Any], ends_at: float, facts: Facts, behind: float) -> tuple[Spray, ...]:
    """Return the spurts, each lengthened by the time its liquid stays; spurts whose liquid meets become one.

    What stands `behind` adds its resistance to the film's: 1/h = 1/h_film + `behind`.
    """
    before, during, after = chosen["spray_before"], chosen["spray_during"], chosen["spray_after"]
    middle = ends_at / 2.0
    spurts = [
        (-chosen["spray_delay"] - before, -chosen["spray_delay"]),
        (middle - during / 2.0, middle + during / 2.0),
        (ends_at, ends_at + after),
    ]
    residence = facts.si("devices/cooling/spray.residence")
    wet: list[tuple[float, float]] = []
    for start, stop in ((a, b + residence) for a, b in spurts if b > a):
        if wet and start <= wet[-1][1]:
            wet[-1] = (wet[-1][0], max(stop, wet[-1][1]))
        else:
            wet.append((start, stop))
    film = facts.si("devices/cooling/spray.film_temperature")
    bare = facts.si("devices/cooling/spray.coefficient")
    coefficient = bare / (1.0 + bare * behind)
    return tuple(Spray(film, coefficient, start=start, stop=stop) for start, stop in wet)
