"""The language of whoever sits at this computer.

Knows where each system keeps it. Does not know what is said in it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Final

LANGUAGES: Final = ("zh", "en")
VARIABLE: Final = "CRMSHEET_LANG"
_CHINESE: Final = 0x04
"""The primary language of Windows' language identifiers; the low ten bits."""


def wanted(environment: Mapping[str, str], platform: str = sys.platform) -> str:
    """The language to speak: as `CRMSHEET_LANG` says, else the system's; English where that is neither."""
    asked = _language(environment.get(VARIABLE, ""))
    if asked:
        return asked
    if platform == "win32":
        return _of_windows()
    # As gettext has it: the first that is set counts, and C means that nobody has chosen.
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "")
        if value:
            chosen = value.partition(".")[0] not in ("C", "POSIX")
            preferred = environment.get("LANGUAGE", "").partition(":")[0] if chosen else ""
            if chosen or platform != "darwin":
                return _language(preferred) or _language(value) or "en"
            break
    return _of_mac() if platform == "darwin" else "en"


def _language(text: str) -> str:
    """`zh` of `zh_CN.UTF-8`, `zh-Hans` or `Chinese (Simplified)_China`; empty for what is neither language."""
    folded = text.strip().casefold()
    if folded.startswith(("zh", "chinese")):
        return "zh"
    return "en" if folded.startswith(("en", "english")) else ""


def _of_windows() -> str:
    """The language in which Windows speaks to its user."""
    import ctypes

    kernel = getattr(ctypes, "windll", None)
    if kernel is None:
        return "en"
    identifier = int(kernel.kernel32.GetUserDefaultUILanguage())
    return "zh" if identifier & 0x3FF == _CHINESE else "en"


def _of_mac() -> str:
    """The first language of the system settings: a window opened by the Finder may have no locale."""
    import subprocess

    try:
        told = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLanguages"],
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return "en"
    first = next((line.strip(' "(),') for line in told.stdout.splitlines() if line.strip(' "(),')), "")
    return _language(first) or "en"
