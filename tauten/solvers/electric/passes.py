"""The two passes of a multigrid cycle over one grid.

`down` relaxes red cells, then black ones, from nothing, and sums what is left of the residual into coarser cells. `up`
adds the coarser grid's answer to the red cells, linear between its cells, and relaxes black ones, then red ones. Where
cells join in pairs along all axes each residual goes to the coarser cell it lies in; elsewhere to those, and in such
shares, as `up` reads it from, which makes the cycle symmetric: conjugate gradients need that where cells are flat, and
two thirds as many cycles without where they aren't. In each a
stage lags a plane behind the one before it, so that all a pass needs of a
plane is still in the cache; what lies between the stages is kept in `ring`, a few planes long. A part of the planes can
be done apart from the others: it does its neighbours' once more.

After `down`, black residuals are 0 and red ones Σ g z; black cells are relaxed afresh on the way up. So nothing but
residuals and coarser answers passes from one to the other.
"""

from __future__ import annotations

from tauten.solvers.electric.layout import driver
from tauten.solvers.electric.sweeps import add_coarse, advance, dot, lay, put, relax, sum_coarse

__all__ = ["RING", "down", "up"]

RING = 24
"""Half lines that a pass keeps between its stages: 22 at most, then one of zeros and one of ones."""


@driver
def down(
    lo, hi, step_lo, step_hi, ring, sums, row, planes, grid, r, step, krylov, x, y, z, z_halves, paired, own_only,
    coarse_r, coarse_reach,
):  # fmt: skip
    """Do planes lo to hi, counted from 1 as in the arrays; they are whole coarser planes.

    `step` (α, β, whether) moves the solution on before, in planes step_lo to step_hi, and adds |r|² to `sums`.
    `planes` is room for five coarser planes and begins and ends empty.
    """
    gx, gy, gz, inv, reach, shape = grid
    nx, ny, nz = shape
    red, black, left, nothing, ones = ring[0:4], ring[4:8], ring[8], ring[RING - 2], ring[RING - 1]
    x_into, x_near, x_share = x
    first, last, beside = x_into[lo - 1], x_into[hi - 2], 0 if own_only else 1
    for t in range(lo - 2 - beside, hi + 3):
        line = red[t & 3]
        if 1 <= t <= nx:
            if step[2] and step_lo <= t < step_hi:
                answer, w, p, q, sought = krylov
                sums[0] += advance(t, step[0], step[1], answer, w, p, q, sought, r)
            source, own = r[t, 0], inv[t, 0]
            for h in range(line.size):
                line[h] = own[h] * source[h]
        else:
            line[:] = nothing
        b = t - 1
        if lo - 1 - beside <= b <= hi + beside:
            if 1 <= b <= nx:
                relax(
                    gx, gy, gz, b, 1, reach, red[(b - 1) & 3], red[b & 3], red[(b + 1) & 3], inv[b, 1], r[b, 1],
                    black[b & 3],
                )  # fmt: skip
            else:
                black[b & 3][:] = nothing
        c = t - 2
        if lo - beside <= c < hi + beside and 1 <= c <= nx:
            relax(
                gx, gy, gz, c, 0, reach, black[(c - 1) & 3], black[c & 3], black[(c + 1) & 3], ones, nothing, left
            )  # fmt: skip
            into, near, f = x_into[c - 1], x_near[c - 1], x_share[c - 1]
            if own_only:
                sum_coarse(c, 0, left, reach, ny, nz, y, z, z_halves, paired, own_only, row, planes[into & 3])
            else:
                plane = planes[4]
                sum_coarse(c, 0, left, reach, ny, nz, y, z, z_halves, paired, own_only, row, plane)
                if first <= into <= last:
                    _add(1 - f, plane, planes[into & 3])
                if f > 0 and first <= near <= last:
                    _add(f, plane, planes[near & 3])
                _clear(plane)
        done = c - 1
        if lo <= done < hi and (done == nx or x_into[done] != x_into[done - 1]):
            into = x_into[done - 1]
            lay(into + 1, planes[into & 3], coarse_reach, coarse_r)
            _clear(planes[into & 3])


@driver
def _add(share, plane, out):
    for j in range(plane.shape[0]):
        own, other = out[j], plane[j]
        for k in range(own.size):
            own[k] += share * other[k]


@driver
def _clear(plane):
    for j in range(plane.shape[0]):
        own = plane[j]
        for k in range(own.size):
            own[k] = 0


@driver
def up(lo, hi, ring, sums, row, grid, r, coarse, x, y, z, z_halves, paired, finest, answer, w, q, out):
    """Do planes lo to hi, counted from 1 as in the arrays.

    On the finest grid the answer goes to `answer` in its own layout, `w` gets A z (of black cells, or of all) and
    `sums` z·r, z·q and z·A z; on a coarser one it goes to `out` (nx, ny, nz).
    """
    gx, gy, gz, inv, reach, shape = grid
    nx, ny, nz = shape
    middle, black, change, red = ring[0:8], ring[8:12], ring[12:16], ring[16]
    nothing, ones = ring[RING - 2], ring[RING - 1]
    for t in range(lo - 3, hi + 3):
        line = middle[t & 7]
        if 1 <= t <= nx:
            source, own = r[t, 0], inv[t, 0]
            for h in range(line.size):
                line[h] = own[h] * source[h]
            add_coarse(t, 0, coarse, reach, ny, nz, x, y, z, z_halves, paired, row, line)
        else:
            line[:] = nothing
        b = t - 1
        if lo - 2 <= b <= hi + 1:
            if 1 <= b <= nx:
                relax(
                    gx, gy, gz, b, 1, reach, middle[(b - 1) & 7], middle[b & 7], middle[(b + 1) & 7], inv[b, 1],
                    r[b, 1], black[b & 3],
                )  # fmt: skip
                if not finest and lo <= b < hi:
                    put(b, 1, black[b & 3], reach, out)
            else:
                black[b & 3][:] = nothing
        a = t - 2
        if lo - 1 <= a <= hi:
            last = change[a & 3]
            if 1 <= a <= nx:
                relax(
                    gx, gy, gz, a, 0, reach, black[(a - 1) & 3], black[a & 3], black[(a + 1) & 3], inv[a, 0], r[a, 0],
                    red,
                )  # fmt: skip
                if finest:
                    line = middle[a & 7]
                    for h in range(line.size):
                        last[h] = line[h] - red[h]
                    if lo <= a < hi:
                        both = dot(red, r[a, 0])
                        sums[0] += both
                        sums[1] += dot(red, q[a, 0])
                        sums[2] += both
                        answer[a, 0][:] = red
                        if w.shape[1] == 2:
                            w[a, 0][:] = r[a, 0]
                elif lo <= a < hi:
                    put(a, 0, red, reach, out)
            else:
                last[:] = nothing
        c = t - 3
        if finest and lo <= c < hi:
            relax(
                gx, gy, gz, c, 1, reach, change[(c - 1) & 3], change[c & 3], change[(c + 1) & 3], ones, r[c, 1],
                w[c, w.shape[1] - 1],
            )  # fmt: skip
            line = black[c & 3]
            sums[0] += dot(line, r[c, 1])
            sums[1] += dot(line, q[c, 1])
            sums[2] += dot(line, w[c, w.shape[1] - 1])
            answer[c, 1][:] = line
