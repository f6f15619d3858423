"""Becoming an officer with a code, and being suspended: on both databases, on Telegram and by SMS."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from handlers.messages import Address, Press
from handlers.moves import SYSTEM, Actor, Fault, Unfit
from handlers.officers import joining
from handlers.officers.access import NotPermitted
from handlers.service import Service
from storage.db import Database
from storage.queries import audit, handling, officers
from storage.queries.officers import OfficerRow
from storage.vocabulary import ActorKind, Channel, Role
from tests import builders
from tests.fakes.clock import MONDAY
from tests.person import Person

LATER = MONDAY + timedelta(hours=1, minutes=1)


@pytest.fixture
def rima(loaded: Database, service: Service) -> Person:
    return Person(loaded, service, identifier="5000000777")


@pytest.fixture
def budi(loaded: Database, service: Service) -> Person:
    return Person(loaded, service, identifier="+6281200000077", channel=Channel.SMS)


def invited(
    database: Database,
    service: Service,
    role: Role = Role.LIAISON,
    agency: str | None = "PUPR",
    *,
    now: datetime = MONDAY,
    **more: Any,
) -> str:
    values: dict[str, Any] = {"name": "Rima Sari", "is_deputy": False, "invited_by": None} | more
    with database.writing() as uow:
        return joining.invite(uow, service, role=role, agency_code=agency, now=now, **values)


def officer_at(database: Database, person: Person) -> OfficerRow | None:
    with database.reading() as uow:
        return officers.find_officer_at(uow, person.channel, person.identifier)


def joined(database: Database, service: Service, person: Person, *post: Any) -> OfficerRow:
    """The officer that a person becomes."""
    person.says(f"/start {invited(database, service, *post)}")
    person.says("terima")
    officer = officer_at(database, person)
    assert officer is not None
    return officer


# --- inviting ---


def test_a_code_is_no_word_and_no_number(loaded: Database, service: Service) -> None:
    """Ten characters in two groups, none that is mistaken for another, always letters and digits both."""
    codes = {invited(loaded, service) for _ in range(200)}
    assert len(codes) == 200
    for code in codes:
        first, dash, last = code.partition("-")
        assert (len(first), dash, len(last)) == (5, "-", 5)
        assert set(first + last) <= set(joining.ALPHABET)
        assert not (first + last).isalpha()
        assert not (first + last).isdecimal()


@pytest.mark.parametrize(
    ("role", "agency"),
    [
        *((role, None) for role in (Role.LIAISON, Role.APPROVER, Role.SUPERVISOR)),
        (Role.LIAISON, "NOWHERE"),
        (Role.LIAISON, "PLN"),
        (Role.INSPECTORATE, "PUPR"),
        (Role.COORDINATOR, "PLN"),
    ],
)
def test_a_post_needs_its_agency(loaded: Database, service: Service, role: Role, agency: str | None) -> None:
    """One of this government; the inspectorate is the one that the deployment names."""
    with pytest.raises(Unfit) as refused:
        invited(loaded, service, role, agency)
    assert refused.value.fault is Fault.NO_SUCH_AGENCY


def test_the_inspectorate_is_the_deployments(loaded: Database, service: Service, rima: Person) -> None:
    """Nobody has to name it; a coordinator has no agency, or one."""
    assert (
        joined(loaded, service, rima, Role.INSPECTORATE, None).agency_code
        == service.deployment.integrity.agency
    )
    assert joined(loaded, service, rima, Role.COORDINATOR, None).agency_code is None
    assert joined(loaded, service, rima, Role.COORDINATOR, "DISKOMINFO").agency_code == "DISKOMINFO"


def test_only_a_coordinator_invites(loaded: Database, service: Service, rima: Person, budi: Person) -> None:
    """And hears when the invitation is accepted."""
    liaison = joined(loaded, service, budi)
    with pytest.raises(NotPermitted):
        invited(loaded, service, invited_by=liaison)
    coordinator = joined(loaded, service, rima, Role.COORDINATOR, None)
    budi.says(invited(loaded, service, invited_by=coordinator, name="Budi"))
    budi.says("TERIMA")
    assert "Budi menerima undangan Anda: pejabat penghubung Dinas PUPR." in rima.hears()[-1].text


# --- joining ---


def test_the_deep_link_asks_before_anything_changes(loaded: Database, service: Service, rima: Person) -> None:
    """It shows name, post and what may be seen; a button makes the officer, and the menu follows the role."""
    rima.says(f"/start {invited(loaded, service)}")
    (asked,) = rima.heard
    for part in ("Rima Sari", "pejabat penghubung Dinas PUPR", "tanpa nama pelapornya"):
        assert part in asked.text
    assert [choice.label for choice in asked.choices] == ["Terima", "Tolak"]
    assert officer_at(loaded, rima) is None
    (welcome,) = rima.presses("yes")
    assert "/daftar" in welcome.text
    assert "/jawab" in welcome.text
    assert welcome.menu == "liaison"
    officer = officer_at(loaded, rima)
    assert officer is not None
    assert (officer.name, officer.role, officer.agency_code) == ("Rima Sari", Role.LIAISON, "PUPR")
    assert "sudah bergabung" in rima.presses("yes")[0].text


@pytest.mark.parametrize("form", ["{}", "/start {}", "/start@kanal_bot {}", "  {}  "])
@pytest.mark.parametrize("dash", ["-", " ", ""])
def test_a_code_is_read_as_people_type_it(
    loaded: Database, service: Service, rima: Person, form: str, dash: str
) -> None:
    """Alone or behind /start, in small letters, with and without its dash."""
    code = invited(loaded, service).replace("-", dash).lower()
    assert "pejabat penghubung" in rima.says(form.format(code))


@pytest.mark.parametrize(
    "text", ["kesehatan", "BERBENTUR", "2345678923", "081234567", "AB2DE-FGH3K rusak", "/start"]
)
def test_what_people_say_is_no_code(text: str) -> None:
    """Words, numbers, and more than a code."""
    assert joining.read_code(text) is None


def test_a_whole_joining_by_sms(loaded: Database, service: Service, budi: Person) -> None:
    """One text in, one back, twice; without a name the post is the name."""
    assert budi.says(invited(loaded, service, name="")) == (
        "Anda diundang ke Layanan Aduan Sekadau sebagai pejabat penghubung Dinas PUPR. Balas TERIMA atau TOLAK"
    )
    assert budi.says("Terima.").startswith("Anda kini pejabat penghubung Dinas PUPR.")
    officer = officer_at(loaded, budi)
    assert officer is not None
    assert officer.name == "pejabat penghubung Dinas PUPR"


@pytest.mark.parametrize("word", ["1", "ya", "TERIMA", "accept", "iya pak"])
def test_words_that_accept(loaded: Database, service: Service, budi: Person, word: str) -> None:
    """As people answer; the same word later, when nobody thinks of the invitation any more, accepts nothing."""
    code = invited(loaded, service)
    budi.says(code)
    budi.now = LATER
    budi.says(word)
    assert officer_at(loaded, budi) is None
    budi.says(code)
    budi.says(word)
    assert officer_at(loaded, budi) is not None


def test_a_report_being_written_is_not_disturbed(loaded: Database, service: Service, rima: Person) -> None:
    """A plain answer is the draft's then; the button still accepts."""
    rima.says("lampu jalan mati di depan pasar desa mungguk sejak kemarin")
    rima.says(invited(loaded, service))
    (asked,) = rima.heard
    rima.says("1")
    assert officer_at(loaded, rima) is None
    rima.sends(press=Press(str(asked.question), "yes"))
    assert officer_at(loaded, rima) is not None


