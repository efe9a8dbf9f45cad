import Foundation
import JSON

/// Figure and measurement side by side.
enum Report {
    static func put(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    static func short(_ value: Double) -> String {
        value >= 100 ? String(Int(value.rounded())) : String((value * 10).rounded() / 10)
    }

    static func table(_ results: [SceneResult]) -> [String] {
        var lines: [String] = []
        for result in results {
            lines.append("\(result.scene.name): \(result.scene.figure)  \(result.isReached ? "reached" : "MISSED")")
            lines.append("  best    \(result.best.line)")
            lines.append("  median  \(result.median.line)")
        }
        return lines
    }

    static func json(_ results: [SceneResult]) -> JSONValue {
        func object(_ sample: Sample) -> JSONValue {
            .object(JSONObject(sample.values.sorted { $0.key < $1.key }.map { ($0.key, JSONValue.number($0.value)) }))
        }
        return [
            "schema": "bench/v1",
            "scenes": .array(
                results.map { result in
                    [
                        "name": .string(result.scene.name), "figure": .string(result.scene.figure),
                        "reached": .bool(result.isReached), "best": object(result.best),
                        "median": object(result.median), "runs": .array(result.samples.map(object)),
                    ]
                }),
        ]
    }
}
