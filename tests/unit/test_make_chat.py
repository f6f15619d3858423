"""What `make` would do; it is not done."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OWN = "DATABASE_URL=sqlite:///var/chat/kanal.db DATA_DIR=var/chat "


def commands(*goals: str, **variables: str) -> list[str]:
    """The commands of goals, with these environment variables and no settings else."""
    env = {"PATH": os.environ["PATH"], **variables}
    line = ["make", "--dry-run", "--old-file=.venv/ready", *goals]
    return subprocess.run(
        line, cwd=ROOT, env=env, capture_output=True, text=True, check=True
    ).stdout.splitlines()


@pytest.mark.parametrize(
    ("who", "variables", "before", "behind"),
    [
        ((), {}, OWN, ""),
        (("WHO=liaison:PUPR",), {}, OWN, " --as liaison:PUPR"),
        ((), {"DATABASE_URL": "sqlite:///mine.db"}, "", ""),
        ((), {"DATA_DIR": "mine"}, "", ""),
    ],
)
def test_trying_the_chat_leaves_the_real_data_alone(
    who: tuple[str, ...], variables: dict[str, str], before: str, behind: str
) -> None:
    """Unless the settings are named where it is called; a citizen and an officer share what they try."""
    kanal = f"{before}.venv/bin/kanal"
    assert commands("chat", *who, **variables) == [
        f"{kanal} migrate",
        f"{kanal} setup",
        f"{kanal} chat{behind or ' '}",
    ]
