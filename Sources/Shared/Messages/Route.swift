/// Where the cells of one model at one provider queue up, for one kind of request.
package struct Route: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// What is asked for. Each has its own queue and its own limit: an endpoint counts them apart.
    package enum Domain: String, Hashable, Sendable, Comparable, CaseIterable {
        case chat
        case embedding
        case image

        package static func < (left: Domain, right: Domain) -> Bool { left.rawValue < right.rawValue }

        /// As messages say it: empty for chat, and a kind that only a newer version knows counts as that.
        package init(wire: String) { self = Domain(rawValue: wire) ?? .chat }
        package var wire: String { self == .chat ? "" : rawValue }
    }

    package let provider: String
    package let model: String
    package let domain: Domain

    package init(provider: String, model: String, domain: Domain = .chat) {
        self.provider = provider
        self.model = model
        self.domain = domain
    }

    /// `provider/model`, with `#embedding` or `#image` behind it where it is not a chat.
    package var description: String {
        domain == .chat ? "\(provider)/\(model)" : "\(provider)/\(model)#\(domain.rawValue)"
    }

    /// Routing key on `tessera.tasks`, at most 200 bytes, so that the queue's name stays below AMQP's 255: a longer
    /// one is cut and ends in its FNV-1a hash.
    package var key: String {
        let full = description
        guard full.utf8.count > 200 else { return full }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in full.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var cut = full
        while cut.utf8.count > 180 { cut.removeLast() }
        return cut + "~" + String(hash, radix: 16)
    }

    package var queue: String { "\(Topics.tasks).\(key)" }

    package static func < (left: Route, right: Route) -> Bool {
        (left.provider, left.model, left.domain) < (right.provider, right.model, right.domain)
    }
}

extension WireRouteInfo {
    package var route: Route { Route(provider: provider, model: model, domain: Route.Domain(wire: domain)) }
}

extension WireRouteBeat {
    package var route: Route { Route(provider: provider, model: model, domain: Route.Domain(wire: domain)) }
}
