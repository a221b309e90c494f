"""The command line: what a user calls, reads and gets back as an exit code.

Knows Click, rendering, and how a user's file is replaced safely. Does not know specs, workbooks or formulas:
`api` does. Each command is a module and imports what it needs when it runs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from crmsheet import __version__
from crmsheet.cli import speech
from crmsheet.cli.exits import Exit
from crmsheet.cli.speech import told
from crmsheet.messages import say

_COMMANDS = {
    "new": "Copy a starter spec, or list the starters.",
    "build": "Build a workbook from a spec.",
    "adopt": "Make a spec and a workbook of a spreadsheet you have.",
    "refresh": "Recompute a filled workbook, in place.",
    "brief": "What a workbook says, for a meeting.",
    "import": "Take rows of other files into a workbook.",
    "dedupe": "List duplicates for people to decide; merge decided ones.",
    "purge": "Take people out of a workbook, with all it remembers of them.",
    "diff": "What changed between two states of a workbook.",
    "restore": "Put a backup of a workbook in its place.",
    "access": "Who sees what: the roles of a spec or workbook.",
    "share": "A copy that holds what a role may see.",
    "split": "A copy for each person, to be merged back.",
    "remind": "What is due, by owner, also as a calendar.",
    "merge": "Bring the copies of people back together.",
    "export": "The rows of a workbook for other programs.",
    "check": "Check a spec, or the data in a workbook.",
    "schema": "Print the JSON Schema of the spec.",
}
_HIDDEN = ("launched",)
"""What scripts of ours call."""
_MODULES = {"import": "import_rows"}
"""Where a command's name can be none of a module."""


class _Commands(click.Group):
    """Commands by name, each imported from its module only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS and cmd_name not in _HIDDEN:
            from difflib import get_close_matches

            near = get_close_matches(cmd_name, _COMMANDS, 1)
            hint = say(" Did you mean '{near}'?", near=near[0]) if near else ""
            raise click.UsageError(say("No such command '{name}'.{hint}", name=cmd_name, hint=hint), ctx)
        from importlib import import_module

        command = import_module(f"crmsheet.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        if speech.language() == "en":
            return command
        from crmsheet.cli.helptexts import translated

        return translated(command)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if speech.language() != "en":
            from crmsheet.cli.helptexts import translated

            translated(self)
        super().format_help(ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's
        with formatter.section(told(say("Commands"))):
            formatter.write_dl([(name, told(say(text))) for name, text in _COMMANDS.items()])


def _chosen(ctx: click.Context, param: click.Parameter, value: str) -> None:  # noqa: ARG001 - Click's signature
    """Speak that language from here on; what Click says itself, too."""
    speech.choose(value)
    _spoken()


def _spoken() -> None:
    if speech.language() == "en":
        click.Context.formatter_class = click.HelpFormatter
        return
    from crmsheet.cli.helptexts import WideFormatter, translate_click

    translate_click()
    click.Context.formatter_class = WideFormatter


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="crmsheet %(version)s")
@click.option(
    "--ui-lang",
    type=click.Choice(["zh", "en", "auto"]),
    default="auto",
    is_eager=True,
    expose_value=False,
    callback=_chosen,
    help="The language of messages, apart from a workbook's; default: CRMSHEET_LANG, else the system's.",
)
def cli() -> None:
    """A YAML field spec becomes an Excel workbook for managing customers, and stays alive.

    \b
    Example:
      crmsheet build follow-up --demo
      crmsheet refresh follow-up.xlsx
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with one of `exits.Exit`."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    speech.begin()
    _spoken()
    try:
        result = cli.main(
            args=None if arguments is None else list(arguments), prog_name="crmsheet", standalone_mode=False
        )
        sys.stdout.flush()
        code = result if isinstance(result, int) else Exit.DONE
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as problem:
        vars(problem)["message"] = told(problem.message)
        problem.show()
        code = Exit.USAGE
    except (click.Abort, KeyboardInterrupt):
        speech.tell(say("Interrupted. What was finished stays; nothing else was changed."), err=True)
        code = Exit.INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = Exit.DONE
    except Exception as problem:  # noqa: BLE001 - the one handler: no user ever sees a traceback
        from crmsheet.cli.failures import reported

        code = reported(problem)
    sys.exit(int(code))
