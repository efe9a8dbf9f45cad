import TestSupport
import Testing

/// What a campaign runs, and what it adds up.
struct ChaosSettingsTests {
    private func settings(_ values: [String: String], cores: Int = 4) throws -> ChaosSettings {
        let pairs = values.map { ("TESSERA_CHAOS_\($0)", $1) }
        return try ChaosSettings(Dictionary(uniqueKeysWithValues: pairs), cores: cores)
    }

    @Test func `a campaign begins where it is told, and runs as many at a time as there are cores`() throws {
        #expect(try settings([:], cores: 2).seeds == [1, 2, 3] && settings([:], cores: 2).jobs == 2)
        #expect(try settings([:], cores: 64).jobs == 3, "no more than there are seeds")
        let some = try settings(["SEEDS": "28", "FROM": "13", "SEED": "", "JOBS": "3"])
        #expect(some.seeds == Array(13...40) && some.jobs == 3)
        let one = try settings(["SEED": "7", "SEEDS": "20", "FROM": "3"])
        #expect(one.seeds == [7] && one.jobs == 1)
    }

    @Test func `what is no number is said, not taken for three seeds`() {
        for name in ["SEED", "SEEDS", "FROM", "JOBS"] {
            #expect(throws: NeverHappened.self) { try settings([name: "many"]) }
            #expect(throws: NeverHappened.self) { try settings([name: "0"]) }
        }
    }

    @Test func `a tally adds up, and counts what came to no end`() {
        var tally = ChaosTally()
        tally.count(.counting(lost: 1, doubled: 2, unexpected: 3, recovered: 40), seconds: 50)
        tally.count(.counting(lost: 0, doubled: 0, unexpected: 1, recovered: 2), seconds: 30)
        tally.countUnfinished()
        #expect(
            tally.description
                == "3 seeds, 1 without an end: 1 lost, 2 doubled, 4 unexpected, 42 recovered; 30 to 50 s each")
    }
}

extension History {
    fileprivate static func counting(lost: Int, doubled: Int, unexpected: Int, recovered: Int) -> History {
        var history = History(lines: [], calm: [], drops: [], expected: [:], recovered: recovered)
        (history.lost, history.doubled, history.unexpected) = (lost, doubled, unexpected)
        return history
    }
}
