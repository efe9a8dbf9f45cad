/// Why the settings cannot be used: everything that is wrong at once. A command ends with exit code 78.
package struct SettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line each: what, where, and what to write instead. No secret among them.
    package let problems: [String]

    package init(_ problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "\n") }
}
