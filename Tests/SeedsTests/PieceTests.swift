import JSON
import Seeds
import Testing
import Workflow

struct PieceTests {
    private func pieces(_ rows: [[JSONValue]]) throws -> [SeedPiece] {
        var packer = SeedPacker()
        var pieces: [SeedPiece] = []
        for row in rows { if let piece = try packer.append(row) { pieces.append(piece) } }
        if let piece = packer.finish() { pieces.append(piece) }
        #expect(packer.rows == Int64(rows.count))
        return pieces
    }

    private func row(_ number: Int, of piece: SeedPiece) -> [JSONValue]? {
        SeedPiece.place(Array(piece.bytes[SeedPiece.offsets(of: number)]), rows: piece.rows).flatMap {
            SeedPiece.values(Array(piece.bytes[$0]))
        }
    }

    @Test func `each record can be cut out of its piece alone`() throws {
        let rows = (0..<5_000).map { number -> [JSONValue] in
            [.integer(Int64(number)), .string(String(repeating: "é\"\n", count: number % 300)), .null]
        }
        let pieces = try pieces(rows)
        #expect(pieces.count > 1 && pieces.allSatisfy { $0.bytes.count <= SeedPiece.bytes })
        #expect(pieces.reduce(0) { $0 + $1.rows } == rows.count)
        var number = 0
        for piece in pieces {
            for place in 0..<piece.rows {
                if row(place, of: piece) != rows[number] { Issue.record("record \(number) differs") }
                number += 1
            }
        }
    }

    @Test func `a record that is longer than a piece has one of its own`() throws {
        let long = String(repeating: "x", count: 3 << 20)
        let pieces = try pieces([["a"], [.string(long)], ["b"]])
        #expect(pieces.map(\.rows) == [1, 1, 1])
        #expect(row(0, of: pieces[1]) == [.string(long)])
        var packer = SeedPacker()
        #expect(throws: SeedError.self) { try packer.append([.string(String(repeating: "x", count: 17 << 20))]) }
    }

    @Test func `pieces come in order from their thread, and it ends when nobody takes them`() async throws {
        let files = try TemporaryFiles()
        let text = "a,b\n" + (0..<200_000).map { "\($0),some text that takes room \($0)\n" }.joined()
        let source = try SeedSource(.local(path: try files.write(text, to: "seed.csv")))
        var next: Int64 = 0
        try await SeedPieceStream(source).read { piece in
            #expect(row(0, of: piece)?.first == .integer(next))
            next += Int64(piece.rows)
        }
        #expect(next == 200_000)
        struct Enough: Error {}
        await #expect(throws: Enough.self) { try await SeedPieceStream(source).read { _ in throw Enough() } }
    }
}
