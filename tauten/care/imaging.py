"""What the ultrasound picture says of a planned shot: coupling, depth of the focus, bone, danger zones, thin layers.

Each check is a pure function of what was read off the picture and returns a `Finding` or None. Margins are rows of
`care/imaging`; `findings` gathers the checks of one head before any sound is worked out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from tauten.care.shots import Guard
from tauten.errors import InputError
from tauten.files.picture import beyond_layers, down, up
from tauten.files.skins import published_skin
from tauten.skin.layer import layer_name
from tauten.skin.skin import Skin
from tauten.treatment import layer_of_cell

if TYPE_CHECKING:
    from tauten.care.question import Question

__all__ = [
    "Finding",
    "bone_of",
    "bone_unseen",
    "coupling",
    "findings",
    "focus_in_band",
    "focus_in_layer",
    "guards",
    "margin",
    "out_of_reach",
    "thinner",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the picture says: `check` names it, `reason` and `remedy` are sentences for the clinician.

    "stop" means no shot, "warn" look again; `depth` [m] is where, NaN when nowhere.
    """

    check: Literal[
        "coupling", "focus", "bone", "danger zone", "thin layer", "output", "tip depth", "surface", "overlap", "fat",
        "return electrode", "reports",
    ]  # fmt: skip
    verdict: Literal["warn", "stop"]
    reason: str
    remedy: str
    depth: float = math.nan


def coupling(seen: str | None) -> Finding | None:
    """Return what the picture says of the contact: "full", a "gap", or None for nobody looked.

    >>> coupling("gap").verdict
    'stop'
    """
    if seen == "gap":
        return Finding(
            "coupling", "stop", "There is air between head and skin: sound turns back there and no dose arrives.",
            "Add gel and press until the picture shows no shadow.", 0.0,
        )  # fmt: skip
    if seen is None:
        return Finding(
            "coupling", "warn", "Nobody has said whether the head couples over its whole face.",
            'Look at the picture and give imaging.coupling = "full" or "gap".', 0.0,
        )  # fmt: skip
    return None


def focus_in_layer(focus: float, skin: Skin, layers: Sequence[str], aim: str) -> Finding | None:
    """Return a warning when `focus` [m] lies in none of the `layers` meant; `aim` names them."""
    here = _layer_at(skin, focus)
    if here in layers:
        return None
    near = [n for n, layer in enumerate(skin.layers) if layer.name in layers]
    if not near:
        return Finding(
            "focus", "warn", f"The focus at {_mm(focus)} lies in the {_words(here)}; this skin has no {aim} drawn.",
            "Read its depth from the picture and give it, or take another head.", focus,
        )  # fmt: skip
    top, bottom = float(skin.depths[near[0]]), float(skin.depths[near[-1] + 1])
    nearer = "shallower" if focus > bottom else "deeper"
    return Finding(
        "focus", "warn",
        f"The focus at {_mm(focus)} lies in the {_words(here)}, not in the {aim}, which lies from {_mm(top)} to "
        f"{_mm(bottom)} here.",
        f"Take a {nearer} head, or leave this place out.", focus,
    )  # fmt: skip


def focus_in_band(focus: float, band: tuple[float, float], skin: Skin) -> tuple[Finding, ...]:
    """Return warnings when `focus` [m] lies outside the `band` [m] the case asks for, or that band reaches bone."""
    told, found = f"{down(band[0])} to {up(band[1])}", []
    if not band[0] <= focus <= band[1]:
        found.append(Finding(
            "focus", "warn", f"The focus at {_mm(focus)} lies outside the depth asked for, {told}.",
            "Take another head, or ask for another depth in [goal].", focus,
        ))  # fmt: skip
    bone = bone_of(skin)
    if bone is not None and band[1] > bone:
        found.append(Finding(
            "bone", "warn", f"The depth asked for, {told}, reaches into the bone at {down(bone)}.",
            "Ask for a depth above the bone in [goal].", bone,
        ))  # fmt: skip
    return tuple(found)


