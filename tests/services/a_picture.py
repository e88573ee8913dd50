"""A PDF as somebody sees it: as a picture, with the square code that a telephone reads from it."""

import io
from pathlib import Path

import typst
import zxingcpp
from PIL import Image


def picture_of(content: bytes, folder: Path) -> Image.Image:
    """Return how the first page looks: Typst draws it as a picture on a page of its own."""
    (folder / "shown.pdf").write_bytes(content)
    source = '#set page(width: auto, height: auto, margin: 0pt)\n#image("shown.pdf", width: 210mm)'
    (folder / "shown.typ").write_text(source)
    drawn = typst.compile(folder / "shown.typ", root=folder, format="png", ppi=160)
    return Image.open(io.BytesIO(drawn))


def square_code_on(content: bytes, folder: Path) -> str:
    """Return what the one square code on the first page says."""
    [found] = zxingcpp.read_barcodes(picture_of(content, folder))
    return str(found.text)
