"""Compiled drivers of the harmonic march: rows of radii side by side, harmonics one after the other.

A wave has shape (2 x harmonics, rows) in single precision: real part of harmonic 1, its imaginary part, real part of
harmonic 2, ... so that the inner loop runs over rows and fills a vector. Nothing here allocates more than a block or
holds the interpreter's lock.
"""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

import math

import numpy as np

from tauten.solvers.rows import driver

__all__ = ["BLOCK", "cell", "distort", "flux", "lengthen", "multiply", "transform"]

BLOCK = 32
"""Rows that share their number of harmonics and of sub-steps."""

PAIR = 2 * BLOCK
"""Numbers of one harmonic in a block: real parts, then imaginary ones."""

FAINT = 1e-10
"""Share of the first harmonic's power below which a harmonic is not there: 1e-5 of its pressure."""

MOST = 20000
"""Most sub-steps of a cell; past it the step is far too long for the wave."""


@driver
def transform(a, b, c, sizes, widths):
    """Matrix product `c` = `a` `b`; for rows 4 g to 4 g + 3 over `sizes[g]` columns of `a` and `widths[g]` of `b`.

    The rest of `c` is put to zero. Sizes are multiples of 4. Sixteen products a pass keep the vector units as busy as a
    BLAS does, on one thread: a BLAS would start its own.
    """
    for g in range(a.shape[0] // 4):
        h, width = 4 * g, widths[g]
        a0, a1, a2, a3 = a[h], a[h + 1], a[h + 2], a[h + 3]
        c0, c1, c2, c3 = c[h], c[h + 1], c[h + 2], c[h + 3]
        for j in range(c.shape[1]):
            c0[j] = 0.0
            c1[j] = 0.0
            c2[j] = 0.0
            c3[j] = 0.0
        for k in range(0, sizes[g], 4):
            b0, b1, b2, b3 = b[k], b[k + 1], b[k + 2], b[k + 3]
            p00, p01, p02, p03 = a0[k], a0[k + 1], a0[k + 2], a0[k + 3]
            p10, p11, p12, p13 = a1[k], a1[k + 1], a1[k + 2], a1[k + 3]
            p20, p21, p22, p23 = a2[k], a2[k + 1], a2[k + 2], a2[k + 3]
            p30, p31, p32, p33 = a3[k], a3[k + 1], a3[k + 2], a3[k + 3]
            for j in range(width):
                w, x, y, z = b0[j], b1[j], b2[j], b3[j]
                c0[j] += p00 * w + p01 * x + p02 * y + p03 * z
                c1[j] += p10 * w + p11 * x + p12 * y + p13 * z
                c2[j] += p20 * w + p21 * x + p22 * y + p23 * z
                c3[j] += p30 * w + p31 * x + p32 * y + p33 * z


@driver
def multiply(wave, real, imaginary):
    """Multiply each harmonic of `wave` by its factors, (harmonics, nodes)."""
    for n in range(real.shape[0]):
        a, b, c, d = wave[2 * n], wave[2 * n + 1], real[n], imaginary[n]
        for j in range(a.shape[0]):
            x = a[j]
            a[j] = x * c[j] - b[j] * d[j]
            b[j] = x * d[j] + b[j] * c[j]


@driver
def lengthen(wave, entered, secant, cosine):
    """Let what became of each plane wave since it `entered` count for its own way: times `secant` and `cosine`.

    Its power changes by as much more as its pressure does, so power along depth changes by what Σ|P|² has over
    `cosine`, however far harmonics have turned.
    """
    least = np.float32(1e-30)
    for n in range(secant.shape[0]):
        s = secant[n]
        a, b, c, d = wave[2 * n], wave[2 * n + 1], entered[2 * n], entered[2 * n + 1]
        for j in range(a.shape[0]):
            more = np.float32(cosine) * s[j]
            less = np.float32(1.0) - more
            power = more * (a[j] * a[j] + b[j] * b[j]) + less * (c[j] * c[j] + d[j] * d[j])
            x, y = more * a[j] + less * c[j], more * b[j] + less * d[j]
            scale = np.sqrt(max(power, np.float32(0.0)) / max(x * x + y * y, least))
            a[j], b[j] = scale * x, scale * y


@driver
def flux(wave, share):
    """Return Σ `share` |P|² over harmonics and nodes, summed up in double precision."""
    total = 0.0
    for n in range(share.shape[0]):
        row = np.float32(0.0)
        a, b, s = wave[2 * n], wave[2 * n + 1], share[n]
        for j in range(a.shape[0]):
            row += s[j] * (a[j] * a[j] + b[j] * b[j])
        total += row
    return total


@driver
def _slope(u, f, count, rate):
    """Rate of change of the first `count` harmonics of a block: i n `rate` (Σ P_l P_{n-l} + 2 Σ P_l P*_{l-n}).

    `rate` is that of harmonic 1. Each pair of the first sum is taken once and doubled. Blocks are flat and parts of
    them are cut out at offsets that are constants: so the compiler knows after one look that they don't overlap.
    """
    for n in range(1, count + 1):
        out = f[PAIR * (n - 1) : PAIR * n]
        for r in range(PAIR):
            out[r] = 0.0
        half = (n - 1) // 2
        left = 1
        while left < half:
            a = u[PAIR * (left - 1) : PAIR * (left + 1)]
            b = u[PAIR * (n - left - 2) : PAIR * (n - left)]
            for r in range(BLOCK):
                p0, q0, p1, q1 = a[r], a[BLOCK + r], a[PAIR + r], a[PAIR + BLOCK + r]
                s1, t1, s0, t0 = b[r], b[BLOCK + r], b[PAIR + r], b[PAIR + BLOCK + r]
                out[r] += p0 * s0 - q0 * t0 + p1 * s1 - q1 * t1
                out[BLOCK + r] += p0 * t0 + q0 * s0 + p1 * t1 + q1 * s1
            left += 2
        if left <= half:
            a, b = u[PAIR * (left - 1) : PAIR * left], u[PAIR * (n - left - 1) : PAIR * (n - left)]
            for r in range(BLOCK):
                p0, q0, s0, t0 = a[r], a[BLOCK + r], b[r], b[BLOCK + r]
                out[r] += p0 * s0 - q0 * t0
                out[BLOCK + r] += p0 * t0 + q0 * s0
        if n % 2 == 0:
            a = u[PAIR * (n // 2 - 1) : PAIR * (n // 2)]
            for r in range(BLOCK):
                p0, q0 = a[r], a[BLOCK + r]
                out[r] += np.float32(0.5) * (p0 * p0 - q0 * q0)
                out[BLOCK + r] += p0 * q0
        left = n
        while left + 4 <= count:
            a, b = u[PAIR * left : PAIR * (left + 4)], u[PAIR * (left - n) : PAIR * (left - n + 4)]
            for r in range(BLOCK):
                p0, q0, p1, q1 = a[r], a[BLOCK + r], a[PAIR + r], a[PAIR + BLOCK + r]
                s0, t0, s1, t1 = b[r], b[BLOCK + r], b[PAIR + r], b[PAIR + BLOCK + r]
                p2, q2, p3, q3 = a[2 * PAIR + r], a[2 * PAIR + BLOCK + r], a[3 * PAIR + r], a[3 * PAIR + BLOCK + r]
                s2, t2, s3, t3 = b[2 * PAIR + r], b[2 * PAIR + BLOCK + r], b[3 * PAIR + r], b[3 * PAIR + BLOCK + r]
                out[r] += p0 * s0 + q0 * t0 + p1 * s1 + q1 * t1 + p2 * s2 + q2 * t2 + p3 * s3 + q3 * t3
                out[BLOCK + r] += q0 * s0 - p0 * t0 + q1 * s1 - p1 * t1 + q2 * s2 - p2 * t2 + q3 * s3 - p3 * t3
            left += 4
        while left < count:
            a, b = u[PAIR * left : PAIR * (left + 1)], u[PAIR * (left - n) : PAIR * (left - n + 1)]
            for r in range(BLOCK):
                p0, q0, s0, t0 = a[r], a[BLOCK + r], b[r], b[BLOCK + r]
                out[r] += p0 * s0 + q0 * t0
                out[BLOCK + r] += q0 * s0 - p0 * t0
            left += 1
        gain = np.float32(2 * n) * rate
        for r in range(BLOCK):
            was = out[r]
            out[r] = -gain * out[BLOCK + r]
            out[BLOCK + r] = gain * was


@driver
def distort(u, v, f, count, rate, distance, steps, fade, lost):
    """Let the block `u` of waves steepen over `distance` [m] in `steps` sub-steps; `v` and `f` are room to work in.

    A block is flat: `BLOCK` real parts of harmonic 1, its imaginary parts, real parts of harmonic 2, ... [Pa]. Each
    sub-step is the four-stage scheme u ← u₀ + h aₖ f(u), a = 1/4, 1/3, 1/2, 1: second order, and stable where
    β ω N p h / ρc³ is below 2.8, N the number of harmonics. `fade` is what the filter leaves of each harmonic after a
    sub-step; Σ|P|² that it took is added to `lost`, by row.
    """
    h = np.float32(distance / steps)
    size = PAIR * count
    a, b, c = u[:size], v[:size], f[:size]
    for _ in range(steps):
        for r in range(size):
            b[r] = a[r]
        for stage in range(4):
            _slope(u, f, count, rate)
            share = h / np.float32(4 - stage)
            for r in range(size):
                a[r] = b[r] + share * c[r]
        for n in range(count):
            keep = fade[n]
            if keep < 1.0:
                gone = np.float32(1.0) - keep * keep
                w = u[PAIR * n : PAIR * (n + 1)]
                for r in range(BLOCK):
                    lost[r] += gone * (w[r] * w[r] + w[BLOCK + r] * w[BLOCK + r])
                    w[r] *= keep
                    w[BLOCK + r] *= keep


@driver
def cell(
    wave, total, scale, rate, distance, entry, leave, floor, limit, order, strength, half, heat, filtered, sums, tops,
    buffer,
):  # fmt: skip
    """Let every row steepen over one cell of length `distance` [m]; return row-sub-steps, or -1 where none will do.

    `wave` holds `total` harmonics as pressures over `scale`. Blocks of rows whose Σ|Pₙ| stays under `floor` [Pa] are
    left as they are. `limit` bounds β ω N p h / ρc³ of a sub-step. A filter of `strength` above 0 lets harmonic n fade
    by exp(-strength x (n/N)^order) a sub-step of length x on that scale.
    Out: `half` [Pa], laid out as `wave`, the middle of before and after; `heat` [W/m³] Σ entry |before|² +
    leave |after|²; `filtered` Σ|P|² [Pa²] that the filter took, `sums` Σ|Pₙ| [Pa], by row; `tops` largest |Pₙ|² by
    (harmonic, block).
    """
    rows = wave.shape[1]
    block_u, block_v, block_f = buffer[0], buffer[1], buffer[2]
    fade = np.ones(total, dtype=np.float32)
    lost = np.zeros(BLOCK, dtype=np.float32)
    work = 0
    for block in range(rows // BLOCK):
        start, stop = block * BLOCK, (block + 1) * BLOCK
        w, q, s = scale[start:stop], heat[start:stop], sums[start:stop]
        for r in range(BLOCK):
            q[r] = 0.0
            s[r] = 0.0
            lost[r] = 0.0
        own = 0
        first = np.float32(0.0)
        for n in range(total):
            a, b = wave[2 * n, start:stop], wave[2 * n + 1, start:stop]
            x, y = half[2 * n, start:stop], half[2 * n + 1, start:stop]
            u, v = block_u[PAIR * n : PAIR * n + BLOCK], block_u[PAIR * n + BLOCK : PAIR * (n + 1)]
            loss = entry[n]
            top = np.float32(0.0)
            for r in range(BLOCK):
                u[r] = a[r] * w[r]
                v[r] = b[r] * w[r]
                x[r] = u[r]
                y[r] = v[r]
                power = u[r] * u[r] + v[r] * v[r]
                q[r] += loss * power
                s[r] += math.sqrt(power)
                top = max(top, power)
            tops[n, block] = top
            if n == 0:
                first = top
            if top > FAINT * first:
                own = n + 1
        amplitude = np.float32(0.0)
        for r in range(BLOCK):
            amplitude = s[r] if s[r] > amplitude or s[r] != s[r] else amplitude
        if not amplitude < 1e12:
            return -1
        count = min(total, own + max(4, own // 2))
        if amplitude < floor or total == 1:
            for n in range(own):
                u, v = block_u[PAIR * n : PAIR * n + BLOCK], block_u[PAIR * n + BLOCK : PAIR * (n + 1)]
                loss = leave[n]
                for r in range(BLOCK):
                    q[r] += loss * (u[r] * u[r] + v[r] * v[r])
            for r in range(BLOCK):
                filtered[start + r] = 0.0
            continue
        pace = 4.0 * rate * amplitude * count * distance
        steps = max(1, math.ceil(pace / limit))
        if steps > MOST:
            return -1
        for n in range(count):
            fade[n] = 1.0
            if strength > 0.0 and count == total:
                fade[n] = math.exp(-strength * pace / steps * ((n + 1.0) / total) ** order)
        distort(block_u, block_v, block_f, count, np.float32(rate), distance, steps, fade, lost)
        work += steps * BLOCK
        for n in range(total):
            a, b = wave[2 * n, start:stop], wave[2 * n + 1, start:stop]
            x, y = half[2 * n, start:stop], half[2 * n + 1, start:stop]
            u, v = block_u[PAIR * n : PAIR * n + BLOCK], block_u[PAIR * n + BLOCK : PAIR * (n + 1)]
            loss = leave[n]
            top = np.float32(0.0)
            for r in range(BLOCK):
                power = u[r] * u[r] + v[r] * v[r]
                q[r] += loss * power
                top = max(top, power)
                x[r] = np.float32(0.5) * (x[r] + u[r])
                y[r] = np.float32(0.5) * (y[r] + v[r])
                a[r] = u[r] / w[r]
                b[r] = v[r] / w[r]
            tops[n, block] = top
        for r in range(BLOCK):
            filtered[start + r] = lost[r]
    return work
