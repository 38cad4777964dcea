"""How much of the skin a stamp coagulates at each depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tauten.devices.exposure import NeedlePulse
from tauten.report.canvas import GREY, PALETTE, DepthScale, Drawing, sheet, whole
from tauten.report.figures import layers_of
from tauten.report.numbers import percent

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["coagulated"]


def coagulated(plan: Plan) -> Drawing | None:
    """Draw the coagulated share of the footprint against depth, with the tips and the layers."""
    known = plan.treatment.coagulation
    tips = [s.exposure.depth for s in plan.treatment.exposures if isinstance(s.exposure, NeedlePulse)]
    if known is None or not tips:
        return None
    layers = layers_of(plan)
    border = max((bottom for name, _, bottom in layers if "dermis" in name), default=max(tips))
    scale = DepthScale(max(1.25 * border, 1.3 * max(tips)), stretched=False)
    share = 100.0 * np.asarray(known.fraction)
    with sheet("coagulated", "Coagulated share of the skin under a stamp against depth", 3.7) as drawn:
        axes = drawn.figure.subplots()
        where = scale.at(known.depth)
        axes.fill_betweenx(where, 0.0, share, color=PALETTE[3], alpha=0.35, lw=0)
        axes.plot(share, where, color=PALETTE[3], lw=2.0)
        scale.draw(axes, layers, vertical=True)
        for tip in sorted(set(tips)):
            axes.axhline(tip * 1e3, color=PALETTE[4], lw=1.6)
            axes.annotate("tips", (1.0, tip * 1e3), (-4, 3), xycoords=("axes fraction", "data"),
                          textcoords="offset points", ha="right", va="bottom", fontsize=8, color=GREY)  # fmt: skip
        axes.set_xlim(0.0, max(1.15 * float(share.max()), 5.0))
        axes.set_xlabel("coagulated share of the footprint [%]")
        whole(axes.xaxis)
    top = percent(float(known.fraction.max()))
    caption = (
        f"At most {top}, as planned. {percent(known.spared)} of the columns have nothing coagulated anywhere between "
        "the surface and the fat. What reaches below the dermis is fat."
    )
    return Drawing("coagulated", "Coagulated share by depth", caption, drawn.svg)
