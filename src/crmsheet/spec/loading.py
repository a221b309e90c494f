"""From a spec file to a Model, with everything that is wrong in it.

Knows the order of the steps. Does not know what they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crmsheet.diagnostics import Diagnostic, Severity, TextPlace
from crmsheet.errors import SpecError
from crmsheet.messages import say
from crmsheet.model.spec import Model, SourceFile
from crmsheet.spec.codes import Code
from crmsheet.spec.document import Problems, formed
from crmsheet.spec.includes import FileStore, Loaded, TextStore, loaded
from crmsheet.spec.nodes import MapNode, ScalarNode
from crmsheet.spec.resolve.model import resolved_model
from crmsheet.spec.rules import circles, former_ids, names, sheets, texts, usage
from crmsheet.structs import dataclass

FORMAT = 1


@dataclass(frozen=True, slots=True)
class SpecResult:
    """The Model, None when there are errors, and all diagnostics in the order of the text."""

    model: Model | None
    diagnostics: tuple[Diagnostic, ...]


def read(path: Path) -> SpecResult:
    """The Model of a spec file and everything that is to be said about it."""
    store = FileStore(path)
    return _read(loaded(store, store.name), path.stem)


def load(path: Path) -> Model:
    """The Model of a spec file. Raises SpecError with all diagnostics when it has errors."""
    return _model(read(path))


def load_sources(sources: Sequence[SourceFile], main: str) -> Model:
    """The Model of a spec whose files a workbook remembers; `main` names the main one."""
    return _model(_read(loaded(TextStore.of(sources), main), Path(main).stem))


def _model(result: SpecResult) -> Model:
    if result.model is None:
        raise SpecError(result.diagnostics)
    return result.model


def _read(files: Loaded, stem: str) -> SpecResult:
    if files.root is None:
        return SpecResult(None, _ordered(files.problems, files))
    problems = Problems(files.root, list(files.problems))
    model: Model | None = None
    _check_format(files.root, problems)
    shape = formed(files.root, problems)
    if shape is not None:
        model = resolved_model(shape, files.sources, stem, problems)
        names.check(shape, problems)
        former_ids.check(shape, problems)
        circles.check(model, shape, problems)
        sheets.check(model, problems)
        texts.check(model, problems)
        if not any(p.severity is Severity.ERROR for p in problems.found):
            usage.check(model, problems)
    found = _ordered(problems.found, files)
    failed = any(p.severity is Severity.ERROR for p in found)
    return SpecResult(None if failed else model, found)


def _check_format(root: MapNode, problems: Problems) -> None:
    entry = root.get("crmsheet")
    if entry is None:
        return
    value = entry[1].value if isinstance(entry[1], ScalarNode) else ""
    if value.isdecimal() and int(value) != FORMAT:
        newer = int(value) > FORMAT
        problems.error(
            Code.FORMAT_VERSION,
            ("crmsheet",),
            say(
                "the spec has format {value}; this version of crmsheet reads format {format}",
                value=value,
                format=FORMAT,
            ),
            remedy=say("Update crmsheet.") if newer else say("Write: crmsheet: {format}", format=FORMAT),
        )


def _ordered(found: Sequence[Diagnostic], files: Loaded) -> tuple[Diagnostic, ...]:
    """In the order of the text, each once; of two on one place the first found says why."""
    order = {source.name: index for index, source in enumerate(files.sources)}

    def position(problem: Diagnostic) -> tuple[int, int, int, str]:
        place = problem.place
        if not isinstance(place, TextPlace):
            return (-1, 0, 0, problem.code)
        file = next((i for name, i in order.items() if place.file.endswith(name)), len(order))
        return (file, place.line, place.column, problem.code)

    unique: dict[tuple[str, object, str], Diagnostic] = {}
    for problem in found:
        unique.setdefault((problem.code, str(problem.place), problem.message), problem)
    return tuple(sorted(_without_echoes(tuple(unique.values())), key=position))


def _without_echoes(found: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Without what full-width punctuation on the same line makes wrong besides."""
    told = {
        (p.place.file, p.place.line)
        for p in found
        if isinstance(p.place, TextPlace)
        and p.code in (Code.FULL_WIDTH.code, Code.FULL_WIDTH_QUOTES.code, Code.NO_SPACE_AFTER_COLON.code)
    }
    kept = (Code.FULL_WIDTH.code, Code.FULL_WIDTH_QUOTES.code, Code.NO_SPACE_AFTER_COLON.code)
    return tuple(
        p
        for p in found
        if p.code in kept or not isinstance(p.place, TextPlace) or (p.place.file, p.place.line) not in told
    )
