"""Which version of this package is installed."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version


@lru_cache(maxsize=2)
def installed_version(otherwise: str = "unreleased") -> str:
    """The installed version; `otherwise` where the package is used without being installed."""
    try:
        return version("aligner")
    except PackageNotFoundError:
        return otherwise
