"""A workbook of one Model becomes a workbook of another: stage by stage, each proven before the next.

Knows the order: what is carried over, where everything will stand, what is renamed, given up, put in, and last
the record. The values of what was there before are the ordinary refresh's, which follows. Writes no file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from crmsheet import __version__
from crmsheet.api.marks import baseline, baseline_block
from crmsheet.compile import compiled
from crmsheet.compile.calc import SHEET as CALC_SHEET
from crmsheet.compile.pieces import Context
from crmsheet.diagnostics import CellPlace, Diagnostic, FilePlace
from crmsheet.errors import InternalError, WorkbookRefused
from crmsheet.excel.dates import serial_of_date
from crmsheet.excel.references import a1, free_sheet_name
from crmsheet.excel.values import Value, same_value
from crmsheet.formulas.renaming import Renames
from crmsheet.formulas.tree import Area, Spot, walk
from crmsheet.model.baseline import Baseline, FormerKey
from crmsheet.model.carrying import Carried, Conflict, carried
from crmsheet.model.layout import Layout, TablePlace
from crmsheet.model.literals import setting_value
from crmsheet.model.spec import Board, Model
from crmsheet.model.succession import Succession, succession
from crmsheet.opc.package import Package
from crmsheet.plan.book import Plan, PlanSheet, SheetKind
from crmsheet.plan.place import RECORD_ANCHOR, RECORD_SHEET, addresses, anchor_name, default_layout, names_of
from crmsheet.plan.tables import ColumnRole
from crmsheet.read import Reading
from crmsheet.refresh import Note, NoteKind, Patch, applied, broken_promises
from crmsheet.refresh.cells import CellDifference, Edits, shown
from crmsheet.refresh.graft import Transplant
from crmsheet.refresh.meaning import Meanings
from crmsheet.refresh.names import own_names
from crmsheet.refresh.renames import rename_patch, renamed_only
from crmsheet.refresh.rules import rule_edits
from crmsheet.refresh.rules.proof import RuleClaim
from crmsheet.refresh.structure.arrange import Arrangement, Before, arranged
from crmsheet.refresh.structure.figures import Becoming, Fate, becomings, figures
from crmsheet.refresh.structure.furnish import Furnishing
from crmsheet.refresh.structure.vacate import freezing_edits, vacating_patch
from crmsheet.sheetml.contents import Contents
from crmsheet.sheetml.furniture import height_edits, row_heights
from crmsheet.sheetml.names import NameEdit, defined_names
from crmsheet.sheetml.spanedit import Replacement
from crmsheet.sheetml.splice import CellEdit, EditKind
from crmsheet.sheetml.tables import parse_table


@dataclass(frozen=True, slots=True)
class Restructured:
    """The new workbook, and what was done."""

    content: bytes = field(repr=False)
    notes: tuple[Note, ...]


def restructured(
    contents: Contents,
    reading: Reading,
    model: Model,
    effective: date,
    *,
    left_out: tuple[Board, ...] = (),
    healing: bool = False,
    restore: bool = False,
) -> Restructured:
    """Carry a workbook over to another Model; or, `healing`, to its own, to bring back what is lost.

    `left_out` are boards that the workbook is not to have, for the record. `restore` brings back charts and
    sheets that people deleted. Raises WorkbookRefused when people's things are in the way, InternalError when
    a stage breaks a promise.
    """
    return _Restructuring(
        contents, reading, model, effective, left_out, healing=healing, restore=restore
    ).run()


class _Restructuring:
    """One run: what is known so far, and the workbook after the last stage."""

    def __init__(
        self,
        contents: Contents,
        reading: Reading,
        model: Model,
        effective: date,
        left_out: tuple[Board, ...],
        *,
        healing: bool,
        restore: bool,
    ) -> None:
        self.contents = contents
        self.reading = _with_calc(reading, contents)
        self.old = reading.record.model
        self.new = model
        self.record = reading.record
        self.effective = effective
        self.left_out = left_out
        self.restore = restore
        self.healing = healing
        self.added = NoteKind.BROUGHT_BACK if healing else NoteKind.ADDED
        self.file = contents.package.file
        self.pairs: Succession = succession(self.old, model)
        self.notes: list[Note] = []
        self._old_plan = self._plan(self.old, reading.sizes, None)

    def run(self) -> Restructured:
        old_plan = self._old_plan
        claims, found = self._claims()
        carried_over = carried(
            self.old, self.new, self.pairs, self.reading.state, self.reading.next_ids,
            self.record.language, found,
        )  # fmt: skip
        self.notes += [_conflict_note(c) for c in carried_over.conflicts]
        plan = self._plan(self.new, self._sizes(old_plan), carried_over)
        plan = self._with_free_names(plan)
        claims = self._helper_claims(plan, claims)
        frozen = self._frozen(old_plan)
        before = Before(old_plan, self.reading.layout, figures(old_plan, self.reading.layout, self.contents))
        arrangement = arranged(
            plan, before, self.pairs, self.contents, self._table_places(claims), self._left_out(plan), frozen
        )
        charts = tuple(
            becomings(
                old_plan, plan, self.pairs, before.figures, arrangement.layout, arrangement.relaid,
                arrangement.new_sheets, restore=self.restore,
            )
        )  # fmt: skip
        names = self._name_renames(old_plan, plan)
        renames, arrangement = self._renames(old_plan, plan, arrangement, names)
        remaining = self._remaining(old_plan, plan, arrangement, frozen)
        self._rules_off(old_plan, remaining)
        self._rename(renames)
        vacated = {renames.sheet(name): areas for name, areas in arrangement.vacated.items()}
        self._stage(vacating_patch(self.contents, vacated))
        retired_places = [
            replace(p, sheet=renames.sheet(p.sheet))
            for a, p in self.reading.layout.anchors.items()
            if a in frozen
        ]
        self._stage(Patch(freezing_edits(self.contents, retired_places)))
        self._tell(old_plan, plan, arrangement, charts)
        self._furnish(old_plan, plan, arrangement, charts, carried_over, names, frozen)
        self._rules_on(plan, arrangement, self._succeeded(remaining, frozen), renames)
        self._finish(plan, arrangement, carried_over)
        return Restructured(self.contents.package.data, tuple(self.notes))

    # What is compiled

    def _plan(self, model: Model, sizes: Mapping[str, tuple[int, int]], over: Carried | None) -> Plan:
        state = self.reading.state if over is None else over.state
        context = Context(
            model, self.record.language, state, serial_of_date(self.effective), sizes, __version__
        )
        return compiled(context).plan

    def _sizes(self, old_plan: Plan) -> dict[str, tuple[int, int]]:
        """The sizes that blocks keep: all but those of blocks that the spec defines otherwise now."""
        before = {(b.id, x.id): x for b in self.old.boards for x in b.blocks}
        changed = set()
        for board in self.new.boards:
            former = self.pairs.boards.get(board.id, "")
            for block in board.blocks:
                if before.get((former, block.id)) != block:
                    changed |= {f"calc.{board.id}.{block.id}", f"{board.id}.{block.id}"}
        sizes: dict[str, tuple[int, int]] = {}
        known = {b.anchor for b in old_plan.blocks}
        for new in self._new_anchors(known):
            if new not in changed and (size := self.reading.sizes.get(self.pairs.anchor(new))):
                sizes[new] = size
        return sizes

    def _new_anchors(self, old: Iterable[str]) -> set[str]:
        """What old anchors are called now."""
        boards = {was: now for now, was in self.pairs.boards.items()}
        lists = {was: now for now, was in self.pairs.lists.items()}
        tables = {was: now for now, was in self.pairs.tables.items()}
        found = set()
        for anchor in old:
            head, dot, rest = anchor.partition(".")
            if head in ("calc", "options"):
                board, second, block = rest.partition(".")
                found.add(f"{head}.{boards.get(board, board)}{second}{block}")
            elif head in ("lists", "listhead"):
                name, second, part = rest.partition(".")
                found.add(f"{head}.{lists.get(name, name)}{second}{part}")
            else:
                found.add(boards.get(head, tables.get(head, head)) + dot + rest)
        return found

    def _with_free_names(self, plan: Plan) -> Plan:
        """New sheets get names that no sheet of the workbook has."""
        taken = {s.name for s in self.contents.package.workbook.sheets}
        sheets = []
        for sheet in plan.sheets:
            if self.reading.layout.sheets.get(self.pairs.sheet(sheet.id)) is None:
                name = free_sheet_name(sheet.name, taken)
                taken.add(name)
                sheets.append(replace(sheet, name=name))
            else:
                sheets.append(sheet)
        return replace(plan, sheets=tuple(sheets))

    def _left_out(self, plan: Plan) -> frozenset[str]:
        """Sheets that people deleted, unless they are to come back or formulas need them."""
        needed = (SheetKind.CALC, SheetKind.BASELINE, SheetKind.SETTINGS, SheetKind.LISTS)
        return frozenset(
            s.id
            for s in plan.sheets
            if not self.restore
            and s.kind not in needed
            and self.pairs.sheet(s.id) in self.record.sheets
            and self.pairs.sheet(s.id) not in self.reading.layout.sheets
        )

    def _frozen(self, old_plan: Plan) -> frozenset[str]:
        """Blocks of boards, tables and lists that the spec no longer has: they keep what they show."""
        boards = {b.id for b in self.old.boards} - set(self.pairs.boards.values())
        boards &= set(self.reading.layout.sheets)
        tables = {t.id for t in self.old.tables} - set(self.pairs.tables.values())
        lists = {x.id for x in self.old.lists} - set(self.pairs.lists.values())
        found = set()
        for block in old_plan.blocks:
            head, _, rest = block.anchor.partition(".")
            second = rest.partition(".")[0]
            if (
                block.sheet in boards | tables
                or (head in ("calc", "options") and second in boards)
                or (head in ("lists", "listhead") and second in lists)
            ):
                found.add(block.anchor)
        for kind, gone, labels in (
            ("sheet", boards, {b.id: b.label for b in self.old.boards}),
            ("table", tables, {t.id: t.label for t in self.old.tables}),
            ("list", lists, {x.id: x.label for x in self.old.lists}),
        ):
            self.notes += [
                Note(
                    NoteKind.RETIRED,
                    self.reading.layout.sheets.get(i, ""),
                    column=kind,
                    old=labels[i].text(self.record.language),
                )
                for i in sorted(gone)
            ]
        return frozenset(found)

    # Columns that people have already

    def _claims(self) -> tuple[dict[str, dict[str, int]], dict[tuple[str, str], tuple[Value, ...]]]:
        """New fields whose header a column of the table bears already, and the values of those people fill."""
        claims: dict[str, dict[str, int]] = {}
        found: dict[tuple[str, str], tuple[Value, ...]] = {}
        for table in self.new.tables:
            former = self.pairs.tables.get(table.id)
            if former is None or former not in self.reading.tables:
                continue
            held, rows = self.reading.tables[former], self.reading.rows[former]
            ours = set(held.columns.values())
            free = {
                c.name.strip().casefold(): held.part.ref.left + i
                for i, c in enumerate(held.part.columns)
                if held.part.ref.left + i not in ours
            }
            for f in table.fields:
                if f.id in self.pairs.fields.get(table.id, {}):
                    continue
                words = (f.label.text(self.record.language), f.label.zh, f.label.en, *f.aliases)
                at = next((free[w.strip().casefold()] for w in words if w.strip().casefold() in free), None)
                if at is None:
                    continue
                cells = [held.cells.at(row, at) for row in rows.rows]
                filled = [
                    c for c in cells if c is not None and c.formula is None and c.value not in (None, "")
                ]
                label = f.label.text(self.record.language)
                place = CellPlace(held.sheet.name, a1(held.part.ref.top, at))
                if f.type.computed and filled:
                    raise _in_the_way(place, label)
                if not f.type.computed:
                    if any(c is not None and c.formula is not None for c in cells):
                        raise _in_the_way(place, label)
                    found[table.id, f.id] = tuple(c.value if c is not None else None for c in cells)
                claims.setdefault(table.id, {})[f.id] = at
                self.notes.append(
                    Note(NoteKind.COLUMN_CLAIMED, held.sheet.name, a1(held.part.ref.top, at), label)
                )
        return claims, found

    def _helper_claims(self, plan: Plan, claims: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
        """Hidden columns of ours that an earlier spec left behind are used again."""
        for table in plan.tables:
            former = self.pairs.tables.get(table.id)
            if former is None or former not in self.reading.tables:
                continue
            held = self.reading.tables[former]
            ours = set(held.columns.values())
            free = {
                c.name: held.part.ref.left + i
                for i, c in enumerate(held.part.columns)
                if held.part.ref.left + i not in ours and c.formula
            }
            for column in table.columns:
                known = self.pairs.column(table.id, column.id) in held.columns
                if (
                    not known
                    and column.hidden
                    and column.role is ColumnRole.COMPUTED
                    and column.header in free
                ):
                    claims.setdefault(table.id, {}).setdefault(column.id, free[column.header])
        return claims

    def _table_places(self, claims: Mapping[str, Mapping[str, int]]) -> dict[str, TablePlace]:
        """The places of the tables that exist, by new ids."""
        result: dict[str, TablePlace] = {}
        for table, former in self.pairs.tables.items():
            place = self.reading.layout.tables.get(former)
            if place is None:
                continue
            held = self.reading.tables[former]
            headers = {held.part.ref.left + i: c.name for i, c in enumerate(held.part.columns)}
            columns: dict[str, int] = {}
            for column in self._candidates(table, former):
                at = place.columns.get(self.pairs.column(table, column))
                if at is not None:
                    columns[column] = at
            columns |= claims.get(table, {})
            result[table] = replace(
                place, columns=columns, headers={c: headers[at] for c, at in columns.items()}
            )
        return result

    def _candidates(self, table: str, former: str) -> set[str]:
        """The ids that columns of a table have now or had."""
        own = {f.id for f in self.new.table(table).fields}
        gone = {f.id for f in self.old.table(former).fields} - set(self.pairs.fields[table].values())
        helpers = {m.id for m in self.record.tables[former].columns}
        became = {was: now for now, was in self.pairs.fields[table].items()}
        everywhere = {was: now for fields in self.pairs.fields.values() for now, was in fields.items()}
        for helper in tuple(helpers):
            if "." in helper:
                helpers.add(".".join(became.get(p, everywhere.get(p, p)) for p in helper.split(".")))
        return own | {h for h in helpers if h not in gone and not self.old.table(former).has_field(h)}

    # What is called otherwise

    def _renames(
        self, old_plan: Plan, plan: Plan, arrangement: Arrangement, names: Mapping[str, str]
    ) -> tuple[Renames, Arrangement]:
        """What the spec renames and people left as it was; where people renamed it themselves, theirs stays."""
        layout = arrangement.layout
        sheets: dict[str, str] = {}
        taken = {s.name.casefold() for s in self.contents.package.workbook.sheets}
        was_named = {s.id: s.name for s in old_plan.sheets}
        for sheet in plan.sheets:
            if sheet.id in arrangement.new_sheets or sheet.id not in layout.sheets:
                continue
            first, theirs = was_named.get(self.pairs.sheet(sheet.id), sheet.name), layout.sheets[sheet.id]
            if sheet.name in (first, theirs):
                continue
            if theirs == first and sheet.name.casefold() not in taken - {theirs.casefold()}:
                sheets[theirs] = sheet.name
                self.notes.append(
                    Note(NoteKind.RENAMED, sheet.name, column="sheet", old=theirs, new=sheet.name)
                )
            else:
                self.notes.append(_kept_note("sheet name", theirs, sheet.name))
        tables: dict[str, str] = {}
        columns: dict[str, dict[str, str]] = {}
        places = dict(layout.tables)
        for table in plan.tables:
            former = self.pairs.tables.get(table.id)
            if former is None or former not in self.reading.layout.tables or table.id not in places:
                continue
            place = places[table.id]
            renamed = self._headers(old_plan, plan, table.id, former, place)
            if renamed:
                columns[place.name] = renamed
            if table.name != place.name and old_plan.table(former).name == place.name:
                tables[place.name] = table.name
                self.notes.append(
                    Note(NoteKind.RENAMED, place.sheet, column="table", old=place.name, new=table.name)
                )
            places[table.id] = replace(
                place,
                sheet=sheets.get(place.sheet, place.sheet),
                name=tables.get(place.name, place.name),
                headers={c: renamed.get(h, h) for c, h in place.headers.items()},
            )
        renames = Renames(
            sheets=sheets, tables=tables, columns=columns, names=names,
            moves=arrangement.moves,
        )  # fmt: skip
        new_layout = Layout(
            {i: sheets.get(n, n) for i, n in layout.sheets.items()},
            places,
            {a: replace(p, sheet=sheets.get(p.sheet, p.sheet)) for a, p in layout.anchors.items()},
        )
        return renames, replace(arrangement, layout=new_layout)

    def _headers(
        self, old_plan: Plan, plan: Plan, table: str, former: str, place: TablePlace
    ) -> dict[str, str]:
        first = {c.id: c.header for c in old_plan.table(former).columns}
        held = self.reading.tables[former]
        taken = {c.name.casefold() for c in held.part.columns}
        renamed: dict[str, str] = {}
        for column in plan.table(table).columns:
            if column.id not in place.columns or column.id in self._fresh_columns(table, place):
                continue
            theirs = place.headers[column.id]
            built = first.get(self.pairs.column(table, column.id), column.header)
            if column.header in (built, theirs):
                continue
            others = taken - {theirs.casefold()} - {h.casefold() for h in renamed}
            if theirs == built and column.header.casefold() not in others:
                renamed[theirs] = column.header
                if not column.hidden:
                    self.notes.append(
                        Note(
                            NoteKind.RENAMED, place.sheet, a1(place.header_row, place.columns[column.id]),
                            "column", theirs, column.header,
                        )
                    )  # fmt: skip
            elif not column.hidden:
                self.notes.append(_kept_note(f"header on {place.sheet}", theirs, column.header))
        return renamed

    def _fresh_columns(self, table: str, place: TablePlace) -> set[str]:
        last = self.reading.tables[self.pairs.tables[table]].part.ref.right
        return {c for c, at in place.columns.items() if at > last}

    def _name_renames(self, old_plan: Plan, plan: Plan) -> dict[str, str]:
        """Workbook names of settings, lists and blocks whose id changed."""
        before = {n.id: n.name for n in old_plan.names}
        found: dict[str, str] = {}
        for name in plan.names:
            was = before.get(self._former_name(name.id))
            if was is not None and was.casefold() != name.name.casefold():
                found[was] = name.name
        anchors = {b.anchor for b in old_plan.blocks if b.anchored}
        for block in plan.blocks:
            was_anchor = self.pairs.anchor(block.anchor)
            if block.anchored and was_anchor != block.anchor and was_anchor in anchors:
                found[anchor_name(was_anchor)] = anchor_name(block.anchor)
        there = {n.name.casefold() for n in defined_names(self.contents.package)}
        return {
            was: now
            for was, now in found.items()
            if now.casefold() not in there or now.casefold() in {w.casefold() for w in found}
        }

    def _former_name(self, name: str) -> str:
        kind, colon, rest = name.partition(":")
        if colon:
            if kind == "criterion":
                board, dot, selector = rest.partition(".")
                return f"{kind}:{self.pairs.boards.get(board, board)}{dot}{selector}"
            family = self.pairs.tables if kind == "keys" else self.pairs.lists
            return f"{kind}:{family.get(rest, rest)}"
        list_id, dot, item = name.partition(".")
        if dot and list_id in self.pairs.lists:
            return f"{self.pairs.lists[list_id]}.{self.pairs.items[list_id].get(item, item)}"
        return self.pairs.settings.get(name, name)

    # Rules

    def _remaining(
        self, old_plan: Plan, plan: Plan, arrangement: Arrangement, frozen: frozenset[str]
    ) -> Plan:
        """The old plan without the blocks that lose their place, and without boards that are only a picture of
        the past from now on: nothing is chosen there any more."""
        kept = {self.pairs.anchor(b.anchor) for b in plan.blocks if b.anchor not in arrangement.fresh}
        boards = {b.id for b in self.old.boards}
        kept |= {b.anchor for b in old_plan.blocks if b.anchor in frozen and b.sheet not in boards}
        return replace(old_plan, blocks=tuple(b for b in old_plan.blocks if b.anchor in kept))

    def _succeeded(self, remaining: Plan, frozen: frozenset[str]) -> Plan:
        """What of it the new plan goes on with: rules on retired columns, tables and blocks are people's."""
        tables = []
        for table, former in self.pairs.tables.items():
            planned = next((t for t in remaining.tables if t.id == former), None)
            if planned is None:
                continue
            fields = set(self.pairs.fields[table].values())
            gone = {f.id for f in self.old.table(former).fields} - fields
            columns = tuple(c for c in planned.columns if c.id not in gone)
            tables.append(replace(planned, columns=columns))
        blocks = tuple(b for b in remaining.blocks if b.anchor not in frozen)
        return replace(remaining, tables=tuple(tables), blocks=blocks)

    def _rules_off(self, old_plan: Plan, remaining: Plan) -> None:
        layout = self.reading.layout
        found = rule_edits(
            self.contents,
            remaining,
            layout,
            Meanings.of(self.contents),
            before=old_plan,
            before_layout=layout,
        )
        self._stage(Patch({}, found.spans), found.claims)

    def _rules_on(self, plan: Plan, arrangement: Arrangement, before: Plan, renames: Renames) -> None:
        old = self.reading.layout
        layout = Layout(
            {i: renames.sheet(n) for i, n in old.sheets.items()},
            {
                i: replace(
                    p,
                    sheet=renames.sheet(p.sheet),
                    name=renames.table(p.name),
                    headers={c: renames.header(p.name, h) for c, h in p.headers.items()},
                )
                for i, p in old.tables.items()
            },
            {a: replace(p, sheet=renames.sheet(p.sheet)) for a, p in old.anchors.items()},
        )
        named = replace(before, names=tuple(replace(n, name=renames.name(n.name)) for n in before.names))
        found = rule_edits(
            self.contents,
            plan,
            arrangement.layout,
            Meanings.of(self.contents),
            before=named,
            before_layout=layout,
        )
        self.notes += [n for n in found.notes if n.kind is NoteKind.RULE_KEPT]
        self._stage(Patch({}, found.spans), found.claims)

    # Stages

    def _rename(self, renames: Renames) -> None:
        if renames.empty:
            return
        before = self.contents
        patch = rename_patch(before, renames)
        self.notes += patch.notes
        done = applied(before, patch.patch)
        after = Contents(Package.of(done.data, self.file))
        self._prove([*broken_promises(before, done, after), *renamed_only(before, after, renames)])
        self.contents = after

    def _stage(self, patch: Patch, rules: Mapping[str, RuleClaim] | None = None) -> None:
        if patch.empty:
            return
        done = applied(self.contents, replace(patch, rules=rules) if rules else patch)
        after = Contents(Package.of(done.data, self.file))
        self._prove(list(broken_promises(self.contents, done, after)))
        self.contents = after

    def _prove(self, broken: list[str]) -> None:
        if broken:
            raise InternalError(
                Diagnostic(
                    "B101",
                    "the restructured workbook did not pass its own proof; it was thrown away",
                    FilePlace(self.file),
                    reason="\n".join(broken[:10]),
                    remedy="Your file is untouched. Please report this.",
                )
            )

    def _furnish(
        self,
        old_plan: Plan,
        plan: Plan,
        arrangement: Arrangement,
        charts: tuple[Becoming, ...],
        over: Carried,
        renamed_names: Mapping[str, str],
        frozen: frozenset[str],
    ) -> None:
        scratch = self._scratch(plan, arrangement, charts)
        transplant = Transplant(self.contents, scratch)
        names = own_names(plan, arrangement.layout, addresses(plan, arrangement.layout))
        fresh = {n.casefold() for n in names} - {n.casefold() for n in names_of(old_plan).values()}
        fresh -= {n.casefold() for n in self.record.retired_names}
        renamed = {now.casefold() for now in renamed_names.values()}
        for name in defined_names(self.contents.package):
            if (
                name.sheet_index is None
                and name.name.casefold() in fresh - renamed
                and not name.name.startswith("_crm.")
            ):
                raise WorkbookRefused(
                    Diagnostic(
                        "W218",
                        f"the workbook has a name '{name.name}' already, which the changed spec needs",
                        FilePlace(self.file),
                        reason=f"It means {name.text}.",
                        remedy="Rename one of them: the name in Excel's Name Manager, or the id in the spec.",
                    )
                )
        furnishing = Furnishing(plan, arrangement, self.contents, scratch, transplant)
        self._stage(
            furnishing.patch(
                charts,
                names,
                tuple(self._retired(old_plan, plan, renamed_names, frozen)),
                self._user_cells(over, arrangement),
            )
        )

    def _scratch(self, plan: Plan, arrangement: Arrangement, charts: tuple[Becoming, ...]) -> Contents:
        """The plan as a new workbook that names the places of this one; tables that exist have one row."""
        from crmsheet.write import written

        placed = {c.chart.anchor: c.chart for c in charts if c.fate is not Fate.REMOVED}
        kept = set(arrangement.layout.sheets)
        new = set(arrangement.new_sheets)
        tables = tuple(
            t
            if t.sheet in new
            else replace(
                t,
                row_ids=t.row_ids[:1],
                columns=tuple(replace(c, values=c.values[: max(1, len(t.row_ids[:1]))]) for c in t.columns),
            )
            for t in plan.tables
            if t.sheet in kept
        )
        sheets = tuple(s for s in plan.sheets if s.id in kept)
        small = replace(
            plan,
            sheets=sheets,
            tables=tables,
            blocks=tuple(b for b in plan.blocks if b.sheet in kept),
            charts=tuple(placed.get(c.anchor, c) for c in plan.charts if c.sheet in kept),
            active_sheet=next(s.id for s in sheets if not s.hidden),
        )
        target = io.BytesIO()
        moment = datetime(self.effective.year, self.effective.month, self.effective.day, tzinfo=UTC)
        written(small, _with_absent(arrangement.layout, plan), target, created=moment)
        return Contents(Package.of(target.getvalue(), self.file))

    def _retired(
        self, old_plan: Plan, plan: Plan, renamed_names: Mapping[str, str], frozen: frozenset[str]
    ) -> Iterable[NameEdit]:
        """Names of what is no more; a setting that formulas of people mention stays as its last value."""
        kept = {n.casefold() for n in names_of(plan).values()} | {was.casefold() for was in renamed_names}
        for block in old_plan.blocks:
            name = anchor_name(block.anchor)
            if block.anchored and block.anchor != RECORD_ANCHOR and name.casefold() not in kept:
                yield NameEdit(name, None)
        settings = {s.id: s for s in self.old.settings if s.id not in self.pairs.settings.values()}
        for own in old_plan.names:
            anchors = {n.anchor for n in walk(own.target) if isinstance(n, Spot | Area)}
            if own.name.casefold() in kept or not anchors or anchors <= frozen:
                continue
            setting = settings.get(own.id)
            value = (
                self.reading.state.settings.get(setting.id, setting_value(setting))
                if setting is not None
                else None
            )
            if isinstance(value, int | float) and not isinstance(value, bool):
                yield NameEdit(own.name, f"{value:.15g}")
            elif isinstance(value, str):
                yield NameEdit(own.name, '"' + value.replace('"', '""') + '"')
            else:
                yield NameEdit(own.name, None)

    def _user_cells(self, over: Carried, arrangement: Arrangement) -> list[tuple[str, CellEdit]]:
        """Cells of tables that hold another value now: list values that the spec relabelled, new numbers."""
        edits: list[tuple[str, CellEdit]] = []
        counts: dict[tuple[str, str, str], int] = {}
        for table in self.new.tables:
            former = self.pairs.tables.get(table.id)
            place = arrangement.layout.tables.get(table.id)
            if former is None or place is None or former not in self.reading.tables:
                continue
            held = self.reading.tables[former]
            for f in table.fields:
                if f.type.computed or f.id not in place.columns:
                    continue
                at = place.columns[f.id]
                for row, value in zip(place.rows, over.state.tables[table.id].columns[f.id], strict=True):
                    cell = held.cells.at(row, at) if at <= held.part.ref.right else None
                    there = cell.value if cell is not None else None
                    if value is not None and not same_value(there, value):
                        edits.append((place.sheet, CellEdit(row, at, EditKind.VALUE, value)))
                        if isinstance(there, str) and f.list:
                            key = f.list, there, str(value)
                            counts[key] = counts.get(key, 0) + 1
        for list_id, words in over.relabelled.items():
            label = self.new.list(list_id).label.text(self.record.language)
            for old, new in words.items():
                cells = sum(n for (which, was, _), n in counts.items() if which == list_id and old in was)
                self.notes.append(
                    Note(
                        NoteKind.LIST_RELABELLED,
                        arrangement.layout.sheets.get("lists", ""),
                        "",
                        label,
                        old,
                        f"{new} ({cells})",
                    )
                )
        return edits

    def _finish(self, plan: Plan, arrangement: Arrangement, over: Carried) -> None:
        """Row heights of what was put below, and the record of the new Model."""
        layout = arrangement.layout
        patches: list[Patch] = [Patch({}, self._heights(plan, arrangement))]
        tables = {id_: self._columns_now(place) for id_, place in layout.tables.items()}
        record = baseline(
            self.new,
            self.record.language,
            over.state,
            plan,
            book_code=self.record.book_code,
            next_row=self.reading.next_row,
            next_ids={**self.reading.next_ids, **over.next_ids},
            version=__version__,
            renamed_keys=self._pending(),
            sheet_names=layout.sheets,
            headers={i: place.headers for i, place in layout.tables.items()},
            numbers={
                i: {c: tables[i][at] for c, at in place.columns.items() if at in tables[i]}
                for i, place in layout.tables.items()
            },
        )
        record = self._as_it_stands(record, plan, arrangement)
        compare = CellDifference(
            self.contents, layout, addresses(plan, layout), Meanings.of(self.contents), Edits()
        )
        block = baseline_block(record)
        sheet = self.contents.package.workbook.sheet(RECORD_SHEET)
        at = layout.anchors.get(RECORD_ANCHOR)
        name = at.sheet if at is not None else sheet.name if sheet is not None else RECORD_SHEET
        top, left = (at.rows[0], at.columns[0]) if at is not None else (0, 0)
        for cell in block.cells:
            compare.line(name, top + cell.row, left, cell.value)
        for row in range(block.rows, len(at.rows) if at is not None else 0):
            compare.line(name, top + row, left, None)
        patches.append(Patch({sheet: tuple(edits) for sheet, edits in compare.edits.cells.items()}))
        for patch in patches:
            self._stage(patch)

    def _as_it_stands(self, record: Baseline, plan: Plan, arrangement: Arrangement) -> Baseline:
        """Rows that are missing since the last refresh are still to be told of; sheets that people deleted stay so.
        Before anything else is done, what people changed in rows and lists is still to be found, too."""
        marks = dict(record.tables)
        for table, former in self.pairs.tables.items():
            if table in marks and former in self.record.tables:
                before = self.record.tables[former].rows
                now = marks[table].rows
                marks[table] = replace(
                    marks[table],
                    rows=before if self.healing else {i: now.get(i, mark) for i, mark in before.items()},
                    name=arrangement.layout.tables[table].name,
                )
        sheets = {s.id: arrangement.layout.sheets.get(s.id, s.name) for s in plan.sheets}
        ours = {n.name for n in self._old_plan.names} | set(self.record.retired_names)
        return replace(
            record,
            tables=marks,
            sheets=sheets,
            left_out=self.left_out,
            retired_names=tuple(sorted(ours - set(names_of(plan).values()))),
        )

    def _pending(self) -> dict[str, Mapping[str, tuple[FormerKey, ...]]]:
        """Renames of keys that wait for `--apply-renames`, under the new ids."""
        tables = {was: now for now, was in self.pairs.tables.items()}

        def column(name: str) -> str:
            table, dot, f = name.partition(".")
            now = tables.get(table, table)
            became = {was: new for new, was in self.pairs.fields.get(now, {}).items()}
            return now + dot + became.get(f, f)

        return {
            tables[table]: {
                row: tuple(replace(k, cells={column(c): ids for c, ids in k.cells.items()}) for k in keys)
                for row, keys in rows.items()
            }
            for table, rows in self.record.renamed_keys.items()
            if table in tables
        }

    def _columns_now(self, place: TablePlace) -> dict[int, int]:
        """`tableColumn` ids by sheet column."""
        sheet = self.contents.package.workbook.sheet(place.sheet)
        assert sheet is not None
        for part in self.contents.package.related(sheet.part, "table"):
            table = parse_table(self.contents.package, part)
            if table.name.casefold() == place.name.casefold():
                return {table.ref.left + i: c.id for i, c in enumerate(table.columns)}
        return {}

    def _heights(self, plan: Plan, arrangement: Arrangement) -> dict[str, tuple[Replacement, ...]]:
        """The rows of what was put in get the heights they have in a new workbook; on a sheet laid out anew
        all rows do, but those that people made higher or lower."""
        spans: dict[str, tuple[Replacement, ...]] = {}
        first = {s.id: _heights_of(s) for s in self._old_plan.sheets}
        for sheet in plan.sheets:
            name = arrangement.layout.sheets.get(sheet.id)
            held = self.contents.sheet(name) if name is not None else None
            if held is None or sheet.id in arrangement.new_sheets:
                continue
            planned = _heights_of(sheet)
            wanted: dict[int, float] = {}
            if sheet.id in arrangement.relaid:
                built, now = first.get(self.pairs.sheet(sheet.id), {}), row_heights(held.scan)
                wanted = {
                    row: height
                    for row, height in planned.items()
                    if now.get(row) != height and now.get(row) in (None, built.get(row))
                }
            else:
                for block in plan.blocks:
                    place = arrangement.layout.anchors.get(block.anchor)
                    if block.sheet == sheet.id and block.anchor in arrangement.fresh and place is not None:
                        wanted |= {
                            row: planned[block.row + offset]
                            for offset, row in enumerate(place.rows)
                            if block.row + offset in planned
                        }
            edits = height_edits(held.scan, wanted)
            if edits:
                spans[held.sheet.part] = edits
        return spans

    # What people are told

    def _tell(
        self, old_plan: Plan, plan: Plan, arrangement: Arrangement, charts: tuple[Becoming, ...]
    ) -> None:
        layout = arrangement.layout
        for sheet in arrangement.new_sheets:
            if sheet != RECORD_SHEET:
                self.notes.append(Note(self.added, layout.sheets[sheet], column="sheet"))
        for sheet in sorted(arrangement.left_out):
            self.notes.append(
                Note(NoteKind.SHEET_LEFT_OUT, self.record.sheets.get(self.pairs.sheet(sheet), ""))
            )
        for table, columns in arrangement.new_columns.items():
            place = layout.tables[table]
            for c in columns:
                planned = plan.table(table).columns[plan.table(table).index(c)]
                if not planned.hidden:
                    self.notes.append(
                        Note(
                            self.added, place.sheet, a1(place.header_row, place.columns[c]),
                            "column", new=place.headers[c],
                        )
                    )  # fmt: skip
        for now in self.new.tables:
            former = self.pairs.tables.get(now.id)
            if former is None or former not in self.reading.layout.tables:
                continue
            was = self.reading.layout.tables[former]
            kept = set(self.pairs.fields[now.id].values())
            for f in self.old.table(former).fields:
                if f.id not in kept and f.id in was.columns:
                    cell = a1(was.header_row, was.columns[f.id])
                    self.notes.append(Note(NoteKind.RETIRED, was.sheet, cell, "column", was.headers[f.id]))
        self._tell_blocks(old_plan, plan, arrangement)
        words = {Fate.ADDED: self.added, Fate.REPLACED: NoteKind.CHANGED, Fate.REMOVED: NoteKind.REMOVED}
        for becoming in charts:
            if becoming.fate in words:
                name = layout.sheets.get(becoming.chart.sheet, "")
                self.notes.append(
                    Note(
                        words[becoming.fate], name, a1(becoming.chart.row, becoming.chart.column),
                        "chart", new=becoming.chart.alt_text or becoming.chart.title,
                    )
                )  # fmt: skip

    def _tell_blocks(self, old_plan: Plan, plan: Plan, arrangement: Arrangement) -> None:
        layout = arrangement.layout
        boards = {b.id: b for b in self.new.boards}
        held = {b.anchor for b in old_plan.blocks if b.anchor in self.reading.layout.anchors}
        for block in plan.blocks:
            place = layout.anchors.get(block.anchor)
            if block.sheet in boards and block.anchor in arrangement.fresh and place is not None:
                kind = NoteKind.CHANGED if self.pairs.anchor(block.anchor) in held else self.added
                cell = a1(place.rows[0], place.columns[0])
                self.notes.append(Note(kind, place.sheet, cell, "block", new=block.anchor))
        now = {self.pairs.anchor(b.anchor) for b in plan.blocks}
        kept_boards = set(self.pairs.boards.values())
        for block in old_plan.blocks:
            was = self.reading.layout.anchors.get(block.anchor)
            if block.sheet in kept_boards and block.anchored and block.anchor not in now and was is not None:
                cell = a1(was.rows[0], was.columns[0])
                self.notes.append(Note(NoteKind.REMOVED, was.sheet, cell, "block", block.anchor))


