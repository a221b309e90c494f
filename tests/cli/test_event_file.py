"""`refresh --events` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.due_world import built
from tests.cli.conftest import Crmsheet

from crmsheet.cli.exits import Exit


def test_events_from_the_shell(crmsheet: Crmsheet, tmp_path: Path) -> None:
    (tmp_path / "b.xlsx").write_bytes(built(tmp_path))
    events_file = tmp_path / "事件.jsonl"
    dry = crmsheet(
        "refresh", "b.xlsx", "--events", "事件.jsonl", "--as-of", "2026-04-10", "--dry-run", cwd=tmp_path
    )
    assert (dry.code, events_file.exists(), "events: 4" in dry.text) == (Exit.NO, False, True)
    done = crmsheet("refresh", "b.xlsx", "--events", "事件.jsonl", "--as-of", "2026-04-10", cwd=tmp_path)
    assert (done.code, "events: 4" in done.text) == (Exit.DONE, True)
    lines = events_file.read_text("utf-8").splitlines()
    assert {json.loads(line)["type"] for line in lines} == {"overdue"}
    assert len(lines) == 4
