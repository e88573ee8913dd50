"""What the portal could not obtain, and the applicant gives: a declaration, a picture, the promise of an original."""

from portal.demonstration.client import Json, Session, Upload
from portal.demonstration.pictures import picture

ROUNDS = 8


class NotFiled(Exception):
    """An application did not come so far that it could be submitted; the message says what is missing."""


def proved(applicant: Session, path: str, draft: Json, *, for_others: bool = False) -> Json:
    """Give everything the portal could not obtain; `for_others`: also what co-signers have to prove.

    :raises NotFiled: if something is missing and nothing settles it.
    """
    for _ in range(ROUNDS):
        missing = [one for one in draft["requirements"] if _is_missing(one, draft, for_others)]
        if not missing:
            return draft
        for wanted in missing:
            _give(applicant, path, draft, wanted)
            draft = applicant.get(path)
    raise NotFiled(f"nothing settles {', '.join(draft['missing'])}")


def _is_missing(wanted: Json, draft: Json, for_others: bool) -> bool:
    if for_others:
        return wanted["standing"] == "open" and bool(wanted["ways"])
    return wanted["standing"] == "open" and wanted["code"] in draft["missing"]


def _give(applicant: Session, path: str, draft: Json, wanted: Json) -> None:
    """Give one thing: a declaration where one will do, else a picture of it, else promise to bring the original."""
    ways = {one["way"]: one["type"] for one in reversed(wanted["ways"])}
    asked, version = {"requirement": wanted["code"]}, draft["version"]
    if "declaration" in ways:
        _declare(applicant, path, asked | {"type": ways["declaration"]}, version)
    elif "upload" in ways:
        copy = Upload("copy.png", picture(ways["upload"]), "image/png")
        applicant.upload(f"{path}/uploads", asked | {"type": ways["upload"]}, copy, version=version)
    elif "seen" in ways:
        applicant.post(f"{path}/originals-promises", asked, version=version)
    else:
        raise NotFiled(f"there is no way to prove {wanted['code']}")


def _declare(applicant: Session, path: str, asked: dict[str, str], version: int) -> None:
    """Read the declaration, and sign what was read."""
    text = applicant.get(f"{path}/declarations", **asked)
    applicant.post(f"{path}/declarations", asked | {"readDigest": text["digest"]}, version=version)
