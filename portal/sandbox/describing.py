"""What machines can ask of the sandbox: an OpenAPI document, and the same to read."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

DOCUMENT = Path(__file__).with_name("openapi.json")
Json = Mapping[str, Any]


@require_GET
def document(request: HttpRequest) -> HttpResponse:
    """Serve the document as it stands."""
    return HttpResponse(DOCUMENT.read_bytes(), content_type="application/json")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Show the document to people: by subject, each operation with an example of what goes in and comes out."""
    described = _read()
    subjects = [
        {**tag, "operations": [one for one in _operations(described) if tag["name"] == one["subject"]]}
        for tag in described["tags"]
    ]
    return render(
        request, "sandbox/docs.html", {"here": "docs", "info": described["info"], "subjects": subjects}
    )


@lru_cache(maxsize=1)
def _read() -> Json:
    return dict(json.loads(DOCUMENT.read_text(encoding="utf-8")))


def _operations(described: Json) -> Iterator[Json]:
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            yield {
                "subject": said["tags"][0],
                "name": said["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": said["summary"],
                "description": said.get("description", ""),
                "open": said.get("security") == [],
                "parameters": said.get("parameters", ()),
                "sends": _example(said.get("requestBody", {})),
                "answers": [_answer(described, *one) for one in said["responses"].items()],
            }


def _answer(described: Json, status: str, said: Json) -> Json:
    name = said.get("$ref", "").rpartition("/")[2]
    told = described["components"]["responses"][name] if name else said
    return {"status": status, "description": told["description"], "example": "" if name else _example(told)}


def _example(said: Json) -> str:
    for content in said.get("content", {}).values():
        example = content.get("example", "")
        return example if isinstance(example, str) else json.dumps(example, ensure_ascii=False, indent=2)
    return ""
