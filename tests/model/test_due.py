"""Which reminders follow from the tables of a spec that says nothing of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from crmsheet.formulas.render import to_spec
from crmsheet.model.due import reminders_of
from crmsheet.spec import load

HEAD = """\
crmsheet: 1
settings: {pause: 30}
tables:
  people:
    fields: {name: {type: text, unique: true, required: true}}
  tasks:
    fields:
      what: {type: text, required: true}
"""


def derived(text: str, folder: Path) -> list[tuple[str, str, str]]:
    path = folder / "main.yaml"
    path.write_text(HEAD + text, "utf-8")
    return [
        (r.id, to_spec(r.due, r.table), to_spec(r.done, r.table) if r.done is not None else "")
        for r in reminders_of(load(path))
    ]


@pytest.mark.parametrize(
    ("when", "due", "done"),
    [
        ('AND([due]<>"", [due]<as_of)', "[due]", ""),
        ('AND([due]<>"", [due]<as_of, [open])', "[due]", "NOT([open])"),
        (
            'AND([due]<>"", AND([open], [what]<>"x"), [due]<as_of-14)',
            'IF([due]="","",[due]+14)',
            'NOT(AND([open],[what]<>"x"))',
        ),
        ('AND([due]<>"", [due]<as_of-pause)', 'IF([due]="","",[due]+pause)', ""),
        ('AND([due]<>"", [due]<EDATE(as_of,-3))', 'IF([due]="","",EDATE([due],3))', ""),
    ],
)
def test_a_rule_that_marks_a_day_as_passed(when: str, due: str, done: str, tmp_path: Path) -> None:
    rule = f"      - {{id: late, when: '{when}', column: due, style: bad}}\n"
    text = f"      due: date\n      open: boolean\n    rules:\n{rule}"
    assert derived(text, tmp_path) == [("tasks_due", due, done)]


def test_a_day_that_says_when_it_was_done(tmp_path: Path) -> None:
    text = "      due: date\n      done_on: {type: date, max: as_of}\n"
    assert derived(text, tmp_path) == [("tasks_due", "[due]", '[done_on]<>""')]


def test_a_rule_that_says_it_in_another_way(tmp_path: Path) -> None:
    text = (
        "      due: date\n      done_on: {type: date, max: as_of}\n"
        "      days_late: {type: formula, expr: 'IF([due]=\"\", 0, as_of-[due])'}\n"
        "    rules:\n      - {id: late, when: '[days_late]>0', column: due, style: bad}\n"
    )
    assert derived(text, tmp_path) == [
        ("tasks_due", "[due]", 'OR([done_on]<>"",AND([due]<as_of,NOT([days_late]>0)))')
    ]


def test_what_is_counted_from_another_table_is_due_there(tmp_path: Path) -> None:
    text = (
        "      who: {type: reference, table: people}\n      due: date\n"
        "    rules:\n      - {id: late, when: 'AND([due]<>\"\", [due]<as_of)', column: due, style: bad}\n"
        "  teams:\n    fields:\n      name: {type: text, unique: true, required: true}\n"
        "      boss: {type: reference, table: people}\n"
    )
    text = text.replace("teams:", "staff:")
    assert [one[0] for one in derived(text, tmp_path)] == ["tasks_due"]


@pytest.mark.parametrize(
    "text",
    [
        "      born: date\n",
        "      done_on: {type: date, max: as_of}\n",
        "      due: date\n    rules:\n      - {id: r, when: '[due]=as_of', column: due, style: info}\n",
    ],
)
def test_a_day_alone_is_nothing_to_be_reminded_of(text: str, tmp_path: Path) -> None:
    assert derived(text, tmp_path) == []
