"""Addresses of the citizens' pages: what is mine under my/, what is being applied for under apply/."""

from django.urls import path

from portal.citizen import (
    account,
    businesses,
    cases,
    certificates,
    corrections,
    evidence,
    home,
    letters,
    papers,
    questions,
    review,
    signatures,
    start,
    visits,
)

app_name = "citizen"

urlpatterns = [
    path("my/", home.home, name="home"),
    path("my/identity/", account.identity, name="identity"),
    path("my/readings/", account.readings, name="readings"),
    path("my/letters/", letters.inbox, name="letters"),
    path("my/letters/<uuid:letter_id>/", letters.letter, name="letter"),
    path("my/certificates/", certificates.certificates, name="certificates"),
    path("my/certificates/<uuid:certificate_id>/", certificates.certificate, name="certificate"),
    path("my/businesses/", businesses.businesses, name="businesses"),
    path("my/businesses/add/", businesses.claim, name="claim"),
    path("my/businesses/<uuid:business_id>/readings/", account.business_readings, name="business_readings"),
    path("my/businesses/<uuid:business_id>/mandates/add/", businesses.grant, name="grant"),
    path("my/mandates/<uuid:mandate_id>/accept/", businesses.accept, name="accept"),
    path("my/mandates/<uuid:mandate_id>/end/", businesses.end, name="end"),
    path("my/signatures/<uuid:application_id>/", signatures.signature, name="signature"),
    path("my/cases/<uuid:case_id>/", cases.case, name="case"),
    path("my/cases/<uuid:case_id>/withdraw/", cases.withdraw, name="withdraw"),
    path("my/cases/<uuid:case_id>/correction/", corrections.correction, name="correction"),
    path("my/visits/<uuid:application_id>/", visits.visit, name="visit"),
    path("my/visits/<uuid:application_id>/cancel/", visits.cancel, name="cancel_visit"),
    path("my/visits/<uuid:application_id>/visit.ics", visits.calendar, name="visit_calendar"),
    path("apply/<uuid:application_id>/", start.go_on, name="go_on"),
    path("apply/<uuid:application_id>/discard/", review.discard, name="discard"),
    path("apply/<uuid:application_id>/fetch/", evidence.fetch, name="fetch"),
    path("apply/<uuid:application_id>/waiting/", evidence.waiting, name="waiting"),
    path("apply/<uuid:application_id>/found/", evidence.found, name="found"),
    path("apply/<uuid:application_id>/found/<uuid:evidence_id>/", evidence.dispute, name="dispute"),
    path("apply/<uuid:application_id>/questions/<str:fact>/", questions.question, name="question"),
    path("apply/<uuid:application_id>/papers/", papers.papers, name="papers"),
    path("apply/<uuid:application_id>/papers/<slug:requirement>/", papers.paper, name="paper"),
    path(
        "apply/<uuid:application_id>/papers/<slug:requirement>/sign/<slug:type>/",
        papers.declare,
        name="declare",
    ),
    path(
        "apply/<uuid:application_id>/papers/<slug:requirement>/send/<slug:type>/",
        papers.upload,
        name="upload",
    ),
    path(
        "apply/<uuid:application_id>/declarations/<uuid:evidence_id>/withdraw/",
        papers.take_back,
        name="take_back",
    ),
    path("apply/<uuid:application_id>/parties/", review.parties, name="parties"),
    path("apply/<uuid:application_id>/check/", review.check, name="check"),
    path("apply/<uuid:application_id>/done/", review.done, name="done"),
    path("apply/<slug:code>/", start.start, name="start"),
    path("apply/<slug:code>/for/", start.for_whom, name="for_whom"),
]
