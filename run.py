#!/usr/bin/env python3
"""The one file a newcomer runs. Standard library only.

    python3 run.py demo      watch a class go through a mobility, in the browser
    python3 run.py test      the whole test suite
    python3 run.py lives     a school year of labelled lives, and how well it was noticed
    python3 run.py bench     how fast it is, beside what others use
    python3 run.py lint      style, types, layers, migrations, translations
    python3 run.py docs      the documentation as a site, in the folder site
    python3 run.py WORD …    everything else goes to `python -m bot WORD …`

The first run makes .venv beside this file and installs pinned, hash-checked packages into it.
Later runs find it ready and need no network. `test` also makes .venv-synapse: the Matrix
homeserver of the tests has packages of its own, and they may not touch ours. `bench` makes .venv-bench as
well: what we are measured against.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV, SYNAPSE, DOCS, OTHERS = ROOT / ".venv", ROOT / ".venv-synapse", ROOT / ".venv-docs", ROOT / ".venv-bench"
NODE = 20
"""The oldest Node that runs the tests' other Matrix client."""
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST, NEWEST = (3, 11), (3, 14)
"""The Pythons that every pinned package has been built for."""

LINT: tuple[tuple[str, ...], ...] = (
    ("-m", "mypy"),  # it takes longer than all the others, which go on beside it
    ("-m", "ruff", "check", "."),
    ("-m", "ruff", "format", "--check", "."),
    ("-c", "from importlinter.cli import lint_imports_command as lint; lint()"),
    ("-m", "bot", "catalogs", "--check"),
    ("-m", "bot", "migrations", "--check"),
    ("-m", "tests.architecture.rooms", "--check"),
)


def main(words: list[str]) -> int:
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        return by_another(words)
    if not words or words[0] in {"-h", "--help"}:
        print(__doc__)
        return 0
    if words[0] == "docs":
        return build_docs(words[1:])
    developing = words[0] in {"test", "lint", "lives", "bench", "dev"}
    problem = prepare(ROOT / ("requirements-dev.txt" if developing else "requirements.txt"), VENV)
    if not problem and words[0] in {"test", "dev", "bench"} and os.name != "nt":  # Synapse knows no Windows
        problem = prepare(ROOT / "requirements-synapse.txt", SYNAPSE)
    if not problem and words[0] == "bench":
        problem = prepare(ROOT / "requirements-bench.txt", OTHERS)
    if problem:
        return refuse(problem)
    if words[0] in {"test", "dev"}:
        prepare_client(ROOT / "tests" / "synapse" / "js")
    if words[0] == "test":
        return run("-m", "pytest", *words[1:])
    if words[0] == "lives":
        return run("-m", "tests.lives", *words[1:])
    if words[0] == "bench":
        return run("-m", "bench", *words[1:])
    if words[0] == "lint":
        return lint()
    if words[0] == "dev":
        return run(*words[1:])
    return run("-m", "bot", *words)


def by_another(words: list[str]) -> int:
    """By a Python of this machine that fits, the newest of them; where there is none, one sentence says so."""
    names = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    for found in filter(None, map(shutil.which, names)):
        if says_yes(found, f"{OLDEST} <= sys.version_info[:2] <= {NEWEST}"):
            return wait_for(subprocess.Popen([found, __file__, *words]))
    return refuse(
        f"Compagnon needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; this is {sys.version.split()[0]}, and none of those is here. "
        f"Install one, then the same command again."
    )


def lint() -> int:
    """All checks, two at a time. What one of them says is told when it has ended, by itself; answers the worst exit code."""
    with ThreadPoolExecutor(2) as two:
        checks = [two.submit(outcome, *check) for check in LINT]
        try:
            return max(told(*check.result()) for check in as_completed(checks))
        finally:
            two.shutdown(cancel_futures=True)


