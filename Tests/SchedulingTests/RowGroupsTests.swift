import Scheduling
import Testing

struct RowGroupsTests {
    @Test(
        arguments: [
            (1, 1, []), (10, 3, []), (1000, 1000, []), (3000, 1000, [1500]), (3000, 1000, [1, 2, 2999]),
            (50, 7, [7, 14, 20]),
        ] as [(Int64, Int, [Int64])])
    func `every record is in one row group, in order, and none crosses a former end`(
        records: Int64, size: Int, ends: [Int64]
    ) {
        let groups = RowGroups(records: records, size: size, formerEnds: ends)
        var next: Int64 = 0
        for group in 0..<groups.count {
            let range = groups.records(of: group)
            #expect(range.lowerBound == next && !range.isEmpty && range.count <= size)
            for end in ends { #expect(!(range.lowerBound < end && end < range.upperBound)) }
            for record in range { #expect(groups.group(of: record) == group) }
            next = range.upperBound
        }
        #expect(next == records)
    }

    @Test func `more records than there can be are divided without an overflow`() {
        let groups = RowGroups(records: .max, size: 1000)
        #expect(groups.group(of: .max - 1) == groups.count - 1)
        #expect(groups.records(of: groups.count - 1).upperBound == .max)
    }
}
