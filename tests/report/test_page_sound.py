"""The page of a plan of focused shots: section first, both ends of what is not known, stop signs, no words of light."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest
from page_reader import Read, patient_part, words
from sound_sample import finding, margins, output, sample, screening, shots, zone

from tauten.care import document
from tauten.care.plan_types import Plan
from tauten.report import figures, page, spreads
from tauten.units import celsius


@pytest.fixture(scope="module")
def html() -> str:
    return words(sample())


@pytest.fixture(scope="module")
def text(html) -> str:
    return Read(html).text


def test_the_section_comes_before_everything_but_the_verdict() -> None:
    whole = page.render(sample())
    first = whole.index('data-units-per-mm="')
    assert whole.index('class="verdict') < first < whole.index("<h3>Screening</h3>")
    assert first < whole.index("<table")
    assert whole.count('data-units-per-mm="') == 1


def test_the_section_is_among_the_figures_that_are_written(tmp_path) -> None:
    names = [path.name for path in page.write(sample(), tmp_path)]
    assert names == [
        "plan.html", "section.svg", "temperature.svg", "profiles.svg", "burns.svg", "collagen.svg", "surface.svg",
        "tornado.svg",
    ]  # fmt: skip


def test_power_and_duration_stand_beside_the_joules_of_the_display(text: str) -> None:
    assert text.index("3 W for 60 ms") < text.index("acoustic energy of a point")
    assert "what the machine's display says of it 0.18 J taken: 1 acoustic joules for each joule" in text
    assert "Joules alone are not a dose" in text


def test_zones_are_told_with_their_size_depth_and_layers(text: str) -> None:
    assert "as planned 0.31 mm 1.1 mm 0.055 mm³ 3.7 mm 4.25 mm 4.8 mm fat, fascia (SMAS) 74 °C" in text
    assert "at the lower end nothing coagulates" in text


def test_what_draws_a_zone_is_named_with_what_it_was_measured_on(text: str) -> None:
    told = text[text.index("Coagulation zones") :]
    assert "The threshold is that of Henriques and Moritz 1947, a measure of epidermal burn." in told
    assert "For fat, fascia and muscle no set was found in print" in told
    assert told.index("Henriques and Moritz 1947") < told.index("as planned 0.31 mm")


def test_a_size_near_boiling_is_a_lower_bound(text: str) -> None:
    assert "0.57 mm or more 2.1 mm or more 0.36 mm³ or more" in text
    assert "97 °C above 95 °C: the size is a lower bound" in text
    boiling = {**shots().zones, "central": (zone(0.6e-3, 3e-3, 5e-3, celsius(110), boils=True, lower_bound=True),)}
    text = Read(words(sample(shots=shots(zones=boiling)))).text
    assert "boils: temperature and size are not predicted beyond 100 °C: the size is a lower bound" in text


def boiled() -> Plan:
    """A point that boils hard: the solver's own figures for it mean nothing."""
    made, hot = sample(), celsius(1010.0)
    found = zone(0.7e-3, 1.4e-3, 4.9e-3, hot, boils=True, lower_bound=True)
    layers = tuple(
        replace(each, peak_temperature=celsius(541.0), peak_high=hot, facts={"fat_necrosis.cem43": 3e15})
        if each.name == "fat"
        else each
        for each in made.layers
    )
    peak = replace(made.profiles[0], high=made.profiles[0].high + 950.0)
    tissue, volume, *others = made.margins
    return replace(
        made,
        layers=layers,
        profiles=(peak, *made.profiles[1:]),
        margins=(
            replace(tissue, value=celsius(541.0), upper=hot, headroom=0.18, boils=True),
            replace(volume, upper=0.65e-9, boils=True),
            *others,
        ),
        shots=shots(
            zones={**shots().zones, "central": (found,), "upper end": (found,)},
            ends=tuple(replace(end, focus_peak=hot, volume=0.6e-9) for end in shots().ends),
        ),
    )


def test_no_temperature_beyond_boiling_is_told_as_a_number() -> None:
    made = boiled()
    told = Read(words(made)).text
    table = "\n".join(" | ".join(row) for row in made.summary)
    for text in (told, table):
        assert not re.search(r"\b(1010|1e3|541|1283|814)\b", text)
        assert "boils: temperature and size are not predicted beyond 100 °C" in text
        assert "above 100 °C" in text
        assert "or more" in text
        assert "beyond reading" in text or text is table  # a layer's dose
    assert re.search(r"Peak in fat \| above 100 °C .*\| boils", table)
    assert "nothing hotter is drawn" in figures.profiles(made).caption