def _with_calc(reading: Reading, contents: Contents) -> Reading:
    """The hidden sheet is used again that a workbook without boards still has."""
    sheet = contents.package.workbook.sheet(CALC_SHEET)
    if sheet is None or CALC_SHEET in reading.layout.sheets:
        return reading
    sheets = {**reading.layout.sheets, CALC_SHEET: sheet.name}
    return replace(reading, layout=replace(reading.layout, sheets=sheets))


def _heights_of(sheet: PlanSheet) -> dict[int, float]:
    return {row: rule.height for rule in sheet.heights for row in range(rule.first, rule.last + 1)}


def _with_absent(layout: Layout, plan: Plan) -> Layout:
    """The layout, and for what the workbook has no place for, where a new one would have it."""
    default = default_layout(plan)
    return Layout(
        {**default.sheets, **layout.sheets},
        {**default.tables, **layout.tables},
        {**default.anchors, **layout.anchors},
    )


def _in_the_way(place: CellPlace, label: str) -> WorkbookRefused:
    return WorkbookRefused(
        Diagnostic(
            "W217",
            f"the table has a column '{label}' of yours, and the changed spec brings a field of that name",
            place,
            reason="What stands in your column would be overwritten, or is computed by formulas of yours.",
            remedy="Give your column another header, or the field another label, and run again.",
        )
    )


def _conflict_note(conflict: Conflict) -> Note:
    return Note(
        NoteKind.KEPT_YOURS,
        "",
        "",
        f"{conflict.kind} {conflict.what}",
        shown(conflict.theirs),
        shown(conflict.wanted),
    )


def _kept_note(kind: str, theirs: str, wanted: str) -> Note:
    return Note(NoteKind.KEPT_YOURS, "", "", kind, theirs, wanted)
