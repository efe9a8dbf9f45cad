import Random

/// Draws from continuous distributions in their standard form: location 0, scale 1.
extension RandomStream {
    /// Marsaglia's polar method; of its two values one is used, so that every try stands by itself.
    mutating func normal() -> Double {
        while true {
            let x = 2 * unit() - 1
            let y = 2 * unit() - 1
            let square = x * x + y * y
            if square > 0, square < 1 { return x * (-2 * PortableMath.log(square) / square).squareRoot() }
        }
    }

    mutating func exponential() -> Double { -PortableMath.log(openUnit()) }

    /// G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
    mutating func gamma(shape: Double) -> Double {
        if shape < 1 {
            // Gamma(a) = Gamma(a + 1) U^(1/a).
            let power = -exponential() / shape
            return gamma(shape: shape + 1) * PortableMath.exp(power)
        }
        let d = shape - 1.0 / 3
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = normal()
            let root = 1 + c * x
            guard root > 0 else { continue }
            let v = root * root * root
            let log = PortableMath.log(openUnit())
            if log < 0.5 * x * x + d * (1 - v + PortableMath.log(v)) { return d * v }
        }
    }

    mutating func beta(_ a: Double, _ b: Double) -> Double {
        guard a <= 1, b <= 1 else {
            let x = gamma(shape: a)
            let y = gamma(shape: b)
            return x + y > 0 ? x / (x + y) : 0.5
        }
        // M. D. Jöhnk, "Erzeugung von betaverteilten und gammaverteilten Zufallszahlen", Metrika 8 (1964), by logarithms
        // since powers of small shapes underflow.
        while true {
            let logX = -exponential() / a
            let logY = -exponential() / b
            let larger = max(logX, logY)
            let logSum = larger + PortableMath.log1p(PortableMath.exp(min(logX, logY) - larger))
            if logSum <= 0 { return PortableMath.exp(logX - logSum) }
        }
    }

    mutating func chiSquare(degrees: Double) -> Double { 2 * gamma(shape: degrees / 2) }

    mutating func student(degrees: Double) -> Double {
        let numerator = normal()
        return numerator / (chiSquare(degrees: degrees) / degrees).squareRoot()
    }

    /// On 0...1 with its peak at `peak`.
    mutating func triangular(peak: Double) -> Double {
        let u = unit()
        return u < peak ? (u * peak).squareRoot() : 1 - ((1 - u) * (1 - peak)).squareRoot()
    }

    mutating func weibull(shape: Double) -> Double {
        PortableMath.exp(PortableMath.log(exponential()) / shape)
    }

    /// At least 1.
    mutating func pareto(shape: Double) -> Double { PortableMath.exp(exponential() / shape) }
}
