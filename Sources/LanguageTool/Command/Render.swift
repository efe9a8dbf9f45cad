import ArgumentParser
import Foundation
import JSON
import Templates

/// Tessera's side of the comparison with Jinja2 (scripts/template-oracle.py --compare).
struct Render: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Read templates from stdin, one JSON object a line, and print what each renders to or how it fails.",
        discussion: #"A template: {"template": TEXT, "mode": "text", "strict", "native" or "json"}."#)

    @Option(help: "A JSON file with the values that all templates see.")
    var context: String

    func run() throws {
        let bytes = FileManager.default.contents(atPath: context) ?? Data()
        let record = try JSONValue(parsing: Array(bytes)).objectValue ?? [:]
        while let line = readLine() {
            let value = try JSONValue(parsing: Array(line.utf8))
            let outcome = outcome(value["template"]?.stringValue ?? "", value["mode"]?.stringValue ?? "text", record)
            print(JSONValue.object(outcome).serialized())
        }
    }

    private func outcome(_ source: String, _ mode: String, _ record: JSONObject) -> JSONObject {
        let isStrict = mode == "strict" || mode == "native"
        let options = RenderOptions(output: mode == "json" ? .json : .text, undefined: isStrict ? .strict : .lenient)
        do throws(TemplateError) {
            let template = try Template(parsing: source)
            if mode == "native" {
                let value = try template.renderNative(record, options: options)
                return ["renders": value.text.map { .string($0) } ?? .null]
            }
            return ["renders": .string(try template.render(record, options: options))]
        } catch {
            // The reference has no limits of its own; what it refuses for its size fails like anything else.
            return [
                "fails": .string(error.kind == .limit ? "runtime" : error.kind.rawValue),
                "reason": .string(error.description),
            ]
        }
    }
}
