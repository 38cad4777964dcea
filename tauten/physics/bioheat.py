"""Bioheat: how heat passes between cells, how blood carries it off, and how water boils away.

ρ c ∂T/∂t = ∇·(k ∇T) + w ρb cb (Ta - T) + q (Pennes 1948). Scalars in, scalars out: the solver compiles these functions,
so they use nothing but arithmetic and `np.exp`.
"""

from __future__ import annotations

import numpy as np

from tauten.references import law

__all__ = [
    "boiled_share",
    "contact_temperature",
    "effusivity",
    "enthalpy_rise",
    "exchange",
    "face_conductance",
    "perfusion_factor",
    "perfusion_per_volume",
    "stasis_factor",
    "temperature_rise",
]


@law(cite="patankar_1980")
def face_conductance(conductivity, width, next_conductivity, next_width, resistance=0.0):
    """Conductance of the face between two cells: 1 / (h/2k + R + h'/2k'). [W/m²/K]

    `conductivity` k, k' [W/m/K] and `width` h, h' [m] of the two cells, `resistance` R [m²K/W] of the face itself. For
    equal widths it is the harmonic mean of k over h, which keeps the flux right across a jump of k.

    >>> round(face_conductance(0.37, 1e-4, 0.21, 1e-4), 1)
    2679.3
    """
    return 1.0 / (0.5 * width / conductivity + resistance + 0.5 * next_width / next_conductivity)


@law(cite="carslaw_jaeger_1959")
def effusivity(conductivity, density, specific_heat):
    """Effusivity √(k ρ c). [W √s/m²/K] From `conductivity` [W/m/K], `density` [kg/m³], `specific_heat` [J/kg/K].

    >>> round(float(effusivity(0.37, 1109.0, 3391.0)))
    1180
    """
    return np.sqrt(conductivity * density * specific_heat)


@law(cite="carslaw_jaeger_1959")
def contact_temperature(temperature, own_effusivity, other_temperature, other_effusivity):
    """Temperature of the face where two half-spaces meet in ideal contact: (e T + e' T') / (e + e'). [K]

    `temperature` T, T' [K] far from the face, effusivities e, e' [W √s/m²/K].

    >>> round(float(contact_temperature(33.0, 1179.6, 5.0, 10289.3)), 1)
    7.9
    """
    return (own_effusivity * temperature + other_effusivity * other_temperature) / (own_effusivity + other_effusivity)


@law(cite="pennes_1948")
def perfusion_per_volume(perfusion, density):
    """Volume of blood per volume of tissue and second: w ρ. [1/s]

    `perfusion` w [m³/s/kg], volume of blood per mass of tissue (1 ml/min/kg is 1e-6/60 of it), `density` ρ of the
    tissue [kg/m³].

    >>> round(perfusion_per_volume(106e-6 / 60, 1109.0), 6)
    0.001959
    """
    return perfusion * density


@law(cite="pennes_1948")
def exchange(perfusion, blood_heat_capacity):
    """Heat that blood takes per volume, kelvin and second: w ρb cb. [W/m³/K]

    `perfusion` w [1/s], `blood_heat_capacity` ρb cb [J/m³/K].

    >>> round(exchange(perfusion_per_volume(106e-6 / 60, 1109.0), 1050.0 * 3617.0), 1)
    7440.9
    """
    return perfusion * blood_heat_capacity


@law(cite="lang_1999", valid={"temperature": (310.15, 318.15)})
def perfusion_factor(temperature, rise, peak, width):
    """How many times the resting perfusion flows at `temperature` T: 1 + (m - 1) exp(-((T - Tp) / s)²), m above Tp. [1]

    `rise` m [1] at `peak` Tp [K], `width` s [K]. Lang gives muscle 0.45 + 3.55 exp(-(T - 45)²/12) kg/m³/s: m = 8.9.

    >>> round(0.45 * float(perfusion_factor(310.15, 4.0 / 0.45, 318.15, 12**0.5)), 3)  # [kg/m³/s] at 37 °C
    0.467
    """
    below = min(temperature - peak, 0.0) / width
    return 1.0 + (rise - 1.0) * np.exp(-below * below)


@law(cite="henriques_1947")
def stasis_factor(omega):
    """Share of the resting blood flow that is left, exp(-Ω), after damage `omega` Ω [1].

    A product choice: the source gives Ω, exp(-Ω) the share of a first-order process that is still whole; that flow
    stops in step with it, vessel by vessel, has not been measured.

    >>> round(float(stasis_factor(1.0)), 4)
    0.3679
    """
    return np.exp(-omega)


@law(cite="wagner_pruss_2002")
def temperature_rise(enthalpy, boiling, latent, ratio):
    """Temperature rise of a cell that has taken up `enthalpy` v: v, then flat while its water boils, then dry. [K]

    `enthalpy` v [K] is heat per volume over the moist cell's ρ c, counted from the reference; `boiling` vb [K] the rise
    at which water boils; `latent` λ [K] the latent heat of the water left, over the same ρ c; `ratio` moist over dry
    ρ c. T = v up to vb; vb up to vb + λ; vb + (v - vb - λ) ratio beyond. Source of the latent heat: see the data row.

    >>> [float(temperature_rise(v, 63.0, 400.0, 2.0)) for v in (50.0, 200.0, 473.0)]
    [50.0, 63.0, 83.0]
    """
    return min(enthalpy, boiling) + max(enthalpy - boiling - latent, 0.0) * ratio


@law(cite="wagner_pruss_2002")
def boiled_share(enthalpy, boiling, latent):
    """Share of the cell's water that `enthalpy` v [K] has boiled: (v - vb) / λ, between 0 and 1. Symbols as above.

    >>> float(boiled_share(163.0, 63.0, 400.0))
    0.25
    """
    return min(max(enthalpy - boiling, 0.0) / latent, 1.0)


@law(cite="wagner_pruss_2002")
def enthalpy_rise(before, after, boiled, latent, boiling, ratio, dries):
    """Enthalpy a moist cell took up between two moments, over its moist ρ c. [K]

    The inverse of `temperature_rise`: `before`, `after` [K] are the temperature rises, `boiled` the water lost between,
    in shares of `latent` λ [K]; `dries` is 1 when the cell ends dry, else 0.

    >>> enthalpy_rise(50.0, 83.0, 1.0, 400.0, 63.0, 2.0, 1)
    423.0
    """
    return after - before + latent * boiled + dries * (after - boiling) * (1.0 / ratio - 1.0)
