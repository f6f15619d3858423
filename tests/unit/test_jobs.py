"""When a draft is recalled, and what a recall says."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.conversation.progress import Draft, Progress, Step, dump, load
from handlers.conversation.recall import MISSING, expired, recalled
from handlers.conversation.setting import DropFiles
from handlers.deployment import Deployment
from handlers.deployment_parts import Drafts, QuietHours
from handlers.hours import is_quiet, last_morning, last_time
from handlers.jobs import Window, recall_windows
from handlers.messages import Reply
from handlers.sms_length import count_parts
from storage.vocabulary import Channel, Language
from tests.deployment import sekadau
from tests.talk import Talk

WIB = sekadau().zone
STORED = sorted((Path(__file__).parents[1] / "fixtures" / "progress").glob("*.json"))
MINUTE = timedelta(minutes=1)
#: a Monday
MIDNIGHT = datetime(2026, 3, 2, tzinfo=WIB)
THURSDAY = date(2026, 3, 5)


def at(clock: str, day: int = 2) -> datetime:
    return datetime.combine(date(2026, 3, day), time.fromisoformat(clock), WIB)


# --- times of day ---


@pytest.mark.parametrize(
    ("clock", "expected"),
    [("20:00", True), ("23:59", True), ("06:59", True), ("07:00", False), ("19:59", False)],
)
def test_quiet_hours_span_midnight(clock: str, expected: bool) -> None:
    """Their end lies outside; the time that counts is the deployment's, whatever zone the instant is given in."""
    assert is_quiet(at(clock).astimezone(UTC), QuietHours(), WIB) is expected


def test_no_quiet_hours() -> None:
    """Start and end alike: never quiet."""
    assert not any(
        is_quiet(MIDNIGHT + hour * timedelta(hours=1), QuietHours(start=time(7)), WIB) for hour in range(24)
    )


def test_the_last_time_a_clock_showed() -> None:
    """Today or the day before; a morning is no earlier than the end of the quiet hours."""
    assert last_time(at("08:00"), time(8), WIB) == at("08:00")
    assert last_time(at("07:59"), time(8), WIB) == at("08:00", 1)
    assert last_morning(at("08:30"), QuietHours(end=time(9)), WIB) == at("09:00", 1)


# --- when a draft is recalled ---


def due(window: Window, touched_at: datetime, recalls: int, channel: Channel) -> bool:
    """What the query asks."""
    in_time = window.since <= touched_at < window.before
    return in_time and recalls < window.recalls and channel not in window.besides


def recalls_of(
    touched_at: datetime,
    runs: list[datetime],
    channel: Channel = Channel.TELEGRAM,
    deployment: Deployment | None = None,
) -> list[datetime]:
    """When a draft touched once is recalled if the job runs at these times."""
    told, recalls = [], 0
    for now in runs:
        for window in recall_windows(deployment or sekadau(), now):
            if due(window, touched_at, recalls, channel):
                recalls = window.recalls
                told.append(now)
    return told


def every(step: timedelta, since: datetime, days: int = 5) -> list[datetime]:
    return [since + n * step for n in range(int(timedelta(days=days) / step))]


@pytest.mark.parametrize(
    ("touched", "by_chat"),
    [
        ("09:05", [at("09:35"), at("08:00", 3)]),
        ("06:30", [at("07:00"), at("08:00", 3)]),
        ("06:29", [at("08:00")]),  # would fall into the night: one message in the morning
        ("02:00", [at("08:00")]),
        ("19:29", [at("19:59"), at("08:00", 3)]),
        ("19:30", [at("08:00", 3)]),
        ("23:50", [at("08:00", 3)]),
    ],
)
def test_half_an_hour_and_the_next_morning(touched: str, by_chat: list[datetime]) -> None:
    """Twice by chat, or once where the first would come at night; by SMS once, in the morning."""
    runs = every(MINUTE, MIDNIGHT)
    assert recalls_of(at(touched), runs) == by_chat
    assert recalls_of(at(touched), runs, Channel.SMS) == by_chat[-1:]


