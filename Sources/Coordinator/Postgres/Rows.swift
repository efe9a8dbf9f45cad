/// What one statement gave: its rows, and how many rows it touched.
///
/// The rows stay in libpq's memory until the last `Rows` or `Row` of the result is gone; a value is decoded when it is
/// asked for.
package struct Rows: RandomAccessCollection, Sendable {
    let result: QueryResult

    init(_ result: QueryResult) {
        self.result = result
        count = result.rowCount
    }

    package let count: Int
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }
    package subscript(position: Int) -> Row {
        precondition(position >= 0 && position < count, "row \(position) of \(count)")
        return Row(result: result, index: position)
    }

    /// How many rows an INSERT, UPDATE, DELETE, MERGE or SELECT touched; 0 for other commands. Rows that ON CONFLICT
    /// DO NOTHING left out do not count.
    package var affectedCount: Int { result.affectedCount }

    /// What the server calls the command, such as "INSERT 0 5".
    package var commandTag: String { result.commandTag }

    package var columnNames: [String] { (0..<result.columnCount).map(result.name(ofColumn:)) }

    /// What the result takes up in memory.
    package var memoryBytes: Int { result.memoryBytes }
}
