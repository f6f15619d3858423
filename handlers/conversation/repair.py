"""Repair in passing: corrections, answers to questions not asked yet, and questions asked back.

All pure: from what stands and what is said to what changes, or None where the message means something else.
"""

import re
from dataclasses import dataclass, replace
from itertools import islice

from handlers import report_wording, wording
from handlers.conversation.choosing import protection_said
from handlers.conversation.dates import find_impossible, find_when
from handlers.conversation.flows import questions
from handlers.conversation.flows.facts import absorb, noted_anew, privacy_words, with_place_and_day
from handlers.conversation.flows.names import read_name
from handlers.conversation.flows.report import Accepted, Answer, accept, done, with_place_words
from handlers.conversation.phrasebook import Word
from handlers.conversation.places import Found, has_landmark
from handlers.conversation.progress import Draft, Step
from handlers.conversation.setting import Setting
from handlers.conversation.talk import say, shielded
from handlers.conversation.words import read_command
from handlers.i18n import Phrase
from handlers.messages import Reply

#: steps whose own answer may well begin with "bukan" or be a date, or that are about the conversation itself
_OWN_WAY = frozenset(
    {
        *(Step.DESCRIPTION, Step.PLACE, Step.WHICH_AREA, Step.POINT, Step.WHEN, Step.CATEGORY, Step.NAME),
        *(Step.DISCARD, Step.RESUME),
    }
)
#: of those, at which "rahasia" alone is no answer
_NO_PROBLEM = frozenset({Step.DESCRIPTION, Step.PLACE})
_CORRECTION = re.compile(
    r"^(?:eh+|oh|maaf|mohon maaf|ralat|koreksi|salah|keliru|bukan|maksud(?:nya| saya)?|"
    r"sorry|correction|i mean|actually|no)\b"
)
#: what is taken back: "bukan mungguk", "not mungguk but"
TAKEN_BACK = re.compile(
    r"\b(?:bukan|not)\s+(?:di\s+|in\s+)?\w+(?:\s+\w+)?(?=\s*(?:,|;|tapi|tetapi|melainkan|but|$))",
    re.IGNORECASE,
)
_FEW_WORDS = 5
_MANY_WORDS = 10


@dataclass(frozen=True, slots=True)
class Repaired:
    draft: Draft
    #: says what has changed, and nothing else
    note: Reply


def correct(step: Step, draft: Draft, text: str, setting: Setting) -> Repaired | None:
    """Take "eh bukan mungguk, sungai ringin": the newest word on place, time or topic counts."""
    said = text.lower().strip()
    if step in _OWN_WAY or not draft.description or not _CORRECTION.match(said):
        return None
    meant = TAKEN_BACK.sub(" ", said)
    place, when = setting.knowledge.gazetteer.find(meant), find_when(meant, setting.today)
    fresh = with_place_and_day(draft, place, when)
    reading = setting.knowledge.classifier.read(meant)
    if fresh == draft and reading.is_sure and not draft.is_integrity:
        fresh = replace(fresh, category=reading.category)
    return None if fresh == draft else repaired(wording.CORRECTED, draft, fresh, setting)


def repaired(phrase: Phrase, before: Draft, after: Draft, setting: Setting) -> Repaired:
    """Return a change with what it says: what is understood anew, or that something was added."""
    facts = noted_anew(before, after, setting)
    return Repaired(
        after, say(setting, phrase, facts=facts) if facts else say(setting, wording.ADDED_TO_DRAFT)
    )


def answer_early(step: Step, draft: Draft, text: str, setting: Setting) -> Repaired | None:
    """Take a short answer to a question that is not open: a day, a landmark, or who may know."""
    if step in _OWN_WAY and step not in _NO_PROBLEM:
        return None
    value = protection_said(text)
    if value is None and len(text.split()) > _FEW_WORDS:
        return None
    if value is None and step not in _NO_PROBLEM:
        asks = setting.knowledge.classifier.read(text).asks_protection
        value = questions.HIDDEN if asks else None
    # Protection may be raised at any time; lowered only where it is asked about, or the summary shows it.
    is_free = value == questions.HIDDEN or Step.PRIVACY not in draft.done or step is Step.SUMMARY
    if value is not None and step is not Step.PRIVACY and is_free:
        return _protected(draft, value, setting)
    if step in _OWN_WAY:
        return None
    when, is_placed = find_when(text, setting.today), _is_placed(text, setting)
    if is_placed and (step not in _PAST_PLACE or not has_landmark(text)):
        return None
    fresh = with_place_words(draft, text, setting) if is_placed else draft
    if when is not None:
        fresh = replace(fresh, occurred_on=when.on, is_ongoing=when.is_since)
    elif not is_placed and (impossible := find_impossible(text, setting.today)):
        fresh = replace(fresh, impossible_day=impossible)
        return Repaired(fresh, say(setting, report_wording.ODD_DAY, words=impossible))
    elif not is_placed:
        return None
    return repaired(wording.NOTED_TOO, draft, fresh, setting)


#: questions at which words on the place come late
_PAST_PLACE = frozenset({Step.PHOTOS, Step.PRIVACY, Step.SUMMARY})


def _is_placed(text: str, setting: Setting) -> bool:
    return has_landmark(text) or setting.knowledge.gazetteer.find(text).found is not Found.NONE


