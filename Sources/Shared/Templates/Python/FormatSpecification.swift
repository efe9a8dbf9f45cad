/// A parsed format specification: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
struct FormatSpecification {
    enum Alignment: Character {
        case left = "<"
        case right = ">"
        case center = "^"
        case afterSign = "="
    }

    var fill: Unicode.Scalar = " "
    var alignment: Alignment?
    /// `+`, `-` or a space.
    var sign: Unicode.Scalar = "-"
    var coercesNegativeZero = false
    var isAlternate = false
    var width = 0
    /// `,` or `_`.
    var grouping: Unicode.Scalar?
    var precision: Int?
    var type: Unicode.Scalar?
    private var hasZeroPadding = false

    /// A width or precision of more is refused.
    static let sizeLimit = 1_000_000

    init() {}

    init(parsing text: String, for typeName: String) throws(TemplateError) {
        let scalars = Array(text.unicodeScalars)
        var at = 0
        func alignment(_ index: Int) -> Alignment? {
            index < scalars.count ? Alignment(rawValue: Character(scalars[index])) : nil
        }
        if let found = alignment(1) {
            fill = scalars[0]
            self.alignment = found
            at = 2
        } else if let found = alignment(0) {
            self.alignment = found
            at = 1
        }
        let hasFill = at == 2
        func take(_ wanted: Unicode.Scalar...) -> Unicode.Scalar? {
            guard at < scalars.count, wanted.contains(scalars[at]) else { return nil }
            at += 1
            return scalars[at - 1]
        }
        if let found = take("+", "-", " ") { sign = found }
        if take("z") != nil { coercesNegativeZero = true }
        if take("#") != nil { isAlternate = true }
        if !hasFill, take("0") != nil {
            fill = "0"
            hasZeroPadding = true
            if self.alignment == nil { self.alignment = .afterSign }
        }
        width = try Self.number(scalars, &at) ?? 0
        grouping = take(",", "_")
        if grouping != nil, take(",", "_") != nil { throw .value("Cannot specify both ',' and '_'.") }
        if take(".") != nil {
            guard let digits = try Self.number(scalars, &at) else { throw .value("Format specifier missing precision") }
            precision = digits
        }
        if at < scalars.count {
            guard at == scalars.count - 1 else {
                throw .value("Invalid format specifier '\(text)' for object of type '\(typeName)'")
            }
            type = scalars[at]
        }
        try checkGrouping()
    }

    /// Whether a leading 0 asked for padding behind the sign, which only numbers allow.
    var isZeroPadded: Bool { hasZeroPadding }

    private static func number(_ scalars: [Unicode.Scalar], _ at: inout Int) throws(TemplateError) -> Int? {
        var value: Int?
        while at < scalars.count, let digit = PythonCharacters.decimalValue(scalars[at]) {
            value = (value ?? 0) * 10 + digit
            guard value ?? 0 <= sizeLimit else { throw .limit("a format's width or precision is too large") }
            at += 1
        }
        return value
    }

    private func checkGrouping() throws(TemplateError) {
        guard let grouping, let type else { return }
        switch type {
        case "d", "e", "f", "g", "E", "G", "%", "F": return
        case "b", "o", "x", "X": if grouping == "_" { return }
        default: break
        }
        throw .value("Cannot specify '\(grouping)' with '\(type)'.")
    }

    func unknownType(for typeName: String) -> TemplateError {
        .value("Unknown format code '\(type.map(String.init) ?? "")' for object of type '\(typeName)'")
    }
}
