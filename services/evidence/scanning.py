"""The scanner for harmful files: clamd at UPLOAD_SCANNER, by its own protocol. Without one nothing is pretended."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from urllib.parse import urlsplit

import structlog
from clamav_client.clamd import ClamdError, ClamdNetworkSocket, ClamdUnixSocket
from django.conf import settings

log = structlog.get_logger(__name__)


class Scan(StrEnum):
    """How far a file has been scanned."""

    NONE = "none"  # this installation has no scanner
    WAITING = "waiting"  # the scanner did not answer: it is asked again
    CLEAN = "clean"
    HARMFUL = "harmful"


@dataclass(frozen=True, slots=True)
class Finding:
    """What the scanner said; `harm` is its name for what it found."""

    scan: Scan
    harm: str = ""


def scan(contents: Iterable[bytes]) -> Finding:
    """Return what the scanner says of files; the first in which it finds something ends it.

    Takes UPLOAD_SCANNER_SECONDS at the most for each wait. Never raises because of what the scanner does: whatever is
    no answer is asked again.
    """
    if not settings.UPLOAD_SCANNER:
        return Finding(Scan.NONE)
    for content in contents:
        finding = _scan_one(content)
        if finding.scan is not Scan.CLEAN:
            return finding
    return Finding(Scan.CLEAN)


def _scan_one(content: bytes) -> Finding:
    try:
        answers = _scanner().instream(BytesIO(content))
    except (ClamdError, OSError, ValueError) as error:
        log.warning("upload_scanner_away", error=type(error).__name__)
        return Finding(Scan.WAITING)
    for status, harm in answers.values():
        if status == "FOUND":
            return Finding(Scan.HARMFUL, str(harm)[:120])
        if status == "OK":
            return Finding(Scan.CLEAN)
    log.warning("upload_scanner_away", error="no answer that can be read")
    return Finding(Scan.WAITING)


def _scanner() -> ClamdNetworkSocket:
    address = urlsplit(settings.UPLOAD_SCANNER)
    if address.scheme == "unix":
        return ClamdUnixSocket(address.path, timeout=settings.UPLOAD_SCANNER_SECONDS)
    return ClamdNetworkSocket(address.hostname, address.port or 3310, timeout=settings.UPLOAD_SCANNER_SECONDS)
