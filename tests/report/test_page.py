"""The page: self-contained, whole, honest at the top, readable by everybody, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from plan_sample import goals, margins, row, sample, screening

from tauten.care.plan_types import ChosenSetting
from tauten.errors import StorageError
from tauten.report import advice, clinician, faces, page
from tauten.units import celsius


class Read(HTMLParser):
    """The page as a browser sees it: tags with attributes, and the words outside style and drawings' numbers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.inside: list[str] = []
        self.feed(html.replace("<wbr>", ""))

    def handle_starttag(self, tag: str, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "br", "path", "use", "image"):
            self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside and data.strip():
            self.words.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.words)


@pytest.fixture(scope="module")
def plan():
    return sample()


@pytest.fixture(scope="module")
def drawn(plan):
    return page.drawings(plan)


@pytest.fixture(scope="module")
def html(plan, drawn) -> str:
    return page.render(plan, drawn)


@pytest.fixture(scope="module")
def read(html) -> Read:
    return Read(html)


def words(plan) -> str:
    """The page without its drawings, which take their time."""
    return page.render(plan, ())


def patient_part(html: str) -> str:
    return Read(html[html.index('<section id="patient"') : html.index("<footer>")]).text


def test_the_page_loads_nothing(html: str, read: Read) -> None:
    assert not {tag for tag, _ in read.tags} & {"script", "link", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in read.tags:
        for name in ("src", "href", "xlink:href", "action", "srcset", "poster"):
            if name in attributes:
                assert attributes[name].startswith(("#", "data:image/png;base64,")), (tag, name)
        assert not any(name.startswith("on") for name in attributes), tag
    assert "@import" not in html
    assert all(found.startswith("#") for found in re.findall(r"url\(['\"]?([^)'\"]*)", html))


def test_anchors_lead_somewhere(read: Read) -> None:
    ids = {attributes["id"] for _, attributes in read.tags if "id" in attributes}
    targets = {a["href"][1:] for tag, a in read.tags if tag == "a"}
    assert {"clinician", "patient", "limits"} <= targets <= ids


def test_no_id_is_used_twice(read: Read) -> None:
    repeated = [i for i, n in Counter(a["id"] for _, a in read.tags if "id" in a).items() if n > 1]
    assert repeated == []


def test_every_drawing_on_the_page_is_valid_xml(html: str) -> None:
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.S)
    assert len(drawings) == 8
    for drawing in drawings:
        ET.fromstring(drawing)


def test_no_holes_and_no_noise(read: Read) -> None:
    assert not re.search(r"\b(NaN|nan|None|inf|undefined)\b", read.text)
    assert not re.search(r"\d\.\d{6,}", read.text)
    assert not re.search(r"\d[eE][+-]?\d\d", re.sub(r"[0-9a-f]{64}", "", read.text))


def test_everything_in_the_plan_is_on_the_page(plan, read: Read) -> None:
    words = read.text
    for margin in plan.margins:
        assert margin.limit.source in words
    for wanted in ("epidermal burn", "fat necrosis", "peak temperature of the surface", "comfort: time above 45 °C"):
        assert wanted in words
    for each in (*plan.rows, *plan.unverified):
        assert each.name in words
        assert each.source in words
    for assumption in plan.assumptions:
        assert assumption in words
    for wanted in (
        "heat stimulus",
        "denatured collagen",
        "missed by 23 %",
        "Maitland and Walsh 1997",
        plan.record.digest,
    ):
        assert wanted in words
    for layer in plan.layers:
        assert layer.name.replace("_", " ") in words
    assert plan.device.eye_hazard.eyewear in words
    assert "national authority for medical devices" in words
    assert "Decision support" in words


def test_unverified_rows_have_their_own_table_first(html: str, plan) -> None:
    first = html.index("Unverified (2)")
    assert first < html.index("Checked in a source, or a product&#39;s choice (3)")
    plain = html.replace("<wbr>", "")
    for each in plan.unverified:
        assert plain.index(each.name, plain.index("Unverified (2)")) < plain.index("Checked in a source")


def test_every_data_value_has_a_unit(html: str) -> None:
    data = html[html.index('id="data"') : html.index("Run record")]
    rows = re.findall(r'<tr><th scope="row" class="name">(.*?)</tr>', data, flags=re.S)
    assert len(rows) > 10
    for each in rows:
        cells = [re.sub(r"<.*?>", "", c).strip() for c in re.findall(r"<td.*?>(.*?)</td>", each, flags=re.S)]
        assert cells[0], each
        assert cells[2], each


