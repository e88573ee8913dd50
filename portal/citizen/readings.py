"""The record of who read what, in plain words: which office, what for, and which details."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import get_language, gettext

from portal.words import office_names
from services.catalogue import queries as catalogue
from services.ledger.queries import ReadingView

# More details than these are folded away: the list is read for who and why first.
SHOWN_AT_ONCE = 5


def reading_rows(found: Sequence[ReadingView]) -> list[dict[str, Any]]:
    """Return readings as the page lists them."""
    codes, language = {code for one in found for code in one.fields}, get_language() or "en"
    facts, papers = {code for code in codes if "." in code}, {code for code in codes if "." not in code}
    labels = catalogue.fact_labels(codes=facts, language=language)
    labels |= catalogue.evidence_type_names(codes=papers, language=language)
    offices, purposes, others = office_names(), _purposes(), _others()
    return [
        {
            "view": one,
            "office": offices.get(one.organisation, ""),
            "purpose": purposes.get(one.purpose, one.purpose),
            "details": list(_details(one.fields, labels | others)),
            "folded": len(one.fields) > SHOWN_AT_ONCE,
        }
        for one in found
    ]


def _details(fields: Iterable[str], names: dict[str, str]) -> Iterable[str]:
    """Return what each detail is called, each once; a paper is called what it is called everywhere."""
    return dict.fromkeys(names.get(code, code.replace("-", " ").replace("_", " ")) for code in fields)


def _purposes() -> dict[str, str]:
    return {
        "handling": gettext("to handle your application"),
        "check_copy": gettext("to look at a copy you sent"),
        "visit": gettext("to receive you at the counter"),
        "gather_evidence": gettext("to obtain what your application needs"),
        "identity_code": gettext("to make an identity code for you"),
        "sharing_code": gettext("to see a certificate you gave a sharing code for"),
    }


def _others() -> dict[str, str]:
    """Return what is read whole, and has no code of a fact."""
    return {
        "case": gettext("everything on the page of your case"),
        "visit": gettext("your name, and what you come for"),
    }
