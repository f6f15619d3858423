"""The words understood at every step, on every channel; and what is said without telling anything.

A word counts as a command when it stands alone, politeness aside: "bantuan" asks for help, "bantuan beras belum
cair" is a complaint. Only LAPOR, TAMBAH, STATUS with a number, and Telegram's slash commands take more words along.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from handlers.conversation.phrasebook import (
    ADDRESSES,
    ALIASES,
    BEFORE_NUMBER,
    CARRIER_STOPS,
    COMMANDS,
    FIELDS,
    FILLERS,
    INSULT_FILLERS,
    NOT_A_REPORT,
    NOT_AN_ADDITION,
    PHRASES_ELSEWHERE,
    REPORT_FILLERS,
    SLASH_EXTRA,
    SMALLTALK,
    SURE,
    SURE_WORDS,
    Smalltalk,
    Word,
)
from storage.vocabulary import Channel, Language

_REPEATED = re.compile(r"(.)\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")
#: marks that sit on letters, and characters that are not seen (joiners, direction marks)
_UNSEEN = frozenset({"Mn", "Me", "Cf"})


#: texts whose reading is remembered, in clear: one message is looked at from a dozen sides, one after the other
LOOKED_AT = 8
#: words whose reading is: people use the same ones again and again
USUAL_WORDS = 4096
_LONGEST_USUAL = 30
_T = TypeVar("_T")


def remembered(look_up: Callable[[str], _T]) -> Callable[[str], _T]:
    """Return a look-up that remembers usual words; what may be somebody's number or key is looked up anew."""
    kept = lru_cache(maxsize=USUAL_WORDS)(look_up)

    def look(word: str) -> _T:
        return kept(word) if len(word) <= _LONGEST_USUAL and word.isalpha() else look_up(word)

    return look


@lru_cache(maxsize=LOOKED_AT)
def fold(text: str) -> str:
    """Return the text as it is compared, never as it is shown: lower case, no accents or punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(part for part in parts if unicodedata.category(part) not in _UNSEEN).casefold()
    return _NOT_WORD.sub(" ", _REPEATED.sub(_letter_once, folded)).strip()


def _letter_once(run: re.Match[str]) -> str:
    is_letter = run[1].isalnum() and not run[1].isdecimal()
    return run[1] if is_letter else run[0]


@dataclass(frozen=True, slots=True)
class Command:
    word: Word
    #: what followed, as typed
    rest: str = ""


_LONGEST_PHRASE = 5
_Table = dict[tuple[str, ...], _T]


def _phrases(listed: Mapping[_T, str], without_meaning: str = "") -> _Table[_T | None]:
    """Return words of phrase → meaning; a phrase of `without_meaning` may stand beside any."""
    table: _Table[_T | None] = {words_of(phrase): None for phrase in without_meaning.split(",") if phrase}
    for meaning, phrases in listed.items():
        table.update({words_of(phrase): meaning for phrase in phrases.split(",")})
    return table


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in their standard spelling."""
    return tuple(word for token in fold(text).split() for word in _standard(token))


@remembered
def _standard(token: str) -> tuple[str, ...]:
    return tuple(ALIASES.get(token, _undoubled(token)).split())


def _undoubled(token: str) -> str:
    """Undo a lingering last letter ("batall", "stopp")."""
    return token[:-1] if len(token) > 3 and token[-1] == token[-2] and token[-1].isalpha() else token


_COMMAND_TABLES = {
    channel: _phrases({**COMMANDS}, FILLERS)
    | _phrases({Word.STOP: CARRIER_STOPS} if channel is Channel.SMS else PHRASES_ELSEWHERE)
    for channel in Channel
}
#: words long enough that one wrong letter leaves no doubt
_LONG_WORDS = (
    *("status", "bantuan", "kembali", "lewati", "tambah", "berhenti", "batalkan", "perbaiki"),
    *("privasi", "rahasia", SURE),
)
_NOT_MISSPELT = frozenset({"tambak", "tambal", "tambat", "statis", "bantahan"})
_SMALLTALK_TABLE = _phrases(SMALLTALK, f"{FILLERS},ok,ya,baik,sip,siap,oh,o")
_INSULT_TABLE = _phrases(
    {Smalltalk.INSULT: SMALLTALK[Smalltalk.INSULT]}, f"{FILLERS},{INSULT_FILLERS},ya,tolong"
)
_SLASH = {
    name: word
    for listed in (
        COMMANDS,
        PHRASES_ELSEWHERE,
        {w: names.replace(" ", ",") for w, names in SLASH_EXTRA.items()},
    )
    for word, names in listed.items()
    for name in (
        *names.split(","),
        "report" if word is Word.REPORT else "",
        "add" if word is Word.ADD else "",
    )
    if name and " " not in name
}


