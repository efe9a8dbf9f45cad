/// A printed number in its parts, to be grouped, padded and put together.
struct NumberLayout {
    /// The sign and a prefix such as `0x`.
    let sign: String
    let whole: [UInt8]
    /// The point and what follows, an exponent or a percent sign.
    let rest: [UInt8]
    let groupSize: Int

    func text(_ specification: FormatSpecification) -> String {
        let alignment = specification.alignment ?? .right
        var digits = whole
        if let grouping = specification.grouping {
            // Zeros that fill the width between sign and digits are grouped with them.
            let isFilled = alignment == .afterSign && specification.fill == "0"
            let room = isFilled ? specification.width - sign.unicodeScalars.count - rest.count : 0
            digits = grouped(with: UInt8(truncatingIfNeeded: grouping.value), toWidth: room)
        }
        let number = Array(String(decoding: digits + rest, as: UTF8.self).unicodeScalars)
        guard alignment == .afterSign else {
            return PythonFormatting.pad(Array(sign.unicodeScalars) + number, alignment, specification)
        }
        let missing = max(0, specification.width - sign.unicodeScalars.count - number.count)
        var result = String.UnicodeScalarView(sign.unicodeScalars)
        result.append(contentsOf: repeatElement(specification.fill, count: missing))
        result.append(contentsOf: number)
        return String(result)
    }

    private func grouped(with separator: UInt8, toWidth width: Int) -> [UInt8] {
        var reversed: [UInt8] = []
        var remaining = Array(whole.reversed())[...]
        var digitsInGroup = 0
        while !remaining.isEmpty || reversed.count < width {
            if digitsInGroup == groupSize {
                reversed.append(separator)
                digitsInGroup = 0
            }
            reversed.append(remaining.popFirst() ?? UInt8(ascii: "0"))
            digitsInGroup += 1
        }
        return reversed.reversed()
    }
}
