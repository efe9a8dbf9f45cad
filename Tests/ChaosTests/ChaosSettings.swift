import TestSupport

/// Which seeds a campaign runs, and how many at a time.
struct ChaosSettings: Equatable {
    static let seedsInCI = 3

    let seeds: [UInt64]
    let jobs: Int

    /// - Parameter environment: `TESSERA_CHAOS_SEED` for one of them, or `_SEEDS` of them beginning `_FROM`; `_JOBS` at
    ///   a time. What is empty is not said.
    init(_ environment: [String: String], cores: Int) throws {
        func number(_ name: String) throws -> Int? {
            guard let text = environment["TESSERA_CHAOS_\(name)"], !text.isEmpty else { return nil }
            guard let number = Int(text), number > 0 else {
                throw NeverHappened("\(name)=\(text): a whole number above 0, as in: make test-chaos \(name)=4")
            }
            return number
        }
        if let one = try number("SEED") {
            seeds = [UInt64(one)]
        } else {
            let first = UInt64(try number("FROM") ?? 1)
            seeds = Array(first..<first + UInt64(try number("SEEDS") ?? Self.seedsInCI))
        }
        jobs = min(try number("JOBS") ?? max(1, cores), seeds.count)
    }
}
