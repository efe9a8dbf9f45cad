// Rounding is a call into libm, which this import links.
import Glibc

/// Elementary functions made of IEEE 754 additions, multiplications, divisions and square roots alone, whose results
/// the standard fixes to the last bit. libm's differ between versions and between processors with and without fused
/// multiplication, and with them what a seed gives. Accurate to about 2 units in the last place.
enum PortableMath {
    private static let ln2High = 0x1.62e42fee00000p-1
    private static let ln2Low = 0x1.a39ef35793c76p-33

    /// The natural logarithm of a finite number above 0.
    static func log(_ value: Double) -> Double {
        var exponent = value.exponent
        var fraction = value.significand
        if fraction > 0x1.6a09e667f3bcdp0 {
            fraction *= 0.5
            exponent += 1
        }
        // log m = 2 artanh s with s = (m - 1) / (m + 1), |s| below 0.172.
        let s = (fraction - 1) / (fraction + 1)
        let square = s * s
        var series = 1.0 / 25
        series = series * square + 1.0 / 23
        series = series * square + 1.0 / 21
        series = series * square + 1.0 / 19
        series = series * square + 1.0 / 17
        series = series * square + 1.0 / 15
        series = series * square + 1.0 / 13
        series = series * square + 1.0 / 11
        series = series * square + 1.0 / 9
        series = series * square + 1.0 / 7
        series = series * square + 1.0 / 5
        series = series * square + 1.0 / 3
        let scale = Double(exponent)
        return scale * ln2High + (2 * s + (2 * s * square * series + scale * ln2Low))
    }

    /// The logarithm of 1 + x for x above -1, exact for small x.
    static func log1p(_ x: Double) -> Double {
        let sum = 1 + x
        return sum == 1 ? x : log(sum) * (x / (sum - 1))
    }

    /// e to the power of x; 0 or infinity beyond the range of Double.
    static func exp(_ x: Double) -> Double {
        guard x < 710 else { return .infinity }
        guard x > -750 else { return 0 }
        let power = (x * 0x1.71547652b82fep0).rounded(.toNearestOrEven)
        let rest = (x - power * ln2High) - power * ln2Low
        var series = 1 + rest / 14
        series = 1 + rest * (1.0 / 13) * series
        series = 1 + rest * (1.0 / 12) * series
        series = 1 + rest * (1.0 / 11) * series
        series = 1 + rest * (1.0 / 10) * series
        series = 1 + rest * (1.0 / 9) * series
        series = 1 + rest * (1.0 / 8) * series
        series = 1 + rest * (1.0 / 7) * series
        series = 1 + rest * (1.0 / 6) * series
        series = 1 + rest * (1.0 / 5) * series
        series = 1 + rest * (1.0 / 4) * series
        series = 1 + rest * (1.0 / 3) * series
        series = 1 + rest * (1.0 / 2) * series
        series = 1 + rest * (1.0 / 1) * series
        // Twice, so that a result near the ends of the range is not cut off on the way.
        let half = Int(power) / 2
        return series * Double(sign: .plus, exponent: half, significand: 1)
            * Double(sign: .plus, exponent: Int(power) - half, significand: 1)
    }

    /// The logarithm of k! for a whole k of at least 0.
    static func logFactorial(_ k: Double) -> Double {
        if k < 16 {
            var product = 1.0
            for factor in stride(from: 2.0, through: k, by: 1) { product *= factor }
            return log(product)
        }
        // Stirling's series at k + 1: its next term is below 1e-17 here.
        let x = k + 1
        let inverse = 1 / x
        let square = inverse * inverse
        let tail = (((1.0 / 1188 * -square + 1.0 / 1680) * square - 1.0 / 1260) * square + 1.0 / 360) * square
        return (x - 0.5) * log(x) - x + 0.918_938_533_204_672_8 + (1.0 / 12 - tail) * inverse
    }

    /// A value rounded to a number of decimal places, to even between two, as numpy rounds: by scaling.
    static func rounded(_ value: Double, places: Int) -> Double {
        if places == 0 { return value.rounded(.toNearestOrEven) }
        let scale = powerOfTen(abs(places))
        let scaled = places > 0 ? value * scale : value / scale
        guard scaled.isFinite else { return value }
        let whole = scaled.rounded(.toNearestOrEven)
        return places > 0 ? whole / scale : whole * scale
    }

    private static func powerOfTen(_ exponent: Int) -> Double {
        var power = 1.0
        for _ in 0..<min(exponent, 308) { power *= 10 }
        return power
    }
}
