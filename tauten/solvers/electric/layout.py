"""Where a cell of a grid lies in memory while a potential is solved for: red and black cells apart, planes flat.

A plane (one x) is one line of cells, row after row (y), each row followed by one or two empty cells that make its pitch
odd. Neighbours in y and z are then an odd number of places away: the colours alternate along the whole line, and the
cells of one colour, stored side by side, have their neighbours of the other at the same six shifts everywhere. A sweep
over one colour of a plane is one loop without edges. An array has shape (nx + 2, 2, length): an empty plane at either
end, red cells and black, half a line.

Of a cell at place n of its line in plane i, the colour is (i + n) mod 2 and the index along the half line n // 2. With
s = n mod 2 and pitch 2q + 1, the neighbours' indices are h in x, h + s and h + s - 1 in z, h + q + s and h - q - 1 + s
in y.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.solvers import rows

__all__ = ["Layout", "driver"]

driver = rows.driver


@dataclass(frozen=True)
class Layout:
    """The places of a grid of nx, ny, nz cells."""

    nx: int
    ny: int
    nz: int

    @property
    def cells(self) -> int:
        """Number of cells."""
        return self.nx * self.ny * self.nz

    @cached_property
    def reach(self) -> int:
        """Half the pitch, rounded down: q."""
        return (self.nz + 1) // 2

    @property
    def first(self) -> int:
        """Index of a half line's first cell."""
        return self.reach + 1

    @property
    def count(self) -> int:
        """Cells of one colour that a sweep of a plane visits, empty ones included."""
        return (self.ny * (2 * self.reach + 1) + 1) // 2

    @property
    def length(self) -> int:
        """Length of a half line."""
        return self.first + self.count + self.reach + 1

    def zeros(self, dtype: Any) -> NDArray[Any]:
        """Return an array of zeros, shape (nx + 2, 2, length)."""
        return np.zeros((self.nx + 2, 2, self.length), dtype)

    def places(self, cells: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where cells of flat C-order index lie in a flattened array of this layout."""
        i, rest = np.divmod(cells, self.ny * self.nz)
        j, k = np.divmod(rest, self.nz)
        n = (j + 1) * (2 * self.reach + 1) + 1 + k
        return ((i + 1) * 2 + (i + 1 + n) % 2) * self.length + n // 2
