import ArgumentParser
import JSON
import Random
import Templates
import Workflow

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

    @Option(help: "A JSON file that holds one object: the record; - for stdin.")
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

    func validate() throws {
        if text == "-", data == "-" { throw ValidationError("Only one of the template and --data can be stdin.") }
    }

    func run() throws {
        let source = text == "-" ? try Self.read("-", as: "the template").text : text
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
        let document = try Self.read(data, as: "the record")
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: document.text, options: .python)
        } catch {
            throw CommandFailure(.invalidWorkflow, "\(data) is not JSON: \(error)")
        }
        guard let object = value.objectValue else {
            throw CommandFailure(
                .invalidWorkflow, "\(data) holds no object: a record is {\"name\": value, ...}")
        }
        return cells ? object.mapValues(JSONDecoding.decoded) : object
    }

    private static func read(_ path: String, as what: String) throws(CommandFailure) -> DocumentText {
        do throws(SourceError) {
            return try DocumentText.read(path, maximumMebibytes: 64)
        } catch {
            throw CommandFailure(.invalidWorkflow, "\(what) (\(path)): \(error.message)")
        }
    }
}
