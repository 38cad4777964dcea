"""The loops over all cells: conductances of faces, and heat."""

from __future__ import annotations

from typing import Any

from numba import njit

__all__ = ["fill_faces", "fill_heat"]


@njit(cache=True, error_model="numpy")
def fill_faces(
    along: Any,
    upper: Any,
    lower: Any,
    dead: Any,
    low: Any,
    high: Any,
    widths: Any,
    faces_x: Any,
    faces_y: Any,
    faces_z: Any,
) -> None:
    """Write the conductance of every face [S]: two halves in series, nothing into metal.

    `along`, `upper`, `lower` have length 1 along axes they do not change with.
    """
    nx, ny, nz = dead.shape
    mx, my = along.shape[0] > 1, along.shape[1] > 1
    wx, wy, wz = widths
    for i in range(nx):
        a = i if mx else 0
        for j in range(ny):
            b = j if my else 0
            for k in range(nz):
                if dead[i, j, k]:
                    continue
                own = along[a, b, k]
                if i + 1 < nx and not dead[i + 1, j, k]:
                    other = along[a + 1 if mx else 0, b, k]
                    way = high[0][i] * other + low[0][i + 1] * own
                    faces_x[i, j, k] = wy[j] * wz[k] * own * other / way
                if j + 1 < ny and not dead[i, j + 1, k]:
                    other = along[a, b + 1 if my else 0, k]
                    way = high[1][j] * other + low[1][j + 1] * own
                    faces_y[i, j, k] = wx[i] * wz[k] * own * other / way
                if k + 1 < nz and not dead[i, j, k + 1]:
                    here, there = lower[a, b, k], upper[a, b, k + 1]
                    way = high[2][k] * there + low[2][k + 1] * here
                    faces_z[i, j, k] = wx[i] * wy[j] * here * there / way


@njit(cache=True, error_model="numpy", inline="always")
def _share(own: Any, other: Any) -> float:
    """Share of the heat of two halves in series that the first takes, from half length and admittivity of each."""
    first = own[0] * own[1].real * (other[1].real ** 2 + other[1].imag ** 2)
    second = other[0] * other[1].real * (own[1].real ** 2 + own[1].imag ** 2)
    return first / (first + second) if first + second > 0.0 else 0.5


@njit(cache=True, error_model="numpy")
def fill_heat(
    along: Any,
    upper: Any,
    lower: Any,
    potential: Any,
    low: Any,
    high: Any,
    faces_x: Any,
    faces_y: Any,
    faces_z: Any,
    heat: Any,
) -> None:
    """Add to `heat` [W] what the current through every face leaves in the half cells on both its sides.

    Re(g) |Δφ|², with Δφ root mean square, shared as the two halves' resistances.
    """
    nx, ny, nz = heat.shape
    mx, my = along.shape[0] > 1, along.shape[1] > 1
    for i in range(nx):
        a = i if mx else 0
        for j in range(ny):
            b = j if my else 0
            for k in range(nz):
                here, own = potential[i, j, k], along[a, b, k]
                if i + 1 < nx and faces_x[i, j, k] != 0.0:
                    step = potential[i + 1, j, k] - here
                    power = faces_x[i, j, k].real * (step.real**2 + step.imag**2)
                    part = _share((high[0][i], own), (low[0][i + 1], along[a + 1 if mx else 0, b, k]))
                    heat[i, j, k] += part * power
                    heat[i + 1, j, k] += (1.0 - part) * power
                if j + 1 < ny and faces_y[i, j, k] != 0.0:
                    step = potential[i, j + 1, k] - here
                    power = faces_y[i, j, k].real * (step.real**2 + step.imag**2)
                    part = _share((high[1][j], own), (low[1][j + 1], along[a, b + 1 if my else 0, k]))
                    heat[i, j, k] += part * power
                    heat[i, j + 1, k] += (1.0 - part) * power
                if k + 1 < nz and faces_z[i, j, k] != 0.0:
                    step = potential[i, j, k + 1] - here
                    power = faces_z[i, j, k].real * (step.real**2 + step.imag**2)
                    part = _share((high[2][k], lower[a, b, k]), (low[2][k + 1], upper[a, b, k + 1]))
                    heat[i, j, k] += part * power
                    heat[i, j, k + 1] += (1.0 - part) * power
