/// The statements of one transaction with all their parameters in one buffer, ready for libpq.
///
/// Made by the calling task, so that the thread of the event loop only copies bytes into libpq's output buffer.
struct EncodedStatements: Sendable {
    struct Item: Sendable {
        let sql: String
        let isPrepared: Bool
        let values: Range<Int>
    }

    struct Value: Sendable, Equatable {
        let type: PostgresType
        let offset: Int
        /// Nil for NULL.
        let count: Int?
    }

    let items: [Item]
    let values: [Value]
    /// One byte longer than what it holds, so that even an empty value has an address (libpq takes null for NULL).
    let bytes: [UInt8]

    /// What the server takes in one message is below 1 GiB.
    private static let maximumBytes = 1_000_000_000
    private static let maximumParameters = Int(UInt16.max)

    /// - Throws: `.invalidParameter`, with the statement's index, for a NUL character in text or SQL, and for more
    ///   parameters or bytes than one message can hold.
    init(_ statements: [Statement]) throws(PostgresError) {
        var items: [Item] = []
        var values: [Value] = []
        items.reserveCapacity(statements.count)
        var total = 0
        for (index, statement) in statements.enumerated() {
            let start = total
            let first = values.count
            if statement.sql.utf8.contains(0) { throw Self.refusal("the SQL text has a NUL character", index) }
            if statement.parameters.count > Self.maximumParameters {
                throw Self.refusal("\(statement.parameters.count) parameters are more than 65535", index)
            }
            for parameter in statement.parameters {
                let count = parameter.encodedBytes
                values.append(Value(type: parameter.type, offset: total, count: count))
                total += count ?? 0
            }
            if total - start > Self.maximumBytes {
                throw Self.refusal("\(total - start) bytes of parameters are more than 1 GB", index)
            }
            items.append(Item(sql: statement.sql, isPrepared: statement.isPrepared, values: first..<values.count))
        }

        var culprit: (statement: Int, parameter: Int)?
        bytes = [UInt8](unsafeUninitializedCapacity: total + 1) { memory, initialized in
            guard let start = memory.baseAddress else { return }
            var writer = BinaryWriter(UnsafeMutableRawPointer(start))
            for (index, statement) in statements.enumerated() {
                for (position, parameter) in statement.parameters.enumerated() {
                    parameter.encode(into: &writer)
                    if writer.hasNUL, culprit == nil { culprit = (index, position + 1) }
                }
            }
            writer.integer(UInt8(0))
            initialized = writer.count
        }
        if let culprit {
            throw Self.refusal(
                "the text of parameter $\(culprit.parameter) has a NUL character, which PostgreSQL cannot store",
                culprit.statement)
        }
        self.items = items
        self.values = values
    }

    private static func refusal(_ message: String, _ index: Int) -> PostgresError {
        var error = PostgresError(.invalidParameter, message)
        error.statementIndex = index
        return error
    }
}
