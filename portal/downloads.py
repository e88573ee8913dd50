"""A file to be saved and not shown: whatever is in it, no browser runs it under our name, and no cache keeps it."""

from typing import TypeVar

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

from services.evidence.queries import StoredFile

Answer = TypeVar("Answer", bound=HttpResponseBase)


def download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    """Return the answer with the file, named as RFC 6266 has it."""
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    return _kept_apart(answer)


def as_download(stored: StoredFile) -> FileResponse:
    """Return the answer with a copy that somebody sent, of the kind that we wrote it in and under its shown name."""
    answer = FileResponse(stored.open(), as_attachment=True, filename=stored.name, content_type=stored.kind)
    return _kept_apart(answer)


def _kept_apart(answer: Answer) -> Answer:
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
