"""What a token may be used for: at most what the role of its account allows."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from services.core.states import Role


class Scope(StrEnum):
    """What a program may do in somebody's name."""

    CATALOGUE_READ = "catalogue:read"
    APPLICATIONS_WRITE = "applications:write"
    CASES_READ = "cases:read"
    TASKS_WORK = "tasks:work"
    STATISTICS_READ = "statistics:read"
    CLOCK_MOVE = "clock:move"


_OFFICE = frozenset({Scope.CATALOGUE_READ, Scope.CASES_READ, Scope.TASKS_WORK})
SCOPES_OF: Mapping[Role, frozenset[Scope]] = {
    Role.APPLICANT: frozenset({Scope.CATALOGUE_READ, Scope.APPLICATIONS_WRITE, Scope.CASES_READ}),
    Role.CLERK: _OFFICE,
    Role.REVIEWER: _OFFICE,
    Role.SUPERVISOR: _OFFICE | {Scope.STATISTICS_READ},
    Role.ADMINISTRATOR: frozenset({Scope.CATALOGUE_READ, Scope.STATISTICS_READ, Scope.CLOCK_MOVE}),
}


def scopes_of(user: Any, token: Any) -> frozenset[Scope]:
    """Return what a request may do: all that the role allows in a session, with a token no more than it carries."""
    allowed = SCOPES_OF[Role(user.role)]
    return allowed if token is None else allowed & frozenset(token.get_scopes())


class HasScope(BasePermission):
    """Lets a request in whose account and token have the scope of the resource; public resources have none."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the request may do this."""
        wanted = scope_for(view, request.method or "")
        if wanted is None:
            return True
        return bool(request.user.is_authenticated) and wanted in scopes_of(request.user, request.auth)


def scope_for(view: Any, method: str) -> Scope | None:
    """Return the scope that a method of the resource needs."""
    scope = getattr(view, "scope", None)
    return scope.get(method) if isinstance(scope, Mapping) else scope
