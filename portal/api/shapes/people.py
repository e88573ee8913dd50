"""Shapes of who is who: the account, businesses and mandates, letters, and the check of a certificate."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from portal.api.operations import Listed
from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    Code,
    DateField,
    DateTimeField,
    FileField,
    IntegerField,
    ListField,
    Money,
    Shape,
    UUIDField,
    one_of,
)
from services.core.mandates import ORDINARY, Power
from services.core.states import Role
from services.evidence.queries.claims import STATES
from services.people.queries import Standing


class Account(Shape):
    """Who asks, and what they may ask for."""

    username = CharField()
    name = CharField(source="viewer.display_name")
    role = one_of(Role, source="viewer.role")
    organisation = Code(source="viewer.organisation")
    identified = BooleanField()
    scopes = ListField(child=CharField())


class Business(Shape):
    """A business the account may act for, and by what right."""

    id = UUIDField()
    name = CharField()
    uscc = CharField()
    kind = CharField()
    status = CharField()
    standing = one_of(Standing)


class NewBusinessClaim(Asked):
    """The business whose register names the account's person as its legal representative."""

    uscc = CharField(max_length=30)


class BusinessClaim(Shape):
    """How far a claim is: `asking`, then `bound` with the business's id, `not_named` or `no_business`."""

    id = UUIDField()
    state = one_of(STATES)
    asked_at = DateTimeField()
    business_id = UUIDField(allow_null=True)


class Mandate(Shape):
    """Leave to act for a business or a person: the id of the other one is null."""

    id = UUIDField()
    business_id = UUIDField(allow_null=True)
    business_name = CharField()
    person_id = UUIDField(allow_null=True)
    represented = CharField()
    agent_name = CharField()
    services = ListField(child=Code())
    powers = ListField(child=one_of(Power))
    may_declare = BooleanField()
    most_fee = Money(allow_null=True)
    valid_until = DateField()
    accepted = BooleanField()
    version = IntegerField()


class NewMandate(Asked):
    """Whom to let act for oneself or the business, in what, until when; no service named means every service.

    To sign commitments is asked for by itself, never among the powers. `mostFee`: the highest fee they may commit to.
    """

    business_id = UUIDField(required=False, allow_null=True, default=None)
    agent_username = CharField(max_length=150)
    services = ListField(child=Code(), default=list, max_length=200)
    powers = ListField(child=one_of(ORDINARY), required=False, max_length=len(ORDINARY))
    may_declare = BooleanField(default=False)
    most_fee = Money(required=False, allow_null=True, default=None, min_value=0)
    valid_until = DateField()


class Made(Shape):
    """What was made."""

    id = UUIDField()


class NoticesWanted(Listed):
    """Which page of the inbox."""

    before = UUIDField(required=False)


class Notice(Shape):
    """A letter in the inbox."""

    id = UUIDField()
    kind = CharField()
    title = CharField()
    number = CharField()
    service_name = CharField()
    case_id = UUIDField(allow_null=True)
    application_id = UUIDField(allow_null=True)
    created_at = DateTimeField()
    is_read = BooleanField()


class Letter(Shape):
    """A letter, in the reader's language."""

    number = CharField()
    on = DateField()
    title = CharField()
    paragraphs = ListField(child=CharField())


SHOWN_BY = {"number", "check_code"}


class Shown(Asked):
    """The number and check code that stand on a certificate, or the text of its square code."""

    number = CharField(max_length=100, required=False)
    check_code = CharField(max_length=100, required=False)
    code = CharField(max_length=2000, required=False)

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        """Ask for one whole way of showing it."""
        if "code" not in attrs:
            missing = {name: [_("This field is required.")] for name in SHOWN_BY - attrs.keys()}
            if missing:
                raise ValidationError(missing)
        return attrs


class ShownFile(Asked):
    """The PDF of a certificate."""

    file = FileField()


class StatusPlace(Shape):
    """Where a certificate's status stands: at which index of the status list at which address."""

    index = IntegerField()
    address = CharField()


class Verified(Shape):
    """What anybody who was shown a certificate may learn of it."""

    genuine = BooleanField()
    reason = CharField()
    status = CharField()
    number = CharField()
    type = Code()
    organisation = Code()
    version = IntegerField()
    issued_on = DateField(allow_null=True)
    valid_until = DateField(allow_null=True)
    status_list = StatusPlace(allow_null=True)
