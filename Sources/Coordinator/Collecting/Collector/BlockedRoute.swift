import Messages

/// A route of which no worker takes a cell, and how its jobs tell that: where, what is the matter, what comes next.
struct BlockedRoute: Equatable {
    let route: Route
    /// A few words: `authentication`, `rate limit`, `draining`.
    let kind: String
    /// What the endpoint said; empty where it is not its fault. Such a route is probed.
    let words: String

    /// - Parameter blocked: a worker's `blocked_by`: `draining`, or `endpoint: authentication: HTTP 401 ...`.
    init(_ route: Route, blocked: String) {
        let place = "endpoint: "
        let parts = (blocked.hasPrefix(place) ? blocked.dropFirst(place.count) : blocked[...])
            .split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
        self.route = route
        kind = String(parts[0])
        words = parts.count > 1 ? Self.short(parts[1]) : ""
    }

    /// The reason of a job that waits for it.
    var waiting: String {
        "waiting on \(route) (\(kind))" + (words.isEmpty ? "" : ", probed until it answers: \(words)")
    }

    /// The reason of a job that was paused, since waiting does not mend it.
    ///
    /// - Parameters:
    ///   - failure: the kind of failure with which the calls of every worker end.
    ///   - resume: what to type then.
    func refused(_ failure: String, for waited: Duration, resume: String) -> String {
        "endpoint (\(failure)): \(route) refused every call for \(Self.seconds(waited))\(said); "
            + "put it right, then: \(resume)"
    }

    /// The reason of a job that was paused, since it waited as long as its settings allow.
    func waitedTooLong(_ waited: Duration, resume: String) -> String {
        "endpoint (\(kind)): \(route) took no calls for \(Self.seconds(waited)) (max_throttled_seconds)\(said); "
            + "when it does: \(resume)"
    }

    /// What every reason for the same thing begins with, whatever the endpoint says of it.
    static func subject(_ reason: String) -> Substring {
        // A model's name may hold a colon.
        let ends = [": ", " ("].compactMap { reason.firstRange(of: $0)?.lowerBound }
        return ends.min().map { reason[..<$0] } ?? reason[...]
    }

    private var said: String { words.isEmpty ? "" : ": \(words)" }

    private static func seconds(_ duration: Duration) -> String { "\(Int((duration / .seconds(1)).rounded())) s" }

    /// An endpoint may say whole pages.
    private static func short(_ words: Substring) -> String {
        words.count > 300 ? words.prefix(300) + "…" : String(words)
    }
}
