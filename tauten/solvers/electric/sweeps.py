"""Sweeps over the cells of one colour of a plane, and what carries values between a grid and the next coarser one.

Arrays of cells are laid out as in `layout`; gx, gy, gz are conductances to the next cell along each axis, 0 at the last
one; `inv` is 1 over the sum of a cell's conductances, 0 where it has none. Kernels are written once for real and for
complex numbers: products are bilinear, nothing is conjugated but in `size`.
"""

from __future__ import annotations

from tauten.solvers.electric.layout import driver

__all__ = ["add_coarse", "advance", "dot", "lay", "put", "relax", "size", "sum_coarse"]


@driver
def relax(gx, gy, gz, i, colour, reach, before, at, after, own, source, out):
    """out = own · (source + Σ g u) over one `colour` of plane i, u the other colour's values of the six neighbours.

    `before`, `at` and `after` are u in planes i - 1, i, i + 1; all but the conductances are half lines.
    """
    first, n = reach + 1, at.size - 2 * (reach + 1)
    other, s = 1 - colour, (i + colour) & 1
    gxm, um = gx[i - 1, other, first : first + n], before[first : first + n]
    gxp, up = gx[i, colour, first : first + n], after[first : first + n]
    gym, vm = gy[i, other, s : s + n], at[s : s + n]
    gyp, vp = gy[i, colour, first : first + n], at[first + reach + s : first + reach + s + n]
    gzm, wm = gz[i, other, reach + s : reach + s + n], at[reach + s : reach + s + n]
    gzp, wp = gz[i, colour, first : first + n], at[first + s : first + s + n]
    scale, given, result = own[first : first + n], source[first : first + n], out[first : first + n]
    for h in range(n):
        result[h] = scale[h] * (
            given[h]
            + (gxm[h] * um[h] + gxp[h] * up[h])
            + (gym[h] * vm[h] + gyp[h] * vp[h])
            + (gzm[h] * wm[h] + gzp[h] * wp[h])
        )


@driver
def advance(i, alpha, beta, z, w, p, q, x, r):
    """Step of the conjugate gradients in plane i: p = z + β p, q = A p, x += α p, r -= α q; return |r|² there.

    `w` is A z; it may lack red cells, relaxed last, where A z is the residual itself.
    """
    total = (r[i, 0, 0] * r[i, 0, 0]).real  # a line begins with an empty place: 0 of the right kind
    whole = w.shape[1] == 2
    for colour in range(2):
        zl, wl, pl, ql, xl, rl = (
            z[i, colour],
            w[i, colour * whole],
            p[i, colour],
            q[i, colour],
            x[i, colour],
            r[i, colour],
        )
        # Two loops: a line that may be either of two keeps the compiler from working on many cells at once.
        if colour or whole:
            for h in range(zl.size):
                pl[h] = zl[h] + beta * pl[h]
                ql[h] = wl[h] + beta * ql[h]
                xl[h] += alpha * pl[h]
                rl[h] -= alpha * ql[h]
        else:
            for h in range(zl.size):
                pl[h] = zl[h] + beta * pl[h]
                ql[h] = rl[h] + beta * ql[h]
                xl[h] += alpha * pl[h]
                rl[h] -= alpha * ql[h]
        total += size(rl)
    return total


@driver
def size(a):
    """Return Σ |a|²."""
    total = (a[0] * a[0]).real  # a line begins with an empty place: 0 of the right kind
    for h in range(a.size):
        total += a[h].real * a[h].real + a[h].imag * a[h].imag
    return total


@driver
def dot(a, b):
    """Return Σ a b."""
    total = a[0] * b[0]
    for h in range(a.size):
        total += a[h] * b[h]
    return total


@driver
def _row(j, s, nz, reach):
    """Return where row j's cells of parity s begin along the half line, the first one's k (0 or 1), and how many."""
    start = (j + 1) * (2 * reach + 1) + 1
    odd = (start + s) & 1
    return (start + odd - s) >> 1, odd, (nz - odd + 1) >> 1


