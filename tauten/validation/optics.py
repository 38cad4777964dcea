"""What the published optical tables say at the wavelengths of infrared devices, and what Tauten's layers have there."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from tauten.skin import chromophores, optics
from tauten.skin.layer import Layer
from tauten.skin.skin import Skin
from tauten.validation.case import Check, Claim

__all__ = ["CLAIMS"]

_SEGELSTEIN = "Segelstein 1981, hdl:10355/11599"
_WANG = "Wang 2017, doi:10.1364/OE.25.005909"
_SALOMATINA = "Salomatina 2006, doi:10.1117/1.2398928"
_DING = "Ding 2006, doi:10.1088/0031-9155/51/6/008"

_WATER = {
    _SEGELSTEIN: {1064: 0.151, 1320: 1.80, 1440: 31.7, 1450: 31.5},
    _WANG: {1320: 1.80, 1440: 30.3, 1450: 31.3},
}
_HALE_QUERRY = {1064: 0.51, 1320: 4.6, 1450: 10.6}
"""What linear interpolation of Hale & Querry's sparse rows would give [1/cm]: three times off, up and down."""

_MEASURED = {
    # tissue: {nm: (absorption in vitro, reduced scattering)} [1/cm]
    "epidermis": {1064: (0.238, 29.7), 1320: (1.07, 25.3), 1450: (30.3, 31.6), 1540: (14.7, 25.4)},
    "dermis": {1064: (0.477, 18.0), 1320: (1.53, 16.1), 1450: (22.4, 21.6), 1540: (11.4, 17.7)},
    "fat": {1064: (0.739, 16.9), 1320: (1.23, 15.8), 1450: (11.3, 18.3), 1540: (5.69, 16.5)},
}


def _water() -> Iterator[Check]:
    for source, table in _WATER.items():
        for nm, expected in table.items():
            yield Check(
                f"water at {nm} nm", _water_at(nm), expected, 0.05 * expected, "1/cm", source,
                "5 %: spread between measurements of water",
            )  # fmt: skip
    yield Check(
        "water at 1540 nm", _water_at(1540), 12.8, 0.8, "1/cm",
        f"{_SEGELSTEIN} (12.0); {_WANG} (13.3); Kedenburg 2012 (13.6)", "the three measurements span 12.0-13.6",
    )  # fmt: skip
    for nm, wrong in _HALE_QUERRY.items():
        apart = abs(float(np.log(_water_at(nm) / wrong)))
        yield Check(
            f"water at {nm} nm is not Hale & Querry's interpolated", apart, 1.1, 0.25, "1",
            "Hale & Querry 1973, doi:10.1364/AO.12.000555", "log ratio: those sparse rows are off 2.5 to 3.4 times",
        )  # fmt: skip
    slope = chromophores.curve_at("water_temperature", 2014e-9, logarithmic=False)
    yield Check(
        "water at 2014 nm per kelvin", float(slope) / 100.0, -0.259, 0.026, "1/cm/K",
        "abstract on holmium and thulium wavelengths, 20-100 °C",
        "10 %: the curve was measured near 20 °C, the abstract's mean goes to 100 °C",
    )  # fmt: skip


def _melanin() -> Iterator[Check]:
    yield Check(
        "melanosome at 1064 nm", _per_cm(chromophores.melanosome_absorption(1064e-9)), 52.3, 2.65, "1/cm",
        "Jacques, omlc.org/spectra/melanin; Jacques 2013, doi:10.1088/0031-9155/58/11/R37",
        "three published forms give 49.7, 53.9 and 54.9",
    )  # fmt: skip


def _tissue() -> Iterator[Check]:
    skin = Skin.of(*(Layer(name, 1e-3, water=0.1) for name in _MEASURED))
    waves = np.array(sorted(_MEASURED["dermis"])) * 1e-9
    seen = dict(zip(_MEASURED, optics.layers(skin, waves), strict=True))
    for tissue, table in _MEASURED.items():
        scattering = np.asarray(seen[tissue].reduced_scattering) / 100.0
        for nm, found, (absorbs, scatters) in zip(sorted(table), scattering, table.values(), strict=True):
            yield Check(
                f"{tissue} reduced scattering at {nm} nm",
                float(found), scatters, 0.012 * scatters, "1/cm", _SALOMATINA,
                "1.2 %: the table is carried thinned to 0.6 %, the number printed to three figures",
            )  # fmt: skip
            yield Check(
                f"{tissue} absorption in vitro at {nm} nm",
                _per_cm(chromophores.absorption_in_vitro(tissue, nm * 1e-9)), absorbs, 0.02 * absorbs,
                "1/cm", _SALOMATINA,
                "2 %: the table is carried thinned to 1.2 %, the number printed to three figures",
            )  # fmt: skip


def _index() -> Iterator[Check]:
    skin = Skin.of(Layer("epidermis", 1e-4), Layer("dermis", 1e-3), Layer("fat", 1e-3, water=0.1))
    waves = {1064: (1.430, 1.380, None), 1310: (1.423, 1.361, None), 1551: (None, None, 1.451)}
    for nm, expected in waves.items():
        for layer, value in zip(optics.layers(skin, nm * 1e-9), expected, strict=True):
            if value is None:
                continue
            source = "Matiatou 2021, doi:10.1016/j.rinp.2021.103833" if value > 1.44 else _DING
            name = skin.layers[expected.index(value)].name
            yield Check(
                f"index of the {name} at {nm} nm", float(np.asarray(layer.index)[0]), value, 0.001, "1", source,
                "0.001: the last printed figure",
            )  # fmt: skip


def _water_at(nm: float) -> float:
    """Absorption of water [1/cm] at 22 °C, where the tables were measured."""
    return _per_cm(chromophores.water_absorption(nm * 1e-9, 295.15))


def _per_cm(absorption: object) -> float:
    return float(np.asarray(absorption)) / 100.0


CLAIMS: tuple[Claim, ...] = (
    Claim("Water absorbs as measured, not as sparse rows interpolate", _water, 0.1),
    Claim("Melanosomes at 1064 nm lie within the published forms", _melanin, 0.1),
    Claim("Epidermis, dermis and fat scatter and absorb as Salomatina measured", _tissue, 0.1),
    Claim("Refractive index falls with wavelength as Ding and Matiatou measured", _index, 0.1),
)
