/// A whole number of any size, for the rare results beyond `Int`.
///
/// Schoolbook arithmetic on 32-bit limbs, least significant first, without leading zeros; zero has no limbs.
struct BigInteger: Hashable, Sendable {
    private(set) var limbs: [UInt32]
    private(set) var isNegative: Bool

    init(limbs: [UInt32], isNegative: Bool) {
        var limbs = limbs
        while limbs.last == 0 { limbs.removeLast() }
        self.limbs = limbs
        self.isNegative = isNegative && !limbs.isEmpty
    }

    init(_ value: Int) {
        let magnitude = value.magnitude
        self.init(
            limbs: [UInt32(truncatingIfNeeded: magnitude), UInt32(truncatingIfNeeded: magnitude >> 32)],
            isNegative: value < 0)
    }

    /// The whole part of a finite number.
    init(truncating value: Double) {
        let magnitude = value.magnitude
        guard magnitude >= 1 else {
            self.init(limbs: [], isNegative: false)
            return
        }
        let shift = Int(magnitude.exponent) - 52
        let mantissa = BigInteger(Int(magnitude.significandBitPattern | 1 << 52))
        let whole = shift >= 0 ? mantissa.shiftedLeft(shift) : mantissa.shiftedRight(-shift)
        self.init(limbs: whole.limbs, isNegative: value < 0)
    }

    /// The number that `digits` write in `radix`; nil if there is any other byte or none.
    init?(digits: some Sequence<UInt8>, radix: Int = 10, isNegative: Bool = false) {
        var limbs: [UInt32] = []
        var isEmpty = true
        for byte in digits {
            guard let digit = Self.digitValue(byte), digit < radix else { return nil }
            isEmpty = false
            var carry = UInt64(digit)
            for index in limbs.indices {
                let product = UInt64(limbs[index]) * UInt64(radix) + carry
                limbs[index] = UInt32(truncatingIfNeeded: product)
                carry = product >> 32
            }
            if carry > 0 { limbs.append(UInt32(carry)) }
        }
        if isEmpty { return nil }
        self.init(limbs: limbs, isNegative: isNegative)
    }

    static func digitValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }

    var isZero: Bool { limbs.isEmpty }

    /// Bits of the magnitude.
    var bitWidth: Int {
        guard let top = limbs.last else { return 0 }
        return limbs.count * 32 - top.leadingZeroBitCount
    }

    /// The value as an Int, nil when it does not fit.
    var small: Int? {
        guard limbs.count <= 2 else { return nil }
        let magnitude = UInt(limbs.first ?? 0) | UInt(limbs.count > 1 ? limbs[1] : 0) << 32
        if isNegative {
            guard magnitude <= UInt(Int.max) + 1 else { return nil }
            return Int(truncatingIfNeeded: 0 &- magnitude)
        }
        return Int(exactly: magnitude)
    }

    var negated: BigInteger { BigInteger(limbs: limbs, isNegative: !isNegative) }

    var magnitude: BigInteger { BigInteger(limbs: limbs, isNegative: false) }

    /// The nearest Double, ties to even; infinite beyond its range.
    var double: Double {
        let width = bitWidth
        guard width > 64 else {
            let bits = UInt64(limbs.first ?? 0) | UInt64(limbs.count > 1 ? limbs[1] : 0) << 32
            return isNegative ? -Double(bits) : Double(bits)
        }
        // The top 64 bits, the lowest of them set if anything below is: then one rounding is the right one.
        let shift = width - 64
        let top = shiftedRight(shift)
        var bits = UInt64(top.limbs[0]) | UInt64(top.limbs[1]) << 32
        if top.shiftedLeft(shift) != magnitude { bits |= 1 }
        let value = Double(sign: .plus, exponent: shift, significand: Double(bits))
        return isNegative ? -value : value
    }

    /// The magnitude shifted towards more significant bits; the sign is dropped.
    func shiftedLeft(_ count: Int) -> BigInteger {
        let (words, bits) = (count / 32, UInt32(count % 32))
        var result = [UInt32](repeating: 0, count: words)
        var carry: UInt32 = 0
        for limb in limbs {
            result.append(limb << bits | carry)
            carry = bits == 0 ? 0 : limb >> (32 - bits)
        }
        result.append(carry)
        return BigInteger(limbs: result, isNegative: false)
    }

    /// The magnitude shifted towards less significant bits; the sign is dropped.
    func shiftedRight(_ count: Int) -> BigInteger {
        let (words, bits) = (count / 32, UInt32(count % 32))
        guard words < limbs.count else { return BigInteger(0) }
        var result: [UInt32] = []
        for index in words..<limbs.count {
            let next = index + 1 < limbs.count ? limbs[index + 1] : 0
            result.append(limbs[index] >> bits | (bits == 0 ? 0 : next << (32 - bits)))
        }
        return BigInteger(limbs: result, isNegative: false)
    }

    /// The digits in `radix` (2 to 36, lower case), with a sign when negative.
    func text(radix: Int = 10) -> String {
        guard !limbs.isEmpty else { return "0" }
        var rest = limbs
        var digits: [UInt8] = []
        // Chunks of as many digits as fit a 32-bit division.
        var (chunk, chunkDigits) = (UInt64(radix), 1)
        while chunk * UInt64(radix) <= UInt64(UInt32.max) {
            chunk *= UInt64(radix)
            chunkDigits += 1
        }
        while !rest.isEmpty {
            var remainder: UInt64 = 0
            for index in rest.indices.reversed() {
                let value = remainder << 32 | UInt64(rest[index])
                rest[index] = UInt32(value / chunk)
                remainder = value % chunk
            }
            while rest.last == 0 { rest.removeLast() }
            for _ in 0..<chunkDigits {
                let digit = UInt8(remainder % UInt64(radix))
                digits.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                remainder /= UInt64(radix)
            }
        }
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        if isNegative { digits.append(UInt8(ascii: "-")) }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }
}

extension BigInteger: Comparable {
    static func < (left: BigInteger, right: BigInteger) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative
            ? compareMagnitudes(right.limbs, left.limbs) < 0 : compareMagnitudes(left.limbs, right.limbs) < 0
    }

    /// Negative, zero or positive as `left` is below, equal to or above `right`.
    static func compareMagnitudes(_ left: [UInt32], _ right: [UInt32]) -> Int {
        if left.count != right.count { return left.count - right.count }
        for index in left.indices.reversed() where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return 0
    }
}
