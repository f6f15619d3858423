"""The reference deployment, read once for all tests."""

from functools import cache
from pathlib import Path

from bot.deployment_file import read_deployment
from handlers.deployment import Deployment

SEKADAU = Path(__file__).parents[1] / "deployments" / "sekadau.yaml"


@cache
def sekadau() -> Deployment:
    return read_deployment(SEKADAU)
