/// Which columns are made from which, by their places in `Workflow.columns`.
package struct ColumnGraph: Sendable, Hashable {
    /// Every column, each after all that it waits for: the seed's, then the samplers, then the others; among those that
    /// could come next the first of the file.
    package let order: [Int]
    /// For each column those that its value is made from, in order of place. A side effect counts as its producer.
    package let dependencies: [[Int]]
    /// For each column those that only its `skip.when` looks at.
    package let skipDependencies: [[Int]]
    /// For each column those that wait for it, for whatever reason.
    package let dependents: [[Int]]

    /// The columns that a column waits for.
    package func prerequisites(of column: Int) -> [Int] { dependencies[column] + skipDependencies[column] }

    /// A chain in which each column needs the next, and the last is the first again.
    struct Cycle: Error { let columns: [Int] }

    /// The graph of columns; names that are no column are left out, and so is a column's use of itself.
    ///
    /// - Throws: a cycle, of which there may be more.
    init(columns: [Column], constraints: [Constraint]) throws(Cycle) {
        var places: [String: Int] = [:]
        for (place, column) in columns.enumerated() {
            for effect in column.sideEffects where places[effect] == nil { places[effect] = place }
        }
        // A column wins over a side effect of the same name.
        for (place, column) in columns.enumerated().reversed() { places[column.name] = place }

        var dependencies = columns.enumerated().map { place, column in
            Set(column.references.compactMap { places[$0] }).subtracting([place])
        }
        for constraint in constraints {
            if case .column(let name) = constraint.bound, let from = places[name], let to = places[constraint.target],
                from != to
            {
                dependencies[to].insert(from)
            }
        }
        let skips = columns.enumerated().map { place, column in
            Set((column.skip?.when.names ?? []).compactMap { places[$0] }).subtracting([place])
                .subtracting(dependencies[place])
        }
        var dependents = [[Int]](repeating: [], count: columns.count)
        for (place, (own, skip)) in zip(dependencies, skips).enumerated() {
            for prerequisite in own.union(skip) { dependents[prerequisite].append(place) }
        }
        self.dependencies = dependencies.map { $0.sorted() }
        skipDependencies = skips.map { $0.sorted() }
        self.dependents = dependents
        order = try Self.order(
            ranks: columns.map(\.rank), prerequisites: zip(dependencies, skips).map { $0.union($1) },
            dependents: dependents)
    }

    /// Kahn's algorithm; among the columns that are ready, the lowest rank and then the first of the file.
    private static func order(ranks: [Int], prerequisites: [Set<Int>], dependents: [[Int]]) throws(Cycle) -> [Int] {
        var missing = prerequisites.map(\.count)
        var order: [Int] = []
        var ready = missing.indices.filter { missing[$0] == 0 }
        while let next = ready.min(by: { (ranks[$0], $0) < (ranks[$1], $1) }) {
            ready.removeAll { $0 == next }
            order.append(next)
            for dependent in dependents[next] {
                missing[dependent] -= 1
                if missing[dependent] == 0 { ready.append(dependent) }
            }
        }
        if order.count == missing.count { return order }
        throw Cycle(columns: cycle(among: Set(missing.indices.filter { missing[$0] > 0 }), prerequisites))
    }

    /// The first cycle that following prerequisites from the first stuck column leads into.
    private static func cycle(among stuck: Set<Int>, _ prerequisites: [Set<Int>]) -> [Int] {
        var path: [Int] = []
        var next = stuck.min()
        while let column = next {
            if let start = path.firstIndex(of: column) {
                // Begin with the cycle's first column of the file.
                let cycle = path[start...]
                let first = cycle.indices.min { cycle[$0] < cycle[$1] } ?? start
                return Array(cycle[first...] + cycle[..<first])
            }
            path.append(column)
            next = prerequisites[column].intersection(stuck).min()
        }
        return path
    }
}

extension Column {
    /// Seeds are read and samplers drawn before anything else.
    fileprivate var rank: Int {
        switch kind {
        case .seed: 0
        case .sampler: 1
        default: 2
        }
    }
}
