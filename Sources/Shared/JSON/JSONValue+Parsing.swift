extension JSONValue {
    /// Reads one JSON text, which must end after its value.
    ///
    /// Integers are exact whatever their size; `-0` is the integer 0. Of equal keys the last value wins. An escaped
    /// surrogate without its partner becomes U+FFFD. About 1 µs for each 300 bytes.
    ///
    /// - Throws: `JSONError` at the first byte that cannot continue a JSON text, for bytes that are not UTF-8, and for
    ///   nesting beyond the options' depth.
    package init(parsing bytes: some Sequence<UInt8>, options: JSONParsingOptions = .strict) throws(JSONError) {
        let parsed = bytes.withContiguousStorageIfAvailable { JSONParser.parse($0, options) }
        let result = parsed ?? Array(bytes).withUnsafeBufferPointer { JSONParser.parse($0, options) }
        self = try result.get()
    }

    /// Reads one JSON text, as `init(parsing:options:)` does for bytes.
    package init(parsing text: String, options: JSONParsingOptions = .strict) throws(JSONError) {
        var text = text
        self = try text.withUTF8 { JSONParser.parse($0, options) }.get()
    }

    package init(parsing text: Substring, options: JSONParsingOptions = .strict) throws(JSONError) {
        var text = text
        self = try text.withUTF8 { JSONParser.parse($0, options) }.get()
    }
}
