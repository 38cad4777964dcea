"""What the surface and the nerves near it feel over time: the camera's reading, comfort, the skin under a head."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tauten.report import levels
from tauten.report.canvas import GREY, PALETTE, WHITE, Drawing, sheet, whole
from tauten.report.numbers import number
from tauten.report.timeline import Reading, covered, hottest_reading, is_covered, on, shown_until
from tauten.report.wording import wording
from tauten.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["camera", "comfort", "surface", "time_above"]


def camera(plan: Plan) -> Drawing:
    """Draw the surface temperature as a thermal camera would see it: not at all while the skin is covered."""
    trace, hottest = plan.treatment.trace, hottest_reading(plan)
    end = max(shown_until(plan), min(float(trace.time[-1]), 1.08 * hottest.at if hottest else 0.0))
    # A coarse trace would hide the skin from the last sample before a window comes: add the moments it comes and goes.
    edges = [moment for cover in covered(plan) for moment in (cover.start - 1e-6, cover.start, cover.stop)]
    time = np.union1d(trace.time, np.clip(edges, trace.time[0], trace.time[-1]))
    hidden, surface = is_covered(plan, time), np.interp(time, trace.time, trace.surface) - ZERO_CELSIUS
    with sheet("camera", "Surface temperature over time as a thermal camera would see it", 3.3) as drawn:
        axes = drawn.figure.subplots()
        axes.plot(time, surface, color=GREY, ls=":", lw=1.3)
        axes.plot(time, np.where(hidden, np.nan, surface), color=PALETTE[1], lw=2.2)
        for span in covered(plan):
            axes.axvspan(span.start, span.stop, color="#e8eaee", lw=0, zorder=0)
        for span in on(plan):
            axes.axvspan(span.start, span.stop, ymax=0.06, color=PALETTE[4], lw=1.0, zorder=1)
        axes.set_xlim(trace.time[0], end)
        shown = surface[time <= end]
        axes.set_ylim(shown.min() - 2.0, shown.max() + 0.22 * (shown.max() - shown.min()) + 2.0)
        _label_camera(axes, plan, hottest, end)
        axes.set_xlabel("time from first light [s]")
        axes.set_ylabel("surface temperature [°C]")
        whole(axes.yaxis)
    caption = (
        "Solid: what a camera can read. Dotted on grey: the skin is covered and the camera is blind, so the surface "
        "can't be watched while light is on under a window. The band at the foot shows when light is on."
        if covered(plan)
        else "Nothing covers the skin: a camera can read the surface throughout. The band at the foot shows light."
    )
    return Drawing("camera", "Surface temperature, as a thermal camera would see it", caption, drawn.svg)


def comfort(plan: Plan) -> Drawing:
    """Draw the temperature where heat-sensing nerve endings lie, with the time spent above 43 and 45 °C."""
    trace, depths, pains = plan.treatment.trace, levels.nerves(), levels.painful()
    warm_at = [trace.time[trace.at_depth(depth) - ZERO_CELSIUS > pains[0]] for depth in depths]
    end = max(shown_until(plan), *(1.05 * times[-1] for times in warm_at if times.size), 0.0)
    end = min(end, float(trace.time[-1]))
    depth_words = " and ".join(number(depth * 1e3) for depth in depths)
    pain_words = " and ".join(number(level) for level in pains)
    with sheet(
        "comfort", f"Temperature at {depth_words} mm depth over time, with the time above {pain_words} °C", 3.3
    ) as drawn:
        axes = drawn.figure.subplots()
        for depth, colour, dash in zip(depths, (PALETTE[0], PALETTE[1]), ("-", "--"), strict=True):
            warm = trace.at_depth(depth) - ZERO_CELSIUS
            spent = (f"{number(time_above(trace.time, warm, level), 2)} s above {number(level)} °C" for level in pains)
            axes.plot(trace.time, warm, color=colour, ls=dash, label=f"{number(depth * 1e3)} mm: {', '.join(spent)}")
        for level in pains:
            axes.axhline(level, color=GREY, lw=0.8, ls=":")
            axes.annotate(f"{level:.0f} °C", (1.0, level), (3, 0), xycoords=("axes fraction", "data"),
                          textcoords="offset points", va="center", fontsize=8, color=GREY)  # fmt: skip
        for span in on(plan):
            axes.axvspan(span.start, span.stop, ymax=0.06, color=PALETTE[4], lw=1.0, zorder=1)
        low, high = axes.get_ylim()
        high = max(high, pains[-1] + 2.0)
        axes.set_ylim(low, high + 0.25 * (high - low))
        axes.set_xlim(trace.time[0], end)
        axes.set_xlabel("time from first light [s]")
        axes.set_ylabel("temperature [°C]")
        whole(axes.yaxis)
        axes.legend(fontsize=8, loc="upper left", **WHITE)
    caption = (
        f"Unverified: heat begins to hurt near {' to '.join(map(number, pains))} °C at the depth of the nerve endings, "
        f"taken as {' to '.join(number(depth * 1e3) for depth in depths)} mm. "
        "More seconds above the lines mean more discomfort; how much more is not known for pulses this short."
    )
    return Drawing(
        "comfort", f"Comfort: time above {pain_words} °C at {depth_words} mm (unverified)", caption, drawn.svg
    )


def surface(plan: Plan) -> Drawing:
    """Draw the surface temperature under a head that covers it: computed, for no camera sees it."""
    trace, words = plan.treatment.trace, wording(plan)
    end = shown_until(plan)
    values = trace.surface - ZERO_CELSIUS
    shown = trace.time <= end
    with sheet("surface", f"Surface temperature over time: {words.cover} it", 3.3) as drawn:
        axes = drawn.figure.subplots()
        axes.plot(trace.time, values, color=PALETTE[1], lw=2.2)
        for span in on(plan):
            axes.axvspan(span.start, span.stop, ymax=0.06, color=PALETTE[4], lw=1.0, zorder=1)
        axes.set_xlim(trace.time[0], end)
        low, high = float(values[shown].min()), float(values[shown].max())
        axes.set_ylim(low - 1.0, max(high, low + 4.0) + 1.0)
        hottest = int(np.argmax(values))
        axes.annotate(
            f"{values[hottest]:.1f} °C", (trace.time[hottest], values[hottest]), (6, 6), textcoords="offset points",
            ha="left", va="bottom", fontsize=8,
        )  # fmt: skip
        axes.set_xlabel(f"time from first {words.agent} [s]")
        axes.set_ylabel("surface temperature [°C]")
    caption = (
        f"Computed: {words.cover} the skin, so no camera reads it while {words.agent} is on. A surface that warms more "
        f"than this means {words.fault}. The band at the foot shows when {words.agent} is on."
    )
    return Drawing("surface", "Surface temperature over time", caption, drawn.svg)


def time_above(time: NDArray[np.float64], values: NDArray[np.float64], level: float) -> float:
    """Return how long [s] `values`, straight between the samples, lie above `level`."""
    low, high = values[:-1], values[1:]
    rise = np.where(high == low, 1.0, high - low)
    share = np.clip(np.where(high > low, high - level, low - level) / np.abs(rise), 0.0, 1.0)
    share = np.where(high == low, (low > level).astype(float), share)
    return float(np.sum(share * np.diff(time)))


def _label_camera(axes: Any, plan: Plan, hottest: Reading | None, end: float) -> None:
    first = float(plan.treatment.trace.time[0])
    for span in covered(plan):
        if span.stop - span.start > 0.3 * (end - first):
            axes.text(0.5 * (span.start + min(span.stop, end)), 0.97, f"camera blind:\n{span.what} on the skin",
                      transform=axes.get_xaxis_transform(), ha="center", va="top", fontsize=8, color=GREY)  # fmt: skip
    if hottest is None:
        return
    late = hottest.at > 0.5 * (first + end)
    value = hottest.temperature - ZERO_CELSIUS
    axes.annotate(
        f"hottest reading {value:.0f} °C\nat {number(hottest.at, 2)} s", (hottest.at, value), (-4 if late else 8, 10),
        textcoords="offset points", ha="right" if late else "left", va="bottom", fontsize=8,
    )  # fmt: skip
    axes.plot([hottest.at], [value], "o", ms=5, color=PALETTE[1], clip_on=False)
