"""How long the audit of a manuscript takes, as a whole process, and how it grows with the text.

Prints, for the thesis of the first study in its three formats, seconds and peak memory beside those of only reading it,
and for texts of 1, 2, 4 and 8 times its length the seconds a million characters. Skips where the thesis is not here.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

THESIS = Path(__file__).resolve().parents[1].parent / "shared" / "case"
READ = (
    "import sys; from pathlib import Path; from marsad.documents import read_document; read_document(Path(sys.argv[1]))"
)
AUDIT = "import sys; from marsad.cli.main import main; main(['audit', sys.argv[1], '-f', 'json', '-o', sys.argv[2]])"
RUNS = 3


def _run(code: str, *arguments: str) -> tuple[float, float]:
    """Seconds and peak megabytes of a process: the least of several runs, since the machine is shared."""
    best = float("inf")
    for _ in range(RUNS):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, *arguments], check=True, stdout=subprocess.DEVNULL)
        best = min(best, time.perf_counter() - begun)
    return best, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Measure and print."""
    if not THESIS.is_dir():
        print(f"skipped: {THESIS} is not here")
        return
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "audit.json")
        print(f"{'file':<12} {'audit, s':>9} {'read, s':>8} {'ratio':>6}")
        for form in ("txt", "docx", "pdf"):
            file = str(THESIS / f"thesis.{form}")
            read, _ = _run(READ, file)
            audit, peak = _run(AUDIT, file, out)
            print(f"thesis.{form:<5} {audit:>9.2f} {read:>8.2f} {audit / read:>6.1f}")
        print(f"peak memory of any of these processes: {peak:.0f} MB\n")
        text = (THESIS / "thesis.txt").read_text(encoding="utf-8")
        print(f"{'times':>5} {'characters':>11} {'audit, s':>9} {'s/million':>10}")
        for times in (1, 2, 4, 8):
            file = str(Path(folder) / f"{times}.txt")
            Path(file).write_text("\n\n".join([text] * times), encoding="utf-8")
            audit, _ = _run(AUDIT, file, out)
            size = len(text) * times
            print(f"{times:>5} {size:>11,} {audit:>9.2f} {audit / size * 1e6:>10.1f}")


if __name__ == "__main__":
    main()
