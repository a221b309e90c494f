"""Things of a scratch workbook put into a target: collected one by one, handed over as one patch.

Knows what a sheet, a chart or a name needs in the target besides its own bytes, and which names are taken.
Does not apply the patch, and does not know why something is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from crmsheet.messages import say
from crmsheet.opc.contenttypes import CONTENT_TYPES
from crmsheet.opc.directory import part_key
from crmsheet.opc.package import Package
from crmsheet.opc.refusals import Refusal as PackageRefusal
from crmsheet.opc.relationships import OFFICE, relationships_part
from crmsheet.opc.workbook import Sheet, SheetKind
from crmsheet.opc.xmltree import Element, escaped, parse_tree
from crmsheet.refresh.graft.drawings import (
    Drawing,
    chart_anchors,
    empty_drawing,
    holders_of,
    relationship_prefix,
)
from crmsheet.refresh.graft.members import Members
from crmsheet.refresh.graft.names import Names
from crmsheet.refresh.graft.refusals import Refusal
from crmsheet.refresh.graft.sheets import moved_sheet, moved_table
from crmsheet.refresh.graft.stylebook import NO_STYLES, AppendedStyles, Dress, Stylebook
from crmsheet.refresh.patch import Patch
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.elements import WORKSHEET_ORDER, in_order, last_child
from crmsheet.sheetml.names import NameEdit
from crmsheet.sheetml.spanedit import Replacement, replace_spans
from crmsheet.sheetml.tables import tables_of

_STYLES_PART = "xl/styles.xml"
"""Several programs look for it under this name only."""
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.drawing+xml"


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _refuse_other_editions(target: Package) -> None:
    """Strict packages, and those of programs from before the standard: parts of two editions do not mix."""
    workbook = target.workbook.part
    for part in (workbook, *target.related(workbook, "styles")):
        if target.tree(part).namespace != _MAIN:
            raise Refusal.OTHER_EDITION.error(target.file, part=part)


class Transplant:
    """Collects what goes from one workbook into another; `patch` is the sum.

    Dates in the scratch workbook are numbers of the target's date system: numbers are carried as they are.

    Raises WorkbookRefused when the target cannot take anything new, or a name is taken.
    """

    def __init__(self, target: Contents, scratch: Contents) -> None:
        self._target = target.package
        self._contents = target
        self._scratch = scratch
        file = self._target.file
        _refuse_other_editions(self._target)
        self._styles = AppendedStyles(Stylebook.of(self._target), Stylebook.of(scratch.package), file)
        self._members = Members(
            self._target, scratch.package, {"worksheet": self._sheet_bytes, "table": self._table_bytes}
        )
        self._names = Names(self._target)
        self._sheets: dict[str, tuple[Sheet, str]] = {}
        """By folded name: the scratch's sheet and the relationship that names it in the target's workbook."""
        self._drawings: dict[str, Drawing] = {}
        """By key of the sheet part."""
        self._new_drawings: dict[str, bytes] = {}
        self._spans: dict[str, list[Replacement]] = {}
        self._removed: dict[str, str] = {}
        self._new_styles = ""
        """The part that gets the formats of a workbook without any."""

    def style(self, index: int, dress: Dress | None = None) -> int:
        """The target's cell format that looks like one of the scratch's, but for what a cell keeps of its own;
        appended when there is none."""
        return self._styles.style(index, dress)

    def dxf(self, index: int) -> int:
        """Likewise for differential formats."""
        return self._styles.dxf(index)

    # Names

    def name(self, name: str) -> None:
        """A name of the whole workbook, as the scratch has it. One that means the same already is left."""
        self._names.carry(self._scratch.package, name)

    def names(self) -> None:
        """All names of the whole scratch workbook."""
        for name in self._names.global_names(self._scratch.package):
            self.name(name)

    def define(self, *edits: NameEdit) -> None:
        """Names of the target set, changed or taken away in the same patch; existing ones are overwritten."""
        self._names.edits += edits

    # Sheets

    def sheet(self, name: str) -> None:
        """The whole worksheet of that name, behind the target's last one, with its tables, drawing and names.

        A sheet that is asked for twice arrives once.
        """
        scratch = self._scratch.package.workbook.sheet(name)
        if scratch is None or scratch.kind is not SheetKind.WORKSHEET:
            raise ValueError(f"the scratch workbook has no worksheet {name}")
        if name.casefold() in self._sheets:
            return
        taken = self._target.workbook.sheet(name)
        if taken is not None:
            raise Refusal.NAME_TAKEN.error(self._target.file, what=say("sheet"), name=name, by=say("a sheet"))
        for table in tables_of(self._scratch.package, scratch.part):
            self._names.take_table(table.name)
        part = self._members.copied(scratch.part, "worksheet")
        workbook = self._members.relations(self._target.workbook.part)
        self._sheets[name.casefold()] = scratch, workbook.add("worksheet", part)
        index = len(self._target.workbook.sheets) + len(self._sheets) - 1
        self._names.carry_local(self._scratch.package, scratch.index, index)

    def _sheet_bytes(self, part: str) -> bytes:
        return moved_sheet(self._scratch, part, self.style, self.dxf)

    def _table_bytes(self, part: str) -> bytes:
        return moved_table(self._scratch.package.xml(part), self._names.next_table_id(), self.dxf)

    def _sheet_elements(self) -> bytes:
        root = self._target.tree(self._target.workbook.part)
        data = self._target.xml(self._target.workbook.part)
        holder = root.child("sheets")
        assert holder is not None
        prefix = relationship_prefix(data, root, holder)
        binding = b"" if prefix else b' xmlns:r="%b"' % OFFICE.encode()
        ids = [int(s.sheet_id) for s in self._target.workbook.sheets if s.sheet_id.isdecimal()]
        found = b""
        for number, (sheet, rid) in enumerate(self._sheets.values(), max(ids, default=0) + 1):
            state = f' state="{sheet.state}"'.encode() if sheet.state != "visible" else b""
            found += b'<%bsheet%b name="%b" sheetId="%d"%b %b:id="%b"/>' % (
                holder.prefix.encode(),
                binding,
                escaped(sheet.name),
                number,
                state,
                (prefix or "r").encode(),
                escaped(rid),
            )
        return found

    # Charts

    def chart(self, sheet: str, index: int) -> None:
        """A chart of the scratch's sheet, by its place among the sheet's charts, into the target's sheet."""
        source = self._scratch.package.workbook.sheet(sheet)
        target = self._target.workbook.sheet(sheet)
        if source is None or target is None or target.kind is not SheetKind.WORKSHEET:
            raise ValueError(f"{sheet} is no worksheet of both workbooks")
        charts = [
            (part, root, anchor)
            for part in self._scratch.package.related(source.part, "drawing")
            for root in (self._scratch.package.tree(part),)
            for anchor in chart_anchors(root)
        ]
        if not 0 <= index < len(charts):
            raise ValueError(f"{sheet} of the scratch workbook has no chart {index}")
        part, root, anchor = charts[index]
        data = self._scratch.package.xml(part)
        drawing = self._drawing(target, data, root)
        relations = self._members.relations(drawing.part)
        rids: dict[str, str] = {}
        used = {value for e in anchor.walk() for name, value in e.attributes.items() if name.startswith(":")}
        for relationship in self._scratch.package.relationships(part):
            if relationship.id in used:
                to = relationship.target
                if not relationship.external:
                    to = self._members.copied(to, relationship.kind)
                rids[relationship.id] = relations.add(relationship.type, to, external=relationship.external)
        drawing.put(data, root, anchor, rids)

    def _drawing(self, sheet: Sheet, like: bytes, like_root: Element) -> Drawing:
        """The drawing of a sheet of the target; an empty one is made when the sheet has none."""
        key = part_key(sheet.part)
        found = self._drawings.get(key)
        if found is not None:
            return found
        scan = self._contents.scan(sheet.name)
        assert scan is not None
        frame, data = scan.frame, scan.data
        element = frame.child("drawing")
        if element is not None:
            part = self._target.target(sheet.part, element.get(":id"))
            if part is None:
                raise PackageRefusal.DAMAGED.error(
                    self._target.file, sheet.part, say("Its drawing is missing.")
                )
            found = Drawing(part, self._target.xml(part), self._target.tree(part))
        else:
            part = self._members.free_name("xl/drawings/drawing1.xml")
            content = empty_drawing(like, like_root)
            self._new_drawings[part] = content
            self._members.types.add(part, _DRAWING_TYPE)
            rid = self._members.relations(sheet.part).add("drawing", part)
            prefix = relationship_prefix(data, frame)
            binding = b"" if prefix else b' xmlns:r="%b"' % OFFICE.encode()
            tag = b'<%bdrawing%b %b:id="%b"/>' % (
                frame.prefix.encode(),
                binding,
                (prefix or "r").encode(),
                escaped(rid),
            )
            self._add_spans(sheet.part, (in_order(frame, WORKSHEET_ORDER, "drawing", tag),))
            found = Drawing(part, content, parse_tree(content))
        self._drawings[key] = found
        return found

    def without_chart(self, part: str) -> None:
        """Takes a chart out of the drawings of all worksheets, and the parts that nothing else refers to.

        One that a chart sheet shows stays: that sheet is nothing without it.
        """
        key = part_key(part)
        shown = {
            drawing
            for sheet in self._target.workbook.sheets
            if sheet.kind is SheetKind.WORKSHEET
            for drawing in self._target.related(sheet.part, "drawing")
        }
        dropped: set[tuple[str, str]] = set()
        for drawing in sorted(shown):
            root = self._target.tree(drawing)
            for relationship in self._target.relationships(drawing):
                if relationship.external or part_key(relationship.target) != key:
                    continue
                holders = tuple(holders_of(root, relationship.id))
                self._add_spans(drawing, tuple(Replacement(h.start, h.end, b"") for h in holders))
                self._members.relations(drawing).drop(relationship.id)
                dropped.add((part_key(drawing), relationship.id))
        self._remove_unused(part, dropped)

    def _remove_unused(self, part: str, dropped: set[tuple[str, str]]) -> None:
        if any(r not in dropped for r in self._referring(part)):
            return
        self._removed[part_key(part)] = part
        self._members.types.drop(part)
        rels = relationships_part(part)
        if self._target.has(rels):
            self._removed[part_key(rels)] = rels
            self._members.types.drop(rels)
        children = [r for r in self._target.relationships(part) if not r.external]
        dropped |= {(part_key(part), r.id) for r in children}
        for child in children:
            if self._target.has(child.target):
                self._remove_unused(child.target, dropped)

    def _referring(self, part: str) -> Iterator[tuple[str, str]]:
        """(part, relationship) of everything in the target that refers to a part."""
        for source in ("", *self._target.parts):
            if not source.endswith(".rels"):
                for relationship in self._target.relationships(source):
                    if not relationship.external and part_key(relationship.target) == part_key(part):
                        yield part_key(source), relationship.id

    # The sum

    def _put_styles(self, spans: dict[str, list[Replacement]], added: dict[str, bytes]) -> None:
        """The formats; a workbook without any gets a part of them."""
        parts = self._target.related(self._target.workbook.part, "styles")
        if parts and self._styles.changed:
            spans.setdefault(parts[0], []).extend(self._styles.edits())
        elif self._styles.changed:
            name = (
                _STYLES_PART if not self._target.has(_STYLES_PART) else self._members.free_name(_STYLES_PART)
            )
            added[name] = replace_spans(NO_STYLES, self._styles.edits())
            self._members.types.add(name, _STYLES_TYPE)
            self._members.relations(self._target.workbook.part).add("styles", name)

    def _add_spans(self, part: str, replacements: tuple[Replacement, ...]) -> None:
        if replacements:
            self._spans.setdefault(part, []).extend(replacements)

    def patch(self) -> Patch:
        """Everything asked for so far, as spans of the target's parts, parts added and parts removed."""
        spans = {part: list(found) for part, found in self._spans.items()}
        added = dict(self._members.added)

        def change(part: str, replacements: tuple[Replacement, ...]) -> None:
            if replacements:
                spans.setdefault(part, []).extend(replacements)

        self._put_styles(spans, added)
        for drawing in self._drawings.values():
            empty = self._new_drawings.get(drawing.part)
            if empty is None:
                change(drawing.part, drawing.edits())
            else:
                added[drawing.part] = replace_spans(empty, drawing.edits())
        workbook = self._target.workbook.part
        if self._sheets:
            holder = self._target.tree(workbook).child("sheets")
            assert holder is not None
            change(workbook, (last_child(holder, self._sheet_elements()),))
        change(workbook, self._names.replacements())
        for relations in self._members.all_relations:
            if relations.exists:
                change(relations.part, relations.edits())
            else:
                added[relations.part] = relations.content()
        joins = any(part.endswith(".rels") for part in added)
        change(CONTENT_TYPES, self._members.types.edits(relationships_join=joins))
        return Patch(
            spans={part: tuple(found) for part, found in spans.items()},
            added=added,
            removed=tuple(self._removed.values()),
        )
