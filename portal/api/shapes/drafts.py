"""Shapes of an application: begun, answered, proved, signed and submitted."""

from typing import Any

from rest_framework.serializers import ValidationError

from portal.api.operations import Listed
from portal.api.shapes import (
    Asked,
    BooleanField,
    CharField,
    ChoiceField,
    Code,
    DateField,
    DateTimeField,
    DictField,
    FileField,
    IntegerField,
    JSONField,
    ListField,
    Said,
    SerializerMethodField,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from portal.api.shapes.catalogue import Fact
from services.core.acting import Done
from services.core.definitions import Mode
from services.core.evidence import Grade, Source, Standing
from services.core.promises import Delivery
from services.evidence.actions import SentFile
from services.evidence.scanning import Scan

STATES = ("draft", "awaiting_signatures", "submitted", "withdrawn")
LANGUAGES = ("en", "zh", "ug")


class ApplicationsWanted(Listed):
    """Which page of the list of open applications."""

    before = UUIDField(required=False)


class ApplicationCard(Shape):
    """An application that is not submitted yet."""

    id = UUIDField()
    number = CharField()
    state = one_of(STATES)
    names = ListField(child=Said())
    changed_at = DateTimeField()
    mine = BooleanField()
    to_sign = BooleanField()


class NewApplication(Asked):
    """What to apply for, and for whom: services, or a bundle with the answers to its situation questions."""

    services = ListField(child=Code(), max_length=20, default=[])
    bundle = Code(required=False, allow_blank=True, default="")
    situation = DictField(child=BooleanField(), default={})
    left_out = ListField(child=Code(), default=[])
    business_id = UUIDField(required=False, allow_null=True, default=None)
    person_id = UUIDField(required=False, allow_null=True, default=None)
    as_guardian = BooleanField(default=False)
    language = ChoiceField(choices=LANGUAGES, default="en")

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Take either: what a bundle's questions choose, or services put together."""
        if bool(asked["services"]) == bool(asked["bundle"]):
            raise ValidationError({"services": ["Name services, or a bundle."]})
        return asked


class QuestionState(Shape):
    """A question, what is known, and whether it holds up filing."""

    fact = Fact()
    needed = BooleanField()
    optional = BooleanField()
    value = JSONField(allow_null=True)
    answered = BooleanField()
    remembered = BooleanField()


class Evidence(Shape):
    """Evidence that settles a requirement: from where, how far to be trusted, what it says."""

    id = UUIDField()
    type = Code()
    name = Said()
    source = one_of(Source)
    grade = one_of(Grade)
    obtained_on = DateField()
    valid_until = DateField(allow_null=True)
    disputed = BooleanField()
    checked = BooleanField()
    facts = DictField(child=JSONField())


class Way(Shape):
    """A way in which the applicant can give what no office holds."""

    type = Code()
    name = Said()
    way = one_of(Source)


class RequirementState(Shape):
    """One thing that must be proved, and how it stands."""

    code = Code()
    name = Said()
    party = Code()
    standing = one_of(Standing)
    evidence = Evidence(many=True)
    ways = Way(many=True)
    original_at = Code()
    deferrable = BooleanField()
    promised_until = DateField(allow_null=True)


class PartyState(Shape):
    """Somebody beside the applicant, and whether they have signed."""

    role = Code()
    name = Said()
    kind = CharField()
    signs = CharField()
    signed = BooleanField()


class Draft(Shape):
    """An application as its applicant sees it."""

    id = UUIDField()
    number = CharField()
    state = one_of(STATES)
    version = IntegerField()
    services = ListField(child=Code())
    names = ListField(child=Said())
    filed_by = CharField()
    business_id = UUIDField(allow_null=True)
    for_person_id = UUIDField(allow_null=True)
    language = CharField()
    questions = QuestionState(many=True)
    requirements = RequirementState(many=True)
    parties = PartyState(many=True)
    fetch_asked = BooleanField()
    fetching = BooleanField()
    confirmed = ListField(child=UUIDField())
    complete = BooleanField()
    unanswered = SerializerMethodField()
    missing = SerializerMethodField()
    changed_at = DateTimeField()

    def get_unanswered(self, view) -> list[str]:
        """Return the facts whose questions hold up filing."""
        return [one.fact.code for one in view.unanswered]

    def get_missing(self, view) -> list[str]:
        """Return the requirements that the applicant has something to give for."""
        return [one.code for one in view.missing]


class DeclarationText(Shape):
    """The text to be read before signing; its digest is what the signature names."""

    text = CharField()
    digest = CharField()
    language = CharField()


class StatementToSign(DeclarationText):
    """A declaration that is made by signing, to be read before."""

    name = Said()


class Invitation(Shape):
    """What somebody is asked to sign, and by whom."""

    id = UUIDField(source="card.id")
    number = CharField(source="card.number")
    state = one_of(STATES, source="card.state")
    names = ListField(child=Said(), source="card.names")
    role = Said()
    applicant = CharField()
    answers = DictField(child=JSONField())
    signed = BooleanField()
    declarations = StatementToSign(many=True)
    version = IntegerField(source="card.version")


class Signature(Asked):
    """A party's signature, with the digests of the declarations that were read."""

    read_digests = ListField(child=CharField(max_length=64), default=list, max_length=50)


class Answers(Asked):
    """Answers by fact; an empty one takes the answer back."""

    answers = DictField(child=JSONField(allow_null=True))


class DeclarationWanted(Asked):
    """Which requirement is to be met by a declaration, of which type."""

    requirement = Code()
    type = Code()


class Signed(DeclarationWanted):
    """The signature under a declaration that was read."""

    read_digest = CharField(max_length=64)


class ConditionsWanted(Asked):
    """Of which service the conditions are committed to."""

    service = Code()


class ConditionsSigned(ConditionsWanted):
    """The signature under a commitment that was read."""

    read_digest = CharField(max_length=64)


class PromiseWanted(Asked):
    """Which requirement is to follow; by which day, if not the last one possible; how it comes."""

    requirement = Code()
    until = DateField(required=False)
    delivery = one_of(Delivery, default=Delivery.UPLOAD)


class PromiseText(Shape):
    """The notice and promise to read: for which day, the last possible one, how it comes or could."""

    language = CharField()
    text = CharField()
    digest = CharField()
    until = DateField()
    last_day = DateField()
    delivery = one_of(Delivery)
    deliveries = ListField(child=one_of(Delivery))


class Promised(Asked):
    """The signature under a promise that was read."""

    requirement = Code()
    until = DateField()
    delivery = one_of(Delivery, default=Delivery.UPLOAD)
    read_digest = CharField(max_length=64)


class Copy(FileField):
    """A file, redrawn here already: that takes its time, and nothing is held meanwhile."""

    def to_internal_value(self, data: Any) -> SentFile:
        """Return the file as it was sent, written anew.

        :raises UploadTooLarge, UploadNotReadable, UploadLocked, UploadTooDetailed:
        """
        file = super().to_internal_value(data)
        sent = SentFile.taken(file, account_id=self.context["request"].user.id)
        if sent.scanned.scan is not Scan.HARMFUL:
            _ = sent.clean
        return sent


class Upload(DeclarationWanted):
    """A copy: a photo (JPEG, PNG) or a PDF; without one, the pages that were sent before are handed in."""

    file = Copy(max_length=300, required=False)


class Given(Shape):
    """The evidence that was given."""

    evidence_id = UUIDField()


class Promise(Asked):
    """The requirement whose original will be shown at the visit that is needed anyway, or not after all."""

    requirement = Code()
    promised = BooleanField(default=True)


class Dispute(Asked):
    """What is wrong with what an office's register says."""

    reason = Words()


class Submission(Asked):
    """File now; with gaps the office asks for what is missing, once."""

    with_gaps = BooleanField(default=False)


class Filed(Shape):
    """What became of the application: its cases, or none while somebody has yet to sign."""

    state = one_of(STATES)
    case_ids = ListField(child=UUIDField())


class PlannedStep(Shape):
    """A step of the route; `takes_place` is null while an answer that decides it is missing."""

    code = Code()
    name = Said()
    organisation = Code()
    mode = one_of(Mode)
    days = IntegerField()
    when = Said()
    takes_place = BooleanField(allow_null=True)


class PlannedProof(Shape):
    """One thing that must be proved."""

    code = Code()
    name = Said()
    party = Code()
    standing = one_of(Standing)


class BothNames(Shape):
    """An agent, and whom they act for."""

    agent = CharField()
    applicant = CharField()


class ActedFor(Shape):
    """One act of an agent."""

    by = BothNames()
    done = one_of(Done)
    at = DateTimeField()


class Plan(Shape):
    """The way one service of the application will go."""

    service = Code()
    name = Said()
    visit = BooleanField(allow_null=True)
    promised_days = IntegerField()
    statutory_days = IntegerField()
    steps = PlannedStep(many=True)
    fetched = PlannedProof(many=True)
    asked = PlannedProof(many=True)
    shown_at_visit = PlannedProof(many=True)
