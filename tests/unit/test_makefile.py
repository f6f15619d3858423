"""What `make` says before it begins."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parents[2] / "Makefile"
#: a Python that takes itself for another one
OTHER = """#!/bin/sh
exec {python} -c 'import sys; sys.version_info = {version}; exec(sys.argv[2])' "$@"
"""


@pytest.mark.parametrize(
    ("goal", "version", "told"),
    [
        ("test", (3, 13, 0), "make clean && make PYTHON=python3.12 test"),
        ("torture", (3, 14, 1), "Python 3.11 or 3.12"),
        ("run", (3, 10, 9), "Python 3.11 or newer"),
    ],
)
def test_a_python_that_does_not_do(tmp_path: Path, goal: str, version: tuple[int, ...], told: str) -> None:
    """It is said at once, with what to type, and nothing is installed."""
    shutil.copy(MAKEFILE, tmp_path)
    for name in ("requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        (tmp_path / name).touch()
    python = tmp_path / "python"
    python.write_text(OTHER.format(python=sys.executable, version=version))
    python.chmod(0o755)
    made = subprocess.run(
        ["make", f"PYTHON={python}", goal], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert made.returncode
    assert told in made.stdout
    assert not (tmp_path / ".venv").exists()
