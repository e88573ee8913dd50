"""What stands on a certificate in one language: words and values only; where they go is the layout's matter."""

import io
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format

from services import clock
from services.catalogue import queries as catalogue
from services.catalogue.wording import in_language, in_words
from services.certificates.models import Certificate
from services.core.definitions import Definition
from services.core.facts import BUILT_IN, Fact, FactType, Holder, Texts, Value
from services.people.identifiers import masked
from services.people.queries import IdentityForRegister, identity_of

Written = dict[str, Any]

LANGUAGES = ("en", "zh", "ug")
DJANGO_CODES = {"zh": "zh-hans"}
# A title in a language that its reader shares with the office; the other name stands beneath it.
OTHER_NAME = {"en": "zh", "zh": "en", "ug": "zh"}
# Where a check begins: with the code behind it, the address in the square code.
CHECK_PATH, CODE_PATH = "/verify/", "/verify/code/"


def write(row: Certificate, *, code: str, language: str) -> Written:
    """Return what stands on the certificate, the signed text `code` in its square code included."""
    definition, holder = _definition_of(row), _issued_to(row)
    kind = definition.evidence_types.get(row.type) if definition else None
    names = kind.name if kind else {"en": row.type}
    with translation.override(DJANGO_CODES.get(language, language)):
        return {
            "type": row.type,
            "language": language,
            **_titles(names, language),
            "office": catalogue.organisation(row.organisation, language).name,
            "seal": catalogue.organisation(row.organisation, "zh").name,
            "holder": holder.name,
            "holder_number": _number_of(holder),
            "rows": list(_rows(row.content, definition, holder, language)),
            "basis": "".join(catalogue.cited([kind.basis if kind else ""], language)),
            "number": row.number,
            "check_code": row.check_code,
            **_words(row, language),
            "day": [row.issued_on.year, row.issued_on.month, row.issued_on.day],
            "code": code,
            "link": settings.SITE_URL + CHECK_PATH,
            "qr": square_code(link_to(code)),
            "specimen": settings.DEMONSTRATION,
        }


def _definition_of(row: Certificate) -> Definition | None:
    """Return the definition it was issued by: what its service calls things today is not what was sealed (R12.4)."""
    if row.service_version is None:
        return catalogue.latest_definition(row.service_code)
    return catalogue.definition(row.service_version)


def _issued_to(row: Certificate) -> IdentityForRegister:
    """Return its holder as sealed in it; what was sealed before names nobody, and goes by who they are today."""
    if row.issued_to is None:
        return identity_of(Holder(row.holder_kind, row.holder_id))
    named = row.issued_to
    return IdentityForRegister(kind=row.holder_kind, number=named["number"], name=named["name"])


def link_to(code: str) -> str:
    """Return the address in a square code: scanned, it leads to the check, and says nothing personal."""
    return f"{settings.SITE_URL}{CODE_PATH}{code}"


def square_code(text: str) -> str:
    """Return the square code as SVG; a seventh of it may be spoilt, and it is still read."""
    drawn = io.BytesIO()
    made = segno.make(text, error="m", micro=False, boost_error=False)
    made.save(drawn, kind="svg", border=2, dark="#14211f", xmldecl=False, omitsize=True)
    return drawn.getvalue().decode()


def _titles(names: Texts, language: str) -> dict[str, str]:
    title, other = in_language(names, language), names.get(OTHER_NAME[language], "")
    # Where there is no name in the reader's language the other one is the title already.
    beneath = names.get("en", "") if other == title else other
    return {"title": title, "subtitle": "" if beneath == title else beneath}


def _words(row: Certificate, language: str) -> dict[str, object]:
    words = _all_words()[language]
    until = _day(row.valid_until) if row.valid_until else words["without_end"]
    return {
        "words": dict(words),
        "address": (settings.SITE_URL + CHECK_PATH).partition("://")[2],
        "version": words["version"].format(version=row.version),
        "issued": _day(row.issued_on),
        "valid_until": until,
    }


def _number_of(holder: IdentityForRegister) -> str:
    """Return the holder's number as it may be shown: a person's masked (R12.10), a business's as its licence has it."""
    return masked(holder.number) if holder.kind == "person" else holder.number


def _rows(
    content: Mapping[str, Value], definition: Definition | None, holder: IdentityForRegister, language: str
) -> Iterator[Written]:
    """Yield what the certificate says, in its order; the holder's name and number stand at its head already."""
    facts = definition.facts if definition else {}
    for code, value in content.items():
        if value in (holder.name, holder.number):
            continue
        fact = facts.get(code) or BUILT_IN.get(code) or _unknown(code)
        yield {"label": in_language(fact.label, language), "fact": code, **_told(fact, value, language)}


def _unknown(code: str) -> Fact:
    """Return a fact that no definition tells of any more: it may have been a number, and is masked as one (R12.10)."""
    return Fact(code=code, type=FactType.TEXT, label={"en": code}, format="identity_number")


def _told(fact: Fact, value: Value, language: str) -> Written:
    if fact.type is FactType.ROWS:
        return {
            "columns": [in_language(one.label, language) for one in fact.columns],
            "rows": [[_cell(one, row.get(one.code), language) for one in fact.columns] for row in value],
        }
    return {"lines": [line for line in _cell(fact, value, language).splitlines() if line.strip()]}


def _cell(fact: Fact, value: Value, language: str) -> str:
    if value is None:
        return ""
    if fact.format == "identity_number":
        return masked(str(value))
    if fact.type is FactType.DATE:
        return _day(date.fromisoformat(str(value)))
    if fact.type is FactType.MONEY:
        return f"{number_format(value, 2, force_grouping=True)} {clock.profile().currency}"
    return in_words(fact, value, language)


def _day(value: date) -> str:
    return date_format(value, "DATE_FORMAT")


@lru_cache(maxsize=1)
def _all_words() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((Path(__file__).resolve().parent / "words.toml").read_text(encoding="utf-8"))