def test_the_document_flags_what_boils_beside_its_figures() -> None:
    told = document.shots_of(boiled().shots)
    assert told["boils"] == ("central", "upper end")
    assert "not predicted beyond 100 °C" in told["boiling"]
    assert all(end["boils"] for end in told["ends"])
    plain = document.shots_of(sample().shots)
    assert (plain["boils"], plain["boiling"]) == ((), "")
    assert [layer.name for layer in boiled().layers if layer.boils] == ["fat"]


def test_both_ends_of_what_is_not_known_stand_side_by_side(text: str) -> None:
    ends = text[text.index("What is not known about this shot") : text.index("Output of the head")]
    assert "Power that brings the focus to 65 °C" in ends
    assert "as planned – 74 °C 0.31 × 1.1 mm 0.055 mm³ 0.81 times this" in ends
    assert "Joules: least sound device acoustic power share 0.4 49 °C nothing coagulates 2.1 times this" in ends
    assert "Skin fades least skin attenuation 0.4 dB/cm 91 °C 0.5 × 2 mm 0.3 mm³ 0.62 times this" in ends


def test_a_factor_that_was_not_found_is_no_number() -> None:
    text = Read(words(sample(shots=shots(factor=math.nan)))).text
    assert "0.055 mm³ not found" in text


def test_the_heads_output_is_in_engineers_units_in_water_and_derated(text: str) -> None:
    told = text[text.index("Output of the head") : text.index("What the result hangs on")]
    for wanted in (
        "mechanical index (MI) – 1.4", "p₊ 19 MPa 14 MPa", "p₋ 8.1 MPa 6.2 MPa", "(I_SPPA) 6300 W/cm² 3900 W/cm²",
        "(I_SPTA) 3100 W/cm² 1900 W/cm²", "width at −6 dB 0.41 mm 0.42 mm", "length at −6 dB 3.68 mm 3.7 mm",
        "derated by 0.3 dB/cm/MHz from the skin's surface on", "stays below 1.9",
    ):  # fmt: skip
        assert wanted in told


def test_a_mechanical_index_above_the_guide_warns() -> None:
    assert "The mechanical index is above 1.9" in Read(words(sample(shots=shots(output=output(2.3))))).text


def test_a_finding_of_the_picture_is_told_at_the_top_and_in_its_table(html: str, text: str) -> None:
    assert "the ultrasound picture asks for a second look" in text[: text.index("Screening")]
    assert '<div class="verdict warn">' in html
    assert "Look again: The focus at 4.5 mm lies in the fat" in text
    assert "focus look again 4.5 mm The focus at 4.5 mm lies in the fat" in text


def test_an_output_that_is_too_loud_is_no_picture() -> None:
    loud = finding(check="output", reason="The mechanical index of this head is 2.1, above 1.9.", depth=math.nan)
    html = words(sample(findings=(loud,)))
    text = Read(html).text
    assert "but its output asks for a second look" in text
    assert "mechanical index look again – The mechanical index of this head is 2.1" in text
    assert "needs a second look" not in patient_part(html)


def test_a_clear_picture_says_so() -> None:
    html = words(sample(findings=()))
    assert '<div class="verdict clear">' in html
    assert "Nothing that was read off the picture speaks against this plan" in html
    assert "3 W for 60 ms is inside every limit" in html


@pytest.mark.parametrize("cleared", [True, False])
def test_a_picture_that_stops_forbids_the_plan(cleared: bool) -> None:
    gap = finding("stop", check="coupling", reason="There is air between head and skin.", remedy="Add gel.", depth=0.0)
    people = screening() if cleared else screening(pregnant=None)
    html = words(sample(findings=(finding(), gap), screening=people))
    text = Read(html).text
    top = text[: text.index("What speaks against it")]
    assert top.index("Stop: There is air between head and skin. Add gel.") < top.index("Look again:")
    assert ("The ultrasound picture stops this plan" in top) == cleared
    assert "Date and signature" not in html
    assert text.count("The ultrasound picture stops this plan: do not shoot.") == (3 if cleared else 0)
    assert ("Do not shoot. Not cleared:" in top) != cleared
    told = patient_part(html)
    assert ("speaks against the plan" in told) == cleared
    assert "How warm your skin gets" not in told


