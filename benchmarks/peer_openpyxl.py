"""openpyxl loads and saves a workbook: IN OUT. What most tools call an update."""

from __future__ import annotations

import sys

from openpyxl import load_workbook

load_workbook(sys.argv[1]).save(sys.argv[2])
