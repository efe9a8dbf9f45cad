/// What a test waited for did not come in time.
package struct NeverHappened: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Asks again and again until the condition holds: for states of other processes, which give no signal.
package nonisolated(nonsending) func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let end = ContinuousClock.now.advanced(by: limit)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw NeverHappened("\(what) did not happen within \(limit)")
}
