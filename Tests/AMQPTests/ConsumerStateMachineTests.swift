import Testing

@testable import AMQP

struct ConsumerStateMachineTests {
    static let notFound = AMQPError(.notFound, "consume", "NOT_FOUND", replyCode: 404)
    static let lost = AMQPError(.connectionLost, "read", "closed")

    static func consuming(prefetch: UInt16 = 5) -> ConsumerStateMachine {
        var machine = ConsumerStateMachine(name: "c", prefetch: prefetch)
        _ = machine.connectionReady()
        _ = machine.channelOpened()
        _ = machine.consuming()
        return machine
    }

    @Test func `a consumer opens its channel and then subscribes`() {
        var machine = ConsumerStateMachine(name: "c", prefetch: 5)
        #expect(machine.connectionReady() == [.openChannel])
        #expect(machine.connectionReady() == [])
        #expect(machine.channelOpened() == [.start(tag: "c.1", prefetch: 5)])
        #expect(machine.consuming() == [.established])
    }

    @Test func `with prefetch 0 the channel alone makes it ready`() {
        var machine = ConsumerStateMachine(name: "c", prefetch: 0)
        #expect(machine.connectionReady() == [.openChannel])
        #expect(machine.channelOpened() == [.established])
        #expect(machine.setPrefetch(3) == [.start(tag: "c.1", prefetch: 3)])
        #expect(machine.consuming() == [])
    }

    @Test func `another prefetch is a new subscription under a new tag`() {
        var machine = Self.consuming()
        #expect(machine.setPrefetch(5) == [])
        #expect(machine.setPrefetch(9) == [.cancel(tag: "c.1")])
        #expect(machine.cancelConfirmed() == [.start(tag: "c.2", prefetch: 9)])
        #expect(machine.consuming() == [])
    }

    @Test func `the last of several prefetches wins`() {
        var machine = Self.consuming()
        #expect(machine.setPrefetch(9) == [.cancel(tag: "c.1")])
        #expect(machine.setPrefetch(0) == [])
        #expect(machine.setPrefetch(7) == [])
        #expect(machine.cancelConfirmed() == [.start(tag: "c.2", prefetch: 7)])
        #expect(machine.setPrefetch(8) == [])
        #expect(machine.setPrefetch(0) == [])
        #expect(machine.consuming() == [.cancel(tag: "c.2")])
        #expect(machine.cancelConfirmed() == [])
    }

    @Test func `a prefetch changed away and back while the change is under way ends as wanted`() {
        var machine = Self.consuming()
        #expect(machine.setPrefetch(0) == [.cancel(tag: "c.1")])
        #expect(machine.setPrefetch(5) == [])
        #expect(machine.cancelConfirmed() == [.start(tag: "c.2", prefetch: 5)])
    }

    @Test func `a consumer refused before it worked is over`() {
        var machine = ConsumerStateMachine(name: "c", prefetch: 5)
        _ = machine.connectionReady()
        _ = machine.channelOpened()
        #expect(machine.channelClosed(Self.notFound) == [.failed(Self.notFound)])
        #expect(machine.isOver)
        #expect(machine.connectionReady() == [])
        #expect(machine.close() == [])
    }

    @Test func `after a lost connection it consumes again and says so`() {
        var machine = Self.consuming()
        #expect(machine.connectionLost(Self.lost) == [.announce(.lost)])
        #expect(machine.connectionLost(Self.lost) == [])
        #expect(machine.retryDue(isConnected: false) == [])
        #expect(machine.connectionReady() == [.openChannel])
        #expect(machine.channelOpened() == [.start(tag: "c.2", prefetch: 5)])
        #expect(machine.consuming() == [.announce(.resumed)])
    }

    @Test func `a consumer that does not consume also tells of a loss and of its end`() {
        var machine = ConsumerStateMachine(name: "c", prefetch: 0)
        _ = machine.connectionReady()
        _ = machine.channelOpened()
        #expect(machine.connectionLost(Self.lost) == [.announce(.lost)])
        #expect(machine.connectionReady() == [.openChannel])
        #expect(machine.channelOpened() == [.announce(.resumed)])
    }

    @Test func `a loss is announced once however often coming back fails`() {
        var machine = Self.consuming()
        #expect(machine.channelClosed(Self.notFound) == [.announce(.lost), .retryLater])
        for _ in 1...3 {
            #expect(machine.retryDue(isConnected: true) == [.openChannel])
            _ = machine.channelOpened()
            #expect(machine.channelClosed(Self.notFound) == [.retryLater])
        }
        #expect(machine.retryDue(isConnected: true) == [.openChannel])
        _ = machine.channelOpened()
        #expect(machine.consuming() == [.announce(.resumed)])
        #expect(machine.channelClosed(Self.notFound) == [.announce(.lost), .retryLater])
    }

    @Test func `cancelled by the broker it waits, and then subscribes on the same channel`() {
        var machine = Self.consuming()
        #expect(machine.cancelledByBroker(tag: "c.0") == [])
        #expect(machine.cancelledByBroker(tag: "c.1") == [.announce(.cancelledByBroker), .retryLater])
        #expect(machine.setPrefetch(6) == [])
        #expect(machine.retryDue(isConnected: true) == [.start(tag: "c.2", prefetch: 6)])
        #expect(machine.consuming() == [.announce(.resumed)])
    }

    @Test func `cancelled by the broker while it is cancelling it waits for both`() {
        var machine = Self.consuming()
        _ = machine.setPrefetch(9)
        #expect(machine.cancelledByBroker(tag: "c.1") == [.announce(.cancelledByBroker), .retryLater])
        #expect(machine.retryDue(isConnected: true) == [])
        #expect(machine.cancelConfirmed() == [.start(tag: "c.2", prefetch: 9)])
    }

