"""A plan of focused ultrasound: what a clinician must be able to rely on. Few rows are moved, to spare time."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from tauten.care.boiling import boils
from tauten.care.goals import read_goals
from tauten.care.imaging import Finding
from tauten.care.pattern import factor_to, share_of_band
from tauten.care.plan import _reaching, plan
from tauten.care.question import Question, question_of
from tauten.cli import main
from tauten.devices.catalogue import catalogue
from tauten.errors import Contraindicated
from tauten.files.case import case_from, read_case
from tauten.files.skins import CUT
from tauten.treatment import Figure

EXAMPLES = Path(__file__).parents[2] / "examples"
EXAMPLE = tomllib.loads((EXAMPLES / "ultrasound_lower_face.toml").read_text(encoding="utf-8"))
MOVED = ("tissue/acoustics/skin.attenuation", "tissue/acoustics/fat.attenuation")


def case(*, settings=None, device="mfu-7mhz-4.5mm", as_given=False, **tables):
    held = {"duration": "40 ms", "lines": 10, "line_spacing": "2 mm"} if settings is None else settings
    asked = {"method": "ultrasound", "device": device, "plan": "as given" if as_given else "optimise", "settings": held}
    return case_from(EXAMPLE | {"treatment": asked} | tables)


@pytest.fixture(scope="module")
def made():
    with pytest.MonkeyPatch.context() as patch:
        own = ("output", "acoustic_power_share")
        patch.setattr(
            Question, "knobs", property(lambda self: (*MOVED, *(f"devices/{self.device.key}/{n}" for n in own)))
        )
        return plan(case(device=["mfu-7mhz-4.5mm", "mfu-7mhz-3.0mm"]))


def test_no_limit_is_passed_at_its_adverse_point(made) -> None:
    for margin in made.margins:
        assert margin.upper < margin.limit.stop
        assert margin.upper >= margin.value * (1 - 1e-6)


def test_a_stop_found_in_the_zones_is_the_first_word_and_the_exit_code(made, tmp_path, monkeypatch, capsys) -> None:
    assert made.summary[0][:2] == ("Screening", "clear")
    near = Finding("danger zone", "stop", "The nerve lies 1.4 mm below.", "Take a shallower head.", 6.5e-3)
    stopped = replace(made, findings=(*made.findings, near))
    assert stopped.summary[0][1] == stopped.to_dict()["verdict"] == "do not shoot"
    monkeypatch.setattr("tauten.care.plan.plan", lambda case, progress=None: stopped)
    asked = ["plan", str(EXAMPLES / "ultrasound_lower_face.toml"), "--out"]
    for number, way in enumerate(([], ["--quiet"], ["--json"])):
        out = tmp_path / str(number)
        assert main([*asked, str(out), *way]) == Contraindicated.exit_code
        said = capsys.readouterr()
        if way == ["--json"]:
            assert json.loads(said.out)["verdict"] == "do not shoot"
        else:
            assert f"Do not shoot. The nerve lies 1.4 mm below. The plan is written to {out}" in said.err
        assert (out / "plan.html").is_file()


def test_a_stop_limit_that_is_crossed_is_named_first(made) -> None:
    binding = replace(made.binding, upper=2.0 * made.binding.limit.stop)
    passed = replace(made, margins=tuple(binding if m.binding else m for m in made.margins))
    assert passed.summary[0][1] == passed.verdict == "past a stop limit"
    assert passed.summary[0][2].startswith("Tissue (peak_temperature)")
    assert made.verdict == made.screening.verdict


def test_the_choice_uses_what_the_binding_limit_allows(made) -> None:
    assert made.binding.headroom == min(m.headroom for m in made.margins)
    assert 1.0 <= made.binding.headroom < 1.1
    assert made.binding.limit.figure == "tissue.peak_temperature"


def test_settings_the_case_holds_are_kept_and_the_rest_named(made) -> None:
    chosen = {s.name: (s.value, s.chosen_by) for s in made.settings}
    assert chosen["duration"] == (pytest.approx(0.04), "case")
    assert chosen["lines"] == (10.0, "case")
    assert chosen["power"][1] == "optimised"
    assert all(s.low - 1e-9 <= s.value <= s.high + 1e-9 for s in made.settings)


def test_zone_grows_from_the_lower_to_the_upper_end_and_spares_the_epidermis(made) -> None:
    volumes = [made.shots.zones[at][0].volume for at in ("lower end", "central", "upper end")]
    assert volumes == sorted(volumes)
    assert 0.0 < volumes[-1] < 1e-9  # Fabi 2015: below 1 mm³
    assert made.treatment.summary["peak.epidermis"].value < made.binding.value


def test_the_joules_shown_are_the_sound_over_the_share_that_is_sound(made) -> None:
    laid, share = made.shots.pattern, made.device.rows[f"devices/{made.device.key}/acoustic_power_share"].si
    assert laid.joules == pytest.approx(laid.power * laid.duration / share)
    power = next(s.value for s in made.settings if s.name == "power")
    assert laid.energy == pytest.approx(power * 0.04)


def test_fewer_watts_behind_a_joule_need_as_many_more_joules(made) -> None:
    ends = {(e.row.rpartition("/")[2], e.end): e for e in made.shots.ends}
    all_sound, least = ends["acoustic_power_share", "high"], ends["acoustic_power_share", "low"]
    assert least.factor / all_sound.factor == pytest.approx(all_sound.value / least.value, rel=0.01)
    fades = ends["skin.attenuation", "low"], ends["skin.attenuation", "high"]
    assert fades[0].factor < made.shots.factor < fades[1].factor


def test_head_for_another_layer_is_weighed_in_the_band_of_the_first(made) -> None:
    assert made.device.key == "mfu-7mhz-4.5mm"
    taken, other = made.shots.considered
    assert (taken.key, taken.why) == ("mfu-7mhz-4.5mm", "")
    assert other.key == "mfu-7mhz-3.0mm"
    assert other.why in ("does less for the goal", "does no more for the goal")
    assert 0.0 <= other.goal <= taken.goal


def test_head_whose_focus_does_not_reach_the_band_is_set_aside_with_both_depths() -> None:
    """Half the pressure is left 7 λ (R/2a)² / 2 beside the focus: 1.4 mm at 7 MHz, 0.7 mm and more at 10 MHz."""
    heads = ("mfu-7mhz-4.5mm", "mfu-10mhz-1.5mm", "mfu-7mhz-3.0mm")
    near, (other,) = _reaching([question_of(case(), catalogue()[key]) for key in heads])
    assert [question.device.key for question in near] == ["mfu-7mhz-4.5mm", "mfu-7mhz-3.0mm"]
    assert near[1].band == near[0].band
    assert other.key == "mfu-10mhz-1.5mm"
    assert "does not reach the superficial fascia (SMAS) between 4.1 and 5.1 mm" in other.why


def test_rows_a_sweep_does_not_ask_change_nothing_it_reads() -> None:
    question = question_of(case(settings={"power": "2.5 W", "duration": "40 ms"}))
    rows = [question.facts[f"tissue/{name}"] for name in ("composition/fat.water", "pigment/phototype_3.melanin")]
    moved = question.facts
    for row in rows:
        moved = moved.with_value(row.name, row.high)
    assert not question.method.felt(question, moved)
    assert question.method.felt(question, moved.with_value(MOVED[0], question.facts[MOVED[0]].low))
    run = question.treatment(question.start, moved, "sweep")
    asked, told = question.method.read(question, question.start, run), question.figures(question.start, moved, "sweep")
    assert asked == {name: told[name] for name in asked}


def test_a_trial_is_as_hot_as_a_run_that_counts_for_more() -> None:
    """Echoes, the march's finer cells and its way beyond the focus are left out of trials."""
    question = question_of(case(settings={"power": "2.5 W", "duration": "40 ms"}))
    quick, check = (question.figures(question.start, run=run)["focus.peak_temperature"] for run in ("quick", "check"))
    assert 330.0 < check < 370.0
    rest = question.facts.si("tissue/thermal/core.temperature")
    assert quick - rest == pytest.approx(check - rest, rel=0.01)


