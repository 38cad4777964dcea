"""What conducts between the cells of a coarser grid: fine columns side by side, in each the faces in series."""

from __future__ import annotations

from tauten.solvers.electric.layout import driver

__all__ = ["join_faces", "series"]


@driver
def series(across, behind, part, beyond, other_part):
    """Return the conductance of a face and, in series with it, parts of the faces behind and beyond, where they are."""
    if across == 0:
        return across
    way = across * 0 + 1
    if behind != 0:
        way += part * across / behind
    if beyond != 0:
        way += other_part * across / beyond
    return across / way


@driver
def join_faces(fx, fy, fz, x_into, y_into, z_into, x_inner, y_inner, z_inner, cx, cy, cz):
    """Add up the coarser grid's conductances, face by face along each fine column: in series along, side by side."""
    nx, ny, nz = x_into.size, y_into.size, z_into.size
    none = cx.dtype.type(0)
    for i in range(nx):
        a = x_into[i]
        x_border = i + 1 < nx and x_into[i + 1] != a
        for j in range(ny):
            b = y_into[j]
            y_border = j + 1 < ny and y_into[j + 1] != b
            for k in range(nz):
                c = z_into[k]
                if x_border:
                    behind = fx[i - 1, j, k] if x_inner[i] > 0 else none
                    beyond = fx[i + 1, j, k] if x_inner[i + 1] > 0 else none
                    cx[a, b, c] += series(fx[i, j, k], behind, x_inner[i], beyond, x_inner[i + 1])
                if y_border:
                    behind = fy[i, j - 1, k] if y_inner[j] > 0 else none
                    beyond = fy[i, j + 1, k] if y_inner[j + 1] > 0 else none
                    cy[a, b, c] += series(fy[i, j, k], behind, y_inner[j], beyond, y_inner[j + 1])
                if k + 1 < nz and z_into[k + 1] != c:
                    behind = fz[i, j, k - 1] if z_inner[k] > 0 else none
                    beyond = fz[i, j, k + 1] if z_inner[k + 1] > 0 else none
                    cz[a, b, c] += series(fz[i, j, k], behind, z_inner[k], beyond, z_inner[k + 1])
