"""What a skin was made from: the rows taken and the sentences that say what was assumed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from tauten.errors import InputError
from tauten.facts import Facts, Row

__all__ = ["Ledger"]


@dataclass
class Ledger:
    """Notes each row as it is taken. Lives only while one skin is built, which then keeps frozen copies."""

    facts: Facts
    rows: dict[str, Row] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)

    def take(self, name: str, about: str = "") -> Row:
        """Return the row `tissue/<name>` and note it; an unverified one adds a sentence that begins with `about`."""
        row = self.facts[f"tissue/{name}"]
        if about and row.name not in self.rows and row.confidence == "unverified":
            self.assume(f"{about} is unverified{': ' + row.note if row.note else ''}.")
        self.rows.setdefault(row.name, row)
        return row

    def has(self, name: str) -> bool:
        """Whether there is a row `tissue/<name>`."""
        return f"tissue/{name}" in self.facts

    def assume(self, sentence: str) -> None:
        """Note one plain sentence."""
        if sentence not in self.assumptions:
            self.assumptions.append(sentence)

    def person(self, what: str, given: float | None, unit: str) -> float:
        """Return a person's number, checked against the row's range, or the row's default, which it says."""
        row = self.facts[f"tissue/person/{what}.default"]
        if given is None:
            self.take(f"person/{what}.default")
            self.assume(f"{'BMI' if what == 'bmi' else what.capitalize()} not given: {row.value:g} {unit} assumed.")
            return row.value
        if isinstance(given, bool) or not isinstance(given, (int, float)) or not row.low <= given <= row.high:
            raise InputError(
                "is outside what the data cover",
                key=what,
                value=given,
                allowed=f"{row.low:g} to {row.high:g}",
                unit=unit,
            )  # NaN fails the comparison too
        return float(given)

    def melanin(self, given: float | None, phototype: int | None) -> tuple[float, int | None]:
        """Return the epidermis's melanin fraction, and the phototype it came from (as given, when both are)."""
        if phototype is not None and (
            isinstance(phototype, bool) or not isinstance(phototype, int) or not 1 <= phototype <= 6
        ):
            raise InputError(
                "is not a Fitzpatrick phototype", key="phototype", value=phototype, allowed="1 to 6",
                remedy="Phototype VI is 6; give melanin as a fraction if you have measured it.",
            )  # fmt: skip
        if given is not None:
            allowed = self.facts["tissue/person/melanin.allowed"]
            plain = isinstance(given, (int, float)) and not isinstance(given, bool)
            if not plain or not math.isfinite(given) or not allowed.si_low <= given <= allowed.si_high:
                raise InputError(
                    "is outside what the data cover",
                    key="melanin",
                    value=given,
                    allowed=f"{allowed.si_low:g} to {allowed.si_high:g}",
                    remedy="Give the volume fraction, for example 0.055.",
                )
            return float(given), phototype
        kind = phototype
        if kind is None:
            kind = round(self.take("person/phototype.default").value)
            self.assume(f"Neither melanin nor phototype given: phototype {kind} assumed.")
        row = self.take(f"pigment/phototype_{kind}.melanin")
        self.assume(
            f"Melanin mapped from phototype {kind}: {row.value:g} % ({row.low:g}-{row.high:g} %) of the epidermis."
        )
        return row.si, kind
