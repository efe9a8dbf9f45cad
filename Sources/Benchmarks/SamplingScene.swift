import JSON
import Sampling
import Workflow

extension Scene {
    /// Values a second of one core, drawn as a job's owner draws them: row group by row group.
    static var sampling: Scene {
        let figured = ["uniform", "gaussian", "category", "uuid"]
        return Scene(
            name: "sampling", figure: ">= 1,000,000 values/s per core: \(figured.joined(separator: ", "))",
            isReached: { sample in figured.allSatisfy { sample[$0] >= 1_000_000 } },
            isBetter: { left, right in
                figured.reduce(0) { $0 + left[$1] } > figured.reduce(0) { $0 + right[$1] }
            },
            measure: { _ in
                var sample = Sample()
                for (name, columns, values) in samplers { sample[name] = try rate(columns, values: values) }
                return sample
            })
    }

    /// Each with what it counts: the values of one record.
    private static let samplers: [(name: String, columns: [String], values: Int)] = [
        ("uniform", ["{name: a, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}"], 1),
        ("gaussian", ["{name: a, column_type: sampler, sampler_type: gaussian, params: {mean: 0, stddev: 1}}"], 1),
        (
            "category",
            [
                "{name: a, column_type: sampler, sampler_type: category, params: {values: [garden, kitchen, a longer "
                    + "word than fits into fifteen bytes], weights: [2, 1, 1]}}"
            ], 1
        ),
        ("uuid", ["{name: a, column_type: sampler, sampler_type: uuid, params: {}}"], 1),
        ("person", ["{name: a, column_type: sampler, sampler_type: person_from_faker, params: {locale: en_US}}"], 1),
        (
            "constraint",
            [
                "{name: a, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 0.9}}",
                "{name: b, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}}",
            ], 2
        ),
        (
            "condition",
            [
                "{name: a, column_type: sampler, sampler_type: category, params: {values: [x, y]}}",
                "{name: b, column_type: sampler, sampler_type: uniform, params: {low: 0, high: 1}, conditional_params: "
                    + "{\"a == 'x'\": {low: 5, high: 6}}}",
            ], 2
        ),
    ]

    private static func rate(_ columns: [String], values: Int) throws -> Double {
        var text = "columns:\n" + columns.map { "  - \($0)\n" }.joined()
        if columns.count == 2, !text.contains("conditional_params") {
            text += "constraints: [{target_column: b, operator: gt, rhs: a, constraint_type: column_inequality}]\n"
        }
        let loaded = Workflow.load(text: text, name: "bench.yaml", format: .yaml)
        guard let workflow = loaded.workflow else { throw BenchError("\(loaded.problems)") }
        let sampler = try Sampler(workflow: workflow, seed: 1)
        let start = ContinuousClock.now
        var group: Int64 = 0
        while start.duration(to: .now) < .seconds(1) {
            _ = sampler.draw(records: (group * 1000)..<((group + 1) * 1000))
            group += 1
        }
        return Double(group) * 1000 * Double(values) / (start.duration(to: .now) / .seconds(1))
    }
}
