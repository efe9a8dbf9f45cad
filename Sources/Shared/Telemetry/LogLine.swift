import Logging

/// One line of the log: its fields in the order in which they are written.
///
/// The fixed keys come first (`LogLine.fixedKeys`), then the others by name, and what a person reads last, as
/// `message`. `event` is the metadata of that name, else a message that is one word (`connected`), else the logger's
/// label.
struct LogLine {
    /// What every collector may rely on, in this order.
    static let fixedKeys = [
        "ts", "level", "event", "job", "task", "attempt", "worker", "model", "ms", "code", "retryable", "next",
    ]

    /// The kernel writes this many bytes to a pipe in one piece (PIPE_BUF), so that lines of several processes that
    /// share stderr never mix.
    static let byteLimit = 4096

    private var fields: [(key: String, value: LogValue)] = []

    init(timestamp: Timestamp, level: Logger.Level, message: String, label: String, metadata: Logger.Metadata) {
        var rest = metadata
        let event: LogValue
        var text: String? = message
        if let given = rest.removeValue(forKey: "event") {
            event = LogValue(given)
        } else if Self.isWord(message) {
            event = .text(message)
            text = nil
        } else {
            event = .text(label)
        }
        fields.reserveCapacity(metadata.count + 4)
        fields.append(("ts", .text(timestamp.description)))
        fields.append(("level", .text(level.rawValue)))
        fields.append(("event", event))
        for key in Self.fixedKeys.dropFirst(3) {
            if let value = rest.removeValue(forKey: key) { fields.append((key, LogValue(value))) }
        }
        for (key, value) in rest.sorted(by: { $0.key < $1.key }) { fields.append((key, LogValue(value))) }
        if let text, !text.isEmpty { fields.append(("message", .text(text))) }
    }

    mutating func append(_ key: String, _ value: LogValue) { fields.append((key, value)) }

    /// The line with its line feed, at most `byteLimit` bytes: long values are cut, then keys that are not fixed go.
    func bytes(_ format: LogFormat) -> [UInt8] {
        for valueLimit in [2048, 256, 64] {
            let line = render(fields, format, valueLimit)
            if line.count <= Self.byteLimit { return line }
        }
        let known = fields.filter { Self.fixedKeys.contains($0.key) || $0.key == "message" }
        return render(known, format, 64)
    }

    private func render(
        _ fields: [(key: String, value: LogValue)], _ format: LogFormat, _ valueLimit: Int
    ) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(512)
        if format == .json { line.append(UInt8(ascii: "{")) }
        for (place, field) in fields.enumerated() {
            switch format {
            case .json:
                if place > 0 { line.append(UInt8(ascii: ",")) }
                Self.appendQuoted(field.key, limit: 64, to: &line)
                line.append(UInt8(ascii: ":"))
            case .text:
                if place > 0 { line.append(UInt8(ascii: " ")) }
                line.append(contentsOf: field.key.utf8)
                line.append(UInt8(ascii: "="))
            }
            switch field.value {
            case .text(let text) where format == .text && Self.isPlain(text, limit: valueLimit):
                line.append(contentsOf: text.utf8)
            case .text(let text): Self.appendQuoted(text, limit: valueLimit, to: &line)
            case .integer(let value): line.append(contentsOf: String(value).utf8)
            case .number(let value): line.append(contentsOf: value.description.utf8)
            case .bool(let value): line.append(contentsOf: (value ? "true" : "false").utf8)
            }
        }
        if format == .json { line.append(UInt8(ascii: "}")) }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private static func isWord(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                    UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    /// Whether a value needs no quotes as `key=value`.
    private static func isPlain(_ text: String, limit: Int) -> Bool {
        !text.isEmpty && text.utf8.count <= limit
            && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
    }

    /// A JSON string, cut to `limit` bytes of UTF-8 between two characters and then ending in an ellipsis.
    private static func appendQuoted(_ text: String, limit: Int, to line: inout [UInt8]) {
        line.append(UInt8(ascii: "\""))
        var length = 0
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            if length > limit {
                line.append(contentsOf: "…".utf8)
                break
            }
            switch scalar {
            case "\"", "\\":
                line.append(UInt8(ascii: "\\"))
                line.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\n": line.append(contentsOf: #"\n"#.utf8)
            case "\t": line.append(contentsOf: #"\t"#.utf8)
            case "\r": line.append(contentsOf: #"\r"#.utf8)
            case "\0"..."\u{1F}", "\u{7F}":
                let hex = String(scalar.value, radix: 16)
                line.append(contentsOf: #"\u00"#.utf8)
                if hex.utf8.count < 2 { line.append(UInt8(ascii: "0")) }
                line.append(contentsOf: hex.utf8)
            default: line.append(contentsOf: String(scalar).utf8)
            }
        }
        line.append(UInt8(ascii: "\""))
    }
}
