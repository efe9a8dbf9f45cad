/// How a job's records are divided into row groups.
///
/// Row groups never cross what was the job's end before an extension, so that the first ones keep their bytes; the last
/// one before each extension may be smaller.
package struct RowGroups: Sendable {
    private struct Part: Sendable {
        let records: Range<Int64>
        let firstGroup: Int
    }

    private let size: Int64
    private let parts: [Part]
    package let count: Int

    /// - Parameters:
    ///   - size: records in a row group, at least 1.
    ///   - formerEnds: how many records the job had before each extension, ascending.
    package init(records: Int64, size: Int, formerEnds: [Int64] = []) {
        precondition(size > 0)
        self.size = Int64(size)
        var parts: [Part] = []
        var start: Int64 = 0
        var groups = 0
        for end in formerEnds.filter({ $0 < records }) + [records] where end > start {
            parts.append(Part(records: start..<end, firstGroup: groups))
            groups += Int((end - start - 1) / Int64(size)) + 1
            start = end
        }
        self.parts = parts
        count = groups
    }

    /// Where the record is.
    package func group(of record: Int64) -> Int {
        guard let part = parts.first(where: { record < $0.records.upperBound }) ?? parts.last else { return 0 }
        return part.firstGroup + Int((record - part.records.lowerBound) / size)
    }

    package func records(of group: Int) -> Range<Int64> {
        guard let part = parts.last(where: { $0.firstGroup <= group }) else { return 0..<0 }
        let first = part.records.lowerBound + Int64(group - part.firstGroup) * size
        return first..<(part.records.upperBound - first < size ? part.records.upperBound : first + size)
    }
}
