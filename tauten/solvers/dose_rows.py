# mypy: allow-untyped-defs
"""Compiled row drivers that keep what heat has done: the running maximum, every rate integral, perfusion that answers.

The course of the temperature inside a step is the cubic through both ends and their slopes, so an integral is as exact
as the step itself and nothing is ever read from kept frames.
"""

from __future__ import annotations

import math
from types import FunctionType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tauten.physics import bioheat, damage
from tauten.solvers.rows import INV, PERF, driver, row_function

__all__ = ["accumulate", "node_weights", "perfuse"]

_band_rate = row_function(damage.band_rate)
_perfusion_factor = row_function(bioheat.perfusion_factor)
_stasis_factor = row_function(bioheat.stasis_factor)


@row_function
def _quick_exp(x):
    """Exponential in float32 lanes: six squarings of a polynomial in x/64.

    Within 2e-5 from -20 to 20, 1.1e-4 to ±30 and 1e-3 to ±40. The library's own is called once a cell
    and would take longer than the rest of the step together.
    """
    y = min(max(x, _f(-80.0)), _f(80.0)) * _f(1.0 / 64.0)
    tail = _f(1.0 / 6.0) + y * (_f(1.0 / 24.0) + y * (_f(1.0 / 120.0) + y * _f(1.0 / 720.0)))
    power = _f(1.0) + y * (_f(1.0) + y * (_f(0.5) + y * tail))
    power *= power
    power *= power
    power *= power
    power *= power
    power *= power
    return power * power


def _quickly(law: Any) -> Any:
    """Return the law as it is written, compiled with the quicker exponential in place of `np.exp`."""
    numpy = ModuleType("numpy")
    numpy.exp = _quick_exp  # type: ignore[attr-defined]
    return row_function(FunctionType(law.__code__, {"np": numpy}, law.__name__))


_quick_rate = _quickly(damage.band_rate)
_quick_stasis = _quickly(bioheat.stasis_factor)
_quick_perfusion = _quickly(bioheat.perfusion_factor)

_f = np.float32

# Two-point Gauss-Legendre on [0, 1].
_EARLY = 0.5 - 0.5 / math.sqrt(3.0)
_LATE = 0.5 + 0.5 / math.sqrt(3.0)


def node_weights(step: float) -> NDArray[np.float64]:
    """Return what the change over a step and both its end slopes [K/s] add to the start at the two nodes, in turn."""
    return np.array(
        [
            weight
            for at in (_EARLY, _LATE)
            for weight in (
                at - at * (1.0 - at) ** 2 + at * at * (1.0 - at),
                step * at * (1.0 - at) ** 2,
                -step * at * at * (1.0 - at),
            )
        ]
    )


@row_function
def _course(at, first, last, rise0, rise1):
    """Cubic through `first` and `last` at a fraction `at`; `rise0`, `rise1` are end slopes times the step."""
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


@row_function
def _mean_rate(low, high, a, b, c, first, early, middle, late, last, rise0, rise1):
    """Mean rate of one band over a step: Gauss-Legendre inside it, piecewise where the step enters or leaves it."""
    lowest, highest = min(min(first, last), middle), max(max(first, last), middle)
    if highest < low or lowest >= high:
        return 0.0
    if lowest >= low and highest < high:
        return 0.5 * (_band_rate(a, b, c, early) + _band_rate(a, b, c, late))
    return _partial(low, high, a, b, c, first, middle, last, rise0, rise1)


