"""What a production portal refuses to start with."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from services.evidence.registries.places import named_tables


def complaints(given: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each of the settings given with which a production portal must not start."""
    embedded, key_file, certificate_file = (
        given[name] for name in ("EMBEDDED", "SEAL_KEY_FILE", "SEAL_CERTIFICATE_FILE")
    )
    own = {"SECRET_KEY": given["SECRET_KEY"], "FIELD_INDEX_KEY": given["FIELD_INDEX_KEY"].decode()}
    shared = {name: given[name] for name in given["SANDBOX_WORDS"]}
    sound_keys = given["FIELD_KEYS"] and all(len(key) == 32 for key in given["FIELD_KEYS"].values())
    # Also on one machine: what these carry is personal, and a token that crosses in the clear is anybody's.
    addresses = {name: given[name] for name in ("SITE_URL", "REGISTRY_URL", "TREASURY_URL", "OIDC_ISSUER")}
    answers = {
        "DATABASE_URL and REDIS_URL must both be set: embedded engines are not for production.": embedded,
        "FIELD_KEYS needs keys of 32 bytes, as in id=base64,id=base64.": not sound_keys,
        "SEAL_KEY_FILE names no file: certificates could not be sealed.": not key_file.is_file(),
        "SEAL_CERTIFICATE_FILE names no file: PDFs could not be sealed.": not certificate_file.is_file(),
        "DEBUG shows the inside of the portal to everybody.": given["DEBUG"],
        "ALLOWED_HOSTS names every host.": any("*" in host for host in given["ALLOWED_HOSTS"]),
        **{f"{name} does not begin with https.": not _is_https(word) for name, word in addresses.items()},
        **{
            f"REGISTERS_FILE: [{name}] address does not begin with https.": not _is_https(table["address"])
            for name, table in named_tables(given["REGISTERS"])
            if "address" in table
        },
        "ALLOW_CLOCK_SHIFT would let somebody move legal time.": given["ALLOW_CLOCK_SHIFT"],
        **{f"{name} needs 50 characters of its own.": len(word) < 50 for name, word in own.items()},
        **{
            f"{name} is the sandbox's.": word == given["SANDBOX_WORDS"][name] for name, word in shared.items()
        },
    }
    return [sentence for sentence, wrong in answers.items() if wrong]


def _is_https(address: str) -> bool:
    """Return whether the address names a host that is reached over TLS."""
    parts = urlsplit(address)
    return parts.scheme == "https" and bool(parts.hostname)
