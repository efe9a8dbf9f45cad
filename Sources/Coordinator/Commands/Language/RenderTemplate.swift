import ArgumentParser
import Foundation
import JSON
import Random
import Templates

struct RenderTemplate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Render one template against one record, as stock Jinja2 would.",
        discussion: """
            coordinator template 'Dear {{ name | title }}' --data record.json

            Names that the record does not have print nothing. The record is taken as it is; --cells reads texts that are
            JSON as what they say, as prompts and expressions of a workflow see their cells.
            """)

    @Argument(help: "The template; - reads it from stdin.")
    var text: String

    @Option(help: "A JSON file that holds one object: the record.")
    var data: String

    @Flag(help: "Read texts of the record that are JSON as what they say.")
    var cells = false

    @Option(help: "Fixes what the random filter and lipsum draw.")
    var seed: UInt64?

    @Option(name: [.customShort("o"), .customLong("output")], help: "text, or json: an object with the text in it.")
    var format: Format = .text

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    func run() throws {
        let source = text == "-" ? try Self.standardInput() : text
        let record = try record()
        let drawing = seed ?? UInt64.random(in: .min ... .max)
        var random = RandomSource(seed: drawing, column: "", purpose: .template).stream(record: 0)
        do throws(TemplateError) {
            let rendered = try Template(parsing: source)
                .render(record, options: RenderOptions(undefined: .lenient), random: { random.next() })
            switch format {
            case .text: Output.line(rendered)
            case .json: Output.line(JSONValue.object(["text": .string(rendered)]).serialized())
            }
        } catch {
            throw CommandFailure(.invalidWorkflow, "\(error)")
        }
    }

    private func record() throws -> JSONObject {
        guard let bytes = FileManager.default.contents(atPath: data) else {
            throw CommandFailure(.invalidWorkflow, "\(data) cannot be read, or does not exist")
        }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(bytes), options: .python)
        } catch {
            throw CommandFailure(.invalidWorkflow, "\(data) is not JSON: \(error)")
        }
        guard let object = value.objectValue else {
            throw CommandFailure(
                .invalidWorkflow, "\(data) holds no object: a record is {\"name\": value, ...}")
        }
        return cells ? object.mapValues(JSONDecoding.decoded) : object
    }

    private static func standardInput() throws -> String {
        guard let text = String(validating: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self) else {
            throw CommandFailure(.invalidWorkflow, "the template on stdin is not UTF-8")
        }
        return text
    }
}