def test_pitch_holds_the_zones_apart_and_fills_the_line(made) -> None:
    laid, wide = made.shots.pattern, made.shots.zones["upper end"][0].width
    assert wide / laid.pitch <= 0.61
    assert (laid.points - 1) * laid.pitch <= 25e-3 < (laid.points + 1) * laid.pitch


def test_lines_left_open_come_closer_where_the_goal_asks_and_no_nearer_than_zones_may() -> None:
    settings = {"power": "3.2 W", "duration": "40 ms", "pitch": "3 mm"}

    def spacing(volume: float, width: float, **more: str) -> float:
        question = question_of(case(settings=settings | more))

        def figures(asked, facts=None, run="quick"):
            thick = question.band[1] - question.band[0]
            share = share_of_band(volume, asked["pitch"], asked["line_spacing"], thick)
            return {"band.coagulated": share, "zone.width": width, "band.stimulated": share}

        object.__setattr__(question, "figures", figures)
        adverse = {limit.figure: question.facts for limit in question.limits}
        return question.method.complete(question, question.start, adverse)["line_spacing"]

    question = question_of(case(settings=settings))
    setting, thick = question.device.settings["line_spacing"], question.band[1] - question.band[0]
    target = read_goals("ultrasound", question.facts, question.band)[0].target
    warn = next(limit.warn for limit in question.limits if limit.figure == "pattern.filled")
    enough = target * 3e-3 * setting.default * thick
    assert spacing(2.0 * enough, 0.1e-3) == setting.default  # the goal asks for no more
    assert spacing(0.6 * enough, 0.1e-3) == pytest.approx(0.6 * setting.default)
    assert spacing(0.01 * enough, 0.1e-3) == setting.low
    assert spacing(0.01 * enough, 1.5e-3) == pytest.approx(1.5e-3 / warn)
    assert spacing(2.0 * enough, 2.4e-3) == pytest.approx(2.4e-3 / warn)
    assert spacing(0.01 * enough, 0.1e-3, line_spacing="2.5 mm") == pytest.approx(2.5e-3)


