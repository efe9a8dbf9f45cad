package import Postgres
package import Scheduling

extension PartitionStore {
    /// Those of the values that PostgreSQL refuses for what they are, each with its words: found by halving, in
    /// transactions that are rolled back.
    ///
    /// A value is guilty only when an empty text in its place is taken: else it is the table, the rights or the disk.
    ///
    /// - Throws: what the database says of anything but data (SQLSTATE classes 22, 23 and 54).
    package func unstorable(among values: [StoredValue]) async throws(PostgresError) -> [Cell: String] {
        guard let refusal = try await refusal(of: values) else { return [:] }
        if values.count == 1, let value = values.first {
            return try await self.refusal(of: [value.emptied]) == nil ? [value.cell: refusal] : [:]
        }
        let middle = values.count / 2
        let former = try await unstorable(among: Array(values[..<middle]))
        let latter = try await unstorable(among: Array(values[middle...]))
        return former.merging(latter) { first, _ in first }
    }

    /// What PostgreSQL says against the values; nil when it would store them.
    private func refusal(of values: [StoredValue]) async throws(PostgresError) -> String? {
        struct Stored: Error {}
        var writes = TurnWrites()
        writes.values = values
        let statement = writes.valueInsert
        do {
            try await pool.withTransaction { transaction in
                try await transaction.run(statement)
                throw Stored()
            }
            return nil
        } catch is Stored {
            return nil
        } catch let error as PostgresError where error.isAboutData {
            return error.description
        } catch let error as PostgresError {
            throw error
        } catch {
            throw PostgresError(.statementFailed, "\(error)")
        }
    }
}

extension PostgresError {
    /// The data may be to blame: bad values, violated constraints, exceeded limits.
    package var isAboutData: Bool {
        guard let sqlState, sqlState != .foreignKeyViolation else { return false }
        return ["22", "23", "54"].contains(sqlState.errorClass)
    }
}

extension StoredValue {
    fileprivate var emptied: StoredValue {
        StoredValue(storage: storage, cell: cell, text: "", isJSON: false, origin: origin)
    }
}
