"""Current in tissue: the published dielectric rows against published values, and what plane layers make of them."""

from __future__ import annotations

import cmath
import math
from collections.abc import Iterator

from tauten.facts import load
from tauten.physics import current
from tauten.skin.dielectrics import measured
from tauten.validation.case import Check, Claim

__all__ = ["CLAIMS", "stack"]

_GABRIEL = "Gabriel, Lau and Gabriel 1996, doi:10.1088/0031-9155/41/11/003"
_TABLE = "table 3 of doi:10.1186/s12938-018-0473-9"
_CONDUCTIVITIES = {
    "skin_dry": (0.01324, 0.14712), "skin_wet": (0.22141, 0.34308), "fat_not_infiltrated": (0.02508, 0.02778),
    "muscle": (0.50269, 0.60210),
}  # fmt: skip
"""S/m at 1 and 6.78 MHz, with the static terms that the paper's table rounds to 0.000."""
_PRINTED = {
    "skin_dry": ((0.1, "0.00045", "1119.2"), (0.4, "0.00305", "1076.3"), (1.0, "0.0132", "990.76")),
    "skin_wet": ((0.1, "0.0658", "15357"), (0.4, "0.1635", "4514.6"), (1.0, "0.2214", "1832.8")),
    "fat_not_infiltrated": ((0.1, "0.0244", "92.885"), (0.4, "0.0248", "38.134"), (1.0, "0.0251", "27.222")),
    "muscle": ((0.1, "0.3619", "8089.2"), (0.4, "0.4278", "4339.3"), (1.0, "0.5027", "1836.4")),
    "bone": ((0.1, "0.0208", "227.64"), (0.4, "0.0218", "182.27"), (1.0, "0.0243", "144.51")),
}
"""MHz, S/m and relative permittivity as printed."""
_STACK = (
    ("membrane", 25e-6), ("skin_dry", 15e-6), ("skin_wet", 1.5e-3), ("fat_not_infiltrated", 5e-3), ("muscle", 20e-3)
)  # fmt: skip
_MEMBRANE = 3.4
_SERIES = "exact: impedances in series, Z A = Σ d/y, with Gabriel's rows"


def stack(frequency: float) -> tuple[list[float], list[complex]]:
    """Return thicknesses [m] and admittivities [S/m] of the layers of the claim at `frequency` [Hz].

    A lossless membrane of 25 µm, 15 µm of dry skin, 1.5 mm of wet skin, 5 mm of fat, 20 mm of muscle.
    """
    values = [
        current.capacitive_admittivity(frequency, _MEMBRANE) if name == "membrane" else measured(name, frequency)
        for name, _ in _STACK
    ]
    return [thickness for _, thickness in _STACK], values


def _rows() -> Iterator[Check]:
    for name, expected in _CONDUCTIVITIES.items():
        for megahertz, value in zip((1.0, 6.78), expected, strict=True):
            found = measured(name, 1e6 * megahertz).real
            yield Check(f"{name.replace('_', ' ')}, {megahertz:g} MHz: conductivity", found, value, 1e-3 * value, "S/m",
                        _GABRIEL, "0.1 %")  # fmt: skip
    for name in ("skin_dry", "skin_wet"):
        bare = load().with_value(f"tissue/dielectrics/{name}.static", 0.0)
        found = measured(name, 1e6, bare).real
        with_it = measured(name, 1e6).real
        yield Check(f"{name.replace('_', ' ')}, 1 MHz: conductivity with a static term of 0", found, with_it, None,
                    "S/m", _GABRIEL, "the table prints 0.000; told beside the value taken")  # fmt: skip
    lean, fatty = (measured(name, 1e6).real for name in ("fat_not_infiltrated", "fat_infiltrated"))
    yield Check("fat infiltrated over not infiltrated, 1 MHz: conductivity", fatty / lean, None, None, "1", _GABRIEL,
                "two rows for one tissue: carried as a spread")  # fmt: skip


def _printed() -> Iterator[Check]:
    for name, points in _PRINTED.items():
        for megahertz, conductivity, permittivity in points:
            y = measured(name, 1e6 * megahertz)
            epsilon = current.permittivity_of(y, 1e6 * megahertz)
            for told, found, text, unit in (
                ("conductivity", y.real, conductivity, "S/m"), ("permittivity", epsilon, permittivity, "1"),
            ):  # fmt: skip
                digit = 10.0 ** -len(text.partition(".")[2])
                # The bone's last digit is cut off, not rounded: 0.02435 stands there as 0.0243.
                yield Check(f"{name.replace('_', ' ')}, {megahertz:g} MHz: {told}", found, float(text), digit, unit,
                            _TABLE, "one unit of the last printed digit")  # fmt: skip


def _layers() -> Iterator[Check]:
    known = {1.0: (0.2877, -32.55, 0.0230), 2.0: (0.2525, -21.74, 0.0207), 6.78: (0.2176, -17.00, 0.0189)}
    for megahertz, (size, phase, dermis) in known.items():
        thicknesses, values = stack(1e6 * megahertz)
        z, shares = current.stack_impedance(thicknesses, values), current.stack_shares(thicknesses, values)
        at = f"{megahertz:g} MHz"
        yield Check(f"membrane, skin, fat, muscle, {at}: |Z| A", abs(z), size, 2e-3 * size, "ohm*m2", _SERIES, "0.2 %")
        yield Check(f"membrane, skin, fat, muscle, {at}: phase", math.degrees(cmath.phase(z)), phase, 0.1, "deg",
                    _SERIES, "0.1 degrees")  # fmt: skip
        yield Check(f"membrane, skin, fat, muscle, {at}: share of the power in the skin under the surface",
                    float(shares[2]), dermis, 0.01 * dermis, "1", _SERIES, "1 %")  # fmt: skip
    for name, place, share in (("fat", 3, 0.8246), ("muscle", 4, 0.1563)):
        yield Check(f"membrane, skin, fat, muscle, 6.78 MHz: share of the power in {name}", float(shares[place]), share,
                    0.01 * share, "1", _SERIES, "1 %")  # fmt: skip


CLAIMS: tuple[Claim, ...] = (
    Claim("Current: Gabriel's dielectric rows", _rows, 0.1),
    Claim("Current: rows against a table printed elsewhere", _printed, 0.1),
    Claim("Current: impedance and power of plane layers", _layers, 0.1),
)
