"""Light in turbid, layered media: what happens to one photon in one step, and the diffusion limits.

Every function is a small scalar formula of floats, free of branches where lanes of photons must run side by side, so
that the same text serves double and single precision.
"""

from __future__ import annotations

import math

from tauten.references import law

__all__ = [
    "cone_cosine",
    "effective_attenuation",
    "free_path",
    "henyey_greenstein",
    "henyey_greenstein_loss",
    "lambert_cosine",
    "reflectance",
    "refracted_cosine",
    "rotated",
    "sine_of_loss",
    "transmittance",
    "window_reflectance",
]


@law(cite="wang_jacques_zheng_1995")
def free_path(log_uniform, mean_free_path):
    """Distance to the next interaction [m], s = -ln(ξ)/(μa + μs).

    `log_uniform` is ln ξ of a uniform ξ in (0, 1); `mean_free_path` is 1/(μa + μs) [m].

    >>> round(free_path(math.log(0.5), 1e-3), 7)
    0.0006931
    """
    return -log_uniform * mean_free_path


@law(cite="henyey_greenstein_1941", valid={"anisotropy": (-1.0, 1.0)})
def henyey_greenstein(cosine, anisotropy):
    """Phase function p(cos θ) = (1 - g²) / 2(1 + g² - 2g cos θ)^3/2, whose integral over cos θ is 1. [1]

    >>> henyey_greenstein(0.3, 0.0)
    0.5
    """
    g = anisotropy
    return 0.5 * (1.0 - g * g) / (1.0 + g * g - 2.0 * g * cosine) ** 1.5


@law(cite="henyey_greenstein_1941", valid={"anisotropy": (-1.0, 1.0)})
def henyey_greenstein_loss(uniform, anisotropy):
    """1 - cos θ of a scattering angle drawn from the Henyey-Greenstein law by a uniform ξ in (0, 1). [1]

    The usual inversion cos θ = [1 + g² - ((1 - g²)/(1 - g + 2gξ))²]/2g divides by g and cancels for small angles.
    Written as a product, 1 - cos θ = 2(1 - ξ)(1 + gξ)((1 - g)/(1 - g + 2gξ))², it holds for every g, 0 and ±1 too.

    >>> round(1 - henyey_greenstein_loss(0.5, 0.9), 6)
    0.9855
    >>> henyey_greenstein_loss(0.25, 0.0)
    1.5
    """
    ratio = (1.0 - anisotropy) / (1.0 - anisotropy + 2.0 * anisotropy * uniform)
    return 2.0 * (1.0 - uniform) * (1.0 + anisotropy * uniform) * ratio * ratio


@law(cite="wang_jacques_zheng_1995")
def sine_of_loss(loss):
    """Sine of the angle whose 1 - cos θ is `loss`: √(loss·(2 - loss)). [1]

    >>> sine_of_loss(1.0)
    1.0
    """
    return math.sqrt(loss * (2.0 - loss))


@law(cite="duff_2017")
def rotated(u, v, w, loss, sine, cosine_azimuth, sine_azimuth):
    """Unit direction (u, v, w) turned by θ (as 1 - cos θ and sin θ) about itself at the azimuth given. [1]

    The two cross directions are Duff's frame, which has no pole and no root. The last line is one Newton step towards
    unit length: rounding must not build up over hundreds of scatterings.

    >>> [round(c, 12) for c in rotated(0.0, 0.0, -1.0, 1.0, 1.0, 1.0, 0.0)]
    [1.0, 0.0, 0.0]
    """
    sign = 1.0 if w >= 0.0 else -1.0
    a = -1.0 / (sign + w)
    b = u * v * a
    p = sine * cosine_azimuth
    q = sine * sine_azimuth
    turned_u = u - loss * u + p * (1.0 + sign * u * u * a) + q * b
    turned_v = v - loss * v + p * sign * b + q * (sign + v * v * a)
    turned_w = w - loss * w - p * sign * u - q * v
    unit = 1.5 - 0.5 * (turned_u * turned_u + turned_v * turned_v + turned_w * turned_w)
    return turned_u * unit, turned_v * unit, turned_w * unit


@law(cite="born_wolf_1999")
def refracted_cosine(cosine, index, beyond):
    """Cosine of the refracted angle by Snell's law, from `index` into `beyond`; 0 at total reflection. [1]

    >>> round(refracted_cosine(math.cos(0.5), 1.0, 1.4), 6)
    0.939537
    >>> refracted_cosine(0.1, 1.4, 1.0)
    0.0
    """
    ratio = index / beyond
    return math.sqrt(max(0.0, 1.0 - ratio * ratio * (1.0 - cosine * cosine)))


@law(cite="born_wolf_1999")
def reflectance(cosine, refracted, index, beyond):
    """Fresnel reflectance of unpolarised light from `index` n₁ into `beyond` n₂. [1]

    R = ½[((n₁c₁ - n₂c₂)/(n₁c₁ + n₂c₂))² + ((n₁c₂ - n₂c₁)/(n₁c₂ + n₂c₁))²] with the cosines c₁ of incidence and c₂ =
    `refracted` (see `refracted_cosine`; its 0 at total reflection gives R = 1).

    >>> round(reflectance(1.0, 1.0, 1.0, 1.4), 6)
    0.027778
    >>> reflectance(0.1, 0.0, 1.4, 1.0)
    1.0
    """
    across = (index * cosine - beyond * refracted) / (index * cosine + beyond * refracted)
    along = (index * refracted - beyond * cosine) / (index * refracted + beyond * cosine)
    return 0.5 * (across * across + along * along)


@law(cite="born_wolf_1999")
def window_reflectance(first, second):
    """Reflectance of a clear window whose faces reflect `first` and `second`, thick against the coherence length. [1]

    R = r₁ + (1 - r₁)² r₂/(1 - r₁r₂), the sum over all passes.

    >>> round(window_reflectance(0.04, 0.04), 6)
    0.076923
    """
    return first + (1.0 - first) ** 2 * second / (1.0 - first * second)


@law(cite="wang_jacques_zheng_1995")
def cone_cosine(uniform, narrowest):
    """Cosine of a direction even in solid angle inside a cone whose half-angle has the cosine `narrowest`. [1]

    >>> cone_cosine(0.5, 1.0)
    1.0
    """
    return 1.0 - uniform * (1.0 - narrowest)


@law(cite="born_wolf_1999")
def lambert_cosine(uniform):
    """Cosine of a direction drawn from the cosine law (a surface equally bright from everywhere), √ξ. [1]

    >>> lambert_cosine(0.25)
    0.5
    """
    return math.sqrt(uniform)


@law(cite="vandehulst_1980")
def transmittance(absorption, scattering, thickness):
    """Share of a collimated beam that crosses `thickness` [m] untouched, exp(-(μa + μs)d); Beer-Lambert. [1]

    >>> round(transmittance(1000.0, 9000.0, 2e-4), 5)
    0.13534
    """
    return math.exp(-(absorption + scattering) * thickness)


@law(cite="farrell_1992")
def effective_attenuation(absorption, reduced_scattering):
    """Decay of diffuse light deep in a wide beam, μeff = √(3μa(μa + μs')) [1/m].

    A preview only: it needs μs' well above μa and a depth of several transport mean free paths.

    >>> round(1e3 / effective_attenuation(15.6, 1710.0), 2)
    3.52
    """
    return math.sqrt(3.0 * absorption * (absorption + reduced_scattering))
