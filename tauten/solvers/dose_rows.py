# mypy: allow-untyped-defs
"""Compiled row drivers that keep what heat has done: the running maximum, every rate integral, perfusion that answers.

The course of the temperature inside a step is the cubic through both ends and their slopes, so an integral is as exact
as the step itself and nothing is ever read from kept frames.
"""

from __future__ import annotations

import math

from tauten.physics import bioheat, damage
from tauten.solvers.rows import INV, PERF, driver, row_function

__all__ = ["accumulate", "perfuse"]

_band_rate = row_function(damage.band_rate)
_perfusion_factor = row_function(bioheat.perfusion_factor)
_stasis_factor = row_function(bioheat.stasis_factor)

# Two-point Gauss-Legendre on [0, 1].
_EARLY = 0.5 - 0.5 / math.sqrt(3.0)
_LATE = 0.5 + 0.5 / math.sqrt(3.0)


@row_function
def _course(at, first, last, rise0, rise1):
    """Cubic through `first` and `last` at the fraction `at` of the step; end slopes times the step are `rise0`, `rise1`."""
    change = last - first
    return first + at * change + at * (1.0 - at) * ((1.0 - at) * (rise0 - change) - at * (rise1 - change))


@driver
def _partial(low, high, a, b, c, first, middle, last, rise0, rise1):
    """Mean rate over a step that enters or leaves the band; each half counts as straight for the moment of crossing."""
    mean = 0.0
    for half in range(2):
        begin, end = (first, middle) if half == 0 else (middle, last)
        span = end - begin
        if span == 0.0:
            enter, leave = 0.0, 1.0 if low <= begin < high else 0.0
        else:
            one, two = (low - begin) / span, (high - begin) / span
            enter, leave = max(min(one, two), 0.0), min(max(one, two), 1.0)
        if leave > enter:
            early = _course(0.5 * (half + enter + (leave - enter) * _EARLY), first, last, rise0, rise1)
            late = _course(0.5 * (half + enter + (leave - enter) * _LATE), first, last, rise0, rise1)
            mean += 0.25 * (leave - enter) * (_band_rate(a, b, c, early) + _band_rate(a, b, c, late))
    return mean


@driver
def accumulate(
    i0, i1, skip, before, after, slope0, slope1, step, half, reference, maximum, integrals, bands, which, coldest, hot,
    wet, water0, water1, boiling,
):  # fmt: skip
    """Raise `maximum` and add one step to `integrals[endpoint]`; columns warmer than the rise `coldest` become `hot`.

    `bands[i]` is (low, high, a, b, c) [K, SI] of the endpoint `which[i]`; `skip` cells lie before the tissue's first.
    """
    _, ny, n = before.shape
    nz = n - 1 - skip
    zero = step - step
    for i in range(i0, i1):
        for j in range(ny):
            u, v, s, t = before[i, j, skip:], after[i, j, skip:], slope0[i, j, skip:], slope1[i, j, skip:]
            top = maximum[i, j]
            warmth = zero
            for k in range(nz):
                # A peak inside the step lies where the straight line between the two slopes passes zero.
                peak = u[k] + half * s[k] * s[k] / (s[k] - t[k]) if s[k] > zero and t[k] < zero else v[k]
                peak = max(peak, v[k])
                top[k] = max(top[k], peak)
                warmth += max(peak - coldest, zero)
            if warmth > zero:
                hot[i, j] = 1
                for k in range(nz):
                    if max(u[k], v[k]) <= coldest:
                        continue
                    first, last = reference + u[k], reference + v[k]
                    rise0, rise1 = step * s[k], step * t[k]
                    if wet and (water0[i, j, skip + k] != water1[i, j, skip + k] or v[k] >= boiling):
                        rise0 = rise1 = last - first  # slopes are of enthalpy while water boils
                    early = _course(_EARLY, first, last, rise0, rise1)
                    late = _course(_LATE, first, last, rise0, rise1)
                    middle = _course(0.5, first, last, rise0, rise1)
                    lowest, highest = min(min(first, last), middle), max(max(first, last), middle)
                    for band in range(bands.shape[0]):
                        low, high, a, b, c = bands[band]
                        if highest < low or lowest >= high:
                            continue
                        if lowest >= low and highest < high:
                            mean = 0.5 * (_band_rate(a, b, c, early) + _band_rate(a, b, c, late))
                        else:
                            mean = _partial(low, high, a, b, c, first, middle, last, rise0, rise1)
                        integrals[which[band], i, j, k] += mean * step


@driver
def perfuse(
    i0,
    i1,
    skip,
    classes,
    coef,
    growth,
    peak,
    width,
    reference,
    arterial,
    stasis,
    omega,
    hot,
    rise,
    slope0,
    half,
    factor,
):
    """Set `factor`, the perfusion over its resting value, to what it will be `half` a step on; mend `slope0` to match.

    `growth[class, n]` is the factor at `peak` [K]; `stasis` holds the bands of the endpoint that stops the flow, `omega`
    its integral so far. Columns at rest and never `hot` keep the factor 1 when nothing grows.
    """
    _, ny, n = rise.shape
    grows, stops = growth.shape[0] > 1, stasis.shape[0] > 0
    for i in range(i0, i1):
        for j in range(ny):
            if not grows and not hot[i, j]:
                continue
            own = classes[i, j]
            u, s, f, inv, perf = rise[i, j], slope0[i, j], factor[i, j], coef[own, INV], coef[own, PERF]
            for k in range(skip, n - 1):
                now = reference + u[k]
                new = _perfusion_factor(now + half * s[k], growth[own, k], peak, width) if grows else 1.0
                if stops:
                    damage = omega[i, j, k - skip]
                    for band in range(stasis.shape[0]):
                        low, high, a, b, c = stasis[band]
                        if low <= now < high:
                            damage += half * _band_rate(a, b, c, now)
                    new *= _stasis_factor(damage)
                s[k] += inv[k] * perf[k] * (new - f[k]) * (arterial - u[k])
                f[k] = new
