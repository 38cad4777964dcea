"""The page of either method: self-contained, whole, without holes, readable by everybody."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import plan_sample
import pytest
import sound_sample
from page_reader import Read, words
from plan_sample import row

from tauten.report import page
from tauten.report.words import layer_words

SAYS = {
    "infrared": (
        "epidermal burn", "fat necrosis", "peak temperature of the surface", "comfort: time above 45 °C",
        "heat stimulus", "denatured collagen", "missed by 23 %", "Maitland and Walsh 1997",
        plan_sample.sample().device.eye_hazard.eyewear,
    ),
    "ultrasound": (
        "epidermal burn", "volume of one point's zone", "peak temperature of the surface", "Henriques and Moritz 1947",
        "coagulated share of the target depth", "missed by 32 %",
        *(hazard.text for hazard in sound_sample.sample().device.hazards),
    ),
}  # fmt: skip
"""What each sample's page must not leave out."""
SAMPLES = {"infrared": plan_sample.sample, "ultrasound": sound_sample.sample}


@pytest.fixture(scope="module", params=SAMPLES)
def plan(request):
    return SAMPLES[request.param]()


@pytest.fixture(scope="module")
def html(plan) -> str:
    return page.render(plan)


@pytest.fixture(scope="module")
def read(html) -> Read:
    return Read(html)


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


def test_every_drawing_on_the_page_is_valid_xml(html: str, plan) -> None:
    drawings = re.findall(r"<svg.*?</svg>", html, flags=re.S)
    assert len(drawings) == {"infrared": 8, "ultrasound": 7}[plan.device.method]
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
    for wanted in SAYS[plan.device.method]:
        assert wanted in words
    for each in (*plan.rows, *plan.unverified):
        assert each.name in words
        assert each.source in words
    for assumption in plan.assumptions:
        assert assumption in words
    for layer in plan.layers:
        assert layer_words(layer.name) in words
    assert plan.record.digest in words
    assert "national authority for medical devices" in words
    assert "Decision support" in words


def test_unverified_rows_have_their_own_table_first(html: str, plan) -> None:
    count = len(plan.unverified)
    first = html.index(f"Unverified ({count})")
    assert first < html.index(f"Checked in a source, or a product&#39;s choice ({len(plan.rows) - count})")
    plain = html.replace("<wbr>", "")
    for each in plan.unverified:
        assert plain.index(each.name, plain.index(f"Unverified ({count})")) < plain.index("Checked in a source")


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


@pytest.mark.parametrize("method", SAMPLES)
def test_text_from_a_case_is_escaped(method: str) -> None:
    evil = "<script>alert('x')</script> & <b>"
    plan = SAMPLES[method](
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


def test_rows_and_raw_inputs_are_folded_on_screen_and_unverified_rows_are_still_printed(html: str, plan) -> None:
    data = html[html.index('id="data"') : html.index('<section id="patient"')]
    assert f'<details class="printed">\n<summary>Unverified ({len(plan.unverified)})</summary>' in data
    assert data.count("<summary>") == 4
    unfolded = re.sub(r"<details.*?</details>", "", data, flags=re.S)
    assert "<pre>" not in unfolded
    assert "contact_resistance" not in unfolded.replace("<wbr>", "")
    assert "<details open" not in html
    assert "details.printed::details-content" in html[html.index("@media print") : html.index("</style>")]


def test_a_plan_is_signed_after_its_assumptions(html: str) -> None:
    assert html.index("<h3>Assumptions</h3>") < html.index("<h3>Sign-off</h3>") < html.index('id="data"')


def test_the_page_stays_small(html: str) -> None:
    assert len(html.encode()) < 1_500_000
