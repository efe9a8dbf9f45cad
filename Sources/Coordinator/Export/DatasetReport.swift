package import JSON
package import Postgres
package import Statistics
package import Store
package import Workflow

/// What a job made, in figures: statistics of columns, tokens and calls by model and column, failures by reason.
///
/// The statistics are merged from the sketches that each finished row group left: no value is read again. They are of
/// the complete records in finished row groups.
package struct DatasetReport: Sendable {
    package struct Column: Sendable {
        package let name: String
        /// As the workflow names it; empty for a side effect.
        package let type: String
        /// Nil before the first row group is finished.
        package let sketch: ColumnSketch?
        /// Nil for a column that no model writes.
        package let usage: JobProgress.Column?
    }

    package let progress: JobProgress
    package let columns: [Column]
    /// By reason, the most frequent first.
    package let failures: [FailureGroup]

    package static func read(
        _ progress: JobProgress, _ workflow: Workflow, pool: PostgresPool
    ) async throws(PostgresError) -> DatasetReport {
        var sketches: [Int: ColumnSketch] = [:]
        try await ReportStore(pool: pool).sketches(of: progress.job.number) { column, bytes in
            guard let sketch = ColumnSketch(encoded: bytes) else { return }
            sketches[column, default: ColumnSketch()].merge(sketch)
        }
        let failures = try await JobStore(pool: pool).failures(of: progress.job.number, by: .reason, limit: 100)
        var columns: [Column] = []
        for (number, column) in progress.columns.enumerated() {
            columns.append(
                Column(
                    name: column.name, type: column.kind, sketch: sketches[number],
                    usage: column.model.isEmpty ? nil : column))
        }
        for (place, name) in workflow.sideEffects.map(\.name).enumerated() {
            columns.append(Column(name: name, type: "", sketch: sketches[progress.columns.count + place], usage: nil))
        }
        return DatasetReport(progress: progress, columns: columns, failures: failures)
    }

    /// Calls and tokens of one model, over all columns.
    package struct Model: Sendable {
        package let name: String
        package var calls: Int64 = 0
        package var failed: Int64 = 0
        package var childDeaths: Int64 = 0
        package var inputTokens: Int64 = 0
        package var outputTokens: Int64 = 0
    }

    package var models: [Model] {
        var models: [Model] = []
        for usage in columns.compactMap(\.usage) {
            let place =
                models.firstIndex { $0.name == usage.model }
                ?? {
                    models.append(Model(name: usage.model))
                    return models.count - 1
                }()
            models[place].calls += usage.calls
            models[place].failed += usage.failed
            models[place].childDeaths += usage.childDeaths
            models[place].inputTokens += usage.inputTokens
            models[place].outputTokens += usage.outputTokens
        }
        return models
    }

    // MARK: JSON

    /// Schema `report/v1`; names are Data Designer's where it has them.
    package var json: JSONValue {
        [
            "schema": "report/v1", "job": .string(progress.job.id.rawValue),
            "dataset_name": .string(progress.job.name), "state": .string(progress.job.state.rawValue),
            "target_num_records": .integer(progress.job.requested),
            "num_records": .integer(Int64(columns.compactMap(\.sketch).map(\.records).max() ?? 0)),
            "records": [
                "completed": .integer(progress.completed),
                "completed_with_nulls": .integer(progress.completedWithNulls),
                "dropped": .integer(progress.dropped), "pending": .integer(progress.pending),
                "cancelled": .integer(progress.cancelled),
            ],
            "column_statistics": .array(columns.map(Self.json)),
            "models": .array(
                models.map {
                    [
                        "model": .string($0.name), "calls": .integer($0.calls), "failed": .integer($0.failed),
                        "child_deaths": .integer($0.childDeaths), "input_tokens": .integer($0.inputTokens),
                        "output_tokens": .integer($0.outputTokens),
                    ]
                }),
            "failures": .array(
                failures.map {
                    [
                        "kind": .string($0.key), "attempts": .integer($0.attempts), "records": .integer($0.records),
                        "dropped": .integer($0.dropped), "message": .string($0.message),
                    ]
                }),
        ]
    }

    private static func json(_ column: Column) -> JSONValue {
        var object: JSONObject = ["column_name": .string(column.name), "column_type": .string(column.type)]
        if let sketch = column.sketch {
            object["num_records"] = .integer(Int64(sketch.records))
            object["num_null"] = .integer(Int64(sketch.nulls))
            object["num_unique"] = .integer(Int64(sketch.distinct.estimate))
            object["simple_dtype"] = sketch.kind.map { .string($0.name) } ?? .null
            if column.type == "validation" { object["num_valid_records"] = .integer(Int64(sketch.valid)) }
            add(sketch, to: &object)
        }
        if let usage = column.usage {
            object["model"] = .string(usage.model)
            object["calls"] = .integer(usage.calls)
            object["failed"] = .integer(usage.failed)
            object["child_deaths"] = .integer(usage.childDeaths)
            object["input_tokens"] = .integer(usage.inputTokens)
            object["output_tokens"] = .integer(usage.outputTokens)
            if usage.stored > 0 {
                object["input_tokens_mean"] = rounded(Double(usage.inputTokens) / Double(usage.stored))
                object["output_tokens_mean"] = rounded(Double(usage.outputTokens) / Double(usage.stored))
            }
        }
        return .object(object)
    }

    private static func add(_ sketch: ColumnSketch, to object: inout JSONObject) {
        let values = sketch.records - sketch.nulls
        if sketch.numbers.count > 0, sketch.numbers.count == values {
            object["distribution_type"] = "numerical"
            object["distribution"] = json(sketch.numbers)
        } else if let counts = sketch.categories.sorted, let first = counts.first, let last = counts.last {
            object["distribution_type"] = "categorical"
            object["distribution"] = [
                "most_common_value": .string(first.value), "least_common_value": .string(last.value),
                "histogram": [
                    "categories": .array(counts.map { .string($0.value) }),
                    "counts": .array(counts.map { .integer(Int64($0.count)) }),
                ],
            ]
        } else {
            object["distribution_type"] = "other"
        }
        if sketch.lengths.count > 0 { object["characters"] = json(sketch.lengths) }
    }

    private static func json(_ numbers: QuantileSketch) -> JSONValue {
        [
            "min": .number(numbers.least), "max": .number(numbers.greatest), "mean": rounded(numbers.mean),
            "stddev": rounded(numbers.deviation), "median": rounded(numbers.quantile(0.5) ?? 0),
            "p5": rounded(numbers.quantile(0.05) ?? 0), "p95": rounded(numbers.quantile(0.95) ?? 0),
        ]
    }

    private static func rounded(_ value: Double) -> JSONValue { .number((value * 100).rounded() / 100) }
}
