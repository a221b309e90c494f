"""Forms of text that a formula can check: length, e-mail, phone, web address.

Knows conditions. Does not know where they are enforced. Patterns (regular expressions) are beyond formulas;
`check` looks at them.
"""

from __future__ import annotations

from crmsheet.compile.forms import all_of
from crmsheet.compile.shorthand import call, op
from crmsheet.formulas.tree import Node
from crmsheet.model.spec import Field, FieldType


def length_condition(field: Field, text: Node) -> Node | None:
    """True when the text is not too long."""
    return None if field.max_length is None else op(call("LEN", text), "<=", field.max_length)


def form_condition(field: Field, text: Node) -> Node | None:
    """True when the text has the form its type asks for; never an error."""
    no_space = call("ISERROR", call("FIND", " ", text))
    match field.type:
        case FieldType.EMAIL:
            at = call("FIND", "@", text)
            return all_of(
                (
                    call("ISNUMBER", call("FIND", ".", text, op(at, "+", 2))),
                    op(call("LEN", call("SUBSTITUTE", text, "@", "")), "=", op(call("LEN", text), "-", 1)),
                    op(call("LEFT", text, 1), "<>", "@"),
                    op(call("RIGHT", text, 1), "<>", "."),
                    no_space,
                )
            )
        case FieldType.PHONE:
            return all_of(
                (
                    op(call("LEN", text), ">=", 5),
                    op(call("LEN", text), "<=", 30),
                    call("ISNUMBER", call("FIND", call("LEFT", text, 1), "+(0123456789")),
                )
            )
        case FieldType.URL:
            return all_of((call("ISNUMBER", call("FIND", ".", text, 2)), no_space))
        case _:
            return None
