"""The Baseline as lines of text that survive in the cells of a hidden sheet.

Knows JSON, deflate, base64, the checksum. Does not know cells or sheets.

The first line names the record, its format, the number of chunks and the SHA-256 of the JSON; the others
are the deflated JSON in base64, cut to what a cell holds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zlib
from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from crmsheet.messages import say
from crmsheet.model.baseline import FORMAT, Baseline
from crmsheet.model.codec import Json, decoded, encoded
from crmsheet.model.spec import Model

MAGIC = "crmsheet"
CHUNK = 32_000
_LARGE = 2**20
_LEVEL = 6
_LEVEL_OF_LARGE = 4
"""Hashes hardly deflate: half the time for a thirtieth more bytes."""
_MOST_JSON = 512 * 1024 * 1024
_MOST_TIMES = 100
"""How many times its deflated size a record may have; hashes do not deflate, so real ones stay below 20."""


class DamagedBaseline(ValueError):
    """The lines are not a whole record of ours."""


class NewerBaseline(ValueError):
    """The record was written by a newer crmsheet; the message is its version."""


def packed(baseline: Baseline) -> tuple[str, ...]:
    """The record as lines of at most 32,000 characters, the same for equal baselines."""
    data = json.dumps(encoded(baseline), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()
    body = base64.b64encode(zlib.compress(data, _LEVEL if len(data) < _LARGE else _LEVEL_OF_LARGE)).decode(
        "ascii"
    )
    chunks = [body[i : i + CHUNK] for i in range(0, len(body), CHUNK)]
    digest = hashlib.sha256(data).hexdigest()
    return (f"{MAGIC} {baseline.format} {len(chunks)} {digest} {baseline.version}", *chunks)


def unpacked(lines: Sequence[str]) -> Baseline:
    """The baseline in `lines`. Raises DamagedBaseline, or NewerBaseline for a format of the future."""
    head = lines[0].split(" ") if lines else []
    if len(head) < 4 or head[0] != MAGIC or not head[1].isdigit() or not head[2].isdigit():
        raise DamagedBaseline(say("the record does not begin as one of ours"))
    if int(head[1]) > FORMAT:
        raise NewerBaseline(head[4] if len(head) > 4 else head[1])
    body = "".join(lines[1 : 1 + int(head[2])])
    try:
        inflater = zlib.decompressobj()
        deflated = base64.b64decode(body, validate=True)
        data = inflater.decompress(deflated, min(_MOST_JSON, _MOST_TIMES * len(deflated)))
        if inflater.unconsumed_tail or hashlib.sha256(data).hexdigest() != head[3]:
            raise DamagedBaseline(say("the record does not match its checksum"))
        return _decoded(json.loads(data))
    except DamagedBaseline:
        raise
    except (
        binascii.Error,
        zlib.error,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as problem:
        raise DamagedBaseline(str(problem)) from problem


def _decoded(data: Json) -> Baseline:
    """The record; its model, which is most of it, is made once for as long as it is written the same."""
    if isinstance(data, dict) and "model" in data:
        return decoded(Baseline, {**data, "model": cast("Json", _model(json.dumps(data["model"])))})
    return decoded(Baseline, data)


@lru_cache(maxsize=2)
def _model(written: str) -> Model:
    return decoded(Model, json.loads(written))