def test_a_spread_is_cut_at_the_bone_that_was_measured_and_that_is_said() -> None:
    """Forehead, bone at 3.5 mm: the table's fat may be 2.8 mm thick there, which with 0.9 mm above it is past that."""
    at = {"area": {"site": "forehead"}, "skin": {"layers": []}}
    near, far = (
        question_of(
            case(settings={}, device="mfu-10mhz-1.5mm", imaging={"coupling": "full", "bone_depth": depth}, **at)
        )
        for depth in ("3.5 mm", "9 mm")
    )
    row = near.facts["tissue/thickness/forehead.fat.ultrasound"]
    pressed = near.skin(near.facts.with_value(row.name, row.high))
    assert pressed.top_of("bone") == pytest.approx(3.5e-3)
    assert pressed.layers[-2].thickness == pytest.approx(near.facts.si("care/imaging/agreement"))
    fat, planned = (skin.layers[4].thickness for skin in (pressed, near.skin(near.facts)))
    assert planned < fat < 1.5 * planned
    run = SimpleNamespace(zones=(), skin=near.skin(near.facts))
    assert CUT in near.method.assumptions(near, run)
    assert CUT not in far.method.assumptions(far, run)


def test_guards_of_the_picture_are_in_the_plan(made) -> None:
    assert next((g.name, g.depth) for g in made.shots.guards) == ("bone", pytest.approx(11.5e-3))
    assert all(f.verdict == "warn" for f in made.findings)


