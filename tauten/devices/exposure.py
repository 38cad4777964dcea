"""One exposure of the skin: what is delivered, over which area, for how long, and what cools it meanwhile."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.checks import instance, number
from tauten.devices.beam import Beam
from tauten.devices.cooling import Contact, in_turn
from tauten.devices.needles import NeedlePulse
from tauten.devices.rf import RfPulse
from tauten.devices.shot import FocusedShot
from tauten.devices.spectrum import Spectrum
from tauten.errors import InputError

__all__ = ["Exposure", "FocusedShot", "LightPulse", "NeedlePulse", "Placed", "RfPulse", "check_exposure", "passes"]


@dataclass(frozen=True, slots=True, eq=False)
class LightPulse:
    """A pulse of light, or a train of equal ones, with the cooling around it. Times [s] count from its first light.

    `fluence` [J/m²] of one pulse, as it reaches the skin's surface, before the Fresnel reflection there; `duration`
    [s] of one pulse, constant irradiance; `beam`, the spot. `index_above` is the refractive index of what lies on the
    skin (1.0 air, or one value a wavelength of the `spectrum` for a window); `return_fraction` is the share of the
    light leaving the skin that the handpiece sends back in, below 1. `cooling` holds contacts that don't overlap;
    pre-cooling begins before 0. A train has `pulses` and a `period` [s] from one pulse's start to the next. `device`
    names what gave it. Raises `InputError` for any number that is missing, negative or not finite.
    """

    spectrum: Spectrum
    fluence: float
    duration: float
    beam: Beam
    index_above: float | NDArray[np.float64] = 1.0
    return_fraction: float = 0.0
    cooling: tuple[Contact, ...] = field(default=())
    pulses: int = 1
    period: float | None = None
    device: str = ""

    def __post_init__(self) -> None:
        _positive("exposure.fluence", self.fluence, "J/m2", zero=True)
        _positive("exposure.duration", self.duration, "s")
        instance(self.spectrum, Spectrum, "exposure.spectrum", "a Spectrum, for example Spectrum.line(1064e-9)")
        instance(self.beam, Beam, "exposure.beam", "Pencil | Flat | Gaussian | Rectangle")
        number(
            self.return_fraction, "exposure.return_fraction", 0.0, math.nextafter(1.0, 0.0),
            problem="is no share of the light that leaves", allowed="0 to below 1",
        )  # fmt: skip
        object.__setattr__(self, "index_above", self._index())
        self._check_train()
        object.__setattr__(self, "cooling", in_turn(self.cooling))

    @property
    def irradiance(self) -> float:
        """Power per area while a pulse is on [W/m²]."""
        return self.fluence / self.duration

    @property
    def energy(self) -> float:
        """Energy of the whole train at the skin's surface [J]: fluence · area · pulses."""
        return self.fluence * self.beam.area * self.pulses

    @property
    def intervals(self) -> tuple[tuple[float, float], ...]:
        """When light is on: (start, stop) of each pulse [s]."""
        period = self.period or 0.0
        return tuple((n * period, n * period + self.duration) for n in range(self.pulses))

    @property
    def light_ends_at(self) -> float:
        """When the last light ends [s]."""
        return self.intervals[-1][1]

    @property
    def begins_at(self) -> float:
        """When the first contact or light begins [s]; 0 or before."""
        return min([0.0, *(c.start for c in self.cooling if math.isfinite(c.start))])

    @property
    def ends_at(self) -> float:
        """When the last light or cooling ends [s]."""
        return max([self.light_ends_at, *(c.stop for c in self.cooling if math.isfinite(c.stop))])

    def with_(self, **changes: Any) -> LightPulse:
        """Return the same exposure with some fields changed; this one stands."""
        unknown = set(changes) - set(self.__dataclass_fields__)
        if unknown:
            raise InputError(
                "is not a field of a light pulse",
                key=f"exposure.{min(unknown)}",
                allowed=", ".join(self.__dataclass_fields__),
            )
        return replace(self, **changes)

    def _index(self) -> float | NDArray[np.float64]:
        try:
            index = np.array(self.index_above, dtype=np.float64)
        except (TypeError, ValueError):
            index = np.array(math.nan)
        if index.ndim and index.shape != self.spectrum.wavelengths.shape:
            raise InputError(
                "needs one value, or one a wavelength",
                key="exposure.index_above",
                value=index.shape,
                allowed=str(self.spectrum.wavelengths.shape),
            )
        if not np.all(np.isfinite(index) & (index >= 1.0)):
            raise InputError(
                "is no refractive index", key="exposure.index_above", value=self.index_above, allowed="1 or more"
            )
        if not index.ndim:
            return float(index)
        index.setflags(write=False)
        return index

    def _check_train(self) -> None:
        if isinstance(self.pulses, bool) or not isinstance(self.pulses, (int, np.integer)) or self.pulses < 1:
            raise InputError("is no number of pulses", key="exposure.pulses", value=self.pulses, allowed="1, 2, 3, ...")
        if self.period is not None:
            _positive("exposure.period", self.period, "s")
        if self.pulses > 1 and not (self.period or 0.0) >= self.duration:
            raise InputError(
                "lets pulses overlap",
                key="exposure.period",
                value=self.period,
                allowed=f"{self.duration:g} or more",
                unit="s",
                remedy="Give the time from one pulse's start to the next.",
            )


