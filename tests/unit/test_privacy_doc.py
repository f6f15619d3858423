"""docs/privacy.md says of everything personal where it is and how long."""

from pathlib import Path

from handlers.deployment_parts import Retention
from storage.queries.rotation import SEALED

TEXT = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text()


def test_every_table_with_something_sealed_is_named() -> None:
    """A new one cannot be forgotten."""
    assert [one.name for one in SEALED if f"`{one.name}`" not in TEXT] == []


def test_every_setting_is_named_with_its_value() -> None:
    """As it is where a deployment says nothing."""
    for name, field in Retention.model_fields.items():
        (line,) = [line for line in TEXT.splitlines() if line.startswith(f"| `{name}` |")]
        value = "left out" if field.default is None else str(field.default)
        assert value in line.rpartition("|")[0].rpartition("|")[2], name
