import Testing

@testable import Throttle

struct ClusterMemberTests {
    private let origin = ContinuousClock.now

    private func at(_ seconds: Double) -> ContinuousClock.Instant {
        origin + .milliseconds(Int((seconds * 1000).rounded()))
    }

    /// Workers that hear each other at once, each 100 ms, until the time.
    private func run(_ members: inout [ClusterMember], from: Double, until end: Double, cut: Set<Int> = []) {
        var now = from
        while now <= end {
            for place in members.indices { members[place].tick(at(now)) }
            var isQuiet = false
            while !isQuiet {
                isQuiet = true
                for place in members.indices where !cut.contains(place) {
                    for outgoing in members[place].takeMessages(at(now)) {
                        isQuiet = false
                        for target in members.indices where !cut.contains(target) {
                            guard outgoing.destination == .everyone || outgoing.destination == .worker("w\(target)")
                            else { continue }
                            members[target].hear(outgoing.message, at(now))
                        }
                    }
                }
            }
            now += 0.1
        }
    }

    private func members(_ count: Int, cap: Int = 16) -> [ClusterMember] {
        (0..<count).map { place in
            var member = ClusterMember(worker: "w\(place)", settings: LimitSettings(cap: cap), at(0))
            member.demand(1000, at(0))
            return member
        }
    }

    @Test func `workers elect one leader, which lends them the first limit`() {
        var members = members(3)
        #expect(members.allSatisfy { !$0.canStart(at(0)) })
        run(&members, from: 0, until: 2)
        #expect(members.filter(\.isLeading).count == 1)
        #expect(members.map { $0.share(at(2)) }.reduce(0, +) == 4)
        #expect(members.allSatisfy { $0.limit == 4 })
    }

    @Test func `a worker starts what its share allows and a lease that ends stops it`() throws {
        var members = members(1, cap: 3)
        run(&members, from: 0, until: 1)
        var permits: [Permit] = []
        while let permit = members[0].start(at(1)) { permits.append(permit) }
        #expect(permits.count == 3)
        #expect(members[0].inFlight == 3)
        members[0].finish(permits[0], .served, at(1.5))
        #expect(members[0].meanCall == .milliseconds(500))
        members[0].finish(permits[1], .failed, at(1.5))
        #expect(members[0].canStart(at(1.5)))
        // Nothing was heard since.
        #expect(!members[0].canStart(at(4.1)))
        #expect(members[0].share(at(4.1)) == 0)
        #expect(members[0].nextChange(at(4.1)) == nil)
    }

    @Test func `a Retry-After pauses every worker that hears of it`() throws {
        var members = members(2)
        run(&members, from: 0, until: 2)
        let start = members[1].start(at(2))
        let permit = try #require(start)
        members[1].finish(permit, .refused(retryAfter: .seconds(20)), at(2))
        #expect(members[1].pausedUntil(at(2)) != nil)
        run(&members, from: 2, until: 2.5)
        for member in members {
            let until = try #require(member.pausedUntil(at(2.5)))
            #expect(abs(at(2.5).duration(to: until) / .seconds(1) - 19.5) < 0.2)
            #expect(!member.canStart(at(2.5)))
        }
    }

    @Test func `a draining worker gives its share to the others`() {
        var members = members(2)
        run(&members, from: 0, until: 2)
        #expect(members[0].share(at(2)) == 2)
        members[0].drain(at(2))
        members[0].demand(500, at(2))
        run(&members, from: 2, until: 2.5)
        #expect(members[0].share(at(2.5)) == 0)
        #expect(members[1].share(at(2.5)) == 4)
    }

    @Test func `a leader that nobody hears is replaced`() {
        var members = members(3)
        run(&members, from: 0, until: 2)
        let old = members.firstIndex(where: \.isLeading) ?? 0
        run(&members, from: 2, until: 8, cut: [old])
        let leaders = members.indices.filter { members[$0].isLeading }
        #expect(leaders.count == 1)
        #expect(leaders.first != old)
        #expect(members[old].share(at(8)) == 0)
    }

    @Test func `of two claims the higher term wins, and of one term the lower id`() {
        func claim(_ term: Int, _ worker: String?) -> LeadershipClaim { LeadershipClaim(term: term, worker: worker) }
        #expect(claim(2, "b") > claim(1, "a"))
        #expect(claim(1, "a") > claim(1, "b"))
        #expect(claim(1, "b") > claim(1, nil))
        #expect(!(claim(1, "a") < claim(1, "a")))
    }

    @Test func `who asks for little may soon have more, and nothing moves meanwhile`() {
        var members = members(2)
        for place in 0..<2 { members[place].demand(1, at(0)) }
        run(&members, from: 0, until: 2)
        #expect(members.map { $0.share(at(2)) } == [2, 2])
        members[0].demand(2, at(2))
        run(&members, from: 2, until: 2.5)
        #expect(members.map { $0.share(at(2.5)) } == [2, 2])
        members[0].demand(3, at(2.5))
        // With the next beat; much more would be told at once.
        run(&members, from: 2.5, until: 3.7)
        #expect(members.map { $0.share(at(3.7)) } == [3, 1])
    }

    @Test func `an operator's cap replaces the others', and the highest of the workflows' holds`() {
        var members = members(3)
        run(&members, from: 0, until: 1)
        members[1].setCap(64, at(1))
        run(&members, from: 1, until: 2)
        #expect(members.map { $0.law?.settings.cap } == [64, 64, 64])
        members[2].setCap(8, isOperators: true, at(2))
        run(&members, from: 2, until: 3)
        #expect(members.map { $0.law?.settings.cap } == [8, 8, 8])
    }

    @Test func `a worker that is alone judges a level as soon as it is served`() {
        var members = members(1, cap: 1024)
        run(&members, from: 0, until: 0.6)
        var now = 0.6
        // Calls of 2 ms, and nobody else to hear from.
        while members[0].limit < 1024, now < 5 {
            var permits: [Permit] = []
            while let permit = members[0].start(at(now)) { permits.append(permit) }
            now += 0.002
            for permit in permits { members[0].finish(permit, .served, at(now)) }
            members[0].tick(at(now))
            _ = members[0].takeMessages(at(now))
            // It hears itself.
            run(&members, from: now, until: now)
        }
        #expect(now < 1.2, "\(now)")
    }
}
