"""The cache of fetched releases on the user's machine: one folder a hash, so that a build needs no network."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from marsad.errors import NotFoundError
from marsad.evidence import atomic_path, sha256_of
from marsad.study import Pin

__all__ = ["cache_folder", "cached", "keep"]


def cache_folder() -> Path:
    """Where fetched releases are kept: ``MARSAD_CACHE``, or ``marsad`` in the user's folder for caches."""
    if given := os.environ.get("MARSAD_CACHE"):
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path.home() / ".cache") / "marsad"


def _place(sha256: str, name: str) -> Path:
    return cache_folder() / "releases" / sha256 / Path(name).name


def keep(path: Path, sha256: str) -> Path:
    """Copy a fetched file into the cache, over one that may be damaged; where it stands there."""
    target = _place(sha256, path.name)
    with atomic_path(target) as unfinished:
        shutil.copyfile(path, unfinished)
    return target


def cached(pin: Pin) -> Path:
    """The file of a pin; raises ``NotFoundError`` where the cache lacks it, or holds another."""
    path = _place(pin.sha256, pin.file)
    if not path.is_file():
        raise NotFoundError(
            f"the release {pin.id} ({pin.version}) is not on this machine. Run `marsad fetch --study STUDY` once; "
            "the build itself asks nothing of the network"
        )
    if path.stat().st_size != pin.bytes or sha256_of(path) != pin.sha256:
        raise NotFoundError(f"{path} is not the file that data.lock names. Run `marsad fetch` again")
    return path
