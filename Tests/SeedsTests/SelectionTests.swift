import JSON
import Seeds
import Testing
import Workflow

struct SelectionTests {
    private func selection(_ text: String, rows: Int64, seed: UInt64 = 1) throws -> SeedSelection {
        let workflow = try #require(
            Workflow.load(
                text: """
                    columns: [{name: e, column_type: expression, expr: "{{ x }}"}]
                    seed_config: {source: {seed_type: local, path: x.csv}, \(text)}
                    """, name: "t.yaml", format: .yaml, seedColumns: ["x"], capabilities: nil
            ).workflow)
        return try SeedSelection(try #require(workflow.seed), rows: rows, seed: seed)
    }

    @Test func `ordered rows come one after the other and again from the first`() throws {
        #expect(try selection("sampling_strategy: ordered", rows: 3).rows(of: 1..<8) == [1, 2, 0, 1, 2, 0, 1])
        let range = try selection("selection_strategy: {start: 2, end: 4}", rows: 5)
        #expect(range.rows(of: 0..<5) == [2, 3, 4, 2, 3])
    }

    @Test func `partitions are equal but for the last, which has the rest`() throws {
        let counts = try (0..<3).map {
            try selection("selection_strategy: {index: \($0), num_partitions: 3}", rows: 11)
        }
        #expect(counts.map(\.count) == [3, 3, 5])
        #expect(counts[1].rows(of: 0..<4) == [3, 4, 5, 3])
        #expect(counts[2].rows(of: 0..<5) == [6, 7, 8, 9, 10])
    }

    @Test(arguments: ["selection_strategy: {start: 0, end: 5}", "selection_strategy: {index: 0, num_partitions: 6}"])
    func `a selection that does not fit is refused`(text: String) {
        #expect(throws: SeedError.self) { try selection(text, rows: 5) }
    }

    @Test(arguments: [1, 2, 3, 7, 64, 65, 1000] as [Int64])
    func `each cycle of a shuffle has every row once`(count: Int64) throws {
        let shuffled = try selection("sampling_strategy: shuffle", rows: count)
        let cycles = (0..<3).map { shuffled.rows(of: (count * $0)..<(count * ($0 + 1))) }
        for cycle in cycles { #expect(cycle.sorted() == Array(0..<count)) }
        if count > 60 { #expect(cycles[0] != cycles[1] && cycles[1] != cycles[2]) }
    }

    @Test func `a shuffled record's row does not depend on the range that is asked for`() throws {
        let shuffled = try selection(
            "sampling_strategy: shuffle, selection_strategy: {start: 10, end: 46}", rows: 100)
        let whole = shuffled.rows(of: 0..<200)
        #expect(whole.allSatisfy { (10...46).contains($0) })
        for start in stride(from: Int64(0), to: 200, by: 13) {
            let end = min(start + 13, 200)
            #expect(shuffled.rows(of: start..<end) == Array(whole[Int(start)..<Int(end)]))
        }
        let other = try selection(
            "sampling_strategy: shuffle, selection_strategy: {start: 10, end: 46}", rows: 100, seed: 2)
        #expect(other.rows(of: 0..<200) != whole)
    }

    /// Each row in each place equally often: chi-square over 50 seeds x 40 cycles, 99.9 % quantile of 24 degrees each.
    @Test func `places in a shuffle are uniform`() throws {
        var counts = [[Int]](repeating: .init(repeating: 0, count: 5), count: 5)
        for seed in 0..<50 {
            let shuffled = try selection("sampling_strategy: shuffle", rows: 5, seed: UInt64(seed))
            for (record, row) in shuffled.rows(of: 0..<200).enumerated() { counts[record % 5][Int(row)] += 1 }
        }
        let expected = 50.0 * 40 / 5
        let sum = counts.joined().reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(sum < 51.2, "chi-square \(sum)")
    }
}
