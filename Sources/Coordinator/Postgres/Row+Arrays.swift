/// Arrays, named like the parameters that write them. NULL elements are errors, except in text, bytes and the
/// `nullable` ones; arrays of several dimensions are errors.
extension Row {
    package func boolArray(_ column: some ColumnReference) throws(PostgresError) -> [Bool] {
        try required(column, .array("bool[] without NULLs", of: .bool) { $0 == .boolArray })
    }

    package func int2Array(_ column: some ColumnReference) throws(PostgresError) -> [Int16] {
        try required(column, .array("int2[] without NULLs", of: .integer) { $0 == .int2Array })
    }

    package func int4Array(_ column: some ColumnReference) throws(PostgresError) -> [Int32] {
        try required(column, .array("int4[] without NULLs", of: .integer) { $0 == .int4Array || $0 == .int2Array })
    }

    package func int8Array(_ column: some ColumnReference) throws(PostgresError) -> [Int64] {
        try required(column, .array("int8[] without NULLs", of: .integer, accepts: Self.isIntegerArray))
    }

    package func float8Array(_ column: some ColumnReference) throws(PostgresError) -> [Double] {
        try required(column, .array("float8[] without NULLs", of: .double, accepts: Self.isFloatArray))
    }

    package func textArray(_ column: some ColumnReference) throws(PostgresError) -> [String?] {
        try required(column, .nullableArray("text[]", of: .text, accepts: Self.isTextArray))
    }

    package func bytesArray(_ column: some ColumnReference) throws(PostgresError) -> [[UInt8]?] {
        try required(column, .nullableArray("bytea[]", of: .bytes) { $0 == .byteaArray })
    }

    package func nullableInt4Array(_ column: some ColumnReference) throws(PostgresError) -> [Int32?] {
        try required(column, .nullableArray("int4[]", of: .integer) { $0 == .int4Array || $0 == .int2Array })
    }

    package func nullableInt8Array(_ column: some ColumnReference) throws(PostgresError) -> [Int64?] {
        try required(column, .nullableArray("int8[]", of: .integer, accepts: Self.isIntegerArray))
    }

    package func nullableFloat8Array(_ column: some ColumnReference) throws(PostgresError) -> [Double?] {
        try required(column, .nullableArray("float8[]", of: .double, accepts: Self.isFloatArray))
    }

    package func nullableTimestampArray(_ column: some ColumnReference) throws(PostgresError) -> [PostgresTimestamp?] {
        try required(column, .nullableArray("timestamptz[]", of: .timestamp) { $0 == .timestamptzArray })
    }

    package func optionalInt4Array(_ column: some ColumnReference) throws(PostgresError) -> [Int32]? {
        try isNull(column) ? nil : try int4Array(column)
    }

    package func optionalInt8Array(_ column: some ColumnReference) throws(PostgresError) -> [Int64]? {
        try isNull(column) ? nil : try int8Array(column)
    }

    package func optionalTextArray(_ column: some ColumnReference) throws(PostgresError) -> [String?]? {
        try isNull(column) ? nil : try textArray(column)
    }

    private static func isIntegerArray(_ type: PostgresType) -> Bool {
        type == .int8Array || type == .int4Array || type == .int2Array
    }

    private static func isFloatArray(_ type: PostgresType) -> Bool { type == .float8Array || type == .float4Array }

    private static func isTextArray(_ type: PostgresType) -> Bool {
        type == .textArray || type == .varcharArray || type == .nameArray
    }
}
