import ArgumentParser
import Foundation
import JSON
import Templates
import Workflow

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Times the language against its figures. Exits non-zero on a miss only with BENCH_STRICT=1.")

    func run() throws {
        let results = try [Self.rendering(), Self.parsing(), Self.loading(.yaml), Self.loading(.json)]
        for result in results { print(result.line) }
        let isStrict = ProcessInfo.processInfo.environment["BENCH_STRICT"] == "1"
        if isStrict, results.contains(where: { !$0.isReached }) { throw ExitCode(1) }
    }

    private struct Timing {
        let name: String
        /// Microseconds.
        let figure: Double?
        let best: Double
        let median: Double

        var isReached: Bool { figure.map { best <= $0 } ?? true }

        var line: String {
            let asked = figure.map { "  figure <= \(short($0)) µs: \(isReached ? "reached" : "MISSED")" } ?? ""
            return "\(name): best \(short(best)) µs, median \(short(median)) µs\(asked)"
        }

        private func short(_ value: Double) -> String { String((value * 10).rounded() / 10) }
    }

    /// Times runs of `count` operations each; per operation.
    private static func time(
        _ name: String, figure: Double?, count: Int, _ operation: () throws -> Int
    ) rethrows -> Timing {
        var times: [Double] = []
        var sum = 0
        for _ in 0..<21 {
            let start = ContinuousClock.now
            for _ in 0..<count { sum &+= try operation() }
            times.append(start.duration(to: .now) / .microseconds(1) / Double(count))
        }
        // The results are used, so that the work cannot be left out.
        precondition(sum != 42)
        times.sort()
        return Timing(name: name, figure: figure, best: times[0], median: times[times.count / 2])
    }

    /// 1 KB with five variables, one of them behind a filter.
    private static let prompt: String = {
        let filler = "Write about it as a customer would, in plain words and with one example. "
        return "You are {{ name }}, {{ age }} years old, from {{ person.city }}. "
            + String(repeating: filler, count: 6) + "\nProduct: {{ product | title }}. "
            + String(repeating: filler, count: 5) + "Rating: {{ rating }} of 5.\n"
    }()

    private static let record: JSONObject = [
        "name": "Ada Lovelace", "age": 36, "person": ["city": "London", "job": "analyst"],
        "product": "difference engine",
        "rating": 4.5,
    ]

    private static func rendering() throws -> Timing {
        let template = try Template(parsing: prompt)
        let values = template.slotNames.map { record[$0] }
        return try time("rendering a prompt of \(prompt.utf8.count) bytes", figure: 10, count: 2000) {
            // As a worker does: cells are decoded, then rendered.
            try template.render(values.map { $0.map { TemplateValue(JSONDecoding.decoded($0)) } }).utf8.count
        }
    }

    private static func parsing() throws -> Timing {
        try time("parsing it", figure: nil, count: 200) { try Template(parsing: prompt).references.count }
    }

    private static func loading(_ format: WorkflowFormat) throws -> Timing {
        let yaml = workflow(columns: 50)
        var text = yaml
        if format == .json {
            let loaded = Workflow.load(text: yaml, name: "bench", format: .yaml, capabilities: nil)
            text = loaded.workflow.map { JSONValue.object($0.canonicalJSON).serialized(.pretty()) } ?? ""
        }
        return try time(
            "loading a workflow of 50 columns (\(format), \(text.utf8.count / 1024) KiB)", figure: 20_000, count: 5
        ) {
            let loaded = Workflow.load(text: text, name: "bench", format: format, capabilities: nil)
            guard let workflow = loaded.workflow else { throw BenchFault(problems: loaded.problems.map(\.description)) }
            return workflow.columns.count
        }
    }

    private struct BenchFault: Error {
        let problems: [String]
    }

    /// Samplers, prompts that name earlier columns, expressions and judges.
    private static func workflow(columns: Int) -> String {
        var lines = ["model_configs:", "- {alias: writer, model: m, provider: p}", "columns:"]
        for place in 0..<columns {
            lines.append("- name: column_\(place)")
            switch place % 5 {
            case 0:
                lines += [
                    "  column_type: sampler", "  sampler_type: category", "  params:",
                    "    values: [north, south, east, west]", "    weights: [1, 2, 3, 4]",
                ]
            case 1: lines += ["  column_type: sampler", "  sampler_type: gaussian", "  params: {mean: 3, stddev: 1}"]
            case 2:
                lines += ["  column_type: llm-text", "  model_alias: writer", "  prompt: |"]
                lines += prompt.split(separator: "\n").map { line in
                    "    "
                        + line.replacing("name", with: "column_\(place - 1)").replacing(
                            "age", with: "column_\(place - 2)"
                        )
                        .replacing("person.city", with: "column_\(place - 2)").replacing(
                            "product |", with: "column_\(place - 2) |"
                        )
                        .replacing("rating", with: "column_\(place - 1)")
                }
            case 3:
                lines += [
                    "  column_type: expression",
                    "  expr: \"{% if column_\(place - 2) > 3 %}{{ column_\(place - 1) | upper }}{% else %}-{% endif %}\"",
                ]
            default:
                lines += [
                    "  column_type: llm-judge", "  model_alias: writer",
                    "  prompt: Judge {{ column_\(place - 2) }} and {{ column_\(place - 1) }}", "  scores:",
                    "  - name: quality", "    description: How good it is",
                    "    options: {'1': bad, '2': fair, '3': good}",
                ]
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
