"""The page's files: the same for the same plan, and written whole or not at all."""

from __future__ import annotations

import errno
import os
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from plan_sample import sample

from tauten.errors import StorageError
from tauten.report import faces, page


@pytest.fixture(scope="module")
def plan():
    return sample()


@pytest.fixture(scope="module")
def drawn(plan):
    return page.drawings(plan)


@pytest.fixture(scope="module")
def html(plan, drawn) -> str:
    return page.render(plan, drawn)


def test_the_same_plan_gives_the_same_page(html: str) -> None:
    assert page.render(sample()) == html


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
