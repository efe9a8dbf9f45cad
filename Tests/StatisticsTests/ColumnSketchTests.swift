import JSON
import Testing

@testable import Statistics

struct ColumnSketchTests {
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return StableHash.hash(Array(String(state).utf8), tag: 0)
        }
    }

    private func sketch(_ values: some Sequence<JSONValue?>) -> ColumnSketch {
        var sketch = ColumnSketch()
        for value in values { sketch.add(value) }
        return sketch
    }

    @Test func `few values are counted exactly`() {
        let values: [JSONValue?] = ["b", "a", "b", nil, .null, "c", "b", "a"]
        let sketch = sketch(values)
        #expect((sketch.records, sketch.nulls, sketch.distinct.estimate) == (8, 2, 3))
        #expect(sketch.categories.sorted?.map(\.value) == ["b", "a", "c"])
        #expect(sketch.categories.sorted?.map(\.count) == [3, 2, 1])
        #expect(sketch.kind == .text)
    }

    @Test(arguments: [100, 2048, 3000, 20_000, 200_000])
    func `different values are counted within three parts of a hundred`(_ count: Int) {
        // Each of them twice, in groups of a thousand as a job has them.
        var merged = DistinctSketch()
        for round in 0..<2 {
            for start in stride(from: 0, to: count, by: 1000) {
                var group = DistinctSketch()
                for value in start..<min(count, start + 1000) {
                    group.add(StableHash.hash("value \(value)".utf8, tag: 1))
                }
                _ = round
                merged.merge(group)
            }
        }
        let error = abs(Double(merged.estimate - count)) / Double(count)
        #expect(error <= (count <= 2048 ? 0.001 : 0.03), "\(merged.estimate)")
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `quantiles of merged groups are those of all values, nearly`(_ seed: UInt64) throws {
        var random = Generator(state: seed)
        var all: [Double] = []
        var merged = QuantileSketch()
        for _ in 0..<50 {
            var group = QuantileSketch()
            for _ in 0..<1000 {
                // Skewed, as lengths of answers are.
                let value = Double.random(in: 0..<1, using: &random)
                let skewed = (1 / (1 - value)).squareRoot() * 100
                all.append(skewed)
                group.add(skewed)
            }
            merged.merge(group)
        }
        all.sort()
        #expect(merged.count == all.count && merged.least == all[0] && merged.greatest == all[all.count - 1])
        let mean = all.reduce(0, +) / Double(all.count)
        #expect(abs(merged.mean - mean) < 1e-6 * mean)
        let deviation = (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)).squareRoot()
        #expect(abs(merged.deviation - deviation) < 1e-6 * deviation)
        for share in [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99] {
            let value = try #require(merged.quantile(share))
            let rank = Double(all.count { $0 <= value }) / Double(all.count)
            #expect(abs(rank - share) < 0.01, "\(share): \(rank)")
        }
    }

    @Test func `the middle of few values is one of them, or between two`() {
        var sketch = QuantileSketch()
        for value in [5.0, 1, 3] { sketch.add(value) }
        #expect(sketch.quantile(0.5) == 3)
        #expect(sketch.quantile(0) == 1 && sketch.quantile(1) == 5)
        #expect(QuantileSketch().quantile(0.5) == nil)
    }

    @Test func `what is stored comes back, and merges as it would have`() throws {
        var random = Generator(state: 9)
        var parts: [ColumnSketch] = []
        for part in 0..<3 {
            parts.append(
                sketch(
                    (0..<1500).map { number -> JSONValue? in
                        switch number % 7 {
                        case 0: .integer(Int64.random(in: -50...50, using: &random))
                        case 1: .number(Double.random(in: 0...1, using: &random))
                        case 2: .string("text \(part) \(number)")
                        case 3: .bool(number % 2 == 0)
                        case 4: .array([.integer(Int64(number))])
                        case 5: ["a": .integer(Int64(number))]
                        default: nil
                        }
                    }))
        }
        let back = try parts.map { try #require(ColumnSketch(encoded: $0.encoded)) }
        var merged = parts[0]
        var mergedBack = back[0]
        for place in 1..<3 {
            merged.merge(parts[place])
            mergedBack.merge(back[place])
        }
        #expect(merged.encoded == mergedBack.encoded)
        #expect(merged.records == 4500)
        #expect(merged.kind == nil)
    }

    @Test func `bytes that are no sketch are refused, whatever they are`() {
        let good = sketch((0..<500).map { .string("text \($0)") }).encoded
        #expect(ColumnSketch(encoded: []) == nil)
        for cut in 0..<good.count where cut % 7 == 0 { #expect(ColumnSketch(encoded: Array(good[..<cut])) == nil) }
        #expect(ColumnSketch(encoded: good + [0]) == nil)
        var random = Generator(state: 3)
        for _ in 0..<2000 {
            var bad = good
            bad[Int.random(in: bad.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            _ = ColumnSketch(encoded: bad)
        }
    }

    @Test func `whole and broken numbers together are numbers`() {
        let sketch = sketch([.integer(1), .number(2.5), .integer(4)])
        #expect(sketch.kind == .float && sketch.numbers.mean == 2.5 && sketch.lengths.count == 0)
        #expect(sketch.categories.sorted?.count == 3)
    }

    @Test(arguments: [
        "", "abc", "abcdefgh", "zwölf Boxkämpfer jagen Viktor", "日本語のテキスト", "👩‍🚀 in a string of several words",
        "ééééééééééééééééé",
    ])
    func `lengths are in Unicode scalars`(text: String) {
        #expect(sketch([.string(text)]).lengths.mean == Double(text.unicodeScalars.count))
    }

    @Test func `many or long values are no categories`() {
        #expect(sketch((0..<65).map { .integer($0) }).categories.sorted == nil)
        #expect(sketch([.string(String(repeating: "x", count: 65))]).categories.sorted == nil)
        var merged = sketch((0..<40).map { .integer($0) })
        merged.merge(sketch((40..<80).map { .integer($0) }))
        #expect(merged.categories.sorted == nil && merged.distinct.estimate == 80)
    }

    @Test func `the hash is the same everywhere and for ever`() {
        #expect(StableHash.hash("Tessera".utf8, tag: 1) == 15_159_740_462_462_580_095)
        #expect(StableHash.hash("".utf8, tag: 0) == 16_294_208_416_658_607_535)
    }
}
