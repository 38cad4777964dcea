"""The grain of the drawn section: layers textured as an ultrasound picture shows them, the same for the same seed.

Nothing here is an acoustic result. The brightness of each tissue is how such pictures look, so that a reader who knows
them finds the layers at a glance; where a layer begins and ends is taken as given.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tauten.report.section import Stratum

__all__ = ["PIXEL", "grey", "png"]

PIXEL = 30e-6
"""Edge of a pixel [m]: finer than a 7 MHz picture resolves, coarse enough to keep the page small."""


_BRIGHT = {
    "couplant": -60.0, "stratum_corneum": -2.0, "epidermis": -5.0, "dermis": -13.0, "fat": -35.0, "smas": -9.0,
    "muscle": -27.0, "bone": -60.0,
}  # fmt: skip
"""How bright a tissue is drawn [dB below the brightest]."""
_UNKNOWN = -24.0
_SHOWN = 46.0  # dB from black to white
_LOOKS = 3  # pictures laid over each other, as scanners do to calm the grain
_SHADES = 15  # four bits a pixel


def grey(strata: Sequence[Stratum], width: float, top: float, bottom: float, seed: int) -> NDArray[np.uint8]:
    """Return shades from 0 (black) to 15 (white), shape (rows down, columns), of `width` [m] from `top` to `bottom`.

    `top` is negative where the picture begins above the skin.
    """
    random = np.random.default_rng(seed)
    depth = top + (np.arange(round((bottom - top) / PIXEL)) + 0.5) * PIXEL
    across = np.asarray((np.arange(round(width / PIXEL)) + 0.5) * PIXEL, dtype=np.float64)
    level = np.full((depth.size, across.size), _BRIGHT["couplant"])
    for stratum in strata:
        rows = (depth >= stratum.top) & (depth < stratum.bottom)
        level[rows] = _BRIGHT.get(stratum.tissue, _UNKNOWN)
        for line, gain in _strands(stratum, across, random):
            near = np.exp(-(((depth[rows, None] - line) / 45e-6) ** 2))
            level[rows] += gain * near
    for place, peak in _echoes(strata):
        level = np.maximum(level, peak - ((depth[:, None] - place) / 45e-6) ** 2 * 6.0)
    level += 2.5 * _blur(_blur(random.standard_normal(level.shape), 9.0, axis=0), 14.0, axis=1)  # never quite even
    grain = random.standard_normal((_LOOKS, 2, *level.shape)) * 10.0 ** (level / 20.0)
    blurred = _blur(_blur(grain, 1.0, axis=2), 2.0, axis=3)  # finer along the beam than across it
    envelope = np.hypot(blurred[:, 0], blurred[:, 1]).mean(axis=0)
    decibel = 20.0 * np.log10(envelope / np.quantile(envelope, 0.995) + 1e-6)
    return np.clip(np.round((1.0 + decibel / _SHOWN) * _SHADES), 0, _SHADES).astype(np.uint8)


def _strands(
    stratum: Stratum, across: NDArray[np.float64], random: np.random.Generator
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Bright threads inside a layer (septa of fat, fibres of muscle, faces of the fascia): depth and gain by column."""
    thick = stratum.bottom - stratum.top
    if stratum.tissue == "fat":
        for place in np.arange(stratum.top + 0.35e-3, min(stratum.bottom, stratum.top + 12e-3), 0.55e-3):
            tall, long, start = random.uniform(0.08e-3, 0.22e-3), random.uniform(1.4e-3, 2.6e-3), random.uniform(0, 6)
            wave = tall * np.sin(across / long + start)
            slope = random.uniform(-0.06, 0.06) * (across - across.mean())
            yield place + wave + slope, 22.0 * _broken(across, random, 1.2e-3, 0.62)
    elif stratum.tissue == "muscle":
        for place in np.arange(stratum.top + 0.2e-3, min(stratum.bottom, stratum.top + 12e-3), 0.34e-3):
            slope = random.uniform(0.0, 0.05) * (across - across.mean())
            yield place + slope, 14.0 * _broken(across, random, 0.7e-3, 0.7)
    elif stratum.tissue == "smas":
        for share in (0.15, 0.85):  # a sheet: two bright faces
            yield np.full_like(across, stratum.top + share * thick), 7.0 * _broken(across, random, 2e-3, 0.9)


def _broken(
    across: NDArray[np.float64], random: np.random.Generator, length: float, filled: float
) -> NDArray[np.float64]:
    """From 0 to 1 along a thread that fades in and out over some `length` [m], there for a `filled` share of it."""
    noise = random.standard_normal(across.size)
    smooth = _blur(noise[None], length / PIXEL, axis=1)[0]
    cut = np.quantile(smooth, 1.0 - filled)
    return np.clip((smooth - cut) / (smooth.max() - cut) * 2.5, 0.0, 1.0)


def _echoes(strata: Sequence[Stratum]) -> Iterator[tuple[float, float]]:
    """Depth and brightness [dB] of the lines that sound meets square on: the skin's surface, and bone."""
    yield 0.0, 0.0
    for stratum in strata:
        if stratum.tissue == "bone":
            yield stratum.top, 2.0


def _blur(values: NDArray[np.float64], width: float, axis: int) -> NDArray[np.float64]:
    """Return `values` smoothed along `axis` by a bell `width` pixels wide, each with its own energy."""
    reach = np.arange(-int(3 * width) - 1, int(3 * width) + 2)
    bell = np.exp(-0.5 * (reach / width) ** 2)
    bell /= np.sqrt(np.sum(bell**2))
    padded, size = reach.size // 2, values.shape[axis]
    return np.apply_along_axis(lambda row: np.convolve(row, bell)[padded : padded + size], axis, values)


def png(shades: NDArray[np.uint8]) -> bytes:
    """Return a grey picture of four bits a pixel as a PNG file.

    >>> png(np.zeros((2, 2), dtype=np.uint8))[:8]
    b'\\x89PNG\\r\\n\\x1a\\n'
    """
    even = np.pad(shades, ((0, 0), (0, shades.shape[1] % 2)))
    lines = even[:, 0::2] << 4 | even[:, 1::2]
    raw = np.pad(lines, ((0, 0), (1, 0))).tobytes()  # each line begins with its filter, none
    head = struct.pack(">IIBBBBB", shades.shape[1], shades.shape[0], 4, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")
