"""What a conversation needs to know besides its own state; and what comes out of a turn."""

from dataclasses import dataclass, replace
from datetime import date

from handlers.cases.numbers import find_number
from handlers.conversation.boundaries import Boundaries
from handlers.conversation.classify import Classifier
from handlers.conversation.places import Gazetteer
from handlers.conversation.progress import Draft, Progress
from handlers.deployment import Deployment
from handlers.i18n import Voice
from handlers.messages import Media, Reply
from storage.vocabulary import Channel, Language


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Built once from the deployment."""

    deployment: Deployment
    gazetteer: Gazetteer
    boundaries: Boundaries
    classifier: Classifier

    def is_number(self, text: str) -> bool:
        """Tell whether a message is a tracking number, perhaps mistyped, and nothing else."""
        found = find_number(self.deployment.number, text)
        if found is None or not (found.is_valid or len(found.number) == self.deployment.number.digits):
            return False
        besides = text[: found.start] + text[found.end :]
        return not any(character.isalnum() for character in besides)


@dataclass(frozen=True, slots=True)
class Setting:
    """One turn's surroundings."""

    knowledge: Knowledge
    voice: Voice
    channel: Channel
    #: local day
    today: date
    #: unique; names a draft begun in this turn
    new_id: str

    @property
    def is_brief(self) -> bool:
        """Every message costs the person money: ask only what cannot be done without."""
        return self.channel is Channel.SMS


def in_language(setting: Setting, language: Language) -> Setting:
    """Return the surroundings with another language spoken."""
    return replace(setting, voice=replace(setting.voice, language=language))


@dataclass(frozen=True, slots=True)
class Attach:
    """Keep these files with the draft."""

    draft_id: str
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class FileReport:
    draft: Draft


@dataclass(frozen=True, slots=True)
class DropFiles:
    """The draft was thrown away; so are its files."""

    draft_id: str


@dataclass(frozen=True, slots=True)
class MoveFiles:
    """What came for another report belongs to this draft after all."""

    from_id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class ShowStatus:
    #: what the person typed after the word, perhaps nothing
    text: str


@dataclass(frozen=True, slots=True)
class ShowReports:
    pass


@dataclass(frozen=True, slots=True)
class AddToReport:
    #: number and addition as typed
    text: str


@dataclass(frozen=True, slots=True)
class CallHuman:
    """Not understood, or asked for a person: somebody should look in."""


@dataclass(frozen=True, slots=True)
class CorrectReport:
    """The message that a filed report was made of has been edited: a new version beside the old one."""

    draft_id: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkReport:
    """SAMBUNG and LEPAS: follow a report from here (or no more) that was filed elsewhere."""

    #: what the person typed after the word
    text: str
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class SetLanguage:
    language: Language


@dataclass(frozen=True, slots=True)
class SetNews:
    """STOP and MULAI."""

    is_wanted: bool
    #: what is said where that changes nothing
    otherwise: Reply | None = None


@dataclass(frozen=True, slots=True)
class ShowNotice:
    """PRIVASI."""


@dataclass(frozen=True, slots=True)
class ShowData:
    """DATA SAYA."""


@dataclass(frozen=True, slots=True)
class EraseData:
    """HAPUS DATA: tell what goes and what stays or, once the person is sure, do it."""

    is_sure: bool


@dataclass(frozen=True, slots=True)
class ProtectReport:
    """RAHASIA."""

    #: number as typed
    text: str


Effect = (
    Attach
    | FileReport
    | DropFiles
    | MoveFiles
    | ShowStatus
    | ShowReports
    | AddToReport
    | CallHuman
    | CorrectReport
    | LinkReport
    | SetLanguage
    | SetNews
    | ShowNotice
    | ShowData
    | EraseData
    | ProtectReport
)


@dataclass(frozen=True, slots=True)
class Turn:
    """State to store, and what is said and done, in order."""

    progress: Progress
    outputs: tuple[Reply | Effect, ...] = ()