def test_nobody_is_recalled_at_the_keyboard() -> None:
    """Whoever sits there is asked as they come."""
    assert recalls_of(at("09:05"), every(MINUTE, MIDNIGHT), Channel.CONSOLE) == []


@pytest.mark.parametrize(
    ("back", "expected"),
    [
        (at("15:00"), [at("15:00"), at("08:00", 3)]),  # late the same day
        (at("22:00"), [at("08:00", 3)]),  # in the night
        (at("07:30", 3), [at("08:00", 3)]),  # early the next day
        (at("13:00", 3), [at("13:00", 3)]),
        (at("08:36", 5), []),  # too near its end
    ],
)
def test_at_most_one_after_downtime(back: datetime, expected: list[datetime]) -> None:
    """However long it lasted."""
    assert recalls_of(at("09:05"), every(MINUTE, back)) == expected


@given(
    touched=st.integers(0, 2 * 24 * 60),
    ups=st.lists(st.tuples(st.integers(1, 40 * 60), st.integers(1, 40 * 60)), max_size=6),
    channel=st.sampled_from([Channel.TELEGRAM, Channel.SMS]),
    start=st.integers(12, 23),
    end=st.integers(0, 11),
    wait=st.integers(5, 300),
    life=st.integers(1, 96),
)
def test_whenever_the_job_runs(  # noqa: PLR0917 - drawn by Hypothesis
    touched: int, ups: list[tuple[int, int]], channel: Channel, start: int, end: int, wait: int, life: int
) -> None:
    """Never in quiet hours, too early or too late, never twice within a day, never more often than agreed."""
    deployment = sekadau().model_copy(
        update={
            "quiet_hours": QuietHours(start=time(start), end=time(end)),
            "drafts": Drafts(recall_after_minutes=wait, expire_after_hours=life),
        }
    )
    runs, now = [], MIDNIGHT
    for down, up in ups:
        now += down * MINUTE
        runs += [now + n * 7 * MINUTE for n in range(up // 7 + 1)]
        now += up * MINUTE
    touched_at = MIDNIGHT + touched * MINUTE
    told = recalls_of(touched_at, [run for run in runs if run >= touched_at], channel, deployment)
    assert len(told) <= (1 if channel is Channel.SMS else 2)
    assert len({one.date() for one in told}) == len(told)
    for one in told:
        assert not is_quiet(one, deployment.quiet_hours, WIB)
        assert wait * MINUTE <= one - touched_at <= timedelta(hours=life) - wait * MINUTE


# --- what a recall says ---


def recall(talk: Talk) -> Reply:
    """Recall the talk's draft as the job would, and go on from there."""
    turn = recalled(talk.progress, talk.draft, THURSDAY, talk.setting, is_last=False)
    talk.progress = load(dump(turn.progress))
    (reply,) = turn.outputs
    assert isinstance(reply, Reply)
    return reply


def test_a_recall_names_what_is_missing_and_asks_it() -> None:
    """As a new question: its buttons work, those of the one before do not."""
    talk = Talk()
    talk.says("jalan rusak depan SDN 2 desa mungguk sejak kemarin")
    before = talk.progress.asked
    reply = recall(talk)
    assert reply.text.startswith("Laporan Anda belum terkirim. Yang masih kami tunggu: foto, kalau ada.\n")
    assert "sampai Kamis, 5 Maret 2026" in reply.text
    assert "BATAL" in reply.text
    assert reply.text.endswith("Ada foto? Kirim sekarang. Kalau tidak ada: LEWATI.")
    talk.presses("skip", question=str(before))
    assert "Tombol itu untuk pertanyaan sebelumnya.\n\nAda foto?" in talk.said
    talk.presses("skip")
    assert talk.progress.step is Step.PRIVACY


def test_a_complete_draft_is_shown_as_it_would_be_sent() -> None:
    """Also where a change was begun; then it can be sent with one word."""
    talk = Talk()
    talk.says("jalan rusak depan SDN 2 desa mungguk sejak kemarin", "lewati", "1")
    summary = talk.progress.step
    talk.says("ubah", "waktu")
    assert (summary, talk.progress.step) == (Step.SUMMARY, Step.WHEN)
    reply = recall(talk)
    assert reply.text.startswith("Laporan Anda sudah lengkap, tetapi belum terkirim.")
    assert "Masalah: jalan rusak depan SDN 2 desa mungguk sejak kemarin" in reply.text
    talk.says("ya")
    assert talk.progress.draft is None


def test_who_was_asked_whether_to_throw_it_away_is_asked_that_again() -> None:
    """The question says by itself that there is a report which is not sent."""
    talk = Talk()
    talk.says("jalan rusak depan SDN 2 desa mungguk", "batal")
    assert recall(talk).text == "Laporan Anda belum terkirim. Hapus saja?"


def test_an_sms_is_short() -> None:
    """One part, with what is missing and how to throw it away; a list is repeated, as its numbers are answers."""
    talk = Talk(Channel.SMS)
    talk.says("LAPOR lampu jalan mati sudah dua minggu, gelap sekali")
    reply = recall(talk)
    assert reply.short == (
        "Laporan Anda belum terkirim. Yang belum ada: tempatnya. Balas paling lambat Kam 05/03, atau BATAL untuk hapus"
    )
    talk.says("di situ")
    assert "1 " in recall(talk).short
    talk.says("1")
    assert talk.draft.area_code is not None


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.SMS])
@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_any_stored_draft_can_be_recalled_and_expire(
    path: Path, channel: Channel, language: Language
) -> None:
    """Also those of older releases; what was open can be answered afterwards."""
    talk = Talk(channel, language, load(path.read_text(encoding="utf-8")))
    if talk.progress.draft is None:
        return
    before = talk.progress
    reply = recall(talk)
    assert talk.draft == before.draft
    assert talk.progress.asked == before.asked + 1 == int(reply.question or "")
    assert talk.progress.choices == reply.choices
    assert count_parts(reply.short) <= 2
    assert "{" not in reply.text + reply.short
    gone = expired(before, talk.draft, talk.setting)
    assert gone.outputs[1:] == (DropFiles(talk.draft.id),)
    assert (gone.progress.draft, gone.progress.step, gone.progress.asked) == (None, None, before.asked)


