"""Who is signed in: residents through their identity provider, officers by name and password; each once."""

import os
import threading
from collections import defaultdict

import httpx

from portal.demonstration.browser import Browser, CannotSignIn
from portal.demonstration.client import TRIES, Session

RESIDENT_PASSWORD = os.environ.get("SANDBOX_PASSWORD") or "made-up-person"
OFFICER_PASSWORD = os.environ.get("DEMO_PASSWORD") or "made-up-officer"
CLERK, REVIEWER, SUPERVISOR = "clerk", "reviewer", "supervisor"
ADMINISTRATOR = "administrator"


class Accounts:
    """Sessions by user name, each made when it is first needed."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._sessions: dict[str, Session] = {}
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def anybody(self) -> Session:
        """Return a session of nobody in particular: what the public may read."""
        return self._session("", officer=False)

    def resident(self, username: str) -> Session:
        """Return the session of a made-up resident."""
        return self._session(username, officer=False)

    def officer(self, role: str, office: str) -> Session:
        """Return the session of an office's clerk, reviewer or supervisor."""
        return self._session(officer_name(role, office), officer=True)

    def administrator(self) -> Session:
        """Return the session of the operator, who may move the legal clock."""
        return self._session(ADMINISTRATOR, officer=True)

    def _session(self, username: str, *, officer: bool) -> Session:
        with self._locks[username]:
            if username not in self._sessions:
                self._sessions[username] = self._signed_in(username, officer=officer)
            return self._sessions[username]

    def _signed_in(self, username: str, *, officer: bool) -> Session:
        if not username:
            return Session(self.site)
        for _ in range(TRIES - 1):
            try:
                return Session(self.site, _token(self.site, username, officer=officer))
            except (httpx.TransportError, CannotSignIn):
                continue  # the line, or somebody at its other end, failed for a moment: begin anew
        return Session(self.site, _token(self.site, username, officer=officer))


def _token(site: str, username: str, *, officer: bool) -> str:
    browser = Browser(site)
    if officer:
        browser.sign_in_by_password(username, OFFICER_PASSWORD)
    else:
        browser.sign_in_by_provider(username, RESIDENT_PASSWORD)
    return browser.token()


def officer_name(role: str, office: str) -> str:
    """Return an officer's user name."""
    return f"{role}-{office}"
