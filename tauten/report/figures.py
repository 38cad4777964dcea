"""The plan's figures: what to read in each stands in its caption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.colors import Normalize, TwoSlopeNorm
from numpy.typing import NDArray

from tauten.care.boiling import beyond, boils, ceiling
from tauten.report import levels
from tauten.report.canvas import GREY, INK, PALETTE, WHITE, DepthScale, Drawing, Layers, sheet, whole
from tauten.report.numbers import number
from tauten.report.standing import band_words
from tauten.report.timeline import covered, last_on, on, shown_until
from tauten.report.wording import wording
from tauten.report.words import layer_words
from tauten.units import ZERO_CELSIUS

if TYPE_CHECKING:
    from tauten.care.plan_types import Plan

__all__ = ["depth_shown", "layers_of", "profiles", "temperature_map"]


def _contours() -> tuple[float, float]:
    return levels.stimulus(), levels.collagen()


def layers_of(plan: Plan) -> Layers:
    """Return (name, top, bottom) of each layer [m]."""
    return [(layer_words(layer.name), layer.top, layer.bottom) for layer in plan.layers]


def depth_shown(plan: Plan) -> DepthScale:
    """Return a depth axis down to where the warming has fallen to a tenth, and at least through the dermis.

    Sound acts far below the epidermis: its axis is not stretched, and goes on a little below.
    """
    trace = plan.treatment.trace
    warmed = np.abs(trace.temperature - trace.temperature[0]).max(axis=0)
    felt = trace.depth[np.flatnonzero(warmed > 0.1 * warmed.max())]
    dermis = max((bottom for name, _, bottom in layers_of(plan) if "dermis" in name), default=2e-3)
    stretched = wording(plan).stretched
    reached = float(felt[-1]) * (1.0 if stretched else 1.25) if felt.size else 0.0
    return DepthScale(float(min(max(reached, 1.2 * dermis), trace.depth[-1])), stretched)


def temperature_map(plan: Plan) -> Drawing:
    """Draw the temperature on the axis against depth and time."""
    words, trace, scale = wording(plan), plan.treatment.trace, depth_shown(plan)
    end = shown_until(plan)
    times = np.linspace(float(trace.time[0]), end, 320)
    places = np.linspace(0.0, float(scale.at(scale.deepest)), 200)
    image = _resampled(plan, times, scale.depth(places))
    with sheet("temperature", f"Temperature against depth and time {words.middle}", 3.9) as drawn:
        axes = drawn.figure.subplots()
        picture = axes.imshow(
            image.T, aspect="auto", origin="upper", cmap="RdBu_r", norm=_around_body(image),
            extent=(times[0], times[-1], places[-1], 0.0), interpolation="bilinear",
        )  # fmt: skip
        reached = [level for level in _contours() if level < float(image.max())]
        if reached:
            lines = axes.contour(
                times, places, image.T, levels=reached, colors=INK, linewidths=(0.9, 1.4)[: len(reached)]
            )
            middles = [_beside_names(max(segments, key=len), end) for segments in lines.allsegs]
            axes.clabel(lines, fmt=lambda v: f"{v:.0f} °C", fontsize=8, manual=middles)
        scale.draw(axes, layers_of(plan), vertical=True, names=False)
        _name_layers_inside(axes, scale, layers_of(plan))
        _bars(axes, plan)
        axes.set_xlabel(f"time from first {words.agent} [s]")
        whole(drawn.figure.colorbar(picture, ax=axes, label="temperature [°C]", pad=0.02, aspect=30).ax.yaxis)
    caption = (
        "Red is warmer than the skin at rest, blue is cooler. "
        + _what_lines_mean(plan, float(image.max()))
        + _of_boiling(plan)
        + f"Dashed lines are layer boundaries. The bars on top show when {words.agent} is on"
        + (" and when the skin is covered." if covered(plan) else ".")
    )
    return Drawing("temperature", "Temperature against depth and time", caption, drawn.svg)


def _what_lines_mean(plan: Plan, drawn: float) -> str:
    """Say what each level means, or that it is not met; `drawn` is the warmest of the picture [°C]."""
    hottest = max(layer.peak_temperature for layer in plan.layers) - ZERO_CELSIUS
    told = []
    for level, meaning in zip(
        _contours(), ("tissue is warm enough to be stimulated", "collagen denatures within seconds"), strict=True
    ):
        missed = "is not reached" if level >= hottest else "is reached for a moment too short to draw"
        told.append(
            f"Inside the {number(level)} °C line {meaning}. "
            if level < drawn
            else f"{number(level)} °C, from where {meaning}, {missed}. "
        )
    return "".join(told)


def profiles(plan: Plan) -> Drawing:
    """Draw temperature against depth at key moments, and the peak with its spread."""
    trace, scale = plan.treatment.trace, depth_shown(plan)
    with sheet("profiles", "Temperature against depth at key moments, and the peak with its spread", 4.2) as drawn:
        axes = drawn.figure.subplots()
        for profile in (p for p in plan.profiles if p.unit == "K"):
            where = scale.at(profile.depth)
            low, value, high = (_shown(each) for each in (profile.low, profile.value, profile.high))
            axes.fill_betweenx(where, low, high, color=PALETTE[1], alpha=0.18, lw=0, label="its spread")
            axes.plot(value, where, color=PALETTE[1], lw=2.2, label="peak, at any time")
        for (label, moment), colour, dash in zip(
            _moments(plan), (PALETTE[0], INK, PALETTE[2]), ("-", "--", "-."), strict=False
        ):
            row = _shown(np.array([np.interp(moment, trace.time, column) for column in trace.temperature.T]))
            axes.plot(row, scale.at(trace.depth), color=colour, ls=dash, lw=1.3, label=label)
        scale.draw(axes, layers_of(plan), vertical=True)
        for level in _contours():
            axes.axvline(level, color=GREY, lw=0.7, ls=":")
            axes.annotate(f"{level:.0f} °C", (level, 1.0), (0, 2), xycoords=("data", "axes fraction"),
                          textcoords="offset points", ha="center", va="bottom", fontsize=7.5, color=GREY)  # fmt: skip
        axes.set_xlabel("temperature [°C]")
        whole(axes.xaxis)
        drawn.figure.legend(loc="outside lower center", ncols=3, fontsize=8, **WHITE)
    caption = (
        "Each line is the temperature from the surface downward at one moment. The thick line is the highest "
        f"temperature each depth ever meets. {_of_boiling(plan)}" + band_words(plan)
    )
    return Drawing("profiles", "Temperature against depth at key moments", caption, drawn.svg)


def _resampled(plan: Plan, times: NDArray[np.float64], depths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Temperature [°C] on a regular (time, depth) sheet; the surface itself is the first depth."""
    trace = plan.treatment.trace
    depth = np.concatenate([[0.0], trace.depth])
    known = np.column_stack([trace.surface, trace.temperature])
    after = np.clip(np.searchsorted(trace.time, times), 1, trace.time.size - 1)
    share = np.clip((times - trace.time[after - 1]) / (trace.time[after] - trace.time[after - 1]), 0.0, 1.0)[:, None]
    rows = known[after - 1] * (1.0 - share) + known[after] * share
    return _shown(np.array([np.interp(depths, depth, row) for row in rows]))


