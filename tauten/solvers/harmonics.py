"""A focused wave marched down through plane layers, one way, with the harmonics it grows.

Half a cell of plane waves, a cell of steepening, half a cell of plane waves (Strang); neighbouring halves are one
multiplication, so a cell costs two transforms. Diffraction, attenuation, dispersion and what an interface passes on are
exact for every plane wave; steepening is Burgers' equation in every row of radius, in sub-steps, over the way that each
plane wave goes: longer than the cell is deep by one over its cosine.

What it takes, for 3 W of a 7 MHz bowl through four layers: 284 cells of 320 rows, up to 64 harmonics. Transforms are
2.4 GFlop (6.8 if every harmonic were followed to the edge), 37,600 row-sub-steps of four stages at most 1.0 GFlop. The
march takes about three times as long as one core's single precision would at its best, memory left aside.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from tauten.checks import number, whole
from tauten.devices.transducer import Transducer
from tauten.errors import InputError, NotConverged
from tauten.physics.steepening import distortion_rate, steepening_rate
from tauten.skin.acoustics import Acoustics
from tauten.solvers.distort import BLOCK, PAIR, cell, flux, lengthen, multiply, transform
from tauten.solvers.marched import March, extremes
from tauten.solvers.propagators import CEILING, Propagators, prepare

__all__ = ["March", "march"]

Floats = NDArray[np.floating]

_LADDER = (6, 12, 24, 40, 56, 64, 96, 128, 192, 256)
"""Numbers of harmonics a march grows through."""
_GROWS = 1e-3
"""Pressure of the upper quarter of the harmonics over the first one's from which more are carried."""
_FELT = 1e-8
"""Share of its largest power below which a harmonic is left out of a transform's outer rows: 1e-4 of its pressure."""
_FLOOR = 2e5
"""Rows with less pressure [Pa] only spread: at 1 MPa a focus would lose 38 % of its rise, at this nothing seen."""
_LIMIT = 1.2
"""Largest β ω N p h / ρc³ of a sub-step; the scheme is stable to 2.8."""
_TURN = 0.08
"""Largest share of its shock distance that a wave may go in one cell; cells halve until it holds."""
_FINEST = 6
"""Halvings a cell may have."""
_ORDER, _STRENGTH = 8.0, 1.0
"""Filter at the ceiling: only the last third of the harmonics feel it, over the way that moves them one radian."""
_SHOCK, _FEWEST = (0.05, 0.5), 6
"""Filter from where n Pₙ/P₁ (1 in a sawtooth) of the upper quarter is the first, whole at the second; of as many
harmonics at least, and of fewer than 24 from as much later: low ones are that large without a shock.

Where no shock is, a filter would make heat of harmonics that go on: four at 1 W in water had 2.9 times the heat of 64.
Were it switched on at once, its first cell would take at once what had gathered, a peak of 5 % that moves with power.
"""


def march(
    layers: Sequence[Acoustics],
    transducer: Transducer,
    surface_pressure: float,
    *,
    harmonics: int | None = None,
    dispersion: bool = True,
    depth: float | None = None,
    keep: Sequence[int] = (1,),
    peaks: bool = True,
    step: float = 1.0,
    nodes: int | None = None,
    oblique: bool = True,
    dtype: str = "float32",
    like: March | None = None,
) -> March:
    """March the field of a head with `surface_pressure` [Pa] down through `layers`, its apex at the top of the first.

    `harmonics` is the most that are carried (1: the linear field, going down only); None lets them grow to 64 as the
    wave asks for it. Fewer than six hold no shock: what it would take stays in the wave. `keep` names the harmonics
    whose pressure is returned, `peaks` whether the wave's extremes are looked for. `depth`, `step`, `nodes` and
    `oblique` as in `propagators.prepare`; `dtype` float32 gives the rise of float64 to four digits. `like` takes the
    cells of another march of this head and stack, so that the two can be subtracted. Raises `InputError` for a number
    that cannot be, and `NotConverged` where a wave steepens faster than the shortest sub-step.
    """
    number(surface_pressure, "surface_pressure", 0.0, unit="Pa")
    most = CEILING if harmonics is None else whole(harmonics, "harmonics")
    number(most, "harmonics", 1, _LADDER[-1])
    if dtype not in ("float64", "float32"):
        raise InputError("is unknown", key="dtype", value=dtype, allowed="float64 | float32")
    number(step, "step", 0.0, 4.0, open_low=True)
    kept = tuple(whole(n, "keep", 1) for n in keep)
    if any(n > most for n in kept):
        raise InputError("is not carried", key="keep", value=max(kept), allowed=f"1 to {most}")
    prepared = prepare(
        tuple(layers), transducer, dispersion=dispersion, depth=depth, ceiling=_ceiling(most), step=step,
        nodes=nodes, oblique=oblique, dtype=dtype,
    )  # fmt: skip
    return _Run(prepared, surface_pressure, most, kept, peaks, like).go()


