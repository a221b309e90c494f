"""The workbooks that real programs saved: those of this project, and the collection beside it.

Knows where they are and how a test asks for some of them. Does not know what is in them (`things`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

WORKBOOKS = Path(__file__).resolve().parents[1] / "workbooks"
COLLECTION = Path(__file__).resolve().parents[3] / "shared" / "corpus"


def saved(*own: str, collection: Sequence[str] = ()) -> pytest.MarkDecorator:
    """The test's `journey` is that of each of these workbooks. Those of the collection are slow, and skipped
    where there is none."""
    absent = pytest.mark.skipif(not COLLECTION.is_dir(), reason=f"no collection of workbooks at {COLLECTION}")
    found = [pytest.param(WORKBOOKS / name, id=name) for name in own]
    found += [
        pytest.param(COLLECTION / name, id=name[:50], marks=(pytest.mark.slow, absent)) for name in collection
    ]
    return pytest.mark.parametrize("journey", found, indirect=True)
