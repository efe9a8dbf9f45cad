/// A job's number in the database; the key of everything the scheduler keeps.
package struct JobNumber: RawRepresentable, Hashable, Sendable, Comparable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
    package static func < (left: JobNumber, right: JobNumber) -> Bool { left.rawValue < right.rawValue }
}

/// How the cells of a column come to be.
package enum ColumnRole: Sendable, Hashable {
    /// There when the row group is admitted: sampled, or read from a seed.
    case given
    /// Computed by the owner as soon as what it needs is there.
    case computed
    /// Called for by a worker of this route.
    case model(route: String)
}

/// What the scheduler has to know of a job.
package struct JobPlan: Sendable {
    package let job: JobNumber
    package let records: Int64
    /// Records in a row group; the last one may have fewer.
    package let groupSize: Int
    package let roles: [ColumnRole]
    /// By column: the columns whose cells it needs of the same record.
    package let dependencies: [[Int]]
    /// By column: those that need it.
    package let dependents: [[Int]]
    /// By column: whether the owner looks at each cell that could be made now before it is made: it may be left out.
    package let isJudged: [Bool]
    /// Failed attempts after which the record is dropped.
    package let maximumAttempts: Int

    package init(
        job: JobNumber, records: Int64, groupSize: Int, roles: [ColumnRole], dependencies: [[Int]],
        isJudged: [Bool]? = nil, maximumAttempts: Int
    ) {
        let isJudged = isJudged ?? .init(repeating: false, count: roles.count)
        precondition(groupSize > 0 && roles.count == dependencies.count && maximumAttempts > 0)
        precondition(roles.count == isJudged.count)
        self.isJudged = isJudged
        self.job = job
        self.records = records
        self.groupSize = groupSize
        self.roles = roles
        self.dependencies = dependencies
        self.maximumAttempts = maximumAttempts
        var dependents = [[Int]](repeating: [], count: roles.count)
        for (column, needed) in dependencies.enumerated() {
            for other in needed { dependents[other].append(column) }
        }
        self.dependents = dependents
    }

    package var groupCount: Int { Int((records + Int64(groupSize) - 1) / Int64(groupSize)) }

    package func group(of record: Int64) -> Int { Int(record / Int64(groupSize)) }

    package func records(of group: Int) -> Range<Int64> {
        let first = Int64(group) * Int64(groupSize)
        return first..<min(first + Int64(groupSize), records)
    }

    /// The routes its cells travel, each once, in column order.
    package var routes: [String] {
        var seen: [String] = []
        for case .model(let route) in roles where !seen.contains(route) { seen.append(route) }
        return seen
    }
}

/// One cell of an active row group.
package struct Cell: Hashable, Sendable {
    package let job: JobNumber
    package let record: Int64
    package let column: Int

    package init(job: JobNumber, record: Int64, column: Int) {
        self.job = job
        self.record = record
        self.column = column
    }
}
