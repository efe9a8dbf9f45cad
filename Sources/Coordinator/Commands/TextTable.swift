/// Columns for a person: two spaces between, as wide as their widest cell.
struct TextTable {
    private let titles: [String]
    private var rows: [[String]] = []

    init(_ titles: [String]) { self.titles = titles }

    /// As many cells as there are titles.
    mutating func add(_ cells: [String]) { rows.append(cells) }

    var lines: [String] {
        let all = [titles] + rows
        let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                if column < row.count - 1 { line += String(repeating: " ", count: widths[column] - cell.count + 2) }
            }
            return line
        }
    }
}

/// A span of time as kubectl shows ages: `45s`, `12m`, `3h`, `9d`.
struct Age: CustomStringConvertible {
    let seconds: Double

    var description: String {
        switch seconds {
        case ..<120: "\(Int(seconds))s"
        case ..<7200: "\(Int(seconds / 60))m"
        case ..<172_800: "\(Int(seconds / 3600))h"
        default: "\(Int(seconds / 86_400))d"
        }
    }
}
