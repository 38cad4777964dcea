"""Open treatment planning for energy-based skin tightening: the public names, sorted.

Each is imported when it is first used, so `import tauten` costs nothing.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import Any

_HOMES = {
    "Case": "tauten.files.case",
    "Device": "tauten.devices.device",
    "Facts": "tauten.facts",
    "Field": "tauten.grid",
    "Grid": "tauten.grid",
    "InputError": "tauten.errors",
    "LightPulse": "tauten.devices.exposure",
    "Placed": "tauten.devices.exposure",
    "Plan": "tauten.care.plan_types",
    "Skin": "tauten.skin.skin",
    "TautenError": "tauten.errors",
    "Treatment": "tauten.treatment",
    "catalogue": "tauten.devices.catalogue",
    "plan": "tauten.care.plan",
    "read_case": "tauten.files.case",
    "read_device": "tauten.devices.catalogue",
    "simulate": "tauten.simulate",
}

__all__ = sorted(_HOMES)


class _Package(ModuleType):
    """The package itself, which keeps `tauten.simulate` the function even after its module has been imported."""

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOMES and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("tauten")
    if name not in _HOMES:
        raise AttributeError(f"module 'tauten' has no attribute {name!r}")
    value = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


sys.modules[__name__].__class__ = _Package
