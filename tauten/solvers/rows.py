"""Compiled row drivers of the heat solver: one column of cells along z at a time, planes i0 to i1 of the grid a call.

Arrays of the march have shape (nx, ny, n): one padding cell, the contact plate's cells (outermost first), the tissue's
cells, one padding cell. An axisymmetric grid is (nr, 1, n). Columns with the same properties, neighbours and geometry
share one class of coefficients `coef[class, name, n]`; class 0 is all zeros and stands for "no neighbour".

The rate of change of the temperature rise u [K] is
    F = (Σ faces G (u' - u) + gain - loss u + perf f (ua - u) + heat) / (ρ c V)
with G, gain/K, loss, perf in W/K and `heat` in W: the same number on both sides of a face, so heat is conserved.
"""

from __future__ import annotations

import llvmlite.binding  # type: ignore[import-untyped]
from numba import njit

from tauten.physics import bioheat

__all__ = [
    "GAIN",
    "GX",
    "GY",
    "GZ",
    "INV",
    "LOSS",
    "PERF",
    "begin",
    "cap",
    "driver",
    "errors",
    "finish",
    "row_function",
    "slope",
    "stage",
    "stiffness",
]

# A row loop here reads a dozen rows and writes one; by default LLVM gives up on proving they don't overlap after eight.
llvmlite.binding.set_option("tauten", "--runtime-memory-check-threshold=200")

GX, GY, GZ, INV, LOSS, GAIN, PERF = range(7)
"""Coefficient rows: conductance [W/K] to the next cell in x (or r), y, z; 1/(ρ c V) [K/J]; boundary loss [W/K] and gain
[W]; perfusion exchange [W/K]."""

# `stage` and `slope` gather the same rows in the same lines: handed over by a function, nine arrays count references
# in every column, and a column of 80 cells takes 1.8 times as long.

# Sums may be reordered so that rows vectorise; NaN and infinity keep their meaning, a run must notice them.
_FAST = {"reassoc", "contract", "arcp", "nsz"}
row_function = njit(inline="always", error_model="numpy", fastmath=_FAST)
driver = njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)

_temperature_rise = row_function(bioheat.temperature_rise)
_boiled_share = row_function(bioheat.boiled_share)
_enthalpy_rise = row_function(bioheat.enthalpy_rise)


@driver
def stage(i0, i1, classes, coef, answers, factor, ones, moved, last, out, slope0, mu, nu, gamma, weight):
    """One stage of the Legendre recurrence, in increments D over the step's start.

    out = μ D' + ν out + γ F₀ + w L E: `last` D', `out` holds D'' and receives D, `slope0` F₀; `moved` E is the
    temperature change that D' means (D' itself unless water boils) and L the linear part of the rate. Perfusion runs at
    `factor` times its resting value in columns that have `answers`, elsewhere at `ones`.
    """
    nx, ny, n = slope0.shape
    for i in range(i0, i1):
        im, ip = max(i - 1, 0), min(i + 1, nx - 1)
        for j in range(ny):
            jm, jp = max(j - 1, 0), min(j + 1, ny - 1)
            own = classes[i, j]
            gxp, gyp, gz = coef[own, GX], coef[own, GY], coef[own, GZ]
            gxm, gym = coef[classes[i - 1, j] if i else 0, GX], coef[classes[i, j - 1] if j else 0, GY]
            inv, loss, perf = coef[own, INV], coef[own, LOSS], coef[own, PERF]
            f = factor[i, j] if answers[i, j] else ones
            e, exm, exp, eym, eyp = moved[i, j], moved[im, j], moved[ip, j], moved[i, jm], moved[i, jp]
            d, o, s = last[i, j], out[i, j], slope0[i, j]
            for k in range(1, n - 1):
                here = e[k]
                flow = gxp[k] * (exp[k] - here) + gxm[k] * (exm[k] - here)
                flow += gyp[k] * (eyp[k] - here) + gym[k] * (eym[k] - here)
                flow += gz[k] * (e[k + 1] - here) + gz[k - 1] * (e[k - 1] - here)
                flow -= (loss[k] + perf[k] * f[k]) * here
                o[k] = mu * d[k] + nu * o[k] + gamma * s[k] + weight * inv[k] * flow