@pytest.mark.parametrize("step", [*Step, None])
def test_any_step_can_be_recalled(step: Step | None) -> None:
    """Whatever was open; and the turn after a recall raises nothing."""
    talk = Talk(
        progress=Progress(
            draft=Draft("d", "jalan rusak sekali di sana", area_options=("61.09.01.2001",)), step=step
        )
    )
    if step is Step.LANDMARK:
        talk.progress = replace(talk.progress, draft=replace(talk.draft, area_code="61.09.01.2001"))
    assert recall(talk).text
    talk.says("1")


def test_a_place_that_is_no_more_is_asked_anew() -> None:
    """The deployment has changed since the draft was begun."""
    talk = Talk(
        progress=Progress(
            draft=Draft("d", "jalan rusak", area_code="99", category="JALAN"), step=Step.LANDMARK
        )
    )
    assert "tempatnya" in recall(talk).text
    assert talk.progress.step is Step.PLACE


def test_every_question_about_the_report_has_a_name() -> None:
    """All but those about the conversation itself."""
    assert set(MISSING) == set(Step) - {Step.SUMMARY, Step.EDIT, Step.DISCARD, Step.RESUME}


def test_a_button_of_an_expired_draft_explains_itself() -> None:
    """It begins nothing and loses nothing."""
    talk = Talk()
    talk.says("jalan rusak depan SDN 2 desa mungguk sejak kemarin")
    gone = expired(talk.progress, talk.draft, talk.setting)
    talk.progress = gone.progress
    talk.presses("skip", question=str(gone.progress.asked))
    assert "Belum ada laporan yang sedang ditulis." in talk.said
    assert talk.progress.draft is None
