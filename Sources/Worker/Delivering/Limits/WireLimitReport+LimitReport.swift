import Messages
import Throttle

extension WireLimitReport {
    init(_ report: LimitReport, key: String) {
        self.init()
        limitKey = key
        worker = report.worker
        number = UInt64(clamping: report.number)
        term = Int64(report.term)
        leader = report.leader ?? ""
        acknowledged = Int64(report.acknowledged)
        epoch = Int64(report.epoch)
        served = UInt64(clamping: report.served)
        refused = UInt64(clamping: report.refused)
        finished = UInt64(clamping: report.finished)
        refusedEver = UInt64(clamping: report.refusedEver)
        retryAfterSeconds = report.retryAfter
        inFlight = UInt32(clamping: report.inFlight)
        want = UInt32(clamping: report.want)
        share = UInt32(clamping: report.share)
        callSeconds = report.callSeconds
        refusalSeconds = report.refusalSeconds
        seeking = report.isSeeking
        leaderSilenceSeconds = report.leaderSilence
        forfeited = UInt64(clamping: report.forfeited)
        cap = UInt32(clamping: report.cap)
        operatorCap = report.isOperatorsCap
    }

    var limitReport: LimitReport {
        var report = LimitReport(worker: worker, number: Int(clamping: number))
        report.term = Int(term)
        report.leader = leader.isEmpty ? nil : leader
        report.acknowledged = Int(acknowledged)
        report.epoch = Int(epoch)
        report.served = Int(clamping: served)
        report.refused = Int(clamping: refused)
        report.finished = Int(clamping: finished)
        report.refusedEver = Int(clamping: refusedEver)
        report.retryAfter = retryAfterSeconds
        report.inFlight = Int(inFlight)
        report.want = Int(want)
        report.share = Int(share)
        report.callSeconds = callSeconds
        report.refusalSeconds = refusalSeconds
        report.isSeeking = seeking
        report.leaderSilence = leaderSilenceSeconds
        report.forfeited = Int(clamping: forfeited)
        report.cap = Int(cap)
        report.isOperatorsCap = operatorCap
        return report
    }
}
