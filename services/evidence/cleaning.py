"""Uploaded files are opened and written anew: what we keep is never the bytes that were sent.

A file that only pretends, or carries a script, an action or another file, does not survive being redrawn. One file at a
time is redrawn in a process, so that its memory is bounded by the largest that we take.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from threading import Lock

import pi_heif
import pikepdf
from django.conf import settings
from PIL import Image, ImageOps

from services.core.refusal import Kind, Refusal

# Whoever opens a picture names the kinds it may be; this is one of them from here on, read and never written.
pi_heif.register_heif_opener(thumbnails=False)
# How photos begin that phones take by themselves, four bytes in: HEIC, of one picture.
PHONE_PHOTOS = (b"ftypheic", b"ftypheix", b"ftypmif1")
MOST_PIXELS = 40_000_000
MOST_PAGES = 200
MOST_OBJECTS = 50_000
# As much as a page of paper shows to the eye at 400 dots an inch; what is larger is made smaller.
LONGEST_SIDE = 4700
JPEG_QUALITY = 88
# What a stream of a PDF may unfold into; qpdf keeps these for the whole process, so they are set once, here.
pikepdf.settings.set_qpdf_limits(flate_max_memory=64 * 1024**2, dct_max_memory=64 * 1024**2)
# All that a page needs to be seen and printed; actions, annotations and attachments are not among it.
PAGE_KEEPS = frozenset(
    {"/Type", "/MediaBox", "/CropBox", "/TrimBox", "/BleedBox", "/ArtBox", "/Rotate", "/UserUnit"}
    | {"/Resources", "/Contents", "/Group"}
)


class UploadTooLarge(Refusal):
    """The file has more bytes than we take."""

    code = "upload_too_large"
    kind = Kind.TOO_LARGE
    sentence = "This file is larger than {most} MB. Send a smaller one, such as a photo at lower quality."


class UploadNotReadable(Refusal):
    """The file is not what we take, or is broken."""

    code = "upload_not_readable"
    sentence = "This file cannot be opened. Send a photo (JPEG or PNG) or a PDF."


class UploadIsDocument(UploadNotReadable):
    """A text document, a table or slides, with whatever programs may be in it."""

    code = "upload_is_document"
    sentence = "This is an office document. Save or print it as a PDF, and send that."


class UploadIsArchive(UploadNotReadable):
    """Files packed together."""

    code = "upload_is_archive"
    sentence = "This is a packed archive. Unpack it, and send the photos or the PDF that are in it."


class UploadIsPage(UploadNotReadable):
    """A web page or a drawing made of text, which can carry programs."""

    code = "upload_is_page"
    sentence = "This is a web page or a drawing. Print it as a PDF or take a picture of it, and send that."


class UploadIsOtherPicture(UploadNotReadable):
    """A picture of a kind that cannot be redrawn here."""

    code = "upload_is_other_picture"
    sentence = (
        "This kind of picture cannot be opened here. Send a screenshot of it, or have your phone take photos as JPEG: "
        "on an iPhone, Settings, Camera, Formats, Most Compatible."
    )


class UploadLocked(Refusal):
    """The PDF asks for a password."""

    code = "upload_locked"
    sentence = "This PDF is locked with a password. Save it without one and send it again."


class UploadTooDetailed(Refusal):
    """The file is small, but what it unfolds into is not."""

    code = "upload_too_detailed"
    kind = Kind.TOO_LARGE
    sentence = "This file has too many {what}: at most {most}. Send a smaller or simpler one."


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file that we wrote ourselves."""

    kind: str
    extension: str
    content: bytes = field(repr=False)


def clean_file(content: bytes) -> CleanFile:
    """Return the PNG, JPEG or PDF written anew, a phone's HEIC as a JPEG.

    Its name and what the sender calls it are not looked at.

    :raises UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed:
    """
    check_size(len(content))
    check_kind(content)
    clean = next(
        (clean for beginning, clean in CLEANERS.items() if content.startswith(beginning)), _clean_image
    )
    with _ONE_AT_A_TIME:
        return clean(content)


def check_kind(beginning: bytes) -> None:
    """Do nothing if a file that begins like this may be one that we take; a few hundred bytes are enough to tell.

    :raises UploadNotReadable: with a sentence that helps, if it is something else.
    """
    if beginning.startswith(tuple(CLEANERS)) or beginning.startswith(PHONE_PHOTOS, 4):
        return
    raise next((kind() for kind, is_it in _OTHERS if is_it(beginning)), UploadNotReadable())


