import JSON
import Workflow

/// Draws one sampler column.
struct ColumnSampler: Sendable {
    /// The place in `Workflow.columns`.
    let index: Int
    private let name: String
    private let source: RandomSource
    private let branch: Branch
    private let constraints: [ConstraintCheck]
    private let conversion: NumberConversion?
    /// Set for columns of times, which are drawn as seconds and become text at the end.
    private let pattern: TimePattern?

    /// Parameters and the decimal places that go with them.
    private struct Branch: Sendable {
        let draw: SamplerDraw
        let decimalPlaces: Int?
    }

    init(
        _ column: Column, _ sampler: SamplerColumn, index: Int, constraints: [Constraint], places: [String: Int],
        seed: UInt64
    ) throws(SamplingError) {
        self.index = index
        name = column.name
        source = RandomSource(seed: seed, column: column.name, purpose: .sample)
        func unsupported(_ what: String) -> SamplingError {
            SamplingError(code: .unsupported, column: column.name, record: nil, detail: "\(what) is not drawn here")
        }
        guard sampler.conditions.isEmpty else { throw unsupported("a conditional sampler") }
        guard let draw = SamplerDraw(sampler.parameters, places: places, source: source) else {
            throw unsupported("this \(sampler.type.rawValue) sampler")
        }
        branch = Branch(draw: draw, decimalPlaces: sampler.parameters.decimalPlaces)
        self.constraints = constraints.compactMap { ConstraintCheck($0, places: places) }
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
    func draw(_ records: Range<Int64>, given others: [[JSONValue]]) throws(SamplingError) -> [JSONValue] {
        var values: [JSONValue] = []
        values.reserveCapacity(records.count)
        for (row, record) in records.enumerated() {
            var round: UInt32 = 0
            while true {
                var stream = source.stream(record: record, restart: round)
                guard var value = branch.draw.value(record: record, &stream, row: { others[$0][row] }) else {
                    throw error(.evaluationFailed, record, "the column that it depends on has no value to use")
                }
                if let places = branch.decimalPlaces { value = value.rounded(places: places, before: conversion) }
                if let conversion { value = conversion.convert(value) }
                if constraints.allSatisfy({ $0.holds(value, row: { others[$0][row] }) }) {
                    values.append(value)
                    break
                }
                round += 1
                guard round < Sampler.maximumRounds else {
                    throw error(
                        .constraintsNotMet, record,
                        "none of \(round) values met the constraints on it; loosen them, or the sampler's bounds")
                }
            }
        }
        return values
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
