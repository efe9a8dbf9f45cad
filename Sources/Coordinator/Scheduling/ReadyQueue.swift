import DequeModule

/// Cells of one job that wait for credit on one route: those of the oldest row group first, so that groups end and
/// their memory is given back; within a group in the order in which they became ready.
struct ReadyQueue: Sendable {
    struct Item: Sendable, Equatable {
        let offset: Int32
        let column: Int32
    }

    private var groups: [Int] = []
    private var cells: [Int: Deque<Item>] = [:]
    private(set) var count = 0

    mutating func append(group: Int, offset: Int, column: Int) {
        if cells[group] == nil {
            let place = groups.firstIndex { $0 > group } ?? groups.count
            groups.insert(group, at: place)
        }
        cells[group, default: []].append(Item(offset: Int32(offset), column: Int32(column)))
        count += 1
    }

    mutating func popFirst() -> (group: Int, offset: Int, column: Int)? {
        while let group = groups.first {
            if let item = cells[group]?.popFirst() {
                count -= 1
                return (group, Int(item.offset), Int(item.column))
            }
            groups.removeFirst()
            cells[group] = nil
        }
        return nil
    }

    mutating func remove(group: Int) {
        count -= cells.removeValue(forKey: group)?.count ?? 0
        groups.removeAll { $0 == group }
    }
}
