/// One row of a result.
///
/// The getters without `optional` throw `.invalidColumn` on NULL; all throw it when there is no such column, or when
/// it is of another type than was asked for: what the server sent is never converted, only integers and floats are
/// widened. `count(*)` is an int8, but `sum(int8)` and `avg` are numeric and need a cast in the SQL.
package struct Row: Sendable {
    let result: QueryResult
    let index: Int

    package func isNull(_ column: some ColumnReference) throws(PostgresError) -> Bool {
        result.withValue(row: index, column: try position(of: column)) { _ in true } == nil
    }

    package func bool(_ column: some ColumnReference) throws(PostgresError) -> Bool { try required(column, .bool) }
    package func optionalBool(_ column: some ColumnReference) throws(PostgresError) -> Bool? {
        try optional(column, .bool)
    }

    package func int16(_ column: some ColumnReference) throws(PostgresError) -> Int16 { try required(column, .integer) }
    package func optionalInt16(_ column: some ColumnReference) throws(PostgresError) -> Int16? {
        try optional(column, .integer)
    }

    package func int32(_ column: some ColumnReference) throws(PostgresError) -> Int32 { try required(column, .integer) }
    package func optionalInt32(_ column: some ColumnReference) throws(PostgresError) -> Int32? {
        try optional(column, .integer)
    }

    package func int64(_ column: some ColumnReference) throws(PostgresError) -> Int64 { try required(column, .integer) }
    package func optionalInt64(_ column: some ColumnReference) throws(PostgresError) -> Int64? {
        try optional(column, .integer)
    }

    /// Any integer column.
    package func int(_ column: some ColumnReference) throws(PostgresError) -> Int { try required(column, .integer) }
    package func optionalInt(_ column: some ColumnReference) throws(PostgresError) -> Int? {
        try optional(column, .integer)
    }

    package func double(_ column: some ColumnReference) throws(PostgresError) -> Double {
        try required(column, .double)
    }
    package func optionalDouble(_ column: some ColumnReference) throws(PostgresError) -> Double? {
        try optional(column, .double)
    }

    /// text, varchar, char, name, json, jsonb or uuid.
    package func text(_ column: some ColumnReference) throws(PostgresError) -> String { try required(column, .text) }
    package func optionalText(_ column: some ColumnReference) throws(PostgresError) -> String? {
        try optional(column, .text)
    }

    package func bytes(_ column: some ColumnReference) throws(PostgresError) -> [UInt8] { try required(column, .bytes) }
    package func optionalBytes(_ column: some ColumnReference) throws(PostgresError) -> [UInt8]? {
        try optional(column, .bytes)
    }

    package func timestamp(_ column: some ColumnReference) throws(PostgresError) -> PostgresTimestamp {
        try required(column, .timestamp)
    }
    package func optionalTimestamp(_ column: some ColumnReference) throws(PostgresError) -> PostgresTimestamp? {
        try optional(column, .timestamp)
    }

    func required<Value>(
        _ column: some ColumnReference, _ format: ColumnFormat<Value>
    ) throws(PostgresError) -> Value {
        if let value = try optional(column, format) { return value }
        throw PostgresError(.invalidColumn, "\(describe(try position(of: column))) is NULL, not \(format.name)")
    }

    func optional<Value>(
        _ column: some ColumnReference, _ format: ColumnFormat<Value>
    ) throws(PostgresError) -> Value? {
        let position = try position(of: column)
        let type = result.type(ofColumn: position)
        guard format.accepts(type) else {
            throw PostgresError(
                .invalidColumn, "\(describe(position)) is \(type) and cannot be read as \(format.name)")
        }
        let read = result.withValue(row: index, column: position) { format.decode($0, type) }
        guard let decoded = read else { return nil }
        if let decoded { return decoded }
        throw PostgresError(.invalidColumn, "a value of \(describe(position)) (\(type)) is no \(format.name)")
    }

    private func position(of column: some ColumnReference) throws(PostgresError) -> Int {
        if let position = column.position(by: result.column(named:)), position >= 0, position < result.columnCount {
            return position
        }
        let names = (0..<result.columnCount).map(result.name(ofColumn:))
        throw PostgresError(
            .invalidColumn, "there is no column \(column) among \(names.joined(separator: ", "))")
    }

    private func describe(_ position: Int) -> String {
        "column \(position) \"\(result.name(ofColumn: position))\""
    }
}
