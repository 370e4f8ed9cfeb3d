"""Reading the files of a study folder: only regular files inside it, only UTF-8, never following a link out of it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from marsad.study.faults import At, Faults, nearest

__all__ = ["IGNORED_FOLDER", "READ_FILES", "RESERVED", "UNREADABLE", "Folder"]

IGNORED_FOLDER = "build"
"""What the machine derives; never read here."""

READ_FILES = ("study.yaml", "sources.bib", "findings.yaml", "options.yaml")
"""Files of the layout beside the tables of the dictionary."""

RESERVED = ("claims.yaml", "codebook.yaml", "data.lock", "data.yaml")
"""Names that the design keeps for later steps."""

UNREADABLE = "\ufffd"
"""Stands where a byte or character could not be read; what holds it has been reported already."""

_MEGABYTE = 1_000_000
_LIMITS = {"csv": 50 * _MEGABYTE, "yaml": 2 * _MEGABYTE, "bib": 20 * _MEGABYTE}
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MAX_CONTROL = 100
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Folder:
    """A study folder that is being read. It notes the hash of each file that it reads.

    Attributes:
        files: relative path -> SHA-256, in order of reading.
    """

    def __init__(self, root: Path, faults: Faults) -> None:
        self._root = root.resolve()
        self._faults = faults
        self.files: dict[str, str] = {}

    def has(self, name: str) -> bool:
        """Whether there is something of that name, be it a file or not."""
        return os.path.lexists(self._root / name)

    def text(self, name: str) -> str | None:
        """A text file with LF line ends and no byte order mark; None where it cannot be read at all.

        Notes a fault for each thing that keeps it from being clean UTF-8.
        """
        limit = _LIMITS[name.rpartition(".")[2]]
        data = self._bytes(name, limit=limit)
        if data is None:
            return None
        self.files[name] = hashlib.sha256(data).hexdigest()
        return self._decode(name, data)

    def children(self, name: str, suffixes: tuple[str, ...]) -> list[str]:
        """Relative paths of the files with these endings directly in a folder; warns of the others."""
        found = []
        for entry in self._entries(name):
            path = f"{name}/{entry.name}"
            if entry.name.endswith(suffixes):
                found.append(path)
            else:
                self._faults.warn(At(path), "the program does not read this", f"Keep only {', '.join(suffixes)} here")
        return found

    def documents(self, name: str) -> list[str]:
        """Relative paths of all files below a folder, in order; hashes them and does not look inside."""
        found = []
        folders = [name]
        while folders:
            folder = folders.pop()
            for entry in self._entries(folder):
                path = f"{folder}/{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif (digest := self._digest(path)) is not None:
                    self.files[path] = digest
                    found.append(path)
        return sorted(found)

    def warn_of_strangers(self, known: tuple[str, ...]) -> None:
        """Warn of what lies in the folder and is not read."""
        for entry in self._entries(""):
            name = entry.name
            if name in known or name == IGNORED_FOLDER or name.startswith(("README", "LICENSE", "LICENCE")):
                continue
            if name in RESERVED:
                self._faults.warn(At(name), "this version does not read it yet", "It may stay")
                continue
            near = nearest(name, known)
            remedy = f"Rename it if {near[0]} was meant" if near else "Put documents into documents/, or take it away"
            self._faults.warn(At(name), "it is no part of a study folder and is not read", remedy)
            mode = entry.stat(follow_symlinks=False).st_mode
            if stat.S_ISLNK(mode):
                self._inside(name)
            elif not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
                self._faults.add(At(name), "it is no regular file", "Take it away")

    def _entries(self, name: str) -> Iterator[os.DirEntry[str]]:
        """What is visible in a folder inside the study, by name; nothing where it is no such folder."""
        path = self._root / name
        if not os.path.lexists(path) or (name and self._inside(name) is None):
            return
        try:
            with os.scandir(path) as entries:
                found = sorted((entry for entry in entries if not entry.name.startswith(".")), key=lambda e: e.name)
        except NotADirectoryError:
            self._faults.add(At(name), "it is no folder", "Make it a folder, or take it away")
            return
        except OSError as error:
            self._faults.add(At(name), f"it cannot be read: {error.strerror}", "Allow reading it")
            return
        for entry in found:
            if entry.name.isprintable():
                yield entry
            else:
                self._faults.add(At(name or "."), f"it holds a file with the name {entry.name!a}", "Rename it")

    def _inside(self, name: str) -> Path | None:
        """The real path of what lies inside the study; None, and a fault, where a link leads out or nowhere."""
        try:
            real = (self._root / name).resolve(strict=True)
        except (OSError, RuntimeError):
            self._faults.add(At(name), "the link leads nowhere", "Put the file itself in its place")
            return None
        if not real.is_relative_to(self._root):
            self._faults.add(
                At(name),
                "the link leads out of the study folder and is not followed",
                "Put the file itself in its place",
            )
            return None
        return real

    def _open(self, name: str) -> int | None:
        """A descriptor of a regular file inside the study; None, and a fault, for anything else."""
        real = self._inside(name)
        if real is None:
            return None
        try:
            # Without O_NONBLOCK a pipe would wait for ever for a writer.
            descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            self._faults.add(At(name), f"it cannot be read: {error.strerror}", "Allow reading it")
            return None
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            self._faults.add(At(name), "it is no regular file", "Put a plain file in its place")
            return None
        return descriptor

    def _bytes(self, name: str, *, limit: int) -> bytes | None:
        descriptor = self._open(name)
        if descriptor is None:
            return None
        with os.fdopen(descriptor, "rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            self._faults.add(
                At(name), f"it is larger than {limit // _MEGABYTE} MB", "Take out what does not belong here"
            )
            return None
        return data

    def _digest(self, name: str) -> str | None:
        descriptor = self._open(name)
        if descriptor is None:
            return None
        with os.fdopen(descriptor, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _decode(self, name: str, data: bytes) -> str:
        """Text of a file; what cannot be read becomes ``UNREADABLE`` so that the rest can still be checked."""
        if data.startswith(_UTF16):
            self._faults.add(At(name, 1, 1), "the file is UTF-16", "Save it as UTF-8")
            return ""
        if data.startswith(b"\xef\xbb\xbf"):
            self._faults.add(
                At(name, 1, 1), "the file starts with a byte order mark (BOM)", "Save it as UTF-8 without BOM"
            )
            data = data[3:]
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._report_bytes(name, data)
            text = data.decode(errors="replace")
        return self._without_controls(name, self._with_line_feeds(name, text))

    def _report_bytes(self, name: str, data: bytes) -> None:
        """A fault for the first bad byte of each line."""
        for number, line in enumerate(data.split(b"\n"), start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                self._faults.add(
                    At(name, number, len(line[: error.start].decode()) + 1),
                    f"byte 0x{line[error.start]:02X} is not UTF-8",
                    "Save the file as UTF-8; it looks like Latin-1 or Windows-1252",
                )

    def _with_line_feeds(self, name: str, text: str) -> str:
        if "\r\n" not in text:
            return text
        first = text.index("\r\n")
        line = text.count("\n", 0, first) + 1
        column = first - (text.rfind("\n", 0, first) + 1) + 1
        self._faults.add(
            At(name, line, column),
            "lines end with CR LF (Windows)",
            "Save it with LF line ends (Unix), for example with: sed -i 's/\\r$//' FILE",
        )
        return text.replace("\r\n", "\n")

    def _without_controls(self, name: str, text: str) -> str:
        for count, match in enumerate(_CONTROL.finditer(text)):
            if count == _MAX_CONTROL:
                break
            at = match.start()
            line_start = text.rfind("\n", 0, at) + 1
            what = "NUL character" if match[0] == "\0" else f"control character U+{ord(match[0]):04X}"
            self._faults.add(
                At(name, text.count("\n", 0, at) + 1, at - line_start + 1),
                f"the file holds a {what}",
                "Delete the character",
            )
        return _CONTROL.sub(UNREADABLE, text)
