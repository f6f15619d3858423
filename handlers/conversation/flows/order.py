"""The order of the questions that make a report: which one comes next, and which may be passed over."""

from collections.abc import Callable

from handlers.conversation.flows.facts import helpline_for
from handlers.conversation.progress import Draft, Step
from handlers.conversation.setting import Setting
from storage.vocabulary import AreaLevel, ReportType

#: may be answered with LEWATI
OPTIONAL = frozenset({Step.CONSENT, Step.DETAIL, Step.LANDMARK, Step.PHOTOS, Step.PRIVACY, Step.NAME})


def is_optional(step: Step, draft: Draft) -> bool:
    if step is Step.DESCRIPTION:
        return bool(draft.description)  # gone back to: it may stay as it is
    if step is Step.PLACE:
        return not needs_place(draft) or draft.is_integrity
    return step in OPTIONAL


def needs_place(draft: Draft) -> bool:
    """A place is a must for complaints only (docs/rules.md, Fields)."""
    return draft.type in (ReportType.COMPLAINT, ReportType.OVERSIGHT)


def next_step(draft: Draft, setting: Setting) -> Step:
    """Return the first question that is still worth asking."""
    return next((step for step, is_missing in _MISSING if is_missing(draft, setting)), Step.SUMMARY)


def _lacks_place(draft: Draft, _setting: Setting) -> bool:
    return needs_place(draft) and draft.area_code is None and Step.PLACE not in draft.done


def _lacks_landmark(draft: Draft, setting: Setting) -> bool:
    """A district alone wants a village; a village wants a landmark, unless each message costs money."""
    if not needs_place(draft) or draft.area_code is None or Step.LANDMARK in draft.done or draft.is_integrity:
        return False
    if draft.location or helpline_for(draft.description, setting):  # who is hurt need not say where exactly
        return False
    if setting.knowledge.deployment.area_by_code[draft.area_code].level is AreaLevel.DISTRICT:
        return True
    return not draft.is_pinpointed and not setting.is_brief


def _lacks_detail(draft: Draft, setting: Setting) -> bool:
    """Ask once for more where too little is told to act on; a word ("jalan") is, wherever it is. Danger cannot wait."""
    told = len(draft.description) + len(draft.place)
    is_little = len(draft.description.split()) == 1 or told < setting.knowledge.deployment.intake.min_chars
    return is_little and not draft.is_emergency and Step.DETAIL not in draft.done


def _is_puzzling(draft: Draft, setting: Setting) -> bool:
    """A short text in which neither topic nor place was recognised: what it is about comes before where it is."""
    is_known = draft.category not in (None, setting.knowledge.deployment.other_category)
    if (
        is_known
        or draft.is_emergency
        or draft.area_code
        or draft.area_options
        or draft.location
        or Step.DETAIL in draft.done
    ):
        return False
    return len(draft.description) < 2 * setting.knowledge.deployment.intake.min_chars


def _lacks_photos(draft: Draft, setting: Setting) -> bool:
    is_question = draft.type is ReportType.INFORMATION and not draft.attachments
    is_wanted = not setting.is_brief and not is_question and not draft.is_emergency
    return is_wanted and Step.PHOTOS not in draft.done


def _lacks_privacy(draft: Draft, setting: Setting) -> bool:
    """Hidden is the default; in danger, or where each message costs money, it is not asked about."""
    return Step.PRIVACY not in draft.done and not setting.is_brief and not draft.is_emergency


_MISSING: tuple[tuple[Step, Callable[[Draft, Setting], bool]], ...] = (
    (Step.CONSENT, lambda draft, _: draft.is_on_behalf and Step.CONSENT not in draft.done),
    (Step.DESCRIPTION, lambda draft, _: not draft.description),
    (Step.DETAIL, _is_puzzling),
    (
        Step.WHICH_AREA,
        lambda draft, _: bool(draft.area_options) and not draft.area_code and needs_place(draft),
    ),
    (Step.PLACE, _lacks_place),
    (Step.LANDMARK, _lacks_landmark),
    (Step.DETAIL, _lacks_detail),
    (Step.PHOTOS, _lacks_photos),
    (Step.PRIVACY, _lacks_privacy),
    (Step.NAME, lambda draft, _: not draft.is_anonymous and not draft.name and Step.NAME not in draft.done),
)
