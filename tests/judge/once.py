"""Something costly made once in a run of tests, whichever process asks for it first."""

from __future__ import annotations

import os
import pickle
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

_T = TypeVar("_T")
_PATIENCE = 600


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], _T]) -> _T:
    """What `make` gives; processes that ask meanwhile wait for it."""
    folder = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        folder = folder.parent
    kept, claim = folder / f"{name}.pickle", folder / f"{name}.claim"
    try:
        claim.touch(exist_ok=False)
    except FileExistsError:
        for _ in range(_PATIENCE * 5):
            if kept.exists():
                found: _T = pickle.loads(kept.read_bytes())
                return found
            if not claim.exists():
                return made_once(factory, name, make)
            time.sleep(0.2)
        raise TimeoutError(name) from None
    try:
        made = make()
    except BaseException:
        # Whoever waits tries for itself and meets the same failure.
        claim.unlink()
        raise
    new = kept.with_suffix(f".{os.getpid()}")
    new.write_bytes(pickle.dumps(made))
    new.replace(kept)
    return made
