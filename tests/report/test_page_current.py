"""The page of plans by current: sections first, what another depth would change, stop signs, and no words of sound."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from page_reader import Read, patient_part, words
from stamp_sample import finding, margins, sample, tip_sample

from tauten.report import current, page
from tauten.units import celsius


@pytest.fixture(scope="module")
def html() -> str:
    return page.render(sample())


@pytest.fixture(scope="module")
def text() -> str:
    return Read(words(sample())).text


def test_the_sections_and_the_three_depths_come_before_all_else_but_the_verdict(html: str) -> None:
    places = [html.index(f'id="{name}-title"') for name in ("needles", "needles_level", "depths")]
    assert places == sorted(places)
    assert html.index('class="verdict') < places[0]
    assert places[-1] < html.index("<h3>Screening</h3>")
    assert html.count('id="needles-title"') == 1  # and not again among the figures
    assert '<a href="#picture">Section</a>' in html


def test_every_figure_of_a_stamp_is_written(tmp_path) -> None:
    names = [path.name for path in page.write(sample(), tmp_path)]
    assert names == [
        "plan.html", "needles.svg", "needles_level.svg", "depths.svg", "coagulated.svg", "temperature.svg",
        "profiles.svg", "burns.svg", "collagen.svg", "surface.svg", "current.svg", "tornado.svg",
    ]  # fmt: skip


def test_every_figure_of_a_tip_is_written(tmp_path) -> None:
    names = [path.name for path in page.write(tip_sample(), tmp_path)]
    assert names[:2] == ["plan.html", "tip.svg"]
    assert "current.svg" in names


def test_the_headline_has_power_duration_and_depth(text: str) -> None:
    assert "13 W for 120 ms, set to 1.5 mm deep, crosses no stop limit, but there are warnings to read first" in text


def test_settings_have_the_names_of_needles_in_the_order_they_are_set(text: str) -> None:
    told = text[text.index("Settings") :]
    order = [
        told.index(name) for name in (
            "power, as the machine states it", "pulse duration", "depth of the needles, as set", "stamps side by side",
            "from one stamp to the next",
        )
    ]  # fmt: skip
    assert order == sorted(order)


def test_what_the_generator_gives_stands_with_its_units(text: str) -> None:
    told = text[text.index("What the generator gives") :]
    for wanted in (
        "impedance at the start 158 Ω", "impedance at the end 121 Ω", "most power 13 W",
        "voltage at the pole −, root mean square 22 V", "most current, root mean square 290 mA", "mJ a needle",
    ):  # fmt: skip
        assert wanted in told
    assert "current density at the return electrode" not in told  # these needles return the current themselves


def test_a_monopolar_tip_tells_the_density_at_its_return_electrode() -> None:
    told = Read(words(tip_sample())).text
    assert re.search(r"current density at the return electrode [\d.]+ mA/cm²", told)
    assert "energy of one stamp or pulse 40 J 13.3 J/cm² under the tip" in told
    assert "The return electrode sticks with its whole face" in told


def test_what_one_stamp_leaves_is_told(text: str) -> None:
    told = text[text.index("What one stamp leaves") :]
    assert "needles with a zone 37 of 37" in told
    assert "middle zone 0.6 mm wide, 0.72 mm long" in told
    assert "tips to the superficial fascia 2.83 mm" in told
    assert re.search(r"columns of the dermis with nothing coagulated 7\d(\.\d)? %", told)


def test_what_draws_a_zone_is_named_with_what_it_was_measured_on(text: str) -> None:
    assert "A zone is drawn by the threshold of Henriques and Moritz 1947, a measure of epidermal burn." in text


def test_what_speaks_against_it_stands_with_its_reason_and_remedy(text: str) -> None:
    assert "tip depth look again 1.5 mm Tips set at 1.5 mm come to lie" in text
    assert "Measure the dermis." in text


def test_a_stop_by_the_depth_of_the_tips_forbids_treatment_without_words_of_a_picture() -> None:
    told = Read(words(sample(findings=(finding("stop"),)))).text
    assert "A check of where the current goes stops this plan: do not treat" in told
    assert "Not to be signed" in told
    assert "ultrasound picture" not in told
    assert "Something about this plan speaks against it" in told  # the patient's part


@pytest.mark.parametrize("make", [sample, tip_sample])
def test_no_word_of_sound_or_light_is_said_of_current(make) -> None:
    told = Read(words(make())).text
    for word in ("acoustic", "the head", "focus", "shoot", "light", "window temperature"):
        assert not re.search(rf"\b{word}\b", told.split("Data used")[0]), word


def test_end_point_and_stop_signs_are_told_to_the_operator(text: str) -> None:
    told = text[text.index("At the machine") :]
    for wanted in (
        "Pinpoint bleeding", "Stop and do not go on", "smoke or a snap", "Computed here: 160 Ω at the start, 120 Ω",
        "Read the depth on the handpiece aloud", "The FDA has reports of serious complications",
    ):  # fmt: skip
        assert wanted in told


def test_a_stamp_without_a_share_absorbed_by_layer_has_no_empty_column(text: str) -> None:
    assert "Share of the current absorbed" not in text
    assert "Layers, beside the middle needle" in text


def test_the_course_of_the_pulse_ends_where_the_current_does() -> None:
    plan = sample()
    drawn = current.course(plan)
    assert "Impedance falls as tissue warms" in drawn.caption
    cut = replace(plan.treatment.electric[-1], time=0.08, power=0.0, ended="temperature", limited="volts")
    run = type(plan.treatment)(**{**vars(plan.treatment), "electric": (*plan.treatment.electric, cut)})
    told = current.course(replace(plan, treatment=run)).caption
    assert "held back by its most volts" in told
    assert "cut off early by its limit of temperature" in told
    cold = type(plan.treatment)(**{**vars(plan.treatment), "electric": ()})
    assert current.course(replace(plan, treatment=cold)) is None


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("37 fine needles", "In October 2025 the authority of the United States", "95 % of 42 people",
                "Plan 3 to 4 days without appointments", "exercise, sauna, hot baths and swimming for 48 hours",
                "called the pain 2 to 4 of 10")),
        ("es", ("37 agujas finas", "En octubre de 2025 la autoridad de Estados Unidos", "95 % de las 42 personas",
                "Cuente con 3 a 4 días", "la piscina durante 48 horas", "de 2 a 4 puntos de 10")),
    ],
)  # fmt: skip
def test_a_patient_reads_of_needles_what_is_known(language: str, told: tuple[str, ...]) -> None:
    read = patient_part(words(sample(language=language)))
    for wanted in told:
        assert wanted in read
    assert "go back to work the same day" not in read
    assert "vuelve al trabajo el mismo día" not in read
    assert not re.search(r"\b(W|V|Ω|Hz|mJ)\b", read)
    if language == "es":
        assert not re.search(r"\b(the|skin|your)\b", read)


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("a pad on another part of your body", "A cold spray inside the tip", "86 people treated around",
                "more than 600 treatments, 2.7 %", "took 3.5 months", "go back to work the same day")),
        ("es", ("una placa en otra parte del cuerpo", "Un chorro frío dentro de la punta", "86 personas tratadas",
                "más de 600 tratamientos, el 2.7 %", "tardó 3.5 meses", "vuelve al trabajo el mismo día")),
    ],
)  # fmt: skip
def test_a_patient_reads_of_a_tip_what_is_known(language: str, told: tuple[str, ...]) -> None:
    read = patient_part(words(tip_sample(language=language)))
    for wanted in told:
        assert wanted in read


def test_what_is_true_of_every_such_treatment_does_not_alarm_one_patient() -> None:
    general = replace(finding(), check="reports")
    read = patient_part(words(sample(findings=(general,))))
    assert "needs a second look" not in read
    assert "needs a second look" in patient_part(words(sample(findings=(general, finding()))))


def test_only_who_has_a_pad_reads_of_one() -> None:
    assert "pad" not in patient_part(words(sample())).split()
    assert "if it hurts under the pad" in patient_part(words(tip_sample()))


def test_figures_of_monopolar_tips_are_not_told_of_bipolar_ones() -> None:
    read = patient_part(words(tip_sample()))
    plan = tip_sample()
    bipolar = tip_sample(device_key="rf-bipolar-12x25mm")
    assert "no figures of our own" not in read
    told = patient_part(words(bipolar))
    assert "two metal faces" in told
    assert "no figures of our own to give you" in told
    assert "600 treatments" not in told
    assert plan.device.key != bipolar.device.key


def test_a_device_driven_by_the_temperature_it_holds_is_told_by_it() -> None:
    plan = sample()
    held = replace(plan.settings[0], name="hold", value=celsius(67.0), si_unit="K", unit="degC")
    spot = replace(plan.test_spot, setting="hold", value=celsius(57.0), si_unit="K", unit="degC")
    told = Read(words(replace(plan, settings=(held, *plan.settings[1:]), test_spot=spot))).text
    assert "67 °C for 120 ms, set to 1.5 mm deep" in told
    assert "temperature held at the tips" in told


def test_a_limit_past_stop_is_named_in_plain_words() -> None:
    told = Read(words(sample(margins=margins("microneedling", fat_loss_thickness=1.3)))).text
    assert (
        "Fat lost below the dermis, as a layer reaches 0.13 mm at the upper end of the spread; stop is at 0.1 mm"
        in told
    )