@driver
def slope(i0, i1, classes, coef, answers, factor, ones, rise, heat, arterial, out):
    """Rate of change F [K/s] of `rise` u [K] with `heat` [W] a cell and blood arriving at the rise `arterial` [K]."""
    nx, ny, n = rise.shape
    still = heat.shape != rise.shape
    for i in range(i0, i1):
        im, ip = max(i - 1, 0), min(i + 1, nx - 1)
        for j in range(ny):
            jm, jp = max(j - 1, 0), min(j + 1, ny - 1)
            own = classes[i, j]
            gxp, gyp, gz = coef[own, GX], coef[own, GY], coef[own, GZ]
            gxm, gym = coef[classes[i - 1, j] if i else 0, GX], coef[classes[i, j - 1] if j else 0, GY]
            inv, loss, perf, gain = coef[own, INV], coef[own, LOSS], coef[own, PERF], coef[own, GAIN]
            f = factor[i, j] if answers[i, j] else ones
            q = heat[0, 0] if still else heat[i, j]
            u, uxm, uxp, uym, uyp = rise[i, j], rise[im, j], rise[ip, j], rise[i, jm], rise[i, jp]
            o = out[i, j]
            for k in range(1, n - 1):
                here = u[k]
                flow = gxp[k] * (uxp[k] - here) + gxm[k] * (uxm[k] - here)
                flow += gyp[k] * (uyp[k] - here) + gym[k] * (uym[k] - here)
                flow += gz[k] * (u[k + 1] - here) + gz[k - 1] * (u[k - 1] - here)
                flow += gain[k] - loss[k] * here + perf[k] * f[k] * (arterial - here) + q[k]
                o[k] = inv[k] * flow


@driver
def errors(
    i0, i1, before, after, slope0, slope1, weight, scale, low, high, swing, wet, boil, classes, water0, water1, boiling,
    out,
):  # fmt: skip
    """Per plane: the largest column norm of the local error, and of the change of warm cells times `swing`.

    The error is `weight` (F₀ + F₁) - `scale` (u₁ - u₀) with weight 0.4 h and scale 0.8, both over the tolerance
    (Sommeijer, Shampine and Verwer 1998); it is of enthalpy where water boils. The norm of a column is the eighth root
    of the sum of eighth powers: never below the largest cell, at most 1.8 times it for a hundred cells, and NaN when
    one cell is. Warm cells lie between rises `low` and `high`, where rates are steep;
    of one that leaves them the part between counts.
    """
    _, ny, n = before.shape
    zero = scale - scale
    faint = before.dtype.type(1e-9)  # its eighth power is still a normal number; smaller ones would be slow
    for i in range(i0, i1):
        worst, widest = zero, zero
        for j in range(ny):
            u, v, s0, s1 = before[i, j], after[i, j], slope0[i, j], slope1[i, j]
            total, moved = zero, zero
            if wet:
                latent, ratio = boil[classes[i, j], 0], boil[classes[i, j], 1]
                w0, w1 = water0[i, j], water1[i, j]
                for k in range(1, n - 1):
                    dries = 1 if w0[k] > 0.0 and w1[k] == 0.0 and latent[k] > 0.0 else 0
                    change = _enthalpy_rise(u[k], v[k], w0[k] - w1[k], latent[k], boiling, ratio[k], dries)
                    e = weight * (s0[k] + s1[k]) - scale * change
                    e = e * e + faint
                    e *= e
                    total += e * e
            else:
                for k in range(1, n - 1):
                    e = weight * (s0[k] + s1[k]) - scale * (v[k] - u[k])
                    e = e * e + faint
                    e *= e
                    total += e * e
            for k in range(1, n - 1):
                # A cell that passes `high` within the step counts for its way below: there its dose was gathered.
                e = (min(v[k], high) - min(u[k], high)) * swing
                e = e if max(u[k], v[k]) > low else e - e
                e = e * e + faint
                e *= e
                moved += e * e
            # Written so that NaN counts as worst, and stays.
            worst = worst if total <= worst or worst != worst else total
            widest = widest if moved <= widest or widest != widest else moved
        out[i, 0], out[i, 1] = worst**0.125, widest**0.125


