"""How tissue that boils is told: beyond the boiling point neither its temperature nor its size is predicted.

The heat solver takes away the water's latent heat and then heats on what is left, without a law for what that is.
"""

from __future__ import annotations

from tauten.facts import load
from tauten.units import kelvin_to_celsius

__all__ = ["above", "beyond", "boils", "ceiling"]

_SLIGHT = 0.05  # K; tissue that is boiling stays at the boiling point to rounding


def boils(temperature: float) -> bool:
    """Whether tissue as hot as `temperature` [K] has boiled dry.

    >>> boils(372.0), boils(373.15), boils(531.0)
    (False, False, True)
    """
    return temperature > ceiling() + _SLIGHT


def ceiling() -> float:
    """Return the hottest temperature [K] that is told or drawn as a number."""
    return load().si("tissue/heat/boiling")


def above() -> str:
    """Return what stands in the place of a temperature beyond boiling.

    >>> above()
    'above 100 °C'
    """
    return f"above {kelvin_to_celsius(ceiling()):g} °C"


def beyond() -> str:
    """Return the sentence that goes with it.

    >>> beyond()
    'boils: temperature and size are not predicted beyond 100 °C'
    """
    return f"boils: temperature and size are not predicted beyond {above().removeprefix('above ')}"
