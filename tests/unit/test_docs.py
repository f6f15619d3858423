"""What README, changelog and docs point at is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("benchmarks", "bot", "deployments", "docs", "handlers", "storage", "tests")
#: by path as it stands in the repository
FILES = {
    str(file.relative_to(ROOT))
    for file in (*ROOT.iterdir(), *(file for part in PARTS for file in (ROOT / part).rglob("*")))
    if file.is_file()
}
_FILE = re.compile(r"[\w./-]*\w\.(?:css|csv|jsonl?|js|md|po|png|py|sh|svg|toml|txt|ya?ml)\b")
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
