import LanguageFuzzing
import Testing

/// The first cases of each target; `make fuzz CASES=10000000` goes on.
@Suite struct FuzzTests {
    private static let seed: UInt64 = 20_261_121

    @Test(arguments: [(FuzzTarget.template, 12_000), (.expression, 8_000), (.yaml, 2_500), (.json, 2_500)])
    func `no random case crashes, contradicts itself or fails without a place`(target: FuzzTarget, count: Int) {
        // Plain comparisons: an expectation for each of many would take longer than the cases.
        for number in 0..<UInt64(count) {
            if let complaint = target.complaint(seed: Self.seed, number: number) { Issue.record("\(complaint)") }
        }
    }

    @Test func `a case is made of its number alone and the numbers make many`() {
        for target in FuzzTarget.allCases {
            let sources = (0..<200).map { target.source(seed: 3, number: $0) }
            #expect(sources == (0..<200).map { target.source(seed: 3, number: $0) })
            #expect(Set(sources).count > 150)
        }
    }
}
