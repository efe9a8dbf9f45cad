/// What the simulator takes from the body of a call to `/rows`: rows of an http column or of a remote validator.
struct RowsRequest {
    /// What is wanted of each row, as the JSON writes it, with its quotes; empty: a verdict.
    var columns: [[UInt8]] = []
    /// A hash for each row: FNV-1a of its JSON.
    var rows: [UInt64] = []
    var hash: UInt64

    /// Nil if the body is not an object with a list of objects as `data`.
    init?(_ bytes: [UInt8], _ range: Range<Int>) {
        let scanner = JSONScanner(bytes, range)
        guard let root = scanner.value(at: range.lowerBound), let data = scanner.member("data", of: root),
            scanner.first(data) == UInt8(ascii: "[")
        else { return nil }
        let elements = scanner.elements(of: data)
        guard elements.allSatisfy({ scanner.first($0) == UInt8(ascii: "{") }) else { return nil }
        rows = elements.map { Hash64.fnv1a(Array(bytes[$0])) }
        hash = Hash64.fnv1a(Array(bytes[data]))
        if let columns = scanner.member("columns", of: root) {
            self.columns = scanner.elements(of: columns).map { Array(bytes[$0]) }
        }
    }
}
