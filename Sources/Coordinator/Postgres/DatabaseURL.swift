import CPostgres

/// Where a database is and how to sign in: what libpq takes, a `postgresql://` URI or `key=value` pairs.
///
/// The session is set up by start-up options and prepared statements, so a pooler in between has to give each client
/// a session of its own (for PgBouncer: `pool_mode=session`).
///
/// What is left out comes from libpq's environment (`PGHOST`, `PGPASSWORD`, ...) and password file. Neither
/// `description` nor a dump shows a password.
package struct DatabaseURL: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The schema that unqualified names are looked up and made in, instead of the user's own search path.
    package var schema: String?

    private var settings: [String: String] = [:]

    /// - Throws: `.invalidURL` in libpq's words, without what it quotes of the text: that may be a password.
    package init(_ text: String) throws(PostgresError) {
        if text.utf8.contains(0) { throw PostgresError(.invalidURL, "the database URL has a NUL character") }
        var complaint: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &complaint) else {
            defer { PQfreemem(complaint) }
            let words = complaint.map { String(cString: $0) } ?? "out of memory"
            throw PostgresError(.invalidURL, "the database URL is not valid: \(Self.withoutQuotes(words))")
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { settings[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
    }

    /// The database's name; nil where libpq's default holds (`PGDATABASE`, else the user's name).
    package var database: String? {
        get { settings["dbname"] }
        set { settings["dbname"] = newValue }
    }

    package var description: String {
        var parts = settings.sorted { $0.key < $1.key }.map { key, value in
            "\(key)=\(Self.isSecret(key) ? "••••" : value)"
        }
        if let schema { parts.append("schema=\(schema)") }
        return parts.joined(separator: " ")
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["settings": description]) }

    subscript(keyword: String) -> String? { settings[keyword] }

    /// How long one attempt to connect may take; nil for no limit, which the user has to ask for by 0.
    var connectTimeout: Duration? {
        guard let text = settings["connect_timeout"], let seconds = Int(text) else { return .seconds(10) }
        return seconds > 0 ? .seconds(seconds) : nil
    }

    /// The keywords and values that libpq is given to connect to `host`; nil leaves the host to libpq.
    ///
    /// Settings of the session come before the user's own `options`, so that those win.
    func parameters(for host: Host?, applicationName: String) -> [String: String] {
        var all = Self.defaults
        all["application_name"] = applicationName
        all.merge(settings) { _, mine in mine }
        all["client_encoding"] = "UTF8"
        var options = Self.sessionSettings
        if let schema { options.append("search_path=\"\(schema.replacing("\"", with: "\"\""))\"") }
        let ours = options.map { "-c " + Self.escapedOption($0) }.joined(separator: " ")
        all["options"] = settings["options"].map { ours + " " + $0 } ?? ours
        if let host {
            for (keyword, value) in ["host": host.name, "hostaddr": host.address, "port": host.port] {
                all[keyword] = value
            }
        }
        return all
    }

    /// A server that is gone without a word is noticed within about 20 s, on an idle connection too.
    private static let defaults = [
        "keepalives": "1", "keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "2",
        "tcp_user_timeout": "20000",
    ]

    /// The same for the server's side: a client that vanished must not hold its locks.
    private static let sessionSettings = [
        "TimeZone=UTC", "client_min_messages=warning", "idle_in_transaction_session_timeout=5s",
        "client_connection_check_interval=5s", "tcp_keepalives_idle=10", "tcp_keepalives_interval=5",
        "tcp_keepalives_count=2", "tcp_user_timeout=20s",
    ]

    private static func escapedOption(_ option: String) -> String {
        option.replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
    }

    private static func isSecret(_ keyword: String) -> Bool { keyword == "password" || keyword == "sslpassword" }

    /// Libpq's message with all that it quotes left out.
    private static func withoutQuotes(_ message: String) -> String {
        PostgresError.tidied(message).replacing(/"[^"]*"?/, with: "\"…\"")
    }
}
