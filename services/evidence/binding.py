"""Several files become one piece of evidence: their pages, in their order, in one PDF that we wrote ourselves.

One PDF and not a folder of pictures: an officer opens and prints it once, it has one digest, and it is archived as one.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO

import pikepdf
from django.conf import settings
from PIL import Image

from services.core.refusal import Kind, Refusal
from services.evidence.cleaning import (
    JPEG_QUALITY,
    MOST_PAGES,
    CleanFile,
    UploadTooDetailed,
    clean_file,
)

# A sheet of A4 in points; a picture fills it as far as its shape lets it.
SHORT, LONG = 595.0, 842.0


class TooManyPages(Refusal):
    """More files than make one piece of evidence."""

    code = "too_many_pages"
    kind = Kind.TOO_LARGE
    sentence = "At most {most} photos or files make one piece together, of {megabytes} MB in all."


def check_together(sizes: Sequence[int]) -> None:
    """Do nothing if so many files of these sizes may make one piece of evidence.

    :raises TooManyPages:
    """
    if len(sizes) > settings.UPLOAD_MAX_PAGES or sum(sizes) > settings.UPLOAD_MAX_TOGETHER:
        megabytes = settings.UPLOAD_MAX_TOGETHER // 1024**2
        raise TooManyPages(most=settings.UPLOAD_MAX_PAGES, megabytes=megabytes)


def bound(contents: Sequence[bytes]) -> CleanFile:
    """Return the files written anew as one: a single one in its own kind, several as one PDF in their order.

    :raises TooManyPages, UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed:
    """
    check_together([len(content) for content in contents])
    if len(contents) == 1:
        return clean_file(contents[0])
    return _bind(clean_file(content) for content in contents)


def _bind(files: Iterable[CleanFile]) -> CleanFile:
    out = BytesIO()
    with pikepdf.new() as whole:
        for file in files:
            _add(file, whole)
            if len(whole.pages) > MOST_PAGES:
                raise UploadTooDetailed(what="pages", most=MOST_PAGES)
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return CleanFile("application/pdf", "pdf", out.getvalue())


def _add(file: CleanFile, whole: pikepdf.Pdf) -> None:
    if file.kind != "application/pdf":
        _add_picture(file, whole)
        return
    with pikepdf.open(BytesIO(file.content)) as part:
        whole.pages.extend(part.pages)


def _add_picture(file: CleanFile, whole: pikepdf.Pdf) -> None:
    """Add a page with the picture on it; a photo goes in as it is, without being drawn once more."""
    with Image.open(BytesIO(file.content)) as image:
        width, height = image.size
        content = file.content if file.kind == "image/jpeg" else _as_photo(image)
    sheet = (LONG, SHORT) if width > height else (SHORT, LONG)
    scale = min(sheet[0] / width, sheet[1] / height)
    box = width * scale, height * scale
    picture = whole.make_stream(
        content, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
        ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
    )  # fmt: skip
    picture.write(content, filter=pikepdf.Name.DCTDecode)
    page = whole.add_blank_page(page_size=box)
    page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Picture=picture))
    page.obj.Contents = whole.make_stream(f"q {box[0]:.2f} 0 0 {box[1]:.2f} 0 0 cm /Picture Do Q".encode())


def _as_photo(image: Image.Image) -> bytes:
    """Return the picture as a JPEG, on white where it lets through."""
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A") if "A" in image.getbands() else None)
    out = BytesIO()
    flat.save(out, "JPEG", quality=JPEG_QUALITY)
    return out.getvalue()
