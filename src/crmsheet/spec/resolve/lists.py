"""Lists: items, their attributes, and lists that depend on another.

Knows both forms and what makes a list unusable as a drop-down. Does not know who uses it.
"""

from __future__ import annotations

from collections.abc import Mapping

from crmsheet.excel.limits import TABLE_HEADER
from crmsheet.messages import listed, say
from crmsheet.model.spec import FieldType, ListDefinition, ListItem
from crmsheet.model.words import Language
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import Path, ScalarNode, find
from crmsheet.spec.resolve.labels import Labels
from crmsheet.spec.shapes.document import SpecShape
from crmsheet.spec.shapes.lists import ItemShape, ListShape
from crmsheet.spec.shapes.suggestions import did_you_mean
from crmsheet.spec.shapes.words import LabelShape


def resolved_lists(shape: SpecShape, labels: Labels, problems: Problems) -> tuple[ListDefinition, ...]:
    """All lists of a spec."""
    return tuple(_list(list_id, given, shape, labels, problems) for list_id, given in shape.lists.items())


def _list(
    list_id: str, given: ListShape, shape: SpecShape, labels: Labels, problems: Problems
) -> ListDefinition:
    path = ("lists", list_id)
    parents = _parents(list_id, given, shape, problems)
    items: list[ListItem] = []
    for group, members in given.items.items():
        parent = _parent(group, parents, given, (*path, "items", group), problems) if group else ""
        for index, item in enumerate(members):
            at = (*path, "items", group, index)
            own = parent
            if item.parent is not None:
                own = _parent(item.parent, parents, given, (*at, "parent"), problems)
            elif given.depends_on and not group:
                problems.error(
                    Code.DEPENDENT_LIST,
                    at,
                    say(
                        "'{item}' has no parent in '{depends_on}'", item=item.id, depends_on=given.depends_on
                    ),
                    remedy=say("Write the items below their parents:  items: {{parent: [a, b]}}"),
                )
            items.append(_item(item, own, at, labels))
            _check_parted(item, at, problems)
    if not items:
        problems.error(
            Code.LIST_ITEM, path, say("the list '{list_id}' has no items", list_id=list_id), key=True
        )
    _check_alike(list_id, given, items, problems)
    label = labels.of(given.label or _label_of_user(list_id, shape), list_id, path)
    return ListDefinition(list_id, label, tuple(items), given.depends_on or "", given.renamed_from or "")


def _label_of_user(list_id: str, shape: SpecShape) -> LabelShape | None:
    """A list in short form is called what the first field that offers it is called."""
    for table in shape.tables.values():
        for name, field in table.fields.items():
            if field.type in (FieldType.CHOICE, FieldType.MULTI_CHOICE) and (field.list or name) == list_id:
                return field.label if known_label(list_id) is None else None
    return None


def _item(item: ItemShape, parent: str, path: tuple[str | int, ...], labels: Labels) -> ListItem:
    attributes = tuple((item.__pydantic_extra__ or {}).items())
    label = labels.of(item.label, item.id, path)
    return ListItem(item.id, label, parent, attributes, item.aliases, item.renamed_from or "")


def _check_parted(item: ItemShape, path: Path, problems: Problems) -> None:
    """An item in [ ] with the mark that parts items in Chinese texts: surely two."""
    _, node = find(problems.root, path)
    if isinstance(node, ScalarNode) and node.in_flow and not node.style and "、" in node.value:
        problems.warning(
            Code.LIST_ITEM,
            path,
            say("'{item}' is one item", item=item.id),
            remedy=say(
                "If several are meant, write:  [{words}]; if not, put it in quotes.",
                words=listed(part.strip() for part in node.value.split("、")),
            ),
        )


