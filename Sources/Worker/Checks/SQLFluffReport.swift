import JSON

/// What sqlfluff says about SQL, in Data Designer's form: only what cannot be parsed counts, and a DECIMAL without a
/// scale.
enum SQLFluffReport {
    /// One verdict for each text, of a report in which they are the files `0.sql`, `1.sql`, ...; nil for a report that
    /// cannot be read, or does not have all of them.
    static func verdicts(of report: JSONValue, on codes: [String]) -> [JSONValue]? {
        guard let files = report.arrayValue else { return nil }
        var messages = [[String]?](repeating: nil, count: codes.count)
        for file in files {
            guard let path = file["filepath"]?.stringValue, let violations = file["violations"]?.arrayValue,
                let name = path.split(separator: "/").last, let place = Int(name.prefix { $0 != "." }),
                messages.indices.contains(place)
            else { return nil }
            messages[place] = violations.compactMap { violation in
                guard let code = violation["code"]?.stringValue, code.hasPrefix("PRS") else { return nil }
                return "\(code): \(violation["description"]?.stringValue ?? "")"
            }
        }
        var verdicts: [JSONValue] = []
        for (code, messages) in zip(codes, messages) {
            guard let messages else { return nil }
            verdicts.append(verdict(on: code, messages))
        }
        return verdicts
    }

    private static func verdict(on code: String, _ messages: [String]) -> JSONValue {
        var messages = messages
        if hasDecimalWithoutScale(code) {
            messages.append("a DECIMAL has a precision and no scale, which may not be what was meant")
        }
        return ["is_valid": .bool(messages.isEmpty), "error_messages": .string(messages.joined(separator: "\n"))]
    }

    /// `DECIMAL(10)`, in capitals and without spaces, as Data Designer looks for it.
    static func hasDecimalWithoutScale(_ code: String) -> Bool {
        let bytes = Array(code.utf8)
        return bytes.places(of: "DECIMAL(").contains { place in
            let digits = bytes[(place + 8)...].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
            return !digits.isEmpty && bytes[digits.endIndex...].first == UInt8(ascii: ")")
        }
    }

    /// The code as it may be shown to sqlfluff: a comment that would set sqlfluff's options (they may name files of
    /// this machine) is one no longer. Nothing changes its place.
    static func disarmed(_ code: String) -> String {
        var bytes = Array(code.utf8)
        for place in bytes.places(of: "--sqlfluff") { bytes[place + 2] = UInt8(ascii: "S") }
        for place in bytes.places(of: "-- sqlfluff") { bytes[place + 3] = UInt8(ascii: "S") }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Where `text` begins.
    fileprivate func places(of text: StaticString) -> [Int] {
        let sought = text.withUTF8Buffer { Array($0) }
        guard let first = sought.first, count >= sought.count else { return [] }
        return (0...(count - sought.count)).filter {
            self[$0] == first && self[$0..<($0 + sought.count)] == sought[...]
        }
    }
}
