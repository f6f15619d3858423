"""All modules that hold what the bot says: found by their names, so that no new one is forgotten."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

import handlers

ROOT = Path(handlers.__file__).parents[1]


def modules() -> list[ModuleType]:
    paths = sorted((ROOT / "handlers").rglob("*wording.py"))
    return [import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)) for path in paths]
