/// The random words of one try at one value, in order. Philox counter: (block, record, attempt, purpose).
///
/// A value type: a copy repeats what the original gives.
package struct RandomStream: RandomNumberGenerator, Sendable {
    @usableFromInline let key: Philox.Key
    @usableFromInline let record: UInt64
    @usableFromInline let attempt: UInt64
    @usableFromInline let purpose: UInt64
    @usableFromInline var position: UInt64 = 0
    @usableFromInline var block: Philox.Block = (0, 0, 0, 0)

    @inlinable
    @inline(__always)
    init(key: Philox.Key, record: UInt64, attempt: UInt64, purpose: UInt64) {
        self.key = key
        self.record = record
        self.attempt = attempt
        self.purpose = purpose
    }

    @inlinable
    @inline(__always)
    package mutating func next() -> UInt64 {
        let word = position & 3
        if word == 0 { block = Philox.block(counter: (position >> 2, record, attempt, purpose), key: key) }
        position &+= 1
        return switch word {
        case 0: block.0
        case 1: block.1
        case 2: block.2
        default: block.3
        }
    }

    /// Uniform in [0, 1): a multiple of 2^-53.
    @inlinable
    @inline(__always)
    package mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in (0, 1): an odd multiple of 2^-53, so that its logarithm and a quantile at it are finite.
    @inlinable
    @inline(__always)
    package mutating func openUnit() -> Double {
        (Double(next() >> 12) + 0.5) * 0x1p-52
    }

    /// Uniform in 0..<bound without bias (Lemire's multiplication with rejection). `bound` is above 0.
    @inlinable
    @inline(__always)
    package mutating func below(_ bound: UInt64) -> UInt64 {
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let floor = (0 &- bound) % bound
            while product.low < floor { product = next().multipliedFullWidth(by: bound) }
        }
        return product.high
    }
}
