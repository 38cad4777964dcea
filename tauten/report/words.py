"""Names as people say them: settings, goals, limits, kinetic sets, data rows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tauten.report import levels
from tauten.report.numbers import number

if TYPE_CHECKING:
    from tauten.care.goals import Goal
    from tauten.care.limits import Limit

__all__ = [
    "capital",
    "goal_words",
    "is_measure",
    "layer_words",
    "limit_words",
    "row_words",
    "set_words",
    "setting_place",
    "setting_words",
    "tidy",
]

_SETTINGS = {
    "fluence": "fluence, each pulse",
    "power": "acoustic power at the transducer's face",
    "voltage": "voltage, root mean square",
    "hold": "temperature held at the tips",
    "duration": "pulse duration",
    "depth": "depth of the needles, as set",
    "levels": "depths in one insertion",
    "level_spacing": "from one depth to the next",
    "level_interval": "time from one depth to the next",
    "energy": "energy as the machine states it",
    "pitch": "from point to point",
    "points": "points in a line",
    "point_interval": "from one point to the next",
    "stamps": "stamps side by side",
    "lines": "lines side by side",
    "line_spacing": "from line to line",
    "line_interval": "from one line to the next",
    "overlap": "overlap of neighbouring stamps",
    "stamp_interval": "from one stamp to the next",
    "plate_temperature": "window temperature",
    "pre_cooling": "cooling before light",
    "post_cooling": "cooling after light",
    "spray_before": "spray before light",
    "spray_delay": "pause between spray and light",
    "spray_during": "spray during light",
    "spray_after": "spray after light",
    "pulses": "pulses in a train",
    "period": "from one pulse to the next",
    "passes": "passes",
    "pass_interval": "from one pass to the next",
}
_CURRENT = {
    "power": "power, as the machine states it",
    "fluence": "energy over the tip's area",
    "pre_cooling": "cooling before the current",
    "post_cooling": "cooling after the current",
    "plate_temperature": "temperature of the cooled tip",
    "spray_before": "cryogen before the current",
    "spray_delay": "pause between cryogen and current",
    "spray_during": "cryogen during the current",
    "spray_after": "cryogen after the current",
    "lines": "lines of stamps",
}
"""Settings that have another name where current flows."""
_MEASURES = {
    "skin_surface.peak_temperature": "peak temperature of the surface",
    "tissue.peak_temperature": "peak temperature anywhere",
    "zone.volume": "volume of one point's zone",
    "fat_outside.volume": "fat lost outside the target depth, one point",
    "pattern.filled": "width of a zone over the way to the next",
    "pattern.coagulated": "dermis coagulated at the depth where it is most",
    "fat_loss.thickness": "fat lost below the dermis, as a layer",
    "fat_at_risk.thickness": "fat perhaps lost below the dermis, as a layer",
    "tip_depth.of_fascia": "depth of the tips on the way to the fascia",
    "channels.area_share": "skin opened by the needles",
    "electric.volts": "voltage between the poles",
    "return.current": "current in the return electrode",
}
_SETS = {
    "cem43": "CEM43",
    "henriques_moritz_1947": "Henriques and Moritz 1947",
    "weaver_stoll_1969": "Weaver and Stoll 1969",
    "diller_klutke_1993": "Diller and Klutke 1993",
    "mehta_wong_epidermis": "Mehta and Wong, epidermis",
    "mehta_wong_dermis": "Mehta and Wong, dermis",
    "pearce_rat_skin": "Pearce, rat skin",
    "maitland_walsh_1997": "Maitland and Walsh 1997",
}
_GOALS = {
    "stimulus": "heat stimulus",
    "denatured": "denatured collagen",
    "coagulated": "coagulated share of the target depth",
}


def setting_words(name: str, agent: str = "light") -> str:
    """Return a setting's name, for what goes in: "light", "sound" or "current".

    >>> setting_words("plate_temperature"), setting_words("plate_temperature", "current")
    ('window temperature', 'temperature of the cooled tip')
    """
    own = _CURRENT if agent == "current" else {}
    return own.get(name) or _SETTINGS.get(name, name.replace("_", " "))


def setting_place(name: str) -> int:
    """Return where a setting stands in a list: light or sound, cooling, then series; unknown ones last."""
    return list(_SETTINGS).index(name) if name in _SETTINGS else len(_SETTINGS)


def goal_words(goal: Goal) -> str:
    """Return a goal's name."""
    return _GOALS.get(goal.name, goal.name.replace("_", " "))


def is_measure(limit: Limit) -> bool:
    """Whether the limit is on something measured (a temperature, a time, a size), not on a kinetic set."""
    return limit.unit in ("K", "s") or limit.figure in _MEASURES


def layer_words(name: str) -> str:
    """Return a layer's name.

    >>> layer_words("reticular_dermis"), layer_words("smas")
    ('reticular dermis', 'fascia (SMAS)')
    """
    return "fascia (SMAS)" if name == "smas" else name.replace("_", " ")


def limit_words(limit: Limit) -> str:
    """Return a limit's name, with what it is measured by: an endpoint may have a limit for each of several sets."""
    if limit.figure == "comfort.time_hot":
        return f"comfort: time {set_words('comfort_45')}"
    if is_measure(limit):
        return _MEASURES.get(limit.figure, f"{limit.endpoint}, {limit.set_name.replace('_', ' ')}")
    return f"{limit.endpoint} ({set_words(limit.set_name)})"


def set_words(name: str) -> str:
    """Return a kinetic set's name.

    >>> set_words("henriques_moritz_1947"), set_words("cem43")
    ('Henriques and Moritz 1947', 'CEM43')
    >>> set_words("heat_stimulus_or_above"), set_words("comfort_43")
    ('42 °C or above', 'above 43 °C')
    """
    if name == "heat_stimulus":
        return f"{levels.stimulus_span()} °C"
    if name == "heat_stimulus_or_above":
        return f"{number(levels.stimulus())} °C or above"
    if name in ("comfort_43", "comfort_45"):
        return f"above {number(levels.painful()[name == 'comfort_45'])} °C"
    return _SETS.get(name) or " ".join(capital(word) for word in name.split("_"))


def row_words(name: str) -> str:
    """Return a data row's name as words.

    >>> row_words("tissue/thermal/dermis.conductivity")
    'dermis conductivity'
    >>> row_words("devices/ir-lamp-1100-1800/output"), row_words("tissue/thickness/cheek.dermis.hfus.female")
    ('device output', 'cheek dermis ultrasound female')
    """
    table, _, last = name.rpartition("/")
    words = re.sub(r"\bhfus\b", "ultrasound", last.replace(".", " ").replace("_", " "))
    if not table.startswith("devices/"):
        return words
    owner = table.removeprefix("devices/")
    return f"{'device' if '-' in owner else owner} {words}"


def tidy(text: str) -> str:
    """Return a note from a data file with its units as people write them.

    >>> tidy("36 J/cm2 at 5 degC, 60 um deep")
    '36 J/cm² at 5 °C, 60 µm deep'
    """
    text = re.sub(r"(?<=\d) um\b", " µm", text).replace("degC", "°C")
    return re.sub(r"(?<=[cm]m)([23])\b|(?<=/m)([23])\b", lambda m: "²" if "2" in m[0] else "³", text)


def capital(text: str) -> str:
    """Return `text` with a capital first letter; the rest as it is."""
    return text[:1].upper() + text[1:]
