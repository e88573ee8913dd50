"""The made-up businesses: most are companies; business n is represented in law by resident n."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from portal.sandbox.seeding.chance import Chance
from portal.sandbox.seeding.numbers import business_number
from portal.sandbox.seeding.people import MadeUpPerson, made_up_address
from portal.sandbox.seeding.words import KIND_ENDINGS, SURNAMES, TRADES

OLDEST, YOUNGEST = timedelta(days=9000), timedelta(days=120)


@dataclass(frozen=True, slots=True)
class MadeUpBusiness:
    """A business of the made-up world, the same in every register."""

    index: int
    name: str
    name_latin: str
    number: str
    business_kind: str
    address: str
    phone: str
    born: date
    capital: str
    representative: MadeUpPerson
    traits: frozenset[str]

    kind = "business"

    @property
    def own_facts(self) -> dict[str, object]:
        """Return what is known about the business everywhere alike."""
        return {
            "business.name": self.name,
            "business.name_foreign": self.name_latin,
            "business.uscc": self.number,
            "business.kind": self.business_kind,
            "business.status": "in_operation",
            "business.address": self.address,
            "business.food_premises": self.address,
            "business.fire_checked_premises": self.address,
            "business.phone": self.phone,
            "business.email": f"business-{self.index:04d}@example.org",
            "business.registered_on": self.born.isoformat(),
            "business.capital": self.capital,
            "business.legal_representative": self.representative.name,
            "business.contact_name": self.representative.name,
            "business.owner_names": self.representative.name,
            "business.account_holder": self.name,
        }


def make_businesses(
    chance: Chance, today: date, representatives: Sequence[MadeUpPerson]
) -> list[MadeUpBusiness]:
    """Return the business of each of them, in the order of their codes' numbers."""
    return [_business(chance, today, person) for person in representatives]


def _business(chance: Chance, today: date, representative: MadeUpPerson) -> MadeUpBusiness:
    index = representative.index
    kind = _kind(index)
    name, latin = _name(chance, index, kind)
    return MadeUpBusiness(
        index=index,
        name=name,
        name_latin=latin,
        number=business_number(index, kind),
        business_kind=kind,
        address=made_up_address(chance, "business", index),
        phone=f"0000{9_000_000 + index}",
        born=chance.day(today - OLDEST, today - YOUNGEST, "registered", index),
        capital=f"{chance.between(1, 200, 'capital', index) * 50_000}.00",
        representative=representative,
        traits=frozenset({kind}),
    )


def _kind(index: int) -> str:
    return {8: "sole_trader", 9: "cooperative"}.get(index % 10, "company")


def _name(chance: Chance, index: int, kind: str) -> tuple[str, str]:
    (trade, latin_trade), (ending, latin_ending) = chance.pick(TRADES, "trade", index), KIND_ENDINGS[kind]
    sample, latin_sample = chance.pick(SURNAMES, "sample", index)
    latin = f"{latin_sample} {latin_trade} No. {index} {latin_ending}"
    return f"样本市{sample}{trade}{index}号{ending}", latin
