package import Messages

extension PartitionScheduler {
    /// What becomes of a cell whose child process died.
    package enum DeathVerdict: Sendable, Equatable {
        /// It is ready again, and sent alone from now on.
        case again
        /// So many died with it, all but the first while it was alone: the caller drops its record, or keeps it
        /// without.
        case poisoned(deaths: Int)
        case waste
    }

    /// The first may be another cell's fault, since they shared the child; the next two are the cell's own.
    package static let mostDeaths = 3

    /// A worker's child process died with the cell in it. Uncharged, and counted, if the cell is out under that number.
    package mutating func childDied(with cell: Cell, under number: DispatchNumber) -> DeathVerdict {
        guard let plan = jobs[cell.job]?.plan, takeBack(cell, under: number, because: .died),
            let (group, offset) = locate(cell)
        else { return .waste }
        let deaths = jobs[cell.job]?.groups[group]?.countDeath(offset, cell.column) ?? 0
        guard deaths < Self.mostDeaths else { return .poisoned(deaths: deaths) }
        enqueue(cell.job, plan, group, offset, cell.column)
        return .again
    }
}
