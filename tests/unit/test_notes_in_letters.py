"""What a PDF tells of its author and of cameras is found in the copy nowhere, however it was packed."""

import io
from collections.abc import Callable
from zlib import compress

import pytest
from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, PdfImage, Stream

from bot import notes
from tests.unit.test_media import DEVICE, is_red, opened, picture
from tests.unit.test_media import notes as of_a_camera

PHOTO = picture("JPEG", exif=of_a_camera(), comment=DEVICE.encode(), progressive=True)
AT = PHOTO.index(b"\xff\xe1")
NOTE = b"\xff\xe4\x00\x11" + DEVICE.encode()


def written(pdf: Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, object_stream_mode=ObjectStreamMode.disable)
    return buffer.getvalue()


def copied(change: Callable[[Pdf], None]) -> Pdf:
    """The copy of a PDF of one page, changed."""
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        copy = notes.cleaned(written(pdf), "application/pdf")
    assert DEVICE.encode() not in copy
    return Pdf.open(io.BytesIO(copy))


@pytest.mark.parametrize(
    ("content", "filters", "hows"),
    [
        (PHOTO, Name.DCTDecode, None),
        (PHOTO[:AT] + b"\xff\xff" + PHOTO[AT:], Name.DCTDecode, None),
        (PHOTO[:AT] + NOTE + PHOTO[AT:] + DEVICE.encode(), Array([Name.DCTDecode]), None),
        (compress(PHOTO), Array([Name.FlateDecode, Name.DCTDecode]), None),
        (
            compress(PHOTO),
            Array([Name.FlateDecode, Name.DCTDecode]),
            Array([None, Dictionary(ColorTransform=1)]),
        ),
        (compress(compress(PHOTO)), Array([Name.FlateDecode, Name.FlateDecode, Name.DCTDecode]), None),
        (PHOTO.hex().encode() + b">", Array([Name.ASCIIHexDecode, Name.DCTDecode]), Array([None, None])),
    ],
    ids=["plain", "filled up", "other notes", "packed", "packed with colours", "packed twice", "as letters"],
)
def test_a_photo_is_found_however_it_is_packed(content: bytes, filters: Name, hows: Array | None) -> None:
    """Its pixels are as they were, and what is said of its colours."""

    def place(pdf: Pdf) -> None:
        photo = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=40, Height=20)
        photo.write(content, filter=filters, decode_parms=hows)
        photo.ColorSpace, photo.BitsPerComponent = Name.DeviceRGB, 8
        pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(Photo=photo))

    with copied(place) as pdf:
        photo = pdf.pages[0].obj.Resources.XObject.Photo
        assert isinstance(photo, Stream)
        assert photo.Filter == Name.DCTDecode
        assert ("/DecodeParms" in photo) == (hows is not None and hows[-1] is not None)
        assert is_red(PdfImage(photo).as_pil_image(), (4, 4))
        assert not opened(photo.read_raw_bytes()).getexif()


def test_who_signed_a_letter_is_not_told() -> None:
    """Neither by the field nor by what else points at the signature, nor by its certificates; the field stays."""

    def sign(pdf: Pdf) -> None:
        signature = pdf.make_indirect(
            Dictionary(
                Type=Name.Sig, Name=DEVICE, ContactInfo=DEVICE, ByteRange=[0, 1, 2, 3], Contents=DEVICE
            )
        )
        bare = pdf.make_indirect(Dictionary(Type=Name.Sig, Name=DEVICE))
        fields = [Dictionary(FT=Name.Sig, T="ttd", V=one) for one in (signature, bare)]
        words = Dictionary(FT=Name.Tx, T="isi", V="jalan rusak")
        pdf.Root.AcroForm = Dictionary(Fields=Array([pdf.make_indirect(one) for one in (*fields, words)]))
        pdf.Root.Perms = Dictionary(DocMDP=signature)
        pdf.Root.DSS = Dictionary(Certs=[pdf.make_stream(DEVICE.encode())])

    with copied(sign) as pdf:
        first, second, words = pdf.Root.AcroForm.Fields
        assert ["/V" in one for one in (first, second)] == [False, False]
        assert (str(first.T), str(words.V)) == ("ttd", "jalan rusak")
