/// The protocol's times, in seconds.
enum LimitTiming {
    /// Between a worker's reports when nothing happens.
    static let beat = 1.0
    /// A share is good for so long after the report that it answers was sent.
    static let lease = 3 * beat
    /// Without a leader for so long: elect. Less than a lease, so that work goes on.
    static let silence = 2 * beat
    /// How often a worker without a leader calls for one.
    static let hello = 0.1
    /// How long it listens for others before it leads.
    static let election = 4 * hello
    /// Reports of progress are at least so far apart.
    static let messageGap = 0.02
}
