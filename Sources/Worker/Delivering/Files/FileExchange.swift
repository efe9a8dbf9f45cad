import Digest
import FoundationEssentials
import Messages

/// Files that cells need, fetched and kept for a while; files that calls made, sent away. Piece by piece, of 1 MiB,
/// over requests to coordinators: a question is repeated every 2 s until it is answered.
///
/// Cells wait here: a cell that `want` or `send` takes is given back by `took` or `kept` once all of its files are
/// here, or safe. A pure value; the owner asks what `takeRequests` gives.
struct FileExchange: Sendable {
    typealias Instant = ContinuousClock.Instant

    static let pieceBytes = 1 << 20
    static let askAgain: Duration = .seconds(2)
    /// Bytes of fetched files that are kept for the next cell.
    static let mostKeptBytes = 64 << 20
    /// Pieces asked for, or sent and not answered, at once.
    static let mostRequests = 8

    private struct Fetch: Sendable {
        var bytes: [UInt8] = []
        var waiting: Set<CellID> = []
        var askedAt: Instant?
    }

    private struct Upload: Sendable {
        let bytes: [UInt8]
        let hash: Data
        var offset = 0
        var waiting: Set<CellID> = []
        var askedAt: Instant?
    }

    /// Nil: the job has no such file.
    private var known: [FileName: [UInt8]?] = [:]
    /// The oldest first.
    private var order: [FileName] = []
    private var knownBytes = 0
    private var fetches: [FileName: Fetch] = [:]
    private var uploads: [FileName: Upload] = [:]
    /// What cells wait to use together: kept until they start, however much it is.
    private var wanted: [CellID: Set<FileName>] = [:]
    /// How many files a cell still waits for.
    private var open: [CellID: Int] = [:]

    // MARK: Fetching

    /// Whether all of these files are known. If not they are asked for, and the cell waits.
    mutating func want(_ names: [FileName], for cell: CellID) -> Bool {
        let missing = Set(names.filter { known[$0] == nil })
        if missing.isEmpty {
            wanted[cell] = nil
            return true
        }
        wanted[cell] = Set(names)
        open[cell] = missing.count
        for name in missing { fetches[name, default: Fetch()].waiting.insert(cell) }
        return false
    }

    /// Those of the files that there are, by name.
    func contents(of names: [FileName]) -> [String: [UInt8]] {
        var contents: [String: [UInt8]] = [:]
        for name in names {
            if case .some(.some(let bytes)) = known[name] { contents[name.name] = bytes }
        }
        return contents
    }

    /// - Returns: cells that wait no more.
    mutating func took(_ reply: WirePieceReply) -> [CellID] {
        let name = FileName(job: reply.job, name: reply.name)
        guard var fetch = fetches[name], reply.offset == UInt64(fetch.bytes.count) else { return [] }
        if reply.known {
            fetch.bytes += [UInt8](reply.body)
            guard reply.body.isEmpty || UInt64(fetch.bytes.count) >= reply.size else {
                fetch.askedAt = nil
                fetches[name] = fetch
                return []
            }
        }
        fetches[name] = nil
        keep(name, reply.known ? fetch.bytes : Optional.none)
        return release(fetch.waiting)
    }

    private mutating func keep(_ name: FileName, _ bytes: [UInt8]?) {
        guard known[name] == nil else { return }
        known[name] = .some(bytes)
        order.append(name)
        knownBytes += (bytes?.count ?? 0) + 256
        guard knownBytes > Self.mostKeptBytes else { return }
        // The newest is what a cell is about to use.
        let needed = wanted.values.reduce(into: Set([name])) { $0.formUnion($1) }
        order.removeAll { old in
            guard knownBytes > Self.mostKeptBytes, !needed.contains(old) else { return false }
            if let bytes = known.removeValue(forKey: old) { knownBytes -= (bytes?.count ?? 0) + 256 }
            return true
        }
    }

    // MARK: Sending