def phrase_table(listed: Mapping[str, str], fillers: str = "") -> dict[tuple[str, ...], str | None]:
    """Return meanings by the words of their phrases, for `read_phrase`; `fillers` mean nothing there, as politeness."""
    return _phrases(listed, f"{FILLERS},{fillers}")


def read_phrase(text: str, table: dict[tuple[str, ...], str | None]) -> str | None:
    """Return what all the words of a short text mean, politeness aside; None unless that is one thing."""
    found = set(_cover(words_of(text), table) or ()) if len(text) <= _LONGEST_COMMAND else set()
    return found.pop() if len(found) == 1 else None


_WISHES = phrase_table({Word.REPORT: "lapor,mengadu,complain,complaint"}, REPORT_FILLERS)

# --- reading ---


@lru_cache(maxsize=LOOKED_AT)
def read_command(text: str, channel: Channel) -> Command | None:
    """Return the command a message is, if it is one."""
    text = unicodedata.normalize("NFC", text).strip()
    if glued := _GLUED.match(text):
        text = f"{glued[0]} {text[glued.end() :]}"
    slash = _SLASH_COMMAND.match(text)
    if slash:
        return _slash_command(slash)
    if len(text) > _LONGEST_COMMAND:
        return _with_rest(text)
    tokens = words_of(text)
    word = _alone(tokens, channel)
    if word:
        return Command(word, _named_along(word, tokens))
    if read_phrase(text, _WISHES):
        return Command(Word.REPORT)
    return _with_number(text) or _with_rest(text)


#: a message longer than this is no bare command
_LONGEST_COMMAND = 80
_GLUED = re.compile(
    r"(?:status|setatus|statu|stts|cek|tambah|lapor|sambung|lepas|cabut|rahasia|buka|banding)(?=(?:[a-z]{2,5}-?)?\d{3})",
    re.IGNORECASE,
)
_SLASH_COMMAND = re.compile(r"/([A-Za-z_]+)(?:@\w+)?(?![^\s:.,])[\s:.,]*(.*)", re.DOTALL)
_FIELD = {name: field for field, names in FIELDS.items() for name in names.split()}
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = " \t\r\n:.,;!-–—=>#*"
#: set off, even a word that may begin a sentence is a command: "LAPOR: ke polisi …"
_MARKS = (":", ".", ",", ";", "!", "#")


def _slash_command(match: re.Match[str]) -> Command | None:
    name, rest = match[1].lower(), match[2].strip()
    word = _SLASH.get(name)
    if word in (Word.LANGUAGE, Word.ERASE):
        return Command(word, _named_along(word, words_of(f"{name} {rest}")))
    if word is None:
        return None if rest else Command(Word.HELP)  # a command that we do not have tells no problem
    return Command(word, rest)


def _cover(tokens: tuple[str, ...], table: _Table[_T | None]) -> list[_T] | None:
    """Return the meanings of the phrases that make up all of the words, or None if a word is left over."""
    meanings: list[_T] = []
    at = 0
    while at < len(tokens):
        lengths = range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1)
        phrase = next((tokens[at : at + n] for n in lengths if tokens[at : at + n] in table), None)
        if phrase is None:
            return None
        meaning = table[phrase]
        if meaning is not None:
            meanings.append(meaning)
        at += len(phrase)
    return meanings


def _alone(tokens: tuple[str, ...], channel: Channel) -> Word | None:
    """Return the word that the message consists of, politeness aside."""
    table = _COMMAND_TABLES[channel]
    found = _cover(tuple(token if (token,) in table else _corrected(token) for token in tokens), table)
    if not found or (set(found) == {Word.YES} and _smalltalk_of(tokens) is Smalltalk.THANKS):
        return None
    return _settled(found)