def test_tables_and_headings_can_be_read_aloud(html: str, read: Read) -> None:
    tables = re.findall(r"<table.*?</table>", html, flags=re.S)
    assert tables
    for table in tables:
        assert re.search(r"<caption[^>]*>\s*\S", table)
        assert 'scope="col"' in table
        assert table.count('scope="row"') == table.count("<tr>") - 1
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_series_of_one_has_no_gap() -> None:
    def told(count: float) -> str:
        extra = (
            ChosenSetting("passes", count, "1", "count", 1.0, 8.0, "case", "seen"),
            ChosenSetting("pass_interval", 60.0, "s", "s", 10.0, 600.0, "device default", "product choice"),
        )
        return words(sample(settings=(*sample().settings, *extra)))

    assert "from one pass to the next" not in told(1.0)
    assert "from one pass to the next" in told(3.0)


def test_a_test_spot_of_a_series_is_one_pass() -> None:
    def spot(count: float) -> list[tuple[str, str]]:
        passes = ChosenSetting("passes", count, "1", "count", 1.0, 8.0, "case", "seen")
        table = advice.test_spot(sample(settings=(*sample().settings, passes)))
        return [(row[0].text, row[1].text) for row in table.cells]

    assert ("passes", "1") in spot(6.0)
    assert ("passes", "1") not in spot(1.0)


def test_headroom_beyond_the_machine_is_not_a_fluence() -> None:
    first, *others = margins()
    assert "beyond this device (3 times)" in words(sample(margins=(replace(first, headroom=3.0), *others)))
    assert "4 times or more" in words(sample(margins=(replace(first, headroom=4.0), *others)))


def test_text_from_a_case_is_escaped() -> None:
    evil = "<script>alert('x')</script> & <b>"
    plan = sample(
        title=evil,
        assumptions=(evil,),
        rows=(row("tissue/x", 1.0, "mm", note=evil, source=evil),),
        published={"citation": evil, "claims": (evil,)},
    )
    plan = replace(plan, record=replace(plan.record, inputs={"title": evil}))
    html = words(plan)
    assert "<script" not in html
    assert "<b>" not in html
    assert html.count("&lt;script&gt;") >= 6


def test_a_person_not_cleared_is_told_at_the_top_before_any_setting() -> None:
    html = words(sample(screening=screening(pregnant=None, open_wound=None)))
    headline = html.index("Not cleared: 2 questions open")
    assert headline < html.index("fluence, each pulse")
    assert headline < html.index("<table")
    assert "Are you or could you be pregnant?" in html
    assert html.count("not cleared: do not treat") == 2


def test_a_person_not_cleared_reads_no_numbers_of_the_plan() -> None:
    cleared, held = sample(), sample(screening=screening(pregnant=None))
    assert "How warm your skin gets" in patient_part(words(cleared))
    told = patient_part(words(held))
    assert "You are not cleared for this treatment yet. Questions still open: 1." in told
    assert "How warm your skin gets" not in told
    assert "target set for this method" not in told


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("device", ["ir-lamp-1100-1800", "nd-yag-1320-cryogen"])
def test_the_patients_part_never_carries_machine_settings(language: str, device: str) -> None:
    plan = sample(language=language, device_key=device)
    told = patient_part(words(plan))
    assert "J/cm" not in told
    assert "nm" not in told.split()
    assert "20 °C" not in told  # the window
    assert "W/cm" not in told


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_lamp_is_never_called_a_laser_to_a_patient(language: str) -> None:
    lamp = patient_part(words(sample(language=language)))
    laser = patient_part(words(sample(language=language, device_key="nd-yag-1064-long-pulse")))
    assert not re.search(r"l[aá]ser", lamp, re.I)
    assert re.search(r"l[aá]ser", laser, re.I)


def test_what_is_known_about_lamps_is_not_told_of_lasers() -> None:
    laser = patient_part(words(sample(device_key="nd-yag-1064-long-pulse")))
    assert "13 women" not in laser
    assert "7 of 63" not in laser
    lamp = patient_part(words(sample()))
    assert "13 women" in lamp
    assert "7 of 63 sessions" in lamp


def test_the_patients_part_is_in_the_cases_language() -> None:
    html = words(sample(language="es"))
    assert '<section id="patient" class="patient" lang="es"' in html
    told = patient_part(html)
    assert "23 de noviembre de 2026" in told
    assert "mejilla" in told
    assert not re.search(r"\b(the|skin|your)\b", told)


