"""Copies of pictures, by Pillow: upright, of a size that is enough, without anything but the pixels."""

import io
import warnings
from collections.abc import Mapping
from typing import Final

from PIL import Image, ImageOps

from bot.media import Refused

#: longer side of the copy and of the picture for cards, pixels
SHOWN_SIDE = 2048
THUMBNAIL_SIDE = 320
#: JPEG quality of both
SHOWN_QUALITY, THUMBNAIL_QUALITY = 85, 70

# A picture of a few kilobytes may unpack to gigabytes; Pillow only warns of those just above its own limit.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)

#: how Pillow calls it
_FORMATS: Final[Mapping[str, str]] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
}


def copies(content: bytes, media_type: str, max_megapixels: int) -> tuple[bytes, bytes]:
    """Return the upright copy that others see, and a small one, as JPEG. Raises Refused, and nothing else."""
    try:
        with Image.open(io.BytesIO(content), formats=[_FORMATS[media_type]]) as image:
            _require_room(image, max_megapixels)
            shown = _upright(image)
        small = shown.copy()
        small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        return _jpeg(shown, SHOWN_QUALITY), _jpeg(small, THUMBNAIL_QUALITY)
    except Refused:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Refused("pixels") from None
    except Exception:  # noqa: BLE001 - what Pillow raises on broken files is not documented, and of many kinds
        raise Refused("unreadable") from None


def _require_room(image: Image.Image, max_megapixels: int) -> None:
    """Raises Refused; only the head of the file has been read by then."""
    if image.width * image.height > max_megapixels * 1_000_000:
        raise Refused("pixels")


def _upright(image: Image.Image) -> Image.Image:
    """Return the first frame, at most SHOWN_SIDE long, the right way up, on white where it is transparent."""
    image.draft("RGB", (SHOWN_SIDE, SHOWN_SIDE))  # a JPEG is unpacked at about the size that is wanted
    if image.has_transparency_data:
        flat = image.convert("RGBA")
        flat.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        white = Image.new("RGBA", flat.size, "white")
        white.alpha_composite(flat)
        white.info = flat.info
        flat = white.convert("RGB")
    else:
        flat = image.convert("RGB")
        flat.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
    return ImageOps.exif_transpose(flat)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    """Return the pixels and nothing else: no place, device, time, comment or colour profile."""
    image.info = {}
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, optimize=True)
    return buffer.getvalue()
