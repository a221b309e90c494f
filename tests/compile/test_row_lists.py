"""Lists of rows: what their cells say."""

from __future__ import annotations

from collections.abc import Callable

from crmsheet.compile import Context
from crmsheet.compile.rowlists import in_words
from crmsheet.compile.shorthand import call
from crmsheet.formulas.tree import Text
from crmsheet.model.words import Language

Made = Callable[..., Context]


def test_several_choices_are_listed_as_the_language_does(context: Made) -> None:
    said = Text("New、Won")
    zh, en = context(language=Language.ZH), context(language=Language.EN)
    orders, customers = en.model.table("orders"), en.model.table("customers")
    tags, name = orders.field("tags"), customers.field("name")
    assert in_words(en, tags, said) == call("SUBSTITUTE", said, "、", ", ")
    assert in_words(zh, tags, said) == said
    # What people wrote stays as it is.
    assert in_words(en, name, said) == said
