"""Where on the body: one table of sites with side, used by every part of Tauten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from tauten.errors import InputError
from tauten.facts import load

__all__ = ["Site", "check_side", "site", "sites"]

_ALIASES = {
    "décolletage": "decolletage",
    "décolleté": "decolletage",
    "decollete": "decolletage",
    "chest": "decolletage",
    "crow's feet": "periorbital",
    "crows feet": "periorbital",
    "eyebrow": "brow",
    "jaw": "jawline",
    "under chin": "submentum",
    "submental": "submentum",
    "arm": "upper arm",
    "stomach": "abdomen",
    "back of hand": "hand",
}
_SIDES = {1: ("middle",), 2: ("left", "right", "both")}


@dataclass(frozen=True, slots=True)
class Site:
    """One place on the body: its `name`, its `region` (face, neck, body) and how many `sides` it has (2 for a pair)."""

    name: str
    region: str
    sides: int

    @property
    def key(self) -> str:
        """How data rows name it: "upper arm" is `upper_arm`."""
        return self.name.replace(" ", "_")


@cache
def sites() -> Mapping[str, Site]:
    """Return every site by name, from the face down."""
    found = {}
    for key, row in load().under("tissue/sites").items():
        region, _, name = key.partition(".")
        found[name.replace("_", " ")] = Site(name.replace("_", " "), region, int(row.value))
    return MappingProxyType(found)


def site(name: str) -> Site:
    """Return the site called `name` ("cheek", "upper arm", "upper_arm", "crow's feet").

    Raises `InputError` with the list of sites for any other name.
    """
    if not isinstance(name, str):
        raise InputError("is not the name of a site", key="site", value=repr(name), allowed=" | ".join(sites()))
    plain = " ".join(name.lower().replace("_", " ").replace("-", " ").split())
    try:
        return sites()[_ALIASES.get(plain, plain)]
    except KeyError:
        raise InputError("is not a site we know", key="site", value=name, allowed=" | ".join(sites())) from None


def check_side(where: Site, side: str | None) -> str | None:
    """Return `side` if the site has it; raises `InputError` otherwise. None is always fine."""
    allowed = _SIDES[where.sides]
    if side is not None and side not in allowed:
        raise InputError(f"is no side of the {where.name}", key="side", value=side, allowed=" | ".join(allowed))
    return side
