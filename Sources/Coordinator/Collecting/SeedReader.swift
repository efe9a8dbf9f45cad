import JSON
import Postgres
import Seeds
import Store

/// Reads the rows of a frozen seed data set that records get, and no others, whatever the size of the data set.
actor SeedReader {
    enum Failure: Error {
        case database(PostgresError)
        /// What is stored is not what was frozen.
        case damaged
    }

    /// Consecutive rows of one piece.
    private struct Run {
        let piece: StoredSeedPiece
        let first: Int
        var last: Int
    }

    private let store: SeedStore
    private let seed: StoredSeed
    private let selection: SeedSelection
    /// Read once: some tens of bytes for each MiB of data.
    private var pieces: [StoredSeedPiece]?

    init(store: SeedStore, seed: StoredSeed, selection: SeedSelection) {
        self.store = store
        self.seed = seed
        self.selection = selection
    }

    /// The values of each record, by column of the data set. Two statements, whatever the order of the rows.
    func rows(of records: Range<Int64>) async throws(Failure) -> [[JSONValue]] {
        let wanted = selection.rows(of: records)
        let sorted = Set(wanted).sorted()
        let found: [[JSONValue]]?
        do throws(PostgresError) {
            let all: [StoredSeedPiece]
            if let pieces { all = pieces } else { all = try await store.pieces(of: seed) }
            pieces = all
            found = try await read(sorted, of: all)
        } catch {
            throw .database(error)
        }
        guard let found else { throw .damaged }
        let values = Dictionary(uniqueKeysWithValues: zip(sorted, found))
        return wanted.map { values[$0] ?? [] }
    }

    /// Nil where what is stored does not add up.
    private func read(_ rows: [Int64], of pieces: [StoredSeedPiece]) async throws(PostgresError) -> [[JSONValue]]? {
        guard let runs = Self.runs(rows, in: pieces) else { return nil }
        let offsets = try await store.slices(
            runs.map { run in
                let bytes = SeedPiece.offsets(of: run.first).lowerBound..<SeedPiece.offsets(of: run.last).upperBound
                return BlobSlice(hash: run.piece.hash, bytes: bytes)
            })
        guard offsets.count == runs.count else { return nil }
        var places: [[Range<Int>]] = []
        for (run, bytes) in zip(runs, offsets) {
            var ranges: [Range<Int>] = []
            for row in 0...(run.last - run.first) {
                guard bytes.count >= 4 * row + 8,
                    let place = SeedPiece.place(Array(bytes[(4 * row)..<(4 * row + 8)]), rows: run.piece.rows)
                else { return nil }
                ranges.append(place)
            }
            places.append(ranges)
        }
        let bodies = try await store.slices(
            zip(runs, places).map { run, ranges in
                let start = ranges.first?.lowerBound ?? 0
                return BlobSlice(hash: run.piece.hash, bytes: start..<max(start, ranges.last?.upperBound ?? 0))
            })
        guard bodies.count == runs.count else { return nil }
        var values: [[JSONValue]] = []
        values.reserveCapacity(rows.count)
        for (body, ranges) in zip(bodies, places) {
            let start = ranges.first?.lowerBound ?? 0
            for range in ranges {
                guard range.upperBound - start <= body.count,
                    let row = SeedPiece.values(Array(body[(range.lowerBound - start)..<(range.upperBound - start)])),
                    row.count == seed.columns.count
                else { return nil }
                values.append(row)
            }
        }
        return values
    }

    /// Rows in order, as runs; nil when one is in no piece.
    private static func runs(_ rows: [Int64], in pieces: [StoredSeedPiece]) -> [Run]? {
        var runs: [Run] = []
        var place = 0
        for row in rows {
            while place < pieces.count, row >= pieces[place].firstRow + Int64(pieces[place].rows) { place += 1 }
            guard place < pieces.count, row >= pieces[place].firstRow else { return nil }
            let offset = Int(row - pieces[place].firstRow)
            if let last = runs.last, last.piece.firstRow == pieces[place].firstRow, last.last + 1 == offset {
                runs[runs.count - 1].last = offset
            } else {
                runs.append(Run(piece: pieces[place], first: offset, last: offset))
            }
        }
        return runs
    }
}