def outcome(*words: str) -> tuple[int, str]:
    """The exit code of our own interpreter with these words, and everything that it said."""
    done = subprocess.run([str(PYTHON), *words], cwd=ROOT, env=environment(), check=False, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace")  # fmt: skip
    return done.returncode, done.stdout


def told(code: int, words: str) -> int:
    print(words, end="", flush=True)
    return code


def build_docs(words: list[str]) -> int:
    """The site out of docs/; a link that leads nowhere stops it."""
    if problem := prepare(ROOT / "requirements-docs.txt", DOCS):
        return refuse(problem)
    python = DOCS / PYTHON.relative_to(VENV)
    return subprocess.run([str(python), "-m", "mkdocs", "build", "--strict", "--quiet", *words], cwd=ROOT, check=False, env=environment()).returncode  # fmt: skip


def prepare(requirements: Path, folder: Path) -> str | None:
    """Make the environment in `folder` match `requirements`; answers what went wrong, in words, or nothing."""
    python = folder / PYTHON.relative_to(VENV)
    wanted = hashlib.sha256(requirements.read_bytes() + sys.version.encode()).hexdigest()
    stamp = folder / f".ready-{requirements.stem}"
    if python.exists() and stamp.exists() and stamp.read_text() == wanted:
        return None
    print(
        f"Preparing {folder.name} from {requirements.name} (once, about half a minute) …", file=sys.stderr, flush=True
    )
    # By its whole name, and as a link: what Debian mends in it is mended here too, and a newer `python3` does not slip in.
    make = [os.path.realpath(sys.executable), "-m", "venv", "--clear", str(folder)]
    # There is none yet, it was moved, its Python is gone, or it is of another one: the system has a new version.
    anew = not says_yes(python, f"sys.version_info[:2] == {sys.version_info[:2]}")
    if anew and subprocess.run(make, check=False, stdout=subprocess.DEVNULL).returncode != 0:
        shutil.rmtree(folder, ignore_errors=True)
        return f"Could not make {folder.name}: Python's venv module is missing or the folder is read-only. On Debian: sudo apt install python3.{sys.version_info[1]}-venv"
    install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
               "--only-binary", ":all:", "--require-hashes", "-r", str(requirements)]  # fmt: skip
    if subprocess.run(install, check=False).returncode != 0:
        return f"Could not install the packages of {requirements.name}: see the lines above. The first run needs the network; run the same command again once it is there."
    stamp.write_text(wanted)
    return None


def prepare_client(folder: Path) -> None:
    """The tests' other Matrix client, where Node and npm are at hand; elsewhere one line says why it is left out."""
    lock, modules = folder / "package-lock.json", folder / "node_modules"
    wanted, stamp = hashlib.sha256(lock.read_bytes()).hexdigest(), modules / ".ready"
    problem = no_node()
    if not problem and not (stamp.exists() and stamp.read_text() == wanted):
        problem = install_client(folder)
        if problem:
            shutil.rmtree(modules, ignore_errors=True)  # a half of it would make the tests fail
        else:
            stamp.write_text(wanted)
    if problem:
        print(f"{problem}: the tests with the strict Matrix client are skipped.", file=sys.stderr, flush=True)


def no_node() -> str | None:
    """Why the client cannot be had here, in words, or nothing."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return "Node and npm are not here (on Debian: sudo apt install nodejs npm)"
    told = subprocess.run([node, "--version"], check=False, capture_output=True, text=True).stdout.strip()
    number = told.removeprefix("v").partition(".")[0]
    return None if number.isdigit() and int(number) >= NODE else f"Node {told} is older than {NODE}"


def install_client(folder: Path) -> str | None:
    """Install exactly what the lock file names and hashes, running no scripts; answers what went wrong, or nothing."""
    install = [shutil.which("npm") or "npm", "ci", "--silent", "--ignore-scripts", "--fetch-retries=1",
               "--fetch-retry-mintimeout=1000"]  # fmt: skip
    print(f"Preparing node_modules from {folder.name}/package-lock.json (once) …", file=sys.stderr, flush=True)
    try:
        done = subprocess.run(install, cwd=folder, check=False, stdout=subprocess.DEVNULL, timeout=300)
    except (OSError, subprocess.TimeoutExpired):
        return "npm ci did not end"
    return "npm ci failed (is the network there?)" if done.returncode else None


def says_yes(python: str | Path, question: str) -> bool:
    """Whether this interpreter starts at all, and answers so."""
    try:
        asked = [str(python), "-c", f"import sys; sys.exit(not ({question}))"]
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def run(*words: str) -> int:
    """Run our own interpreter in this folder and wait for it."""
    where = ROOT if words[:2] != ("-m", "bot") else None
    return wait_for(subprocess.Popen([str(PYTHON), *words], cwd=where, env=environment()))


def wait_for(child: subprocess.Popen[bytes]) -> int:
    """Ctrl-C is the child's to answer."""
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            continue


def environment() -> dict[str, str]:
    """Ours is found, and compiled once: the tests start a hundred interpreters, which would each compile it again."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")]))}


def refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
