"""Every text for SMS at its longest: plain letters, one part where it can be, three at the most."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from handlers import feedback_wording, report_wording
from handlers.cases.numbers import GROWTH, show
from handlers.conversation.flows import questions
from handlers.conversation.flows.facts import area_label, area_name, in_brief
from handlers.conversation.places import Found
from handlers.conversation.progress import Draft, Step
from handlers.conversation.recall import MISSING
from handlers.conversation.setting import Setting
from handlers.conversation.talk import emergency_numbers
from handlers.i18n import Field, Phrase, Voice
from handlers.messages import Choice
from handlers.officers import advice_wording, cards_wording, joining_wording, looking_wording
from handlers.officers import wording as officers_wording
from handlers.sms_length import MAX_PARTS, count_parts, to_gsm
from handlers.which import OFFERED
from storage.vocabulary import Channel, Language
from tests.deployment import sekadau
from tests.talk import Talk, knowledge
from tests.wordings import modules

#: their texts list things, or show a whole text
OFFICERS = (officers_wording, looking_wording, advice_wording)
PHRASES = {
    name: phrase
    for module in modules()
    if module not in OFFICERS
    for name, phrase in vars(module).items()
    if isinstance(phrase, Phrase)
}
#: these name all that can be chosen, or several reports, or tell a number to call in danger: two parts may be needed
LONGER = {"ASK_PLACE_AGAIN", "ASK_DISTRICT", "OUTSIDE", "ASK_WHICH_AREA", "ASK_EDIT", "MY_REPORTS"} | {
    "ASK_WHICH_OF_PLACES",
    "DATA_COUNTED",
    "NOTICE",
}
#: an officer's words go in whole
LONGER |= {name for name, phrase in PHRASES.items() if "{words}" in phrase.sms} | {"SOLUTION", "LAST_NEWS"}
#: of a report among others
_LEFT = (cards_wording.LATE_SHORT, cards_wording.LEFT_SHORT, cards_wording.TODAY_SHORT)
#: the longest short form of a date: "Wed 30/09"
LONGEST_DAY = date(2026, 9, 30)


def _setting(language: Language) -> Setting:
    voice = Voice(language, sekadau().zone, sekadau().time_zone_label)
    return Setting(knowledge(), voice, Channel.SMS, LONGEST_DAY, "draft")


def _longest(texts: Iterator[str]) -> str:
    return max(texts, key=len)


def _fields(setting: Setting) -> dict[str, Field]:
    """Every field a text for SMS has room for, at its longest; those of chats alone are empty."""
    deployment, voice, language = sekadau(), setting.voice, setting.voice.language
    number = show(deployment.number, "9" * (deployment.number.digits + GROWTH))
    state = _longest(voice.text(word) for word in report_wording.STATE_WORDS.values())
    labels = (area_label(area.code, deployment, voice) for area in deployment.areas)
    return {
        "service": deployment.service_name[language],
        "contact": deployment.human_contact[language],
        "numbers": emergency_numbers(setting),
        "helpline": _longest(line.number for line in deployment.emergency.helplines),
        **dict.fromkeys(("line", "others"), ""),
        "calls": "/".join(entry.number for entry in deployment.emergency.numbers),
        "agency": "M" * 20,  # as long as the deployment file lets a short name be
        "regency": deployment.name,
        "area": _longest(labels),
        "brief": _brief(setting),
        "number": number,
        "example": number,
        "state": state,
        "filed": LONGEST_DAY,
        "due": LONGEST_DAY,
        "until": LONGEST_DAY,
        "missing": _longest(voice.text(label) for label in MISSING.values()),
        "next": _longest(
            voice.sms(phrase.sms, agency="M" * 20, due=LONGEST_DAY, day=99, days=99)
            for name, phrase in PHRASES.items()
            if name.startswith("NEXT_")
        ),
        "at": LONGEST_DAY,
        "news": "M" * deployment.answers.max_chars,
        "lines": ", ".join([f"{number} {state}"] * 4),
        "reports": ", ".join([number] * 4),
        "length": 100_000,
        "limit": deployment.intake.max_chars,
        "count": 99,
        "position": 99,
        "controller": deployment.controller,
        "category": _longest(category.name[language] for category in deployment.categories),
        "left": 99,
        "late": 99,
        "identity": deployment.retention.identity_months,
        "months": deployment.retention.text_months,
        "digits": 6,
        "code": "999999",
        "minutes": 60,
        "days": 99,
        "post": _longest(_posts(voice)),
        **dict.fromkeys(("name", "sees"), ""),
        "day": LONGEST_DAY,
        "words": "M" * deployment.answers.max_chars,
        "finding": "M" * (deployment.answers.max_chars // 2),
        "action": "M" * (deployment.answers.max_chars // 2),
        "why": max((reason.told[language] for reason in deployment.archive_reasons), key=len),
        "outside": "9" * 10,
        "month": "September 2026",
        "ombudsman": "M" * 20,  # as above
        "years": "2026, 2027",
        **dict.fromkeys(("today", "soon", "new", "confirmed", "silence", "open"), 999),
        "first": voice.text(cards_wording.EMERGENCY_SHORT, due=_longest(_left(voice))),
        **dict.fromkeys(("text", "facts", "about", "media", "hours", "parts", "since", "month_before"), ""),
        **dict.fromkeys(("settled", "in_time", "reopened", "agencies", "categories"), ""),
        **{f"{name}_before": "" for name in ("filed", "settled", "confirmed", "silence", "in_time")},
    }


def _left(voice: Voice) -> Iterator[str]:
    return (voice.text(phrase, late=99, left=99) for phrase in _LEFT)


def _brief(setting: Setting) -> str:
    """The facts of a draft whose topic and village have the longest names."""
    deployment = setting.knowledge.deployment
    longest = max(deployment.categories, key=lambda category: len(category.name[setting.voice.language]))
    village = max(deployment.areas, key=lambda area: len(area_name(area.code, deployment, setting.voice)))
    draft = Draft("d", "x", category=longest.code, area_code=village.code)
    days = {"occurred_on": LONGEST_DAY, "is_ongoing": True}, {"impossible_day": "31 September"}
    return _longest(in_brief(replace(draft, **day), setting) for day in days)


def _posts(voice: Voice) -> Iterator[str]:
    """Every post an officer may have; its agency is "M" twenty times."""
    for role in joining_wording.ROLES.values():
        post = voice.text(joining_wording.POST_OF_AGENCY, role=voice.text(role), agency="M" * 20)
        yield voice.text(joining_wording.DEPUTY, post=post)


def _choices(name: str, setting: Setting) -> tuple[Choice, ...]:
    """The longest list of choices that a text names."""
    match name:
        case "ASK_WHICH":
            number = show(sekadau().number, "9" * (sekadau().number.digits + GROWTH))
            return (Choice(number, "1"),) * OFFERED
        case "ADD_OR_NEW" | "APPEAL_OR_NEW" | "SENT_OR_DRAFT" | "WHICH_OR_NEW":
            return _with_other(name, setting)
        case "ASK_EDIT":
            return questions.ask(Step.EDIT, Draft("d", "x"), setting, 0).choices
        case "ASK_WHICH_AREA" | "ASK_WHICH_OF_PLACES":
            lists = (questions.ask(Step.WHICH_AREA, draft, setting, 0).choices for draft in _ambiguous())
            return max(lists, key=lambda choices: sum(len(choice.label) for choice in choices))
        case _:
            return questions.which_district(setting).choices


def _with_other(name: str, setting: Setting) -> tuple[Choice, ...]:
    """One report, or as many as are offered, and what is none of them."""
    number = show(sekadau().number, "9" * (sekadau().number.digits + GROWTH))
    labels = {
        "ADD_OR_NEW": (feedback_wording.ADDITION, feedback_wording.NEW_REPORT),
        "APPEAL_OR_NEW": (feedback_wording.APPEAL, feedback_wording.NEW_REPORT),
        "SENT_OR_DRAFT": (number, feedback_wording.BEING_WRITTEN),
        "WHICH_OR_NEW": (number, number, number, feedback_wording.NEW_REPORT),
    }
    return tuple(Choice(setting.voice.text(label), "x") for label in labels[name])


def _ambiguous() -> Iterator[Draft]:
    """Drafts whose place may be several, for every name and every word of a name."""
    deployment = sekadau()
    names = {*deployment.places.nicknames, *(area.name for area in deployment.areas)}
    for name in sorted(names.union(*(name.split() for name in names))):
        match = knowledge().gazetteer.find(f"desa {name}")
        if match.found is Found.AMBIGUOUS:
            yield Draft("d", "x", area_options=match.codes)


def _said(name: str, language: Language) -> str:
    setting = _setting(language)
    return setting.voice.reply(PHRASES[name], _fields(setting), choices=_choices(name, setting)).short


@pytest.mark.parametrize(("name", "language"), list(product(PHRASES, Language)))
def test_longest(name: str, language: Language) -> None:
    """At its longest a text is plain, and fits one part where it can, three at the most."""
    text = _said(name, language)
    assert to_gsm(text) == text
    assert count_parts(text) <= (MAX_PARTS if name in LONGER else 1), f"{len(text)}: {text}"


def _phrases_of_officers() -> Iterator[tuple[str, Phrase]]:
    for module in OFFICERS:
        for name, value in vars(module).items():
            if isinstance(value, Phrase):
                yield name, value
            elif isinstance(value, dict):
                yield from (
                    (f"{name}[{key}]", phrase) for key, phrase in value.items() if isinstance(phrase, Phrase)
                )


@pytest.mark.parametrize(
    ("phrase", "language"),
    [
        pytest.param(phrase, language, id=f"{name}-{language}")
        for name, phrase in _phrases_of_officers()
        for language in Language
    ],
)
def test_officers_longest(phrase: Phrase, language: Language) -> None:
    """What officers read by SMS is plain, and fits one part unless it lists something or shows a whole text."""
    setting = _setting(language)
    voice = setting.voice
    deeds = [voice.text(deed) for deed in officers_wording.DEEDS.values()]
    fields = _fields(setting) | {
        "digits": "9" * (sekadau().number.digits + GROWTH),
        "shown": "9" * 30,
        "options": "M" * 80,
        "lines": "M" * 250,
        "period": "M" * 60,
        "name": "M" * 30,
        "deed": _longest(iter(deeds)),
        "possible": "BUKANWEWENANG, KEMBALIKAN, VERIFIKASI, PERPANJANG",
        "command": "bukanwewenang",
        "who": voice.text(advice_wording.ANOTHER_COORDINATOR),
        "word": "M" * 60,
        "deputy": "M" * 60,
        "code": "MMMMM-MMMMM",
        "parts": 3,
        "least": 40,
        "names": "M" * 60,
        **dict.fromkeys(("new", "waiting", "late"), 999),
        "hours": 720,
        "since": LONGEST_DAY,
    }
    # "due" is a day elsewhere, here a number as well; both are no longer than this
    text = voice.sms(phrase.sms, **fields)
    is_list = any(f"{{{field}}}" in phrase.sms for field in ("words", "lines", "options"))
    assert to_gsm(text) == text
    assert count_parts(text) <= (MAX_PARTS if is_list else 1), f"{len(text)}: {text}"


@pytest.mark.parametrize("language", Language)
def test_help_between_questions(language: Language) -> None:
    """A question asked again behind the longest remark still fits three parts."""
    for name in PHRASES:
        if name.startswith(("ASK_", "OUTSIDE", "SUMMARY")):
            both = f"{_said('HELP', language)} {_said(name, language)}"
            assert count_parts(both) <= MAX_PARTS, f"{len(both)}: {both}"


def test_all_kecamatan() -> None:
    """Who does not know the place gets every kecamatan with a number, and the way out."""
    talk = Talk(Channel.SMS)
    talk.says("lampu jalan mati", "di situ")
    assert all(f"{number} " in talk.said for number in range(1, 9))
    assert count_parts(talk.said) <= 2


@pytest.mark.parametrize("language", Language)
def test_longest_answer(language: Language) -> None:
    """The longest answer, with its day and the address of a picture, still fits three parts."""
    setting = _setting(language)
    solution = setting.voice.reply(PHRASES["SOLUTION"], _fields(setting)).short
    fields = {**_fields(setting), "words": solution}
    address = "Foto: https://lapor.sekadaukab.go.id/f/" + "A" * 32
    text = f"{setting.voice.reply(PHRASES['ANSWERED'], fields).short} {address}"
    assert count_parts(text) <= MAX_PARTS, f"{len(text)}: {text}"
