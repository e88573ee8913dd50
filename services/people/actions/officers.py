"""Accounts of officers: made by an operator, never by signing up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from services.core.refusal import Kind, Refusal
from services.core.states import STAFF, Role
from services.people.models import Account


class NoOfficersRole(Refusal):
    """Applicants come by the identity provider; workers have no account."""

    code = "no_officers_role"
    sentence = "“{role}” is not a role of an officer: clerk, reviewer, supervisor or administrator."


class OfficeNeeded(Refusal):
    """Clerks, reviewers and supervisors work in an office; an administrator works in none."""

    code = "office_needed"
    sentence = "Name the office of a clerk, reviewer or supervisor, and none for an administrator."


class UsernameTaken(Refusal):
    """The name belongs to somebody else."""

    code = "username_taken"
    kind = Kind.CONFLICT
    sentence = "“{username}” is the name of another account."


@dataclass(frozen=True, slots=True, kw_only=True)
class Officer:
    """An officer: what they sign in as, in which role, for which office, and the name under their decisions."""

    username: str
    role: Role
    organisation: str
    name: str


@transaction.atomic
def enroll_officers(*, officers: Sequence[Officer], password: str) -> int:
    """Make the accounts that are not there yet, with this first password, and return how many were made.

    An account that is there stays as it is, with its password.

    :raises NoOfficersRole, OfficeNeeded:
    :raises UsernameTaken: if an account of this name has another role or office.
    """
    for officer in officers:
        _check(officer)
    known = {
        row.username: row for row in Account.objects.filter(username__in=[one.username for one in officers])
    }
    for officer in officers:
        before = known.get(officer.username)
        if before and (before.role, before.organisation) != (officer.role, officer.organisation):
            raise UsernameTaken(username=officer.username)
    hashed = make_password(password)
    rows = [_account(one, hashed) for one in officers if one.username not in known]
    return len(Account.objects.bulk_create(rows))


def _check(officer: Officer) -> None:
    if officer.role not in STAFF | {Role.ADMINISTRATOR}:
        raise NoOfficersRole(role=officer.role)
    if bool(officer.organisation) != (officer.role in STAFF):
        raise OfficeNeeded


def _account(officer: Officer, hashed: str) -> Account:
    configures = officer.role is Role.ADMINISTRATOR
    return Account(
        username=officer.username,
        role=officer.role,
        organisation=officer.organisation,
        name=officer.name,
        password=hashed,
        is_staff=configures,
        is_superuser=configures,
    )
