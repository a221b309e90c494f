"""Files that are generated: the JSON Schema beside the starters, and the README's help blocks.

`python scripts/generated.py` writes them, `--check` says which are not current (exit code 1).
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from crmsheet import api
from crmsheet.cli import cli

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = ROOT / "templates" / "crmsheet.schema.json"
README = ROOT / "README.md"
BLOCK = re.compile(r"(<!-- help: (?P<command>[a-z ]*) -->\n)(?:.*?)(<!-- /help -->)", re.DOTALL)


def help_text(name: str) -> str:
    """What `crmsheet NAME --help` prints, 100 columns wide."""
    context = click.Context(
        cli, info_name="crmsheet", terminal_width=100, max_content_width=100, help_option_names=["-h", "--help"]
    )
    if not name:
        return cli.get_help(context)
    command = cli.get_command(context, name)
    assert command is not None
    inner = click.Context(command, context, info_name=name, terminal_width=100, max_content_width=100)
    return command.get_help(inner)


def generated() -> dict[Path, str]:
    """Each generated file's right content."""
    readme = README.read_text("utf-8")

    def block(match: re.Match[str]) -> str:
        name = match["command"].strip()
        call = f"crmsheet {name} --help" if name else "crmsheet --help"
        return f"{match[1]}```console\n$ {call}\n{help_text(name)}\n```\n{match[3]}"

    return {
        SCHEMA: json.dumps(api.schema(), ensure_ascii=False, indent=1) + "\n",
        README: BLOCK.sub(block, readme),
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