@driver
def sum_coarse(i, colour, line, reach, ny, nz, y, z, z_halves, paired, own_only, row, plane):
    """Add a plane's cells of one colour to rows of coarser cells (ny', nz').

    All to the cell they lie in if `own_only`, else in the shares `add_coarse` reads them.
    """
    s = (i + colour) & 1
    z_into, z_near, z_share = z
    n = plane.shape[1]
    for j in range(ny):
        begin, odd, count = _row(j, s, nz, reach)
        cells = line[begin : begin + count]
        if own_only:
            own = plane[y[0][j]]
            for m in range(count):
                own[m] += cells[m]
            continue
        row[:] = line[0]  # a line begins with an empty place
        inner = row[1 : n + 1]
        if paired:
            share, near = z_halves[odd], row[2 * odd : 2 * odd + count]
            for m in range(count):
                inner[m] = cells[m] - share[m] * cells[m]
            for m in range(count):
                near[m] += share[m] * cells[m]
        else:
            for m in range(count):
                k = 2 * m + odd
                part = z_share[k] * cells[m]
                inner[z_into[k]] += cells[m] - part
                inner[z_near[k]] += part
        g, own, other = y[2][j], plane[y[0][j]], plane[y[1][j]]
        for m in range(n):
            own[m] += inner[m] - g * inner[m]
        if g > 0:
            for m in range(n):
                other[m] += g * inner[m]


@driver
def add_coarse(i, colour, coarse, reach, ny, nz, x, y, z, z_halves, paired, row, line):
    """Add to a plane's cells of one colour what the coarser grid has at their places, linear along each axis.

    x, y, z are (into, near, share): the coarser cell each lies in, the one next to it and that one's share. `row` is
    room for one row of the coarser grid and a place at either end; `z_halves` has z's shares by parity.
    """
    s = (i + colour) & 1
    z_into, z_near, z_share = z
    n = coarse.shape[2]
    a, b, f = coarse[x[0][i - 1]], coarse[x[1][i - 1]], x[2][i - 1]
    for j in range(ny):
        g = y[2][j]
        a0, a1 = a[y[0][j]], a[y[1][j]]
        b0, b1 = b[y[0][j]], b[y[1][j]]
        c00, c01, c10, c11 = (1 - f) * (1 - g), (1 - f) * g, f * (1 - g), f * g
        inner = row[1 : n + 1]
        for m in range(n):
            inner[m] = (c00 * a0[m] + c01 * a1[m]) + (c10 * b0[m] + c11 * b1[m])
        row[0], row[n + 1] = row[1], row[n]
        begin, odd, count = _row(j, s, nz, reach)
        cells = line[begin : begin + count]
        if paired:
            share, near = z_halves[odd], row[2 * odd : 2 * odd + count]
            for m in range(count):
                cells[m] += inner[m] + share[m] * (near[m] - inner[m])
        else:
            for m in range(count):
                k = 2 * m + odd
                cells[m] += inner[z_into[k]] + z_share[k] * (inner[z_near[k]] - inner[z_into[k]])


@driver
def put(i, colour, line, reach, out):
    """Write a plane's cells of one colour to `out` (nx, ny, nz)."""
    s = (i + colour) & 1
    _, ny, nz = out.shape
    for j in range(ny):
        begin, odd, count = _row(j, s, nz, reach)
        cells, target = line[begin : begin + count], out[i - 1, j]
        for m in range(count):
            target[2 * m + odd] = cells[m]


@driver
def lay(i, values, reach, out):
    """Bring the values (ny, nz) of one plane to their places in `out`."""
    ny, nz = values.shape
    for j in range(ny):
        for odd in range(2):
            start = (j + 1) * (2 * reach + 1) + 1 + odd
            target = out[i, (i + start) & 1]
            for m in range((nz - odd + 1) >> 1):
                target[(start >> 1) + m] = values[j, 2 * m + odd]
