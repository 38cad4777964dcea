import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import tauten
from tauten.errors import InputError, OutsideValidity
from tauten.references import LAWS, check_validity, law, reference, references

ROOT = Path(tauten.__file__).parent


def cited():
    """Every key that a law cites, found by importing the package."""
    for module in pkgutil.walk_packages([str(ROOT)], "tauten."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    return sorted({about.cite for about in LAWS.values() if about.name.split(".")[0] in ROOMS})


ROOMS = {path.stem for path in ROOT.iterdir()}


def test_every_law_cites_a_work_we_list():
    keys = cited()
    assert keys
    assert [key for key in keys if key not in references()] == []


def test_every_work_has_author_year_and_title():
    for key, work in references().items():
        assert {"author", "year", "title"} <= set(work.fields), key
        assert re.fullmatch(r"\d{4}", work.fields["year"]), key
        assert "10." in work.fields.get("doi", "10."), key


def test_no_work_is_lost_in_reading():
    text = (ROOT / "data" / "references.bib").read_text(encoding="utf-8")
    assert len(references()) == len(re.findall(r"^@", text, flags=re.M))


def test_a_work_reads_in_one_line():
    line = str(reference("salomatina_2006"))
    assert "Salomatina" in line
    assert "10.1117/1.2398928" in line


def test_an_unknown_work_is_refused():
    with pytest.raises(InputError, match=r"references\.bib"):
        reference("nobody_1900")


def test_a_law_refuses_what_its_source_does_not_cover():
    @law(cite="salomatina_2006", valid={"temperature": (300.0, 320.0)})
    def twice(temperature):
        return 2.0 * temperature

    assert twice(310.0) == 620.0
    check_validity(twice, temperature=310.0)
    for outside in (299.0, 321.0):
        with pytest.raises(OutsideValidity, match="300 to 320"):
            check_validity(twice, temperature=outside)
    LAWS.pop(twice.law.name)


def test_every_validity_range_is_a_range():
    for about in LAWS.values():
        for low, high in about.valid.values():
            assert low <= high, about.name
