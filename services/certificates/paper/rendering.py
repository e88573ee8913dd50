"""From what stands on a certificate to a PDF/A: set by Typst, with fonts of our packages, and nothing from outside."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unicodedata import category

import typst

from services.certificates.paper.writing import Written

HERE = Path(__file__).resolve().parent
USUAL = b'#import "base.typ": certificate\n#certificate\n'
# PDF/A-3: kept for decades, and it may carry the signed text along; "a": also read aloud in its right order.
STANDARD = "a-3a"
# A letter that no font of ours has is printed as printers have always marked one they had no type for.
GETA = "〓"
MISSING = re.compile(r"the text `\"(.+?)\"` could not be displayed")
MOST_WITHOUT_LETTERS = 20
JOINERS = "\u200c\u200d"
FONT_PACKAGES = ("manimgx_fonts_cjk", "fontpkg_noto_sans_arabic")


def render(written: Written, *, layouts: Path) -> bytes:
    """Return the certificate as PDF/A: the same bytes whenever the same is written.

    A type with a file `<type>.typ` in the folder of layouts is set by that; all others by the usual sheet.
    What is written reaches Typst as data; only the layouts, which a prefecture's own people write, are its source.
    """
    own = layouts / f"{written['type']}.typ"
    source = own.read_bytes() if own.is_file() else USUAL
    shown = _shown(written, None)
    for _ in range(MOST_WITHOUT_LETTERS):
        try:
            return _set(source, shown)
        except typst.TypstError as error:
            missing = MISSING.search(str(error))
            if missing is None:
                raise
            shown = _shown(shown, dict.fromkeys(missing[1], GETA))
    return _set(source, shown)


def _set(source: bytes, written: Written) -> bytes:
    made = typst.compile(
        {"main.typ": source, "base.typ": (HERE / "base.typ").read_bytes()},
        root=str(HERE),
        font_paths=fonts(),
        format="pdf",
        sys_inputs={"certificate": json.dumps(written, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=datetime(*written["day"], tzinfo=UTC),
    )
    return bytes(made)


def _shown(value: Any, instead: Mapping[str, str] | None) -> Any:
    """Return the value with some letters replaced in every text of it; without a table, those that print nothing."""
    match value:
        case str() if instead is None:
            return "".join(one for one in value if one in JOINERS or not category(one).startswith("C"))
        case str():
            return value.translate(str.maketrans(dict(instead)))
        case dict():
            return {name: _shown(inner, instead) for name, inner in value.items()}
        case list():
            return [_shown(inner, instead) for inner in value]
    return value


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Return the fonts, read once a process; those of the machine are left out, so that it looks alike everywhere."""
    found = [find_spec(name) for name in FONT_PACKAGES]
    folders = {
        str(file.parent)
        for spec in found
        if spec and spec.origin
        for file in Path(spec.origin).parent.rglob("*")
        if file.suffix in (".ttc", ".ttf", ".otf")
    }
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=sorted(folders))
