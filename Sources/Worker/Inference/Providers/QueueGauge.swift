package import HTTP

/// The gauge that says how many calls wait at an endpoint, in Prometheus text.
package struct QueueGauge: Hashable, Sendable {
    /// vLLM's name, then NIM's.
    static let knownNames = ["vllm:num_requests_waiting", "num_requests_waiting"]

    /// Where to ask, in this order.
    let urls: [String]
    let names: [String]

    /// How many places there are to ask.
    package var places: Int { urls.count }

    /// - Parameter place: from 0; it goes round.
    package func request(_ place: Int, of endpoint: Endpoint) -> HTTPRequest {
        HTTPRequest(
            method: .get, url: urls[place % urls.count], headers: endpoint.headers, timeout: .seconds(2),
            maximumResponseBytes: 8 << 20)
    }

    /// Calls of `model` that wait, by an endpoint's answer; nil where it does not say.
    ///
    /// Lines that name a model count for that one; those that name none count for each.
    package func waiting(in response: HTTPResponse, model: String) -> Int? {
        guard response.status == 200 else { return nil }
        return waiting(in: response.body, model: model)
    }

    func waiting(in text: [UInt8], model: String) -> Int? {
        var sum: Double?
        for line in text.split(separator: UInt8(ascii: "\n")) {
            guard let value = value(of: line, model: model) else { continue }
            sum = (sum ?? 0) + value
        }
        return sum.flatMap { $0.isFinite && $0 >= 0 && $0 < 1e9 ? Int($0.rounded()) : nil }
    }

    private func value(of line: ArraySlice<UInt8>, model: String) -> Double? {
        let name = line.prefix { $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: " ") }
        guard names.contains(where: { name.elementsEqual($0.utf8) }) else { return nil }
        var rest = line[name.endIndex...]
        if rest.first == UInt8(ascii: "{") {
            guard let end = rest.lastIndex(of: UInt8(ascii: "}")) else { return nil }
            let labels = String(decoding: rest[rest.index(after: rest.startIndex)..<end], as: UTF8.self)
            if let named = Self.model(in: labels), named != model { return nil }
            rest = rest[rest.index(after: end)...]
        }
        // A time stamp may follow.
        return rest.split(separator: UInt8(ascii: " ")).first.flatMap { Double(String(decoding: $0, as: UTF8.self)) }
    }

    private static func model(in labels: String) -> String? {
        for label in ["model_name=\"", "model=\""] {
            guard let start = labels.end(of: label) else { continue }
            return String(labels[start...].prefix { $0 != "\"" })
        }
        return nil
    }
}

extension String {
    /// Where what follows `text` begins, as the start of a label.
    fileprivate func end(of text: String) -> Index? {
        var place = startIndex
        while place < endIndex {
            if self[place...].hasPrefix(text), place == startIndex || self[index(before: place)] == "," {
                return index(place, offsetBy: text.count)
            }
            place = index(after: place)
        }
        return nil
    }
}
