"""Reports as records that another program reads: everything an operator needs to leave us, or to feed LAPOR's form."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from handlers.cases.lifecycle import OFFICIAL
from handlers.cases.numbers import show
from handlers.measured import instants, scope_of
from handlers.messages import Made
from handlers.service import Service
from storage.db import UnitOfWork
from storage.queries import exports
from storage.queries.exports import Happened, Whole
from storage.vocabulary import CaseState


def records(uow: UnitOfWork, service: Service, made: Made) -> Iterator[dict[str, Any]]:
    """Yield each report of the time with its case, ready for JSON: what was written too, never by whom.

    Codes are those of the deployment file, with what they are called beside them; times are local ones with their
    offset.
    """
    for whole in exports.list_whole(uow, scope_of(made), *instants(service, made)):
        yield _record(service, made, whole)


def _record(service: Service, made: Made, whole: Whole) -> dict[str, Any]:
    deployment = service.deployment
    category = deployment.category_by_code.get(whole.category_code)
    code = whole.agency_code if whole.disposed_at else None  # before that an agency is only proposed
    agency = deployment.agency_by_code.get(code or "")
    area = deployment.area_by_code.get(whole.area_code or "")
    plain = {name: _plain(service, getattr(whole, name)) for name in Whole.__slots__}
    return plain | {
        "number": show(deployment.number, whole.number),
        "occurred_on": plain["occurred_on"] if whole.is_day_told else None,
        "parent_number": show(deployment.number, whole.parent_number) if whole.parent_number else None,
        "state_official": OFFICIAL[CaseState(whole.state)],
        "category_name": category.name[made.language] if category else None,
        "agency_code": code,
        "agency_name": agency.name if agency else None,
        "area_name": area.name if area else None,
        "location": _location(whole.location),
        "events": [_event(service, one) for one in whole.events],
        "stars": list(whole.stars),
        "files": [{"kind": kind, "media_type": media_type} for kind, media_type in whole.files],
    }


def _event(service: Service, one: Happened) -> dict[str, Any]:
    said = {name: value for name, value in one.data.items() if name != "salt"}
    return {"at": _plain(service, one.at), "kind": one.kind, "by": one.actor_kind, "data": said}


def _location(location: str) -> dict[str, float] | None:
    if not location:
        return None
    lat, lon = map(float, location.split(","))
    return {"lat": lat, "lon": lon}


def _plain(service: Service, value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(service.deployment.zone).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            return value
