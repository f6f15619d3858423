"""Posters: the code on one tells where it hangs, so that whoever scans it need not say so."""

from dataclasses import replace

from handlers.conversation.flows.report import needs_place
from handlers.conversation.places import Found
from handlers.conversation.progress import Draft
from handlers.conversation.setting import Setting
from handlers.deployment import Deployment

#: begins the payload of a deep link, which has room for A-Z a-z 0-9 _ - only (Bot API, "Deep linking")
_PREFIX = "di-"


def payload_of(area_code: str) -> str:
    """Return what a deep link carries of an area: "di-6109012001"."""
    return _PREFIX + area_code.replace(".", "")


def area_of(payload: str, deployment: Deployment) -> str | None:
    """Return the code of the area that a deep link carries; None: none that is known here."""
    return next((area.code for area in deployment.areas if payload_of(area.code) == payload), None)


def placed(draft: Draft, scanned: str | None, setting: Setting) -> Draft:
    """Return the draft with the area of the poster, where its words name no place at all."""
    if scanned is None or draft.area_code or draft.area_options or draft.location or not needs_place(draft):
        return draft
    names_none = setting.knowledge.gazetteer.find(draft.description).found is Found.NONE
    is_known = scanned in setting.knowledge.deployment.area_by_code
    return replace(draft, area_code=scanned) if names_none and is_known else draft