def test_a_published_protocol_stands_beside_what_is_computed() -> None:
    assert "Beside a published protocol" not in words(sample())
    html = words(sample(published={"citation": "Chua et al. 2007", "claims": ("7 blisters in 63 sessions",)}))
    box = html[html.index("Beside a published protocol") :]
    assert "7 blisters in 63 sessions" in box
    assert "computed here" in box


def test_a_plan_past_a_limit_tells_the_patient_too() -> None:
    first, *others = margins()
    html = words(sample(margins=(replace(first, upper=9.0, headroom=0.4), *others)))
    told = patient_part(html)
    assert "goes past a safety limit" in told
    assert "How warm your skin gets" not in told


def test_a_plan_past_a_stop_is_not_to_be_carried_out_or_signed() -> None:
    first, *others = margins()
    html = words(sample(margins=(replace(first, upper=9.0, headroom=0.4), *others)))
    assert html.count("These settings cross a stop limit: do not treat with them.") == 3
    assert "Date and signature" not in html
    assert "Date and signature" in words(sample())


def test_a_choice_at_the_edge_of_an_unverified_range_is_marked() -> None:
    def noted(**changes: object) -> bool:
        edge = ChosenSetting("duration", 10.0, "s", "s", 1.0, 10.0, "optimised", "unverified")
        return "at the edge of an unverified range" in words(sample(settings=(replace(edge, **changes),)))

    assert noted()
    assert noted(value=1.0, chosen_by="case")
    assert not noted(value=9.0)
    assert not noted(confidence="seen")
    assert not noted(chosen_by="device default")
    assert not noted(low=10.0)  # fixed: there is no edge


def test_advice_far_past_a_limit_still_says_what_it_gains() -> None:
    plan = sample()
    step = replace(plan.safer[0], limit_before=8e6, limit_after=2e5)
    assert "40 times less, still over 1000 × stop" in words(replace(plan, safer=(step,)))
    idle = replace(step, limit_after=7.9e6)
    assert "barely less, still over 1000 × stop" in words(replace(plan, safer=(idle,)))


def test_rows_and_raw_inputs_are_folded_on_screen_and_unverified_rows_are_still_printed(html: str) -> None:
    data = html[html.index('id="data"') : html.index('<section id="patient"')]
    assert '<details class="printed">\n<summary>Unverified (2)</summary>' in data
    assert data.count("<summary>") == 4
    unfolded = re.sub(r"<details.*?</details>", "", data, flags=re.S)
    assert "<pre>" not in unfolded
    assert "contact_resistance" not in unfolded.replace("<wbr>", "")
    assert "<details open" not in html
    assert "details.printed::details-content" in html[html.index("@media print") : html.index("</style>")]


def test_a_plan_is_signed_after_its_assumptions(html: str) -> None:
    assert html.index("<h3>Assumptions</h3>") < html.index("<h3>Sign-off</h3>") < html.index('id="data"')


def test_an_open_question_stands_with_the_name_that_answers_it() -> None:
    told = Read(words(sample(screening=screening(pregnant=None)))).text
    assert "Are you or could you be pregnant? pregnant" in told
    assert "in the case file under [answers]" in told


def test_upper_end_and_stop_stand_side_by_side() -> None:
    head = list(clinician.limits(sample()).head)
    assert head[:3] == ["Endpoint", "Upper end", "Stop"]
    burn = clinician.limits(sample()).cells[0]
    assert [cell.text for cell in burn[1:6]] == ["0.17", "0.53", "warning", "0.021", "0.1"]


@pytest.mark.parametrize(
    ("confidence", "note"),
    [
        ("unverified", "of an unverified target"),
        ("product choice", "of a target that is a product choice"),
        ("seen", ""),
    ],
)
def test_a_missed_goal_says_what_its_target_is_worth(confidence: str, note: str) -> None:
    planned, other = goals()
    judged = replace(planned, goal=replace(planned.goal, confidence=confidence))
    cell = clinician.goals(sample(goals=(judged, other))).cells[0][1]
    assert (cell.text, cell.note) == ("missed by 23 %", note)


