"""Files are old or new, never half, whatever ends the writer."""

from __future__ import annotations

import hashlib
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from marsad.evidence import TEMPORARY, atomic_path, sha256_of, write_atomically

SIZE = 300_000
WRITER = f"""
import sys
from pathlib import Path
from marsad.evidence.files import write_atomically
target = Path(sys.argv[1])
print("ready", flush=True)
for n in range(1_000_000):
    write_atomically(target, bytes([n % 256]) * {SIZE})
"""


def test_writes_and_makes_the_folders(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b" / "file.txt"
    write_atomically(target, b"one")
    write_atomically(target, b"two")
    assert target.read_bytes() == b"two"
    assert [path.name for path in target.parent.iterdir()] == ["file.txt"]


def test_an_exception_leaves_the_old_file_and_no_debris(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    write_atomically(target, b"old")

    def fail_half_way() -> None:
        with atomic_path(target) as unfinished:
            unfinished.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail_half_way()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


def test_the_unfinished_file_stands_beside_its_target_under_a_name_that_says_so(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    with atomic_path(target) as unfinished:
        assert not target.exists()
        assert unfinished.name == target.name
        assert unfinished.parent.parent == tmp_path
        assert unfinished.parent.name.startswith(TEMPORARY)
        unfinished.write_bytes(b"new")
    assert target.read_bytes() == b"new"


def test_a_block_that_writes_nothing_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file.txt"
    write_atomically(target, b"old")
    with pytest.raises(FileNotFoundError), atomic_path(target):
        pass
    assert target.read_bytes() == b"old"


def test_a_killed_writer_leaves_old_or_new(tmp_path: Path) -> None:
    target = tmp_path / "file.bin"
    moments = random.Random(7)
    write_atomically(target, b"\xff" * SIZE)
    for _ in range(20):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(moments.uniform(0, 0.02))
            writer.send_signal(signal.SIGKILL)
        content = target.read_bytes()
        assert len(content) == SIZE
        assert len(set(content)) == 1
    debris = {path.name for path in tmp_path.iterdir()} - {target.name}
    assert all(name.startswith(TEMPORARY) for name in debris)


@pytest.mark.parametrize("content", [b"", b"abc", "نص\x00".encode() * 100_000])
def test_sha256_is_the_standard_one(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sha256_of(path) == hashlib.sha256(content).hexdigest()
