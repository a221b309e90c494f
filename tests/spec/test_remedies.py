"""What is said about mistakes that people make: the place, the reason, and what to write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from crmsheet.diagnostics import Diagnostic, Severity, TextPlace
from crmsheet.spec.loading import read

Said: TypeAlias = Callable[[str], tuple[Diagnostic, ...]]
WHOLE = """\
crmsheet: 1
settings:
  days_before: 30
lists:
  kind: [车险, 财险]
tables:
  clients:
    label: 客户
    fields:
      name: {type: text, required: true, unique: true, label: 名称}
      kind: choice
      phone: phone
      since: date
      n: {type: rollup, table: policies, agg: count, label: 保单数}
      premium: {type: rollup, table: policies, agg: sum, field: amount, label: 保费}
    rules:
      - {id: big, when: '[premium]>1000', column: premium, style: good, label: 大客户}
  policies:
    label: 保单
    fields:
      no: {type: id, format: P0000}
      client: {type: reference, table: clients, required: true, label: 客户}
      amount: {type: currency, required: true, label: 保费}
      start: {type: date, required: true, label: 起保}
      end: {type: date, label: 到期}
      left: {type: formula, expr: 'IF([end]="", "", [end]-as_of)', label: 剩余}
metrics:
  revenue: {type: simple, label: 收入, table: policies, agg: sum, field: amount, time: start}
  policy_count: {type: simple, label: 件数, table: policies, agg: count, time: start}
sheets:
  board:
    label: 看板
    selectors: {period: this_year, kind: {clients: kind, policies: client.kind}}
    blocks:
      - cards: [revenue, policy_count]
      - chart: {type: line, metrics: [revenue], by: month}
      - table: {metrics: [revenue], by: client, totals: true}
      - list: {table: clients, where: '[big]', columns: [name, premium]}
