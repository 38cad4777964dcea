"""The exception tree: everything Tauten raises on purpose, drawn first.

```
TautenError                exit 1
 ├─ InputError             exit 3   a value, key or unit the reader can mend; says where and how
 │   ├─ FileError          exit 4   a file that is missing, unreadable or half-written
 │   └─ TooLarge           exit 5   a request that does not fit this machine's memory
 ├─ OutsideValidity        exit 6   a law or table asked for outside the range its source covers
 ├─ NotConverged           exit 7   a solver that missed its tolerance; carries the residual
 ├─ Unphysical             exit 8   a result that breaks a law of physics
 ├─ StorageError           exit 9   a result that could not be written (full disk, no permission)
 └─ Contraindicated        exit 10  a person who must not be treated, or is not yet cleared
```
Exit 0 is success, 2 a misused command line, 11 a validation case that missed its tolerance, 130 Ctrl-C.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

__all__ = [
    "Contraindicated",
    "FileError",
    "InputError",
    "NotConverged",
    "OutsideValidity",
    "StorageError",
    "TautenError",
    "TooLarge",
    "Unphysical",
]


class TautenError(Exception):
    """Any error Tauten raises on purpose; `exit_code` is what the command line returns for it."""

    exit_code: ClassVar[int] = 1

    def __reduce__(self) -> tuple[Any, ...]:
        # Worker processes hand their errors over pickled; named arguments would be lost on the way.
        return _restored, (type(self), self.args, self.__dict__)


def _restored(kind: type[TautenError], args: tuple[Any, ...], facts: dict[str, Any]) -> TautenError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class InputError(TautenError):
    """A value, key or unit that the reader can mend.

    The message reads `file:line key is value; allowed ... [unit]. remedy`. Each part is kept as an attribute, so that
    `--json` prints the same facts.

    >>> print(InputError("is outside this device's range", key="exposure.fluence", value="90 J/cm2",
    ...                  allowed="10 to 65", unit="J/cm2", remedy="Lower it.", file="case.toml", line=14))
    case.toml:14: exposure.fluence = 90 J/cm2 is outside this device's range; allowed: 10 to 65 J/cm2. Lower it.
    """

    exit_code: ClassVar[int] = 3

    def __init__(
        self,
        problem: str,
        *,
        key: str | None = None,
        value: object = None,
        allowed: str | None = None,
        unit: str | None = None,
        remedy: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
    ) -> None:
        self.problem, self.key, self.value = problem, key, value
        self.allowed, self.unit, self.remedy = allowed, unit, remedy
        self.file, self.line = file, line
        super().__init__(self._sentence())

    def _sentence(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: " if self.file else ""
        subject = (
            f"{self.key} = {self.value} " if self.key and self.value is not None else f"{self.key or ''} ".lstrip()
        )
        allowed = f"; allowed: {self.allowed}{' ' + self.unit if self.unit else ''}" if self.allowed else ""
        return f"{where}{subject}{self.problem}{allowed}." + (f" {self.remedy}" if self.remedy else "")

    def at(self, *, file: str | Path | None = None, line: int | None = None, key: str | None = None) -> InputError:
        """Return the same error with the place filled in by whoever knows it (a new object; this one stands)."""
        return type(self)(
            self.problem,
            key=key or self.key,
            value=self.value,
            allowed=self.allowed,
            unit=self.unit,
            remedy=self.remedy,
            file=self.file or file,
            line=self.line or line,
        )


class FileError(InputError):
    """A file that is missing, unreadable, half-written or not of the kind asked for."""

    exit_code: ClassVar[int] = 4


class TooLarge(InputError):
    """A request that does not fit this machine's memory; says how much it needs and how much there is."""

    exit_code: ClassVar[int] = 5


class OutsideValidity(TautenError):
    """A law or a table was asked for outside the range its source covers."""

    exit_code: ClassVar[int] = 6


class NotConverged(TautenError):
    """A solver missed its tolerance. A result that did not converge is not a result."""

    exit_code: ClassVar[int] = 7

    def __init__(self, message: str, *, residual: float) -> None:
        self.residual = residual
        super().__init__(f"{message} (residual {residual:.3g})")


class Unphysical(TautenError):
    """A result breaks a law of physics: energy out of nothing, a negative absolute temperature, a fraction over one."""

    exit_code: ClassVar[int] = 8


class StorageError(TautenError):
    """A result could not be written; nothing half-written is left behind."""

    exit_code: ClassVar[int] = 9


class Contraindicated(TautenError):
    """The person must not be treated with this method, or is not yet cleared for it."""

    exit_code: ClassVar[int] = 10
