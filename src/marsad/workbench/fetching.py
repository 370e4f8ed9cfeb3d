"""Fetching releases of datasets into a study: pinned in ``data.lock`` by hash, kept in the cache for offline builds."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from marsad.connectors import BadValue, Connector, FetchContext, Record, RowAudit, connector
from marsad.connectors.snapshots import compare_snapshots
from marsad.errors import InputError, NotFoundError
from marsad.evidence import sha256_of
from marsad.model import joined, plural
from marsad.study import (
    DATA_FILE,
    LOCK_FILE,
    RELEASES_FOLDER,
    DataLock,
    DataRelease,
    Pin,
    WithdrawnList,
    change_study,
    load_study,
    with_release,
)
from marsad.workbench.cache import cache_folder, cached, keep
from marsad.workbench.importing import read_connector, withdrawals_of

if TYPE_CHECKING:
    import httpx

    from marsad.connectors.transport import Credentials, Step

__all__ = ["FetchedRelease", "fetch_release", "fetch_study"]

_MOST_COMPARED = 200 * 2**20

Report = Callable[["Step"], None]
"""Told each step of a download."""


@dataclass(frozen=True, slots=True)
class FetchedRelease:
    """What became of one release.

    Attributes:
        pin: which file it is now.
        path: where the file lies.
        before: the pin that it had; None where it is new.
        fetched: whether anything was asked of the network.
        notes: what the fetch could not bring, and why.
    """

    pin: Pin
    path: Path
    before: Pin | None
    fetched: bool
    notes: tuple[str, ...] = ()

    @property
    def is_changed(self) -> bool:
        """Whether the producer now gives another file than the one that was pinned, or has withdrawn other records."""
        if self.before is None:
            return False
        return (self.before.sha256, self.before.withdrawn) != (self.pin.sha256, self.pin.withdrawn)


def fetch_study(
    root: Path,
    names: Sequence[str] = (),
    *,
    update: bool = False,
    transport: httpx.BaseTransport | None = None,
    report: Report | None = None,
) -> tuple[FetchedRelease, ...]:
    """Bring the releases that ``data.yaml`` names and that this machine lacks; pin those that have no pin.

    A pinned release that must be fetched anew has to be the same file: where the producer gives another one now, that
    is an error, and the pin stays. ``update`` fetches all of them and moves the pins.

    Args:
        root: the study folder.
        names: identifiers of releases; all if empty.
        update: whether to take what the producer gives now.
        transport: carries the requests; None for the network.
        report: told each step.

    Raises:
        NotFoundError: data.yaml has no such release, or credentials are missing.
        InputError: a release cannot be fetched, or is another file than its pin says.
    """
    study = load_study(root)
    wanted = [release for release in study.data.releases if not release.file]
    unknown = sorted(set(names) - {release.id for release in study.data.releases})
    if unknown:
        known = ", ".join(release.id for release in study.data.releases) or "none"
        raise NotFoundError(f"{root / DATA_FILE}: there is no release {unknown[0]!r}; there are: {known}")
    done = []
    lock = study.lock
    for release in wanted:
        if names and release.id not in names:
            continue
        pin = study.lock.pin(release.id)
        before = pin if pin is not None and _same(pin, release) else None  # of another query it says nothing
        found = _from_cache(before) if before is not None and not update else None
        if found is None:
            found = _fetched(release, before, transport, report)
        if found.is_changed and not update:
            raise InputError(
                f"{found.pin.id}: the producer now gives another file than the one that {LOCK_FILE} names "
                f"({found.pin.version}, {found.pin.bytes:,} bytes). To take it, run `marsad fetch --update`"
            )
        if found.is_changed:
            found = replace(found, notes=(*found.notes, *_what_changed(root, release, found)))
        done.append(found)
        lock = _pinned(root, lock, found.pin, [release.id for release in wanted])
    return tuple(done)


def _what_changed(root: Path, release: DataRelease, found: FetchedRelease) -> tuple[str, ...]:
    """What the producer added, changed and withdrew since the snapshot that was pinned, where this machine has it."""
    old = _from_cache(found.before) if found.before is not None else None
    if old is None:
        return ()
    if max(old.pin.bytes, found.pin.bytes) > _MOST_COMPARED:
        return (f"more than {_MOST_COMPARED:,} bytes: what changed in it was not looked up",)
    mapping = root / RELEASES_FOLDER / release.mapping if release.mapping else None
    rows = []
    listed: Collection[str] = ()
    for path, pin in ((old.path, old.pin), (found.path, found.pin)):
        source = read_connector(release.connector, path, mapping)
        gone = withdrawals_of(source, None if pin.withdrawn_pin is None else cached(pin.withdrawn_pin))
        rows.append(list(source.table_rows(path, release=release.id, audit=RowAudit(), withdrawn=gone)))
        listed = () if gone is None else gone.moments.keys()
    told = compare_snapshots(*rows)
    columns = Counter(column for change in told.changed for column in change.columns)
    which = joined([f"{column} in {count:,}" for column, count in columns.most_common(5)])
    changed = f"{plural(len(told.changed), 'record')} changed" + (f" ({which})" if which else "")
    withdrawn = f"{len(told.withdrawn):,} withdrawn" + (f" ({_first(told.withdrawn)})" if told.withdrawn else "")
    if told.withdrawn and listed:
        withdrawn += (
            f", {sum(name in listed for name in told.withdrawn):,} of them on the producer's list of withdrawals"
        )
    return (f"since {old.pin.retrieved_at}: {len(told.added):,} added, {changed}, {withdrawn}, {told.same:,} the same",)


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (" and more" if len(names) > 5 else "")


def fetch_release(
    root: Path,
    release: DataRelease,
    *,
    transport: httpx.BaseTransport | None = None,
    report: Report | None = None,
) -> FetchedRelease:
    """Add a release to ``data.yaml`` and fetch it; both files change, or neither.

    Raises:
        InputError: the study has a release of that name, or it cannot be fetched.
    """
    study = load_study(root)
    if any(known.id == release.id for known in study.data.releases):
        raise InputError(f"{root / DATA_FILE}: there is a release {release.id!r} already. Name another (`--id`)")
    if release.source not in study.sources:
        raise InputError(
            f"{root / 'sources.bib'}: there is no source {release.source!r}. Add an entry for the dataset, or name "
            "its citation key (`--source`)"
        )
    found = _fetched(release, None, transport, report)
    path = root / DATA_FILE
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    values = release.model_dump(exclude_defaults=True)
    lock = DataLock(pins=tuple(sorted((*study.lock.pins, found.pin), key=lambda pin: pin.id)))
    change_study(root, {DATA_FILE: with_release(text, values).encode(), LOCK_FILE: _lock_text(lock).encode()})
    return found


def _pinned(root: Path, lock: DataLock, pin: Pin, releases: Sequence[str]) -> DataLock:
    """The lock with a pin, written at once, so that what fails later takes nothing back."""
    pins = {old.id: old for old in lock.pins if old.id in releases} | {pin.id: pin}
    made = DataLock(pins=tuple(pins[name] for name in sorted(pins)))
    if made != lock:
        change_study(root, {LOCK_FILE: _lock_text(made).encode()})
    return made


def _same(pin: Pin, release: DataRelease) -> bool:
    """Whether a pin is of what the release asks for now."""
    return pin.connector == release.connector and pin.query == _query(release)


def _query(release: DataRelease) -> dict[str, str]:
    return ({"version": release.version} if release.version else {}) | release.query


def _from_cache(pin: Pin) -> FetchedRelease | None:
    try:
        if pin.withdrawn_pin is not None:
            cached(pin.withdrawn_pin)
        return FetchedRelease(pin, cached(pin), pin, fetched=False)
    except NotFoundError:
        return None


def _fetched(
    release: DataRelease, before: Pin | None, transport: httpx.BaseTransport | None, report: Report | None
) -> FetchedRelease:
    """Fetch a release and put it into the cache; what an interrupted fetch left is gone on with."""
    from marsad.connectors.transport import Client, Credentials, Rate  # noqa: PLC0415 - only where something is fetched

    source = connector(release.connector)
    if source.fetch is None:
        raise InputError(
            f"{release.id}: {source.spec.title} cannot be fetched by a program. Get the file from its producer "
            "and name it in data.yaml (`file: ...` in releases/), or read it with `marsad import`"
        )
    query = _query(release)
    _check_query(source, query)
    folder = _staging(release.connector, query)
    rate = Rate(((max(1, int(source.spec.rate)), 60.0),)) if source.spec.rate is not None else None
    with Client(transport, rate=rate, progress=report) as client:
        made = source.fetch(FetchContext(client, _credentials(Credentials), folder, query))
    digest = sha256_of(made.path)
    withdrawn, said = (None, ()) if made.deleted is None else _withdrawn(source, made.path, made.deleted)
    pin = Pin(
        id=release.id,
        connector=release.connector,
        query=query,
        version=made.version,
        url=made.url,
        file=made.path.name,
        bytes=made.path.stat().st_size,
        sha256=digest,
        retrieved_at=dt.datetime.now(dt.UTC).date().isoformat(),
        withdrawn=withdrawn,
    )
    place = keep(made.path, digest)
    shutil.rmtree(folder, ignore_errors=True)
    return FetchedRelease(pin, place, before, fetched=True, notes=(*made.notes, *said))


def _withdrawn(source: Connector, path: Path, listed: Path) -> tuple[WithdrawnList, tuple[str, ...]]:
    """Keep the list of withdrawn records in the cache; how many of the records fetched are on it."""
    digest = sha256_of(listed)
    kept = keep(listed, digest)
    gone = withdrawals_of(source, listed)
    audit = RowAudit()
    for raw in source.read(path, source.spec):
        try:
            if gone is not None:
                gone.check(Record(raw.values, row=raw.row), audit)
        except BadValue:
            audit.read += 1
    named = 0 if gone is None else len(gone.moments)
    notes = [f"the producer has withdrawn {plural(named, 'record')} in all ({kept})"]
    if audit.read:
        verb = "is" if audit.read == 1 else "are"
        notes[0] += f"; {audit.read:,} of them {verb} still among the records fetched, and a build puts them aside"
    if gone is not None and gone.unnamed:
        notes.append(f"its list of withdrawals has {plural(gone.unnamed, 'entry', 'entries')} without an identifier")
    return WithdrawnList(file=listed.name, bytes=listed.stat().st_size, sha256=digest), tuple(notes)


def _credentials(kind: type[Credentials]) -> Credentials:
    return kind()


def _check_query(source: Connector, query: Mapping[str, str]) -> None:
    unknown = sorted(set(query) - set(source.spec.options) - {"version"})
    if unknown:
        known = "; ".join(f"{name}: {text}" for name, text in source.spec.options.items())
        raise InputError(f"{source.spec.name} has no option {unknown[0]!r}. There are: {known or 'none'}")


def _staging(name: str, query: Mapping[str, str]) -> Path:
    """Where a fetch puts its pieces, for each thing that can be asked for, so that it can be gone on with."""
    key = hashlib.sha256(json.dumps([name, dict(query)], sort_keys=True).encode()).hexdigest()[:16]
    folder = cache_folder() / "unfinished" / f"{name}-{key}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lock_text(lock: DataLock) -> str:
    """``data.lock`` as YAML; JSON is YAML, and its texts stay texts."""
    lines = ["# Written by `marsad fetch`: which file each fetched release is.", "pins:"]
    for pin in lock.pins:
        for number, (key, value) in enumerate(pin.model_dump(exclude_none=True).items()):
            shown = json.dumps(value if isinstance(value, dict) else str(value), ensure_ascii=False)
            lines.append(f"{'  - ' if number == 0 else '    '}{key}: {shown}")
    return "\n".join(lines if lock.pins else ["pins: []"]) + "\n"