@driver
def accumulate(
    i0, i1, skip, before, after, slope0, slope1, step, half, reference, maximum, integrals, bands, which, smooth,
    nodes, coldest, boiling, hot,
):  # fmt: skip
    """Raise `maximum` and add one step to `integrals[endpoint]`; columns warmer than the rise `coldest` become `hot`.

    `bands[i]` is (low, high, a, b, c) [K, SI] of the endpoint `which[i]`; `skip` cells lie before the tissue's first.
    Tissue hotter than `boiling` [K of rise] is read as if at it: its integrals are lower bounds, and finite. Columns
    below it take the first bands, those given again in `smooth` in the working precision, in lanes at
    the two `nodes` with the quicker exponential, and only the others one cell at a time.
    """
    _, ny, n = before.shape
    nz = n - 1 - skip
    kind = before.dtype.type
    zero, base = step - step, kind(reference)
    slight = kind(1e-9)  # [K/s] smaller slopes turn nowhere, and their squares would be denormal and slow
    early, late = np.empty(nz, before.dtype), np.empty(nz, before.dtype)
    for i in range(i0, i1):
        for j in range(ny):
            u, v, s, t = before[i, j, skip:], after[i, j, skip:], slope0[i, j, skip:], slope1[i, j, skip:]
            top = maximum[i, j]
            warmth, heat = zero, zero
            for k in range(nz):
                # A peak inside the step lies where the straight line between the two slopes passes zero.
                peak = u[k] + half * s[k] * s[k] / (s[k] - t[k]) if s[k] > slight and t[k] < -slight else v[k]
                peak = max(peak, v[k])
                top[k] = max(top[k], peak)
                peak = max(peak, u[k])
                warmth += max(peak - coldest, zero)
                heat += zero if peak < boiling else step
            if not warmth > zero:
                continue
            hot[i, j] = 1
            known = smooth.shape[0] if heat == zero else 0
            if known:
                c0, s0, t0, c1, s1, t1 = nodes[0], nodes[1], nodes[2], nodes[3], nodes[4], nodes[5]
                for k in range(nz):
                    change = v[k] - u[k]
                    early[k] = base + u[k] + c0 * change + s0 * s[k] + t0 * t[k]
                    late[k] = base + u[k] + c1 * change + s1 * s[k] + t1 * t[k]
                for band in range(known):
                    low, high, a, b, c = smooth[band]
                    total = integrals[which[band], i, j]
                    for k in range(nz):
                        one, two = _quick_rate(a, b, c, early[k]), _quick_rate(a, b, c, late[k])
                        one = one if early[k] >= low and early[k] < high else zero
                        two = two if late[k] >= low and late[k] < high else zero
                        total[k] += half * (one + two)
                if known == bands.shape[0]:
                    continue
            for k in range(nz):
                if max(u[k], v[k]) <= coldest:
                    continue
                # Dry tissue heats on without a law for what it is: doses are read no hotter than boiling.
                first, last = reference + min(u[k], boiling), reference + min(v[k], boiling)
                # Slopes are of enthalpy while water boils.
                rise0, rise1 = (step * s[k], step * t[k]) if v[k] < boiling else (last - first, last - first)
                at0 = _course(_EARLY, first, last, rise0, rise1)
                at1 = _course(_LATE, first, last, rise0, rise1)
                middle = _course(0.5, first, last, rise0, rise1)
                # What passes boiling within the step is on its way there for this share of it, and as if at it after.
                way = (boiling - u[k]) / (v[k] - u[k]) if u[k] < boiling and v[k] > boiling else 1.0
                for band in range(known, bands.shape[0]):
                    low, high, a, b, c = bands[band]
                    mean = _mean_rate(low, high, a, b, c, first, at0, middle, at1, last, rise0, rise1)
                    if way < 1.0:
                        mean = way * mean + ((1.0 - way) * _band_rate(a, b, c, last) if low <= last < high else 0.0)
                    integrals[which[band], i, j, k] += mean * step


@driver
def perfuse(
    i0, i1, skip, classes, coef, growth, peak, width, reference, arterial, stasis, omega, quick, hot, rise, slope0,
    half, factor, out,
):  # fmt: skip
    """Set `factor`, the perfusion over its resting value, to what it will be `half` a step on; mend `slope0` to match.

    `growth[class, n]` is the factor at `peak` [K]; `stasis` holds the bands of the endpoint that stops the flow,
    `omega` its integral so far, `quick` asks for the exponential in lanes. Columns that were never `hot` keep the
    factor 1 when nothing grows. `out[i]` is the most that a slope [K/s] of plane i changes over `half`, in the norm of
    `errors`.
    """
    _, ny, n = rise.shape
    nz = n - 1 - skip
    kind = factor.dtype.type
    grows = growth.shape[0] > 1
    zero, base, one = half - half, kind(reference), kind(1.0)
    faint = kind(1e-9)  # keeps eighth powers normal numbers, as in `errors`
    fresh, change, rate = np.empty(nz, factor.dtype), np.empty(nz, factor.dtype), np.empty(nz, factor.dtype)
    for i in range(i0, i1):
        most = zero
        for j in range(ny):
            if not grows and not hot[i, j]:
                continue
            own = classes[i, j]
            u, s, f = rise[i, j, skip:], slope0[i, j, skip:], factor[i, j, skip:]
            inv, perf = coef[own, INV, skip:], coef[own, PERF, skip:]
            fresh[:], change[:], rate[:] = one, zero, zero
            if grows and quick:
                for k in range(nz):
                    now, grown = base + u[k], growth[own, skip + k]
                    fresh[k] = _quick_perfusion(now + half * s[k], grown, kind(peak), kind(width))
                    change[k] = fresh[k] - _quick_perfusion(now, grown, kind(peak), kind(width))
            elif grows:
                for k in range(nz):
                    ahead = reference + u[k] + half * s[k]
                    fresh[k] = _perfusion_factor(ahead, growth[own, skip + k], peak, width)
                    change[k] = fresh[k] - _perfusion_factor(reference + u[k], growth[own, skip + k], peak, width)
            if stasis.shape[0] > 0:
                lost = omega[i, j]
                for band in range(stasis.shape[0]):
                    low, high, a, b, c = stasis[band]
                    if quick:
                        for k in range(nz):
                            now = base + u[k]
                            rate[k] += _quick_rate(a, b, c, now) if now >= low and now < high else zero
                    else:
                        for k in range(nz):
                            now = base + u[k]
                            rate[k] += _band_rate(a, b, c, now) if now >= low and now < high else zero
                if quick:
                    for k in range(nz):
                        fresh[k] *= _quick_stasis(lost[k] + half * rate[k])
                else:
                    for k in range(nz):
                        fresh[k] *= _stasis_factor(lost[k] + half * rate[k])
                for k in range(nz):
                    change[k] -= fresh[k] * half * rate[k]
            total = zero
            for k in range(nz):
                blood = inv[k] * perf[k] * (arterial - u[k])
                square = blood * change[k] * blood * change[k] + faint
                total += square * square * square * square
                s[k] += blood * (fresh[k] - f[k])
                f[k] = fresh[k]
            most = max(most, total)
        out[i] = most**0.125
