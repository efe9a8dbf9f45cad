/// What the scheduler has to know of a job.
///
/// A class, since it is handed around for each cell and never changes.
package final class JobPlan: Sendable {
    package let job: JobNumber
    package let records: Int64
    /// Records in a row group; the last one, and the last before each extension, may have fewer.
    package let groupSize: Int
    private let rowGroups: RowGroups
    package let roles: [ColumnRole]
    /// By column: the columns whose cells it needs of the same record.
    package let dependencies: [[Int]]
    /// By column: those that need it.
    package let dependents: [[Int]]
    /// By column: whether the owner looks at each cell that could be made now before it is made: it may be left out.
    package let isJudged: [Bool]
    /// The routes its cells travel, each once, in column order.
    package let routes: [String]
    /// Failed attempts after which the cell is given up.
    package let maximumAttempts: Int
    /// A cell that is given up becomes null, and its record stays; else the record is dropped.
    package let keepsFailed: Bool

    /// - Parameter formerEnds: how many records the job had before each extension, ascending.
    package init(
        job: JobNumber, records: Int64, groupSize: Int, roles: [ColumnRole], dependencies: [[Int]],
        isJudged: [Bool]? = nil, maximumAttempts: Int, keepsFailed: Bool = false, formerEnds: [Int64] = []
    ) {
        let isJudged = isJudged ?? .init(repeating: false, count: roles.count)
        precondition(groupSize > 0 && roles.count == dependencies.count && maximumAttempts > 0)
        precondition(roles.count == isJudged.count)
        self.isJudged = isJudged
        self.job = job
        self.keepsFailed = keepsFailed
        rowGroups = RowGroups(records: records, size: groupSize, formerEnds: formerEnds)
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
        var routes: [String] = []
        for case .model(let route) in roles where !routes.contains(route) { routes.append(route) }
        self.routes = routes
    }

    package var groupCount: Int { rowGroups.count }

    package func group(of record: Int64) -> Int { rowGroups.group(of: record) }

    package func records(of group: Int) -> Range<Int64> { rowGroups.records(of: group) }

    /// The route that the column's cells travel; nil: no worker generates it.
    package func route(of column: Int) -> String? {
        guard roles.indices.contains(column), case .model(let route) = roles[column] else { return nil }
        return route
    }
}
