"""What the lanes share: how state is laid out, the compiled laws, and each photon's generator."""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

from types import FunctionType
from typing import Any

import numba
import numpy as np

from tauten.physics import light

LANES = 256
ONE = 1 << 30
LIGHTEST = ONE // 10
"""Below this weight a photon plays roulette: out with an even chance, else twice as heavy."""

# Rows of the lane buffers. Flat buffers with constant offsets tell the compiler that rows never overlap.
X, Y, Z, U, V, W, FREE, SHARE, G, TOP, BOTTOM, STEP, DRAWN, SQUARE = (i * LANES for i in range(14))
WEIGHT, LAYER, COLOUR, BATCH, DEPOSIT, KEY_A, KEY_B, KEY_C, LABEL = (i * LANES for i in range(9))
FIRST, SECOND, DRAW = (i * LANES for i in range(3))
FLOATS, INTEGERS, WORDS = 14 * LANES, 9 * LANES, 3 * LANES

# Columns of `media`, one row each for what lies above, every layer, and what lies below (which have an index only).
PATH, TAKEN, ASYMMETRY, INDEX, ROOF, FLOOR, COLUMNS = range(7)
CHANCE = PATH
"""Column of `matter` with the chance that a photon which is not taken turns."""

# Slots of the ledger, one row a batch, in units of one photon / 2³⁰ (COLLISIONS is a count).
SPECULAR, REFLECTED, TRANSMITTED, SIDES, ROULETTE, COLLISIONS, LEDGER = range(7)

OPTIONS: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz", "arcp", "afn"}, "nogil": True}
compiled = numba.njit(forceinline=True, **OPTIONS)


def single(function):
    """Return the same function with its number literals in single precision: one text serves both."""
    code = function.__code__
    literals = tuple(np.float32(c) if type(c) is float else c for c in code.co_consts)
    return FunctionType(code.replace(co_consts=literals), function.__globals__, function.__name__)


free_path = compiled(single(light.free_path))
scattering_loss = compiled(single(light.henyey_greenstein_loss))
sine_of_loss = compiled(single(light.sine_of_loss))
rotated = compiled(single(light.rotated))
reflectance = compiled(light.reflectance)
refracted_cosine = compiled(light.refracted_cosine)
cone_cosine = compiled(light.cone_cosine)
lambert_cosine = compiled(light.lambert_cosine)


@compiled
def mixed(x):
    """Finaliser of splitmix64: every bit of the answer depends on every bit of `x`."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@compiled
def seeded(q, i, seed, number):
    """Give lane i the generator of photon `number`."""
    golden = np.uint64(0x9E3779B97F4A7C15)
    key = mixed(mixed(np.uint64(seed) * golden + np.uint64(0xD1B54A32D192ED03)) + np.uint64(number) * golden)
    q[FIRST + i] = key
    q[SECOND + i] = mixed(key + golden) | np.uint64(1)  # never all zero


@compiled
def _left(x, k):
    return (x << np.uint64(k)) | (x >> np.uint64(64 - k))


@compiled
def drawn(q, i):
    """Draw 64 bits from lane i's generator, xoroshiro128++ of Blackman & Vigna (2021)."""
    a, b = q[FIRST + i], q[SECOND + i]
    draw = _left(a + b, 17) + a
    b ^= a
    q[FIRST + i] = _left(a, 49) ^ b ^ (b << np.uint64(21))
    q[SECOND + i] = _left(b, 28)
    return draw


@compiled
def uniform(q, i):
    """Draw a uniform number inside (0, 1)."""
    return (np.float64(drawn(q, i) >> np.uint64(11)) + 0.5) * 2.0**-53


def _logarithm(x):
    bits = np.float32(x).view(np.int32)
    exponent = np.int32((bits - np.int32(0x3F3504F3)) >> np.int32(23))  # so that the mantissa falls in √½ to √2
    t = np.int32(bits - np.int32(exponent << np.int32(23))).view(np.float32) - 1.0
    p = 0.161141674 - t * 0.098687859
    p = 0.19915002 + t * (t * p - 0.172816523)
    p = 0.333345492 + t * (t * p - 0.249687802)
    return np.float32(exponent) * 0.6931471805599453 + t * (0.999999971 + t * (t * p - 0.500003763))


def _turn(bits):
    a = (np.float32(np.int32(bits >> np.int32(2))) + 0.5) * 7.62939453125e-06 - 1.0
    s = a * a
    sine = a * (0.785398160980 + s * (-0.0807454347692 + s * (0.00249000696432 - s * 3.59543992557e-05)))
    cosine = 0.999999972368 + s * (-0.308424252709 + s * (0.0158499129820 - s * 0.000318878991672))
    swap = (bits & np.int32(1)) != np.int32(0)
    sign = 1.0 - np.float32(np.int32(bits & np.int32(2)))
    return sign * (sine if swap else cosine), sign * (cosine if swap else sine)


logarithm = compiled(single(_logarithm))
"""Natural logarithm for 0 < x <= 1, to 2e-7 of itself: exponent and a polynomial; no table, no division, no call."""

turn = compiled(single(_turn))
"""Cosine and sine of an even azimuth from 20 bits: 18 within an eighth of a turn of an axis, 2 for the quarter."""