@driver
def begin(i0, i1, slope0, weight, older, last):
    """Lay down the first two members of the recurrence: D₀ = 0 in `older` and D₁ = `weight` F₀ in `last`."""
    _, ny, n = slope0.shape
    for i in range(i0, i1):
        for j in range(ny):
            s, o, d = slope0[i, j], older[i, j], last[i, j]
            for k in range(n):
                o[k] = 0.0
                d[k] = weight * s[k]


@driver
def cap(i0, i1, classes, boil, water, boiling, rise, gone, moved):
    """Turn enthalpy increments D (`gone`) into the temperature changes E (`moved`) they mean while water boils."""
    _, ny, n = rise.shape
    for i in range(i0, i1):
        for j in range(ny):
            latent, ratio = boil[classes[i, j], 0], boil[classes[i, j], 1]
            u, d, e, w = rise[i, j], gone[i, j], moved[i, j], water[i, j]
            for k in range(1, n - 1):
                moist = latent[k] * w[k]
                e[k] = d[k]
                if moist > 0.0:
                    e[k] = _temperature_rise(u[k] + d[k], boiling, moist, ratio[k]) - u[k]


@driver
def finish(i0, i1, classes, wet, boil, water, boiling, rise, gone, after, left, out):
    """Add D (`gone`) to `rise`: the rise `after` the step, and the water `left`. `out[i]` counts cells that would boil.

    Vapour leaves the cell at the end of the step: water never comes back.
    """
    _, ny, n = rise.shape
    for i in range(i0, i1):
        count = 0
        for j in range(ny):
            u, d, v = rise[i, j], gone[i, j], after[i, j]
            own = classes[i, j] if boil.shape[0] > 1 else 0
            latent, ratio = boil[own, 0], boil[own, 1]
            for k in range(1, n - 1):
                v[k] = u[k] + d[k]
            if wet:
                w, stays = water[i, j], left[i, j]
                for k in range(1, n - 1):
                    moist = latent[k] * w[k]
                    stays[k] = w[k]
                    if moist > 0.0 and v[k] > boiling:
                        count += 1
                        stays[k] = w[k] * (1.0 - _boiled_share(v[k], boiling, moist))
                        v[k] = _temperature_rise(v[k], boiling, moist, ratio[k])
            elif boil.shape[0] > 1:
                for k in range(1, n - 1):
                    count += latent[k] > 0.0 and v[k] > boiling
        out[i] = count


@driver
def stiffness(i0, i1, classes, coef, peak, out):
    """Per plane: the largest Gershgorin bound of the rate's eigenvalues [1/s], with perfusion grown `peak` times."""
    ny, n = classes.shape[1], coef.shape[2]
    for i in range(i0, i1):
        largest = 0.0
        for j in range(ny):
            own = classes[i, j]
            gxm, gym = coef[classes[i - 1, j] if i else 0, GX], coef[classes[i, j - 1] if j else 0, GY]
            for k in range(1, n - 1):
                faces = coef[own, GX, k] + gxm[k] + coef[own, GY, k] + gym[k] + coef[own, GZ, k] + coef[own, GZ, k - 1]
                held = coef[own, LOSS, k] + coef[own, PERF, k] * peak
                largest = max(largest, coef[own, INV, k] * (2.0 * faces + held))
        out[i] = largest