Exposure = LightPulse | FocusedShot | RfPulse | NeedlePulse
"""Every kind of exposure a device can give."""


def check_exposure(exposure: object, key: str) -> None:
    """Raise `InputError` about `key` for anything that is no exposure."""
    instance(exposure, Exposure, key, "LightPulse | FocusedShot | RfPulse | NeedlePulse")


@dataclass(frozen=True, slots=True)
class Placed:
    """An exposure put at a point `at` (x, y) [m] of the skin's surface.

    `time` [s] is that of its first light, sound or current.
    """

    exposure: Exposure
    at: tuple[float, float] = (0.0, 0.0)
    time: float = 0.0

    def __post_init__(self) -> None:
        check_exposure(self.exposure, "placed.exposure")
        at = self.at
        if not isinstance(at, (tuple, list, np.ndarray)) or len(at) != 2 or not all(_is_finite(c) for c in at):
            raise InputError("is no point (x, y)", key="placed.at", value=repr(at), unit="m")
        if not _is_finite(self.time):
            raise InputError("is not a finite number", key="placed.time", value=repr(self.time), unit="s")

    @property
    def begins_at(self) -> float:
        """When its first contact, light, sound or current begins, on the treatment's clock [s]."""
        return self.time + self.exposure.begins_at

    @property
    def ends_at(self) -> float:
        """When its last light, sound, current or cooling ends, on the treatment's clock [s]."""
        return self.time + self.exposure.ends_at

    @property
    def edges(self) -> tuple[float, ...]:
        """Every moment [s] at which light, sound, current or a contact goes on or off."""
        contacts = [t for c in self.exposure.cooling for t in (c.start, c.stop) if math.isfinite(t)]
        return tuple(
            sorted({self.time + t for t in [*contacts, *(e for pair in self.exposure.intervals for e in pair)]})
        )


def passes(exposure: Exposure, count: int, interval: float, at: tuple[float, float] = (0.0, 0.0)) -> tuple[Placed, ...]:
    """Return `count` passes of one exposure over the same place, `interval` [s] from one first light to the next.

    Raises `InputError` when a pass would begin before the one before it has ended, cooling included.
    """
    if isinstance(count, bool) or not isinstance(count, (int, np.integer)) or count < 1:
        raise InputError("is no number of passes", key="passes", value=count, allowed="1, 2, 3, ...")
    span = exposure.ends_at - exposure.begins_at
    if count > 1 and not (_is_finite(interval) and interval >= span * (1 - 1e-12)):
        raise InputError(
            "lets one pass begin before the last has ended",
            key="interval",
            value=interval,
            allowed=f"{span:g} or more",
            unit="s",
        )
    return tuple(Placed(exposure, at, n * interval if n else 0.0) for n in range(count))


def _is_finite(value: object) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and math.isfinite(value)


def _positive(key: str, value: float, unit: str, zero: bool = False) -> None:
    number(value, key, 0.0, unit=unit, open_low=not zero, problem="is not an amount that can be delivered")
