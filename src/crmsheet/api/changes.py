"""Changes of a spec that no filled workbook can follow without guessing.

Knows which they are. Does not know how the others are carried out.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.diagnostics import Diagnostic, FilePlace
from crmsheet.errors import WorkbookRefused
from crmsheet.messages import listed, say
from crmsheet.model.spec import Model
from crmsheet.model.succession import succession


def ensure_possible(old: Model, new: Model, file: str) -> None:
    """Raise WorkbookRefused when the new spec turns something into another thing."""
    found = list(_impossible(old, new))
    if found:
        raise WorkbookRefused(
            Diagnostic(
                "W212",
                say("the changed spec turns things of this workbook into other things"),
                FilePlace(file),
                reason=listed(found[:12], "\n"),
                remedy=say(
                    "Give the new thing an id of its own and leave the old out: that stays in the workbook "
                    "as yours."
                ),
            )
        )


def _impossible(old: Model, new: Model) -> Iterator[str]:
    pairs = succession(old, new)
    for table, former in pairs.tables.items():
        for now, was in pairs.fields[table].items():
            before, after = old.table(former).field(was), new.table(table).field(now)
            if before.type.computed != after.type.computed:
                words = (say("computed"), say("filled in by people"))
                one, other = words if before.type.computed else words[::-1]
                yield say(
                    "the field {table}.{now} was {one} and is to be {other}",
                    table=table,
                    now=now,
                    one=one,
                    other=other,
                )
    for name, former in pairs.lists.items():
        was_parent, is_parent = old.list(former).depends_on, new.list(name).depends_on
        if pairs.lists.get(is_parent, "") != was_parent:
            yield say(
                "the list {name} depended on {was} and is to depend on {parent}",
                name=name,
                was=was_parent or say("nothing"),
                parent=is_parent or say("nothing"),
            )
    for setting, former in pairs.settings.items():
        before_ = next(s for s in old.settings if s.id == former)
        after_ = next(s for s in new.settings if s.id == setting)
        if before_.editable != after_.editable:
            yield say("the setting {setting} changes whether people may change it", setting=setting)