def test_declining_changes_nothing(loaded: Database, service: Service, rima: Person) -> None:
    """And may be thought over: the button accepts, a word no longer does."""
    rima.says(invited(loaded, service))
    (asked,) = rima.heard
    assert "tidak ada yang berubah" in rima.presses("no")[0].text
    rima.says("ya")
    assert officer_at(loaded, rima) is None
    rima.sends(press=Press(str(asked.question), "yes"))
    assert officer_at(loaded, rima) is not None


def test_a_code_is_good_once(loaded: Database, service: Service, rima: Person, budi: Person) -> None:
    """Whoever is second is told so, also when the offer was open."""
    code = invited(loaded, service)
    rima.says(code)
    budi.says(code)
    rima.says("terima")
    assert "sudah dipakai" in budi.says("TERIMA")
    assert "sudah dipakai" in budi.says(code)
    assert officer_at(loaded, budi) is None


def test_a_code_expires(loaded: Database, service: Service, rima: Person) -> None:
    """After as many hours as the deployment says, and the answer says when that was."""
    code = invited(loaded, service)
    hours = service.deployment.invitations.valid_hours
    rima.now = MONDAY + timedelta(hours=hours, minutes=-1)
    rima.says(code)
    rima.now = MONDAY + timedelta(hours=hours)
    (said,) = rima.presses("yes")
    assert "Kode ini berlaku sampai Kamis, 5 Maret 2026 09.05 WIB" in said.text
    assert officer_at(loaded, rima) is None


def test_guessing_is_of_no_use(loaded: Database, service: Service, rima: Person, budi: Person) -> None:
    """After five wrong codes not even the right one is taken, for an hour; others are not concerned."""
    code = invited(loaded, service)
    for number in range(2, 7):
        assert "tidak kami kenal" in rima.says(f"/start AAAAA-AAAA{number}")
    assert "Terlalu banyak" in rima.says(code)
    assert "pejabat penghubung" in budi.says(code)
    rima.now = LATER
    assert "pejabat penghubung" in rima.says(code)


def test_a_group_is_nobody(loaded: Database, service: Service, rima: Person) -> None:
    """A code shown in a group makes no officer of it."""
    invited_code = invited(loaded, service)
    with loaded.writing() as uow:
        contact = builders.a_contact(uow, "-100123")
        inbound = builders.an_inbound("-100123", invited_code)
        from_group = replace(inbound, sender=Address(Channel.TELEGRAM, rima.identifier))
        assert joining.receive(uow, service, from_group, contact, MONDAY) is None


