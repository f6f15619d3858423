"""What README, changelog and docs point at is there."""

import re
from pathlib import Path

import pytest
import typer

from bot.cli.app import command_line

ROOT = Path(__file__).parents[2]
PARTS = ("benchmarks", "bot", "deployments", "docs", "handlers", "storage", "tests")
#: by path as it stands in the repository
FILES = {
    str(file.relative_to(ROOT))
    for file in (*ROOT.iterdir(), *(file for part in PARTS for file in (ROOT / part).rglob("*")))
    if file.is_file()
}
_FILE = re.compile(r"[\w./-]*\w\.(?:css|csv|jsonl?|js|md|po|png|py|sh|svg|toml|txt|ya?ml)\b")
#: as code names a rule: "docs/rules.md, Deadlines", and ids such as M4
_RULE = re.compile(r"docs/rules\.md,\s+([A-Z][a-z]+(?: cycle)?)(?: and ([A-Z][a-z]+(?: cycle)?))?")
_ID = re.compile(r"\b(?:D[1-9]|M\d{1,2}|R\d{1,2})\b")
#: a command as it is typed, with what may be a command within it
_COMMAND = re.compile(r"(?:(?:^|bin/|`|&& |= )kanal )([a-z0-9]+)(?: ([a-z]+)\b(?![./:]))?", re.MULTILINE)
_TEST = re.compile(r"`(test_\w+)`")


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted(ROOT.glob("docs/*.md"))])
def test_what_is_named_exists(page: Path) -> None:
    """Files by their path, from the root or beside the page, or by their name alone; tests by theirs."""
    text = page.read_text(encoding="utf-8")
    known = (
        FILES
        | {Path(file).name for file in FILES}
        | {str(Path(file).relative_to("docs")) for file in FILES if file.startswith("docs/")}
    )
    assert sorted(set(_FILE.findall(text)) - known) == []
    tests = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name in _TEST.findall(text) if f"def {name}(" not in tests] == []


@pytest.mark.parametrize("part", ["bot", "handlers", "storage"])
def test_a_rule_that_code_names_stands_in_the_rules(part: str) -> None:
    """By its heading, and by its id where one is given."""
    rules = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
    code = "\n".join(file.read_text(encoding="utf-8") for file in (ROOT / part).rglob("*.py"))
    headings = set(re.findall(r"^## (.+)$", rules, flags=re.MULTILINE))
    assert "domain notes" not in code  # nobody who clones this can read them
    assert {name for found in _RULE.findall(code) for name in found if name} <= headings
    assert set(_ID.findall(code)) <= set(_ID.findall(rules))


@pytest.mark.parametrize("page", ["README.md", "docs/operating.md", "docs/privacy.md", "docs/scaling.md"])
def test_commands_that_are_named_exist(page: str) -> None:
    """As an operator would type them; a command that is a group has the one that stands behind it."""
    there = typer.main.get_command(command_line()).commands  # type: ignore[attr-defined]
    named = set(_COMMAND.findall((ROOT / page).read_text(encoding="utf-8")))
    assert named
    for name, inner in named:
        assert name in there
        assert not inner or inner in getattr(there[name], "commands", [inner]), f"{name} {inner}"
