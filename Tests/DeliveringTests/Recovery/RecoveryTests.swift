import Foundation
import Testing

@testable import Delivering

/// Walks over every state of small configurations, breadth first, so that a trace is a shortest one.
struct RecoveryTests {
    typealias Fault = RecoveryWorld.Fault
    typealias Setting = RecoveryWorld.Setting

    @Test(arguments: [
        Setting(failures: 2, excuses: false),
        Setting(failures: 1, faults: [.handBack, .handBack], excuses: false),
        Setting(workers: 1, faults: [.workerCut, .workerCut], excuses: false),
        Setting(workers: 1, failures: 1, faults: [.consumeCut, .publishCut]),
        Setting(workers: 1, failures: 1, faults: [.workerCut, .handBack]),
        Setting(faults: [.workerCut, .handBack]),
        Setting(failures: 1, faults: [.workerCut]),
        Setting(failures: 1, faults: [.workerCrash]),
        Setting(faults: [.workerCrash, .workerCrash]),
    ])
    func `every cell ends, once, and no call is repeated without a fault that pays for it`(setting: Setting) {
        check(setting)
    }

    /// A publisher that is cut off brings answers twice, which costs no call: the exact number sees to that.
    @Test(arguments: [
        Setting(failures: 1, faults: [.publishCut, .handBack], excuses: false),
        Setting(cells: 2, workers: 1, faults: [.publishCut, .handBack], together: true, excuses: false),
    ])
    func `answers that are published twice repeat no call`(setting: Setting) {
        check(setting)
    }

    @Test(arguments: [
        Setting(cells: 2, workers: 1, faults: [.workerCut, .workerCut], together: true, excuses: false),
        Setting(cells: 2, workers: 1, failures: 1, faults: [.workerCut], together: true),
    ])
    func `tasks of several cells are acknowledged as a whole`(setting: Setting) {
        check(setting)
    }

    /// The walk sees a repeat where one cannot be avoided, so it can fail.
    @Test(arguments: [Fault.workerCut, .workerCrash, .consumeCut])
    func `a call is repeated when its worker is cut off and another one gets the task`(fault: Fault) {
        let verdict = RecoveryWalk.run(Setting(faults: [fault], excuses: false)).verdict
        #expect(verdict == "W: a call is repeated")
    }

    /// Some 700,000 states: minutes.
    @Test(
        .enabled(if: ProcessInfo.processInfo.environment["TESSERA_LONG_TESTS"] != nil, "set TESSERA_LONG_TESTS"),
        arguments: [
            Setting(failures: 1, faults: [.consumeCut, .handBack]),
            Setting(failures: 1, faults: [.workerCut, .workerCut]),
            Setting(failures: 1, faults: [.workerCrash, .workerCrash]),
            Setting(failures: 1, faults: [.publishCut, .publishCut, .handBack], excuses: false),
            Setting(
                cells: 2, workers: 1, failures: 1, faults: [.publishCut, .handBack], together: true, excuses: false),
            Setting(cells: 2, workers: 1, failures: 1, faults: [.workerCut, .handBack], together: true),
            Setting(cells: 2, faults: [.workerCut], together: true),
            Setting(cells: 2, failures: 1, faults: [.workerCrash], together: true),
        ])
    func `the same holds in larger configurations`(setting: Setting) {
        check(setting)
    }

    private func check(_ setting: Setting) {
        let outcome = RecoveryWalk.run(setting)
        #expect(outcome.verdict == "holds", "\(setting)\n\(outcome.trace.joined(separator: "\n"))")
        #expect(outcome.states > 20)
    }
}
