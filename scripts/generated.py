"""What is generated: the JSON Schema beside the starters, README's help blocks, the table of functions, the
catalogue of figures.

`python scripts/generated.py` writes them, `--check` says which are not current (exit code 1).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click
import yaml

from crmsheet import api
from crmsheet.cli import cli
from crmsheet.formulas.check_calls import usage
from crmsheet.formulas.functions import TABLE

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "templates" / "crmsheet.schema.json"
README = ROOT / "README.md"
REFERENCE = ROOT / "docs" / "spec.md"
KPIS = ROOT / "docs" / "kpis.md"
METRICS = ROOT / "templates" / "common" / "metrics"
BLOCK = re.compile(r"(<!-- help: (?P<command>[a-z ]*) -->\n)(?:.*?)(<!-- /help -->)", re.DOTALL)
FUNCTIONS = re.compile(r"(<!-- functions -->\n)(?:.*?)(<!-- /functions -->)", re.DOTALL)
OLDEST = 2016
"""The oldest Excel a spec may ask for; what it has needs no mark."""


def help_text(name: str) -> str:
    """What `crmsheet NAME --help` prints, 100 columns wide."""
    context = click.Context(
        cli,
        info_name="crmsheet",
        terminal_width=100,
        max_content_width=100,
        help_option_names=["-h", "--help"],
    )
    if not name:
        return cli.get_help(context)
    command = cli.get_command(context, name)
    assert command is not None
    inner = click.Context(command, context, info_name=name, terminal_width=100, max_content_width=100)
    return command.get_help(inner)


def functions() -> str:
    """The functions that expressions may use: how each is called, what it gives, since which Excel."""
    rows = ["| function | gives | Excel |", "|---|---|--:|"]
    for name in sorted(TABLE):
        if name != "TODAY":  # expressions say as_of
            function = TABLE[name]
            since = str(function.since) if function.since > OLDEST else ""
            rows.append(f"| `{usage(function)}` | {function.returns} | {since} |")
    return "\n".join(rows)


KPI_INTRODUCTION = """# Figures

Every figure that the starters share, as `templates/common/metrics` defines it. Include the file in a spec, and name
the id on a board. How figures are written: [metrics](spec.md#metrics). Helpers without a name of their own are not
listed. Each workbook has the same for its own figures on the sheet 指标说明 / Glossary.

Where there is no number, a dash stands instead, and below it why; these reasons are under “edges”. Windows are
half-open, from the first day up to the day after the last; a running window is compared with as many days of the one
before, a running year with the same days of the year before. What needs the past of single fields (days in a stage,
conversion from stage to stage) is no figure: it is told from the log of changes, and `stage_conversion` shows the
present stages. Predictions are
[analyses](spec.md#analyses).
"""


def kpis() -> str:
    """The figures of the common files, a table each."""
    parts = [KPI_INTRODUCTION]
    for file in sorted(METRICS.glob("*.yaml")):
        data = yaml.safe_load(file.read_text("utf-8"))
        rows = [kpi_row(name, given) for name, given in data["metrics"].items() if "label" in given]
        about = file.read_text("utf-8").splitlines()[1].lstrip("# ")
        head = "| id | name | what it tells | definition | edges | source |\n|---|---|---|---|---|---|"
        parts.append(
            f"## {file.stem}\n\n{about} `common/metrics/{file.name}`\n\n{head}\n" + "\n".join(rows) + "\n"
        )
    return "\n".join(parts)


def kpi_row(name: str, given: dict[str, object]) -> str:
    """A figure's row; without a definition its description is one."""

    def both(key: str) -> str:
        label = given.get(key)
        if not isinstance(label, dict):
            return str(label or "")
        return f"{label['zh']}<br>{label['en']}".replace("|", "\\|")

    tells, definition = ("description", "definition") if "definition" in given else ("", "description")
    return f"| `{name}` | {both('label')} | {both(tells)} | {both(definition)} | {both('edge')} | {both('source')} |"


def generated() -> dict[Path, str]:
    """Each generated file's right content."""
    readme = README.read_text("utf-8")

    def block(match: re.Match[str]) -> str:
        name = match["command"].strip()
        call = f"crmsheet {name} --help" if name else "crmsheet --help"
        return f"{match[1]}```console\n$ {call}\n{help_text(name)}\n```\n{match[3]}"

    reference = REFERENCE.read_text("utf-8")
    return {
        SCHEMA: json.dumps(api.schema(), ensure_ascii=False, indent=1) + "\n",
        README: BLOCK.sub(block, readme),
        KPIS: kpis(),
        REFERENCE: FUNCTIONS.sub(lambda match: f"{match[1]}{functions()}\n{match[2]}", reference),
    }


def main() -> int:
    stale = [f for f, text in generated().items() if not f.exists() or f.read_text("utf-8") != text]
    if "--check" in sys.argv[1:]:
        for file in stale:
            print(f"not current: {file.relative_to(ROOT)}; run python scripts/generated.py", file=sys.stderr)
        return 1 if stale else 0
    for file, text in generated().items():
        file.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
