"""Texts that Excel limits: prompts, and the words of rules and notes.

Knows which texts land in limited places.
"""

from __future__ import annotations

from crmsheet.excel import limits
from crmsheet.messages import say
from crmsheet.model.boards import NoteBlock
from crmsheet.model.spec import Model
from crmsheet.model.words import Label, Language
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.nodes import Path


def check(model: Model, problems: Problems) -> None:
    """All limited texts of a spec."""
    for table in model.tables:
        for field in table.fields:
            path: Path = ("tables", table.id, "fields", field.id, "help")
            _limited(field.help, limits.PROMPT, say("a cell prompt"), path, problems)
    for setting in model.settings:
        _limited(
            setting.help, limits.PROMPT, say("a cell prompt"), ("settings", setting.id, "help"), problems
        )
    for board in model.boards:
        for block in board.blocks:
            if isinstance(block, NoteBlock):
                path = ("sheets", board.id, "blocks", block.id, "note")
                _limited(block.text, limits.CELL_TEXT, say("a cell"), path, problems)


def _limited(label: Label | None, most: int, what: str, path: Path, problems: Problems) -> None:
    for language in Language:
        text = label.text(language) if label else ""
        if len(text) > most:
            problems.error(
                Code.TOO_LONG,
                path,
                say(
                    "the text has {count} characters; {what} holds {most}",
                    count=len(text),
                    what=what,
                    most=most,
                ),
                remedy=say("Shorten it. It ends at: …{text}", text=text[most - 20 : most]),
            )
            return
