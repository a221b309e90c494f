"""Columns that no formula gives: refresh computes them anew, and what formulas make of them, silently."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.judge.libreoffice import compare_all, needs_libreoffice
from tests.refresh.small_world import View, typed

from crmsheet import api
from crmsheet.api.building import built_from
from crmsheet.model.words import Language
from crmsheet.spec import load

TODAY = date(2026, 4, 2)
SPEC = """\
crmsheet: 1
name: voices
title: Voices
language: en
tables:
  products:
    label: Products
    key: name
    fields:
      name: {type: text, label: Product, required: true, unique: true}
      people: {type: rollup, table: comments, agg: count_distinct, field: who, label: People}
      many: {type: formula, expr: 'IF([people]>1, "many", "few")', label: How many}
  comments:
    label: Comments
    key: subject
    fields:
      subject: {type: text, label: Subject, required: true}
      product: {type: reference, table: products, label: Product}
      who: {type: text, label: Who}
      said: {type: long_text, label: What they said}
      score: {type: sentiment_score, of: said, label: Score}
      sounds:
        type: formula
        expr: 'IF([score]="", "none", IF([score]>0, "good", IF([score]<0, "bad", "so so")))'
        label: Sounds
"""
SAID = ("Great, very fast", "Terrible, it broke at once", None, "We got it")


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    path = tmp_path / "voices.yaml"
    path.write_text(SPEC, encoding="utf-8")
    rows = {
        "products": [{"name": "P"}],
        "comments": [
            {"subject": f"s{n}", "product": "P", "who": "Ann", "said": text} for n, text in enumerate(SAID)
        ],
    }
    return built_from(load(path), rows, Language.EN, today=TODAY).content  # type: ignore[arg-type] # rows loosely typed


def test_formulas_read_what_was_computed(book: bytes) -> None:
    view = View.of(book)
    score = view.column("comments", "Score")
    assert score[2:] == ["", 0]
    assert [s > 0 for s in score[:2] if isinstance(s, float)] == [True, False]
    assert view.column("comments", "Sounds") == ["good", "bad", "none", "so so"]
    assert view.column("products", "People") == [1]
    assert view.column("products", "How many") == ["few"]
    assert api.refresh(book, name="b.xlsx", today=TODAY).content is None


def test_other_texts_have_other_scores_and_nothing_is_called_a_repair(book: bytes) -> None:
    said, who = (View.of(book).place("comments", header, 0) for header in ("What they said", "Who"))
    edited = typed(book, "Comments", {said: "Late and damaged", who: "Bob"})
    done = api.refresh(edited, name="b.xlsx", today=TODAY)
    assert done.notes == ()
    after = View.of(done.content)
    assert after.column("comments", "Sounds") == ["bad", "bad", "none", "so so"]
    assert after.column("products", "How many") == ["many"]
    assert api.refresh(done.content or b"", name="b.xlsx", today=TODAY).content is None


def test_another_day_is_no_repair_either(book: bytes) -> None:
    """What is said of such columns (prompts, the Guide) is the same every day."""
    done = api.refresh(book, name="b.xlsx", today=date(2026, 4, 3))
    assert done.notes == ()


@needs_libreoffice
def test_libreoffice_agrees(book: bytes, tmp_path: Path) -> None:
    path = tmp_path / "voices.xlsx"
    path.write_bytes(book)
    assert compare_all([path], tmp_path) == {path: []}
