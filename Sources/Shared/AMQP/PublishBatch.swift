/// The messages of one `publish` call, and what became of each. Its completion is called once, whatever happens.
final class PublishBatch {
    let messages: [OutgoingMessage]
    private var outcomes: [PublishOutcome]
    private var unsettled: Int
    private var completion: (([PublishOutcome]) -> Void)?

    init(_ messages: [OutgoingMessage], _ completion: @escaping ([PublishOutcome]) -> Void) {
        self.messages = messages
        self.completion = completion
        outcomes = Array(repeating: .lost, count: messages.count)
        unsettled = messages.count
        if messages.isEmpty { finish() }
    }

    // A connection that is dropped instead of closed takes its batches with it.
    deinit { finish() }

    func settle(_ index: Int, _ outcome: PublishOutcome) {
        outcomes[index] = outcome
        unsettled -= 1
        if unsettled == 0 { finish() }
    }

    private func finish() {
        guard let completion else { return }
        self.completion = nil
        completion(outcomes)
    }
}
