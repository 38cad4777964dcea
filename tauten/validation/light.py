"""Light transport against published tables, exact limits and independent codes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from tauten.devices.spectrum import Spectrum
from tauten.grid import Grid
from tauten.physics import light
from tauten.solvers import convolve
from tauten.solvers.photons import Estimate, Flat, Optics, Pencil, trace
from tauten.validation.case import Check, Claim
from tauten.workers import ask_all

__all__ = ["CLAIMS"]

_MANUAL = "MCML manual (Wang & Jacques 1992), "
_SAMPLE = "MCML version 1.2.2, sample output sample.mco"
_SKIN = "MCML 1.2.2 and discrete ordinates (32 streams), run on the same layers"
_BOX = "pmcxcl 0.7.5 on the same voxel box"
_NOISE = "4 standard errors of this run, and half a unit of the last printed digit"


def _slab() -> Iterator[Check]:
    tally = trace([Optics(2e-4, 1000.0, 9000.0, 0.75, 1.0)], Pencil(), 2_000_000)
    source = _MANUAL + "table 6.1: van de Hulst 1980"
    for name, found, expected in (("reflected", tally.reflected, 0.09739), ("transmitted", tally.transmitted, 0.66096)):
        yield Check(name, found.value, expected, 4 * found.error + 5e-6, "1", source, _NOISE)


def _half_space() -> Iterator[Check]:
    tally = trace([Optics(np.inf, 1000.0, 9000.0, 0.0, 1.5)], Pencil(), 2_000_000)
    total = tally.specular + tally.reflected.value
    source = _MANUAL + "table 6.2: Giovanelli 1955"
    yield Check("reflected, first reflection included", total, 0.2600, 4 * tally.reflected.error + 1e-4, "1", source,
                "4 standard errors; the table has 4 digits, adding-doubling with 32 points gives 0.25994")  # fmt: skip


def _three_layers() -> Iterator[Check]:
    layers = [
        Optics(1e-3, 100.0, 10000.0, 0.9, 1.37),
        Optics(1e-3, 100.0, 1000.0, 0.0, 1.37),
        Optics(2e-3, 200.0, 1000.0, 0.7, 1.37),
    ]
    tally = trace(layers, Pencil(), 400_000)
    yield Check("first reflection", tally.specular, 0.02437, 1e-5, "1", _SAMPLE, "printed digits; exact by Fresnel")
    found = {"reflected": tally.reflected, "transmitted": tally.transmitted}
    found |= {f"absorbed in layer {n + 1}": share for n, share in enumerate(tally.absorbed)}
    for (name, share), expected in zip(found.items(), (0.23754, 0.09649, 0.2612, 0.1488, 0.2316), strict=True):
        yield Check(name, share.value, expected, 0.0012, "1", _SAMPLE,
                    "3 standard errors of the sample's million photons and of this run")  # fmt: skip


def _skin(absorption: tuple[float, float, float], scattering: tuple[float, float, float]) -> list[Optics]:
    """Epidermis, dermis and fat of the skin benchmark; coefficients in 1/mm."""
    thicknesses = (1e-4, 1.5e-3, 5e-3)
    return [Optics(d, 1e3 * a, 1e3 * s, 0.9, 1.4) for d, a, s in zip(thicknesses, absorption, scattering, strict=True)]


_SKIN_1320 = _skin((0.18, 0.12, 0.025), (11.6, 11.6, 9.6))
_SKIN_1064 = _skin((0.15, 0.02, 0.012), (15.7, 15.7, 11.1))
_LAYERS = ("epidermis", "dermis", "fat")


def _skin_shares() -> Iterator[Check]:
    wanted = {"1320 nm": (_SKIN_1320, (0.0546, 0.4585, 0.1131)), "1064 nm": (_SKIN_1064, (0.0714, 0.1308, 0.1046))}
    for colour, (layers, expected) in wanted.items():
        tally = trace(layers, Pencil(), 300_000, below=1.4)
        for name, share, value in zip(_LAYERS, tally.absorbed, expected, strict=True):
            yield Check(f"{colour}, {name}", share.value, value, 0.01 * value, "1", _SKIN, "1 %: codes agree to 0.4 %")


def _skin_box() -> Iterator[Check]:
    wanted = {"1320 nm": (_SKIN_1320, (0.0542, 0.4531, 0.1072)), "1064 nm": (_SKIN_1064, (0.0698, 0.1266, 0.0952))}
    side = np.linspace(-0.01, 0.01, 41)
    grid = Grid((side, side, np.array([0.0, 1e-4, 6e-4, 1.6e-3, 3.6e-3, 6.6e-3])))
    for colour, (layers, expected) in wanted.items():
        tally = trace(layers, Flat(5e-3), 200_000, below=1.4, grid=grid, absorbing_sides=True)
        for name, share, value in zip(_LAYERS, tally.absorbed, expected, strict=True):
            yield Check(f"{colour}, {name}", share.value, value, 0.01 * value, "1", _BOX,
                        "1 %; layer totals do not depend on the voxels' size")  # fmt: skip


def _beam_width() -> Iterator[Check]:
    wanted = {"1320 nm": (_SKIN_1320, (0.926, 0.846, 0.773)), "1064 nm": (_SKIN_1064, (0.866, 0.772, 0.700))}
    beam = Flat(5e-3)
    for colour, (layers, expected) in wanted.items():
        edges = np.array([0.0, 0.975e-3, 1.025e-3, 1.975e-3, 2.025e-3, 2.975e-3, 3.025e-3])
        grid = Grid((np.linspace(0.0, 0.05, 501), edges), "axisymmetric")
        tally = trace(layers, Pencil(), 300_000, below=1.4, grid=grid)
        ratio = convolve.on_axis(tally, beam)[0] * beam.area / convolve.wide(tally)[0]
        for depth, found, value in zip((1, 2, 3), ratio[1::2], expected, strict=True):
            yield Check(f"{colour}, {depth} mm", float(found), value, 0.01, "1", _SKIN,
                        "noise of 50 µm bins is below 0.5 %")  # fmt: skip


def _closure() -> Iterator[Check]:
    cases = {
        "plain": trace(_SKIN_1320, Pencil(), 50_000),
        "light sent back through sapphire": trace(_SKIN_1064, Flat(4e-3), 50_000, above=1.75, return_fraction=0.6),
    }
    for name, tally in cases.items():
        found = tally.specular + tally.reflected.value + tally.transmitted.value
        found += sum(share.value for share in tally.absorbed)
        yield Check(
            name, found, 1.0, 1e-12, "1", "conservation of energy", "integer sums; the rest is float64 rounding"
        )
        yield Check(
            f"{name}: net roulette", tally.roulette, 0.0, 0.005, "1", "unbiased roulette", "falls as 1/√photons"
        )


def _beer_lambert() -> Iterator[Check]:
    planes = (0.0, 5e-4, 1e-3, 2e-3)
    tally = trace([Optics(b - a, 1500.0, 0.0, 0.0, 1.0) for a, b in pairwise(planes)], Pencil(), 200_000)
    left = [light.transmittance(1500.0, 0.0, depth) for depth in planes]
    for (a, b), share in zip(pairwise(left), tally.absorbed, strict=True):
        yield Check("absorbed", share.value, a - b, 4 * share.error, "1", "exact: Beer-Lambert", "4 standard errors")


def _spectrum() -> Iterator[Check]:
    weights, colours = np.array([0.35, 0.65]), (_SKIN_1064, _SKIN_1320)
    both = [
        Optics(a.thickness, np.array([a.absorption, b.absorption]), np.array([a.scattering, b.scattering]), 0.9, 1.4)
        for a, b in zip(*colours, strict=True)
    ]
    mixed = trace(both, Pencil(), 200_000, below=1.4, spectrum=Spectrum(np.array([1.064e-6, 1.32e-6]), weights))
    single = [trace(layers, Pencil(), 200_000, 2 + n, below=1.4) for n, layers in enumerate(colours)]
    for number, name in enumerate(_LAYERS):
        shares = [tally.absorbed[number] for tally in single]
        expected = float(weights @ [share.value for share in shares])
        error = np.sqrt(weights**2 @ [share.error**2 for share in shares] + mixed.absorbed[number].error ** 2)
        yield Check(name, mixed.absorbed[number].value, expected, 3 * float(error), "1",
                    "weighted sum of the monochromatic runs", "3 standard errors of the difference")  # fmt: skip


def _statistics() -> Iterator[Check]:
    counts, seeds = 4 ** np.arange(3, 8), 400
    grid = Grid((np.array([0.0, 6e-2]), np.array([0.0, _SKIN_1320[1].thickness])), "axisymmetric")  # cheap to tell

    def run(asked: tuple[int, int]) -> tuple[Estimate, Estimate]:
        photons, seed = asked
        tally = trace([_SKIN_1320[1]], Pencil(), photons, seed, below=1.4, grid=grid, threads=1)
        return tally.absorbed[0], tally.reflected

    asked = [(int(count), seed) for count in counts for seed in range(seeds)]
    found = np.array([[(e.value, e.error) for e in pair] for pair in ask_all(run, asked, remember=True)])
    found = found.reshape(counts.size, seeds, 2, 2)
    for number, name in enumerate(("absorbed", "reflected")):
        values, errors = found[:, :, number, 0], found[:, :, number, 1]
        hundred = values[3, :100].std(ddof=1) / np.sqrt(np.mean(errors[3, :100] ** 2))
        yield Check(f"{name}: spread over 100 seeds / reported error", float(hundred), 1.0, 0.2, "1",
                    "definition of the standard error", "100 seeds fix a spread to 7 %")  # fmt: skip
        off = np.sqrt(np.mean((values - values[-1].mean()) ** 2, axis=1))
        slope = np.polyfit(np.log(counts), np.log(off), 1)[0]
        yield Check(
            f"{name}: slope of log error on log count", float(slope), -0.5, 0.05, "1", "central limit theorem",
            "true distance of 400 runs of 64 to 16384 photons from the mean of the longest fixes a slope to 0.008",
        )  # fmt: skip


CLAIMS: tuple[Claim, ...] = (
    Claim("Light: van de Hulst's slab", _slab, 1.0),
    Claim("Light: Giovanelli's half-space", _half_space, 1.0),
    Claim("Light: three layers of MCML", _three_layers, 1.0),
    Claim("Light: skin layers, rings", _skin_shares, 2.0),
    Claim("Light: skin layers, voxel box with absorbing sides", _skin_box, 2.0),
    Claim("Light: 10 mm beam against an endless one", _beam_width, 3.0),
    Claim("Light: energy closes", _closure, 0.5),
    Claim("Light: Beer-Lambert limit", _beer_lambert, 0.5),
    Claim("Light: a spectrum is the sum of its colours", _spectrum, 2.0),
    Claim("Light: errors are honest", _statistics, 5.0),
)
