"""GET /health/… and /metrics: who watches the machine asks it straight."""

import httpx
import pytest

from bot.metrics import Metrics
from bot.web.app import build_web
from bot.web.health import health_routes
from bot.web.pages import Pages
from handlers.service import Service
from storage.db import Database


@pytest.mark.parametrize("header", ["X-Forwarded-For", "x-forwarded-proto", "Forwarded", "Via", "X-Real-IP"])
async def test_metrics_are_not_for_the_public(loaded: Database, service: Service, header: str) -> None:
    """Through a proxy they are not there; whether we live may be known."""
    web = build_web(health_routes(loaded, Metrics()), Pages(service))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(web), base_url="http://10.0.0.7:8080"
    ) as client:
        assert "kanal_" in (await client.get("/metrics")).text
        assert (await client.get("/metrics", headers={header: "203.0.113.9"})).status_code == 404
        assert (await client.get("/health/ready", headers={header: "203.0.113.9"})).status_code == 200
