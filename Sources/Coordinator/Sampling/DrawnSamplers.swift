/// The samplers that are drawn before another one.
struct DrawnSamplers: Sendable {
    /// By name.
    private(set) var places: [String: Int] = [:]
    /// Those whose values are times, as seconds while sampling.
    private(set) var times: Set<Int> = []

    mutating func append(_ name: String, isTime: Bool) {
        if isTime { times.insert(places.count) }
        places[name] = places.count
    }
}
