import Random
package import Workflow

/// Which row of the seed data set a record gets.
///
/// Ordered: one after the other, and again from the first. Shuffled: each cycle through the selected rows is another
/// permutation, keyed by (job seed, cycle), so that any record's row is known without those before it.
package struct SeedSelection: Sendable {
    private let first: Int64
    /// Rows selected.
    package let count: Int64
    private let source: RandomSource?

    /// - Throws: when the selection does not fit the data set.
    package init(_ config: SeedConfig, rows: Int64, seed: UInt64) throws(SeedError) {
        switch config.selection {
        case nil: (first, count) = (0, rows)
        case .range(let range):
            guard range.upperBound < rows else {
                throw SeedError(
                    "selection_strategy ends at row \(range.upperBound), but the seed data set has \(rows) rows",
                    next: "Rows count from 0, and the end belongs to the range.")
            }
            (first, count) = (Int64(range.lowerBound), Int64(range.count))
        case .partition(let index, let parts):
            guard parts <= rows else {
                throw SeedError("num_partitions is \(parts), but the seed data set has only \(rows) rows")
            }
            let size = rows / Int64(parts)
            first = Int64(index) * size
            count = index == parts - 1 ? rows - first : size
        }
        source = config.isShuffled ? RandomSource(seed: seed, column: "", purpose: .shuffle) : nil
    }

    /// The rows of consecutive records.
    package func rows(of records: Range<Int64>) -> [Int64] {
        var cycle: Int64 = -1
        var permutation: KeyedPermutation?
        return records.map { record in
            let (round, place) = record.quotientAndRemainder(dividingBy: count)
            guard let source else { return first + place }
            if round != cycle {
                var stream = source.stream(record: round)
                permutation = KeyedPermutation(count: UInt64(count), &stream)
                cycle = round
            }
            return first + Int64(permutation?[UInt64(place)] ?? 0)
        }
    }
}
