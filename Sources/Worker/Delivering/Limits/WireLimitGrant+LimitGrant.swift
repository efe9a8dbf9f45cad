import Messages
import Throttle

extension WireLimitGrant {
    init(_ grant: LimitGrant, key: String) {
        self.init()
        limitKey = key
        term = Int64(grant.term)
        leader = grant.leader
        number = UInt64(clamping: grant.number)
        epoch = Int64(grant.epoch)
        pauseSeconds = grant.pause
        moving = grant.isMoving
        spaced = grant.isSpaced
        shares = grant.shares.sorted { $0.key < $1.key }.map { worker, share in
            filled(WireLentShare()) {
                $0.worker = worker
                $0.share = UInt32(clamping: share.share)
                $0.answers = UInt64(clamping: share.answers)
                $0.inFlight = UInt32(clamping: share.inFlight)
            }
        }
        law = WireLimitLaw(grant.law.lawState)
    }

    var limitGrant: LimitGrant {
        var grant = LimitGrant(
            term: Int(term), leader: leader, number: Int(clamping: number), epoch: Int(epoch),
            law: ClusterLimit(law.lawState(epoch: Int(epoch))))
        grant.pause = pauseSeconds
        grant.isMoving = moving
        grant.isSpaced = spaced
        for share in shares {
            grant.shares[share.worker] = .init(
                share: Int(share.share), answers: Int(clamping: share.answers), inFlight: Int(share.inFlight))
        }
        return grant
    }
}
