"""What speaks against a plan of current, in plain words with the reason: where tips may come to lie, what adds up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tauten.care import imaging
from tauten.care.imaging import Finding
from tauten.devices.exposure import NeedlePulse
from tauten.files.picture import down, up
from tauten.treatment import Treatment

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = ["deepest", "generator_limits", "overlaps", "warnings"]

Settings = Mapping[str, Any]


def deepest(question: Question, settings: Settings) -> tuple[float, float]:
    """Return how deep [m] the tips come to lie at least and at most."""
    row = question.facts[f"devices/{question.device.key}/depth_reached"]
    return float(settings["depth"] * row.si_low), float(settings["depth"] * row.si_high)


def warnings(question: Question, settings: Settings, runs: Sequence[Treatment]) -> tuple[Finding, ...]:
    """Return what a plan for needles must say, the worst first."""
    skin = question.skin(question.facts)
    pulse = runs[0].exposures[0].exposure
    assert isinstance(pulse, NeedlePulse)
    least, most = deepest(question, settings)
    found = [*_spared(question, most)]
    border = skin.bottom_of("dermis")
    if most > border:
        found.append(Finding(
            "tip depth", "warn",
            f"Tips set at {_mm(settings['depth'])} come to lie between {_mm(least)} and {_mm(most)}; the dermis here "
            f"ends at {down(border)}. Below it they heat fat, and fat that dies leaves a hollow.",
            f"Measure the dermis, and keep the tips above {down(border)} where skin gives way least.", most,
        ))  # fmt: skip
    papillary = any(layer.name == "papillary_dermis" for layer in skin.layers)
    thin = skin.bottom_of("papillary_dermis" if papillary else "epidermis")
    bare = pulse.depth - pulse.array.active
    if not pulse.array.insulated:
        found.append(Finding(
            "surface", "warn",
            "These needles are bare along their whole length: the skin round every one is heated up to the surface, "
            "and shallow needles burn it and leave marks.",
            "Take insulated needles near the surface, cool it, and try one stamp first.", 0.0,
        ))  # fmt: skip
    elif least - pulse.array.active < thin:
        found.append(Finding(
            "surface", "warn",
            f"The bare tip is {_mm(pulse.array.active)} long and may begin {_mm(max(0.0, least - pulse.array.active))} "
            f"below the surface, in or just under the epidermis (planned: {_mm(max(0.0, bare))}).",
            "Go deeper, or take needles with a shorter bare tip.", max(0.0, bare),
        ))  # fmt: skip
    found += overlaps(question, settings)
    found += generator_limits(runs[0])
    told = "burns, scarring, fat loss, disfigurement and nerve damage"
    found.append(Finding(
        "reports", "warn",
        f"The FDA has had reports of {told} after RF microneedling (safety communication of 15 October 2025).",
        "Say so before consent; it is a medical procedure for a trained and licensed hand, and every complication is "
        "to be reported.",
    ))  # fmt: skip
    return tuple(sorted(found, key=lambda f: f.verdict != "stop"))


def overlaps(question: Question, settings: Settings) -> list[Finding]:
    """Return what adds up where stamps overlap or passes go over warm or wounded skin."""
    at = {**question.start, **settings}
    found = []
    if at.get("overlap", 0.0) > 0.0 and at.get("stamps", 1) * at.get("lines", 1) > 1:
        times = "four times" if min(at.get("stamps", 1), at.get("lines", 1)) > 1 else "twice"
        found.append(Finding(
            "overlap", "warn",
            f"Stamps overlap by {_mm(at['overlap'])}: skin there is treated {times} in every pass; its dose adds up.",
            "Lay stamps side by side; the limits here count the overlap.",
        ))  # fmt: skip
    if at.get("passes", 1) > 1:
        found.append(Finding(
            "overlap", "warn",
            f"{at['passes']:g} passes go over the same skin: dose, injury and lost fat add up.",
            "Let the skin cool between passes; the limits here count all of them.",
        ))  # fmt: skip
    return found


def generator_limits(run: Treatment) -> list[Finding]:
    """Return where the generator gave less than was set."""
    held = sorted({each.limited for each in run.electric if each.limited and each.limited != "hold"})
    ended = sorted({each.ended for each in run.electric if each.ended})
    found = []
    if held:
        found.append(Finding(
            "output", "warn", f"The generator cannot give what is set: its limit of {', '.join(held)} holds it back.",
            "Expect less than a generator with more would do; compare what the machine shows.",
        ))  # fmt: skip
    if ended:
        found.append(Finding(
            "output", "warn", f"The pulse ends before its time, cut off by {', '.join(ended)}.",
            "The figures count the shorter pulse.",
        ))  # fmt: skip
    return found


def _spared(question: Question, most: float) -> list[Finding]:
    """Return what tips as deep as `most` [m] come too near to: fascia, and what the picture found."""
    found = [*imaging.below(question, most)]
    fascia = question.skin(question.facts).fascia_depth
    if fascia is not None and most >= fascia:
        found.append(Finding(
            "tip depth", "stop",
            f"The tips may come to lie {up(most)} deep; the superficial fascia, where branches of the facial nerve "
            f"run, begins at {down(fascia)}.",
            "Set a smaller depth.", fascia,
        ))  # fmt: skip
    return found


def _mm(metres: float) -> str:
    return f"{metres * 1e3:.3g} mm"
