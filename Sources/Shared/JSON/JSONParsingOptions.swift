/// How strictly a text is read.
package struct JSONParsingOptions: Hashable, Sendable {
    /// Accept what Python's `json.loads` accepts beyond RFC 8259: `NaN`, `Infinity`, `-Infinity`, and numbers too large
    /// for a Double (read as infinite). As there, an integer of more than 4,300 digits is refused.
    package var acceptsPythonNumbers: Bool
    /// Arrays and objects inside one another; one more is an error.
    package var depthLimit: Int

    package init(acceptsPythonNumbers: Bool = false, depthLimit: Int = 512) {
        self.acceptsPythonNumbers = acceptsPythonNumbers
        self.depthLimit = depthLimit
    }

    /// RFC 8259 and nothing more.
    package static let strict = JSONParsingOptions()
    /// As Python's `json.loads`.
    package static let python = JSONParsingOptions(acceptsPythonNumbers: true)
}
