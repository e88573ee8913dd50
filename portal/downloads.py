"""A file to be saved and not shown: whatever is in it, no browser runs it under our name, and no cache keeps it."""

from typing import BinaryIO

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from portal.settling import words_of_mark
from portal.words import office_names
from services.evidence.queries import StoredFile


def download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    """Return the answer with the file, named as RFC 6266 has it."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    _harmless(answer)
    return answer


def download_copy(stored: StoredFile) -> FileResponse:
    """Return the answer with a copy that an applicant sent, as an officer takes it.

    Where its original was seen it carries the mark of such copies (R3.17); any other is read as it is sent.
    """
    mark = stored.mark
    words = words_of_mark(mark.organisation, mark.valid_until, office_names()) if mark else ""
    file = stored.open_marked(words) if mark else stored.open()
    return download_open(file, name=stored.name, kind=stored.kind)


def download_open(file: BinaryIO, *, name: str, kind: str) -> FileResponse:
    """Return the answer with an open file, read as it is sent."""
    answer = FileResponse(file, as_attachment=True, filename=name, content_type=kind)
    _harmless(answer)
    return answer


def _harmless(answer: HttpResponseBase) -> None:
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
