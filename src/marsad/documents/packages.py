"""The parts of a zipped XML document, unpacked and parsed within limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Any

from marsad.documents.limits import MOST_DEPTH, MOST_PART_BYTES, MOST_PARTS, MOST_RATIO, MOST_UNPACKED_BYTES
from marsad.errors import InputError

__all__ = ["Package"]

_BOMB = "that is a zip bomb or damaged, and it is not read. Save it anew from a word processor"
_DAMAGED = "this DOCX is damaged: {}. Fetch it again, or open it in a word processor and save it anew"
_FREE = 2**20
_CHUNK = 2**18


class Package:
    """A zip file whose parts are read with a limit on their size, on the size of all of them and on their ratio."""

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            infos = self._zip.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
            raise InputError(_DAMAGED.format("its zip directory cannot be read")) from error
        if len(infos) > MOST_PARTS:
            raise InputError(f"this file has {len(infos):,} entries in its zip directory: {_BOMB}")
        self._infos = {info.filename: info for info in infos}
        self._unpacked = 0

    @property
    def names(self) -> set[str]:
        """The names of all parts."""
        return set(self._infos)

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        info = self._infos[name]
        if info.flag_bits & 1:
            raise InputError("this file is encrypted with a password. Save a copy without the password and read that")
        most = min(MOST_PART_BYTES, MOST_UNPACKED_BYTES - self._unpacked, _FREE + MOST_RATIO * info.compress_size)
        if info.file_size > most:
            raise InputError(f"{name} in this file claims to unpack to {info.file_size:,} bytes: {_BOMB}")
        data = self._unpack(info, most)
        self._unpacked += len(data)
        return data

    def _unpack(self, info: zipfile.ZipInfo, most: int) -> bytes:
        chunks: list[bytes] = []
        size = 0
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    chunks.append(chunk)
                    size += len(chunk)
                    if size > most:
                        raise InputError(f"{info.filename} in this file unpacks to more than {most:,} bytes: {_BOMB}")
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            NotImplementedError,
            EOFError,
            RuntimeError,
        ) as error:
            raise InputError(_DAMAGED.format(f"{info.filename} cannot be unpacked")) from error
        return b"".join(chunks)

    def xml(self, name: str) -> Any:
        """The root element of a part, parsed without document type, entities or network."""
        from lxml import etree  # noqa: PLC0415 - heavy

        data = self.read(name)
        if re.search(rb"<!\s*(?:DOCTYPE|ENTITY)", data[:65536].replace(b"\x00", b"")):
            raise InputError(
                f"{name} in this file declares a document type, which no DOCX has and which can be used for an attack: "
                "it is not read. Save it anew from a word processor"
            )
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(data, parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise InputError(_DAMAGED.format(f"{name} is not well-formed XML")) from error
        if root.getroottree().docinfo.internalDTD is not None:
            raise InputError(f"{name} in this file declares a document type: it is not read. Save it anew")
        if _is_deep(root):
            raise InputError(_DAMAGED.format(f"the elements of {name} nest deeper than {MOST_DEPTH}"))
        return root


def _is_deep(root: Any) -> bool:
    from lxml import etree  # noqa: PLC0415 - heavy

    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MOST_DEPTH:
            return True
    return False