@remembered
def _corrected(token: str) -> str:
    if len(token) < 5 or token in _NOT_MISSPELT:
        return token
    near = process.extractOne(token, _LONG_WORDS, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near and near[0][0] == token[0] else token


def _settled(found: Iterable[Word]) -> Word | None:
    """Return what several words mean together: "ya batal" cancels, "jangan batal" does not."""
    words = set(found)
    for weak in (Word.YES, Word.HELP):  # "ya, ubah"; "tolong batalkan"
        if len(words) > 1:
            words.discard(weak)
    if words == {Word.NO, Word.CANCEL}:
        return Word.NO
    for strong in (Word.EDIT, Word.NOT_YET, Word.SKIP):
        if words == {Word.NO, strong}:
            return strong
    return words.pop() if len(words) == 1 else None


def _named_along(word: Word, tokens: tuple[str, ...]) -> str:
    """Return what a phrase says besides its word: the language, or that the person is sure."""
    if word is Word.LANGUAGE:
        return _language_named(tokens)
    is_sure = word is Word.ERASE and SURE_WORDS & {_corrected(token) for token in tokens}
    return SURE if is_sure else ""


def _language_named(tokens: tuple[str, ...]) -> str:
    if {"english", "inggris", "en"} & set(tokens):
        return Language.ENGLISH
    return Language.INDONESIAN if {"indonesia", "indonesian", "id"} & set(tokens) else ""


def _with_number(text: str) -> Command | None:
    """Read "status no SKD-123 4567 pak": a number must follow, and nothing that makes it a sentence."""
    match = _WORD_NUMBER.fullmatch(text) if _ONE_NUMBER.search(text) else None
    if match is None:
        return None
    head = " ".join(_corrected(token) for token in words_of(match["head"]))
    between = tuple(token for token in words_of(match["between"]) if token not in BEFORE_NUMBER)
    if head not in _BEFORE_NUMBERS or not _is_polite(between) or not _is_polite(words_of(match["after"])):
        return None
    return Command(_BEFORE_NUMBERS[head], match["number"].strip())


_BEFORE_NUMBERS = {
    name: word
    for word, names in {
        Word.STATUS: "status cek check",
        Word.LINK: "sambung sambungkan hubungkan link",
        Word.UNLINK: "lepas lepaskan putus putuskan unlink",
        Word.WITHDRAW: "cabut withdraw",
        Word.PROTECT: "rahasia rahasiakan secret",
        Word.REOPEN: "buka reopen",
        Word.APPEAL: "banding appeal",
    }.items()
    for name in names.split()
}
_WORD_NUMBER = re.compile(
    r"\W*(?P<head>[^\W\d_]+)\W+(?P<between>(?:[^\W\d_]+\W+)*?)"
    rf"(?P<number>(?:(?!(?:{'|'.join(BEFORE_NUMBER)})\b)[A-Za-z]{{2,5}}[\s-]*(?=\d{{3}}))?\d[\d\s./-]*)"
    r"(?P<after>(?:\W*[^\W\d_]++)*+)\W*",  # possessive: else a second number costs a time without end
    re.IGNORECASE,
)


def _with_rest(text: str) -> Command | None:
    """Read the words that take a text along: LAPOR, TAMBAH, WAKIL, CABUT with a number, UBAH with a field."""
    first = _WORD.search(text)
    if first is None or first.start() > 2 or (head := words_of(first[0])) not in _BEFORE_REST:
        return None
    rest = text[first.end() :].lstrip(_BETWEEN).rstrip()
    following = words_of(rest[:_LONGEST_COMMAND])
    is_marked = text[first.end() : first.end() + 1] in _MARKS
    is_alone_in_capitals = first[0].isupper() and bool(following) and not rest.isupper()
    match word := _BEFORE_REST[head]:
        case Word.REPORT if is_marked or (head in _CALLS and _goes_on(following, NOT_A_REPORT)):
            return Command(word, rest)
        case Word.ADD if is_marked or _goes_on(following, NOT_AN_ADDITION):
            return Command(word, rest)
        case Word.BEHALF if is_marked and rest:  # "wakil rakyat" is somebody
            return Command(word, rest)
        case Word.WITHDRAW if is_alone_in_capitals or _names_report(rest, following):
            return Command(word, rest)
        case Word.REOPEN if (
            is_marked or is_alone_in_capitals or _names_report(_AGAIN.sub("", rest), following)
        ):
            return Command(word, _AGAIN.sub("", rest))
        case Word.APPEAL if is_marked or is_alone_in_capitals or _names_report(rest, following):
            return Command(word, rest)
        case Word.EDIT if following[:1] and following[0] in _FIELD:
            return Command(word, _FIELD[following[0]]) if _is_polite(following[1:]) else None
    return None


_BEFORE_REST = {
    words_of(name): word
    for word, names in {
        Word.REPORT: "lapor laporkan aduan pengaduan",
        Word.ADD: "tambah",
        Word.BEHALF: "wakil",
        Word.WITHDRAW: "cabut withdraw",
        Word.REOPEN: "buka reopen",
        Word.APPEAL: "banding appeal",
        Word.EDIT: "ubah ganti edit rubah perbaiki",
    }.items()
    for name in names.split()
}
#: with these a sentence may begin that reports; "aduan masyarakat soal …" needs a mark
_CALLS = frozenset({("lapor",), ("laporkan",)})


def _goes_on(following: tuple[str, ...], otherwise: frozenset[str]) -> bool:
    return bool(following) and following[0] not in otherwise


def _names_report(rest: str, following: tuple[str, ...]) -> bool:
    return bool(_NUMBER_AND_REASON.match(rest)) or following[:2] in _OWN_REPORT


_AGAIN = re.compile(r"^(?:lagi|kembali|again)\b\W*", re.IGNORECASE)
#: as many digits as the shortest tracking number has: "cabut 1000 pohon" takes nothing back
_NUMBER_AND_REASON = re.compile(
    rf"(?:(?:{'|'.join(BEFORE_NUMBER)})\W+)*(?:[a-z]{{2,5}}[\s-]*(?=\d{{3}}))?\d(?:[\s./-]?\d){{5,}}",
    re.IGNORECASE,
)
_OWN_REPORT = frozenset({("laporan", "saya"), ("aduan", "saya"), ("pengaduan", "saya"), ("my", "lapor")})


def _is_polite(tokens: tuple[str, ...]) -> bool:
    return _cover(tokens, _COMMAND_TABLES[Channel.SMS]) == []


def read_answer(text: str) -> Command | None:
    """Return YES, NOT_YET or NO that a message begins with, and its reason: for an open yes-or-no question only."""
    first = _WORD.search(text)
    words = _cover(words_of(first[0]), _COMMAND_TABLES[Channel.SMS]) if first else None
    if not first or not words or words[0] not in (Word.YES, Word.NOT_YET, Word.NO):
        return None
    return Command(words[0], text[first.end() :].lstrip(_BETWEEN).rstrip())


@lru_cache(maxsize=LOOKED_AT)
def read_smalltalk(text: str) -> Smalltalk | None:
    """Return what kind of small talk a message is, if it tells nothing else."""
    folded = fold(text)
    if not text.strip() or len(folded) > 2 * _LONGEST_COMMAND:
        return None
    if not folded or _ONE_NUMBER.fullmatch(folded) or _LAUGHTER.fullmatch(folded):
        return Smalltalk.PROBE
    return _smalltalk_of(words_of(folded))


_ONE_NUMBER = re.compile(r"\d+")
_LAUGHTER = re.compile(r"w?(?:wk)+w?|a?(?:ha)+h?|(?:he)+h?|(?:hi){2,}h?|(?:xi)+x?")


_ADDRESSES = frozenset(ADDRESSES.split(","))


def _smalltalk_of(tokens: tuple[str, ...]) -> Smalltalk | None:
    if tokens and _ADDRESSES.issuperset(tokens):  # "pak", "maaf min"
        return Smalltalk.GREETING
    if _cover(tokens, _INSULT_TABLE):
        return Smalltalk.INSULT
    kinds = set(_cover(tokens, _SMALLTALK_TABLE) or ())
    order = (Smalltalk.INSULT, Smalltalk.THANKS, Smalltalk.GOODBYE, Smalltalk.GREETING, Smalltalk.PROBE)
    return next((kind for kind in order if kind in kinds), None)
