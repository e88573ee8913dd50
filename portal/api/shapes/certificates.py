"""Shapes of certificates at the office that issued them, and of the changes it makes to whether they hold."""

from portal.api.shapes import (
    Asked,
    CharField,
    Cited,
    Code,
    DateField,
    DateTimeField,
    DictField,
    IntegerField,
    JSONField,
    ListField,
    Said,
    Shape,
    UUIDField,
    Words,
    one_of,
)
from services.core.grounds import GROUNDS, Change


class KeptCertificate(Shape):
    """A certificate as its office keeps it; `may` tells which changes this officer can make. Of its content nothing."""

    number = CharField(source="certificate.number")
    version = IntegerField(source="certificate.version")
    type = Code(source="certificate.type")
    name = Said()
    organisation = Code(source="certificate.organisation")
    case_id = UUIDField()
    case_number = CharField()
    status = CharField(source="certificate.status")
    status_at = DateTimeField(source="certificate.status_at")
    status_ground = CharField(source="certificate.status_reason")
    status_legal_basis = Cited(source="certificate.status_legal_basis")
    issued_on = DateField(source="certificate.issued_on")
    valid_until = DateField(source="certificate.valid_until", allow_null=True)
    may = ListField(child=one_of(Change))


class SealKey(Shape):
    """A public key (RFC 7517), and from when to when it sealed; `y` only of keys of the kind EC."""

    kty = CharField(source="jwk.kty")
    crv = CharField(source="jwk.crv")
    x = CharField(source="jwk.x")
    y = CharField(source="jwk.y", required=False)
    kid = CharField(source="jwk.kid")
    alg = CharField(source="jwk.alg")
    use = CharField(source="jwk.use")
    first_used_at = DateTimeField()
    retired_at = DateTimeField(allow_null=True)


class SealKeys(Shape):
    """Every key that has sealed certificates, the newest first."""

    keys = ListField(child=SealKey())


class NewStatus(Asked):
    """On which law the change rests, and why, in words for the holder."""

    legal_basis = Words(most=300)
    explanation = Words()


class Revocation(NewStatus):
    """Why a certificate is revoked."""

    ground = one_of(GROUNDS[Change.REVOCATION])


class Suspension(NewStatus):
    """Why a certificate is suspended."""

    ground = one_of(GROUNDS[Change.SUSPENSION])


class Reinstatement(NewStatus):
    """Why a certificate is put back into force."""

    ground = one_of(GROUNDS[Change.REINSTATEMENT])


class Cancellation(NewStatus):
    """Why a certificate is cancelled."""

    ground = one_of(GROUNDS[Change.CANCELLATION])


class SharingCode(Shape):
    """A sharing code, told this once."""

    id = UUIDField()
    code = CharField()
    ends_at = DateTimeField()


class Sharing(Asked):
    """The number of a certificate, and the code its holder gave."""

    number = CharField(max_length=100)
    sharing_code = CharField(max_length=100)


class ShownCertificate(Shape):
    """What stands on a certificate, for whoever has its sharing code."""

    number = CharField(source="certificate.number")
    version = IntegerField(source="certificate.version")
    type = Code(source="certificate.type")
    name = Said()
    organisation = Code(source="certificate.organisation")
    holder_name = CharField()
    status = CharField(source="certificate.status")
    issued_on = DateField(source="certificate.issued_on")
    valid_until = DateField(source="certificate.valid_until", allow_null=True)
    content = DictField(child=JSONField())


class StatusList(Shape):
    """A list of which certificates still hold, and where it is found."""

    number = IntegerField()
    address = CharField()
