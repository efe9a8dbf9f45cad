import Generation
import Messages
import Testing
import Throttle

@testable import Delivering

struct LimitPlanTests {
    @Test func `what the wire calls the defaults are the law's own`() {
        #expect(LimitPlan(.defaults, cap: 7).settings == LimitSettings(cap: 7))
        #expect(!LimitPlan(.defaults, cap: 7).isDocumented)
    }

    @Test func `of the jobs on a limit the most careful value holds`() {
        let other = filled(WireLimitParameters.defaults) {
            $0.reduceFactor = 0.5
            $0.additiveIncrease = 4
            $0.successWindow = 100
            $0.cooldownSeconds = 1
            $0.ceilingOvershoot = 0.05
            $0.rampupSeconds = 60
            $0.start = 2
            $0.breakerSeconds = 300
            $0.queueTarget = 6
            $0.documented = true
        }
        for both in [other.mostCareful(with: .defaults), WireLimitParameters.defaults.mostCareful(with: other)] {
            var settings = LimitSettings(cap: 1)
            settings.reduceFactor = 0.5
            settings.successWindow = 100
            settings.ceilingOvershoot = 0.05
            settings.rampupSeconds = 60
            settings.start = 2
            settings.queueTarget = 6
            #expect(LimitPlan(both, cap: 1).settings == settings)
            #expect(!LimitPlan(both, cap: 1).isDocumented)
        }
    }

    @Test func `settings of a later job hold for the limit that stands`() {
        let bench = WorkerBench(cap: 8)
        bench.machine.learn(
            WorkerBench.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: 8,
            limits: filled(WireLimitParameters.defaults) { $0.reduceFactor = 0.25 }, at: bench.now)
        #expect(bench.machine.limits["k"]?.plan.settings.reduceFactor == 0.25)
        // Another route with the same limit, whose job is more careful still in one respect.
        bench.machine.learn(
            Route(provider: "q", model: "m"), endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: 2,
            limits: filled(WireLimitParameters.defaults) { $0.successWindow = 90 }, at: bench.now)
        let settings = bench.machine.limits["k"]?.plan.settings
        #expect(settings?.reduceFactor == 0.25 && settings?.successWindow == 90 && settings?.cap == 8)
    }

    @Test func `the published law takes over once no call is under way`() throws {
        let bench = WorkerBench(cap: 2)
        bench.deliver(1)
        let call = try #require(bench.takeCalls().first)
        bench.machine.learn(
            WorkerBench.route, endpoint: "e", limitKey: "k", operatorCap: nil, workflowCap: 2,
            limits: filled(WireLimitParameters.defaults) { $0.documented = true }, at: bench.now)
        bench.wait(.milliseconds(300))
        #expect(bench.machine.limits["k"]?.controller is DividedCap)
        bench.end(call.cell, .text("v"))
        bench.wait(.milliseconds(300))
        #expect(bench.machine.limits["k"]?.controller is DocumentedLimit)
    }
}
