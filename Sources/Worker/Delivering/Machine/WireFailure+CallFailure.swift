import Inference
import Messages

extension WireFailure {
    init(_ failure: CallFailure) {
        self.init()
        kind = failure.kind.rawValue
        message = failure.message
        retryable = failure.kind.isRetryable
        httpStatus = UInt32(clamping: failure.status ?? 0)
    }
}
