extension String {
    /// Without what Python's `str.strip` takes from both ends.
    package var strippedAsPython: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.isPythonSpace }),
            let last = scalars.lastIndex(where: { !$0.isPythonSpace })
        else { return "" }
        let isWhole = first == scalars.startIndex && scalars.index(after: last) == scalars.endIndex
        return isWhole ? self : String(scalars[first...last])
    }
}

extension Unicode.Scalar {
    /// Python's `str.isspace`: white space, and the information separators.
    fileprivate var isPythonSpace: Bool {
        switch value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }
}
