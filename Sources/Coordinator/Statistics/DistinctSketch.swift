import Glibc

/// How many different values there are, mergeable: exact up to a few thousand, then within about 1.6 %.
///
/// A set of 32-bit hashes while it is small (two values of 2,000 share one with a chance of 1 in 2,000), HyperLogLog
/// with 4,096 registers from then on (Flajolet et al., 2007; small counts by linear counting).
package struct DistinctSketch: Hashable, Sendable {
    /// Hashes that are kept one by one.
    static let exact = 2048
    private static let indexBits = 12

    private enum Form: Hashable, Sendable {
        case hashes(Set<UInt32>)
        case registers([UInt8])
    }

    private var form = Form.hashes([])

    package init() {}

    package mutating func add(_ hash: UInt64) { insert(UInt32(truncatingIfNeeded: hash >> 32)) }

    private mutating func insert(_ hash: UInt32) {
        switch form {
        case .hashes(var hashes):
            // Not two owners of one set.
            form = .registers([])
            hashes.insert(hash)
            form = .hashes(hashes)
            if hashes.count > Self.exact { form = .registers(Self.registers(of: hashes)) }
        case .registers(var registers):
            form = .registers([])
            Self.note(hash, in: &registers)
            form = .registers(registers)
        }
    }

    package mutating func merge(_ other: DistinctSketch) {
        switch (form, other.form) {
        case (_, .hashes(let hashes)): for hash in hashes { insert(hash) }
        case (.hashes(let own), .registers(var registers)):
            for hash in own { Self.note(hash, in: &registers) }
            form = .registers(registers)
        case (.registers(let own), .registers(let others)):
            form = .registers(zip(own, others).map { max($0, $1) })
        }
    }

    package var estimate: Int {
        switch form {
        case .hashes(let hashes): hashes.count
        case .registers(let registers): Self.estimate(registers)
        }
    }

    private static func registers(of hashes: Set<UInt32>) -> [UInt8] {
        var registers = [UInt8](repeating: 0, count: 1 << indexBits)
        for hash in hashes { note(hash, in: &registers) }
        return registers
    }

    private static func note(_ hash: UInt32, in registers: inout [UInt8]) {
        let index = Int(hash >> (32 - UInt32(indexBits)))
        let rank = UInt8(min(32 - indexBits, (hash << UInt32(indexBits)).leadingZeroBitCount) + 1)
        registers[index] = max(registers[index], rank)
    }

    private static func estimate(_ registers: [UInt8]) -> Int {
        let count = Double(registers.count)
        let sum = registers.reduce(0.0) { $0 + 1 / Double(UInt64(1) << UInt64($1)) }
        let raw = 0.7213 / (1 + 1.079 / count) * count * count / sum
        let empty = registers.count { $0 == 0 }
        if raw <= 2.5 * count, empty > 0 { return Int((count * log(count / Double(empty))).rounded()) }
        // Hashes of 32 bits collide as they fill up.
        let whole = 4_294_967_296.0
        return Int((raw < whole / 30 ? raw : -whole * log(1 - raw / whole)).rounded())
    }

    // MARK: Stored

    func encode(to writer: inout SketchWriter) {
        switch form {
        case .hashes(let hashes):
            writer.put(UInt64(hashes.count))
            // In order: equal sketches are equal bytes.
            for hash in hashes.sorted() { writer.put(fixed: hash) }
        case .registers(let registers):
            writer.put(UInt64(Self.exact) + 1)
            writer.put(bytes: registers)
        }
    }

    init?(from reader: inout SketchReader) {
        guard let count = reader.number() else { return nil }
        if count <= UInt64(Self.exact) {
            var hashes: Set<UInt32> = []
            for _ in 0..<count {
                guard let hash = reader.fixed() else { return nil }
                hashes.insert(hash)
            }
            form = .hashes(hashes)
        } else {
            guard let registers = reader.bytes(1 << Self.indexBits), registers.allSatisfy({ $0 <= 33 }) else {
                return nil
            }
            form = .registers(registers)
        }
    }
}
