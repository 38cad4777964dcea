"""What happens to one photon at a time: launch, boundaries, and light that the handpiece sends back."""
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False

from __future__ import annotations

import math

import numpy as np

from tauten.solvers.lanes.core import (
    ASYMMETRY,
    BATCH,
    BOTTOM,
    COLOUR,
    FLOOR,
    FREE,
    INDEX,
    LAYER,
    ONE,
    PATH,
    REFLECTED,
    ROOF,
    SHARE,
    SIDES,
    SPECULAR,
    STEP,
    TAKEN,
    TOP,
    TRANSMITTED,
    WEIGHT,
    G,
    U,
    V,
    W,
    X,
    Y,
    Z,
    compiled,
    cone_cosine,
    lambert_cosine,
    mixed,
    reflectance,
    refracted_cosine,
    seeded,
    uniform,
)
from tauten.solvers.lanes.score import score_path


@compiled
def enter(f, k, i, layer, media):
    """Give lane i the properties of `layer` at its colour."""
    colour = k[COLOUR + i]
    k[LAYER + i] = layer
    f[FREE + i] = media[colour, layer, PATH]
    f[SHARE + i] = media[colour, layer, TAKEN]
    f[G + i] = media[colour, layer, ASYMMETRY]
    f[TOP + i], f[BOTTOM + i] = media[colour, layer, ROOF], media[colour, layer, FLOOR]


@compiled
def cross(f, q, k, i, media, source, box, path, where, tables, edges, ledger):
    """Carry lane i across every boundary of its flight, to its next interaction or out.

    The step is an optical depth in disguise: across a boundary it is rescaled to the new layer's mean free path.
    """
    x, y, z = np.float64(f[X + i]), np.float64(f[Y + i]), np.float64(f[Z + i])
    u, v, w = np.float64(f[U + i]), np.float64(f[V + i]), np.float64(f[W + i])
    step, layer, row, colour = np.float64(f[STEP + i]), np.int64(k[LAYER + i]), k[BATCH + i], k[COLOUR + i]
    below = media.shape[1] - 1
    while True:
        plane = media[colour, layer, FLOOR] if w > 0.0 else media[colour, layer, ROOF]
        ahead = max((plane - z) / w, 0.0) if w != 0.0 else np.inf
        side = np.inf
        if box[4] > 0.0:
            side = max(min(_until(x, u, box[0], box[1]), _until(y, v, box[2], box[3])), 0.0)
        run = min(step, ahead, side)
        if path.size > 0:
            score_path(path, row, x, y, z, u, v, w, run, k[WEIGHT + i], uniform(q, i), where, tables, edges)
        if side < min(step, ahead):
            ledger[row, SIDES] += k[WEIGHT + i]
            k[WEIGHT + i] = 0
            break
        x, y, z = x + u * run, y + v * run, z + w * run
        if step <= ahead:
            break
        z, step = plane, step - ahead
        onward = layer + (1 if w > 0.0 else -1)
        here, there = media[colour, layer, INDEX], media[colour, onward, INDEX]
        if here != there:
            refracted = refracted_cosine(abs(w), here, there)
            if uniform(q, i) < reflectance(abs(w), refracted, here, there):
                w = -w
                continue
            u, v, w = u * here / there, v * here / there, math.copysign(refracted, w)
        if onward == below:
            ledger[row, TRANSMITTED] += k[WEIGHT + i]
            k[WEIGHT + i] = 0
            break
        if onward == 0:
            entered, u, v, w = _send_back(q, k, i, there, media[colour, 1, INDEX], source[5], ledger)
            if not entered:
                break
            onward = 1
        step *= media[colour, onward, PATH] / media[colour, layer, PATH]
        layer = onward
    f[X + i], f[Y + i], f[Z + i] = x, y, z
    f[U + i], f[V + i], f[W + i] = u, v, w
    enter(f, k, i, layer, media)


@compiled
def _until(x, u, low, high):
    """Distance along the flight to the side wall ahead."""
    return ((high if u > 0.0 else low) - x) / u if u != 0.0 else np.inf


@compiled
def _send_back(q, k, i, above, skin, returned, ledger):
    """Light leaves upward: the handpiece returns its share, diffusely and where it left, until it enters or is gone.

    What the surface throws back on the way in counts as leaving again.
    """
    row = k[BATCH + i]
    while True:
        weight = k[WEIGHT + i]
        back = np.int32(weight * returned)
        ledger[row, REFLECTED] += weight - back
        k[WEIGHT + i] = back
        if back == 0:
            return False, 0.0, 0.0, 1.0
        cosine = lambert_cosine(uniform(q, i))
        refracted = refracted_cosine(cosine, above, skin)
        if uniform(q, i) >= reflectance(cosine, refracted, above, skin):
            sine = math.sqrt(1.0 - cosine * cosine) * above / skin
            azimuth = 2.0 * math.pi * uniform(q, i)
            return True, sine * math.cos(azimuth), sine * math.sin(azimuth), refracted


@compiled
def launch(f, q, k, i, number, row, colours, media, source, ledger):
    """Start photon `number` in lane i: its generator, colour, place on the beam, first reflection and refraction."""
    seed, kind, width, length, narrowest, _ = source
    seeded(q, i, seed, number)
    colour = 0
    if colours.size > 1:
        # The golden ratio deals the colours evenly: no noise from an uneven draw.
        share = (number * 0.6180339887498949 + mixed(np.uint64(seed)) * 2.0**-64) % 1.0
        while colour < colours.size - 1 and share >= colours[colour]:
            colour += 1
    k[COLOUR + i], k[BATCH + i] = colour, row
    x, y = 0.0, 0.0
    if kind == 3:
        x, y = width * (uniform(q, i) - 0.5), length * (uniform(q, i) - 0.5)
    elif kind > 0:
        share, azimuth = uniform(q, i), 2.0 * math.pi * uniform(q, i)
        radius = width * (math.sqrt(share) if kind == 1 else math.sqrt(-0.5 * math.log(share)))
        x, y = radius * math.cos(azimuth), radius * math.sin(azimuth)
    u, v, cosine = 0.0, 0.0, 1.0
    above, skin = media[colour, 0, INDEX], media[colour, 1, INDEX]
    if narrowest < 1.0:
        cosine, azimuth = cone_cosine(uniform(q, i), narrowest), 2.0 * math.pi * uniform(q, i)
        sine = math.sqrt(1.0 - cosine * cosine) * above / skin
        u, v = sine * math.cos(azimuth), sine * math.sin(azimuth)
    refracted = refracted_cosine(cosine, above, skin)
    specular = np.int32(round(ONE * reflectance(cosine, refracted, above, skin)))
    ledger[row, SPECULAR] += specular
    k[WEIGHT + i] = np.int32(ONE - specular)
    f[X + i], f[Y + i], f[Z + i] = x, y, 0.0
    f[U + i], f[V + i], f[W + i] = u, v, refracted
    enter(f, k, i, 1, media)
