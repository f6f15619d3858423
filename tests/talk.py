"""One person's conversation as a value, its state stored and read again between every two messages."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import TypeVar

from handlers.conversation.machine import judge
from handlers.conversation.progress import Draft, Progress, Step, dump, load
from handlers.conversation.setting import Effect, FileReport, Knowledge, SetLanguage, Setting, Turn
from handlers.i18n import Voice
from handlers.messages import Address, Inbound, Location, Media, Press, Reply
from handlers.service import Service
from storage.vocabulary import Channel, Language, MediaKind
from tests.deployment import sekadau
from tests.fakes.clock import MONDAY

TODAY = date(2026, 3, 2)
#: in Desa Mungguk; far from Sekadau
INSIDE, OUTSIDE = Location(-0.01164, 110.91581), Location(-6.2, 106.8)
E = TypeVar("E", bound=Effect)


@cache
def knowledge() -> Knowledge:
    return Service.of(sekadau()).knowledge


def a_photo(ref: str = "photo", *, group: str | None = None, size: int = 1000) -> Media:
    return Media(MediaKind.PHOTO, ref, size, group)


@dataclass
class Talk:
    """What a person does returns the turn it leads to."""

    channel: Channel = Channel.TELEGRAM
    language: Language = Language.INDONESIAN
    progress: Progress = field(default_factory=Progress)
    turn: Turn = field(default_factory=lambda: Turn(Progress()))
    #: all that was said and done since the beginning
    outputs: list[Reply | Effect] = field(default_factory=list)
    _count: int = 0

    def says(self, *texts: str, ref: str | None = None) -> Turn:
        for text in texts:
            self.sends(text=text, message_ref=ref)
        return self.turn

    def edits(self, ref: str, text: str) -> Turn:
        return self.sends(text=text, message_ref=ref, is_edit=True)

    def presses(self, value: str, question: str | None = None) -> Turn:
        """Press a button of the open question, or of another one."""
        return self.sends(press=Press(question or str(self.progress.asked), value), message_ref="m-pressed")

    def sends(self, **what: object) -> Turn:
        """Send anything else an `Inbound` can hold."""
        self._count += 1
        inbound = Inbound(Address(self.channel, "1001"), f"u{self._count}", MONDAY)
        self.turn = judge(self.progress, replace(inbound, **what), self.setting)  # type: ignore[arg-type]
        self.progress = load(dump(self.turn.progress))
        self.outputs += self.turn.outputs
        for effect in self.done(SetLanguage):
            self.language = effect.language
        return self.turn

    @property
    def setting(self) -> Setting:
        deployment = knowledge().deployment
        voice = Voice(self.language, deployment.zone, deployment.time_zone_label)
        return Setting(knowledge(), voice, self.channel, TODAY, f"draft-{self._count}")

    @property
    def draft(self) -> Draft:
        assert self.progress.draft is not None
        return self.progress.draft

    @property
    def step(self) -> Step | None:
        return self.progress.step

    @property
    def said(self) -> str:
        """The last turn's texts, as this channel shows them."""
        return "\n\n".join(reply.short if self.setting.is_brief else reply.text for reply in self.replies)

    @property
    def replies(self) -> list[Reply]:
        return [output for output in self.turn.outputs if isinstance(output, Reply)]

    def done(self, kind: type[E]) -> list[E]:
        """The last turn's effects of one kind."""
        return [output for output in self.turn.outputs if isinstance(output, kind)]

    @property
    def filed(self) -> list[Draft]:
        """All that was filed since the beginning."""
        return [output.draft for output in self.outputs if isinstance(output, FileReport)]


#: what a person does to be asked each question: texts, or a button's value after "!"
_WAYS: dict[Step, tuple[str | Location | Media, ...]] = {
    Step.DESCRIPTION: (a_photo("early"),),
    Step.CONSENT: ("WAKIL: lampu jalan di depan rumah kami mati terus tiap malam",),
    Step.DETAIL: ("saya kecewa dengan pelayanan pemerintah",),
    Step.PLACE: ("lampu jalan di depan rumah kami mati terus tiap malam",),
    Step.WHICH_AREA: ("air pdam tidak mengalir 3 hari di rawak, warga sudah mengeluh",),
    Step.POINT: ("lampu jalan di depan rumah kami mati terus tiap malam", INSIDE),
    Step.LANDMARK: ("air pdam tidak mengalir 3 hari di rawak, warga sudah mengeluh", "hilir"),
    Step.PHOTOS: ("lampu jalan mati depan SD 3 desa mungguk sejak kemarin",),
}
_WAYS[Step.PRIVACY] = (*_WAYS[Step.PHOTOS], "lewati")
_WAYS[Step.NAME] = (*_WAYS[Step.PRIVACY], "terbuka")
_WAYS[Step.SUMMARY] = (*_WAYS[Step.PRIVACY], "1")
_WAYS[Step.EDIT] = (*_WAYS[Step.SUMMARY], "ubah")
_WAYS[Step.WHEN] = (*_WAYS[Step.SUMMARY], "ubah waktu")
_WAYS[Step.CATEGORY] = (*_WAYS[Step.SUMMARY], "ubah kategori")
_WAYS[Step.DISCARD] = (*_WAYS[Step.PRIVACY], "batal")
_WAYS[Step.RESUME] = (*_WAYS[Step.PRIVACY], "/start")


def at(step: Step, channel: Channel = Channel.TELEGRAM) -> Talk:
    """A conversation in which this question is open."""
    talk = Talk(channel)
    for deed in _WAYS[step]:
        match deed:
            case Location():
                talk.sends(location=deed)
            case Media():
                talk.sends(media=(deed,))
            case _:
                talk.says(deed)
    assert talk.step is step, talk.said
    return talk
