import Foundation
import Synchronization

/// The pieces of a seed data set, read on a thread of their own and only a few ahead of who takes them.
package struct SeedPieceStream: Sendable {
    /// Pieces that are read and not taken.
    private static let ahead = 4

    private final class Gate: Sendable {
        private let isClosed = Mutex(false)
        // From 0: a semaphore may not end below the value that it began with.
        private let room = DispatchSemaphore(value: 0)

        init() { for _ in 0..<SeedPieceStream.ahead { room.signal() } }

        /// Waits for room; false when nobody takes pieces any more.
        func enter() -> Bool {
            room.wait()
            return !isClosed.withLock { $0 }
        }
        func leave() { room.signal() }
        func close() {
            isClosed.withLock { $0 = true }
            room.signal()
        }
    }

    private let gate = Gate()
    private let stream: AsyncThrowingStream<SeedPiece, any Error>

    package init(_ source: SeedSource) {
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: SeedPiece.self)
        self.stream = stream
        let gate = gate
        Thread {
            var packer = SeedPacker()
            do throws(SeedError) {
                try source.forEachRow { values throws(SeedError) in
                    if let piece = try packer.append(values) {
                        guard gate.enter() else { throw SeedError("abandoned") }
                        continuation.yield(piece)
                    }
                }
                if let piece = packer.finish() { continuation.yield(piece) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }.start()
    }

    /// Gives each piece to `body`, in order.
    ///
    /// - Throws: `SeedError` of the source, or what `body` throws; nothing more is read then.
    package func read(_ body: (SeedPiece) async throws -> Void) async throws {
        defer { gate.close() }
        for try await piece in stream {
            try await body(piece)
            gate.leave()
        }
    }
}