    /// Sends a cell's files, unless there are none: then false.
    mutating func send(_ files: [(name: FileName, bytes: [UInt8])], for cell: CellID) -> Bool {
        var names: Set<FileName> = []
        for file in files where names.insert(file.name).inserted {
            if uploads[file.name] == nil {
                uploads[file.name] = Upload(bytes: file.bytes, hash: Data(SHA256(of: file.bytes).bytes))
            }
            uploads[file.name]?.waiting.insert(cell)
        }
        if names.isEmpty { return false }
        open[cell] = names.count
        return true
    }

    /// - Returns: cells that wait no more.
    mutating func kept(_ reply: WirePieceKept) -> [CellID] {
        let name = FileName(job: reply.job, name: reply.name)
        guard var upload = uploads[name], reply.offset == UInt64(upload.offset) else { return [] }
        upload.offset += Self.pieceBytes
        upload.askedAt = nil
        guard reply.gone || upload.offset >= upload.bytes.count else {
            uploads[name] = upload
            return []
        }
        uploads[name] = nil
        // The next column may look at it.
        keep(name, upload.bytes)
        return release(upload.waiting)
    }

    // MARK: Both

    private mutating func release(_ cells: Set<CellID>) -> [CellID] {
        cells.sorted().filter { cell in
            guard let left = open[cell] else { return false }
            open[cell] = left > 1 ? left - 1 : nil
            return left == 1
        }
    }

    /// The cell does not wait any more, whatever comes.
    mutating func forget(_ cell: CellID) {
        wanted[cell] = nil
        guard open.removeValue(forKey: cell) != nil else { return }
        for name in fetches.keys { fetches[name]?.waiting.remove(cell) }
        for name in uploads.keys { uploads[name]?.waiting.remove(cell) }
        fetches = fetches.filter { !$0.value.waiting.isEmpty }
        uploads = uploads.filter { !$0.value.waiting.isEmpty }
    }

    /// What is to be asked now.
    mutating func takeRequests(_ now: Instant) -> [WireRequest] {
        if fetches.isEmpty, uploads.isEmpty { return [] }
        var room = Self.mostRequests
        for asked in fetches.values.map(\.askedAt) + uploads.values.map(\.askedAt) where !isDue(asked, now) {
            room -= 1
        }
        var requests: [WireRequest] = []
        for name in uploads.keys where room > 0 && isDue(uploads[name]?.askedAt, now) {
            guard let upload = uploads[name] else { continue }
            uploads[name]?.askedAt = now
            room -= 1
            requests.append(filled(WireRequest()) { $0.keep = Self.piece(of: upload, name) })
        }
        for name in fetches.keys where room > 0 && isDue(fetches[name]?.askedAt, now) {
            let offset = fetches[name]?.bytes.count ?? 0
            fetches[name]?.askedAt = now
            room -= 1
            requests.append(
                filled(WireRequest()) {
                    $0.piece = filled(WirePieceRequest()) {
                        ($0.job, $0.name, $0.offset) = (name.job, name.name, UInt64(offset))
                    }
                })
        }
        return requests
    }

    private func isDue(_ asked: Instant?, _ now: Instant) -> Bool { asked.map { now >= $0 + Self.askAgain } ?? true }

    private static func piece(of upload: Upload, _ name: FileName) -> WireKeepPiece {
        filled(WireKeepPiece()) {
            $0.job = name.job
            $0.name = name.name
            $0.hash = upload.hash
            $0.size = UInt64(upload.bytes.count)
            $0.offset = UInt64(upload.offset)
            $0.body = Data(upload.bytes[upload.offset..<min(upload.offset + pieceBytes, upload.bytes.count)])
        }
    }

    /// When `takeRequests` has something by time alone; nil while nothing waits.
    var nextDue: Instant? {
        (fetches.values.map(\.askedAt) + uploads.values.map(\.askedAt)).compactMap { $0 }.min().map {
            $0 + Self.askAgain
        }
    }
}
