"""Updates as Telegram posts them, and what the library reads in them."""

from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from bot.channels.telegram.update import Message

NOW = datetime(2026, 3, 2, 2, 5, tzinfo=UTC)
SENT_AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CHAT = {"id": 5_000_000_123, "first_name": "Warga", "type": "private"}
PERSON = {"id": 5_000_000_123, "is_bot": False, "first_name": "Warga", "language_code": "id"}
GROUP = {"id": -100_200, "title": "Dinas", "type": "supergroup"}
CHANNEL = {"id": -1, "title": "c", "type": "channel"}


def a_message(**content: Any) -> dict[str, Any]:
    date = int(SENT_AT.timestamp())
    return {"message_id": 41, "from": PERSON, "chat": CHAT, "date": date, **content}


def a_file(file_id: str, size: int, **more: Any) -> dict[str, Any]:
    return {"file_id": file_id, "file_unique_id": file_id[:4], "file_size": size, **more}


GIF = a_file("gif", 9, width=10, height=10, duration=1)
STICKER = a_file("st", 9, type="regular", width=512, height=512, is_animated=False, is_video=False)
POLL = {
    "id": "1",
    "question": "?",
    "options": [],
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}


def a_press(data: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    pressed = a_message(text="Benar?") | {"chat": chat}
    return {"id": "4382", "from": PERSON, "chat_instance": "1", "message": pressed, "data": data}


def assert_agreement(ours: BaseModel, theirs: Any) -> None:
    """Whatever a test has us read, the library reads as well."""
    for name in type(ours).model_fields:
        match getattr(ours, name), getattr(theirs, name):
            case BaseModel() as part, other:
                assert_agreement(part, other)
            case list() as parts, others:
                for part, other in zip(parts, others, strict=True):
                    assert_agreement(part, other)
            case int(instant), datetime() as at:
                assert instant == at.timestamp()
            case value, other:
                assert value == (None if other == () else other)
    if isinstance(ours, Message):
        sent = (
            ours.animation,
            ours.photo,
            ours.video,
            ours.video_note,
            ours.voice,
            ours.audio,
            ours.document,
        )
        has_any = any(one is not None for one in (*sent, ours.location, ours.venue)) or ours.has_attachment
        assert has_any == bool(theirs.effective_attachment or theirs.checklist)
        assert ours.has_news == bool(theirs.api_kwargs)
