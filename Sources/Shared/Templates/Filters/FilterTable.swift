/// The filters that a template may use.
struct FilterTable: Sendable {
    private let filters: [String: Filter]

    subscript(name: String) -> Filter? { filters[name] }

    /// Jinja's own and `jsonpath`.
    static let all: FilterTable = {
        var filters: [String: Filter] = [:]
        let groups = [
            TextFilters.table, MarkupFilters.table, NumberFilters.table, SequenceFilters.table, OrderFilters.table,
            SelectionFilters.table, ObjectFilters.table,
        ]
        for group in groups {
            for (name, function) in group { filters[name] = Filter(name: name, function: function) }
        }
        return FilterTable(filters: filters)
    }()
}
