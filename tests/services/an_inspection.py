"""A tower that an inspector looks at, who sees the original of what was sent as a copy."""

from services.cases.actions import handling
from services.cases.models import Case
from services.people.queries import AccountView
from tests.services.a_matter import begin, give, noon, officer, submit, task_of, work
from tests.services.a_register import Register, says

TOWER = {"application.works": "a tower", "application.height": 30}


def a_tower(prefecture: Register, ayshe: AccountView) -> Case:
    """Return it, filed and reviewed: no register knows its applicant, whose card came in as a copy."""
    prefecture.answers["/registers/id-card/query"] = [says({"answer": "no_record"})]
    application = begin(ayshe, "works-permit", TOWER)
    give(ayshe, application)
    case = submit(ayshe, application)
    handling.accept_case(viewer=officer("works-office"), task_id=task_of(case, "acceptance"), now=noon(3))
    for office in ("works-office", "records-office"):
        task = case.tasks.get(kind="review", organisation=office, closed_at__isnull=True)
        handling.complete_task(viewer=officer(office), task_id=task.id, favorable=True, now=noon(4))
        work(noon(4))
    return case


def inspect(case: Case, seen: list[str]) -> None:
    """Have two officers look at it, who are shown these originals."""
    second = officer("works-office", name="second")
    handling.complete_task(
        viewer=officer("works-office"), task_id=task_of(case, "inspection"), favorable=True,
        second_officer_id=second.id, originals_seen=seen, now=noon(5),
    )  # fmt: skip
    work(noon(5))
