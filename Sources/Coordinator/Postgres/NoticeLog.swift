import CPostgres
import Logging

/// Takes the notices of one connection: they go to the log. A fatal one says why the server will hang up.
///
/// Used on the thread of the connection's event loop only: libpq reports from within the calls made there.
final class NoticeLog {
    private let logger: Logger
    /// Set by the connection too, when the fatal error answered a statement.
    var fatal: PostgresError?

    init(_ logger: Logger) { self.logger = logger }

    /// Notices of `connection` come here until it is finished; this object must live as long.
    func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(
            connection,
            { @Sendable context, result in
                guard let context, let result else { return }
                Unmanaged<NoticeLog>.fromOpaque(context).takeUnretainedValue().take(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func take(_ result: OpaquePointer) {
        let notice = PostgresError(.statementFailed, result: result)
        if notice.code == .connectionLost {
            fatal = notice
            return
        }
        let severity = PQresultErrorField(result, Int32(Unicode.Scalar("V").value)).map { String(cString: $0) }
        let level: Logger.Level = severity == "WARNING" ? .warning : .debug
        logger.log(
            level: level, "postgres says: \(notice.message)", metadata: ["code": "\(notice.sqlState?.rawValue ?? "")"])
    }
}