def test_another_invitation_is_another_post(loaded: Database, service: Service, rima: Person) -> None:
    """The same person goes on under the new one, without the cases of the old one."""
    before = joined(loaded, service, rima)
    report_id = taken_case(loaded, before)
    after = joined(loaded, service, rima, Role.SUPERVISOR, "DISHUB")
    assert after.id == before.id
    assert (after.role, after.agency_code) == (Role.SUPERVISOR, "DISHUB")
    assert holder_of(loaded, report_id) is None


def test_who_wanted_no_news_gets_them_as_an_officer(loaded: Database, service: Service, rima: Person) -> None:
    """STOP was said as a citizen."""
    rima.says("stop")
    joined(loaded, service, rima)
    with loaded.writing() as uow:
        contact = builders.a_contact(uow, rima.identifier)
    assert not contact.is_stopped


# --- suspension ---


def taken_case(database: Database, officer: OfficerRow) -> int:
    """A case that this officer has taken."""
    with database.writing() as uow:
        report_id = builders.a_case(uow, builders.a_contact(uow, "1003"))
        builders.update_case(uow, report_id, MONDAY, officer_id=officer.id)
        officers.save_task(uow, officer.id, "{}", MONDAY)
    return report_id


def holder_of(database: Database, report_id: int) -> int | None:
    with database.reading() as uow:
        return handling.read_case(uow, report_id).officer_id


def test_suspension_acts_at_once(loaded: Database, service: Service, rima: Person) -> None:
    """What they were in the middle of is gone, their cases are free, they are told, and the menu is a citizen's."""
    officer = joined(loaded, service, rima)
    report_id = taken_case(loaded, officer)
    with loaded.writing() as uow:
        joining.suspend(uow, service, officer.id, SYSTEM, MONDAY)
    with loaded.writing() as uow:
        found = officers.find_officer(uow, officer.id)
        assert found is not None
        assert found.is_suspended
        assert officers.lock_task(uow, officer.id) is None
        assert list(audit.verify_history(uow)) == []
    assert holder_of(loaded, report_id) is None
    (told,) = rima.hears()
    assert "dinonaktifkan" in told.text
    assert told.menu == ""


def test_an_officer_may_work_again(loaded: Database, service: Service, rima: Person) -> None:
    """By a coordinator's word or a new invitation; twice is as good as once."""
    officer = joined(loaded, service, rima)
    for act in (joining.suspend, joining.suspend, joining.resume, joining.resume):
        with loaded.writing() as uow:
            act(uow, service, officer.id, SYSTEM, MONDAY)
    assert [reply.menu for reply in rima.hears()] == ["", "liaison"]
    with loaded.writing() as uow:
        joining.suspend(uow, service, officer.id, SYSTEM, MONDAY)
    assert not joined(loaded, service, rima).is_suspended


def test_no_invitation_of_before_outlives_a_suspension(
    loaded: Database, service: Service, rima: Person, budi: Person
) -> None:
    """Neither those a suspended officer made, whoever has them, nor one somebody else made for them before."""
    officer = joined(loaded, service, rima, Role.COORDINATOR, None)
    own, others = (
        invited(loaded, service, Role.COORDINATOR, None, invited_by=officer),
        invited(loaded, service, Role.COORDINATOR, None),
    )
    later = rima.now = budi.now = MONDAY + timedelta(minutes=5)
    budi.says(own)
    with loaded.writing() as uow:
        joining.suspend(uow, service, officer.id, SYSTEM, later)
    assert "berlaku s.d." in budi.says("TERIMA")
    assert "berlaku sampai" in rima.says(own)
    assert "sebelum akses Anda dinonaktifkan" in rima.says(others)
    rima.says("terima")
    found = officer_at(loaded, rima)
    assert found is not None
    assert found.is_suspended
    assert officer_at(loaded, budi) is None
    assert "koordinator" in budi.says(others)  # it is not theirs alone
    rima.says(invited(loaded, service, now=later))
    rima.says("terima")
    back = officer_at(loaded, rima)
    assert back is not None
    assert (back.role, back.is_suspended) == (Role.LIAISON, False)


def test_nobody_suspends_who_may_not(loaded: Database, service: Service, rima: Person, budi: Person) -> None:
    """Coordinators only, and not themselves; of somebody unknown there is nothing to do."""
    coordinator = joined(loaded, service, rima, Role.COORDINATOR, None)
    liaison = joined(loaded, service, budi)
    for actor, whom in ((liaison, coordinator), (coordinator, coordinator)):
        with loaded.writing() as uow, pytest.raises(NotPermitted):
            joining.suspend(uow, service, whom.id, Actor(ActorKind.OFFICER, actor), MONDAY)
    with loaded.writing() as uow:
        by = Actor(ActorKind.OFFICER, coordinator)
        assert joining.suspend(uow, service, 999, by, MONDAY) is None
        assert joining.suspend(uow, service, liaison.id, by, MONDAY) == liaison
