"""The file of registers, read once at start: where each register is, and with which token it is asked."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import FileAwareEnv

from services.evidence.registries.guard import ForbiddenAddress, Gate
from services.evidence.registries.places import Place, mistakes, named_tables

Tables = dict[str, Any]


def read(path: str, env: FileAwareEnv) -> Tables:
    """Return the tables of the file, each token by its value: the file names only the setting that holds it.

    :raises ImproperlyConfigured: naming everything in the file that cannot be used.
    """
    if not path:
        return {}
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"REGISTERS_FILE: {path} cannot be read. {error}") from error
    if found := sorted(mistakes(tables)) or sorted(_out_of_reach(tables, env)):
        raise ImproperlyConfigured("REGISTERS_FILE:\n- " + "\n- ".join(found))
    for _, table in named_tables(tables):
        if "token" in table:
            table["token"] = env.str(table["token"])
    return tables


def _out_of_reach(tables: Tables, env: FileAwareEnv) -> Iterator[str]:
    """Yield what is written well, but leads nowhere: an address that nobody calls, a token that nobody set."""
    for name, table in named_tables(tables):
        if "token" in table and not env.str(table["token"], ""):
            yield f"[{name}] token: {table['token']} is not set."
        try:
            Gate.to(Place(address=table.get("address", "https://register.example.org")))
        except ForbiddenAddress as why:
            yield f"[{name}] address is not one to call: {why}."
