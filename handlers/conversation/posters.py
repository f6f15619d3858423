"""Posters: the code on one (`handlers/deep_links.py`) tells where it hangs, so that who scans it need not say so."""

from dataclasses import replace

from handlers.conversation.flows.order import needs_place
from handlers.conversation.places import Found
from handlers.conversation.progress import Draft
from handlers.conversation.setting import Setting


def placed(draft: Draft, scanned: str | None, setting: Setting) -> Draft:
    """Return the draft with the area of the poster, where its words name no place at all."""
    if scanned is None or draft.area_code or draft.area_options or draft.location or not needs_place(draft):
        return draft
    names_none = setting.knowledge.gazetteer.find(draft.description).found is Found.NONE
    is_known = scanned in setting.knowledge.deployment.area_by_code
    return replace(draft, area_code=scanned) if names_none and is_known else draft
