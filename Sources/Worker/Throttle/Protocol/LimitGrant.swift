/// Leader to everyone when the law moved and twice a beat; to one worker when only its share moved.
package struct LimitGrant: Hashable, Sendable {
    package struct Share: Hashable, Sendable {
        package var share: Int
        /// The number of the report that this answers.
        package var answers: Int
        /// Calls in flight there, as far as the leader knows: for those who watch.
        package var inFlight = 0

        package init(share: Int, answers: Int, inFlight: Int = 0) {
            self.share = share
            self.answers = answers
            self.inFlight = inFlight
        }
    }

    package var term: Int
    package var leader: String
    package var number: Int
    package var epoch: Int
    /// Seconds that are left of it.
    package var pause: Double
    /// A level is on trial.
    package var isMoving: Bool
    /// Starts are to be spread.
    package var isSpaced: Bool
    package var shares: [String: Share]
    /// For a successor, its times counted from this message.
    package var law: ClusterLimit
}

extension LimitGrant {
    package init(term: Int, leader: String, number: Int, epoch: Int, law: ClusterLimit) {
        self.init(
            term: term, leader: leader, number: number, epoch: epoch, pause: 0, isMoving: false, isSpaced: false,
            shares: [:], law: law)
    }
}
