/// How JSON is written.
///
/// Numbers that JSON has no form for (NaN, the infinities) are written as Python does (`NaN`) in the Python styles and
/// as `null` in the others.
package struct JSONStyle: Hashable, Sendable {
    /// What each level is indented by, on lines of their own; nil: all on one line.
    package var indentText: String?
    /// `", "` and `": "` instead of `","` and `":"` (an indented text always has `": "`).
    package var spacesSeparators: Bool
    /// Everything but ASCII as `\uXXXX`, the default of Python's `json.dumps`.
    package var escapesNonASCII: Bool
    /// Objects with their keys in code point order.
    package var sortedKeys: Bool
    package var writesPythonNumbers: Bool

    package init(
        indent: Int? = nil, spacesSeparators: Bool = false, escapesNonASCII: Bool = false, sortedKeys: Bool = false,
        writesPythonNumbers: Bool = false
    ) {
        indentText = indent.map { String(repeating: " ", count: $0) }
        self.spacesSeparators = spacesSeparators
        self.escapesNonASCII = escapesNonASCII
        self.sortedKeys = sortedKeys
        self.writesPythonNumbers = writesPythonNumbers
    }

    /// No space at all.
    package static let compact = JSONStyle()
    /// `json.dumps(value)`: `", "` and `": "`, everything but ASCII escaped.
    package static let python = JSONStyle(spacesSeparators: true, escapesNonASCII: true, writesPythonNumbers: true)
    /// `json.dumps(value, ensure_ascii=False)`.
    package static let pythonUnicode = JSONStyle(spacesSeparators: true, writesPythonNumbers: true)
    /// `json.dumps(value, sort_keys=True, separators=(",", ":"))`, for hashes.
    package static let canonical = JSONStyle(escapesNonASCII: true, sortedKeys: true, writesPythonNumbers: true)

    /// One member or element a line.
    package static func pretty(indent: Int = 2) -> JSONStyle { JSONStyle(indent: indent) }

    package func escapingNonASCII(_ escapes: Bool = true) -> JSONStyle {
        var style = self
        style.escapesNonASCII = escapes
        return style
    }

    package func sortingKeys(_ sorts: Bool = true) -> JSONStyle {
        var style = self
        style.sortedKeys = sorts
        return style
    }
}
