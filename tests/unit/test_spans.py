"""Months, years and weeks that officers name for figures, without days."""

from datetime import date

import pytest

from handlers.officers.days import find_span

#: a Monday
TODAY = date(2026, 8, 3)


@pytest.mark.parametrize(
    ("text", "since", "until"),
    [
        ("PUPR juli", "2026-07-01", "2026-07-31"),
        ("Agt", "2026-08-01", "2026-08-31"),
        ("desember", "2025-12-01", "2025-12-31"),
        ("februari 2024", "2024-02-01", "2024-02-29"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("bulan ini", "2026-08-01", "2026-08-31"),
        ("bulan lalu", "2026-07-01", "2026-07-31"),
        ("minggu lalu", "2026-07-27", "2026-08-02"),
        ("this week", "2026-08-03", "2026-08-09"),
        ("tahun kemarin", "2025-01-01", "2025-12-31"),
        ("last month", "2026-07-01", "2026-07-31"),
    ],
)
def test_a_span(text: str, since: str, until: str) -> None:
    """A month alone is the last one that has begun."""
    found = find_span(text, TODAY)
    assert found is not None
    assert (found.since.isoformat(), found.until.isoformat()) == (since, until)


@pytest.mark.parametrize("text", ["12 juli", "kecamatan", "minggu", "desa", "2026-07-01", "12-14 Maret"])
def test_no_span(text: str) -> None:
    """Days with their numbers are read elsewhere; other words are none."""
    assert find_span(text, TODAY) is None
