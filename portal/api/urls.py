"""Every address of the API: plural nouns in kebab-case, no slash at the end."""

from django.urls import include, path

from portal.api import (
    applications,
    attendance,
    cases,
    catalogue,
    certificates,
    desk,
    documentation,
    figures,
    limits,
    paying,
    people,
    promises,
    proofs,
    sending,
    settlements,
    status_lists,
)

app_name = "api"

_catalogue = [
    path("services", catalogue.Services.as_view()),
    path("services/<slug:code>", catalogue.Service.as_view()),
    path("services/<slug:code>/definition", catalogue.ServiceDefinition.as_view()),
    path("programmes", catalogue.Programmes.as_view()),
    path("organisations", catalogue.Organisations.as_view()),
    path("bundles", catalogue.Bundles.as_view()),
]

_application = [
    path("answers", applications.ApplicationAnswers.as_view()),
    path("plan", applications.ApplicationPlan.as_view()),
    path("submission", applications.ApplicationSubmission.as_view()),
    path("invitation", applications.ApplicationInvitation.as_view()),
    path("signatures", applications.ApplicationSignatures.as_view()),
    path("cases", applications.ApplicationCases.as_view()),
    path("settlements", settlements.ApplicationSettlements.as_view()),
    path("evidence-requests", proofs.EvidenceRequests.as_view()),
    path("declarations", proofs.Declarations.as_view()),
    path("uploads", proofs.Uploads.as_view()),
    path("pages", sending.Pages.as_view(), name="pages"),
    path("pages/<uuid:page_id>", sending.Page.as_view(), name="page"),
    path("declarations/<uuid:evidence_id>", proofs.Declaration.as_view()),
    path("promises", promises.Promises.as_view()),
    path("originals-promises", proofs.OriginalsPromises.as_view()),
    path("evidence/<uuid:evidence_id>/confirmations", proofs.Confirmations.as_view()),
    path("evidence/<uuid:evidence_id>/disputes", proofs.Disputes.as_view()),
    path("visit-slots", attendance.VisitSlots.as_view()),
    path("appointments", attendance.ApplicationAppointments.as_view()),
    path(
        "appointments/<uuid:appointment_id>",
        attendance.ApplicationAppointment.as_view(),
        name="appointment",
    ),
]

_case = [
    path("timeline", cases.CaseTimeline.as_view()),
    path("evidence", cases.CaseEvidence.as_view()),
    path("settlements", settlements.CaseSettlements.as_view()),
    path("answers", cases.CaseAnswers.as_view()),
    path("files/<uuid:evidence_id>", cases.CaseFile.as_view()),
    path("correction-replies", cases.CorrectionReplies.as_view()),
    path("withdrawal", cases.Withdrawal.as_view()),
    path("bill", paying.CaseBill.as_view()),
    path("promises/<slug:requirement>/extension", promises.PromiseExtension.as_view()),
    path("second-visits", desk.SecondVisits.as_view()),
    path("pauses", limits.Pauses.as_view()),
    path("pauses/<uuid:pause_id>/end", limits.PauseEnd.as_view()),
    path("extensions", limits.Extensions.as_view()),
    path("clock-days", limits.ClockDays.as_view()),
    path("ledger-verification", limits.LedgerVerification.as_view()),
]

_task = [
    path("claim", desk.TaskClaim.as_view()),
    path("release", desk.TaskRelease.as_view()),
    path("acceptance", desk.TaskAcceptance.as_view()),
    path("correction-notice", desk.TaskCorrectionNotice.as_view()),
    path("declination", desk.TaskDeclination.as_view()),
    path("completion", desk.TaskCompletion.as_view()),
    path("grant", desk.TaskGrant.as_view()),
    path("refusal", desk.TaskRefusal.as_view()),
    path("cancellation", promises.TaskCancellation.as_view()),
    path("let-pass", desk.TaskLetPass.as_view()),
]

_certificate = [
    path("revocation", certificates.CertificateRevocation.as_view()),
    path("suspension", certificates.CertificateSuspension.as_view()),
    path("reinstatement", certificates.CertificateReinstatement.as_view()),
    path("cancellation", certificates.CertificateCancellation.as_view()),
    path("renewals", certificates.CertificateRenewals.as_view()),
    path("sharing-codes", certificates.SharingCodes.as_view()),
]

_version_1 = [
    *_catalogue,
    path("applications", applications.Applications.as_view()),
    path("applications/<uuid:application_id>", applications.Application.as_view(), name="application"),
    path("applications/<uuid:application_id>/", include(_application)),
    path("cases", cases.Cases.as_view()),
    path("cases/<uuid:case_id>", cases.Case.as_view()),
    path("cases/<uuid:case_id>/", include(_case)),
    path("treasury-events", paying.TreasuryEvents.as_view()),
    path("tasks", desk.Tasks.as_view()),
    path("tasks/<uuid:task_id>", desk.Task.as_view()),
    path("tasks/<uuid:task_id>/", include(_task)),
    path("colleagues", desk.Colleagues.as_view()),
    path("centres", attendance.Centres.as_view()),
    path("centres/<slug:code>/arrivals", attendance.Arrivals.as_view()),
    path("appointments/<uuid:appointment_id>", attendance.ExpectedVisit.as_view()),
    path("appointments/<uuid:appointment_id>/files/<uuid:evidence_id>", attendance.VisitFile.as_view()),
    path("appointments/<uuid:appointment_id>/completion", attendance.AppointmentCompletion.as_view()),
    path("certificates", certificates.Certificates.as_view()),
    path("certificates/<uuid:certificate_id>/paper", certificates.CertificatePaper.as_view()),
    path("certificates/<slug:number>", certificates.OfficeCertificate.as_view()),
    path("certificates/<slug:number>/", include(_certificate)),
    path("certificate-verifications", certificates.CertificateVerifications.as_view()),
    path("certificate-showings", certificates.CertificateShowings.as_view()),
    path("status-lists", status_lists.StatusLists.as_view()),
    path("status-lists/<int:number>", status_lists.StatusList.as_view()),
    path("certificate-file-verifications", certificates.CertificateFileVerifications.as_view()),
    path("seal-keys", certificates.SealKeys.as_view(), name="seal_keys"),
    path("account", people.Account.as_view()),
    path("businesses", people.Businesses.as_view()),
    path("mandates", people.Mandates.as_view()),
    path("mandates/<uuid:mandate_id>", people.Mandate.as_view()),
    path("mandates/<uuid:mandate_id>/acceptance", people.MandateAcceptance.as_view()),
    path("notices", people.Notices.as_view()),
    path("notices/<uuid:notice_id>", people.Notice.as_view()),
    path("statistics", figures.Statistics.as_view()),
    path("statistics/public", figures.PublicStatistics.as_view()),
    path("work-in-hand", figures.WorkInHand.as_view()),
    path("clock", figures.Clock.as_view()),
    path("clock-movements", figures.ClockMovements.as_view()),
    path("openapi.json", documentation.Document.as_view(), name="document"),
]

urlpatterns = [
    path("v1/", include(_version_1)),
    path("docs", documentation.Reader.as_view(), name="docs"),
    path("<path:address>", documentation.Nothing.as_view()),
]
