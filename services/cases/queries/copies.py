"""Everything that is kept about one person, collected from every room: what a copy of one's own data holds (R15.9).

Left out is what is not theirs: who else's account did something, keyed hashes, seals and secrets; of readings what
belongs to somebody else's matter (`readings`).
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import BinaryField, Field, ForeignKey, Model, Q

from services.cases.models import Case, PersonalCopy
from services.cases.personal import OF_ALL_ROOMS
from services.cases.queries.readings import my_readings
from services.cases.queries.visibility import visible_applications
from services.core.personal import Whose
from services.core.refusal import Kind, Refusal
from services.ledger.models import Reading
from services.notices import queries as notices
from services.notices.models import Notice
from services.people.models import Account
from services.people.queries import AccountView

SLICE = 500
# Hashes, seals and secrets say nothing about anybody, and open doors.
LEFT_OUT = frozenset(
    {"password", "digest", "previous", "signature", "ledger_head", "stored_as", "check_code"}
)
# Whom these name is somebody else, unless it is the person.
WHO = frozenset(
    {
        "actor_id",
        "checked_by",
        "status_by",
        "received_by",
        "uploaded_by",
        "sent_by",
        "signed_by",
        "account_id",
    }
)


class NoSuchCopy(Refusal):
    """There is no such copy, it is somebody else's, or its time is over."""

    code = "no_such_copy"
    kind = Kind.MISSING
    sentence = "There is no such copy, or not any more. Ask for a new one."


@dataclass(frozen=True, slots=True)
class CopyView:
    """A copy as its owner sees it: being made, there until a day, or deleted."""

    id: UUID
    asked_at: Any
    made_at: Any
    until: Any
    size: int
    sha256: str
    here: bool


def my_copies(*, viewer: AccountView) -> tuple[CopyView, ...]:
    """Return the account's copies, the latest first."""
    rows = PersonalCopy.objects.filter(account=viewer.id).order_by("-asked_at")[:20]
    return tuple(_view(row) for row in rows)


def copy_for(viewer: AccountView, copy_id: UUID) -> PersonalCopy:
    """Return the copy, if it is the account's and still there.

    :raises NoSuchCopy: otherwise.
    """
    found = PersonalCopy.objects.filter(account=viewer.id, id=copy_id).exclude(stored_as="").first()
    if found is None:
        raise NoSuchCopy
    return found


def _view(row: PersonalCopy) -> CopyView:
    return CopyView(row.id, row.asked_at, row.made_at, row.until, row.size, row.sha256, bool(row.stored_as))


def whose(viewer: AccountView) -> Whose:
    """Return what the person of the account is known by."""
    accounts = {viewer.id}
    if viewer.person_id is not None:
        accounts |= set(Account.objects.filter(person_id=viewer.person_id).values_list("id", flat=True))
    # What was filed for a business is the business's, and what was filed for another person is theirs.
    theirs = Q(for_person__isnull=True) | Q(for_person=viewer.person_id)
    own = visible_applications(viewer).filter(theirs, business__isnull=True).values_list("id", flat=True)
    cases = Case.objects.filter(application_id__in=list(own)).values_list("id", flat=True)
    return Whose(
        person_id=viewer.person_id, account_ids=accounts, application_ids=list(own), case_ids=list(cases)
    )


def sections(viewer: AccountView) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """Yield every kind of record with its rows, each as plain values; one that has none is there all the same."""
    about = whose(viewer)
    for model, belongs in OF_ALL_ROOMS.items():
        if model is not Reading:
            rows = model.objects.filter(belongs(about)).distinct()
            yield _called(model), (_plain(row, about) for row in rows.iterator(SLICE))
    yield _called(Reading), _readings(viewer)


def _called(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural).replace(" ", "-")


def _plain(row: Model, about: Whose) -> dict[str, Any]:
    plain = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if _told(one)}
    for name in [name for name in plain if name in WHO or _names_an_account(row, name)]:
        if plain[name] not in about.account_ids:
            plain.pop(name)
    if "application_id" in plain and plain["application_id"] not in about.application_ids:
        plain.pop("application_id")  # somebody else's matter
    if isinstance(row, Notice):
        plain["text"] = _text(row)
    return json.loads(json.dumps(plain, cls=DjangoJSONEncoder))


def _told(field: "Field[Any, Any]") -> bool:
    hashed = field.attname.endswith("_index") or field.attname in LEFT_OUT
    return not hashed and not isinstance(field, BinaryField) and hasattr(field, "attname")


def _names_an_account(row: Model, name: str) -> bool:
    field = next(one for one in row._meta.concrete_fields if one.attname == name)
    return isinstance(field, ForeignKey) and field.related_model is Account


def _text(letter: Notice) -> list[str]:
    try:
        found = notices.letter(letter.id, letter.account_id, letter.account.language)
    except notices.NoSuchLetter:  # it was for a business that the account stands for no more (R11.2)
        return []
    return [found.title, *found.paragraphs]


def _readings(viewer: AccountView) -> Iterator[dict[str, Any]]:
    if viewer.person_id is None:
        return
    before: int | None = None
    while found := my_readings(viewer=viewer, before=before, limit=SLICE):
        for one in found:
            told = {name: value for name, value in asdict(one.view).items() if name != "actor_id"}
            yield json.loads(json.dumps(told, cls=DjangoJSONEncoder))
        before = found[-1].id
