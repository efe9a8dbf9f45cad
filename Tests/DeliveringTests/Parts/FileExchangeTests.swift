import Digest
import FoundationEssentials
import Messages
import Testing

@testable import Delivering

struct FileExchangeTests {
    private let now = ContinuousClock.now
    private let name = FileName(job: "j", name: "photos/a.png")
    private let first = CellID(serial: 1)
    private let second = CellID(serial: 2)

    private func reply(
        _ body: [UInt8], at offset: Int = 0, size: Int, known: Bool = true
    ) -> WirePieceReply {
        filled(WirePieceReply()) {
            ($0.job, $0.name, $0.offset, $0.size) = ("j", "photos/a.png", UInt64(offset), UInt64(size))
            $0.known = known
            $0.body = Data(body)
        }
    }

    private func kept(_ offset: Int, gone: Bool = false) -> WirePieceKept {
        filled(WirePieceKept()) { ($0.job, $0.name, $0.offset, $0.gone) = ("j", "photos/a.png", UInt64(offset), gone) }
    }

    @Test func `two cells wait for one file, which is asked for once, piece by piece`() {
        var files = FileExchange()
        let answer1 = files.want([name], for: first)
        #expect(!answer1)
        let answer2 = files.want([name], for: second)
        #expect(!answer2)
        var requests = files.takeRequests(now)
        #expect(requests.map(\.piece.offset) == [0])
        let requests3 = files.takeRequests(now)
        #expect(requests3.isEmpty)
        let cells4 = files.took(reply([1, 2], size: 3))
        #expect(cells4 == [])
        requests = files.takeRequests(now)
        #expect(requests.map(\.piece.offset) == [2])
        let cells5 = files.took(reply([3], at: 2, size: 3))
        #expect(cells5 == [first, second])
        let answer6 = files.want([name], for: first)
        #expect(answer6)
        #expect(files.contents(of: [name]) == ["photos/a.png": [1, 2, 3]])
        #expect(files.nextDue == nil)
    }

    @Test func `a question is repeated every two seconds, and a repeated answer counts once`() {
        var files = FileExchange()
        _ = files.want([name], for: first)
        _ = files.takeRequests(now)
        #expect(files.nextDue == now + .seconds(2))
        let requests7 = files.takeRequests(now + .milliseconds(1999))
        #expect(requests7.isEmpty)
        let requests8 = files.takeRequests(now + .seconds(2))
        #expect(requests8.count == 1)
        let cells9 = files.took(reply([1], size: 2))
        #expect(cells9 == [])
        let cells10 = files.took(reply([1], size: 2))
        #expect(cells10 == [])
        let cells11 = files.took(reply([2], at: 1, size: 2))
        #expect(cells11 == [first])
        #expect(files.contents(of: [name]) == ["photos/a.png": [1, 2]])
    }

    @Test func `a file that the job does not have is known to be none`() {
        var files = FileExchange()
        _ = files.want([name], for: first)
        let cells12 = files.took(reply([], size: 0, known: false))
        #expect(cells12 == [first])
        let answer13 = files.want([name], for: second)
        #expect(answer13)
        #expect(files.contents(of: [name]).isEmpty)
    }

    @Test func `a large file is sent in pieces, and its cell waits for the last`() throws {
        var files = FileExchange()
        let bytes = [UInt8](repeating: 7, count: FileExchange.pieceBytes + 5)
        let answer14 = files.send([(name, bytes), (name, bytes)], for: first)
        #expect(answer14)
        var piece = try #require(files.takeRequests(now).first).keep
        #expect(piece.offset == 0 && piece.body.count == FileExchange.pieceBytes && piece.size == UInt64(bytes.count))
        #expect([UInt8](piece.hash) == SHA256(of: bytes).bytes)
        let cells15 = files.kept(kept(0))
        #expect(cells15 == [])
        piece = try #require(files.takeRequests(now).first).keep
        #expect(piece.offset == UInt64(FileExchange.pieceBytes) && piece.body.count == 5)
        let cells16 = files.kept(kept(FileExchange.pieceBytes))
        #expect(cells16 == [first])
        // What was made here need not be fetched.
        let answer17 = files.want([name], for: second)
        #expect(answer17)
    }

    @Test func `of a job that is gone nothing more is sent`() {
        var files = FileExchange()
        _ = files.send([(name, [UInt8](repeating: 7, count: 3 << 20))], for: first)
        _ = files.takeRequests(now)
        let cells18 = files.kept(kept(0, gone: true))
        #expect(cells18 == [first])
        let requests19 = files.takeRequests(now + .seconds(5))
        #expect(requests19.isEmpty)
    }

    @Test func `a cell that was taken back is not given back, and its file is not asked for any more`() {
        var files = FileExchange()
        _ = files.want([name], for: first)
        files.forget(first)
        let requests20 = files.takeRequests(now)
        #expect(requests20.isEmpty)
        let cells21 = files.took(reply([1], size: 1))
        #expect(cells21 == [])
    }

    @Test func `a cell of two files waits for both`() {
        var files = FileExchange()
        let other = FileName(job: "j", name: "b.png")
        _ = files.want([name, other], for: first)
        let cells22 = files.took(reply([1], size: 1))
        #expect(cells22 == [])
        var second = reply([2], size: 1)
        second.name = "b.png"
        let cells23 = files.took(second)
        #expect(cells23 == [first])
    }

    @Test func `what is kept is bounded, and never the newest goes`() {
        var files = FileExchange()
        let piece = [UInt8](repeating: 1, count: 40 << 20)
        for number in 0..<3 {
            _ = files.want([FileName(job: "j", name: "\(number).png")], for: CellID(serial: UInt64(number)))
            var answer = reply(piece, size: piece.count)
            answer.name = "\(number).png"
            let cells24 = files.took(answer)
            #expect(cells24.count == 1)
            for cell in cells24 { _ = files.want([FileName(job: "j", name: "\(number).png")], for: cell) }
        }
        let answer25 = files.want([FileName(job: "j", name: "2.png")], for: first)
        #expect(answer25)
        let answer26 = files.want([FileName(job: "j", name: "0.png")], for: first)
        #expect(!answer26)
    }

    @Test func `only so many pieces are asked for at once`() {
        var files = FileExchange()
        for number in 0..<20 {
            _ = files.want([FileName(job: "j", name: "\(number).png")], for: CellID(serial: UInt64(number)))
        }
        let requests27 = files.takeRequests(now)
        #expect(requests27.count == FileExchange.mostRequests)
        let requests28 = files.takeRequests(now)
        #expect(requests28.isEmpty)
    }

    @Test func `files that a cell needs together stay until it starts, however large they are`() {
        var files = FileExchange()
        let names = ["a", "b", "c"].map { FileName(job: "j", name: $0) }
        let large = [UInt8](repeating: 1, count: FileExchange.mostKeptBytes / 2)
        func reply(_ name: FileName) -> WirePieceReply {
            filled(WirePieceReply()) {
                ($0.job, $0.name, $0.size, $0.known) = (name.job, name.name, UInt64(large.count), true)
                $0.body = Data(large)
            }
        }
        #expect(files.want(names, for: first) == false)
        var released: [CellID] = []
        for name in names { released += files.took(reply(name)) }
        #expect(released == [first])
        #expect(files.want(names, for: first) == true, "it would fetch them for ever")
        // Once it started they may go.
        #expect(files.want([FileName(job: "j", name: "d")], for: second) == false)
        _ = files.took(reply(FileName(job: "j", name: "d")))
        #expect(files.want(names, for: first) == false)
    }
}
