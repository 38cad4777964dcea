"""Floating electrodes in a multigrid cycle: each is one more unknown, on every grid, joined to the cells beside it."""

from __future__ import annotations

from tauten.solvers.electric.layout import driver

__all__ = ["lift", "smoothed"]


@driver
def lift(places, ends, conductances, voltages, residual):
    """Add conductance times voltage of its electrode to the residual of each tied cell."""
    for n in range(places.size):
        residual[places[n]] += conductances[n] * voltages[ends[n]]


@driver
def smoothed(places, ends, conductances, gx, gy, gz, inv, reach, residual, out):
    """Add to `out` the current into each electrode from tied cells, red and then black ones relaxed from nothing."""
    length = inv.shape[2]
    for n in range(places.size):
        i, colour, h = places[n] // (2 * length), (places[n] // length) % 2, places[n] % length
        value = residual[i, colour, h]
        if colour:
            s = (i + 1) & 1
            y, z = h - reach - 1 + s, h + s - 1
            red, own = residual, inv
            value += gx[i - 1, 0, h] * red[i - 1, 0, h] * own[i - 1, 0, h]
            value += gx[i, 1, h] * red[i + 1, 0, h] * own[i + 1, 0, h]
            value += gy[i, 0, y] * red[i, 0, y] * own[i, 0, y]
            value += gy[i, 1, h] * red[i, 0, h + reach + s] * own[i, 0, h + reach + s]
            value += gz[i, 0, z] * red[i, 0, z] * own[i, 0, z]
            value += gz[i, 1, h] * red[i, 0, h + s] * own[i, 0, h + s]
        out[ends[n]] += conductances[n] * inv[i, colour, h] * value
