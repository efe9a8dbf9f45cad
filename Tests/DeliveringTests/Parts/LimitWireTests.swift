import Messages
import Testing
import Throttle

@testable import Delivering

struct LimitWireTests {
    @Test func `a report travels whole`() throws {
        var report = LimitReport(worker: "w1", number: 7)
        report.term = -1
        report.acknowledged = -1
        report.epoch = 12
        report.served = 90
        report.refused = 2
        report.finished = 1234
        report.refusedEver = 5
        report.retryAfter = 1.25
        report.inFlight = 8
        report.want = 20
        report.share = 9
        report.callSeconds = 0.125
        report.refusalSeconds = 0.5
        report.isSeeking = true
        report.leaderSilence = 2.5
        report.forfeited = 6
        report.cap = 128
        report.isOperatorsCap = true
        let wire = filled(WireSignal()) { $0.limitReport = WireLimitReport(report, key: "k") }
        let read = try WireSignal(decoding: wire.encoded())
        #expect(read.limitReport.limitKey == "k")
        #expect(read.limitReport.limitReport == report)
        report.leader = "w2"
        #expect(WireLimitReport(report, key: "k").limitReport == report)
    }

    @Test func `a grant carries the law, so that its hearer can go on from it`() throws {
        var state = LimitLawState()
        state.state = .climb
        state.epoch = 42
        state.limit = 13
        state.cap = 64
        state.step = 2
        state.proven = 12
        state.wall = 17
        state.round = 5
        state.clean = 44
        state.since = -3.5
        state.patience = 4
        state.isWarned = true
        state.retryCost = 1
        state.lastRefusal = -9
        state.dry = 1
        state.refusedSince = -0.5
        state.callSeconds = 0.4
        state.gauge = 3
        state.gaugeAt = -1
        state.movedBy = "429"
        state.refusals = 9
        var grant = LimitGrant(term: 3, leader: "w1", number: 5, epoch: 42, law: ClusterLimit(state))
        grant.pause = 0.75
        grant.isMoving = true
        grant.shares = ["w1": .init(share: 6, answers: 3, inFlight: 6), "w2": .init(share: 0, answers: 0)]
        let wire = filled(WireSignal()) { $0.limitGrant = WireLimitGrant(grant, key: "k") }
        let read = try WireSignal(decoding: wire.encoded()).limitGrant.limitGrant
        #expect(read.law.lawState == state)
        #expect(read.shares == grant.shares)
        #expect([read.term, read.number, read.epoch] == [3, 5, 42])
        #expect(read.pause == 0.75)
        #expect(read.isMoving && !read.isSpaced)
        // Never refused, no ramp: infinities survive.
        state.rampFrom = nil
        state.lastRefusal = -.infinity
        state.patience = .infinity
        let law = ClusterLimit(state)
        grant.law = law
        #expect(WireLimitGrant(grant, key: "k").limitGrant.law.lawState == state)
    }
}