"""

EXPRESSIONS = [
    ("[end]-as_of", "[end]-2026-01-01", "Write:  DATE(2026,1,1)"),
    ("[end]-as_of", "[end]-2026/1/31", "Write:  DATE(2026,1,31)"),
    ("[end]-as_of", "[end]-#2026-01-01#", "Write:  DATE(2026,1,1)"),
    ("[end]-as_of", "[end]-2026年1月1日", "Write:  DATE(2026,1,1)"),
    ("[premium]>1000", "[premium]>1,000", "Write:  1000"),
    ("[premium]>1000", "[premium]>1.5万", "Write:  15000"),
    ("[premium]>1000", "[premium]>1000元", "Write:  1000"),
    ("[premium]>1000", "[premium]>１０００", "Write:  when: '[premium]>1000'"),
    ("[premium]>1000", "[name]>1000", "If it holds digits, say so:  VALUE([name])."),
    ("[end]-as_of", "[end]-today", "The date that everything is computed for is  as_of"),
    ("[end]-as_of", "[end]-今天", "The date that everything is computed for is  as_of"),
    ("[end]-as_of", "E2-as_of", "Cells have no addresses here: [field] is this row's cell."),
    ("[end]-as_of", "SUM(A1:A10)", "Cells have no addresses here: [field] is this row's cell."),
    ("[end]-as_of", "[到期]-as_of", "'到期' is the label of end; write  [end]"),
    ("[end]-as_of", "policies[到期]", "'到期' is the label of end; write  [end]"),
    (
        "[end]-as_of",
        "[client.phone]",
        "It is a field of 'clients': add a lookup to 'policies',\n"
        "  client_phone: {type: lookup, path: client.phone}\nand write  [client_phone]",
    ),
    (
        "[end]-as_of",
        "[phone]",
        "It is a field of 'clients': add a lookup to 'policies',\n"
        "  client_phone: {type: lookup, path: client.phone}\nand write  [client_phone]",
    ),
    ("[end]-as_of", "{end}-as_of", "This row's cell is written  [end]"),
    ("[end]-as_of", "policies[[#This Row],[end]]-as_of", "This row's cell is written  [end]"),
    (
        "[end]-as_of",
        "policies.end-as_of",
        "For this row's value write:  [end]; the whole column is  policies[end]",
    ),
    (
        "[end]-as_of",
        "VLOOKUP([client],clients,2,0)",
        "'clients' is a table; name one of its columns:  clients[field]",
    ),
    ("[end]-as_of", "AVG(policies[amount])", "Did you mean AVERAGE?"),
    ("[end]-as_of", "IMAGE([client])", "docs/spec.md lists the functions there are."),
    ("[end]-as_of", "LET(x,1,x+1)", "Use instead:  a field of its own for each part"),
]
"""Mistakes in expressions: what was right, what is written, and the remedy."""

YAML = [
    (
        "      phone: phone",
        "       phone: phone",
        "Lines of one level begin in the same column:\n      kind: choice\n      phone: phone",
    ),
    (
        "text, required: true, unique",
        "text，required: true, unique",
        "Write: name: {type: text, required: true, unique: true, label: 名称}",
    ),
    (
        "'[premium]>1000'",
        "“[premium]>1000”",
        "Write: - {id: big, when: '[premium]>1000', column: premium, style: good, label: 大客户}",
    ),
    ("'[premium]>1000'", "'[premium]>1000", "Close it in the same line:  '…'"),
    (
        "label: 名称",
        "label: 'client's name'",
        "Write: name: {type: text, required: true, unique: true, label: 'client''s name'}",
    ),
    (
        "label: 名称",
        'label: "客户"大"名"',
        "Write: name: {type: text, required: true, unique: true, label: '客户\"大\"名'}",
    ),
    (
        "label: 保单数",
        "label: 保单数, 含已退保",
        "A text with a comma stands in quotes inside { }:  label: '保单数, 含已退保'",
    ),
    (
        "label: 保单数",
        "label: 保单数: 含已退保",
        "Write: n: {type: rollup, table: policies, agg: count, label: '保单数: 含已退保'}",
    ),
    ("label: 看板", "label: *看板", "Write: label: '*看板'"),
    ("label: 看板", "label: - 看板", "Write: label: '- 看板'"),
    (
        "label: 看板",
        "label: [看板]",
        "Brackets make a list: leave them out, or put the whole value in quotes.",
    ),
    ("      kind: choice", "      \u00a0kind: choice", "Write it with spaces:\n       kind: choice"),
    ("      kind: choice", "　　　kind: choice", "Write it with spaces:\n      kind: choice"),
    ("      kind: choice", "      kind:　choice", "Write it with spaces:\n      kind:  choice"),
    ("      kind: choice", "      \u200bkind: choice", "Write it with spaces:\n      kind: choice"),
    ("[车险, 财险]", "[车险, , 财险]", "Remove a comma, or write what is missing."),
    ("[车险, 财险]", "车险, 财险", "Write:  [车险, 财险]"),
    (
        "[车险, 财险]",
        "[车险、财险]",
        "If several are meant, write:  [车险, 财险]; if not, put it in quotes.",
    ),
    (
        "      kind: choice",
        "      kind: {type: choice, list: [车险, 财险]}",
        "Options stand under `lists`, and the field names them:\nlists:\n  kind: [车险, 财险]",
    ),
    ("days_before: 30", "days_before: 30天", "Write: 30\nIf a text is meant, put it in quotes: '30天'"),
    ("days_before: 30", "days_before: 3,000", "Write: 3000\nIf a text is meant, put it in quotes: '3,000'"),
    ("days_before: 30", "days_before: ３０", "Write: 30\nIf a text is meant, put it in quotes: '３０'"),
    (
        "days_before: 30",
        "days_before: {value: 30天, min: 1}",
        "Write: 30\nIf a text is meant, put it in quotes: '30天'",
    ),
]
"""Mistakes in what YAML makes of it."""

NAMES = [
    ("columns: [name, premium]", "columns: [名称, premium]", "'名称' is the label of name; write  name"),
    ("by: client, totals", "by: client.name, totals", "A row is named by the reference itself:  client"),
    ("    label: 客户\n", "    label: 客户\n    key: 名称\n", "'名称' is the label of name; write  name"),
    (
        "cards: [revenue, policy_count]",
        "cards: [收入, policy_count]",
        "'收入' is the label of revenue; write  revenue",
    ),
    (
        "cards: [revenue, policy_count]",
        "cards: revenue, policy_count",
        "Write:  [revenue, policy_count]",
    ),
    (
        "cards: [revenue, policy_count]",
        "cards: [amount]",
        "It is a field of 'policies'; a metric counts or adds it up:\n"
        "  amount_total: {type: simple, table: policies, agg: sum, field: amount}",
    ),
    ("by: month", "by: 月", "Did you mean month?"),
    ("type: line, metrics", "type: pie, metrics", "Did you mean doughnut?"),
    ("label: 名称", "label: {cn: 名称, en: Name}", "Did you mean zh?"),
    ("table: clients, required", "table: client, required", "Did you mean clients?"),
    ("table: clients, required", "required", "Add `table: …`, the table whose rows it names."),
    ("time: start}", "time: start, target: 1000}", "Write:  target: {table: …, field: …}"),
    ("sheets:\n", "roles: {sales: {rows: mine}}\nsheets:\n", "Did you mean own?"),
    (
        "sheets:\n",
        "roles: {sales: {rows: own}}\nsheets:\n",
        "Name the field that holds a row's person:  owner: client",
    ),
    (
        "sheets:\n",
        "brief: [board.list]\nsheets:\n",
        "Did you mean board.list_clients_big?",
    ),
    (
        "sheets:\n",
        "brief: [board.customers]\nsheets:\n",
        "The blocks of this sheet: board.cards, board.chart_revenue_month, board.table_revenue_client, "
        "board.list_clients_big\nA block is called as you like once it has an  id.",
    ),
]
"""Words that name nothing."""


@pytest.fixture
def said(tmp_path: Path) -> Callable[[str], tuple[Diagnostic, ...]]:
    """What is said of a spec."""

    def of(text: str) -> tuple[Diagnostic, ...]:
        path = tmp_path / "spec.yaml"
        path.write_text(text, encoding="utf-8")
        return read(path).diagnostics

    return of


def with_mistake(right: str, wrong: str) -> str:
    """The spec with one thing wrong."""
    assert right in WHOLE
    return WHOLE.replace(right, wrong, 1)


def test_the_spec_is_right(said: Said) -> None:
    assert said(WHOLE) == ()


@pytest.mark.parametrize(("right", "wrong", "remedy"), [*EXPRESSIONS, *YAML, *NAMES])
def test_one_mistake_is_told_once_with_what_to_write(said: Said, right: str, wrong: str, remedy: str) -> None:
    found = said(with_mistake(right, wrong))
    assert [problem.remedy for problem in found] == [remedy]
    assert isinstance(found[0].place, TextPlace)
    assert found[0].place.line > 1


def test_a_list_item_with_the_chinese_comma_is_only_warned_of(said: Said) -> None:
    assert [p.severity for p in said(with_mistake("[车险, 财险]", "[车险、财险]"))] == [Severity.WARNING]
    assert not said(with_mistake("[车险, 财险]", "['车险、财险', 财险]"))


def test_a_lookup_through_two_references_is_written_out(said: Said) -> None:
    text = WHOLE.replace(
        "metrics:\n",
        "  claims:\n    fields:\n      claim: {type: id}\n"
        "      policy: {type: reference, table: policies}\n      day: {type: date}\n"
        "      client: {type: lookup, path: policy.client}\n      paid: {type: currency}\nmetrics:\n"
        "  claim_count: {type: simple, label: 赔案, table: claims, agg: count, time: day}\n",
    ).replace("cards: [revenue, ", "cards: [claim_count, revenue, ")
    reached = said(text.replace("client.kind}", "client.kind, claims: policy.client.kind}"))
    assert [p.remedy for p in reached] == [
        "Add a lookup to 'policies' and one to 'claims', and write  policy_client_kind  here:\n"
        "  policies:  client_kind: {type: lookup, path: client.kind}\n"
        "  claims:  policy_client_kind: {type: lookup, path: policy.client_kind}"
    ]
    rolled = said(
        text.replace("sum, field: amount, label: 保费", "sum, field: paid, via: client, label: 保费")
        .replace("premium: {type: rollup, table: policies", "premium: {type: rollup, table: claims")
        .replace("cards: [claim_count, ", "cards: [")
    )
    assert [p.remedy for p in rolled] == [
        "It is looked up through 'policies': total 'claims' in 'policies' first, with a rollup there, "
        "and that column here."
    ]
