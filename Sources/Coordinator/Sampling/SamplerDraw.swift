// Rounding is a call into libm, which this import links.
import Glibc
import JSON
import Random
import Workflow

/// One set of sampler parameters, prepared for drawing.
enum SamplerDraw: Sendable {
    /// `cumulative` ends in 1; nil: all alike.
    case category(values: [JSONValue], cumulative: [Double]?)
    /// By the parent's text.
    case subcategory(parent: Int, lists: [String: [JSONValue]])
    case uniform(low: Double, high: Double)
    case gaussian(mean: Double, deviation: Double)
    case bernoulli(p: Double)
    case bernoulliMixture(p: Double, ScipyDraw)
    case binomial(n: Double, p: Double)
    case poisson(mean: Double)
    case scipy(ScipyDraw)
    /// Seconds since 1970: at least `start`, below `end`.
    case datetime(start: Int64, end: Int64, unit: SamplerParameters.DatetimeParameters.Unit)
    case timedelta(reference: Int, minimum: Int64, maximum: Int64, unitSeconds: Int64)
    case uuid(UUIDDraw)
    case person(PersonDraw)

    /// What its values are, of numbers and all else.
    enum Kind: Sendable {
        case integer, number, other
    }

    var kinds: Set<Kind> {
        switch self {
        case .category(let values, _): Self.kinds(of: values)
        case .subcategory(_, let lists): lists.values.reduce(into: []) { $0.formUnion(Self.kinds(of: $1)) }
        case .uniform, .gaussian: [.number]
        case .bernoulli, .binomial, .poisson: [.integer]
        case .bernoulliMixture(_, let draw), .scipy(let draw): [draw.isDiscrete ? .integer : .number]
        case .datetime, .timedelta, .uuid, .person: [.other]
        }
    }

    private static func kinds(of values: [JSONValue]) -> Set<Kind> {
        Set(
            values.map { value in
                switch value {
                case .integer, .bigInteger: .integer
                case .number: .number
                default: .other
                }
            })
    }

    /// One value. Times are seconds since 1970 as integers; `row` gives the values of columns drawn before, by their
    /// place among the samplers; nil when what it needs is missing or is no time.
    @inline(__always)
    func value(record: Int64, _ stream: inout RandomStream, row: (Int) -> JSONValue) -> JSONValue? {
        switch self {
        case .category(let values, nil): return values[Int(stream.below(UInt64(values.count)))]
        case .category(let values, let cumulative?): return values[Self.index(of: stream.unit(), in: cumulative)]
        case .subcategory(let parent, let lists):
            guard case .string(let key) = row(parent), let values = lists[key] else { return nil }
            return values[Int(stream.below(UInt64(values.count)))]
        case .uniform(let low, let high):
            let value = low + (high - low) * stream.unit()
            // Rounding can reach the bound that does not belong.
            return .number(value < high || low == high ? value : high.nextDown)
        case .gaussian(let mean, let deviation): return .number((mean + deviation * stream.normal()).clamped)
        case .bernoulli(let p): return .integer(stream.bernoulli(p) ? 1 : 0)
        case .bernoulliMixture(let p, let draw):
            guard stream.bernoulli(p) else { return draw.isDiscrete ? .integer(0) : .number(0) }
            return draw.value(&stream)
        case .binomial(let n, let p): return .integer(stream.binomial(trials: n, p).wholeNumber)
        case .poisson(let mean): return .integer(stream.poisson(mean: mean).wholeNumber)
        case .scipy(let draw): return draw.value(&stream)
        case .datetime(let start, let end, let unit):
            let second = start + Int64(stream.below(UInt64(end - start)))
            return .integer(unit.truncated(second))
        case .timedelta(let reference, let minimum, let maximum, let unitSeconds):
            guard let start = Self.time(row(reference)) else { return nil }
            let units = minimum + Int64(stream.below(UInt64(maximum - minimum)))
            let (length, overflow) = units.multipliedReportingOverflow(by: unitSeconds)
            let (end, overflow2) = start.addingReportingOverflow(length)
            return overflow || overflow2 ? nil : .integer(end)
        case .uuid(let draw): return .string(draw.text(record: record, &stream))
        case .person(let draw): return draw.value(&stream)
        }
    }

    /// A drawn time, or a text that is one.
    private static func time(_ value: JSONValue) -> Int64? {
        switch value {
        case .integer(let seconds): seconds
        case .string(let text): CivilTime(parsing: text)?.seconds
        default: nil
        }
    }

    /// The first place whose cumulative weight is above `u`.
    private static func index(of u: Double, in cumulative: [Double]) -> Int {
        var low = 0
        var high = cumulative.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] > u { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

extension Double {
    /// The value, or the largest one there is.
    var clamped: Double {
        isFinite ? self : self > 0 ? .greatestFiniteMagnitude : -.greatestFiniteMagnitude
    }

    /// A whole value, or the nearest integer that there is.
    var wholeNumber: Int64 { Int64(exactly: self) ?? (self > 0 ? .max : .min) }
}

extension SamplerParameters.DatetimeParameters.Unit {
    /// The unit's begin, of a second since 1970.
    fileprivate func truncated(_ second: Int64) -> Int64 {
        func floor(_ unit: Int64) -> Int64 {
            let rest = second % unit
            return second - (rest < 0 ? rest + unit : rest)
        }
        switch self {
        case .second: return second
        case .minute: return floor(60)
        case .hour: return floor(3_600)
        case .day: return floor(86_400)
        case .month:
            let fields = CivilTime(seconds: second).fields
            return CivilTime(year: fields.year, month: fields.month, day: 1).seconds
        case .year: return CivilTime(year: CivilTime(seconds: second).fields.year, month: 1, day: 1).seconds
        }
    }
}
