"""Reading the files of a study folder: only regular files inside it, only UTF-8, never following a link out of it."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Collection, Iterator
from pathlib import Path

from marsad.study.faults import At, Faults, nearest

__all__ = ["IGNORED_FOLDER", "LEDGER", "READ_FILES", "RESERVED", "UNREADABLE", "Folder", "forbidden_character"]

IGNORED_FOLDER = "build"
"""What the machine derives; never read here."""

LEDGER = "ledger.sqlite"
"""What people decided about proposals; what SQLite keeps beside it begins with its name."""

READ_FILES = ("study.yaml", "sources.bib", "findings.yaml", "options.yaml", "data.yaml", "data.lock")
"""Files of the layout beside the tables of the dictionary."""

RESERVED = ("claims.yaml", "codebook.yaml")
"""Names that the design keeps for later steps."""

UNREADABLE = "\ufffd"
"""Stands where a byte or character could not be read; what holds it has been reported already."""

_MEGABYTE = 1_000_000
_LIMITS = {"csv": 50 * _MEGABYTE, "yaml": 2 * _MEGABYTE, "bib": 20 * _MEGABYTE, "lock": 2 * _MEGABYTE}
_BIDIRECTIONAL = "\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_BIDIRECTIONAL}{UNREADABLE}]")
_BAD_BYTES = re.compile(r"[\udc80-\udcff]")
_MIN_NAME_LIKENESS = 75
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def _folded(name: str) -> str:
    """A file name as people confuse it: without letter case, and with one of the two endings of YAML."""
    folded = name.casefold()
    return folded.removesuffix(".yml") + ".yaml" if folded.endswith(".yml") else folded


def _is_left_alone(name: str) -> bool:
    return name == IGNORED_FOLDER or name.startswith((LEDGER, "README", "LICENSE", "LICENCE"))


def forbidden_character(text: str) -> tuple[int, str] | None:
    """Place (0-based) and description of the first character that no file may hold; None where there is none.

    Such are control characters other than tab and line feed, and those that turn the direction of the text around
    them (U+202A to U+202E, U+2066 to U+2069): they can make a line look other than it is.
    """
    match = _CONTROL.search(text)
    return (match.start(), _described(match[0])) if match else None


def _described(character: str) -> str:
    if character == "\0":
        return "NUL character"
    if character == UNREADABLE:
        return "replacement character U+FFFD, where another one was lost"
    kind = "control character" if character < "\u2000" else "bidirectional control character"
    return f"{kind} U+{ord(character):04X}"


class Folder:
    """A study folder that is being read. It notes the hash of each file that it reads.

    Args:
        root: the folder.
        known: the names that may lie directly in it and are read.
        faults: where to note what is wrong.

    Attributes:
        files: relative path -> SHA-256, in order of reading.
    """

    def __init__(self, root: Path, known: Collection[str], faults: Faults) -> None:
        self._root = root.resolve()
        self._known = known
        self._faults = faults
        self.files: dict[str, str] = {}
        self._entries_of_root = list(self._entries(""))
        self._misnamed = self._misnamed_entries()

    def has(self, name: str) -> bool:
        """Whether there is something of that name, be it a file or not, or something whose name was meant to be it."""
        return os.path.lexists(self._root / name) or name in self._misnamed

    def is_misnamed(self, name: str) -> bool:
        """Whether it is missing, and something lies there whose name was meant to be it."""
        return name in self._misnamed

    def _misnamed_entries(self) -> dict[str, str]:
        """Known name that is missing -> what lies in the folder under the same name in other letters."""
        names = {entry.name for entry in self._entries_of_root}
        meant = {_folded(name): name for name in self._known if name not in names}
        return {meant[_folded(name)]: name for name in sorted(names - set(self._known)) if _folded(name) in meant}

    def text(self, name: str) -> str | None:
        """A text file with LF line ends and no byte order mark; None where it cannot be read at all.

        Notes a fault for each thing that keeps it from being clean UTF-8.
        """
        if name in self._misnamed:
            return None
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

    def report_strangers(self) -> None:
        """Report what lies in the folder and is not read: a fault where its name only differs in letter case."""
        for right, wrong in self._misnamed.items():
            self._faults.add(At(wrong), f"the name should be {right}", f"Rename it to {right}")
        for entry in self._entries_of_root:
            name = entry.name
            if name in self._known or name in self._misnamed.values() or _is_left_alone(name):
                continue
            if name in RESERVED:
                self._faults.warn(At(name), "this version does not read it yet", "It may stay")
                continue
            stems = {known.partition(".")[0]: known for known in self._known if not known.endswith(".lock")}
            near = nearest(name.partition(".")[0], stems, likeness=_MIN_NAME_LIKENESS)
            remedy = (
                f"Rename it if {stems[near[0]]} was meant" if near else "Put documents into documents/, or take it away"
            )
            self._faults.warn(At(name), "it is no part of a study folder and is not read", remedy)
            if entry.is_symlink():
                self._inside(name)
            elif not entry.is_file() and not entry.is_dir():
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

    def _decode(self, name: str, data: bytes) -> str | None:
        """Text of a file; what cannot be read becomes ``UNREADABLE`` so that the rest can still be checked."""
        # Without a mark, UTF-16 of Latin letters has a NUL beside each of them.
        if data.startswith(_UTF16) or data[:4].count(0) == 2:
            self._faults.add(At(name, 1, 1), "the file is UTF-16", "Save it as UTF-8")
            return None
        if data.startswith(b"\xef\xbb\xbf"):
            self._faults.add(
                At(name, 1, 1), "the file starts with a byte order mark (BOM)", "Save it as UTF-8 without BOM"
            )
            data = data[3:]
        try:
            text = data.decode()
        except UnicodeDecodeError:
            self._report_bytes(name, data)
            text = data.decode(errors="surrogateescape")
        return self._without_controls(name, self._with_line_feeds(name, text))

    def _report_bytes(self, name: str, data: bytes) -> None:
        """A fault for the first bad byte of each line."""
        for number, line in enumerate(data.split(b"\n"), start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                if self._faults.is_cut(name):
                    break
                self._faults.add(
                    At(name, number, len(line[: error.start].decode()) + 1),
                    f"byte 0x{line[error.start]:02X} is not UTF-8",
                    "Save the file as UTF-8; it looks like Latin-1 or Windows-1252",
                )

    def _with_line_feeds(self, name: str, text: str) -> str:
        if "\r" in text and "\n" not in text:
            self._faults.add(
                At(name, 1, text.index("\r") + 1),
                "lines end with CR alone (old Macintosh)",
                "Save it with LF line ends (Unix), for example with: tr '\\r' '\\n' < FILE > NEW",
            )
            return text.replace("\r", "\n")
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
        for match in _CONTROL.finditer(text):
            at = match.start()
            line_start = text.rfind("\n", 0, at) + 1
            self._faults.add(
                At(name, text.count("\n", 0, at) + 1, at - line_start + 1),
                f"the file holds a {_described(match[0])}",
                "Delete the character, or write the one that was meant",
            )
            if self._faults.is_cut(name):
                break
        return _BAD_BYTES.sub(UNREADABLE, _CONTROL.sub(UNREADABLE, text))
