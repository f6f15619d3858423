"""Any event in any state: nothing raises, nothing is lost unasked, nothing is filed twice, every reply can be sent."""

import json
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.channels.telegram.keyboard import press_data
from bot.channels.telegram.text import split_text, utf16_length
from handlers import codec
from handlers.conversation.flows.questions import ANEW
from handlers.conversation.progress import Draft, Progress, Step, dump, load
from handlers.conversation.setting import Attach, DropFiles, FileReport, MoveFiles
from handlers.messages import Location, Reply
from handlers.sms_length import MAX_PARTS, count_parts, to_gsm
from storage.vocabulary import Channel, Language
from tests.talk import INSIDE, OUTSIDE, Talk, a_photo, at

DATA = Path(__file__).parents[1] / "data"


def _texts_of(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


TOLD = st.sampled_from([*_texts_of("complaints.jsonl"), *_texts_of("messages.jsonl")])
WORDS = st.sampled_from(
    "ya|tidak|belum|ubah|ubah masalah|ubah tempat|ubah waktu|ubah kategori|ubah foto|ubah identitas|lewati|kembali|"
    "batal|jangan|bantuan|status|STATUS 7140666|714 0666|laporan saya|lapor|TAMBAH 7140666 makin parah|SAMBUNG 7140666|"
    "stop|mulai|/start|/start abc|english|bahasa|halo|terima kasih|goblok|tes|cancel|P|/ngawur|rahasia|anonim|terbuka|"
    "desa mungguk|sekadau hilir|rawak|belitang|di pontianak|kemarin|sejak 1 feb|sampah|Budi Santoso".split(
        "|"
    )
)
FITTING: dict[Step | None, list[str]] = {
    Step.DETAIL: ["lampu jalan di kampung kami padam semua"],
    Step.PLACE: ["desa mungguk depan masjid", "sekadau hilir", "rawak", "Tidak tahu", "di pontianak"],
    Step.LANDMARK: ["dekat masjid", "desa tanjung"],
    Step.PHOTOS: ["lewati"],
    Step.PRIVACY: ["1", "2", "3"],
    Step.NAME: ["Budi Santoso", "lewati"],
    Step.SUMMARY: ["ya", "ubah", "tiang lampunya juga miring ke jalan raya"],
    Step.WHEN: ["kemarin", "sejak 1 feb"],
    Step.CATEGORY: ["sampah", "3"],
}
LAPOR = TOLD.map(lambda text: f"LAPOR {text}")
NOISE = st.text(max_size=80) | st.sampled_from(
    [
        "",
        " ",
        "\u200b",
        "<b>&amp;</b>",
        "{number}",
        "%s",
        "'; DROP TABLE report; --",
        "👍" * 40,
        "x" * 5000,
        "é" * 2000,
    ]
)
REFS = st.sampled_from(["m1", "m2", "m3"])
POINTS = st.sampled_from([INSIDE, OUTSIDE, Location(0.0, 0.0), Location(90.0, 180.0)]) | st.builds(
    Location, st.floats(-0.5, 0.5), st.floats(110.5, 111.5)
)


class Conversation(RuleBasedStateMachine):
    """One person at one address does whatever people do."""

    @initialize(
        step=st.none() | st.sampled_from(Step),
        channel=st.sampled_from(Channel),
        language=st.sampled_from(Language),
    )
    def begin(self, step: Step | None, channel: Channel, language: Language) -> None:
        """Nothing is open yet, or any of the questions is."""
        self.talk = at(step) if step else Talk()
        self.talk.channel, self.talk.language = channel, language
        self.last_question = self.talk.progress.asked
        self.files: dict[str, int] = {}
        for attach in (output for output in self.talk.outputs if isinstance(output, Attach)):
            self.files[attach.draft_id] = len(attach.media)

    # --- what people do ---

    @precondition(lambda self: self.talk.step)
    @rule(data=st.data())
    def answers(self, data: st.DataObject) -> None:
        """Give an answer that the open question hopes for."""
        self._does(text=data.draw(st.sampled_from(FITTING.get(self.talk.step, ["1", "2", "ya"]))))
        assert self.talk.turn.outputs

    @rule(text=TOLD | LAPOR, ref=REFS)
    def tells(self, text: str, ref: str) -> None:
        self._does(text=text, message_ref=ref)
        assert self.talk.turn.outputs

    @rule(text=WORDS | NOISE, ref=REFS)
    def says(self, text: str, ref: str) -> None:
        self._does(text=text, message_ref=ref)
        assert self.talk.turn.outputs

    @precondition(lambda self: self.talk.progress.choices)
    @rule(data=st.data(), is_typed=st.booleans())
    def chooses(self, data: st.DataObject, *, is_typed: bool) -> None:
        """Press a button of the open question, or type its label or number."""
        choices = self.talk.progress.choices
        chosen = data.draw(st.integers(0, len(choices) - 1))
        if is_typed:
            self._does(text=data.draw(st.sampled_from([str(chosen + 1), choices[chosen].label])))
        else:
            self._presses(choices[chosen].value, str(self.talk.progress.asked))
            assert self.talk.turn.outputs
            self._presses(choices[chosen].value, str(self.talk.progress.asked - 1))

    @rule(
        value=st.sampled_from(["yes", "no", ANEW, "skip", "open", "61.09.01.2001", "?", ""]),
        back=st.integers(0, 5),
    )
    def presses_another(self, value: str, back: int) -> None:
        """Press an old button, or one that never was."""
        self._presses(value, str(self.talk.progress.asked - back))

    @rule(
        count=st.integers(1, 4),
        group=st.none() | REFS,
        text=st.just("") | TOLD,
        size=st.sampled_from([9, 10**8]),
    )
    def sends_files(self, count: int, group: str | None, text: str, size: int) -> None:
        self._does(media=tuple(a_photo(str(n), group=group, size=size) for n in range(count)), text=text)

    @rule(point=POINTS)
    def sends_point(self, point: Location) -> None:
        self._does(location=point)
        assert self.talk.turn.outputs

    @rule(text=TOLD | NOISE, ref=REFS)
    def edits(self, text: str, ref: str) -> None:
        self._does(text=text, message_ref=ref, is_edit=True)

    @rule()
    def sends_sticker(self) -> None:
        self._does(unsupported=True)
        assert self.talk.turn.outputs

    @precondition(lambda self: self.talk.step is Step.SUMMARY)
    @rule()
    def confirms(self) -> None:
        """YA at the summary makes exactly one report of exactly this draft."""
        draft = self.talk.draft
        self._does(text="ya")
        assert self.talk.done(FileReport) == [FileReport(draft)]

    # --- what must hold ---

    def _presses(self, value: str, question: str) -> None:
        before = self.talk.progress
        self.talk.presses(value, question)
        self._check(before)

    def _does(self, **what: Any) -> None:
        before = self.talk.progress
        self.talk.sends(**what)
        self._check(before)

    def _check(self, before: Progress) -> None:
        assert load(dump(self.talk.turn.progress)) == self.talk.turn.progress
        self._check_draft(before)
        for reply in self.talk.replies:
            self._check_reply(reply)

    def _check_draft(self, before: Progress) -> None:
        """A draft goes by being filed, or thrown away after a question; else what it tells stays told."""
        after = self.talk.progress.draft
        filed, dropped = self.talk.done(FileReport), self.talk.done(DropFiles)
        for attach in self.talk.done(Attach):
            self.files[attach.draft_id] = self.files.get(attach.draft_id, 0) + len(attach.media)
        for move in self.talk.done(MoveFiles):
            self.files[move.to_id] = self.files.get(move.to_id, 0) + self.files.pop(move.from_id)
        if before.draft is None:
            assert not filed
            assert not dropped
        elif (kept := self.talk.progress.next_draft) is not None and kept.id == before.draft.id:
            assert (filed, dropped) == ([], [])  # danger has its turn first
            assert (self.talk.progress.waiting, kept.attachments) == (
                before.draft.description,
                before.draft.attachments,
            )
        elif after is None or after.id != before.draft.id:
            assert (filed, dropped) in (([FileReport(before.draft)], []), ([], [DropFiles(before.draft.id)]))
            assert before.step is Step.SUMMARY if filed else before.step in (Step.DISCARD, Step.RESUME)
            self._check_waiting(before, after)
        else:
            assert not filed
            assert not dropped
            assert after.description or not before.draft.description
            assert before.draft.attachments <= after.attachments
            if not self.talk.progress.waiting:
                self._check_waiting(before, after)
            assert after.is_integrity or not before.draft.is_integrity

    def _check_waiting(self, before: Progress, after: Draft | None) -> None:
        """What waited is told now."""
        if any(character.isalpha() for character in before.waiting):
            assert after is not None
            assert before.waiting in after.description

    def _check_reply(self, reply: Reply) -> None:
        """A reply has both wordings, and each channel can carry it."""
        assert reply.text.strip()
        assert reply.short.strip()
        assert codec.load_reply(codec.dump_reply(reply)) == reply
        assert 1 <= count_parts(to_gsm(reply.short)) <= MAX_PARTS, reply.short
        assert all(utf16_length(part) <= 4096 for part in split_text(reply.text))
        for choice in reply.choices:
            assert choice.label.strip()
            press_data(reply.question, choice.value)
        if reply.question is not None:
            assert int(reply.question) >= self.last_question  # as high where it is the same one, explained
            self.last_question = int(reply.question)

    @invariant()
    def question_and_draft_go_together(self) -> None:
        progress = self.talk.progress
        assert (progress.draft is None) == (progress.step is None)
        assert progress.draft is not None or not progress.choices

    @invariant()
    def files_are_counted(self) -> None:
        draft = self.talk.progress.draft
        assert draft is None or draft.attachments == self.files.get(draft.id, 0)

    @invariant()
    def abuse_reports_stay_secret(self) -> None:
        draft = self.talk.progress.draft
        for one in [*self.talk.filed, *([draft] if draft else [])]:
            assert not one.is_integrity or (one.is_secret and one.is_anonymous)

    @invariant()
    def each_draft_is_filed_once(self) -> None:
        ids = [draft.id for draft in self.talk.filed]
        assert len(ids) == len(set(ids))


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=80, stateful_step_count=30, deadline=None)
