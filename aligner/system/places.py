"""Where this program keeps what it can make again."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder() -> Path:
    """Where this user's cache lives: `ALIGNER_CACHE`, or the platform's cache folder."""
    if chosen := os.environ.get("ALIGNER_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "aligner"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "aligner"