def _is_office(beginning: bytes) -> bool:
    named = (b"[Content_Types].xml", b"word/", b"xl/", b"ppt/", b"mimetypeapplication/vnd.oasis")
    packed = beginning.startswith(b"PK\x03\x04") and any(name in beginning[:4096] for name in named)
    return packed or beginning.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf"))


def _is_archive(beginning: bytes) -> bool:
    return beginning.startswith((b"PK", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ"))


def _is_page(beginning: bytes) -> bool:
    return beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<"


def _is_other_picture(beginning: bytes) -> bool:
    riff = beginning.startswith(b"RIFF") and beginning[8:12] == b"WEBP"
    return (
        riff
        or beginning[4:8] == b"ftyp"
        or beginning.startswith((b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"\x00\x00\x00\x0cjP", b"\xff\x0a"))
    )


_OTHERS = (
    (UploadIsDocument, _is_office),
    (UploadIsArchive, _is_archive),
    (UploadIsPage, _is_page),
    (UploadIsOtherPicture, _is_other_picture),
)
_ONE_AT_A_TIME = Lock()


def check_size(size: int) -> None:
    """Do nothing if we take a file of so many bytes.

    :raises UploadTooLarge:
    """
    if size > settings.UPLOAD_MAX_BYTES:
        raise UploadTooLarge(most=settings.UPLOAD_MAX_BYTES // 1024**2)


def _clean_image(content: bytes) -> CleanFile:
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG", "HEIF")) as image:
            if image.width * image.height > MOST_PIXELS:
                raise UploadTooDetailed(what="pixels", most=f"{MOST_PIXELS:,}")
            return _redrawn(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UploadTooDetailed(what="pixels", most=f"{MOST_PIXELS:,}") from error
    # Pillow answers broken files with whatever its decoders stumble over.
    except (
        OSError, EOFError, SyntaxError, ValueError, IndexError, KeyError, TypeError, OverflowError, RuntimeError,
    ) as error:  # fmt: skip
        raise UploadNotReadable() from error


def _redrawn(image: Image.Image) -> CleanFile:
    """Return the picture alone: upright, without the camera's notes on place and time."""
    is_jpeg = image.format in ("JPEG", "HEIF")
    # A photo is read no larger than it will be kept.
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ImageOps.exif_transpose(image, in_place=True)
    drawn = image.convert("RGBA" if image.has_transparency_data and not is_jpeg else "RGB")
    drawn.info.clear()
    out = BytesIO()
    if is_jpeg:
        drawn.save(out, "JPEG", quality=JPEG_QUALITY)
        return CleanFile("image/jpeg", "jpg", out.getvalue())
    drawn.save(out, "PNG")
    return CleanFile("image/png", "png", out.getvalue())


def _clean_pdf(content: bytes) -> CleanFile:
    try:
        with pikepdf.open(BytesIO(content)) as sent:
            if int(sent.trailer.Size) > MOST_OBJECTS or len(sent.objects) > MOST_OBJECTS:
                raise UploadTooDetailed(what="objects", most=f"{MOST_OBJECTS:,}")
            if len(sent.pages) > MOST_PAGES:
                raise UploadTooDetailed(what="pages", most=MOST_PAGES)
            return _reprinted(sent)
    except pikepdf.PasswordError as error:
        raise UploadLocked() from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
        raise UploadNotReadable() from error


def _reprinted(sent: pikepdf.Pdf) -> CleanFile:
    """Return the pages alone, with filled-in forms and stamps drawn onto them."""
    if not len(sent.pages):
        raise UploadNotReadable()
    sent.generate_appearance_streams()
    sent.flatten_annotations("all")
    out = BytesIO()
    with pikepdf.new() as printed:
        printed.pages.extend(sent.pages)
        for page in printed.pages:
            for name in set(page.obj.keys()) - PAGE_KEEPS:
                del page.obj[name]
        printed.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return CleanFile("application/pdf", "pdf", out.getvalue())


CLEANERS: Mapping[bytes, Callable[[bytes], CleanFile]] = {
    b"\x89PNG\r\n\x1a\n": _clean_image,
    b"\xff\xd8\xff": _clean_image,
    b"%PDF-": _clean_pdf,
}
