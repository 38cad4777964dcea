"""What a hydrophone in water would say about a head: the numbers of IEC 62359 and IEC 60601-2-62, plain and derated."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tauten.checks import instance, number
from tauten.devices.transducer import Bowl, Piston, Ring, Transducer
from tauten.errors import InputError
from tauten.facts import Facts, load
from tauten.physics import sound
from tauten.skin.acoustics import Acoustics
from tauten.solvers.beams import radiate
from tauten.solvers.field import Sound

__all__ = ["Output", "in_water", "measured", "width_at"]

Floats = NDArray[np.floating]
_HALF = 0.5  # of the pressure: a quarter of the intensity, -6 dB
_WIDE, _RADII = 1.4, 81  # wavelengths times f-number over 2 across; radii
_HARMONICS = 24


@dataclass(frozen=True, slots=True)
class Output:
    """Output of a transducer in water at one acoustic `power` [W]; what begins with `derated_` as in tissue.

    Derating fades every pressure by `derating` [Np/m at 1 MHz], rising with frequency, along its way in the skin, from
    `standoff` [m below the apex] on; the water before it fades nothing. Peaks [Pa] are the largest on the axis, `depth`
    [m] that of the largest pressure below the rim's plane. `sppa` is the spatial-peak pulse-average and `spta` the
    spatial-peak temporal-average intensity [W/m²], `lateral` the full -6 dB width there and `axial` the -6 dB length
    along the axis [m] (NaN where the field is too short for it). `mechanical_index` is from the derated peak negative
    pressure; `mechanical_index_guide` the value that diagnostic equipment keeps below.
    """

    frequency: float
    power: float
    duty: float
    derating: float
    standoff: float
    peak_positive: float
    peak_negative: float
    depth: float
    sppa: float
    spta: float
    lateral: float
    axial: float
    derated_peak_positive: float
    derated_peak_negative: float
    derated_depth: float
    derated_sppa: float
    derated_spta: float
    derated_lateral: float
    derated_axial: float
    mechanical_index: float
    mechanical_index_guide: float

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader must be told, a sentence each."""
        if self.mechanical_index <= self.mechanical_index_guide:
            return ()
        return (
            f"The mechanical index is {self.mechanical_index:.1f}, above {self.mechanical_index_guide:g}: cavitation "
            "is possible, which this calculation does not follow.",
        )


def in_water(
    transducer: Transducer,
    power: float,
    water: Acoustics,
    *,
    standoff: float,
    duty: float = 1.0,
    facts: Facts | None = None,
) -> Output:
    """Return the `Output` of a transducer at acoustic `power` [W] in endless `water`, `duty` of the time on.

    The skin would begin `standoff` [m] below the apex: derating counts from there. The field is followed with the
    harmonics it grows, of which the first 24 count: what a full shock holds beyond them is 3 % of its intensity. Radii
    reach four half-widths of the focus. Raises what `radiate` and `measured` raise.
    """
    instance(transducer, (Bowl, Ring, Piston), "transducer", "Bowl | Ring | Piston")
    instance(water, Acoustics, "water", "Acoustics")
    wave, aperture = water.speed / transducer.frequency, transducer.aperture_radius
    widest = min(1.25 * aperture, _WIDE * wave * transducer.focus / aperture)
    field = radiate(
        [replace(water, thickness=math.inf)], transducer, power=power, r=np.linspace(0.0, widest, _RADII),
        keep=range(1, _HARMONICS + 1),
    )  # fmt: skip
    return measured(field, standoff=standoff, duty=duty, facts=facts)


def measured(field: Sound, *, standoff: float, duty: float = 1.0, facts: Facts | None = None) -> Output:
    """Return the `Output` of a `field` in water (one endless layer), `duty` of the time on.

    Derating counts from `standoff` [m below the apex]: a head's water is no tissue, and counting it as such would lower
    the mechanical index. Intensities sum the harmonics that were kept: name many of them, or use `in_water`. Raises
    `InputError` for a field in other than one layer, off its axis or without harmonics, a duty that is no share, and a
    standoff above the rim.
    """
    instance(field, Sound, "field", "Sound, as radiate returns it")
    facts = facts or load()
    duty = number(duty, "duty", 0.0, 1.0, open_low=True)
    standoff = number(standoff, "standoff", field.transducer.depth, unit="m")
    if len(field.layers) != 1:
        raise InputError("is measured in water alone", key="layers", value=len(field.layers), allowed="one layer")
    if field.r[0] != 0.0 or field.z.size < 3:
        raise InputError("must have its axis and at least three depths", key="r", value=f"{field.r[0]:g}")
    if not field.kept:
        raise InputError("has no harmonic kept", key="keep", value=repr(field.kept), allowed="for example (1, 2)")
    water, frequency = field.layers[0], field.transducer.frequency
    derating = facts.si("devices/output/derating")
    intensity = sound.intensity(np.sqrt(np.sum(np.abs(field.pressure) ** 2, axis=0)), water.density, water.speed)
    plain = _peaks(field, intensity, np.ones_like(field.z))
    attenuation = float(sound.attenuation_at(frequency, derating, 1.0))
    kept = np.exp(-attenuation * np.maximum(field.z - standoff, 0.0))
    derated = _peaks(field, intensity, kept)
    index = float(sound.mechanical_index(derated[1], frequency))
    guide = facts.si("devices/output/mechanical_index_guide")

    names = ("peak_positive", "peak_negative", "depth", "sppa", "lateral", "axial")
    found = dict(zip(names, plain, strict=True)) | {f"derated_{n}": v for n, v in zip(names, derated, strict=True)}
    return Output(
        frequency=frequency, power=field.emitted, duty=duty, derating=derating, standoff=standoff, spta=plain[3] * duty,
        derated_spta=derated[3] * duty, mechanical_index=index, mechanical_index_guide=guide, **found,
    )  # fmt: skip


def _peaks(field: Sound, intensity: Floats, kept: Floats) -> tuple[float, ...]:
    """Return (peak positive, peak negative, depth below the rim, intensity, lateral, axial), pressures times `kept`."""
    axis = np.sqrt(intensity[0]) * kept
    place = int(np.argmax(axis))
    across = np.sqrt(intensity[:, place])
    half = width_at(np.concatenate([across[:0:-1], across]), np.concatenate([-field.r[:0:-1], field.r]), _HALF)
    return (
        float(np.max(field.peak_positive[0] * kept)), float(np.max(field.peak_negative[0] * kept)),
        float(field.z[place]) - field.transducer.depth, float(axis[place] ** 2), half, width_at(axis, field.z, _HALF),
    )  # fmt: skip


def width_at(values: Floats, at: Floats, level: float) -> float:
    """Return the width about the largest of `values` where they stay above `level` of it, in the unit of `at`.

    Crossings are interpolated in a straight line; NaN where one lies beyond the ends.

    >>> width_at(np.array([0.0, 0.25, 1.0, 0.75, 0.25]), np.arange(5.0), 0.5)
    2.1666666666666665
    """
    top = int(np.argmax(values))
    limit = level * float(values[top])
    ends = []
    for step in (-1, 1):
        i = top
        while 0 <= i + step < values.size and values[i + step] >= limit:
            i += step
        if not 0 <= i + step < values.size:
            return math.nan
        share = (values[i] - limit) / (values[i] - values[i + step])
        ends.append(float(at[i] + share * (at[i + step] - at[i])))
    return ends[1] - ends[0]
