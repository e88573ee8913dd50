"""Who may see a case is decided in one place: nobody else asks the tables of cases and applications for a viewer."""

import ast
from collections.abc import Iterator

from tests.house.test_house import functions, sources

VISIBILITY = "services/cases/queries/visibility.py"
TABLES = {"Case", "Application"}

# Who reads or writes the tables themselves, and why no viewer's question is answered by it. A new line here is
# reviewed like a new key to the archive.
REVIEWED = {
    # Workers, who see every case and show none.
    "services/cases/actions/routing.py:_due": "the queue of the workers",
    "services/cases/actions/routing.py:_set_aside": "a worker marks the case it holds",
    "services/cases/actions/routing.py:retry_case": "marks by id; asked by the administrator's list of cases set aside",
    "services/cases/actions/gathering.py:_hasten_some": "a worker lets cases ask anew, and shows none",
    "services/cases/actions/gathering.py:_gather_for_draft": "a worker reads the draft that its item names",
    "services/cases/actions/gathering.py:_gather_for_case": "a worker reads the case that its item names",
    "services/cases/actions/reminders.py:_of_promise": "the clock reminds the applicant whose case waits for a promise",
    "services/cases/actions/gathering.py:_tell": "a worker reads the case that its item names",
    "services/cases/actions/mending.py:_application": "a worker reads the application that its request is of",
    "services/cases/actions/harm.py:_keep": "a worker keeps what the scanner said of a copy",
    "services/cases/queries/calls.py:joint_visit": "of an application that the caller has found for the viewer",
    "services/cases/queries/calls.py:_candidates": "of the same applicant's, those that the viewer sees",
    "services/cases/actions/visiting.py:_held": "holds what joint_visit has found",
    "services/cases/actions/receiving.py:_locked": "holds all cases of the application of one that case_for has found",
    "services/cases/actions/drafting.py:discard_idle_drafts": "the clock throws old drafts away",
    "services/cases/actions/acting.py:forget_told_drafts": "the clock forgets what was done in drafts that are gone",
    "services/cases/queries/calls.py:awaited_for": "what a visit is for that the caller has found",
    "services/cases/actions/putting_off.py:put_off_visit": "the clock, and a desk's act, by the appointment it names",
    "services/cases/actions/putting_off.py:wait_longer": "the clock lets a case wait with its application",
    "services/cases/actions/putting_off.py:offer_longer": "the clock lets a case wait while no place has time for it",
    "services/cases/actions/putting_off.py:waiting_in_vain": "the clock looks for visits nobody should come to in vain",
    "services/cases/actions/paying.py:_locked": "the treasury names a bill, and sees nothing of its case",
    "services/cases/actions/calling_off.py:_needed": "says whether an application at hand needs its visit",
    "services/cases/actions/certificates.py:_open_cases_of": "wakes the holder's cases: ids for the queue alone",
    "services/cases/actions/retention.py:warn_idle_drafts": "the clock writes to whoever left a draft",
    "services/cases/actions/retention.py:forget_unused": "the clock deletes what no decision rests on",
    "services/cases/actions/retention.py:empty_old_cases": "the clock deletes what was kept long enough",
    "services/cases/actions/retention.py:_cases_in": "ids of cases that the clock empties",
    "services/cases/queries/rests.py:cases_of": "ids of evidence that others rest on; none of it is told",
    "services/cases/queries/rests.py:left_behind": "ids of emptied applications that the clock clears",
    "services/cases/actions/parties.py:_is_spoken_of": "whether any record needs a business that a draft named",
    "services/cases/actions/checking.py:_look_at_order": "the clock holds the case whose order was not met",
    "services/cases/actions/looking.py:_conclude": "a worker holds the case whose commitment it looked into",
    "services/cases/actions/retention.py:_note": "the clock notes in the record that something was deleted",
    "services/cases/actions/sharing.py:show_certificate": "whoever has the holder's code sees the certificate alone",
    "services/cases/actions/renewing.py:_remind": "the clock writes to the holder of a certificate that ends",
    "services/cases/actions/renewing.py:_is_under_way": "says whether the holder has applied already, to the clock",
    "services/cases/actions/renewing.py:_begun": "finds the viewer's own draft",
    "services/cases/actions/dependants.py:_dependants": "a worker finds what comes after the cases it holds: ids alone",
    "services/cases/actions/dependants.py:wake_dependants": "a worker queues what comes after the cases it holds",
    "services/cases/actions/dependants.py:_queue_later": "a worker queues what comes after the cases it held",
    "services/cases/actions/results.py:_go_on_for": "a worker names the business that the case it holds has founded",
    "services/cases/actions/outcomes.py:_is_over": "whether the application of a case at hand is over",
    "services/cases/actions/outcomes.py:_letter": "all cases of an application that is over, told to who filed it",
    "services/cases/queries/handed_over.py:_cases_of": "of a visit at hand, handed over what came of it",
    "services/cases/actions/asking.py:hold_together": "holds the cases beside one that is found or named",
    "services/cases/actions/asking.py:send_if_due": "the clock, and an officer's look, by the application that is held",
    "services/cases/queries/one_notice.py:_files_together": "whether other offices have looked, for a case at hand",
    "services/cases/queries/earlier.py:kin_of": "how far the other cases of applications at hand are, for the law",
    # What was already seen by the one predicate, and is written or followed from there.
    "services/cases/actions/drafting.py:start_application": "makes the viewer's own",
    "services/cases/actions/drafting.py:_discard": "deletes drafts that open_draft or the clock has found",
    "services/cases/actions/submission.py:_enter": "makes the cases of the viewer's own application",
    "services/cases/actions/certificates.py:_write_down": "writes to the case whose certificate the office may change",
    "services/cases/actions/accepting.py:decline_case": "writes to the case of the officer's open task",
    "services/cases/actions/reading.py:_of_certificate": "the law of the service that issued it; nothing is returned",
    "services/cases/actions/reading.py:_withheld": "whom a refused look was about; nothing of it is returned",
    "services/cases/actions/reading.py:_who_come": "of appointments that the desk was shown",
    "services/cases/actions/reading.py:open_visit_copy": "of an appointment that the desk was shown",
    "services/cases/actions/questioning.py:_forget_remembered": "the case whose deletion is granted; nothing is told",
    "services/cases/actions/questioning.py:_lead_of": "the office that leads a matter which the viewer has seen",
    "services/cases/queries/questions.py:desk_question": "the case of a reading that the office was asked about",
    "services/cases/queries/readings.py:_applications_of": "ids alone, held against the one predicate at once",
    "services/cases/queries/readings.py:_ids_of_matter": "ids of an application that the predicate has shown",
    "services/cases/queries/copies.py:whose": "ids of cases of the viewer's own applications",
    "services/cases/queries/statements.py:statements_to_sign": "reads a second copy of the application at hand",
    "services/cases/queries/at_counter.py:_awaited": "of whoever stands before the officer, through the one predicate",
    "services/cases/actions/not_done.py:_note": "holds the case of a report that case_for, or another hand, has found",
    "services/cases/queries/ratings.py:cases_of_visit": "of a visit of the viewer's own, or that the desk closes",
    "services/cases/queries/visits.py:open_counter_cases": "of an application, or an appointment, seen before",
    "services/cases/queries/visits.py:counter_cases_of": "of applications whose appointments were seen before",
    "services/cases/queries/visits.py:visit_version": "adds up versions for an appointment seen before",
    # What is said of all cases together, or to whoever sits at the machine.
    "services/cases/queries/counting.py:_add_cases": "public figures: counts, of everybody",
    "services/cases/queries/counting.py:_add_closed": "public figures: counts, of everybody",
    "services/cases/queries/counting.py:_add_days": "public figures: counts, of everybody",
    "portal/benchmark.py:route_all": "a command on a database of its own",
    "portal/benchmark.py:report": "a command on a database of its own",
    "services/cases/queries/records.py:record_by_number": "a command at the machine itself",
    "services/cases/queries/records.py:_slice": "a command at the machine itself verifies every record",
    "services/cases/queries/records.py:_verified": "by id, after case_for or at the machine; says no more than “whole”",
    "services/cases/queries/records.py:_without_a_case": "a command at the machine itself",
}  # fmt: skip


