import Testing

struct OfficialSuiteTests {
    /// What passes of each draft, all being read as 2020-12. What older drafts mean otherwise does not: `id`, `extends`
    /// and `disallow`, a `$ref` that hides the keywords beside it, `$recursiveRef`. Of 2020-12 itself only
    /// `$vocabulary` is not there.
    private static let passRates: [String: (debian: (Int, Int)?, full: (Int, Int)?)] = [
        "draft3": ((222, 271), nil), "draft4": ((304, 320), nil), "draft6": ((400, 405), nil),
        "draft7": ((418, 423), nil), "draft2020-12": (nil, (1256, 1257)),
    ]

    @Test(.enabled(if: OfficialSuite.present != nil, "the package json-schema-test-suite is not installed"))
    func `of the official suite passes what passed before`() throws {
        let suite = try #require(OfficialSuite.present)
        let isFull = suite.drafts.contains("draft2020-12")
        for draft in suite.drafts {
            let tally = try suite.run(draft)
            let rates = Self.passRates[draft] ?? (nil, nil)
            guard let wanted = isFull ? rates.full : rates.debian else { continue }
            let failures = tally.failures.joined(separator: "\n")
            #expect(tally.passed == wanted.0 && tally.total == wanted.1, "\(draft): \(tally.passed)\n\(failures)")
        }
    }
}
