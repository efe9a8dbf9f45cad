import Inference
import Throttle

extension CallOutcome {
    /// What it says about the endpoint's limit.
    var end: CallEnd {
        switch self {
        case .reply: .served
        case .cancelled: .failed
        case .failed(let failure): failure.end
        }
    }
}

extension CallFailure {
    var end: CallEnd {
        switch kind.family {
        case .limited: .refused(retryAfter: retryAfter)
        case .answer, .request: .served
        case .endpoint, .call: .failed
        }
    }
}
