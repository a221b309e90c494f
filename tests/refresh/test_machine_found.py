"""What the random life of a workbook (`machine/`) found broken once, each as small as it could be made."""

from __future__ import annotations

from tests.refresh.small_world import AS_OF, TODAY, View, row_below, with_cell

from crmsheet import api
from crmsheet.excel.dates import serial_of_date
from crmsheet.model.identity import ObservedRow, identified


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
    rows = [ObservedRow(f"k-{at}", known[f"k-{n}"][1], known[f"k-{n}"][0]) for at, n in enumerate(order)]
    found = identified(rows, known, "k", 100)
    assert sorted(found.ids) == sorted(known)
    assert [i for i, n in zip(found.ids, order, strict=True) if n % 2 == 0] == ["k-6", "k-0", "k-2", "k-4"]
    assert (found.new, found.copied, found.missing, found.doubtful) == ((), (), (), ())
