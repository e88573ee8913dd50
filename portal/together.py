"""What somebody is putting together before they apply: services, kept in their session, and for which bundle."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest

from services.catalogue import queries as catalogue

KEY = "together"
MOST = 20


@dataclass(frozen=True, slots=True)
class Chosen:
    """The services put together so far, and the bundle they began with, if any."""

    services: tuple[str, ...] = ()
    bundle: str = ""


def chosen(request: HttpRequest) -> Chosen:
    """Return what was put together, without what is no longer offered."""
    kept = request.session.get(KEY) or {}
    known = catalogue.service_names(kept.get("services", ()), "en")
    return Chosen(tuple(code for code in kept.get("services", ()) if code in known), kept.get("bundle", ""))


def choose(request: HttpRequest, services: Iterable[str], bundle: str = "") -> None:
    """Keep these services, in this order, as many as one application may have."""
    request.session[KEY] = {"services": list(dict.fromkeys(services))[:MOST], "bundle": bundle}


def add(request: HttpRequest, service: str) -> None:
    """Put one more service to what is there."""
    before = chosen(request)
    choose(request, [*before.services, service], before.bundle)


def leave_out(request: HttpRequest, services: Iterable[str]) -> None:
    """Take services out again; the others stay as they are (R7.8)."""
    before, out = chosen(request), set(services)
    left = [code for code in before.services if code not in out]
    choose(request, left, before.bundle if left else "")
