"""What each kind of letter is called, in the inbox and at its head."""

from collections.abc import Mapping

from services.notices.kinds import NoticeKind

TITLES: Mapping[NoticeKind, Mapping[str, str]] = {
    NoticeKind.RECEIVED: {"en": "Receipt of your application", "zh": "收件凭证"},
    NoticeKind.ACCEPTED: {"en": "Your application is accepted", "zh": "受理通知书"},
    NoticeKind.CORRECTION_REQUESTED: {"en": "Something to put right", "zh": "补正告知书"},
    NoticeKind.EVIDENCE_ASKED: {"en": "Something is still to be given", "zh": "请提交尚缺的证明"},
    NoticeKind.VISIT_NEEDED: {"en": "Book your one visit", "zh": "请预约到场办理"},
    NoticeKind.VISIT_BOOKED: {"en": "Your visit is booked", "zh": "到场预约确认"},
    NoticeKind.VISIT_MISSED: {"en": "Book another time", "zh": "请重新预约"},
    NoticeKind.VISIT_CANCELLED: {"en": "You need not come", "zh": "无需到场通知"},
    NoticeKind.FEE_DUE: {"en": "A fee to pay", "zh": "缴费通知"},
    NoticeKind.FEE_REMINDER: {"en": "Reminder: a fee to pay", "zh": "缴费提醒"},
    NoticeKind.GRANTED: {"en": "Your application is granted", "zh": "准予决定书"},
    NoticeKind.REFUSED: {"en": "Your application is refused", "zh": "不予批准决定书"},
    NoticeKind.ISSUED: {"en": "Your result is ready", "zh": "办理结果通知"},
    NoticeKind.DELIVERED: {"en": "Delivered, and done", "zh": "办结通知"},
    NoticeKind.WITHDRAWN: {"en": "Your application is withdrawn", "zh": "撤回申请通知"},
    NoticeKind.LAPSED: {"en": "Your application has lapsed", "zh": "申请失效通知"},
    NoticeKind.DECLINED: {"en": "Your application cannot be taken on", "zh": "不予受理通知书"},
    NoticeKind.SIGNATURE_ASKED: {"en": "Your signature is asked for", "zh": "请您签署"},
    NoticeKind.EVIDENCE_DISPUTED: {"en": "We heard your objection", "zh": "异议处理通知"},
    NoticeKind.PAUSED: {"en": "Time that does not count", "zh": "期限中止告知书"},
    NoticeKind.RESUMED: {"en": "The time counts again", "zh": "期限恢复计算通知"},
    NoticeKind.EXTENDED: {"en": "The office takes longer", "zh": "延长办理期限告知书"},
    NoticeKind.OVERDUE_REASON: {"en": "This takes longer than promised", "zh": "超期说明"},
    NoticeKind.CERTIFICATE_CHANGED: {"en": "About a certificate of yours", "zh": "证照状态变更通知书"},
    NoticeKind.READING_ANSWERED: {"en": "Why your data was read", "zh": "关于您的数据查询记录的答复"},
    NoticeKind.DRAFT_ENDING: {"en": "A draft of yours will be deleted", "zh": "您的草稿即将删除"},
    NoticeKind.CERTIFICATE_SHOWN: {"en": "Somebody looked at a certificate of yours", "zh": "证照被查看通知"},
    NoticeKind.CERTIFICATE_ENDS: {"en": "A certificate of yours is about to end", "zh": "证照即将到期提醒"},
    NoticeKind.DEEMED_RENEWED: {"en": "Your licence counts as renewed", "zh": "视为准予延续通知书"},
    NoticeKind.PROMISE_DUE: {"en": "What you promised is due", "zh": "容缺材料补交提醒"},
    NoticeKind.PROMISE_EXTENDED: {"en": "More time for what you promised", "zh": "容缺材料补交期限延长通知"},
    NoticeKind.COMMITMENT_UNTRUE: {"en": "A commitment to put right", "zh": "承诺不实限期整改通知书"},
    NoticeKind.COMMITMENT_HEARD: {"en": "About a commitment of yours", "zh": "承诺核查结果告知书"},
    NoticeKind.HANDLING_STOPPED: {"en": "Handling has been stopped", "zh": "终止办理决定书"},
    NoticeKind.GRANT_REVOKED: {"en": "What was granted is revoked", "zh": "撤销决定书"},
    NoticeKind.IDENTITY_CODE: {"en": "An identity code was made for you", "zh": "已为您生成身份验证码"},
}
