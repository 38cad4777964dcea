"""The devices Tauten ships, one TOML file each, and the reader for a user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType

from tauten.devices.device import Device
from tauten.devices.head import Head
from tauten.devices.read_head import read_head
from tauten.devices.read_light import read_light
from tauten.devices.table import Table
from tauten.errors import InputError
from tauten.toml import read_toml

__all__ = ["METHODS", "catalogue", "device", "read_device"]

_READERS: Mapping[str, Callable[[Table, str], Device | Head]] = MappingProxyType(
    {"infrared": read_light, "ultrasound": read_head}
)
METHODS = tuple(_READERS)
"""Every method a device file may name."""


@cache
def catalogue() -> Mapping[str, Device | Head]:
    """Return the shipped devices by key, sorted."""
    folder = Path(str(files("tauten") / "data" / "devices"))
    found = sorted((read_device(path) for path in folder.glob("*.toml")), key=lambda d: d.key)
    return MappingProxyType({d.key: d for d in found})


def device(key: str) -> Device | Head:
    """Return one shipped device; raises `InputError` that names near misses."""
    try:
        return catalogue()[key]
    except KeyError:
        near = get_close_matches(key, list(catalogue()), n=1)
        raise InputError(
            "is not in the catalogue",
            key="device",
            value=key,
            allowed=" | ".join(catalogue()),
            remedy=f"Did you mean {near[0]}?" if near else "Give a device file (TOML) for your own.",
        ) from None


def read_device(path: str | Path) -> Device | Head:
    """Read a device file. Raises `FileError` or `InputError` with file, line and key for anything out of order."""
    data, line_of = read_toml(path)
    top = Table(data, "", Path(path), line_of)
    return _READERS[top.text("method", METHODS)](top, str(path))
