"""`kanal demo`: a scripted story, played by the real program and printed."""

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from bot.cli.common import settings_with_logs
from bot.deployment_file import read_deployment
from bot.story import play

STORY = Path(__file__).parents[1] / "stories" / "demo.txt"
#: the deployment that comes along, wherever the demo is started
OURS = Path(__file__).parents[2] / "deployments" / "sekadau.yaml"
STYLES = {"Kanal": "blue", "--": "dim", "#": "bold"}


def demo() -> None:
    """Print a story that the program plays now, on an empty database of its own."""
    settings = settings_with_logs()
    is_chosen = "deployment" in settings.model_fields_set or settings.deployment.exists()
    deployment = read_deployment(settings.deployment if is_chosen else OURS)
    with tempfile.TemporaryDirectory() as folder:
        told = asyncio.run(play(STORY.read_text(encoding="utf-8"), deployment, Path(folder)))
    console = Console(highlight=False)
    for line in told.split("\n"):
        if line.startswith(("at:", "actors:")):  # says how to play it again
            continue
        style = next((style for start, style in STYLES.items() if line.startswith(start)), "")
        console.print(Text(line, style=style), soft_wrap=True)
