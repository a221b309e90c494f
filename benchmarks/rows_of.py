"""Makes rows for the benchmark workbook, so that who builds it has them as ready as the peers have theirs: ROWS OUT."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from build_rows import rows

found = rows(int(sys.argv[1]))["orders"]
with Path(sys.argv[2]).open("wb") as file:
    # Some at a time: who reads them need not hold what pickle remembers of all of them.
    for at in range(0, len(found), 1_000):
        pickle.dump(found[at : at + 1_000], file)
