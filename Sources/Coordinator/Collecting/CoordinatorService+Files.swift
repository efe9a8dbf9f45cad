import FoundationEssentials
import Logging
import Messages
import Postgres
import Store

/// Files of jobs, piece by piece: from workers that made them, to workers that need them.
extension CoordinatorService {
    /// Nil while the database cannot be asked.
    func piece(_ wanted: WirePieceRequest) async -> WirePieceReply? {
        do throws(PostgresError) {
            var reply = WirePieceReply()
            (reply.job, reply.name, reply.offset) = (wanted.job, wanted.name, wanted.offset)
            let store = FileStore(pool: pool)
            if let piece = try await store.piece(
                of: wanted.name, job: wanted.job, at: Int64(clamping: wanted.offset))
            {
                reply.known = true
                reply.size = UInt64(piece.size)
                reply.body = Data(piece.body)
            }
            return reply
        } catch {
            logger.warning("cannot read a file of a job", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// Each hour: files and seed data whose submission came to nothing, a day after they were stored.
    func removeForgotten(_ now: ContinuousClock.Instant) {
        if let last = forgottenRemovedAt, last.duration(to: now) < .seconds(3600) { return }
        forgottenRemovedAt = now
        Task { [jobs, logger] in
            do throws(PostgresError) {
                let count = try await jobs.removeForgotten(olderThan: .seconds(86_400))
                guard count > 0 else { return }
                logger.info(
                    "removed what no job names", metadata: ["event": "forgotten_removed", "count": "\(count)"])
            } catch {
                logger.warning("cannot remove what no job names", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Nil while the database does not take it.
    func keep(_ piece: WireKeepPiece) async -> WirePieceKept? {
        guard piece.hash.count == 32, piece.size > 0, piece.body.count <= FileStore.pieceBytes else { return nil }
        do throws(PostgresError) {
            let file = StoredFile(
                name: piece.name, hash: [UInt8](piece.hash), bytes: Int64(clamping: piece.size))
            let isKept = try await FileStore(pool: pool).keep(
                [UInt8](piece.body), at: Int64(clamping: piece.offset), of: file, job: piece.job)
            var reply = WirePieceKept()
            (reply.job, reply.name, reply.offset, reply.gone) = (piece.job, piece.name, piece.offset, !isKept)
            return reply
        } catch {
            logger.warning("cannot keep a file of a job", metadata: ["error": "\(error)"])
            return nil
        }
    }
}
