"""Acts of law as the catalogue cites them, told in the reader's language."""

from collections.abc import Iterable

from services.catalogue.models import LegalResource
from services.catalogue.wording import FALLBACKS, short_code
from services.core import legal


def cited(texts: Iterable[str], language: str) -> tuple[str, ...]:
    """Return each legal basis that is not empty in the reader's language, in one query.

    What names no act of the catalogue stays as it was written.
    """
    acts = _acts()
    tongue = next(code for code in FALLBACKS[short_code(language)] if code in _WRITTEN_IN)
    return tuple(legal.cited_in(text, acts, tongue) for text in texts if text)


# The catalogue names acts in these languages.
_WRITTEN_IN = ("en", "zh")


def _acts() -> list[legal.LegalResource]:
    rows = LegalResource.objects.all()
    return [legal.LegalResource(one.code, one.name, legal.Rank(one.rank)) for one in rows]
