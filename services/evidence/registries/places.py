"""Where each register is: at REGISTRY_URL, unless the file of registers says otherwise for its office or for itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings

from services.core.reference import EvidenceType

HTTP_JSON = "http-json"
# It is nowhere but here: what `manage.py load_register` loaded is all there is.
LOADED = "loaded"
ADAPTERS = (HTTP_JSON, LOADED)
PARTS = ("default", "office", "register")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a register is, how it is asked and with which token; `private_network`: whether it may lie in our own."""

    address: str
    token: str = field(default="", repr=False)
    adapter: str = HTTP_JSON
    private_network: bool = False


SORTS: Mapping[str, type] = {"address": str, "token": str, "adapter": str, "private_network": bool}


def place_of(kind: EvidenceType) -> Place:
    """Return where the register of this type of evidence is: its own place, its office's, or the usual one."""
    return register_place(kind.code, kind.organisation)


def register_place(code: str, organisation: str) -> Place:
    """Return where the register of this code is, which the office keeps."""
    return _place(_table("office", organisation), _table("register", code))


def office_place(organisation: str) -> Place:
    """Return where an office's own records are, and where it publishes its keys."""
    return _place(_table("office", organisation))


def _table(part: str, code: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = settings.REGISTERS.get(part, {}).get(code, {})
    return found


def _place(*tables: Mapping[str, Any]) -> Place:
    told: dict[str, Any] = {
        "address": settings.REGISTRY_URL,
        "token": settings.REGISTRY_TOKEN,
        "private_network": settings.REGISTRY_PRIVATE_NETWORK,
    }
    for table in (settings.REGISTERS.get("default", {}), *tables):
        # Another address is another party: it is not shown our usual token, nor looked for in our own network.
        told |= {"token": "", "private_network": False} if "address" in table else {}
        told |= table
    return Place(**told | {"address": told["address"].rstrip("/")})


def mistakes(tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing in the file of registers that cannot be used."""
    for part in tables.keys() - set(PARTS):
        yield f"[{part}] is not known: write [default], [office.<code>] or [register.<evidence-type>]."
    for part in ("office", "register"):
        if not isinstance(tables.get(part, {}), Mapping):
            yield f"[{part}] is not a table."
    for name, table in named_tables(tables):
        if isinstance(table, Mapping):
            yield from (f"[{name}] {told}" for told in _mistakes_of(table))
        else:
            yield f"[{name}] is not a table."


def _mistakes_of(table: Mapping[str, Any]) -> Iterator[str]:
    for key in table.keys() - SORTS.keys():
        yield f"{key} is not known: write {', '.join(SORTS)}."
    for key, value in table.items():
        if not isinstance(value, SORTS.get(key, object)):
            yield f"{key} is not {'true or false' if SORTS[key] is bool else 'a text'}."
    if table.get("adapter", HTTP_JSON) not in ADAPTERS:
        yield f"adapter is one of: {', '.join(ADAPTERS)}."


def named_tables(tables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each table of the file under its name."""
    if "default" in tables:
        yield "default", tables["default"]
    for part in ("office", "register"):
        within = tables.get(part, {})
        if isinstance(within, Mapping):
            yield from ((f"{part}.{code}", table) for code, table in within.items())
