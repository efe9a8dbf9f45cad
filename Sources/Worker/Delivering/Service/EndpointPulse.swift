/// Who waits to hear whether an endpoint that left a call without a reply is there at all: else it is not the call's fault.
///
/// It is asked then: what it replied before it fell silent says nothing. Once for all calls that wait for the answer.
struct EndpointPulse<Waiter> {
    private var waiting: [String: [Waiter]] = [:]

    /// True when it is to be asked now; `answered` then gives back all who wait.
    mutating func wait(_ waiter: Waiter, for endpoint: String) -> Bool {
        waiting[endpoint, default: []].append(waiter)
        return waiting[endpoint]?.count == 1
    }

    mutating func answered(_ endpoint: String) -> [Waiter] { waiting.removeValue(forKey: endpoint) ?? [] }
}
