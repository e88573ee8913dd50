"""Photos as phones take them by themselves (HEIC) are kept as JPEGs, upright, without the phone's notes."""

from io import BytesIO

import pillow_heif
import pytest
from PIL import Image

from services.evidence.cleaning import UploadNotReadable, UploadTooDetailed, clean_file
from tests.services.test_uploads import ARTIST, ORIENTATION


def phone_photo(size: tuple[int, int] = (60, 40), **notes: object) -> bytes:
    """Return a photo as a phone takes it by itself."""
    out = BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", size, "teal")).save(out, **notes)
    return out.getvalue()


def test_a_photo_as_phones_take_it_is_kept_as_a_jpeg_upright_and_without_its_notes():
    exif = Image.Exif()
    exif[ORIENTATION], exif[ARTIST] = 6, "somebody"

    clean = clean_file(phone_photo(exif=exif.tobytes()))

    with Image.open(BytesIO(clean.content)) as drawn:
        assert (clean.kind, drawn.format, drawn.size) == ("image/jpeg", "JPEG", (40, 60))
        assert not drawn.getexif() and abs(drawn.getpixel((5, 5))[1] - 128) < 8
    assert b"somebody" not in clean.content


def test_a_phones_photo_keeps_to_the_limits_of_every_picture():
    with pytest.raises(UploadTooDetailed, match="pixels"):
        clean_file(phone_photo(size=(8192, 4992)))


@pytest.mark.parametrize("kept", [60, 300, -40])
def test_half_a_phones_photo_is_refused(kept: int):
    with pytest.raises(UploadNotReadable):
        clean_file(phone_photo()[:kept])