def _parents(list_id: str, given: ListShape, shape: SpecShape, problems: Problems) -> Mapping[str, str]:
    """What may name a parent's item, to the item's id: its id and its labels."""
    path = ("lists", list_id)
    if given.depends_on is None:
        return {}
    parent = shape.lists.get(given.depends_on)
    if parent is None:
        if not problems.is_broken("lists", given.depends_on):
            remedy, allowed = did_you_mean(given.depends_on, shape.lists)
            problems.error(
                Code.UNKNOWN_LIST,
                (*path, "depends_on"),
                say("there is no list '{depends_on}'", depends_on=given.depends_on),
                remedy=remedy,
                allowed=allowed,
            )
        return {}
    if list_id in _ancestors(list_id, shape):
        problems.error(
            Code.DEPENDENT_LIST,
            (*path, "depends_on"),
            say("a list cannot depend on itself"),
            remedy=say("Name another list."),
        )
        return {}
    names: dict[str, str] = {}
    for members in parent.items.values():
        for item in members:
            for label in (item.label.zh, item.label.en) if item.label else ():
                if label:
                    names.setdefault(label, item.id)
    names |= {item.id: item.id for members in parent.items.values() for item in members}
    return names


def _ancestors(list_id: str, shape: SpecShape) -> set[str]:
    """The lists that a list depends on, directly or through others."""
    found: set[str] = set()
    given = shape.lists.get(list_id)
    while given is not None and given.depends_on is not None and given.depends_on not in found:
        found.add(given.depends_on)
        given = shape.lists.get(given.depends_on)
    return found


def _parent(
    name: str, parents: Mapping[str, str], given: ListShape, path: tuple[str | int, ...], problems: Problems
) -> str:
    if name in parents:
        return parents[name]
    if given.depends_on is None:
        problems.error(
            Code.DEPENDENT_LIST,
            path,
            say("'{name}' is a parent, but the list depends on none", name=name),
            remedy=say("Add `depends_on: <list>`, or write the items as one list."),
            key=True,
        )
    elif parents:
        remedy, allowed = did_you_mean(name, dict.fromkeys(parents.values()))
        problems.error(
            Code.DEPENDENT_LIST,
            path,
            say("'{name}' is no item of the list '{depends_on}'", name=name, depends_on=given.depends_on),
            remedy=remedy,
            allowed=allowed,
            key=True,
        )
    return name


def _check_alike(list_id: str, given: ListShape, items: list[ListItem], problems: Problems) -> None:
    """Two items with one id, or one label in a language, cannot be told apart in a cell."""
    paths = [
        ("lists", list_id, "items", group, index)
        for group, members in given.items.items()
        for index in range(len(members))
    ]
    ids: dict[str, int] = {}
    labels: dict[tuple[Language, str, str], int] = {}
    for index, (item, path) in enumerate(zip(items, paths, strict=True)):
        if (first := ids.setdefault(item.id, index)) != index:
            problems.error(
                Code.LIST_ITEM,
                path,
                say("the item '{item}' stands twice in the list '{list_id}'", item=item.id, list_id=list_id),
                reason=say("First at {place}", place=problems.place(paths[first])),
                remedy=say("Give each item its own id."),
            )
            continue
        for language in Language:
            text = item.label.text(language)
            key = (language, item.parent, text.strip().casefold())
            if not text.strip() or len(text) > TABLE_HEADER:
                problems.error(
                    Code.TOO_LONG,
                    path,
                    say("the label of '{item}' has {count} characters", item=item.id, count=len(text)),
                    remedy=say("Excel's drop-downs take 1 to {table_header}.", table_header=TABLE_HEADER),
                )
                break
            if (other := labels.setdefault(key, index)) != index:
                problems.error(
                    Code.LIST_ITEM,
                    path,
                    say(
                        "'{items}' and '{item}' have one label: {text}",
                        items=items[other].id,
                        item=item.id,
                        text=text,
                    ),
                    remedy=say("In a cell they could not be told apart; reword one."),
                )
                break


def attribute_type(definition: ListDefinition, name: str) -> FieldType:
    """The type of a list's attribute, from its values."""
    values = [item.attribute(name) for item in definition.items]
    given = [v for v in values if v is not None]
    if given and all(isinstance(v, bool) for v in given):
        return FieldType.BOOLEAN
    if given and all(isinstance(v, int | float) and not isinstance(v, bool) for v in given):
        return FieldType.NUMBER
    return FieldType.TEXT
