/// A reply's place among those of its connection, which leave in the order of their requests.
final class PendingReply {
    /// What happens to the connection after it.
    enum Ending {
        case stays
        case closes
        case resets
    }

    var bytes: [UInt8] = []
    var ending = Ending.stays
    var isReady = false
    /// Called when the client went away before the reply was ready.
    var abandoned: (() -> Void)?
}
