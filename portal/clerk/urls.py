"""Addresses of the desk."""

from django.urls import path

from portal.clerk import (
    case,
    certificates,
    checks,
    files,
    identity,
    limits,
    promises,
    queue,
    serving,
    supervising,
    visits,
    work,
    writing,
)

app_name = "clerk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("next/", queue.take_next, name="take_next"),
    path("tasks/<uuid:task_id>/claim/", queue.claim, name="claim"),
    path("tasks/<uuid:task_id>/release/", queue.release, name="release"),
    path("cases/<uuid:case_id>/", case.case, name="case"),
    path("cases/<uuid:case_id>/copies/<uuid:evidence_id>/", files.copy, name="copy"),
    path("cases/<uuid:case_id>/pause/", limits.pause, name="pause"),
    path("cases/<uuid:case_id>/resume/", limits.resume, name="resume"),
    path("cases/<uuid:case_id>/extend/", limits.extend, name="extend"),
    path("cases/<uuid:case_id>/days/", limits.days, name="days"),
    path("cases/<uuid:case_id>/record/", limits.record, name="record"),
    path("tasks/<uuid:task_id>/accept/", work.accept, name="accept"),
    path("tasks/<uuid:task_id>/complete/", work.complete, name="complete"),
    path("tasks/<uuid:task_id>/grant/", work.grant, name="grant"),
    path("tasks/<uuid:task_id>/pass/", work.let_pass, name="let_pass"),
    path("tasks/<uuid:task_id>/second-visit/", work.allow_second_visit, name="allow_second_visit"),
    path("tasks/<uuid:task_id>/cancel/", promises.cancel, name="cancel_acceptance"),
    path("cases/<uuid:case_id>/promises/<slug:requirement>/", promises.more_time, name="more_time"),
    path("tasks/<uuid:task_id>/check/", checks.settle, name="settle_check"),
    path("tasks/<uuid:task_id>/untrue/", checks.untrue, name="untrue"),
    path("tasks/<uuid:task_id>/repair/", checks.repair, name="judge_repair"),
    path("tasks/<uuid:task_id>/revoke/", checks.revoke, name="revoke_grant"),
    path("tasks/<uuid:task_id>/contest/", checks.hear, name="hear_contest"),
    path("cases/<uuid:case_id>/commitments/<uuid:evidence_id>/stop/", checks.stop, name="stop"),
    path("tasks/<uuid:task_id>/correction/", writing.correction, name="correction"),
    path("tasks/<uuid:task_id>/decline/", writing.decline, name="decline"),
    path("tasks/<uuid:task_id>/refuse/", writing.refuse, name="refuse"),
    path("certificates/<slug:number>/", certificates.certificate, name="certificate"),
    path("certificates/<slug:number>/<slug:change>/", certificates.change, name="certificate_change"),
    path("visits/", visits.visits, name="visits"),
    path("visits/centre/", visits.choose_centre, name="choose_centre"),
    path("visits/<uuid:appointment_id>/", serving.visit, name="visit"),
    path(
        "visits/<uuid:appointment_id>/copies/<uuid:evidence_id>/",
        files.visit_copy,
        name="visit_copy",
    ),
    path("identity/", identity.identity, name="identity"),
    path("set-aside/", supervising.set_aside, name="set_aside"),
    path("set-aside/<uuid:case_id>/retry/", supervising.retry, name="retry"),
]
