"""Who may make an account: administrators for staff, the identity provider for everybody else."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Passwords belong to staff, so nobody signs up with one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Refuse sign-up by password."""
        return False


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Whoever the identity provider vouches for gets an account at the first sign-in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Welcome everybody the identity provider sends."""
        return True
