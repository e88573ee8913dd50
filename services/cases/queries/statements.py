"""What a co-signer declares by signing: each text as it stands today, read before the signature names it (R4.6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from services import clock
from services.cases.models import Application
from services.cases.queries.casefiles import holders_of
from services.cases.queries.drafts import files_of
from services.catalogue import queries as catalogue
from services.core.casefile import CaseFile
from services.core.evidence import Source, Standing
from services.core.facts import Holder, Texts, Value
from services.core.reference import EvidenceType
from services.evidence.queries import DeclarationText, Declared, compose_declaration
from services.people import queries as people


@dataclass(frozen=True, slots=True)
class StatementToSign:
    """A declaration that is a co-signer's to make, in their own name (R4.12)."""

    kind: EvidenceType = field(hash=False)
    holder: Holder
    content: DeclarationText
    facts: Mapping[str, Value] = field(hash=False, repr=False)

    @property
    def name(self) -> Texts:
        """Return what it is called."""
        return self.kind.name

    @property
    def text(self) -> str:
        """Return its words, in the application's language."""
        return self.content.text

    @property
    def digest(self) -> str:
        """Return the digest that the signature names."""
        return self.content.digest

    @property
    def language(self) -> str:
        """Return the language of its words."""
        return self.content.language


def statements_to_sign(application: Application, role: str, *, on: date) -> tuple[StatementToSign, ...]:
    """Return what the party declares by signing on this day; nothing where an office can tell instead (R3.1)."""
    rows = Application.objects.select_related("person", "business").prefetch_related("parties__business")
    signed = rows.get(id=application.id)
    for party in signed.parties.all():
        # On a copy of our own: read as it will stand when they have signed, so that they sign what they read.
        if party.role == role:
            party.signed_at = party.signed_at or clock.now()
    found = [one for file in files_of(signed, on=on) for one in _statements(signed, file, role)]
    return tuple({(one.kind.code, one.holder): one for one in reversed(found)}.values())


def _statements(application: Application, file: CaseFile, role: str) -> Iterator[StatementToSign]:
    holders = holders_of(application)
    for code in _declarable(file, role):
        kind = file.definition.evidence_types[code]
        holder = holders.of(kind, role)
        if holder is not None:
            yield StatementToSign(kind, holder, _text(application, file, kind, holder), file.facts)


def _declarable(file: CaseFile, role: str) -> Iterator[str]:
    for one in file.settlements.values():
        requirement = file.definition.requirement[one.requirement]
        if requirement.party == role and one.standing is Standing.OPEN:
            yield from (kind for kind, way in one.asks[:1] if way is Source.DECLARATION)


def _text(application: Application, file: CaseFile, kind: EvidenceType, holder: Holder) -> DeclarationText:
    declared = Declared(
        type=kind,
        matter=file.definition.name,
        legal_basis=catalogue.cited([*file.definition.legal_basis, kind.basis], application.language),
        signatory=people.holder_name(holder),
        on=file.on,
        exempt=file.definition.commitments.exempt,
        number=application.number,
    )
    return compose_declaration(declared, application.language)