def askings(tree: ast.Module) -> Iterator[str]:
    """Yield the function around every mention of a manager of one of the tables, or of the table by another way."""
    around = {id(node): one.name for one in functions(tree) for node in ast.walk(one)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager", "_base_manager"):
            if isinstance(node.value, ast.Name) and node.value.id in TABLES:
                yield around.get(id(node), "")
        elif isinstance(node, ast.Call) and _names_a_table(node):
            yield around.get(id(node), "")


def _names_a_table(call: ast.Call) -> bool:
    """Return whether a table is handed to something that finds rows: get_object_or_404(Case), ListView(model=Case)."""
    name = ast.unparse(call.func).rpartition(".")[2]
    given = [*call.args, *(word.value for word in call.keywords)]
    handed = any(isinstance(one, ast.Name) and one.id in TABLES for one in given)
    return name in ("get_object_or_404", "get_list_or_404", "QuerySet", "as_view") and handed


def every_asking() -> set[str]:
    """Return who asks the tables, as `file:function`."""
    return {
        f"{name}:{function}"
        for name, tree in sources().items()
        if name != VISIBILITY
        for function in askings(tree)
    }


def imported_from(tree: ast.Module, module: str) -> set[str]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module)
    return {alias.name for node in found if node.module.startswith(module) for alias in node.names}


def test_nobody_asks_the_tables_but_the_predicate_and_those_who_were_reviewed():
    assert every_asking() - REVIEWED.keys() == set()


def test_whoever_was_reviewed_still_asks():
    assert REVIEWED.keys() - every_asking() == set()


def test_no_door_knows_the_tables_at_all_but_the_list_of_cases_set_aside():
    doors = ("portal/public/", "portal/citizen/", "portal/clerk/", "portal/api/", "portal/management/")
    knowing = [
        name
        for name, tree in sources().items()
        if name.startswith(doors) and TABLES & imported_from(tree, "services.cases.models")
    ]

    assert knowing == ["portal/clerk/admin.py"]


def test_whoever_answers_a_viewer_outside_the_predicate_has_seen_the_thing_before():
    """No reviewed act takes a viewer and an id of its own and asks the table for it."""
    takes_both = [
        f"{name}:{one.name}"
        for name, tree in sources().items()
        for one in functions(tree)
        if f"{name}:{one.name}" in REVIEWED and {"viewer", "case_id"} <= _taken(one)
    ]

    assert takes_both == []


def _taken(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
