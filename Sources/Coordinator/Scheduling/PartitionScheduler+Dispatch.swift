extension PartitionScheduler {
    /// Sends ready cells as far as `credit` allows: the most cells of the job that may be out on the route.
    ///
    /// Returns one entry per row group and column, at most `limit` cells in all, already appended to the log. They are
    /// to be published once the transaction that holds the log has committed.
    package mutating func dispatch(
        _ job: JobNumber, route: String, credit: Int, limit: Int
    ) -> [Sent] {
        guard let plan = jobs[job]?.plan, jobs[job]?.isStopped == false else { return [] }
        var room = min(limit, credit - cellsOut(of: job, route: route))
        var batches: [Sent] = []
        var places: [GroupColumn: Int] = [:]
        while room > 0, let (group, offset, column) = jobs[job]?.ready[route]?.popFirst() {
            // Dropped or answered while it waited.
            guard jobs[job]?.groups[group]?.isReady(offset, column) == true else { continue }
            let key = GroupColumn(group: group, column: column)
            let place: Int
            if let known = places[key] {
                place = known
            } else {
                place = batches.count
                places[key] = place
                batches.append(
                    Sent(
                        number: nextNumber(), job: job, group: group, column: column, route: route, records: [],
                        attempts: []))
            }
            jobs[job]?.groups[group]?.send(offset, column, under: batches[place].number)
            batches[place].records.append(plan.records(of: group).lowerBound + Int64(offset))
            batches[place].attempts.append((jobs[job]?.groups[group]?.failures(offset, column) ?? 0) + 1)
            jobs[job]?.out[route, default: 0] += 1
            room -= 1
        }
        for sent in batches { log.append(.sent(sent)) }
        return batches
    }

    private struct GroupColumn: Hashable {
        let group: Int
        let column: Int
    }

    /// Every task of that number has its confirm.
    package mutating func confirmed(_ sent: Sent) {
        guard isActive(sent.job, group: sent.group) else { return }
        log.append(.confirmed(sent.number, job: sent.job, group: sent.group))
    }

    /// The broker lost these tasks, or so it must be taken: sent again under the same attempt.
    ///
    /// - Returns: the cells.
    package mutating func overdue(_ sent: Sent) -> [Cell] {
        guard let plan = jobs[sent.job]?.plan else { return [] }
        return stillOut(sent).records.compactMap { record in
            let cell = Cell(job: sent.job, record: record, column: sent.column)
            guard takeBack(cell, under: sent.number, because: .lost), let (group, offset) = locate(cell) else {
                return nil
            }
            jobs[cell.job]?.groups[group]?.countLoss(offset, cell.column)
            enqueue(cell.job, plan, group, offset, cell.column)
            return cell
        }
    }

    /// Of what was sent, what is out under that number now.
    package func stillOut(_ sent: Sent) -> Sent {
        guard let progress = jobs[sent.job]?.groups[sent.group] else { return sent.filtered { _ in false } }
        return sent.filtered {
            progress.isOut(Int($0 - progress.records.lowerBound), sent.column, under: sent.number)
        }
    }
}
