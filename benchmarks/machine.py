"""The machine that is measured on: what it is, what a process of it uses, how fast its disk writes."""

import os
import platform
import sqlite3
import statistics
import time
from importlib.metadata import version
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
COMMITS = 300
#: that we may use: who measures leaves the first one to the server
CORES = sorted(os.sched_getaffinity(0))
LIBRARIES = ("uvicorn", "starlette", "SQLAlchemy", "python-telegram-bot", "twilio")


def described() -> str:
    """Return what the figures depend on, in a line."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = next(
        (line.partition(": ")[2] for line in info.splitlines() if line.startswith("model name")), "?"
    )
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {libraries}"
    )


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def resident_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * PAGE / 2**20


def commit_seconds(folder: Path) -> float:
    """Return the median time of a durable commit of one small row."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS row (id INTEGER PRIMARY KEY, text TEXT)")
    taken = []
    for _ in range(COMMITS):
        started = time.perf_counter()
        connection.execute("INSERT INTO row (text) VALUES (?)", ("x" * 70,))
        taken.append(time.perf_counter() - started)
    connection.close()
    return statistics.median(taken)


def cores() -> tuple[set[int], set[int]]:
    """Return the core of the server, and those of who measures it: a server has one, whatever it is."""
    first, *others = CORES
    return {first}, set(others) or {first}
