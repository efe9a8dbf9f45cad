import Generation
import Inference
import Messages

/// A call's result on its way from a child process to the worker. What the cell's own calls used is counted there.
extension WireChildAnswer {
    init(_ number: UInt64, _ result: CallResult) {
        self.init()
        self.number = number
        switch result {
        case .value(let cell): value = cell
        case .again(let conversation):
            again = filled(WireChildAgain()) {
                if let kept = conversation.kept { $0.conversation = kept }
                $0.inputTokens = UInt32(clamping: conversation.usage.inputTokens)
                $0.outputTokens = UInt32(clamping: conversation.usage.outputTokens)
            }
        case .failed(let failure, let figures): failed = WireChildFailure(failure, figures)
        case .later(let failure, let pause):
            later = filled(WireChildLater()) {
                $0.failure = WireChildFailure(failure, CallFigures())
                $0.pauseMilliseconds = UInt64(clamping: pause.wholeMilliseconds)
            }
        case .notSent(let failure): notSent = WireChildFailure(failure, CallFigures())
        case .cancelled, .keptAgain, .childDied, .noChild: cancelled = true
        }
    }

    /// Nil for what only another version would say.
    var result: CallResult? {
        switch kind {
        case .value(let cell): .value(cell)
        case .again(let again):
            .keptAgain(
                again.conversation,
                CallFigures(inputTokens: Int(again.inputTokens), outputTokens: Int(again.outputTokens)))
        case .failed(let failed): failed.failure.map { .failed($0, failed.figures) }
        case .later(let later):
            later.failure.failure.map {
                .later($0, after: .milliseconds(Int64(clamping: later.pauseMilliseconds)))
            }
        case .notSent(let failed): failed.failure.map { .notSent($0) }
        case .cancelled: .cancelled
        case nil: nil
        }
    }
}

extension WireChildFailure {
    fileprivate init(_ failure: CallFailure, _ figures: CallFigures) {
        self.init()
        kind = failure.kind.rawValue
        message = failure.message
        httpStatus = UInt32(clamping: failure.status ?? 0)
        if let wait = failure.retryAfter { retryAfterMilliseconds = UInt64(max(0, wait / .milliseconds(1))) }
        callMilliseconds = figures.milliseconds
        finishReason = figures.finishReason
        inputTokens = UInt32(clamping: figures.inputTokens)
        outputTokens = UInt32(clamping: figures.outputTokens)
    }

    fileprivate var failure: CallFailure? {
        FailureKind(rawValue: kind).map { kind in
            CallFailure(
                kind: kind, message: message, status: httpStatus == 0 ? nil : Int(httpStatus),
                retryAfter: hasRetryAfterMilliseconds ? .milliseconds(Int64(clamping: retryAfterMilliseconds)) : nil)
        }
    }

    fileprivate var figures: CallFigures {
        CallFigures(
            milliseconds: callMilliseconds, finishReason: finishReason, inputTokens: Int(inputTokens),
            outputTokens: Int(outputTokens))
    }
}
