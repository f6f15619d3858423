"""What accuses somebody in office after a report was filed is kept from them as a first message would be."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from handlers import codec, moves
from handlers.here import PATIENCE
from handlers.messages import Media, Reply
from handlers.officers import cards
from storage.models import Attachment, Outbound, Report, table
from storage.queries.officers import OfficerRow
from storage.vocabulary import CaseState, EventKind, MediaKind, ReportType, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import NUMBER, WHOLE, Person
from tests.rows import rows_of, unsealed
from tests.town import QUESTION, Town

ATTACHMENT, OUTBOUND, REPORT = table(Attachment), table(Outbound), table(Report)
ACCUSING = "petugas dinas PUPR minta uang pelicin 500 ribu"


def _held(town: Town, person: Person) -> str:
    """A question of who works on it is open."""
    number = town.files(person)
    town.disposes(number)
    town.does(Role.LIAISON, number, moves.hold, QUESTION)
    person.hears()
    return number


def _disposed(town: Town, person: Person) -> str:
    number = town.files(person)
    town.disposes(number)
    person.hears()
    return number


def _archived(town: Town, person: Person) -> str:
    number = town.files(person)
    town.archives(number)
    person.hears()
    return number


Bring = Callable[[Town, Person], str]
#: how a report stands, what is said of it, how it stands then
WAYS: dict[str, tuple[Bring, str, CaseState]] = {
    "added": (_disposed, f"TAMBAH {{number}} {ACCUSING}", CaseState.DISPOSED),
    "replied": (_held, ACCUSING, CaseState.DISPOSED),
    "not yet": (Town.answered, f"BELUM, {ACCUSING}", CaseState.REOPENED),
    "solved, but": (Town.answered, f"YA, {ACCUSING}", CaseState.SETTLED),
    "opened again": (Town.settled, f"BUKA {{number}} {ACCUSING}", CaseState.SETTLED),
    "contested": (_archived, f"BANDING {{number}} {ACCUSING}", CaseState.ARCHIVED),
    "taken back": (_disposed, f"CABUT {{number}} {ACCUSING}", CaseState.DISPOSED),
    "why it is taken back": (_disposed, f"CABUT\n{ACCUSING}", CaseState.DISPOSED),
}


@pytest.mark.parametrize("way", WAYS)
def test_said_later(town: Town, chatter: Person, way: str) -> None:
    """It is a secret report of its own, which names the first; whoever has that sees and is told nothing of it."""
    inspector = _inspector(town)
    bring, text, state = WAYS[way]
    number = bring(town, chatter)
    *before, accusing = text.format(number=number).split("\n")
    chatter.says(*before)
    photos = [(Media(MediaKind.PHOTO, name, group="g"),) for name in "ab"]
    chatter.sends(text=accusing, media=photos[0])
    said = chatter.heard
    assert chatter.sends(media=photos[1]) == []
    first, own = _both(town)
    assert [row.report_id for row in rows_of(town.database, ATTACHMENT) if not row.is_from_officer] == [
        own.id
    ] * 2
    assert (town.case(number).state, town.case(number).type) == (state, ReportType.COMPLAINT)
    assert (own.type, own.is_secret, own.is_anonymous, own.category_code) == (
        *("oversight", True, True, "PUNGLI"),
    )
    assert own.accused_agency_code == "PUPR"
    assert unsealed(town.database, own.description_sealed).endswith(ACCUSING)
    assert own.reporter_id == first.reporter_id
    confirmed = next(reply for reply in said if "rahasia" in reply.text)
    assert confirmed.page is not None
    shown = NUMBER.findall(confirmed.text)[0]
    assert town.case(shown).report_id == own.id
    assert shown in confirmed.short
    assert not any("pelicin" in reply.text for reply in _told(town, town.officers[Role.LIAISON]))
    assert "pelicin" not in _card(town, Role.LIAISON, number)
    assert shown not in _card(town, Role.LIAISON, number)
    for officer in (inspector, town.officers[Role.COORDINATOR]):
        card = _told(town, officer)[-1] if officer is inspector else _told_of(town, officer, own.id)
        assert "uang pelicin" in card.text
        assert f"menyusul laporan {number}" in card.text


def test_the_rest_goes_on(town: Town, chatter: Person) -> None:
    """A question stays open, a reason is asked for again, and what is said without accusing goes where it did."""
    number = _held(town, chatter)
    assert "masih menunggu jawaban Anda" in chatter.says(ACCUSING)
    assert town.case(number).asked_at is not None
    chatter.says("di depan rumah nomor 7")
    assert town.case(number).asked_at is None
    assert town.told(number) == ["di depan rumah nomor 7"]
    town.answers(number)
    chatter.hears()
    assert "Apa yang belum" in chatter.says(f"BELUM, {ACCUSING}")
    chatter.says("masih gelap")
    assert "masih gelap" in _card(town, Role.LIAISON, number)


@pytest.mark.parametrize(
    "text",
    [
        "makasih, tp org lapangan minta uang 50rb buat beli lampu",
        "tukangnya minta duit 100rb",
        "kami disuruh bayar 75rb sm yg pasang",
        "harus ada pelicin katanya",
        "disuruh setor 50 ribu dulu",
        "katanya kalau mau cepat bayar",
        "apa memang harus bayar 100rb ke tukangnya?",
        "the workers asked us for 50rb",
    ],
)
def test_any_money_is_kept_from_who_works_on_it(
    town: Town, chatter: Person, texter: Person, text: str
) -> None:
    """Nobody needs to be called an official in what is said of a report; neither in a chat nor by SMS."""
    for number, person in [(_disposed(town, chatter), chatter), (_disposed(town, texter), texter)]:
        person.says(f"TAMBAH {number} {text}")
        assert town.told(number) == []
        assert text not in _card(town, Role.LIAISON, number)
    assert [row.type for row in _both(town)].count("oversight") == 2


def test_money_after_an_answer_is_kept_apart_too(town: Town, chatter: Person) -> None:
    """BELUM counts, its words go elsewhere; so do they where we ask whether they are an addition."""
    number = Town.answered(town, chatter)
    chatter.says("belum, tukangnya minta uang lagi")
    assert (town.case(number).state, town.told(number)) == (CaseState.REOPENED, [""])
    chatter.says("makasih, tp org dishub minta uang 50rb buat beli lampu", "tambahan")
    assert town.told(number) == [""]
    assert "minta uang" not in _card(town, Role.LIAISON, number)


@pytest.mark.parametrize(
    "text",
    [
        "berapa biayanya?",
        "apakah harus bayar?",
        "ini gratis atau bayar?",
        "bayar berapa ya pak",
        "kami juga bayar pajak",
        "motor saya rusak, habis 500rb",
    ],
)
def test_a_plain_question_about_fees_goes_to_who_works_on_it(town: Town, chatter: Person, text: str) -> None:
    number = _disposed(town, chatter)
    chatter.says(f"TAMBAH {number} {text}")
    assert town.told(number) == [text]


def test_money_that_a_report_is_about_is_no_accusation(town: Town, chatter: Person) -> None:
    """Neither what was paid where one tells or is asked just that; what is demanded is, all the same."""
    told = chatter.files(
        "LAPOR sudah bayar pasang pdam ds mungguk, air blm jalan jg", *("lewati", "lewati", "1", "ya")
    )
    asked = town.files(chatter)
    town.disposes(told)
    town.disposes(asked)
    town.does(Role.LIAISON, asked, moves.hold, "Kapan tagihan itu Anda bayar, dan lewat siapa?")
    for number, paid in [(told, "saya bayar di loket bulan lalu"), (asked, "saya bayar bulan lalu")]:
        chatter.says(f"TAMBAH {number} tukangnya minta uang 100rb")
        chatter.says(f"TAMBAH {number} {paid}")
        assert town.told(number) == [paid]


def test_said_again(town: Town, chatter: Person) -> None:
    """An edit of what was filed, another addition, and files with it join the same secret report."""
    chatter.sends(text=WHOLE, message_ref="7")
    number = chatter.files("lewati", "1", "ya")
    town.disposes(number)
    chatter.sends(text=f"{WHOLE}, {ACCUSING}", message_ref="7", is_edit=True)
    own = _both(town)[1]
    photo = Media(MediaKind.PHOTO, "a", group="g")
    chatter.sends(text=f"TAMBAH {number} {ACCUSING} lagi", media=(photo,))
    chatter.sends(media=(Media(MediaKind.PHOTO, "b", group="g"),))
    assert len(_both(town)) == 2
    assert EventKind.CORRECTED not in town.history(number)
    assert {row.report_id for row in rows_of(town.database, ATTACHMENT)} == {own.id}
    assert f"{ACCUSING} lagi" in _told_of(town, town.officers[Role.COORDINATOR], own.id).text
    assert "pelicin" not in _card(town, Role.LIAISON, number)


def test_said_again_when_it_is_over(town: Town, chatter: Person) -> None:
    """Somebody has to answer it anew: it is another secret report, to which then the rest is added."""
    number = _disposed(town, chatter)
    chatter.says(f"TAMBAH {number} {ACCUSING}")
    own = NUMBER.findall(chatter.last)[0]
    chatter.says(f"CABUT {own} salah orang", "ya")
    assert town.case(own).state is CaseState.ARCHIVED
    chatter.says(f"TAMBAH {number} {ACCUSING}, sekarang minta lagi")
    another = NUMBER.findall(chatter.last)[0]
    assert another not in {number, own}
    assert town.case(another).state is CaseState.UNVERIFIED
    chatter.says(f"TAMBAH {number} {ACCUSING} juga kemarin")
    assert another in chatter.last
    assert len(_both(town)) == 3


def test_files_that_follow(town: Town, chatter: Person) -> None:
    """Files without words within the hour are the secret report's; later they answer what is asked."""
    number = _held(town, chatter)
    chatter.says(ACCUSING)
    own = _both(town)[1]
    photos = [(Media(MediaKind.PHOTO, name, group="g"),) for name in "ab"]
    assert "sudah kami tambahkan" in chatter.sends(media=photos[0])[0].text
    assert chatter.sends(media=photos[1]) == []
    assert [row.report_id for row in rows_of(town.database, ATTACHMENT)] == [own.id] * 2
    assert town.case(number).asked_at is not None
    chatter.now += PATIENCE
    chatter.sends(media=(Media(MediaKind.PHOTO, "c"),))
    assert rows_of(town.database, ATTACHMENT)[-1].report_id != own.id


