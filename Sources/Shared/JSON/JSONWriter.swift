/// Writes JSON piece by piece to the end of a byte buffer.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.key("model")
/// writer.string(name)
/// writer.endObject()
/// send(writer.bytes)
/// ```
/// Commas, colons and line breaks come by themselves. That every value stands where JSON allows one is the caller's
/// duty: nothing checks it.
package struct JSONWriter: Sendable {
    /// What has been written so far.
    package private(set) var bytes: [UInt8]

    private let style: JSONStyle
    private var depth = 0
    /// Whether the container being written already holds something.
    private var needsComma = false
    private var isAfterKey = false

    package init(style: JSONStyle = .compact, capacity: Int = 0) {
        self.style = style
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// What has been written so far, as a string.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Forgets what was written and keeps the room.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        (depth, needsComma, isAfterKey) = (0, false, false)
    }

    /// Gives the bytes away and begins anew.
    package mutating func take() -> [UInt8] {
        defer {
            bytes = []
            (depth, needsComma, isAfterKey) = (0, false, false)
        }
        return bytes
    }

    package mutating func beginObject() { begin(UInt8(ascii: "{")) }
    package mutating func endObject() { end(UInt8(ascii: "}")) }
    package mutating func beginArray() { begin(UInt8(ascii: "[")) }
    package mutating func endArray() { end(UInt8(ascii: "]")) }

    package mutating func key(_ key: String) {
        separate()
        JSONEscaping.append(key, to: &bytes, escapesNonASCII: style.escapesNonASCII)
        bytes.append(UInt8(ascii: ":"))
        if style.spacesSeparators || style.indentText != nil { bytes.append(UInt8(ascii: " ")) }
        isAfterKey = true
    }

    package mutating func string(_ text: String) {
        separate()
        JSONEscaping.append(text, to: &bytes, escapesNonASCII: style.escapesNonASCII)
    }

    package mutating func integer(_ value: some FixedWidthInteger) {
        separate()
        bytes.append(decimal: value)
    }

    package mutating func number(_ value: Double) {
        separate()
        if value.isFinite {
            PythonFloat.append(value, to: &bytes)
        } else if !style.writesPythonNumbers {
            bytes.append(text: "null")
        } else {
            bytes.append(text: value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
        }
    }

    package mutating func bool(_ value: Bool) {
        separate()
        bytes.append(text: value ? "true" : "false")
    }

    package mutating func null() {
        separate()
        bytes.append(text: "null")
    }

    /// Bytes that are one JSON value already.
    package mutating func raw(_ json: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
    }

    /// Bytes outside of the JSON, such as the line break between two lines of an export; the next value starts anew.
    package mutating func between(_ text: some Sequence<UInt8>) {
        bytes.append(contentsOf: text)
        needsComma = false
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .integer(let value): integer(value)
        case .bigInteger(let text): raw(text.utf8)
        case .number(let value): number(value)
        case .string(let text): string(text)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object):
            beginObject()
            for (key, value) in style.sortedKeys ? object.sortedByKey : object {
                self.key(key)
                self.value(value)
            }
            endObject()
        }
    }

    /// A key and its value.
    package mutating func member(_ key: String, _ value: JSONValue) {
        self.key(key)
        self.value(value)
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        depth -= 1
        if needsComma, let indent = style.indentText { breakLine(indent) }
        bytes.append(bracket)
        needsComma = true
    }

    @inline(__always)
    private mutating func separate() {
        if isAfterKey {
            isAfterKey = false
            needsComma = true
            return
        }
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if let indent = style.indentText {
            if depth > 0 { breakLine(indent) }
        } else if needsComma, style.spacesSeparators {
            bytes.append(UInt8(ascii: " "))
        }
        needsComma = true
    }

    private mutating func breakLine(_ indent: String) {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { bytes.append(contentsOf: indent.utf8) }
    }
}

extension JSONValue {
    /// This value as JSON text.
    package func serialized(_ style: JSONStyle = .compact) -> String {
        var writer = JSONWriter(style: style)
        writer.value(self)
        return writer.text
    }

    /// This value as JSON in UTF-8.
    package func serializedBytes(_ style: JSONStyle = .compact) -> [UInt8] {
        var writer = JSONWriter(style: style)
        writer.value(self)
        return writer.bytes
    }
}
