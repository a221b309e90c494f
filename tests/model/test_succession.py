"""What in a new Model is what in an old one."""

from __future__ import annotations

from dataclasses import replace

from crmsheet.model.boards import Board
from crmsheet.model.spec import Field, FieldType, ListDefinition, ListItem, Model, Setting, Table
from crmsheet.model.succession import succession
from crmsheet.model.words import Label, Language

L = Label.same


def table(id_: str, *fields: Field, renamed_from: str = "") -> Table:
    return Table(id_, L(id_), fields[0].id, fields, renamed_from=renamed_from)


def field(id_: str, renamed_from: str = "") -> Field:
    return Field(id_, L(id_), FieldType.TEXT, renamed_from=renamed_from)


OLD = Model(
    "m",
    L("m"),
    Language.EN,
    settings=(Setting("days", L("days"), FieldType.INTEGER, 3),),
    lists=(ListDefinition("stage", L("stage"), (ListItem("new", L("New")), ListItem("won", L("Won")))),),
    tables=(
        table("customers", field("name"), field("remark")),
        table("orders", field("no"), field("customer")),
    ),
    boards=(Board("board", L("Board")),),
)


def test_a_model_is_what_it_was() -> None:
    pairs = succession(OLD, OLD)
    assert pairs.tables == {"customers": "customers", "orders": "orders"}
    assert pairs.fields["orders"] == {"no": "no", "customer": "customer"}
    assert pairs.anchor("calc.board.cards") == "calc.board.cards"
    assert pairs.column("orders", "_row.customer") == "_row.customer"


def test_renamed_things_are_found_by_their_former_ids() -> None:
    new = replace(
        OLD,
        settings=(Setting("limit", L("limit"), FieldType.INTEGER, 3, renamed_from="days"),),
        lists=(
            ListDefinition(
                "phase",
                L("phase"),
                (ListItem("won", L("Won")), ListItem("fresh", L("Fresh"), renamed_from="new")),
                renamed_from="stage",
            ),
        ),
        tables=(
            table("clients", field("name"), field("note", "remark"), renamed_from="customers"),
            table("orders", field("no"), field("client", "customer"), field("extra")),
        ),
        boards=(Board("front", L("Front"), renamed_from="board"),),
    )
    pairs = succession(OLD, new)
    assert pairs.tables == {"clients": "customers", "orders": "orders"}
    assert pairs.fields == {
        "clients": {"name": "name", "note": "remark"},
        "orders": {"no": "no", "client": "customer"},
    }
    assert pairs.lists == {"phase": "stage"}
    assert pairs.items == {"phase": {"won": "won", "fresh": "new"}}
    assert pairs.settings == {"limit": "days"}
    assert pairs.anchor("calc.front.cards") == "calc.board.cards"
    assert pairs.anchor("front.cards") == "board.cards"
    assert pairs.anchor("clients.top") == "customers.top"
    assert pairs.anchor("lists.phase.all") == "lists.stage.all"
    assert pairs.anchor("listhead.phase") == "listhead.stage"
    assert pairs.anchor("settings.values") == "settings.values"
    assert pairs.sheet("clients") == "customers"
    assert pairs.column("orders", "client") == "customer"
    assert pairs.column("orders", "_row.client") == "_row.customer"
    assert pairs.column("orders", "client.note") == "customer.remark"
    assert pairs.column("orders", "_used") == "_used"


def test_a_former_id_that_is_still_there_means_nothing() -> None:
    """The line may stay in a spec for ever: once the rename is done, both ids do not meet again."""
    new = replace(OLD, tables=(*OLD.tables, table("people", field("name"), renamed_from="customers")))
    assert "people" not in succession(OLD, new).tables
    done = replace(OLD, tables=(table("people", field("name"), renamed_from="customers"), OLD.tables[1]))
    assert succession(done, done).tables["people"] == "people"
