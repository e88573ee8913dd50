"""The stock admin, for configuration: what is published, where people come, who works here, what was set aside.

It shows no answers and no personal data, and changes no case but by the house's own act. Nothing encrypted opens here
at all: an administrator has no purpose for which it could be recorded, and there is no way around that.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_lazy

from services import clock
from services.cases.actions.routing import retry_case
from services.cases.models import Case
from services.catalogue.models import Bundle, Organisation, Programme, PublicService, ServiceVersion
from services.core.states import Role
from services.ledger.looking import an_officer_looks
from services.people.models import Account
from services.visits.models import Centre

View = Callable[..., HttpResponse]

# Signing in is allauth's alone: its limits on guessing and its second factors hold here too.
admin.site.login = secure_admin_login(admin.site.login)
admin.site.unregister(Group)

_unwatched = admin.site.admin_view


def watched(view: View, cacheable: bool = False) -> View:
    """Let the stock admin show a page only as far as nothing personal is opened for it."""
    page = _unwatched(view, cacheable)

    @wraps(page)
    def shown(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        with an_officer_looks():
            answer = page(request, *args, **named)
            return answer.render() if hasattr(answer, "render") else answer

    return shown


admin.site.admin_view = watched

STAFF = [role.value for role in Role if role.is_staff or role is Role.ADMINISTRATOR]


class ReadOnly(admin.ModelAdmin):
    """A list to look at: it comes from the catalogue's folder, and changes by publishing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Allow nobody to add a row by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody to change a row by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody to delete a row."""
        return False


@admin.register(Organisation, Programme, Bundle)
class ListOfCatalogue(ReadOnly):
    """Offices, programmes and bundles, as the catalogue has them."""


@admin.register(PublicService)
class PublicServiceList(ReadOnly):
    """Services, and which version of each is current."""

    list_display = ("code", "programme", "organisation", "current")
    list_filter = ("programme", "organisation")
    search_fields = ("code",)


@admin.register(ServiceVersion)
class ServiceVersionList(ReadOnly):
    """Every version ever published: its proof, and what it was published from."""

    list_display = ("service", "number", "badge", "visits", "papers", "days", "published_at")
    list_filter = ("badge",)
    search_fields = ("service__code",)


@admin.register(Centre)
class CentreList(ReadOnly):
    """Where people come."""

    list_display = ("code", "is_open")


@admin.register(Account)
class StaffAccounts(UserAdmin):
    """Accounts of officers and administrators; an applicant's account is nobody's business here."""

    list_display = ("username", "name", "role", "organisation", "is_active", "last_login")
    list_filter = ("role", "organisation", "is_active")
    search_fields = ("username", "name")
    ordering = ("organisation", "username")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("At work"), {"fields": ("name", "role", "organisation", "language", "is_active")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
        (gettext_lazy("At work"), {"fields": ("name", "role", "organisation", "language")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Account]:
        """Return staff alone."""
        return super().get_queryset(request).filter(role__in=STAFF)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        """Offer the roles of staff, and no other."""
        if db_field.name == "role":
            more["choices"] = [(role, role) for role in STAFF]
        return super().formfield_for_dbfield(db_field, request, **more)

    def save_model(self, request: HttpRequest, obj: Account, form: Any, change: bool) -> None:
        """Let administrators, and nobody else, into these pages."""
        obj.is_staff = obj.is_superuser = obj.role == Role.ADMINISTRATOR
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow nobody to delete an account: what it signed stays signed. It is made inactive instead."""
        return False


@admin.register(Case)
class CasesSetAside(ReadOnly):
    """Cases that no worker could move, by number and reason alone; they can be tried again."""

    list_display = ("number", "service", "organisation", "state", "received_on", "needs_attention")
    list_filter = ("organisation",)
    fields = ("number", "service", "organisation", "state", "received_on", "needs_attention")
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Case]:
        """Return what was set aside, and no other case."""
        return super().get_queryset(request).exclude(needs_attention="")

    @admin.action(description=gettext_lazy("Try again"))
    def try_again(self, request: HttpRequest, chosen: QuerySet[Case]) -> None:
        """Put the cases back into the workers' queue."""
        for case_id in list(chosen.values_list("id", flat=True)):
            retry_case(case_id=case_id, now=clock.now())
        messages.success(request, gettext("The cases are tried again now."))
