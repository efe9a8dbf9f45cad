/// An exchange to declare.
package struct Exchange: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case direct
        case fanout
    }

    package var name: String
    package var kind: Kind
    package var isDurable: Bool

    package init(_ name: String, kind: Kind, durable: Bool = true) {
        self.name = name
        self.kind = kind
        isDurable = durable
    }
}
