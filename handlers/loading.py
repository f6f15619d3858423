"""Loads a deployment: the rows that reports refer to, and the whole of it for the processes to read."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from handlers.deployment import Deployment
from storage.db import UnitOfWork
from storage.queries import deployment as queries
from storage.queries.deployment import Change


def load_deployment(uow: UnitOfWork, deployment: Deployment, now: datetime) -> Sequence[Change]:
    """Make the database hold this deployment and return what changed.

    Raises StillUsed when something is gone that reports refer to; the caller rolls back.
    """
    agencies = {agency.code: {"name": agency.name} for agency in deployment.agencies}
    categories = {category.code: {"agency_code": category.agency} for category in deployment.categories}
    areas = {
        area.code: {"level": area.level.value, "name": area.name, "parent_code": area.parent_code}
        for area in sorted(deployment.areas, key=lambda area: len(area.code))
    }
    queries.detach_categories(uow, list(agencies))
    changes = [
        queries.sync_agencies(uow, agencies),
        queries.sync_categories(uow, categories),
        queries.sync_areas(uow, areas),
    ]
    content = dump_deployment(deployment)
    queries.save_loaded(uow, content, fingerprint(content), now)
    return changes


def dump_deployment(deployment: Deployment) -> str:
    return deployment.model_dump_json()


def fingerprint(content: str) -> str:
    """Return the hash by which a file is seen to differ from what is loaded."""
    return hashlib.sha256(content.encode()).hexdigest()
