"""The figure across the spot: how far from its middle the planned warming reaches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from tauten.devices.exposure import LightPulse
from tauten.report.canvas import INK, Drawing, sheet, whole
from tauten.report.figures import depth_shown, layers_of
from tauten.report.numbers import number, percent
from tauten.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["across", "pulses"]

_WARM_SHARE = 0.8


def pulses(plan: Plan) -> tuple[LightPulse, ...]:
    """Return the light of a plan; none where it uses no light."""
    shots = (placed.exposure for placed in plan.treatment.exposures)
    return tuple(shot for shot in shots if isinstance(shot, LightPulse))


def across(plan: Plan) -> Drawing | None:
    """Draw the peak temperature against radius and depth; None for sound, or a run that followed the axis alone."""
    state, light = plan.treatment.state, pulses(plan)
    if not light or state.grid.kind != "axisymmetric" or state.grid.shape[0] < 4:
        return None
    scale, (radius, depth) = depth_shown(plan), state.grid.centres
    spot = math.sqrt(light[0].beam.area / math.pi)
    reach = min(float(radius[-1]), 1.6 * spot)
    across_at, places = np.linspace(0.0, reach, 160), np.linspace(0.0, float(scale.at(scale.deepest)), 160)
    peak = state.reference + state.maximum - ZERO_CELSIUS
    by_depth = np.array([np.interp(scale.depth(places), depth, column) for column in peak])
    image = np.array([np.interp(across_at, radius, row) for row in by_depth.T])
    with sheet("across", "Peak temperature against distance from the middle of the spot and depth", 3.7) as drawn:
        axes = drawn.figure.subplots()
        picture = axes.imshow(
            image, aspect="auto", origin="upper", cmap="Reds", extent=(0.0, reach * 1e3, places[-1], 0.0),
            interpolation="bilinear",
        )  # fmt: skip
        scale.draw(axes, layers_of(plan), vertical=True, names=False)
        axes.axvline(spot * 1e3, color=INK, lw=1.1, ls="-.")
        axes.annotate("edge of the spot", (spot * 1e3, 1.0), (0, 3), xycoords=("data", "axes fraction"),
                      textcoords="offset points", ha="center", va="bottom", fontsize=8)  # fmt: skip
        axes.set_xlabel("distance from the middle of the spot [mm]")
        whole(drawn.figure.colorbar(picture, ax=axes, label="peak temperature [°C]", pad=0.02, aspect=30).ax.yaxis)
    width = _warm_radius(radius, state.maximum[:, int(np.argmax(state.maximum[0]))])
    spot_mm, width_mm = number(spot * 1e3, 2), number(width * 1e3, 2)
    caption = (
        f"The hottest each point gets. At the hottest depth the warming stays above {percent(_WARM_SHARE)} of its "
        f"middle value out to {width_mm} mm; the spot is drawn round, {spot_mm} mm in radius. The tables hold for "
        "the middle; towards the edge both the effect and the risk are smaller."
    )
    return Drawing("across", "Peak temperature across the spot", caption, drawn.svg)


def _warm_radius(radius: NDArray[np.float64], row: NDArray[np.floating]) -> float:
    """How far out [m] the warming `row` last holds its share of the middle value, straight between cells."""
    share = row / row[0]
    last = int(np.flatnonzero(share >= _WARM_SHARE)[-1])
    if last + 1 == radius.size:
        return float(radius[-1])
    return float(np.interp(-_WARM_SHARE, -share[last : last + 2], radius[last : last + 2]))
