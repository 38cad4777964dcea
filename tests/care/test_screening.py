import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tauten.care.screening import METHODS, conditions, screen
from tauten.devices.catalogue import catalogue
from tauten.devices.head import Head
from tauten.errors import InputError
from tauten.facts import CONFIDENCES, load
from tauten.skin.sites import sites

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
        ("zone_eye_socket_rim", "refer"),
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
    assert caught.value.key == "answers.pregnant"


def test_an_unknown_condition_names_the_nearest():
    with pytest.raises(InputError, match="Did you mean pregnant"):
        screen({"pregnent": "no"})
    with pytest.raises(InputError, match="tauten schema") as caught:
        screen({"colour of hat": "no"})
    assert caught.value.key == "answers.colour of hat"


def test_an_unknown_method_is_refused():
    with pytest.raises(InputError, match="infrared"):
        screen(ALL_NO, "laser")


def test_an_answer_that_contradicts_the_number_is_refused():
    with pytest.raises(InputError, match="contradicts age = 16"):
        screen({**ALL_NO, "age_under_18": "no"}, age=16, phototype=3, bmi=24)


RIM, LID = "zone_eye_socket_rim", "zone_eye_eyelid"
OPEN = {key: "no" for key in ASKED if key not in (RIM, LID)}


@pytest.mark.parametrize("method", METHODS)
def test_an_eyelid_is_never_clear_whatever_was_answered(method):
    found = screen(OPEN, method, **PERSON, site="eyelid")
    assert found.verdict == "stop"
    assert "eyelid? Yes (site = eyelid): do not treat" in found.findings[0].reason
    with pytest.raises(InputError, match="contradicts site = eyelid") as caught:
        screen({**OPEN, LID: "no"}, method, **PERSON, site="eyelid")
    assert caught.value.key == f"answers.{LID}"
    assert "correct the site" in str(caught.value)


@pytest.mark.parametrize("site", ["periorbital", "crow's feet", "Periorbital"])
@pytest.mark.parametrize("method", METHODS)
def test_skin_around_the_eye_needs_a_doctors_word(site, method):
    # Focused sound must not reach the eye at all: its heads are labelled so.
    wanted = "stop" if method == "ultrasound" else "refer"
    assert screen({**OPEN, LID: "no"}, method, **PERSON, site=site).verdict == wanted
    assert screen(OPEN, method, **PERSON, site=site).unanswered == (LID,)
    with pytest.raises(InputError, match="contradicts site = periorbital"):
        screen(ALL_NO, method, **PERSON, site=site)


def test_the_rim_of_the_socket_is_asked_where_it_may_lie_and_nowhere_else():
    person = {**OPEN, LID: "no"}
    elsewhere = set(sites()) - {"eyelid"}
    assert {s for s in elsewhere if RIM in screen(person, **PERSON, site=s).unanswered} == {"brow", "temple"}
    assert screen(person, **PERSON, site="cheek").clear
    assert screen({**person, RIM: "yes"}, **PERSON, site="cheek").verdict == "refer"
    assert screen(person, **PERSON).unanswered == (RIM,)  # nobody said where
    # Left out, the site answers; said to be unknown, it stays unknown wherever the area is.
    assert screen({**person, RIM: "unknown"}, **PERSON, site="forehead").unanswered == (RIM,)


def test_a_site_nobody_knows_is_an_error():
    with pytest.raises(InputError, match="not a site"):
        screen(ALL_NO, **PERSON, site="elbow")


@pytest.mark.parametrize(
    ("phototype", "melanin", "found"),
    [
        (2, 0.35, {"phototype_5_6"}),
        (None, 0.35, {"phototype_5_6"}),
        (2, 0.18, {"phototype_5_6"}),
        (2, 0.12, {"phototype_4_infrared"}),
        (2, 0.08, {"phototype_4_infrared"}),  # between the ranges of III and IV
        (2, 0.055, set()),
        (None, 0.0, set()),
        (5, 0.03, {"phototype_5_6"}),
        (4, 0.35, {"phototype_5_6"}),
    ],
)
def test_of_phototype_and_melanin_the_darker_counts(phototype, melanin, found):
    answer = screen(ALL_NO, age=52, bmi=24.0, phototype=phototype, melanin=melanin)
    assert {f.condition for f in answer.findings} == found
    assert answer.unanswered == ()


@pytest.mark.parametrize("kind", range(1, 7))
def test_melanin_of_a_phototypes_own_row_screens_as_that_phototype(kind):
    row = load()[f"tissue/pigment/phototype_{kind}.melanin"]
    for melanin in (row.si_low, row.si, row.si_high):
        by_melanin = screen(ALL_NO, age=52, bmi=24.0, melanin=melanin)
        by_type = screen(ALL_NO, age=52, bmi=24.0, phototype=kind)
        assert [f.condition for f in by_melanin.findings] == [f.condition for f in by_type.findings]


def test_melanin_says_why_and_cannot_be_answered_away():
    found = screen(ALL_NO, age=52, bmi=24.0, phototype=2, melanin=0.35)
    assert "Yes (melanin = 35 %, as phototype VI): a doctor's clearance first" in found.findings[0].reason
    with pytest.raises(InputError, match="contradicts melanin = 35 %") as caught:
        screen({**ALL_NO, "phototype_5_6": "no"}, phototype=2, melanin=0.35)
    assert "correct the melanin" in str(caught.value)


@pytest.mark.parametrize("melanin", [math.nan, -0.1, 35.0])
def test_melanin_is_a_fraction(melanin):
    with pytest.raises(InputError, match="fraction"):
        screen(ALL_NO, **PERSON, melanin=melanin)


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
    assert len(table) == 65
    words = {"ok", "flag", "refer", "defer", "stop"}
    for c in table.values():
        assert c.scope in ("any", "local", "path", "zone")
        assert {v.partition(" ")[0] for v in c.verdicts.values()} <= words
        assert c.confidence in CONFIDENCES
        assert c.question.endswith("?")
        assert c.source
        assert {*c.sites, *c.asked_at} <= set(sites())


def test_the_rim_of_the_eye_socket_cites_what_the_heads_say_of_eyes():
    condition = conditions()["zone_eye_socket_rim"]
    assert condition.verdicts["ultrasound"] == "stop"
    told = {h.source.partition(";")[0] for d in catalogue().values() if isinstance(d, Head) for h in d.hazards}
    manual = next(source for source in told if "ultrasound can reach the eye" in source)
    assert manual.partition(":")[0] in condition.source
    assert "where ultrasound can reach the eye" in condition.source
