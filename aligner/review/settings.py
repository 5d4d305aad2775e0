"""What a person chose for the review page, kept for all reviews of this user: language, theme, keys."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from aligner.errors import OutputError
from aligner.files import replacing
from aligner.review.places import Refused

LARGEST_SETTINGS = 1 << 14
"""Bytes: a table of keys is a kilobyte."""


def settings_file() -> Path:
    """Where they are: `ALIGNER_CONFIG`, or the platform's folder for what users choose."""
    if chosen := os.environ.get("ALIGNER_CONFIG"):
        return Path(chosen) / "review.json"
    if sys.platform == "win32":
        return (
            Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming") / "aligner" / "review.json"
        )
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "aligner" / "review.json"


def read_settings() -> dict[str, Any] | None:
    """The settings, None where there are none that can be read."""
    try:
        raw = settings_file().read_bytes()
        found = json.loads(raw) if len(raw) <= LARGEST_SETTINGS else None
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def write_settings(settings: dict[str, Any]) -> None:
    """Keep them; a place that can't be written keeps none. Raises `Refused` where they are too large."""
    data = json.dumps(settings, ensure_ascii=False).encode("utf-8", "backslashreplace")
    if len(data) > LARGEST_SETTINGS:
        raise Refused("large")
    try:
        settings_file().parent.mkdir(parents=True, exist_ok=True)
        with replacing(settings_file()) as (file,):
            file.write(data)
    except (OSError, OutputError):
        return