def _protected(draft: Draft, value: str, setting: Setting) -> Repaired:
    judged = accept(Step.PRIVACY, draft, Answer(value=value), setting)
    if not isinstance(judged, Accepted):
        return Repaired(draft, shielded(setting))
    if value == questions.HIDDEN:
        return Repaired(judged.draft, say(setting, wording.KEPT_SECRET))
    facts = setting.voice.text(privacy_words(judged.draft))
    return Repaired(judged.draft, say(setting, wording.NOTED_TOO, facts=facts))


#: "terbuka saja", and whose name follows or went before
_OPENLY = re.compile(
    r"[\s,.;]*\b(?:(?:di)?buat\s+)?(?:terbuka|open)\b(?:\s+(?:aja|saja|sja|sj|ya)\b)*[\s,.;]*", re.IGNORECASE
)
_CALLED = re.compile(r"(?:nama\s+(?:saya|sy|aku)|atas\s+nama|a\.?n\.?|my\s+name)\b", re.IGNORECASE)
#: where the summary shows next what was understood
_SHOWN_NEXT = frozenset({Step.PRIVACY, Step.NAME, Step.SUMMARY, Step.EDIT})


def named_openly(step: Step, draft: Draft, text: str, setting: Setting) -> Repaired | None:
    """Take a name together with the wish that it be known: "nama saya Budi, terbuka saja"."""
    rest = _OPENLY.sub(" ", text, count=1).strip()
    if step not in _SHOWN_NEXT or rest == text.strip() or not _CALLED.match(rest):
        return None
    name = read_name(rest, setting)
    if name is None:
        return None
    opened = _protected(draft, questions.OPEN, setting)
    if opened.draft is draft:  # of suspected abuse, which stays secret
        return opened
    return replace(opened, draft=done(replace(opened.draft, name=name), Step.NAME))


_ASKED = re.compile(
    r"\?\s*$|\bsiapa$|^(?:apakah|apa|berapa|kapan|siapa|gimana|bagaimana|bgmn|brp|bisa|bisakah|boleh|"
    r"how|who|when|what|is|does|do|will|can|may)\b"
)
_QUESTIONS: tuple[tuple[re.Pattern[str], Phrase], ...] = (
    (re.compile(r"berapa lama|brp lama|kapan (?:di|selesai|ada)|how long|when will"), wording.FAQ_HOW_LONG),
    (
        re.compile(
            r"siapa (?:saja )?(?:yang |yg )?(?:baca|lihat|tahu|tau|terima)|nama saya|nomor saya|rahasia|aman|"
            r"who (?:can )?(?:see|read|know)|my name|my number|safe"
        ),
        wording.FAQ_WHO,
    ),
    (
        re.compile(
            r"siapa (?:kamu|anda|kau|ini)\b|(?:kamu|anda|kau|ini) (?:itu )?siapa\b|"
            r"(?:kamu|anda|ini) (?:bot|robot|manusia)|who (?:are you|is this)|are you (?:a )?(?:bot|robot|human)"
        ),
        wording.FAQ_WHO_ARE_YOU,
    ),
    (
        re.compile(
            r"(?:lewat|via|pakai|pake|by|on|through) (?:wa|whatsapp|whats app|email|e-mail|sms|telepon|"
            r"telpon|telp|facebook|fb|instagram|ig)\b|(?:ada|punya) (?:nomor|no) wa\b"
        ),
        wording.FAQ_HERE,
    ),
    (re.compile(r"bayar|biaya|gratis|pulsa|cost|free|pay\b"), wording.FAQ_COST),
)


def answer_question(text: str, setting: Setting) -> Reply | None:
    """Answer what people ask back about reporting itself; everything else is not for us to guess at."""
    said = text.lower().strip()
    if len(list(islice(said.split(), _MANY_WORDS + 1))) > _MANY_WORDS or not _ASKED.search(said):
        return None
    phrase = next((phrase for pattern, phrase in _QUESTIONS if pattern.search(said)), None)
    if phrase is None or setting.knowledge.classifier.read(text).is_sure:  # "berapa biaya urus ktp?"
        return None
    deployment = setting.knowledge.deployment
    service = deployment.service_name[setting.voice.language]
    return say(setting, phrase, days=deployment.deadlines.check, service=service)


_PART = re.compile(r"^\(?(?P<number>[1-9])/(?P<of>[2-9])\)?[\s:.,-]*(?P<text>.+)", re.DOTALL)


def join_part(draft: Draft, text: str, setting: Setting) -> Draft | None:
    """Put "(2/3) …" where it belongs: some phones send a long SMS as several, and networks deliver in any order."""
    match = _PART.match(text)
    if match is None or match["number"] > match["of"] or (draft.description and not draft.parts):
        return None
    parts = tuple(sorted({**dict(draft.parts), int(match["number"]): match["text"].strip()}.items()))
    joined = " ".join(part for _, part in parts)
    command = read_command(joined, setting.channel)
    if command is not None and command.word is Word.REPORT:
        joined = command.rest
    if not joined or len(joined) > setting.knowledge.deployment.intake.max_chars:
        return None
    fresh = replace(draft, description=joined, described_chars=len(joined), parts=parts)
    return absorb(fresh, joined, setting)
