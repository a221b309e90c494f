"""Labels: what a thing is called in each language.

Knows short forms, the glossary and when a missing label is an error. Does not know where labels are shown.
"""

from __future__ import annotations

from crmsheet.messages import say
from crmsheet.model.words import Label
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems
from crmsheet.spec.glossary import known_label
from crmsheet.spec.nodes import MapNode, Node, Path, SeqNode
from crmsheet.spec.shapes.words import LabelShape
from crmsheet.structs import dataclass


def speaks_two_languages(node: Node) -> bool:
    """Whether any text of the spec is given in both languages."""
    match node:
        case MapNode():
            if node.get("zh") and node.get("en"):
                return True
            return any(speaks_two_languages(value) for _, value in node.entries)
        case SeqNode():
            return any(speaks_two_languages(item) for item in node.items)
        case _:
            return False


@dataclass(frozen=True, slots=True)
class Labels:
    """Gives labels. With two languages, a shown thing without a label in one of them is an error."""

    problems: Problems
    two_languages: bool

    def of(self, shape: LabelShape | None, word: str, path: Path, *, shown: bool = True) -> Label:
        """The label of a thing with the id `word`, which stands at `path`."""
        known = known_label(word)
        zh, en = (shape.zh, shape.en) if shape else (None, None)
        if zh is None and en is None:
            if known:
                return known
            if self.two_languages and shown:
                self.problems.error(
                    Code.LABEL_MISSING,
                    path,
                    say("'{word}' has no label, and the glossary does not know it", word=word),
                    remedy=say(
                        "Add `label: {{zh: …, en: …}}`, or `label: {word}` for both languages.", word=word
                    ),
                    key=True,
                )
            return Label.same(word)
        return self._completed(zh, en, known, (*path, "label"))

    def text(self, shape: LabelShape | None, path: Path) -> Label | None:
        """A longer text: a help, a title, a note."""
        if shape is None or (shape.zh is None and shape.en is None):
            return None
        return self._completed(shape.zh, shape.en, None, path)

    def _completed(self, zh: str | None, en: str | None, known: Label | None, path: Path) -> Label:
        if zh is not None and en is not None:
            return Label(zh, en)
        given = zh if zh is not None else en or ""
        other = (known.en if zh is not None else known.zh) if known else None
        if other is None:
            if self.two_languages:
                missing = "en" if zh is not None else "zh"
                self.problems.error(
                    Code.LABEL_MISSING,
                    path,
                    say(
                        "'{given}' has no {which} text",
                        given=given,
                        which=say("English") if missing == "en" else say("Chinese"),
                    ),
                    remedy=say(
                        "Add `{missing}: …`, or the text without zh and en for both languages.",
                        missing=missing,
                    ),
                )
            other = given
        return Label(given, other) if zh is not None else Label(other, given)
