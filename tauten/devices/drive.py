"""What the generator holds: voltage, current or power; how far it can go, and when it stops.

Peak or root mean square is never guessed: the two differ by √2, their heat by 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tauten.checks import number
from tauten.errors import InputError
from tauten.facts import load

__all__ = ["NO_CUTOFF", "UNLIMITED", "Current", "Cutoff", "Drive", "Limits", "Power", "Voltage"]


@dataclass(frozen=True, slots=True)
class Voltage:
    """A voltage [V] held between the two terminals; `rms` says whether `value` is root mean square (or the peak)."""

    value: float
    rms: bool

    def __post_init__(self) -> None:
        number(self.value, "drive.voltage", 0.0, unit="V")
        _check_said(self.rms, "voltage")

    @property
    def root_mean_square(self) -> float:
        """The voltage as root mean square [V]."""
        return self.value if self.rms else self.value / math.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Current:
    """A current [A] held through the two terminals; `rms` says whether `value` is root mean square (or the peak)."""

    value: float
    rms: bool

    def __post_init__(self) -> None:
        number(self.value, "drive.current", 0.0, unit="A")
        _check_said(self.rms, "current")

    @property
    def root_mean_square(self) -> float:
        """The current as root mean square [A]."""
        return self.value if self.rms else self.value / math.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Power:
    """Real power [W] held, time average: what becomes heat. It needs no `rms`; reactive power does not count."""

    value: float

    def __post_init__(self) -> None:
        number(self.value, "drive.power", 0.0, unit="W")


Drive = Voltage | Current | Power
"""What a generator can hold."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most a generator gives: `volts` and `amperes` root mean square, `watts` real; infinite where not limited."""

    volts: float = math.inf
    amperes: float = math.inf
    watts: float = math.inf

    def __post_init__(self) -> None:
        for name, unit in (("volts", "V"), ("amperes", "A"), ("watts", "W")):
            number(getattr(self, name), f"limits.{name}", 0.0, unit=unit, open_low=True, endless=True)


UNLIMITED = Limits()
"""A generator that gives whatever it is asked for."""


@dataclass(frozen=True, slots=True)
class Cutoff:
    """What ends a pulse before its time: whichever comes first; None never does.

    `impedance` [ohm], its magnitude risen above this (dry tissue); `energy` [J], delivered by this pulse; `temperature`
    [K], of the hottest tissue at the metal, where a sensor would sit.
    """

    impedance: float | None = None
    energy: float | None = None
    temperature: float | None = None

    def __post_init__(self) -> None:
        for name, unit in (("impedance", "ohm"), ("energy", "J")):
            if getattr(self, name) is not None:
                number(getattr(self, name), f"cutoff.{name}", 0.0, unit=unit, open_low=True)
        if self.temperature is not None:
            row = load()["devices/electric/hold.allowed"]
            number(self.temperature, "cutoff.temperature", row.si_low, row.si_high, "K")


NO_CUTOFF = Cutoff()
"""A pulse that lasts its whole duration."""


def _check_said(rms: object, what: str) -> None:
    if not isinstance(rms, bool):
        raise InputError(
            "does not say whether it is root mean square or peak", key=f"drive.{what}.rms", value=repr(rms),
            allowed="True (root mean square) | False (peak)",
        )  # fmt: skip
