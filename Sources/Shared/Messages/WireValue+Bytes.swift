extension WireValue {
    /// UTF-8 bytes of its text.
    package var bytes: Int {
        switch kind {
        case .text(let text), .json(let text): text.utf8.count
        case nil: 0
        }
    }

    /// The most that the values of one cell may have together. RabbitMQ 4 ends the channel of a message above 16 MiB
    /// (`max_message_size`), and the same message would end the next one.
    package static var largestBytes: Int { 15 << 20 }
}
