/// Who leads whom: the higher term wins, of one term the lower id.
struct LeadershipClaim: Hashable, Comparable {
    let term: Int
    /// Nil: nobody, which loses against everybody of the same term.
    let worker: String?

    static func < (left: LeadershipClaim, right: LeadershipClaim) -> Bool {
        guard left.term == right.term else { return left.term < right.term }
        switch (left.worker, right.worker) {
        case (let left?, let right?): return left > right
        case (nil, _?): return true
        case (_, nil): return false
        }
    }
}