def test_a_patient_reads_of_the_picture_and_of_a_limit_apart() -> None:
    first, *others = margins()
    close = (replace(first, upper=celsius(97)), *others)
    assert "needs a second look" in patient_part(words(sample()))
    assert "in its warning band" not in patient_part(words(sample()))
    near = patient_part(words(sample(margins=close, findings=())))
    assert "in its warning band" in near
    assert "needs a second look" not in near


def test_the_operator_reads_the_stop_signs_of_sound(text: str) -> None:
    told = text[text.index("At the machine") : text.index("What the result hangs on")]
    for wanted in (
        "turns white",
        "wheal",
        "pain over bone",
        "nerve",
        "Gap or bubbles",
        "Never on the eye",
        "Test line",
    ):
        assert wanted in told
    assert "2.1 W" in told


def test_no_light_falls_on_the_page_of_sound(text: str) -> None:
    clinician = text[: text.index("Your treatment plan in plain words")]
    assert not re.search(r"\b(fluence|lamp|laser|wavelengths?|photons?|thermal camera|first light)\b", clinician)


@pytest.mark.parametrize(("language", "light"), [("en", r"\b(light|lamp|laser)\b"), ("es", r"\b(luz|lámpara|láser)\b")])
def test_a_patient_of_sound_reads_nothing_of_light(language: str, light: str) -> None:
    assert not re.search(light, patient_part(words(sample(language=language))), re.I)


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_patient_reads_no_settings(language: str) -> None:
    told = patient_part(words(sample(language=language)))
    assert not re.search(r"\b(W|J|ms|MHz|mm|MPa)\b", told)


@pytest.mark.parametrize(
    ("language", "wanted"),
    [
        ("en", ("about 5 of 10", "6 to 7 of 10", "in 58 % after three months", "93 people", "42 %", "106 reports",
                "lasts longer than 14 days", "is not published", "on your cheek")),
        ("es", ("unos 5 puntos de 10", "de 6 a 7 de 10", "en el 58 %", "93 personas", "42 %", "106 avisos",
                "más de 14 días", "No se ha publicado", "Zona: mejilla")),
    ],
)  # fmt: skip
def test_what_a_patient_is_told_is_what_was_published(language: str, wanted: tuple[str, ...]) -> None:
    told = patient_part(words(sample(language=language)))
    for each in wanted:
        assert each in told


def test_one_point_has_no_pattern() -> None:
    plan = sample()
    one = tuple(replace(s, value=1.0) if s.name in ("points", "lines") else s for s in plan.settings)
    alone = replace(shots().pattern, points=1, lines=1)
    text = Read(words(sample(settings=one, shots=shots(pattern=alone)))).text
    for unsaid in ("from point to point", "from line to line", "points in all", "skin the pattern covers"):
        assert unsaid not in text
    assert "points in all 69" in Read(words(plan)).text


def test_heads_considered_are_told_with_what_spoke_against_them(text: str) -> None:
    assert "7 MHz, 4.5 mm mfu-7mhz-4.5mm 3.4 % taken" in text
    assert "4 MHz, 4.5 mm mfu-4mhz-4.5mm 2.9 % not taken does less" in text
    only = shots(considered=shots().considered[:1])
    assert "Heads considered" not in words(sample(shots=only))


def test_a_replay_says_how_far_its_focus_is_from_the_published_heat() -> None:
    told = {"citation": "Oni et al. 2014", "claims": ("58.1 % improved",)}
    text = Read(words(sample(published=told))).text
    wanted = "the focus reaches 65 °C at 0.81 times this acoustic power, over what is not known 0.62 to 2.1 times"
    assert text.index("58.1 % improved") < text.index(wanted)
    lost = Read(words(sample(published=told, shots=shots(factor=math.nan)))).text
    assert "the power at which the focus reaches 65 °C was not found" in lost


def test_coagulation_is_a_share_of_tissue_beside_that_of_collagen() -> None:
    svg = next(drawing.svg for drawing in page.drawings(sample()) if drawing.name == "collagen")
    assert "coagulation, Henriques and Moritz 1947" in svg
    assert "share of collagen or tissue [1]" in svg


def test_nothing_is_drawn_between_two_layers_that_an_endpoint_is_read_in() -> None:
    here = np.array([False, True, True, False, False, True])
    assert [run.tolist() for run in spreads._runs(here)] == [[1, 2], [5]]
    assert spreads._runs(np.zeros(3, dtype=bool)) == []
