"""Who may make an account, and whose it is: administrators for staff, the identity provider for everybody else."""

from datetime import date
from typing import Any
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_username
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_noop

from portal.refusals import refusal_page
from services import clock
from services.cases.actions import parties
from services.core.refusal import Kind, Refusal
from services.core.states import Role
from services.people import actions, queries
from services.people.identifiers import IdentifierKind

Claims = dict[str, Any]


class NotVouchedFor(Refusal):
    """The identity provider did not say who signs in."""

    code = "not_vouched_for"
    kind = Kind.FORBIDDEN
    sentence = gettext_noop(
        "The identity provider did not say who you are. Sign in once more, or ask at the counter."
    )


class AccountAdapter(DefaultAccountAdapter):
    """Passwords belong to staff, so nobody signs up with one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up by password."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead officers to their desk and administrators to the configuration; others choose for themselves."""
        role = Role(request.user.role)
        if role.is_staff:
            return reverse("clerk:queue")
        return (
            reverse("admin:index") if role is Role.ADMINISTRATOR else super().get_login_redirect_url(request)
        )


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Whoever the identity provider vouches for gets an account, bound to that person, at the first sign-in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Welcome everybody the identity provider sends."""
        return True

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Claims) -> Any:
        """Take the claims out of what is about to be stored; of them the account keeps its name to sign in by."""
        told = sociallogin.account.extra_data
        sociallogin.identity_claims = {**told.get("id_token", {}), **told.get("userinfo", {})}
        sociallogin.account.extra_data = {}
        user_username(sociallogin.user, data.get("username") or "")
        return sociallogin.user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Bind an account that was here before, or see that it is still the same person's."""
        if sociallogin.is_existing:
            self._bind(request, sociallogin)

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> Any:
        """Make the account and bind it: both, or neither."""
        user = super().save_user(request, sociallogin, form)
        self._bind(request, sociallogin)
        return user

    def _bind(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        try:
            bind_claims(account_id=sociallogin.user.id, claims=sociallogin.identity_claims)
        except Refusal as refusal:
            raise ImmediateHttpResponse(refusal_page(request, refusal)) from refusal


def bind_claims(*, account_id: UUID, claims: Claims) -> None:
    """Bind the account to the person the claims name, and hand over the invitations that wait for them.

    :raises NotVouchedFor: if the claims do not say who it is.
    :raises services.people.actions.AccountBoundElsewhere, NotForStaff: see there.
    """
    actions.bind_account(account_id=account_id, identity=_identity(claims), now=clock.now())
    parties.invited(viewer=queries.account(account_id), now=clock.now())


def _identity(claims: Claims) -> actions.Identity:
    try:
        return actions.Identity(
            number=str(claims["identity_number"]),
            document_kind=IdentifierKind(claims["document_kind"]),
            full_name=str(claims["name"]),
            birth_date=date.fromisoformat(claims["birthdate"]),
        )
    except (KeyError, ValueError, TypeError) as error:
        raise NotVouchedFor from error
