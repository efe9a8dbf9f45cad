import JSON
import Random
import Templates
import Workflow

/// Draws one sampler column.
struct ColumnSampler: Sendable {
    /// The place in `Workflow.columns`.
    let index: Int
    private let name: String
    private let source: RandomSource
    private let branch: SamplerBranch
    /// In file order: the last whose condition is true wins over those before it and over `branch`.
    private let conditions: [ConditionalBranch]
    private let constraints: [ConstraintCheck]
    private let conversion: NumberConversion?
    private let widensIntegers: Bool
    /// Set for columns of times, which are drawn as seconds and become text at the end.
    private let pattern: TimePattern?

    init(
        _ column: Column, _ sampler: SamplerColumn, index: Int, constraints: [Constraint], drawn: DrawnSamplers,
        seed: UInt64
    ) throws(SamplingError) {
        self.index = index
        name = column.name
        source = RandomSource(seed: seed, column: column.name, purpose: .sample)
        func unsupported(_ what: String) -> SamplingError {
            SamplingError(code: .unsupported, column: column.name, record: nil, detail: "\(what) is not drawn here")
        }
        var branches: [SamplerBranch] = []
        for parameters in [sampler.parameters] + sampler.conditions.map(\.parameters) {
            guard let draw = SamplerDraw(parameters, places: drawn.places, source: source) else {
                throw unsupported("this \(sampler.type.rawValue) sampler")
            }
            branches.append(SamplerBranch(draw: draw, decimalPlaces: parameters.decimalPlaces))
        }
        // A column has one type of number, whichever branch a record takes.
        let kinds = branches.reduce(into: Set<SamplerDraw.Kind>()) { $0.formUnion($1.draw.kinds) }
        widensIntegers = kinds == [.integer, .number]
        branch = branches[0]
        conditions = zip(sampler.conditions, branches.dropFirst()).map { condition, branch in
            ConditionalBranch(condition, branch: branch, drawn: drawn)
        }
        self.constraints = constraints.compactMap { ConstraintCheck($0, places: drawn.places) }
        switch sampler.type {
        case .datetime, .timedelta:
            guard let pattern = TimePattern(sampler.conversion ?? "%Y-%m-%dT%H:%M:%S") else {
                throw unsupported("the time pattern \(sampler.conversion ?? "")")
            }
            self.pattern = pattern
            conversion = nil
        case .uuid, .person, .personFromFaker:
            pattern = nil
            conversion = nil
        default:
            pattern = nil
            conversion = sampler.conversion.flatMap(NumberConversion.init)
        }
    }

    /// Draws a value for each record; `others` holds the columns before this one, times as seconds.
    func draw(
        _ records: Range<Int64>, given others: [[JSONValue]], _ failures: inout [Int64: SamplingError]
    ) -> [JSONValue] {
        var values: [JSONValue] = []
        values.reserveCapacity(records.count)
        for (row, record) in records.enumerated() {
            do throws(SamplingError) {
                guard failures.isEmpty || failures[record] == nil,
                    let branch = try branch(of: record, row, others)
                else {
                    values.append(.null)
                    continue
                }
                values.append(try value(of: record, branch) { others[$0][row] })
            } catch {
                failures[record] = error
                values.append(.null)
            }
        }
        return values
    }

    /// The branch that a record takes. Nil where a condition is neither a plain True nor false: the library leaves the
    /// cell missing then.
    private func branch(of record: Int64, _ row: Int, _ others: [[JSONValue]]) throws(SamplingError) -> SamplerBranch? {
        var taken: SamplerBranch?
        var isDefault = true
        for condition in conditions {
            do {
                switch try condition.outcome(row: { others[$0][row] }) {
                case .taken: (taken, isDefault) = (condition.branch, false)
                case .true: isDefault = false
                case .false: break
                }
            } catch {
                throw self.error(
                    .evaluationFailed, record, "the condition \(condition.text) failed: \(error.reason)")
            }
        }
        return taken ?? (isDefault ? branch : nil)
    }

    private func value(of record: Int64, _ branch: SamplerBranch, row: (Int) -> JSONValue) throws(SamplingError)
        -> JSONValue
    {
        var round: UInt32 = 0
        while true {
            var stream = source.stream(record: record, restart: round)
            guard var value = branch.draw.value(record: record, &stream, row: row) else {
                throw error(.evaluationFailed, record, "the column that it depends on has no value to use")
            }
            if let places = branch.decimalPlaces { value = value.rounded(places: places, before: conversion) }
            if let conversion {
                value = conversion.convert(value)
            } else if widensIntegers {
                value = NumberConversion.float.convert(value)
            }
            if constraints.allSatisfy({ $0.holds(value, row: row) }) { return value }
            round += 1
            guard round < Sampler.maximumRounds else {
                throw error(
                    .constraintsNotMet, record,
                    "none of \(round) values met the constraints on it; loosen them, or the sampler's bounds")
            }
        }
    }

    /// Gives values their final form.
    func finish(_ values: inout [JSONValue]) {
        guard let pattern else { return }
        for place in values.indices {
            guard case .integer(let seconds) = values[place] else { continue }
            values[place] = .string(pattern.format(CivilTime(seconds: seconds)))
        }
    }

    private func error(_ code: SamplingError.Code, _ record: Int64, _ detail: String) -> SamplingError {
        SamplingError(code: code, column: name, record: record, detail: detail)
    }
}
