/// Numbers in CSV texts, as DuckDB tells them from other texts.
enum CSVNumber {
    /// Spaces around it do not count; no sign but `-`, no leading zeros; `0x10` is sixteen.
    static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
        var digits = text
        while digits.first == UInt8(ascii: " ") { digits.removeFirst() }
        while digits.last == UInt8(ascii: " ") { digits.removeLast() }
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits.removeFirst() }
        if !isNegative, digits.count > 2, digits.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) {
            return Int64(String(decoding: digits.dropFirst(2), as: UTF8.self), radix: 16)
        }
        guard let first = digits.first, digits.allSatisfy(isDigit), first != UInt8(ascii: "0") || digits.count == 1
        else { return nil }
        var value: Int64 = 0
        for digit in digits {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let step = Int64(digit - UInt8(ascii: "0"))
            let (sum, overflow2) = product.addingReportingOverflow(isNegative ? -step : step)
            if overflow || overflow2 { return nil }
            value = sum
        }
        return value
    }

    /// `1.5`, `.5`, `5.`, `-1e3`; without spaces and leading zeros; finite.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        var padded: [UInt8] = []
        padded.reserveCapacity(text.count + 2)
        var rest = text
        if rest.first == UInt8(ascii: "-") {
            padded.append(UInt8(ascii: "-"))
            rest.removeFirst()
        }
        let whole = rest.prefix(while: isDigit)
        guard whole.count <= 1 || whole.first != UInt8(ascii: "0") else { return nil }
        rest = rest[whole.endIndex...]
        padded += whole.isEmpty ? [UInt8(ascii: "0")] : Array(whole)
        var hasFraction = false
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix(while: isDigit)
            hasFraction = !fraction.isEmpty
            rest = rest[fraction.endIndex...]
            if hasFraction { padded += [UInt8(ascii: ".")] + fraction }
        }
        guard !whole.isEmpty || hasFraction else { return nil }
        if let mark = rest.first, mark == UInt8(ascii: "e") || mark == UInt8(ascii: "E") {
            var exponent = rest.dropFirst()
            padded.append(mark)
            if let sign = exponent.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
                padded.append(sign)
                exponent.removeFirst()
            }
            guard !exponent.isEmpty, exponent.allSatisfy(isDigit) else { return nil }
            padded += exponent
            rest = []
        }
        guard rest.isEmpty, let value = Double(String(decoding: padded, as: UTF8.self)), value.isFinite else {
            return nil
        }
        return value
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
