extension BigInteger {
    static func + (left: BigInteger, right: BigInteger) -> BigInteger {
        if left.isNegative == right.isNegative {
            return BigInteger(limbs: addMagnitudes(left.limbs, right.limbs), isNegative: left.isNegative)
        }
        if compareMagnitudes(left.limbs, right.limbs) >= 0 {
            return BigInteger(limbs: subtractMagnitudes(left.limbs, right.limbs), isNegative: left.isNegative)
        }
        return BigInteger(limbs: subtractMagnitudes(right.limbs, left.limbs), isNegative: right.isNegative)
    }

    static func - (left: BigInteger, right: BigInteger) -> BigInteger { left + right.negated }

    static func * (left: BigInteger, right: BigInteger) -> BigInteger {
        guard !left.isZero, !right.isZero else { return BigInteger(0) }
        var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (row, factor) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (column, limb) in right.limbs.enumerated() {
                let sum = UInt64(factor) * UInt64(limb) + UInt64(product[row + column]) + carry
                product[row + column] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            product[row + right.limbs.count] = UInt32(carry)
        }
        return BigInteger(limbs: product, isNegative: left.isNegative != right.isNegative)
    }

    /// Quotient towards minus infinity and the remainder with the divisor's sign, as Python divides. `divisor` is not
    /// 0.
    func flooredDivision(by divisor: BigInteger) -> (quotient: BigInteger, remainder: BigInteger) {
        let (quotientLimbs, remainderLimbs) = Self.divideMagnitudes(limbs, divisor.limbs)
        let quotient = BigInteger(limbs: quotientLimbs, isNegative: isNegative != divisor.isNegative)
        let remainder = BigInteger(limbs: remainderLimbs, isNegative: isNegative)
        if !remainder.isZero, isNegative != divisor.isNegative {
            return (quotient - BigInteger(1), remainder + divisor)
        }
        return (quotient, remainder)
    }

    /// `exponent` is not negative.
    func power(_ exponent: Int) -> BigInteger {
        var (result, base, rest) = (BigInteger(1), self, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result = result * base }
            rest >>= 1
            if rest > 0 { base = base * base }
        }
        return result
    }

    private static func addMagnitudes(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var sum: [UInt32] = []
        var carry: UInt64 = 0
        for index in 0..<max(left.count, right.count) {
            let limb =
                UInt64(index < left.count ? left[index] : 0) + UInt64(index < right.count ? right[index] : 0) + carry
            sum.append(UInt32(truncatingIfNeeded: limb))
            carry = limb >> 32
        }
        sum.append(UInt32(carry))
        return sum
    }

    /// `left` is not below `right`.
    private static func subtractMagnitudes(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var difference: [UInt32] = []
        var borrow: Int64 = 0
        for index in left.indices {
            var limb = Int64(left[index]) - Int64(index < right.count ? right[index] : 0) - borrow
            borrow = limb < 0 ? 1 : 0
            if limb < 0 { limb += 1 << 32 }
            difference.append(UInt32(limb))
        }
        return difference
    }

    /// Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D.
    private static func divideMagnitudes(_ dividend: [UInt32], _ divisor: [UInt32]) -> ([UInt32], [UInt32]) {
        guard compareMagnitudes(dividend, divisor) >= 0 else { return ([], dividend) }
        if divisor.count == 1 { return divide(dividend, bySmall: UInt64(divisor[0])) }
        let shift = divisor[divisor.count - 1].leadingZeroBitCount
        let (size, extra) = (divisor.count, dividend.count - divisor.count)
        let scaledDivisor = BigInteger(limbs: divisor, isNegative: false).shiftedLeft(shift).limbs
        var rest = BigInteger(limbs: dividend, isNegative: false).shiftedLeft(shift).limbs
        rest += [UInt32](repeating: 0, count: dividend.count + 1 - rest.count)
        var quotient = [UInt32](repeating: 0, count: extra + 1)
        for place in (0...extra).reversed() {
            let numerator = UInt64(rest[place + size]) << 32 | UInt64(rest[place + size - 1])
            var digit = numerator / UInt64(scaledDivisor[size - 1])
            var remainder = numerator % UInt64(scaledDivisor[size - 1])
            while digit > UInt64(UInt32.max)
                || digit * UInt64(scaledDivisor[size - 2]) > remainder << 32 | UInt64(rest[place + size - 2])
            {
                digit -= 1
                remainder += UInt64(scaledDivisor[size - 1])
                if remainder > UInt64(UInt32.max) { break }
            }
            if subtract(scaledDivisor, times: digit, from: &rest, at: place) {
                digit -= 1
                addBack(scaledDivisor, to: &rest, at: place)
            }
            quotient[place] = UInt32(digit)
        }
        return (quotient, BigInteger(limbs: Array(rest[..<size]), isNegative: false).shiftedRight(shift).limbs)
    }

    private static func divide(_ dividend: [UInt32], bySmall divisor: UInt64) -> ([UInt32], [UInt32]) {
        var quotient = dividend
        var remainder: UInt64 = 0
        for index in quotient.indices.reversed() {
            let value = remainder << 32 | UInt64(quotient[index])
            quotient[index] = UInt32(value / divisor)
            remainder = value % divisor
        }
        return (quotient, [UInt32(remainder)])
    }

    /// Whether the result went below zero (it is then off by one divisor).
    private static func subtract(
        _ divisor: [UInt32], times digit: UInt64, from rest: inout [UInt32], at place: Int
    ) -> Bool {
        var carry: UInt64 = 0
        var borrow: Int64 = 0
        for index in divisor.indices {
            let product = digit * UInt64(divisor[index]) + carry
            carry = product >> 32
            let limb = Int64(rest[place + index]) - borrow - Int64(product & 0xFFFF_FFFF)
            rest[place + index] = UInt32(truncatingIfNeeded: limb)
            borrow = limb < 0 ? 1 : 0
        }
        let limb = Int64(rest[place + divisor.count]) - borrow - Int64(carry)
        rest[place + divisor.count] = UInt32(truncatingIfNeeded: limb)
        return limb < 0
    }

    private static func addBack(_ divisor: [UInt32], to rest: inout [UInt32], at place: Int) {
        var carry: UInt64 = 0
        for index in divisor.indices {
            let sum = UInt64(rest[place + index]) + UInt64(divisor[index]) + carry
            rest[place + index] = UInt32(truncatingIfNeeded: sum)
            carry = sum >> 32
        }
        rest[place + divisor.count] &+= UInt32(carry)
    }
}
