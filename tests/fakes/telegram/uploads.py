"""Methods of the Bot API that take files, with the limits they keep."""

from collections.abc import Callable
from email import message_from_bytes, policy
from io import BytesIO
from typing import Any, Final

from PIL import Image, UnidentifiedImageError

from tests.fakes.telegram.methods import checked_caption, post
from tests.fakes.telegram.spec import Upload
from tests.fakes.telegram.world import Json, RefusalError, World

#: https://core.telegram.org/bots/api#sending-files (November 2026)
_MAX_PHOTO_BYTES: Final = 10 * 1024 * 1024
_MAX_FILE_BYTES: Final = 50 * 1024 * 1024
_ALBUM: Final = range(2, 11)


def send_photo(world: World, params: Json) -> Json:
    return _send(world, params, "photo")


def send_video(world: World, params: Json) -> Json:
    return _send(world, params, "video")


def send_voice(world: World, params: Json) -> Json:
    return _send(world, params, "voice")


def send_document(world: World, params: Json) -> Json:
    return _send(world, params, "document")


def send_media_group(world: World, params: Json) -> list[Json]:
    media = params["media"]
    if len(media) not in _ALBUM:
        raise RefusalError(400, "Bad Request: media group must have from 2 to 10 items")
    kinds = {item["type"] for item in media}
    if len(kinds) > 1 and not kinds <= {"photo", "video"}:
        raise RefusalError(400, "Bad Request: these kinds cannot be in one album")
    uploads = [params[item["media"].removeprefix("attach://")] for item in media]
    for item, upload in zip(media, uploads, strict=True):
        _check(item["type"], upload)
    album = f"album-{len(world.files)}"
    return [
        _post(world, params, item["type"], upload, media_group_id=album)
        for item, upload in zip(media, uploads, strict=True)
    ]


def _send(world: World, params: Json, kind: str) -> Json:
    upload = params[kind]
    _check(kind, upload)
    caption = checked_caption(params)
    return _post(world, params, kind, upload, **({"caption": caption} if caption else {}))


def _post(world: World, params: Json, kind: str, upload: Upload, **extra: Any) -> Json:
    return post(world, params, upload=upload, extra={kind: _described(world, kind, upload), **extra})


def _check(kind: str, upload: Upload) -> None:
    if not upload.content or len(upload.content) > (_MAX_PHOTO_BYTES if kind == "photo" else _MAX_FILE_BYTES):
        raise RefusalError(400, "Bad Request: file is empty or too big")
    if kind == "photo":
        try:
            width, height = Image.open(BytesIO(upload.content)).size
        except UnidentifiedImageError:
            raise RefusalError(400, "Bad Request: IMAGE_PROCESS_FAILED") from None
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise RefusalError(400, "Bad Request: PHOTO_INVALID_DIMENSIONS")


def _described(world: World, kind: str, upload: Upload) -> Any:
    """Return what a message says of a file."""
    file = world.add_file(upload.content)
    match kind:
        case "photo":
            return [{**file, "width": 90, "height": 67}]
        case "video":
            return {**file, "width": 640, "height": 480, "duration": 3}
        case "voice":
            return {**file, "duration": 3}
        case _:
            return {**file, "file_name": upload.name}


#: methods by name
UPLOADS: Final[dict[str, Callable[[World, Json], Any]]] = {
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
    "sendPhoto": send_photo,
    "sendVideo": send_video,
    "sendVoice": send_voice,
}


def read_form(content_type: str, body: bytes) -> Json:
    """Return the fields of a multipart form: texts and uploads."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    fields: Json = {}
    for part in message_from_bytes(head + body, policy=policy.HTTP).iter_parts():
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        name = str(part.get_param("name", header="content-disposition"))
        file_name = part.get_filename()
        is_file = file_name is not None
        fields[name] = (
            Upload(str(file_name), part.get_content_type(), content) if is_file else content.decode()
        )
    return fields
