/// Why providers cannot be used: everything that is wrong at once. A command ends with exit code 78.
package struct ProviderError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line each: where, what, and what to write instead. No key among them.
    package let problems: [String]

    package init(problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}
