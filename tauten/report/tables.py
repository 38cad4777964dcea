"""What the page's template draws: tables of cells with a row head, and lists of terms. No formatting happens there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Cell", "Table", "Verdict", "confidence"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its `text`, a `kind` the style sheet knows, and a `bar` from 0 (empty) to 1 (full), or none."""

    text: str
    kind: str = ""
    bar: float | None = None
    note: str = ""

    @property
    def width(self) -> float:
        """The bar's length in percent, never beyond the cell."""
        return round(100.0 * min(1.0, max(0.0, self.bar or 0.0)), 1)


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, the column heads, and rows whose first cell is the row's head."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    kind: str = ""

    @property
    def cells(self) -> list[list[Cell]]:
        """Every row with each text made a cell."""
        return [[c if isinstance(c, Cell) else Cell(c) for c in row] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What stands at the top: one `word` ("clear", "warn", "stop", "blocked"), a headline and its sentences."""

    word: str
    headline: str
    sentences: tuple[str, ...]


def confidence(word: str) -> Cell:
    """Return a row's confidence; "unverified" stands out."""
    return Cell(word, "unverified" if word == "unverified" else "")
