"""The vector part of a round: draw and fly, deposit, turn. Each loop runs over lanes side by side."""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

import numpy as np

from tauten.solvers.lanes.core import (
    ASYMMETRY,
    BOTTOM,
    CHANCE,
    COLOUR,
    DEPOSIT,
    DRAW,
    DRAWN,
    FREE,
    LABEL,
    LAYER,
    SHARE,
    STEP,
    TAKEN,
    TOP,
    WEIGHT,
    G,
    U,
    V,
    W,
    X,
    Y,
    Z,
    compiled,
    drawn,
    free_path,
    logarithm,
    rotated,
    scattering_loss,
    sine_of_loss,
    turn,
)


@compiled
def fly(f, q, flags, n, box):
    """Draw, and move every photon that stays inside its layer and the box; flag the others where they stand."""
    for i in range(n):
        draw = drawn(q, i)
        q[DRAW + i] = draw
        f[DRAWN + i] = (np.float32(np.int32(draw >> np.uint64(40))) + np.float32(0.5)) * np.float32(2.0**-24)
    west, east, south, north = np.float32(box[0]), np.float32(box[1]), np.float32(box[2]), np.float32(box[3])
    for i in range(n):
        step = free_path(logarithm(f[DRAWN + i]), f[FREE + i])
        x, y, z = f[X + i] + f[U + i] * step, f[Y + i] + f[V + i] * step, f[Z + i] + f[W + i] * step
        leaves = (z < f[TOP + i]) | (z > f[BOTTOM + i]) | (x < west) | (x > east) | (y < south) | (y > north)
        f[STEP + i] = step
        # A photon that leaves is not moved: stepping back over a long overshoot would lose its place.
        f[X + i] = f[X + i] if leaves else x
        f[Y + i] = f[Y + i] if leaves else y
        f[Z + i] = f[Z + i] if leaves else z
        flags[i] = leaves


@compiled
def meet(f, q, k, n, cells, labels, matter):
    """Give every lane the material of the voxel it stands in: what it takes there, and whether it turns.

    Flights are drawn for the layer's densest material (Woodcock 1965): where the voxel's own is thinner, some end at no
    collision. Those turn by g = 1, which is straight ahead.
    """
    _, colours, layers, kinds = matter.shape
    size, table = np.uint64(colours * layers * kinds), matter.reshape(-1)
    # A loop of its own, so that many of these far-flung reads are under way at once.
    for i in range(n):
        k[LABEL + i] = labels[cells[i]]
    for i in range(n):
        draw = drawn(q, i)
        f[DRAWN + i] = (np.float32(np.int32(draw >> np.uint64(40))) + np.float32(0.5)) * np.float32(2.0**-24)
    for i in range(n):
        at = np.uint64((k[COLOUR + i] * layers + k[LAYER + i]) * kinds + k[LABEL + i])
        f[SHARE + i] = table[np.uint64(TAKEN) * size + at]
        turns = f[DRAWN + i] < table[np.uint64(CHANCE) * size + at]
        f[G + i] = table[np.uint64(ASYMMETRY) * size + at] if turns else np.float32(1.0)


@compiled
def deposit(f, q, k, n):
    """Take the absorbed share off each weight."""
    for i in range(n):
        weight = k[WEIGHT + i]
        # Twelve bits of the draw round the deposit up or down by chance: a faint absorption must not round away.
        dither = np.float32(np.int32(np.int32(q[DRAW + i] >> np.uint64(40)) & np.int32(0xFFF))) * np.float32(2.0**-12)
        share = np.int32(min(np.int32(np.float32(weight) * f[SHARE + i] + dither), weight))
        k[DEPOSIT + i] = share
        k[WEIGHT + i] = weight - share


@compiled
def scatter(f, q, n):
    """Turn each direction by the scattering law."""
    for i in range(n):
        draw = q[DRAW + i]
        even = np.float32(np.int32(np.int32(draw >> np.uint64(20)) & np.int32(0xFFFFF))) + np.float32(0.5)
        loss = scattering_loss(even * np.float32(2.0**-20), f[G + i])
        cosine, sine = turn(np.int32(np.int32(draw) & np.int32(0xFFFFF)))
        f[U + i], f[V + i], f[W + i] = rotated(f[U + i], f[V + i], f[W + i], loss, sine_of_loss(loss), cosine, sine)