def _shown(kelvin: NDArray[np.float64]) -> NDArray[np.float64]:
    """Temperatures [°C] as far as they mean something: up to boiling."""
    return np.minimum(kelvin, ceiling()) - ZERO_CELSIUS


def _of_boiling(plan: Plan) -> str:
    """What to say where something boils; nothing elsewhere."""
    hottest = max((float(np.nanmax(p.high)) for p in plan.profiles if p.unit == "K"), default=0.0)
    return f"Tissue {beyond()}; nothing hotter is drawn. " if boils(hottest) else ""


def _around_body(image: NDArray[np.float64]) -> Normalize:
    rest, low, high = float(image[0, -1]), float(image.min()), float(image.max())
    if not low < rest < high:
        return Normalize(low, high)
    return TwoSlopeNorm(rest, min(low, rest - 5.0), max(high, rest + 5.0))


def _beside_names(line: NDArray[np.float64], end: float) -> NDArray[np.float64]:
    """The point of a contour where its level is written: its middle, or left of it where the layers' names stand."""
    middle = line[len(line) // 2]
    return middle if middle[0] < 0.7 * end else line[np.argmin(np.abs(line[:, 0] - 0.5 * end))]


def _moments(plan: Plan) -> list[tuple[str, float]]:
    end, agent = last_on(plan), wording(plan).agent
    found = [(f"{agent} begins", 0.0), (f"{agent} ends", end)]
    lifted = max((span.stop for span in covered(plan)), default=end)
    if lifted > end and lifted < plan.treatment.trace.time[-1]:
        found.append(("cooling ends", lifted))
    return found


def _name_layers_inside(axes: Any, scale: DepthScale, layers: Layers) -> None:
    end = float(scale.at(scale.deepest))
    for name, top, bottom in layers:
        if top >= scale.deepest:
            continue
        first, last = float(scale.at(top)), float(scale.at(min(bottom, scale.deepest)))
        if (last - first) / end > 0.05:
            axes.text(0.99, 0.5 * (first + last), name, transform=axes.get_yaxis_transform(), ha="right", va="center",
                      fontsize=8, color=INK)  # fmt: skip


def _bars(axes: Any, plan: Plan) -> None:
    """When light or sound is on and when the skin is covered, as two thin bars above the axes."""
    above = axes.get_xaxis_transform()
    for spans, level, colour in ((on(plan), 1.015, PALETTE[4]), (covered(plan), 1.045, PALETTE[0])):
        for span in spans:
            axes.plot([span.start, span.stop], [level] * 2, transform=above, color=colour, lw=3.5,
                      solid_capstyle="butt", clip_on=False)  # fmt: skip
        if spans:
            axes.annotate(f"{spans[-1].what} on", (spans[-1].stop, level), (4, 0), xycoords=above,
                          textcoords="offset points", va="center", ha="left", fontsize=7.5, color=colour)  # fmt: skip
