"""What the random life of a workbook (`machine/`) found broken once, each as small as it could be made."""

from __future__ import annotations

import re
from pathlib import Path

from tests.model.observed import Row, observed
from tests.refresh.machine.book_edits import Book
from tests.refresh.machine.cellrefs import Shift
from tests.refresh.small_world import (
    AS_OF,
    ORDERS,
    SPEC,
    TODAY,
    View,
    built,
    member,
    row_below,
    sheet_part,
    typed,
    with_cell,
    with_text,
)

from crmsheet import api
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.identity import identified
from crmsheet.refresh import NoteKind


def new_order(content: bytes, amount: float) -> bytes:
    day = float(serial_of_date(AS_OF))
    return row_below(content, "orders", {"Date": day, "Customer": "Company 01", "Amount": amount})


def test_a_formula_of_people_reads_the_rows_that_its_table_grows_by(small: bytes) -> None:
    """With no value of its own (another program saved the book), and with the value of the shorter table."""
    total = sum(v for v in View.of(small).column("orders", "Amount") if isinstance(v, float))
    for value in ("", f"<v>{total}</v>"):
        content = with_cell(small, "Board", "BZ30", f"><f>SUM(orders[Amount])</f>{value}")
        done = api.refresh(new_order(content, 1000), name="b.xlsx", today=TODAY)
        assert View.of(done.content).value("Board", "BZ30") == total + 1000


def test_rows_alike_that_were_sorted_without_their_ids_are_all_still_there() -> None:
    """Copied rows whose content nothing tells apart: none of them is gone, none is new."""
    known = {f"k-{n}": ("same" if n % 2 else f"row {n}", "'key" if n % 2 else f"'{n}") for n in range(8)}
    order = (3, 6, 1, 0, 5, 2, 7, 4)
    rows = [Row(f"k-{at}", known[f"k-{n}"][1], known[f"k-{n}"][0]) for at, n in enumerate(order)]
    found = identified(observed(rows), known, "k", 100)
    assert sorted(found.ids) == sorted(known)
    assert [i for i, n in zip(found.ids, order, strict=True) if n % 2 == 0] == ["k-6", "k-0", "k-2", "k-4"]
    assert (found.new, found.copied, found.missing, found.doubtful) == ((), (), (), ())


def test_a_formula_of_people_reads_a_setting_that_the_spec_changed(small: bytes, tmp_path: Path) -> None:
    content = with_cell(small, "Board", "BZ30", "><f>stale_days*2</f><v>60</v>")
    changed = tmp_path / "changed.yaml"
    changed.write_text(SPEC.replace("{value: 30, ", "{value: 45, "), encoding="utf-8")
    done = api.refresh(content, name="b.xlsx", today=TODAY, spec=changed)
    view = View.of(done.content)
    assert view.formula("Board", "BZ30") == "stale_days*2"
    assert view.value("Board", "BZ30") == 90


def test_a_label_renamed_while_hidden_numbers_are_gone_is_carried_into_the_rows(small: bytes) -> None:
    """What is brought back goes by the workbook as people left it; their changes are followed after that."""
    book = Book(typed(small, "Lists", {"A6": "Ost"}))
    book.shift_rows("_calc", Shift(58, -1))
    before = View.of(small).column("customers", "Region")
    assert before.count("East") > 0
    done = api.refresh(book.content(), name="b.xlsx", today=TODAY)
    after = View.of(done.content).column("customers", "Region")
    assert after == ["Ost" if label == "East" else label for label in before]
    told = [(n.old, n.new) for n in done.notes if n.kind is NoteKind.LIST_RELABELLED]
    assert told == [("East", f"Ost ({before.count('East')})")]


def test_cells_that_another_program_wrote_in_other_words_hold_the_same_formula(tmp_path: Path) -> None:
    """An empty text as `<v/>`, attributes in another order, and a formula with `&` in a large sheet where it
    recurs."""

    def rewritten(text: str) -> str:
        text = text.replace("<v></v>", "<v/>")
        return re.sub(r'<c r="(\w+)" s="(\d+)" t="str">', r'<c r="\1" t="str" s="\2">', text)

    late = "label: Days ago, format: days}\n"
    named = SPEC.replace(
        late, f"{late}      named: {{type: formula, expr: '[order_no]&\"-\"&[customer]', label: Named}}\n"
    )
    book = built(tmp_path, spec=named, orders=ORDERS * 3)
    part = sheet_part(book, "Orders")
    assert len(member(book, part)) > 2**16
    content = with_text(book, part, rewritten)
    assert b'[Order no.]]&amp;"-"&amp;orders[' in member(content, part)
    assert api.refresh(content, name="b.xlsx", today=TODAY).content is None
