// Rounding is a call into libm, which this import links.
import Glibc
import Random

/// Draws of whole numbers.
extension RandomStream {
    mutating func bernoulli(_ p: Double) -> Bool { unit() < p }

    /// W. Hörmann, "The transformed rejection method for generating Poisson random variables", Insurance: Mathematics
    /// and Economics 12 (1993), algorithm PTRS; below a mean of 10 by inversion.
    mutating func poisson(mean: Double) -> Double {
        guard mean > 0 else { return 0 }
        guard mean >= 10 else {
            var u = unit()
            var probability = PortableMath.exp(-mean)
            var k = 0.0
            // Beyond 200 the rest of the mass is below the resolution of `u`.
            while u >= probability, k < 200 {
                u -= probability
                k += 1
                probability *= mean / k
            }
            return k
        }
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let limit = 0.9277 - 3.6224 / (b - 2)
        let logMean = PortableMath.log(mean)
        while true {
            let u = unit() - 0.5
            let v = openUnit()
            let distance = 0.5 - abs(u)
            guard distance > 0 else { continue }
            let k = ((2 * a / distance + b) * u + mean + 0.43).rounded(.down)
            if distance >= 0.07, v <= limit { return k }
            if k < 0 || (distance < 0.013 && v > distance) { continue }
            let left = PortableMath.log(v * inverseAlpha / (a / (distance * distance) + b))
            if left <= k * logMean - mean - PortableMath.logFactorial(k) { return k }
        }
    }

    /// The same author, "The generation of binomial random variates", Journal of Statistical Computation and Simulation
    /// 46 (1993), algorithm BTRS; below a mean of 10 by inversion.
    mutating func binomial(trials n: Double, _ p: Double) -> Double {
        if p > 0.5 { return n - binomial(trials: n, 1 - p) }
        guard n > 0, p > 0 else { return 0 }
        let odds = p / (1 - p)
        guard n * p >= 10 else {
            while true {
                var u = unit()
                var probability = PortableMath.exp(n * PortableMath.log1p(-p))
                var k = 0.0
                while u >= probability, k <= n, k < 200 {
                    u -= probability
                    k += 1
                    probability *= odds * (n - k + 1) / k
                }
                if k <= n { return k }
            }
        }
        let deviation = (n * p * (1 - p)).squareRoot()
        let b = 1.15 + 2.53 * deviation
        let a = -0.0873 + 0.0248 * b + 0.01 * p
        let center = n * p + 0.5
        let limit = 0.92 - 4.2 / b
        let alpha = (2.83 + 5.1 / b) * deviation
        let logOdds = PortableMath.log(odds)
        let mode = ((n + 1) * p).rounded(.down)
        let peak = PortableMath.logFactorial(mode) + PortableMath.logFactorial(n - mode)
        while true {
            let u = unit() - 0.5
            let v = openUnit()
            let distance = 0.5 - abs(u)
            guard distance > 0 else { continue }
            let k = ((2 * a / distance + b) * u + center).rounded(.down)
            if distance >= 0.07, v <= limit { return k }
            if k < 0 || k > n { continue }
            let left = PortableMath.log(v * alpha / (a / (distance * distance) + b))
            let right =
                peak - PortableMath.logFactorial(k) - PortableMath.logFactorial(n - k) + (k - mode) * logOdds
            if left <= right { return k }
        }
    }

    /// Trials up to the first success: at least 1.
    mutating func geometric(_ p: Double) -> Double {
        if p >= 1 { return 1 }
        return max(1, (exponential() / -PortableMath.log1p(-p)).rounded(.up))
    }
}
