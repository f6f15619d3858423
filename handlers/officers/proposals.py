"""What is likely: where a report goes, with which other it belongs, whom a name means, which number was meant."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from rapidfuzz import fuzz, process, utils
from stdnum import damm

from handlers.conversation.flows.facts import area_name
from handlers.conversation.spelling import standard_words
from handlers.deployment_parts import NumberFormat
from handlers.messages import Reply
from handlers.officers import advice_wording, wording
from handlers.officers.access import Act, may, reach_of
from handlers.officers.notices import Roster
from handlers.officers.seat import Seat
from storage.queries import desks, dossiers, officers
from storage.queries.handling import CaseRow
from storage.queries.officers import OfficerRow
from storage.vocabulary import AreaLevel, ReportType

#: offered at once
AGENCIES, PARENTS, NUMBERS = 3, 3, 4
#: reports of the same trouble come within so many days, known pairs within seven
TOGETHER = timedelta(days=30)
#: how like a name must be
_LIKE = 80


# --- agencies ---


@dataclass(frozen=True, slots=True)
class Proposal:
    code: str
    why: str


def agencies_for(seat: Seat, case: CaseRow) -> list[Proposal]:
    """Return where a report may go, likeliest first, each with its reason; bodies outside as well."""
    deployment = seat.service.deployment
    if case.type is ReportType.OVERSIGHT:
        name = deployment.category_by_code[case.category_code].name[seat.voice.language]
        return [Proposal(deployment.integrity.agency, seat.voice.text(wording.WHY_CATEGORY, category=name))]
    found: dict[str, str] = {}
    for code, why in _reasons(seat, case):
        agency = deployment.agency_by_code.get(code)
        is_there = case.disposed_at is not None and code == case.agency_code
        if agency and not is_there and code != case.accused_agency_code:
            found[code] = f"{found[code]}; {why}" if code in found else why
    likely = list(found.items())[:AGENCIES]
    return [Proposal(code, f"{why}{_if_empty(seat, case, code)}") for code, why in likely]


def _if_empty(seat: Seat, case: CaseRow, code: str) -> str:
    return f"; {seat.voice.text(advice_wording.WHY_NOT)}" if is_empty(seat, case, code) else ""


def is_empty(seat: Seat, case: CaseRow, code: str) -> bool:
    """Tell whether nobody of an agency of this government would hear that it has a case."""
    if seat.service.deployment.agency_by_code[code].is_outside:
        return False
    there = replace(case, agency_code=code, disposed_at=seat.now, officer_id=None)
    return not Roster(seat.uow, seat.today).holders(there)


def _reasons(seat: Seat, case: CaseRow) -> Iterator[tuple[str, str]]:
    """Yield agencies and reasons: the table of categories, the words of the text, what was done before."""
    voice, categories = seat.voice, seat.service.deployment.category_by_code
    category = categories[case.category_code]
    if category.agency:
        yield category.agency, voice.text(wording.WHY_CATEGORY, category=category.name[voice.language])
    for code, times in desks.count_dispositions(seat.uow, case.category_code):
        yield code, voice.text(wording.WHY_BEFORE, count=times)
    told = dossiers.get_story(seat.uow, case.report_id)
    for code in seat.service.knowledge.classifier.topics(told.description):
        spoken_of = categories[code]
        if spoken_of.agency and code != case.category_code:
            yield spoken_of.agency, voice.text(wording.WHY_WORDS, category=spoken_of.name[voice.language])
    yield from _of_district(seat, case)


def _of_district(seat: Seat, case: CaseRow) -> Iterator[tuple[str, str]]:
    """Yield the office that is named after the district."""
    areas = seat.service.deployment.area_by_code
    area = areas.get(case.area_code or "")
    if area is not None and area.level is AreaLevel.VILLAGE:
        area = areas.get(area.parent_code or "")
    if area is not None and area.level is AreaLevel.DISTRICT:
        for agency in seat.service.deployment.agencies:
            if agency.name.endswith(f" {area.name}"):
                yield agency.code, seat.voice.text(wording.WHY_DISTRICT, area=area.name)


# --- parents ---


def parents_for(seat: Seat, case: CaseRow) -> list[desks.Told]:
    """Return open reports of the same place and category, most alike first: these may be about the same."""
    if case.area_code is None:
        return []
    words = _words(dossiers.get_story(seat.uow, case.report_id).description)
    alike = desks.list_alike(seat.uow, case, TOGETHER)
    near = [one for one in alike if may(seat.officer, Act.LOOK, one.case)]
    near.sort(key=lambda one: -fuzz.token_set_ratio(words, _words(one.description)))
    return near[:PARENTS]


def doubt_about_agency(seat: Seat, case: CaseRow, code: str) -> Reply | None:
    """Return that nobody of an agency would hear of it, while the reporter is promised a day; None: somebody would."""
    agency = seat.service.deployment.agency_by_code.get(code)
    if agency is None or not is_empty(seat, case, code):
        return None
    return seat.say(advice_wording.EMPTY_AGENCY, agency=agency.short_name)


def doubt_about_parent(seat: Seat, case: CaseRow, parent: CaseRow) -> Reply | None:
    """Return what makes it unlikely that two reports are about the same; None: nothing does."""
    is_elsewhere = case.area_code and parent.area_code and case.area_code != parent.area_code
    if case.category_code == parent.category_code and not is_elsewhere:
        return None
    deployment, voice = seat.service.deployment, seat.voice
    return seat.say(
        advice_wording.ANOTHER_MATTER,
        number=seat.number(parent),
        category=deployment.category_by_code[parent.category_code].name[voice.language],
        area=area_name(parent.area_code, deployment, voice) if parent.area_code else deployment.name,
    )


def _words(text: str) -> str:
    return " ".join(standard_words(text))


# --- people ---


def colleagues_of(seat: Seat, case: CaseRow) -> list[OfficerRow]:
    """Return who else can have a case."""
    listed = officers.list_active(seat.uow, tuple({seat.officer.role}), seat.officer.agency_code)
    if seat.officer.agency_code is None:
        listed = officers.list_active(seat.uow, tuple(type(seat.officer.role)))
    return [one for one in listed if one.id != seat.officer.id and may(one, Act.TAKE, case)]


def find_person(text: str, among: list[OfficerRow]) -> list[OfficerRow]:
    """Return whom an id or a name means: one, several, or nobody."""
    by_id = [one for one in among if text.strip() == str(one.id)]
    if by_id:
        return by_id
    names = {one.id: one.name for one in among}
    near = process.extract(
        text, names, scorer=fuzz.token_set_ratio, processor=utils.default_process, score_cutoff=_LIKE
    )
    best = {key for _, score, key in near if score == near[0][1]}
    return [one for one in among if one.id in best]


# --- numbers ---


def numbers_like(seat: Seat, digits: str) -> list[str]:
    """Return numbers of open cases of this officer that a slip of one digit makes out of this one."""
    reach = reach_of(seat.officer)
    if reach is None:
        return []
    likely = set(_one_slip_away(seat.service.deployment.number, digits))
    return desks.find_numbers(seat.uow, reach, likely, NUMBERS) if likely else []


def _one_slip_away(form: NumberFormat, digits: str) -> Iterator[str]:
    """Yield right numbers that differ by a digit: another one, one too many, one missing, two swapped."""
    length = len(digits)
    if abs(length - form.digits) > 1:
        return
    every = "0123456789"
    slips = [digits[:at] + other + digits[at + 1 :] for at in range(length) for other in every]
    slips += [digits[:at] + digits[at + 1 :] for at in range(length)]
    slips += [digits[:at] + other + digits[at:] for at in range(length + 1) for other in every]
    slips += [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(length - 1)]
    yield from (slip for slip in slips if len(slip) >= form.digits and damm.is_valid(slip))
