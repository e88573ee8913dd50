"""A browser as far as signing in needs one: pages, cookies, forms; it ends with a bearer token for the API."""

import base64
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import httpx

CLIENT = "demonstration"
SCOPES = "catalogue:read applications:write cases:read tasks:work statistics:read clock:move"
# One set of connections for all browsers: each has its own cookies, none its own sockets. A connection that was not
# used for a second is not used again: the server may be about to close it.
TRANSPORT = httpx.HTTPTransport(limits=httpx.Limits(max_connections=32, keepalive_expiry=1.0), retries=2)


class CannotSignIn(Exception):
    """Signing in did not lead to a token; the message says where it ended."""


@dataclass(slots=True)
class Form:
    """A form of a page: where it is sent, and what it would send as it stands."""

    action: str
    values: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms out of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of forms and their fields."""
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(said.get("action", ""))
            self.found.append(self._open)
        elif tag == "input" and self._open is not None and said.get("name"):
            self._open.values[said["name"]] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        """Close a form."""
        if tag == "form":
            self._open = None


class Browser:
    """One person at a browser of their own."""

    def __init__(self, site: str) -> None:
        self.site = site
        self._http = httpx.Client(transport=TRANSPORT, follow_redirects=True, timeout=60, trust_env=False)

    def sign_in_by_provider(self, username: str, password: str) -> None:
        """Sign in as a resident: the portal leads to the identity provider, whose form is filled in."""
        page = self._http.get(f"{self.site}/accounts/login/")
        page = self._send(page, lambda form: "/oidc/" in form.action)
        self._send(page, _asks_password, login=username, password=password)

    def sign_in_by_password(self, username: str, password: str) -> None:
        """Sign in as an officer."""
        page = self._http.get(f"{self.site}/accounts/login/")
        self._send(page, _asks_password, login=username, password=password)

    def token(self) -> str:
        """Return an access token of whoever is signed in, by an authorization code (RFC 6749, RFC 7636)."""
        verifier, state, back = secrets.token_urlsafe(48), secrets.token_urlsafe(12), f"{self.site}/api/docs"
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": back,
            "scope": SCOPES,
            "state": state,
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        code = self._code(asked, back, state)
        given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back}
        told = given | {"client_id": CLIENT, "code_verifier": verifier}
        answer = self._http.post(f"{self.site}/identity/o/api/token", data=told)
        if not answer.is_success:
            raise CannotSignIn(f"No token was given: {answer.text[:200]}")
        return str(answer.json()["access_token"])

    def _code(self, asked: dict[str, str], back: str, state: str) -> str:
        """Return the code with which the provider sends the browser back, however often it is led on before."""
        answer = self._http.get(f"{self.site}/identity/o/authorize", params=asked, follow_redirects=False)
        while answer.is_redirect:
            address = urljoin(str(answer.url), answer.headers["Location"])
            if address.startswith(back):
                said = parse_qs(urlsplit(address).query)
                if said.get("state") == [state] and "code" in said:
                    return said["code"][0]
                break
            answer = self._http.get(address, follow_redirects=False)
        raise CannotSignIn(f"The portal asked for something else at {answer.url.path}.")

    def _send(self, page: httpx.Response, wanted: Callable[[Form], bool], **typed: str) -> httpx.Response:
        """Fill in and send the form of the page that is wanted, and return where it leads."""
        form = next((one for one in Forms(page.text).found if wanted(one)), None)
        if form is None:
            raise CannotSignIn(f"There is no such form at {page.url.path} ({page.status_code}).")
        answer = self._http.post(
            urljoin(str(page.url), form.action), data=form.values | typed, headers={"Referer": str(page.url)}
        )
        turned_away = "password" in typed and any(map(_asks_password, Forms(answer.text).found))
        if turned_away or not answer.is_success:
            raise CannotSignIn(f"{typed.get('login', 'Nobody')} was not let in at {answer.url.path}.")
        return answer


def _asks_password(form: Form) -> bool:
    return "password" in form.values