def test_a_safer_step_tells_what_becomes_of_the_goal_not_by_how_much_it_falls() -> None:
    table = advice.safer(sample())
    assert table.head[-1] == "Goal (heat stimulus) becomes"
    assert [row[-1].text for row in table.cells] == ["6.39 s", "7.24 s"]  # 7.7 s times 0.83 and 0.94
    same = replace(sample().safer[0], goal_factor=1.0)
    assert advice.safer(sample(safer=(same,))).cells[0][-1].text == "7.7 s, unchanged"


def test_a_camera_calls_before_the_stop_limit() -> None:
    """The sample's surface warns at 45 and stops at 48 °C: half-way is 46.5, told as 46."""
    first, fat, surface, hot = margins()

    def told(upper: float) -> str:
        return Read(words(sample(margins=(first, fat, replace(surface, upper=celsius(upper)), hot)))).text

    assert "Stop if it reads above 45 °C: the upper end of what this plan expects of the surface." in told(45.9)
    assert "the hottest reading to expect is 43 °C" in told(41.4)
    assert "Stop if it reads above 43 °C" in told(41.4)  # what is expected is no alarm
    for past in (47.0, 60.0):
        assert "Stop if it reads above 46 °C: half-way from the surface limit's warning to its stop." in told(past)


def test_a_reading_above_the_call_forbids_going_on() -> None:
    first, fat, surface, hot = margins()
    cold = replace(surface, limit=replace(surface.limit, warn=celsius(20), stop=celsius(21)))
    told = Read(words(sample(margins=(first, fat, cold, hot)))).text
    assert "That is above 20 °C, half-way from the surface limit's warning to its stop: do not go on." in told


@pytest.mark.parametrize(
    ("language", "words_of_warning"), [("en", "in its warning band"), ("es", "en su zona de aviso")]
)
def test_a_warning_is_told_to_the_patient(language: str, words_of_warning: str) -> None:
    calm = tuple(replace(m, upper=m.value) for m in margins())
    assert words_of_warning in patient_part(words(sample(language=language)))
    assert words_of_warning not in patient_part(words(sample(language=language, margins=calm)))


@pytest.mark.parametrize(("language", "guess"), [("en", "itself a guess"), ("es", "una suposición de los autores")])
def test_a_patient_reads_that_the_target_is_a_guess_and_no_share_of_it(language: str, guess: str) -> None:
    planned, other = goals()
    told = patient_part(words(sample(language=language, goals=(replace(planned, value=1.7), other))))
    assert guess in told
    assert "83 %" not in told


@pytest.mark.parametrize(
    ("language", "beyond"), [("en", "which is called off-label"), ("es", "va más allá de su autorización")]
)
def test_a_patient_reads_that_the_use_is_off_label(language: str, beyond: str) -> None:
    plan = sample(language=language)
    assert beyond in patient_part(words(plan))
    uses = tuple(use for use in plan.device.cleared_uses if use.kind == "cleared")
    assert beyond not in patient_part(words(replace(plan, device=replace(plan.device, cleared_uses=uses))))


def test_the_same_plan_gives_the_same_page(html: str) -> None:
    assert page.render(sample()) == html


def test_the_page_stays_small(html: str) -> None:
    assert len(html.encode()) < 1_500_000


def test_page_and_figures_are_written(plan, drawn, html: str, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(page, "drawings", lambda _: drawn)
    written = page.write(plan, tmp_path)
    assert written[0].read_text(encoding="utf-8") == html
    assert {p.name for p in (tmp_path / "figures").iterdir()} == {p.name for p in written[1:]}
    assert len(written) == 9
    for path in written[1:]:
        ET.parse(path)


def test_a_failure_while_drawing_leaves_the_last_page_as_it_was(plan, tmp_path, monkeypatch) -> None:
    (tmp_path / "plan.html").write_text("the last page", encoding="utf-8")

    def fail(_):
        raise RuntimeError("out of ink")

    face = faces.face_of(plan)
    monkeypatch.setattr(page, "face_of", lambda _: replace(face, drawings=(*face.drawings, fail)))
    with pytest.raises(RuntimeError, match="out of ink"):
        page.write(plan, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["plan.html"]
    assert (tmp_path / "plan.html").read_text(encoding="utf-8") == "the last page"


def test_a_full_disk_leaves_the_last_page_as_it_was(plan, drawn, tmp_path, monkeypatch) -> None:
    (tmp_path / "plan.html").write_text("the last page", encoding="utf-8")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(page, "drawings", lambda _: drawn)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError):
        page.write(plan, tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["plan.html"]
    assert (tmp_path / "plan.html").read_text(encoding="utf-8") == "the last page"
