import CPostgres
import Glibc

/// Owns one of libpq's results and reads from it without copying.
///
/// SAFETY: libpq never changes a PGresult once PQgetResult has returned it, and says that several threads may read one
/// (its manual, section 34.20); only `deinit` frees it. Indices are checked here: libpq would report a wrong one by
/// way of the connection's notice receiver, which may be gone.
final class QueryResult: @unchecked Sendable {
    private let result: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    init(adopting result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
    }

    deinit { PQclear(result) }

    /// The command's tag, such as "INSERT 0 5".
    var commandTag: String { PQcmdStatus(result).map { String(cString: $0) } ?? "" }

    /// How many rows a command touched; 0 for commands that count nothing.
    var affectedCount: Int { PQcmdTuples(result).flatMap { Int(String(cString: $0)) } ?? 0 }

    var memoryBytes: Int { PQresultMemorySize(result) }

    func name(ofColumn column: Int) -> String {
        precondition(column >= 0 && column < columnCount)
        return PQfname(result, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// The first column of exactly this name.
    func column(named name: String) -> Int? {
        (0..<columnCount).first { column in
            guard let candidate = PQfname(result, Int32(column)) else { return false }
            return name.withCString { strcmp($0, candidate) == 0 }
        }
    }

    func type(ofColumn column: Int) -> PostgresType {
        precondition(column >= 0 && column < columnCount)
        return PostgresType(rawValue: PQftype(result, Int32(column)))
    }

    /// Calls `body` with the bytes of one value, which live only that long; nil for NULL.
    func withValue<Value>(row: Int, column: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value? {
        precondition(row >= 0 && row < rowCount && column >= 0 && column < columnCount)
        guard PQgetisnull(result, Int32(row), Int32(column)) == 0 else { return nil }
        let count = Int(PQgetlength(result, Int32(row), Int32(column)))
        // `self` outlives this call, and with it the memory.
        return body(UnsafeRawBufferPointer(start: PQgetvalue(result, Int32(row), Int32(column)), count: count))
    }
}