def test_sure_after_an_album(town: Town, chatter: Person) -> None:
    """Whoever takes a report back for what somebody did is still asked whether they are sure."""
    number = _disposed(town, chatter)
    chatter.sends(text=f"CABUT {number} {ACCUSING}", media=(Media(MediaKind.PHOTO, "a", group="g"),))
    chatter.sends(media=(Media(MediaKind.PHOTO, "b", group="g"),))
    chatter.says("ya")
    assert town.case(number).state is CaseState.ARCHIVED


def _inspector(town: Town) -> OfficerRow:
    with town.database.writing() as uow:
        return builders.an_officer(uow, Role.INSPECTORATE, "INSPEKTORAT")


def _both(town: Town) -> list[Any]:
    return rows_of(town.database, REPORT)


def _told(town: Town, officer: OfficerRow) -> list[Reply]:
    return [reply for reply, _ in _queued(town, officer)]


def _told_of(town: Town, officer: OfficerRow, report_id: int) -> Reply:
    return next(reply for reply, about in reversed(_queued(town, officer)) if about == report_id)


def _queued(town: Town, officer: OfficerRow) -> list[tuple[Reply, int]]:
    with town.database.reading() as uow:
        rows = uow.connection.execute(
            select(OUTBOUND).where(OUTBOUND.c.address_id == officer.address_id).order_by(OUTBOUND.c.id)
        )
        return [(codec.load_reply(uow.vault.unseal(row.payload_sealed)), row.report_id) for row in rows]


def _card(town: Town, role: Role, number: str) -> str:
    with town.database.reading() as uow:
        return cards.card(uow, town.service, town.officers[role], town.case(number), MONDAY).text