def test_output_in_water_is_told_with_its_units(made) -> None:
    output = made.shots.output
    assert output["mechanical_index"].unit == "1"
    head = catalogue()["mfu-7mhz-4.5mm"]
    assert output["standoff"] == Figure(pytest.approx(head.standoff), "m")
    # 0.3 dB/cm/MHz from the skin on, not from the rim: 4.5 mm at 7 MHz take 0.945 dB, the peak lies a little higher.
    lost = 20.0 * math.log10(output["peak_negative"].value / output["derated_peak_negative"].value)
    assert 0.8 < lost < 0.945
    assert output["derated_sppa"].value < output["sppa"].value
    assert output["lateral"].value < output["axial"].value < 10e-3


def test_the_document_is_json_with_no_infinities(made) -> None:
    again = json.loads(json.dumps(made.to_dict(), allow_nan=False))
    assert again["shots"]["pattern"]["total"] == made.shots.pattern.total
    assert again["shots"]["zones"]["upper end"][0]["volume"] > 0.0
    assert again["record"]["photons"] == 0


def test_a_limit_of_light_alone_is_not_judged_here(made) -> None:
    assert "dermal_burn.mehta_wong_dermis" not in {m.limit.figure for m in made.margins}


def test_the_factor_named_brings_the_focus_to_65_degrees() -> None:
    question = question_of(case(settings={"power": "4 W", "duration": "40 ms"}))
    target = question.facts.si("care/imaging/focus.warmest")
    factor = factor_to(question, question.start, target)
    hot = question.figures({**question.start, "power": 4.0 * factor})
    assert hot["focus.peak_temperature"] == pytest.approx(target, abs=0.3)


def test_the_more_skin_fades_the_more_power_the_focus_needs_even_where_the_skin_gets_hotter() -> None:
    """4 MHz at 3 mm (arm B of NCT02736825): behind skin that fades most the hottest place is above the focus."""
    question = question_of(read_case(EXAMPLES / "ultrasound_nct02736825_b_shallow.toml"))
    row, target = question.facts["tissue/acoustics/skin.attenuation"], question.facts.si("care/imaging/focus.warmest")
    ends = [question.facts.with_value(row.name, value) for value in (row.low, row.value, row.high)]
    factors = [factor_to(question, question.start, target, facts) for facts in ends]
    assert factors == sorted(factors)
    hot = question.figures({**question.start, "power": question.start["power"] * factors[-1]}, ends[-1])
    assert hot["tissue.peak_temperature"] > hot["focus.peak_temperature"] + 5.0


def test_a_published_power_that_boils_hard_has_finite_figures_past_every_limit_it_should_pass() -> None:
    """12 W at 3 mm (Kwon 2023) where the skin fades least: hundreds of degrees, and CEM43 past every double."""
    question = question_of(case(settings={"power": "12 W", "duration": "60 ms"}, device="mfu-7mhz-3.0mm"))
    fades = question.facts["tissue/acoustics/skin.attenuation"]
    figures = question.figures(question.start, question.facts.with_value(fades.name, fades.low))
    assert all(math.isfinite(value) for value in figures.values())
    assert boils(figures["tissue.peak_temperature"])
    assert figures["zone.volume"] > 0.0


def test_air_between_head_and_skin_means_no_dose() -> None:
    with pytest.raises(Contraindicated, match="no dose"):
        plan(case(imaging=EXAMPLE["imaging"] | {"coupling": "gap"}))


def test_nerve_within_the_margin_of_the_focus_stops_the_head_that_reaches_it() -> None:
    near = EXAMPLE["imaging"] | {"danger": [{"name": "nerve", "depth": "6 mm"}]}
    with pytest.raises(Contraindicated, match=r"nerve at 6 mm lies 1\.5 mm below"):
        plan(case(imaging=near))


def test_energy_given_by_the_case_becomes_power_and_settles_it() -> None:
    question = question_of(case(settings={"energy": "0.9 J", "duration": "60 ms"}, device="mfu-4mhz-4.5mm"))
    share = question.facts.si("devices/mfu-4mhz-4.5mm/acoustic_power_share")
    assert question.start["power"] == pytest.approx(0.9 / 0.06 * share)
    assert {"power", "duration"} <= question.settled
    assert "energy" not in question.start
    assert math.isclose(question.start["duration"], 0.06)