def margin(guard: Guard, lowest: float, check: Literal["bone", "danger zone"]) -> Finding | None:
    """Return a stop when the `lowest` place that is heated [m] comes nearer to what a guard protects than its margin.

    >>> margin(Guard("bone", 6e-3, 2e-3), 3e-3, "bone") is None
    True
    """
    left = guard.depth - lowest
    if left >= guard.margin:
        return None
    told = f"lies {down(left)} below" if left > 0.0 else f"lies {up(-left)} above"
    return Finding(
        check, "stop", f"The {guard.name} at {down(guard.depth)} {told} the lowest place heated, at {up(lowest)}; "
        f"{_mm(guard.margin)} are to be kept.",
        "Take a shallower head, or leave this place out.", guard.depth,
    )  # fmt: skip


def thinner(name: str, measured: float, low: float, value: float) -> Finding | None:
    """Return a warning when a layer was measured thinner [m] than the `low` end of what its site's row has."""
    if measured >= low:
        return None
    return Finding(
        "thin layer", "warn",
        f"The {_words(name)} was measured at {_mm(measured)}; this site is published with {_mm(value)}, {_mm(low)} at "
        "the least.",
        "Measure it again, without pressing; what lies below is nearer than usual.",
    )  # fmt: skip


def guards(question: Question) -> tuple[Guard, ...]:
    """Return what must not be heated at this place, with its margin."""
    facts, depth = question.facts, bone_of(question.skin(question.facts))
    found = [] if depth is None else [Guard("bone", depth, facts.si("care/imaging/bone.margin"))]
    danger = facts.si("care/imaging/danger.margin")
    return (*found, *(Guard(zone.name, zone.depth, danger) for zone in question.case.imaging.danger))


def bone_of(skin: Skin) -> float | None:
    """Depth [m] at which bone begins, however it was given; None for a skin without bone drawn."""
    return skin.top_of("bone") if any(layer.name == "bone" for layer in skin.layers) else None


def bone_unseen(skin: Skin) -> Finding | None:
    """Return a warning for a skin in which nobody has looked for bone: unknown is not clear."""
    if bone_of(skin) is not None:
        return None
    return Finding(
        "bone", "warn", "Bone was not looked for in the picture.",
        "Measure it, and give imaging.bone_depth; where the picture shows none, give how deep it is clear.",
    )  # fmt: skip


def below(question: Question, lowest: float) -> tuple[Finding, ...]:
    """Return the guards that the `lowest` heated place [m] comes too near to."""
    found = [margin(g, lowest, "bone" if g.name == "bone" else "danger zone") for g in guards(question)]
    return tuple(f for f in found if f)


def findings(question: Question) -> tuple[Finding, ...]:
    """Return what the picture says of this head over this skin, the worst first; other methods have none."""
    focus = getattr(question.device, "focal_depth", None)
    if focus is None:
        return ()
    skin = question.skin(question.facts)
    goal, aim = question.case.goal, question.aim
    found = [coupling(question.case.imaging.coupling)]
    found += focus_in_band(focus, goal.depth, skin) if goal else [focus_in_layer(focus, skin, aim.layers, aim.name)]
    found += [bone_unseen(skin), *below(question, focus)]
    site = published_skin(question.case, question.facts)
    for given in question.case.skin.layers:
        layer = next((layer for layer in site.layers if layer.name == layer_name(given.name)), None)
        if given.thickness is not None and layer is not None and layer.low is not None:
            found.append(thinner(layer.name, given.thickness, layer.low, layer.thickness))
    told = [f for f in found if f]
    return tuple(sorted(told, key=lambda f: f.verdict != "stop"))


def out_of_reach(question: Question) -> InputError | None:
    """Return what is wrong with a head whose focus lies beyond this skin's layers, with its place; None for others.

    A depth asked for in a case is the case's own fault: it raises `InputError`.
    """
    case = question.case
    beyond = beyond_layers(question.device, question.skin(question.facts))
    if beyond:
        return case.fault(beyond, "treatment.device")
    try:
        _ = question.aim
    except InputError as error:
        if error.key != "treatment.device":
            raise
        return error
    return None


def _layer_at(skin: Skin, depth: float) -> str:
    return skin.layers[int(layer_of_cell(skin, [depth])[0])].name


def _mm(metres: float) -> str:
    return f"{metres * 1e3:.3g} mm"


def _words(name: str) -> str:
    return {"smas": "superficial fascia"}.get(name, name.replace("_", " "))