def _ceiling(most: int) -> int:
    """Return for how many harmonics factors are made: few marches that differ in little else share them."""
    return most if 24 <= most < CEILING else max(CEILING, most)


class _Run:
    """One march under way: the wave, and what is kept of the cells behind it."""

    def __init__(
        self, at: Propagators, pressure: float, most: int, kept: tuple[int, ...], peaks: bool, like: March | None
    ) -> None:
        self.at, self.pressure, self.most, self.kept, self.peaks, self.like = at, pressure, most, kept, peaks, like
        self.top = pressure
        self.ladder = (*(n for n in _LADDER if n < most), most)
        self.rows = at.hankel.r.size
        self.scale = at.hankel.scale.astype(at.dtype)
        self.buffer = np.empty((3, most * PAIR), dtype=at.dtype)
        self.count = 0
        self.wave = self.other = self.half = self.entered = np.zeros((0, self.rows), dtype=at.dtype)
        self.tops = np.zeros((0, self.rows // BLOCK), dtype=at.dtype)
        self.extents = np.zeros(0, dtype=np.int64)
        self.carry(self.ladder[0])
        self.wave[0], self.wave[1] = pressure * at.spectrum.real, pressure * at.spectrum.imag
        self.reflected = self.lost = 0.0
        self.columns: list[tuple[NDArray, ...]] = []
        self.fields: list[NDArray] = []
        self.spans: list[tuple[float, float]] = []
        self.used: list[tuple[int, int]] = []

    def carry(self, count: int) -> None:
        """Carry another number of harmonics; those that are new begin at nothing, all over the rows."""
        padded, same = 4 * math.ceil(count / 2), 2 * min(self.count, count)  # the transform takes four rows at a time
        old, self.wave = self.wave, np.zeros((padded, self.rows), dtype=self.at.dtype)
        self.wave[:same] = old[:same]
        self.other, self.half = np.zeros_like(self.wave), np.zeros_like(self.wave)
        self.tops = np.zeros((count, self.rows // BLOCK), dtype=self.at.dtype)
        self.extents = np.full(padded // 4, self.rows)
        self.count = count

    def spread(self) -> None:
        """Take rows of radius to plane waves."""
        transform(self.wave, self.at.matrix, self.other, self.extents, self.at.widths[: self.extents.size])
        self.wave, self.other = self.other, self.wave

    def gather(self) -> None:
        """Take plane waves to rows of radius, as far out as their harmonics were and a block further."""
        outer = np.minimum(self.extents + BLOCK, self.rows)
        transform(self.wave, self.at.matrix, self.other, self.at.widths[: outer.size], outer)
        self.wave, self.other = self.other, self.wave

    def reached(self) -> None:
        """Note how far out each pair of harmonics is felt; the first pair always counts to the edge."""
        felt = self.tops > _FELT * self.tops.max(axis=1, keepdims=True)
        last = BLOCK * (felt.shape[1] - np.argmax(felt[:, ::-1], axis=1)) * felt.any(axis=1)
        pairs = np.zeros(2 * self.extents.size, dtype=np.int64)
        pairs[: self.count] = np.maximum(last, BLOCK)
        self.extents = pairs.reshape(-1, 2).max(axis=1)
        self.extents[0] = self.rows

    def travel(self, layer: int, distance: float) -> None:
        real, imaginary = self.at.half(layer, distance)
        multiply(self.wave, real[: self.count], imaginary[: self.count])

    def flux(self, layer: int, *, inside: bool = True) -> float:
        return float(flux(self.wave, self.at.share(layer, inside=inside)[: self.count]))

    def go(self) -> March:
        emitted = self.flux(0) + self.flux(0, inside=False)
        before: tuple[int, float] | None = None
        depth = self.at.transducer.depth
        for layer, width in self.cells():
            self.reach(before, layer, width)
            cosine = self.steepen(layer, width, depth)
            depth += width
            self.spread()
            self.incline(layer, cosine)
            before = layer, width
        assert before is not None  # a slab has a cell
        self.lost += self.flux(before[0], inside=False)
        self.travel(before[0], 0.5 * before[1])
        return self.result(emitted, self.flux(before[0]))

    def cells(self) -> Iterator[tuple[int, float]]:
        """Yield layer and length [m] of each cell: those of the march that is followed, or as the wave asks."""
        if self.like is not None:
            edges = self.like.edges
            layers = np.searchsorted(self.at.depths, 0.5 * (edges[1:] + edges[:-1]))
            yield from zip(layers.tolist(), np.diff(edges).tolist(), strict=True)
            return
        for layer, start, stop in self.slabs():
            count = max(1, math.ceil((stop - start) / self.at.steps[layer] * (1 - 1e-9)))
            width = (stop - start) / count
            for _ in range(count):
                halvings = self.halvings(layer, width)
                for _ in range(2**halvings):
                    yield layer, width / 2**halvings

    def slabs(self) -> Iterator[tuple[int, float, float]]:
        """Yield each layer that is crossed with the depths [m] between which it is."""
        edges = [self.at.transducer.depth, *self.at.depths, math.inf]
        for layer in range(len(self.at.layers)):
            if edges[layer] < self.at.end:
                yield layer, edges[layer], min(edges[layer + 1], self.at.end)

    def halvings(self, layer: int, width: float) -> int:
        """Return how often a cell is halved for the wave that enters it; raises `NotConverged` past the most."""
        if self.most == 1:
            return 0
        way = self.rate(layer, distortion_rate) * self.top * width
        halvings = max(0, math.ceil(math.log2(max(way, 1e-9) / _TURN)))
        if halvings > _FINEST:
            raise NotConverged("solvers.harmonics.march: the wave steepens too fast for its cells", residual=self.top)
        return halvings

    def rate(self, layer: int, law: object) -> float:
        medium, frequency = self.at.layers[layer], self.at.transducer.frequency
        return float(law(1.0, frequency, medium.nonlinearity, medium.density, medium.speed))  # type: ignore[operator]

    def reach(self, before: tuple[int, float] | None, layer: int, width: float) -> None:
        """Go from the middle of the last cell, as plane waves, to the middle of this one, as rows of radius."""
        if before is not None:
            self.lost += self.flux(before[0], inside=False)
            self.travel(before[0], 0.5 * before[1])
            if before[0] != layer:
                arrives = self.flux(before[0])
                real, imaginary = self.at.through(before[0])
                multiply(self.wave, real[: self.count], imaginary[: self.count])
                beyond, within = self.flux(layer, inside=False), self.flux(layer)
                self.reflected += arrives - beyond - within
                self.lost += beyond
        else:
            self.lost += self.flux(layer, inside=False)
        self.travel(layer, 0.5 * width)
        arrives = self.outer(layer)
        self.gather()
        keep = self.at.rim(width)
        self.wave[:, -keep.size :] *= keep
        # Power of the rim is told in plane waves, by one more transform of the two harmonics that reach it.
        transform(self.wave[:4], self.at.matrix, self.other[:4], self.extents[:1], self.at.widths[:1])
        self.lost += arrives - float(flux(self.other, self.at.share(layer)[: min(2, self.count)]))

    def outer(self, layer: int) -> float:
        """Return the power [W] of the first two harmonics, as plane waves."""
        return float(flux(self.wave, self.at.share(layer)[: min(2, self.count)]))

    def steepen(self, layer: int, width: float, depth: float) -> float:
        """Let the wave steepen over this cell and keep what it leaves here; return the mean cosine of its way."""
        medium, at, count = self.at.layers[layer], self.at, self.count
        rate = self.rate(layer, steepening_rate)
        entry, leave = at.losses(layer, width)
        heat, filtered, sums = (np.empty(self.rows, dtype=at.dtype) for _ in range(3))
        strength = _STRENGTH * self.shock()
        cosine = self.cosine(layer) if at.oblique and self.most > 1 else 1.0
        work = cell(
            self.wave, count, self.scale, rate, width / cosine, entry[:count], leave[:count], _FLOOR, _LIMIT, _ORDER,
            strength, self.half, heat, filtered, sums, self.tops, self.buffer,
        )  # fmt: skip
        self.top = float(sums.max())
        if work < 0:
            raise NotConverged(
                f"solvers.harmonics.march: the wave steepens too fast at {1e3 * depth:.2f} mm", residual=self.top
            )
        # Over the cell's length, as the linear loss is: power along depth per area over the way.
        taken = filtered * (cosine / (2.0 * medium.density * medium.speed * width))
        share = medium.absorbed_fraction
        self.columns.append(
            (
                share * heat + taken,
                (1.0 - share) * heat,
                *(extremes(self.half, count, sums, _FLOOR) if self.peaks else (sums, sums)),
            )
        )
        silent = np.zeros(self.rows)
        self.fields.append(
            np.array([self.half[2 * n - 2] + 1j * self.half[2 * n - 1] if n <= count else silent for n in self.kept])
        )
        self.spans.append((depth, depth + width))
        self.used.append((count, int(work)))
        self.entered, self.other = self.other, np.empty_like(self.other)
        self.reached()
        self.adapt(self.tops.max(axis=1))
        return cosine

    def cosine(self, layer: int) -> float:
        """Return the power along depth over the power of the wave that entered this cell: its mean cosine."""
        entered = self.other  # plane waves, as `gather` left them
        count = self.count
        return float(flux(entered, self.at.share(layer)[:count]) / flux(entered, self.at.power(layer)[:count]))

    def incline(self, layer: int, cosine: float) -> None:
        """Give each plane wave what its own way through the cell has made of it, where the cell took the mean `cosine`.

        So says Westervelt's equation for a wave that goes one way, dP/dz = N(P)/cos θ, and so power along depth stays:
        Burgers' equation keeps Σ|P|², N hands on Σ|P|² cos θ only with it.
        """
        if self.at.oblique and self.most > 1:
            lengthen(self.wave, self.entered, self.at.secant(layer)[: min(self.count, len(self.entered) // 2)], cosine)

    def shock(self) -> float:
        """Return how much of a shock the last cell left that needs more harmonics than there may be, 0 to 1."""
        if self.count < self.most or self.count < _FEWEST:
            return 0.0
        tops, full = self.tops.max(axis=1), _SHOCK[1]
        first = _SHOCK[0] * max(1.0, 24.0 / self.count)
        last = np.arange(3 * self.count // 4, self.count)
        steep = math.sqrt(((last + 1) ** 2 * tops[last]).max() / tops[0]) if tops[0] > 0.0 else 0.0
        return min(1.0, max(0.0, (steep - first) / (full - first)))

    def adapt(self, tops: Floats) -> None:
        """Carry more harmonics where the last quarter is felt, fewer where the last ones are gone."""
        rung = self.ladder.index(self.count)
        if rung + 1 < len(self.ladder) and tops[3 * self.count // 4 :].max() > _GROWS**2 * tops[0]:
            self.carry(self.ladder[rung + 1])
        elif rung and tops[self.ladder[rung - 1] * 3 // 4 :].max() < (0.01 * _GROWS) ** 2 * tops[0]:
            self.carry(self.ladder[rung - 1])

    def result(self, emitted: float, passed: float) -> March:
        at = self.at.hankel
        heat, scattered, high, low = (np.array(c, dtype=np.float64).T for c in zip(*self.columns, strict=True))
        spans = np.array(self.spans)
        lengths = spans[:, 1] - spans[:, 0]
        used = np.array(self.used)
        return March(
            at.r, spans.mean(axis=1), np.append(spans[:, 0], spans[-1, 1]), at.areas, heat, scattered, high, low,
            self.kept, np.moveaxis(np.array(self.fields), 0, -1), emitted,
            float(np.einsum("r,rz,z->", at.areas, heat, lengths)),
            float(np.einsum("r,rz,z->", at.areas, scattered, lengths)), passed, self.reflected, self.lost,
            used[:, 0], used[:, 1], self.pressure,
        )  # fmt: skip