    @Test func `a queue that is gone for good voids the tags when consuming again fails`() {
        var machine = Self.consuming()
        _ = machine.cancelledByBroker(tag: "c.1")
        _ = machine.retryDue(isConnected: true)
        #expect(machine.channelClosed(Self.notFound) == [.announce(.lost), .retryLater])
    }

    @Test func `closing closes the channel and ends it`() {
        var machine = Self.consuming()
        #expect(machine.close() == [.closeChannel])
        #expect(machine.close() == [])
        #expect(machine.setPrefetch(1) == [])
        #expect(machine.consuming() == [])
        #expect(machine.cancelledByBroker(tag: "c.1") == [])
        #expect(machine.channelCloseConfirmed() == [.finished])
        #expect(machine.isOver)
    }

    @Test func `closing ends it also when the connection goes first`() {
        var machine = Self.consuming()
        _ = machine.close()
        #expect(machine.connectionLost(Self.lost) == [.finished])
        var absent = Self.consuming()
        _ = absent.connectionLost(Self.lost)
        #expect(absent.close() == [.finished])
        #expect(absent.connectionReady() == [])
    }

    /// Every sequence of eight inputs: what must hold whatever happens.
    @Test func `no sequence of events starts two subscriptions, repeats a tag, or forgets to end`() {
        func walk(_ machine: ConsumerStateMachine, _ model: Model, _ depth: Int) {
            guard depth > 0, model.fault == nil else {
                if let fault = model.fault { Issue.record("\(fault): \(model.trace)") }
                return
            }
            for input in Model.Input.allCases where model.allows(input) {
                var (machine, model) = (machine, model)
                model.take(input, machine.take(input, model))
                if model.fault != nil {
                    Issue.record("\(model.fault ?? ""): \(model.trace)")
                    return
                }
                walk(machine, model, depth - 1)
            }
        }
        walk(ConsumerStateMachine(name: "c", prefetch: 5), Model(), 8)
    }

    /// What the connection and the broker know of one consumer.
    struct Model {
        enum Input: CaseIterable {
            case ready, opened, consuming, cancelled, more, none, brokerCancel, channelClosed, lost, retry, close
            case closeConfirmed
        }

        var isConnected = false
        var isOpening = false
        var isOpen = false
        var isClosing = false
        var starting: String?
        var active: String?
        var stopping: String?
        var retries = 0
        var isOver = false
        var tags: Set<String> = []
        var trace: [Input] = []
        var fault: String?

        func allows(_ input: Input) -> Bool {
            switch input {
            case .ready: !isConnected
            case .opened: isOpening && !isClosing
            case .consuming: isOpen && starting != nil
            case .cancelled: isOpen && stopping != nil
            case .brokerCancel: isOpen && active != nil
            case .channelClosed: isOpen || isOpening
            case .lost: isConnected
            case .retry: retries > 0
            case .closeConfirmed: isClosing
            case .more, .none, .close: true
            }
        }

        mutating func take(_ input: Input, _ actions: [ConsumerStateMachine.Action]) {
            trace.append(input)
            switch input {
            case .ready: isConnected = true
            case .opened: (isOpening, isOpen) = (false, true)
            case .consuming: (active, starting) = (starting, nil)
            case .cancelled: stopping = nil
            case .brokerCancel: active = nil
            case .channelClosed: (isOpen, isOpening, isClosing, starting, active, stopping) = Self.noChannel
            case .lost:
                isConnected = false
                (isOpen, isOpening, isClosing, starting, active, stopping) = Self.noChannel
            case .retry: retries -= 1
            case .closeConfirmed: (isOpen, isOpening, isClosing, starting, active, stopping) = Self.noChannel
            case .more, .none, .close: break
            }
            for action in actions { take(action) }
        }

        private static let noChannel = (false, false, false, nil as String?, nil as String?, nil as String?)

        private mutating func take(_ action: ConsumerStateMachine.Action) {
            if isOver { fault = "\(action) after the end" }
            switch action {
            case .openChannel:
                if isOpen || isOpening || !isConnected { fault = "opened a channel" }
                isOpening = true
            case .start(let tag, let prefetch):
                if !isOpen || isClosing || starting != nil || active != nil || stopping != nil {
                    fault = "subscribed"
                }
                if prefetch == 0 { fault = "subscribed with prefetch 0" }
                if !tags.insert(tag).inserted { fault = "repeated a tag" }
                starting = tag
            case .cancel(let tag):
                if active != tag || isClosing { fault = "cancelled \(tag)" }
                (active, stopping) = (nil, tag)
            case .closeChannel:
                if !isOpen && !isOpening { fault = "closed a channel" }
                isClosing = true
                (starting, active, stopping) = (nil, nil, nil)
            case .retryLater: retries += 1
            case .finished, .failed: isOver = true
            case .established, .announce: break
            }
        }
    }
}

extension ConsumerStateMachine {
    fileprivate mutating func take(
        _ input: ConsumerStateMachineTests.Model.Input, _ model: ConsumerStateMachineTests.Model
    )
        -> [Action]
    {
        switch input {
        case .ready: connectionReady()
        case .opened: channelOpened()
        case .consuming: consuming()
        case .cancelled: cancelConfirmed()
        case .more: setPrefetch(UInt16(6 + model.trace.count))
        case .none: setPrefetch(0)
        case .brokerCancel: cancelledByBroker(tag: model.active ?? "")
        case .channelClosed: channelClosed(ConsumerStateMachineTests.notFound)
        case .lost: connectionLost(ConsumerStateMachineTests.lost)
        case .retry: retryDue(isConnected: model.isConnected)
        case .close: close()
        case .closeConfirmed: channelCloseConfirmed()
        }
    }
}
