import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.care.screening import METHODS, conditions, screen
from tauten.errors import InputError
from tauten.facts import CONFIDENCES

ASKED = {key: c for key, c in conditions().items() if not c.number}
ALL_NO = dict.fromkeys(ASKED, "no")
PERSON = {"age": 52, "phototype": 3, "bmi": 24.0}
RANK = ("stop", "unknown", "defer", "refer", "clear")
ANSWERS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(ASKED, st.sampled_from(["yes", "no", "unknown", True, False, None]))
)


def test_a_person_with_nothing_to_report_is_clear():
    found = screen(ALL_NO, **PERSON)
    assert found.verdict == "clear"
    assert found.clear
    assert found.findings == ()
    assert found.unanswered == ()


def test_nobody_asked_is_not_clear():
    found = screen({})
    assert found.verdict == "unknown"
    assert not found.clear
    assert "pregnant" in found.unanswered


@pytest.mark.parametrize("key", [key for key, c in ASKED.items() if c.asked_for("infrared")])
@pytest.mark.parametrize("answer", ["unknown", None])
def test_unknown_answer_is_not_clear(key, answer):
    found = screen({**ALL_NO, key: answer}, **PERSON)
    assert found.verdict == "unknown"
    assert found.unanswered == (key,)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", ["pregnant", "nursing"])
def test_pregnancy_and_nursing_stop_every_method(method, key):
    assert screen({**ALL_NO, key: True}, method, **PERSON).verdict == "stop"


@pytest.mark.parametrize(
    ("key", "verdict"),
    [
        ("active_implant_in_area", "stop"),
        ("active_implant_elsewhere", "refer"),
        ("metal_implant_in_area", "refer"),
        ("open_wound", "stop"),
        ("acne_severe", "defer"),
        ("isotretinoin", "refer"),
        ("photosensitivity", "stop"),
        ("gold_salts", "stop"),
        ("cold_disease", "stop"),
        ("tattoo_in_area", "stop"),
        ("melasma_pih_vitiligo", "refer"),
        ("tan_or_sunburn", "defer"),
        ("severe_laxity", "refer"),
        ("zone_eye_eyelid", "stop"),
        ("home_use", "stop"),
        ("smoking", "clear"),
        ("nsaid", "clear"),
    ],
)
def test_infrared_verdicts(key, verdict):
    assert screen({**ALL_NO, key: "yes"}, **PERSON).verdict == verdict


def test_pacemaker_stops_current_everywhere_and_light_only_in_the_area():
    carrier = {**ALL_NO, "active_implant_elsewhere": "yes"}
    verdicts = {method: screen(carrier, method, **PERSON).verdict for method in METHODS}
    assert verdicts == {
        "ultrasound": "refer",
        "rf_monopolar": "stop",
        "rf_multipolar": "stop",
        "rf_microneedling": "stop",
        "infrared": "refer",
    }


def test_a_wait_says_what_ends_it():
    found = screen({**ALL_NO, "tan_or_sunburn": "yes", "acne_severe": "yes"}, **PERSON)
    assert {f.condition: f.until for f in found.findings} == {
        "tan_or_sunburn": "for 14 days",
        "acne_severe": "until clear",
    }
    assert "14 days" in found.findings[-1].reason


@pytest.mark.parametrize(
    ("person", "verdict", "conditions_found"),
    [
        ({"age": 17, "phototype": 2, "bmi": 22}, "stop", {"age_under_18", "age_outside_trials"}),
        ({"age": 18, "phototype": 2, "bmi": 22}, "clear", {"age_outside_trials"}),
        ({"age": 25, "phototype": 2, "bmi": 22}, "clear", set()),
        ({"age": 65, "phototype": 2, "bmi": 22}, "clear", set()),
        ({"age": 66, "phototype": 2, "bmi": 22}, "clear", {"age_outside_trials"}),
        ({"age": 40, "phototype": 3, "bmi": 30}, "clear", set()),
        ({"age": 40, "phototype": 4, "bmi": 30.1}, "clear", {"phototype_4_infrared", "bmi_over_30"}),
        ({"age": 40, "phototype": 5, "bmi": 36}, "refer", {"phototype_5_6", "bmi_over_30", "bmi_over_35"}),
        ({"age": 40, "phototype": 6, "bmi": 22}, "refer", {"phototype_5_6"}),
    ],
)
def test_age_phototype_and_bmi_are_worked_out_from_the_case(person, verdict, conditions_found):
    found = screen(ALL_NO, **person)
    assert found.verdict == verdict
    assert {f.condition for f in found.findings} == conditions_found


def test_flags_stand_in_the_plan_but_block_nothing():
    found = screen({**ALL_NO, "smoking": "yes"}, **PERSON)
    assert found.clear
    assert [f.condition for f in found.flags] == ["smoking"]


def test_not_applicable_needs_its_reason():
    assert screen({**ALL_NO, "pregnant": "not applicable: male"}, **PERSON).clear
    with pytest.raises(InputError, match="not applicable: <reason>"):
        screen({**ALL_NO, "pregnant": "not applicable"}, **PERSON)


@pytest.mark.parametrize("answer", ["maybe", "", "si", 1, 0, 2.0, math.nan, [], "not applicable:  "])
def test_an_answer_is_one_of_four(answer):
    with pytest.raises(InputError) as caught:
        screen({"pregnant": answer})
    assert caught.value.key == "screening.pregnant"


def test_an_unknown_condition_names_the_nearest():
    with pytest.raises(InputError, match="Did you mean pregnant"):
        screen({"pregnent": "no"})


def test_an_unknown_method_is_refused():
    with pytest.raises(InputError, match="infrared"):
        screen(ALL_NO, "laser")


def test_an_answer_that_contradicts_the_number_is_refused():
    with pytest.raises(InputError, match="contradicts age = 16"):
        screen({**ALL_NO, "age_under_18": "no"}, age=16, phototype=3, bmi=24)


@pytest.mark.parametrize("person", [{"age": math.nan}, {"age": -1}, {"phototype": 0}, {"bmi": math.inf}])
def test_a_number_that_is_none_is_not_clear_but_an_error(person):
    with pytest.raises(InputError, match="positive number"):
        screen(ALL_NO, **person)


@given(answers=ANSWERS, method=st.sampled_from(METHODS))
def test_verdict_is_the_worst_finding_and_all_are_kept(answers, method):
    found = screen(answers, method, **PERSON)
    blocking = [f.verdict for f in found.findings if f.verdict != "flag"]
    assert found.verdict == min(blocking, key=RANK.index, default="clear")
    said = {key for key, a in answers.items() if a in (True, "yes") and conditions()[key].asked_for(method)}
    assert said == {f.condition for f in found.findings if f.answer == "yes"}


@given(answers=ANSWERS, more=st.sampled_from(sorted(ASKED)), method=st.sampled_from(METHODS))
def test_one_more_yes_never_makes_the_verdict_milder_than_a_no(answers, more, method):
    with_yes = screen({**answers, more: "yes"}, method, **PERSON).verdict
    with_no = screen({**answers, more: "no"}, method, **PERSON).verdict
    assert RANK.index(with_yes) <= RANK.index(with_no)


def test_the_table_is_whole():
    table = conditions()
    assert len(table) == 64
    words = {"ok", "flag", "refer", "defer", "stop"}
    for c in table.values():
        assert c.scope in ("any", "local", "path", "zone")
        assert {v.partition(" ")[0] for v in c.verdicts.values()} <= words
        assert c.confidence in CONFIDENCES
        assert c.question.endswith("?")
        assert c.source
