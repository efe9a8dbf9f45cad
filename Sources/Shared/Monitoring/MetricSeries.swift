/// A metric's name with its labels, in the order of their names.
struct MetricSeries: Hashable, Comparable, Sendable {
    let name: String
    let labels: [Label]

    struct Label: Hashable, Comparable, Sendable {
        let name: String
        let value: String

        static func < (left: Label, right: Label) -> Bool { (left.name, left.value) < (right.name, right.value) }
    }

    init(_ name: String, _ dimensions: [(String, String)]) {
        self.name = name
        labels = dimensions.map { Label(name: $0.0, value: $0.1) }.sorted()
    }

    static func < (left: MetricSeries, right: MetricSeries) -> Bool {
        left.name == right.name
            ? left.labels.lexicographicallyPrecedes(right.labels) : left.name < right.name
    }

    /// As a line of Prometheus text begins.
    func text(suffix: String = "") -> String {
        guard !labels.isEmpty else { return name + suffix }
        let list = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        return "\(name)\(suffix){\(list)}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(character)
            }
        }
        return text
    }
}
