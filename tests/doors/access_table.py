"""Who gets in where. In the order of `a_neighborhood.VISITORS`: O gets in, L is asked to sign in, F is told that this
door is not theirs, M finds nothing there."""

from collections.abc import Mapping

# anonymous, owner, agent, former agent, signer, stranger | clerk, of another office, supervisor, administrator
WHO_GETS_IN: Mapping[str, str] = {
    # Everybody, signed in or not.
    "OOOOOO OOOO": """
        GET /
        GET /search/
        GET /services/
        GET /services/<slug:code>/
        GET /programmes/<slug:code>/
        GET /bundles/
        GET /bundles/<slug:code>/
        POST /bundles/<slug:code>/
        GET /together/
        POST /together/change/
        GET /verify/
        POST /verify/
        GET /sheet/
        POST /sheet/
        GET /verify/shared/
        POST /verify/shared/
        GET /verify/code/<str:code>
        GET /how-it-works/
        GET /performance/
        GET /centres/<slug:centre>/screen/
        GET /rate/<str:token>/
        POST /rate/<str:token>/
        GET /performance/figures.csv
        POST /text-size/
    """,
    # One's own pages.
    "LOOOOO FFFF": """
        POST /apply/together/<int:part>/
        GET /my/
        GET /my/identity/
        POST /my/identity/
        GET /my/readings/
        GET /my/readings/all.<slug:form>
        GET /my/data/
        POST /my/data/
        GET /my/requests/
        POST /my/requests/
        GET /my/letters/
        GET /my/certificates/
        GET /my/businesses/
        GET /my/businesses/add/
        POST /my/businesses/add/
        GET /my/mandates/add/
        POST /my/mandates/add/
        GET /apply/<slug:code>/
        POST /apply/<slug:code>/
        GET /apply/<slug:code>/for/
        POST /apply/<slug:code>/for/
    """,
    # The matter of a business: its representative, and the agent while the mandate lasts.
    "LOOMMM FFFF": """
        POST /my/mandates/<uuid:mandate_id>/end/
        GET /my/cases/<uuid:case_id>/
        GET /my/applications/<uuid:application_id>/
        GET /my/cases/<uuid:case_id>/settlement/
        POST /my/cases/<uuid:case_id>/settlement/
        GET /apply/<uuid:application_id>/settlement/
        POST /apply/<uuid:application_id>/settlement/
        GET /my/cases/<uuid:case_id>/not-done/
        POST /my/cases/<uuid:case_id>/not-done/
        GET /my/cases/<uuid:case_id>/withdraw/
        POST /my/cases/<uuid:case_id>/withdraw/
        GET /my/cases/<uuid:case_id>/correction/
        POST /my/cases/<uuid:case_id>/correction/
        GET /apply/<uuid:application_id>/
        POST /apply/<uuid:application_id>/discard/
        GET /apply/<uuid:application_id>/declarations/<uuid:evidence_id>/withdraw/
        GET /apply/<uuid:application_id>/papers/
        GET /apply/<uuid:application_id>/papers/<slug:requirement>/
        POST /apply/<uuid:application_id>/papers/<slug:requirement>/
        GET /apply/<uuid:application_id>/papers/<slug:requirement>/sign/<slug:type>/
        POST /apply/<uuid:application_id>/papers/<slug:requirement>/sign/<slug:type>/
        GET /apply/<uuid:application_id>/papers/<slug:requirement>/send/<slug:type>/
        POST /apply/<uuid:application_id>/papers/<slug:requirement>/send/<slug:type>/
        GET /apply/<uuid:application_id>/papers/<slug:requirement>/later/
        POST /apply/<uuid:application_id>/papers/<slug:requirement>/later/
        GET /apply/<uuid:application_id>/commitment/<slug:service>/
        POST /apply/<uuid:application_id>/commitment/<slug:service>/
        POST /apply/<uuid:application_id>/check/
        GET /apply/<uuid:application_id>/discard/
        GET /apply/<uuid:application_id>/fetch/
        POST /apply/<uuid:application_id>/fetch/
        GET /apply/<uuid:application_id>/waiting/
        GET /apply/<uuid:application_id>/found/
        POST /apply/<uuid:application_id>/found/
        GET /apply/<uuid:application_id>/found/<uuid:evidence_id>/
        POST /apply/<uuid:application_id>/found/<uuid:evidence_id>/
        GET /apply/<uuid:application_id>/questions/<str:fact>/
        POST /apply/<uuid:application_id>/questions/<str:fact>/
        GET /apply/<uuid:application_id>/parties/
        GET /apply/<uuid:application_id>/check/
        GET /apply/<uuid:application_id>/done/
        POST /apply/<uuid:application_id>/done/
    """,
    # What only the agent may do who was written to, or offered a mandate.
    "LMOMMM FFFF": """
        GET /my/letters/<uuid:letter_id>/
        POST /my/mandates/<uuid:mandate_id>/accept/
    """,
    # What was done for the owner, who alone rates it: no agent does (R11.4).
    "LOFMMM FFFF": """
        GET /my/cases/<uuid:case_id>/rate/
        POST /my/cases/<uuid:case_id>/rate/
    """,
    # What is the owner's alone, and no agent's.
    "LOMMMM FFFF": """
        GET /my/certificates/<uuid:certificate_id>/
        GET /my/certificates/<uuid:certificate_id>/share/
        POST /my/certificates/<uuid:certificate_id>/share/
        GET /my/certificates/<uuid:certificate_id>/renew/
        POST /my/certificates/<uuid:certificate_id>/renew/
        GET /my/certificates/<uuid:certificate_id>/<str:language>.pdf
        GET /my/businesses/<uuid:business_id>/readings/
        GET /my/businesses/<uuid:business_id>/readings/all.<slug:form>
        GET /my/businesses/<uuid:business_id>/readings/<int:reading_id>/question/
        POST /my/businesses/<uuid:business_id>/readings/<int:reading_id>/question/
        GET /my/readings/<int:reading_id>/question/
        POST /my/readings/<int:reading_id>/question/
        GET /my/data/<uuid:copy_id>/
        GET /my/businesses/claims/<uuid:claim_id>/
        GET /my/businesses/<uuid:business_id>/mandates/add/
        POST /my/businesses/<uuid:business_id>/mandates/add/
        GET /my/visits/<uuid:application_id>/
        POST /my/visits/<uuid:application_id>/
        GET /my/attended/<uuid:visit_id>/rate/
        POST /my/attended/<uuid:visit_id>/rate/
        POST /my/cases/<uuid:case_id>/ratings/<uuid:rating_id>/
        GET /my/visits/<uuid:application_id>/cancel/
        POST /my/visits/<uuid:application_id>/cancel/
        GET /my/visits/<uuid:application_id>/help/
        POST /my/visits/<uuid:application_id>/help/
        GET /my/visits/<uuid:application_id>/visit.ics
    """,
    # What nobody here has: something put together, a declaration to take back, a finding to answer.
    "LMMMMM FFFF": """
        GET /my/cases/<uuid:case_id>/results/<uuid:certificate_id>/<str:language>.pdf
        GET /apply/together/<int:part>/
        GET /my/cases/<uuid:case_id>/commitments/<uuid:check_id>/put-right/
        POST /my/cases/<uuid:case_id>/commitments/<uuid:check_id>/put-right/
        GET /my/cases/<uuid:case_id>/commitments/<uuid:check_id>/contest/
        POST /my/cases/<uuid:case_id>/commitments/<uuid:check_id>/contest/
        POST /apply/<uuid:application_id>/declarations/<uuid:evidence_id>/withdraw/
    """,
    # What somebody is asked to sign.
    "LMMMOM FFFF": """
        GET /my/signatures/<uuid:application_id>/
        POST /my/signatures/<uuid:application_id>/
    """,
    # The desk of every office.
    "LMMMMM OOOM": """
        GET /desk/
        POST /desk/next/
        GET /desk/visits/
        POST /desk/visits/centre/
        GET /desk/reception/
        POST /desk/reception/
        GET /desk/window/
        POST /desk/window/choose/
        POST /desk/window/next/
        GET /desk/assist/
        POST /desk/assist/
        POST /desk/assist/end/
        GET /desk/assist/sheet/
        POST /desk/assist/sheet/
        GET /desk/heard/
        GET /desk/identity/
        POST /desk/identity/
    """,
    # A sheet of what somebody else fills in with somebody.
    "LMMMMM FFFM": """
        POST /desk/assist/sheet/<uuid:application_id>/
    """,
    # What lies with the office of the other clerk: the visit to it, and the certificate it issued.
    "LMMMMM MOMM": """
        GET /desk/visits/<uuid:appointment_id>/
        POST /desk/visits/<uuid:appointment_id>/
        POST /desk/tickets/<uuid:ticket_id>/<slug:act>/
        GET /desk/certificates/<slug:number>/
        GET /desk/certificates/<slug:number>/<slug:change>/
    """,
    # What its supervisor alone may do.
    "LMMMMM MFMM": """
        POST /desk/certificates/<slug:number>/<slug:change>/
    """,
    # A copy that the visit does not have, and a result that is not of its cases.
    "LMMMMM MMMM": """
        GET /desk/visits/<uuid:appointment_id>/copies/<uuid:evidence_id>/
        GET /desk/visits/<uuid:appointment_id>/results/<uuid:certificate_id>/<str:language>.pdf
        POST /desk/ratings/<uuid:rating_id>/<slug:act>/
    """,
    # What lies with one office.
    "LMMMMM OMOM": """
        GET /desk/cases/<uuid:case_id>/pause/
        POST /desk/cases/<uuid:case_id>/pause/
        POST /desk/cases/<uuid:case_id>/resume/
        GET /desk/cases/<uuid:case_id>/extend/
        POST /desk/cases/<uuid:case_id>/extend/
        GET /desk/cases/<uuid:case_id>/days/
        GET /desk/cases/<uuid:case_id>/record/
        GET /desk/cases/<uuid:case_id>/promises/<slug:requirement>/
        POST /desk/cases/<uuid:case_id>/promises/<slug:requirement>/
        GET /desk/cases/<uuid:case_id>/promises/<slug:requirement>/received/
        POST /desk/cases/<uuid:case_id>/promises/<slug:requirement>/received/
        GET /desk/tasks/<uuid:task_id>/check/
        POST /desk/tasks/<uuid:task_id>/check/
        GET /desk/tasks/<uuid:task_id>/untrue/
        POST /desk/tasks/<uuid:task_id>/untrue/
        GET /desk/tasks/<uuid:task_id>/repair/
        POST /desk/tasks/<uuid:task_id>/repair/
        GET /desk/tasks/<uuid:task_id>/revoke/
        POST /desk/tasks/<uuid:task_id>/revoke/
        GET /desk/tasks/<uuid:task_id>/contest/
        POST /desk/tasks/<uuid:task_id>/contest/
        GET /desk/cases/<uuid:case_id>/commitments/<uuid:evidence_id>/stop/
        POST /desk/cases/<uuid:case_id>/commitments/<uuid:evidence_id>/stop/
        GET /desk/tasks/<uuid:task_id>/cancel/
        POST /desk/tasks/<uuid:task_id>/cancel/
        POST /desk/tasks/<uuid:task_id>/claim/
        POST /desk/tasks/<uuid:task_id>/release/
        GET /desk/cases/<uuid:case_id>/
        GET /desk/cases/<uuid:case_id>/copies/<uuid:evidence_id>/
        GET /desk/tasks/<uuid:task_id>/accept/
        POST /desk/tasks/<uuid:task_id>/accept/
        GET /desk/tasks/<uuid:task_id>/complete/
        POST /desk/tasks/<uuid:task_id>/complete/
        GET /desk/tasks/<uuid:task_id>/grant/
        POST /desk/tasks/<uuid:task_id>/grant/
        GET /desk/tasks/<uuid:task_id>/pass/
        POST /desk/tasks/<uuid:task_id>/pass/
        GET /desk/tasks/<uuid:task_id>/second-visit/
        GET /desk/tasks/<uuid:task_id>/correction/
        POST /desk/tasks/<uuid:task_id>/correction/
        GET /desk/tasks/<uuid:task_id>/decline/
        POST /desk/tasks/<uuid:task_id>/decline/
        GET /desk/tasks/<uuid:task_id>/refuse/
        POST /desk/tasks/<uuid:task_id>/refuse/
    """,
    # What a supervisor looks after.
    "LMMMMM MMOM": """
        GET /desk/set-aside/
        GET /desk/ratings/<uuid:rating_id>/
        GET /desk/not-done/<uuid:report_id>/
        POST /desk/not-done/<uuid:report_id>/
        GET /desk/questions/
    """,
    # What a supervisor and an administrator look after.
    "LMMMMM MMOO": """
        GET /desk/registers/
    """,
    # What a supervisor of the office alone may do.
    "LMMMMM FMOM": """
        POST /desk/tasks/<uuid:task_id>/second-visit/
    """,
    # What no clerk may do, of whatever office.
    "LMMMMM FFOM": """
        POST /desk/set-aside/<uuid:case_id>/retry/
        GET /desk/questions/<uuid:question_id>/
        POST /desk/questions/<uuid:question_id>/
    """,
}
