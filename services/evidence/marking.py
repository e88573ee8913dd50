"""The mark on a copy that leaves the house (R3.17): across every page of what is handed out, never on what is kept.

Typst sets the words, in whatever letters they are, and takes them as data. Pillow and qpdf lay them over the page.
"""

from io import BytesIO
from threading import Lock
from unicodedata import category

import pikepdf
import typst
from PIL import Image

from services.certificates.paper.rendering import fonts
from services.evidence.cleaning import JPEG_QUALITY

# Three times across a square that is laid over the middle of the page: cutting one away leaves the others.
SOURCE = b"""
#set page(width: 600pt, height: 600pt, margin: 0pt, fill: none)
#set text(font: ("Libertinus Serif", "Noto Sans CJK SC", "Noto Sans Arabic"), size: 21pt, weight: 600)
#set text(fill: rgb(179, 38, 43, 38%))
#for dy in (-165pt, 0pt, 165pt) {
  place(center + horizon, dy: dy, rotate(-24deg, box(width: 560pt, align(center, sys.inputs.words))))
}
"""
SIDE = 600  # of that square, in points
MOST_DOTS = 2000  # more show nothing more of a few words
_ONE_AT_A_TIME = Lock()


def marked(content: bytes, *, kind: str, words: str) -> bytes:
    """Return the picture or the PDF of that kind with the words across it; what is written stays readable beneath."""
    plain = "".join(letter for letter in words if not category(letter).startswith("C"))
    with _ONE_AT_A_TIME:
        return _marked_pdf(content, plain) if kind == "application/pdf" else _marked_image(content, plain)


def _marked_pdf(content: bytes, words: str) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(content)) as pdf, pikepdf.open(BytesIO(_mark(words, "pdf"))) as mark:
        for page in pdf.pages:
            page.add_overlay(mark.pages[0])
        pdf.save(out)
    return out.getvalue()


def _marked_image(content: bytes, words: str) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
        side = min(image.size)
        with Image.open(BytesIO(_mark(words, "png", dots=side))) as drawn:
            mark = drawn.convert("RGBA").resize((side, side))
        page = image.convert("RGBA")
        page.alpha_composite(mark, ((page.width - side) // 2, (page.height - side) // 2))
        if image.format == "JPEG":
            page.convert("RGB").save(out, "JPEG", quality=JPEG_QUALITY)
        else:
            page.save(out, "PNG")
    return out.getvalue()


def _mark(words: str, form: str, *, dots: int = SIDE) -> bytes:
    """Return the words on a square with nothing beneath them."""
    made = typst.compile(
        SOURCE, font_paths=fonts(), format=form, sys_inputs={"words": words},
        **({"ppi": 72 * min(dots, MOST_DOTS) / SIDE} if form == "png" else {}),
    )  # fmt: skip
    return bytes(made)
