"""The tables of a study's releases: those of the last build where they are up to date, otherwise imported anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from marsad.study import RELEASES_FOLDER, DataRelease, Study
from marsad.workbench.graph import Graph
from marsad.workbench.hashes import code_version

__all__ = ["release_inputs", "release_step", "release_tables"]


def release_step(release: DataRelease) -> str:
    """The name of the build's step that imports a release."""
    return f"{RELEASES_FOLDER}.{release.id}"


def release_inputs(study: Study, release: DataRelease) -> tuple[str, ...]:
    """All that the table of a release depends on, but for the program."""
    held = [study.files.get(f"{RELEASES_FOLDER}/{name}", "") for name in (release.file, release.mapping)]
    return (release.model_dump_json(), str(study.lock.pin(release.id)), str(study.data.border), *held)


@contextmanager
def release_tables(study: Study, root: Path, build_folder: Path) -> Iterator[Path]:
    """A folder for the moment with the table of every release of a study, ``ID.parquet``.

    Args:
        study: the study.
        root: its folder.
        build_folder: where a build writes.

    Raises:
        NotFoundError: a release was never fetched on this machine.
        InputError: one cannot be read.
    """
    from marsad.workbench.registering import import_release  # noqa: PLC0415 - reads tables of events

    graph = Graph(build_folder, code_version())
    with TemporaryDirectory() as folder:
        for release in study.data.releases:
            table = Path(folder) / f"{release.id}.parquet"
            built = build_folder / RELEASES_FOLDER / table.name
            if built.is_file() and graph.recorded(release_step(release), inputs=release_inputs(study, release)):
                table.symlink_to(built.resolve())
            else:
                import_release(study, root, release, table)
        yield Path(folder)
