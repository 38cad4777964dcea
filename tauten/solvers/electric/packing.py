"""From a system in the grid's own order to red and black cells apart, and back; residuals in double precision."""

from __future__ import annotations

from tauten.solvers.electric.layout import driver

__all__ = ["add_solution", "pack", "residual", "residual_at"]


@driver
def pack(i0, i1, fx, fy, fz, shape, scale, empty, edges, gx, gy, gz, inv, reach):
    """Bring conductances times `scale` of planes i0 to i1 to their places, and 1 over each cell's sum of faces.

    `empty` is a row of zeros, `edges` room for a row with a face at either end.
    """
    nx, ny, nz = shape
    for i in range(i0, i1):
        for j in range(ny):
            above, below = fx[i, j] if i + 1 < nx else empty, fx[i - 1, j] if i > 0 else empty
            right, left = fy[i, j] if j + 1 < ny else empty, fy[i, j - 1] if j > 0 else empty
            for k in range(nz - 1):
                edges[k + 1] = fz[i, j, k]
            for odd in range(2):
                start = (j + 1) * (2 * reach + 1) + 1 + odd
                colour, first = (i + 1 + start) & 1, start >> 1
                ax, ay, az, d = gx[i + 1, colour], gy[i + 1, colour], gz[i + 1, colour], inv[i + 1, colour]
                for m in range((nz - odd + 1) >> 1):
                    k = 2 * m + odd
                    ax[first + m] = scale * above[k]
                    ay[first + m] = scale * right[k]
                    az[first + m] = scale * edges[k + 1]
                    total = scale * (above[k] + below[k] + right[k] + left[k] + edges[k] + edges[k + 1])
                    d[first + m] = 1.0 / total if total != 0.0 else total


@driver
def residual(i0, i1, fx, fy, fz, potential, scale, row, out, reach):
    """Bring `scale` times the current that flows into each cell from its neighbours to its place, planes i0 to i1."""
    nx, ny, nz = potential.shape
    for i in range(i0, i1):
        for j in range(ny):
            own = potential[i, j]
            row[:] = 0.0
            if i + 1 < nx:
                face, other = fx[i, j], potential[i + 1, j]
                for k in range(nz):
                    row[k] += face[k] * (other[k] - own[k])
            if i > 0:
                face, other = fx[i - 1, j], potential[i - 1, j]
                for k in range(nz):
                    row[k] += face[k] * (other[k] - own[k])
            if j + 1 < ny:
                face, other = fy[i, j], potential[i, j + 1]
                for k in range(nz):
                    row[k] += face[k] * (other[k] - own[k])
            if j > 0:
                face, other = fy[i, j - 1], potential[i, j - 1]
                for k in range(nz):
                    row[k] += face[k] * (other[k] - own[k])
            for k in range(nz - 1):
                row[k] += fz[i, j, k] * (own[k + 1] - own[k])
            for k in range(1, nz):
                row[k] += fz[i, j, k - 1] * (own[k - 1] - own[k])
            for odd in range(2):
                start = (j + 1) * (2 * reach + 1) + 1 + odd
                target, first = out[i + 1, (i + 1 + start) & 1], start >> 1
                for m in range((nz - odd + 1) >> 1):
                    target[first + m] = scale * row[2 * m + odd]


@driver
def residual_at(cells, places, fx, fy, fz, potential, held, given, scale, out):
    """Bring scale · (current in from the neighbours + `given` - `held` φ) of some cells to their `places` in `out`."""
    nx, ny, nz = potential.shape
    for n in range(cells.size):
        cell = cells[n]
        i, j, k = cell // (ny * nz), (cell // nz) % ny, cell % nz
        own = potential[i, j, k]
        total = given[n] - held[n] * own
        if i + 1 < nx:
            total += fx[i, j, k] * (potential[i + 1, j, k] - own)
        if i > 0:
            total += fx[i - 1, j, k] * (potential[i - 1, j, k] - own)
        if j + 1 < ny:
            total += fy[i, j, k] * (potential[i, j + 1, k] - own)
        if j > 0:
            total += fy[i, j - 1, k] * (potential[i, j - 1, k] - own)
        if k + 1 < nz:
            total += fz[i, j, k] * (potential[i, j, k + 1] - own)
        if k > 0:
            total += fz[i, j, k - 1] * (potential[i, j, k - 1] - own)
        out[places[n]] = scale * total


@driver
def add_solution(i0, i1, x, scale, potential, reach):
    """Add `scale` times x to `potential` (nx, ny, nz), planes i0 to i1, and begin x at 0 again."""
    _, ny, nz = potential.shape
    for i in range(i0, i1):
        for j in range(ny):
            own = potential[i, j]
            for odd in range(2):
                start = (j + 1) * (2 * reach + 1) + 1 + odd
                line, first = x[i + 1, (i + 1 + start) & 1], start >> 1
                for m in range((nz - odd + 1) >> 1):
                    own[2 * m + odd] += scale * line[first + m]
                    line[first + m] = 0.0
