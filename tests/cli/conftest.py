"""The command line as a process, as users and schedulers call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

import pytest

SPEC = """\
crmsheet: 1
name: mini
title: {zh: 小表, en: Mini}
language: zh
settings:
  stale_months: {value: 3, label: {zh: 沉睡月数, en: Months until stale}}
lists:
  region:
    label: {zh: 地区, en: Region}
    items:
      - {id: east, label: {zh: 华东, en: East}}
      - {id: north, label: {zh: 华北, en: North}}
tables:
  customers:
    label: {zh: 客户, en: Customers}
    key: name
    fields:
      name: {type: text, label: {zh: 客户名称, en: Customer}, required: true, unique: true}
      region: {type: choice, list: region, label: {zh: 地区, en: Region}, required: true}
      last_order: {type: date, label: {zh: 末购日期, en: Last order}, max: as_of}
      amount: {type: currency, label: {zh: 销售额, en: Revenue}, min: 0}
      idle_days: {type: formula, expr: 'IF([last_order]="", "", as_of-[last_order])', format: days,
                  label: {zh: 未购买天数, en: Days since order}}
metrics:
  revenue: {type: simple, table: customers, agg: sum, field: amount, format: currency, label: {zh: 销售额, en: Revenue}}
  customers_count: {type: simple, table: customers, agg: count, label: {zh: 客户数, en: Customers}}
sheets:
  board:
    label: {zh: 看板, en: Board}
    selectors: {region: {customers: region}}
    blocks:
      - cards: [revenue, customers_count]
      - table: {metrics: [revenue, customers_count], by: region, totals: true}
"""

ROWS = """\
客户名称,地区,末购日期,销售额
联航百货,华东,2026-01-15,1200
宏力部件,华北,2025-11-02,800
云岭咨询,华东,,0
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run left: exit code and both streams, undecoded."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        return self.out.decode("utf-8")

    @property
    def messages(self) -> str:
        return self.err.decode("utf-8")


class Crmsheet(Protocol):
    """Runs `crmsheet ARGUMENTS` in a folder."""

    def __call__(self, *arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome: ...


@pytest.fixture(scope="session")
def crmsheet(tmp_path_factory: pytest.TempPathFactory) -> Crmsheet:
    """The command line in a process of its own, its reports kept apart; a traceback fails the test."""
    reports = str(tmp_path_factory.mktemp("reports"))

    def run(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Outcome:
        command: Sequence[str] = (sys.executable, "-m", "crmsheet", *arguments)
        source = str(Path(__file__).resolve().parents[2] / "src")
        surroundings = {**os.environ, "PYTHONPATH": source, "PYTHONIOENCODING": "utf-8", "TMPDIR": reports}
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**surroundings, **(env or {})},
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode("utf-8", "replace")
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory, crmsheet: Crmsheet) -> Path:
    """A folder with a Chinese name and a space that holds a small spec, its data and the workbook built of them."""
    folder = tmp_path_factory.mktemp("客户 资料")
    (folder / "小表.yaml").write_text(SPEC, "utf-8")
    data = folder / "数据"
    data.mkdir()
    (data / "客户.csv").write_text(ROWS, "gb18030")
    done = crmsheet(
        "build", "小表.yaml", "--data", "数据", "--as-of", "2026-03-31", "-o", "客户表.xlsx", cwd=folder
    )
    assert done.code == 0, done.messages
    return folder


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an order to `mortal.py`: exit code, or minus the signal that ended it."""

    status: int
    events: int
    seconds: float


MortalProcess: TypeAlias = Callable[[dict[str, object]], Answer]


@pytest.fixture(scope="module")
def mortal_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MortalProcess]:
    """The program `mortal.py`: takes an order, gives the answer."""
    root = Path(__file__).resolve().parents[2]
    environment = {
        **os.environ,
        "PYTHONPATH": f"{root / 'src'}{os.pathsep}{root}",
        "TMPDIR": str(tmp_path_factory.mktemp("reports")),
    }
    process = subprocess.Popen(
        [sys.executable, str(root / "tests" / "cli" / "mortal.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    sending, receiving = process.stdin, process.stdout
    receiving.readline()

    def run(order: dict[str, object]) -> Answer:
        sending.write(json.dumps(order) + "\n")
        sending.flush()
        return Answer(**json.loads(receiving.readline()))

    yield run
    sending.close()
    process.wait(timeout=60)
    receiving.close()
