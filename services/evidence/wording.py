"""The words of statements and commitments: what the applicant reads, signs, and can read again years later.

A change of these words is a new WORDING; what was signed is kept as it was (R4.6).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256

from services.catalogue.wording import FALLBACKS, short_code
from services.core.evidence import commitment_needed
from services.core.facts import Texts
from services.core.reference import EvidenceType

WORDING = 2

STATEMENT: Texts = {
    "en": """{name}

{states}
{facts}
I answer for the truth of what I state here.

Signed: {signatory}, {on}""",
    "zh": """{name}

{states}
{facts}
本人对上述内容的真实性负责。

签名：{signatory}，{on}""",
}

# R4.4: what the notice must hold, all of it. R4.5: what the commitment must hold, all of it.
COMMITMENT: Texts = {
    "en": """Notice
1. Matter: {matter}.
2. Legal basis: {basis}.
3. What is to be proved: {name}. It would show that this is true: {states}
4. How to commit: read this notice and sign below, or choose at any time to hand in the proof instead. \
You lose nothing by that choice.
5. If the commitment is untrue: handling stops; what was granted is to be put right in a set time or is \
revoked; and you may be liable under civil, administrative and criminal law.
6. The office may check what you commit to, before and after its decision; it looks into registers first.{exempt}
7. {published}
8. You may withdraw the commitment at any time before the decision.

Commitment
I have read this notice and understand it.
I meet the conditions, and this is true: {states}
{facts}
I accept liability if it is untrue.
This is my own true will.

Signed: {signatory}, {on}""",
    "zh": """告知书
一、事项名称：{matter}。
二、设定依据：{basis}。
三、证明内容：{name}。该证明应当表明：{states}
四、承诺方式：阅读本告知书后在下方签名；也可以随时选择提交证明材料，选择提交材料不会受到任何不利对待。
五、不实承诺的法律责任：终止办理；已经作出决定的，责令限期整改，逾期未整改的撤销决定；并依法承担民事、行政、刑事责任。
六、行政机关有权在作出决定前后核查承诺内容，核查时首先使用机关自身掌握的登记信息。{exempt}
七、{published}
八、作出决定前，可以随时撤回承诺。

承诺书
本人已经阅读并理解上述告知内容。
本人符合条件，以下内容属实：{states}
{facts}
本人愿意承担不实承诺的法律责任。
以上承诺是本人真实意思的表示。

签名：{signatory}，{on}""",
}

# R4.4: whether it is made public, to whom, and for how long.
NOT_PUBLIC: Texts = {"en": "The commitment is not made public.", "zh": "本承诺书不向社会公开。"}
PUBLIC: Texts = {
    "en": "The commitment is made public to {to}, for {days} days; nothing else of your application is.",
    "zh": "本承诺书向{to}公开，公开期限为{days}日；申请的其他内容不公开。",
}
NUMBER: Texts = {"en": "\nApplication: {number}", "zh": "\n申请编号：{number}"}
# R4.9: where nothing is checked afterwards, the notice says so.
EXEMPT: Texts = {
    "en": " After the decision nothing is checked: {why}",
    "zh": "作出决定后免予核查：{why}",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is declared: of which type, for which matter, with which answers, by whom, on which day.

    `legal_basis` is told in the language of the text; `facts` are the answers declared, each with its label, as
    they are shown; `number` is that of the application, so that no signature serves another. `exempt`: why the matter
    is exempt from checks after the decision, if it is.
    """

    type: EvidenceType = field(hash=False)
    matter: Texts = field(hash=False)
    legal_basis: Sequence[str] = ()
    facts: Sequence[tuple[Texts, str]] = field(default=(), repr=False)
    signatory: str = field(repr=False)
    on: date
    exempt: Texts = field(default_factory=dict, hash=False)
    number: str = ""


@dataclass(frozen=True, slots=True)
class DeclarationText:
    """The text to read and sign, and its digest, which the signature names."""

    language: str
    text: str = field(repr=False)

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the text, as 64 hexadecimal digits."""
        return sha256(self.text.encode()).hexdigest()


def compose_declaration(declared: Declared, language: str) -> DeclarationText:
    """Return the text of the statement, or of notice and commitment, in English or Chinese (R4.4-R4.6)."""
    tongue = next(one for one in FALLBACKS[short_code(language)] if one in STATEMENT)
    template = COMMITMENT if commitment_needed(declared.type) else STATEMENT
    lines = (f"- {label[tongue]}: {value}" for label, value in declared.facts)
    text = template[tongue].format(
        name=declared.type.name[tongue],
        matter=declared.matter[tongue],
        basis="; ".join(dict.fromkeys(declared.legal_basis)),
        states=declared.type.states[tongue],
        facts="\n".join(lines),
        signatory=declared.signatory,
        on=declared.on.isoformat(),
        published=_published(declared.type, tongue),
        exempt=EXEMPT[tongue].format(why=declared.exempt[tongue]) if declared.exempt else "",
    )
    return DeclarationText(
        tongue, text + (NUMBER[tongue].format(number=declared.number) if declared.number else "")
    )


def _published(kind: EvidenceType, tongue: str) -> str:
    if kind.published is None:
        return NOT_PUBLIC[tongue]
    return PUBLIC[tongue].format(to=kind.published.to[tongue], days=kind.published.days)
