import Inference
import JSON
import Random
import Templates

/// A template over a column's inputs, parsed.
struct CompiledPrompt: Sendable {
    private let template: Template
    /// For each of the template's slots its place among the inputs; nil for a name of the language that no input has.
    private let places: [Int?]

    /// - Throws: a failure of kind `template` for what is no template, and for names that are no inputs.
    init(_ source: String, named name: String, inputs: [String]) throws(CallFailure) {
        // Into the properties only once nothing can fail any more.
        let parsed = try Self.parse(source, named: name)
        if let error = parsed.unreachedErrors.first { throw CallFailure(kind: .template, message: "\(error)") }
        if let missing = parsed.references.first(where: { !inputs.contains($0.name) }) {
            throw CallFailure(kind: .template, message: "\(name): \(missing.name) is no input of the column")
        }
        template = parsed
        places = parsed.slotNames.map { inputs.firstIndex(of: $0) }
    }

    private static func parse(_ source: String, named name: String) throws(CallFailure) -> Template {
        do throws(TemplateError) {
            return try Template(parsing: source, name: name)
        } catch {
            throw CallFailure(kind: .template, message: "\(error)")
        }
    }

    /// - Throws: a failure of kind `template`, also for an empty text (white space alone is not empty).
    func render(_ values: [JSONValue], random: inout RandomStream) throws(CallFailure) -> String {
        var drawing = random
        defer { random = drawing }
        let text: String
        do throws(TemplateError) {
            text = try template.render(places.map { $0.map { TemplateValue(values[$0]) } }) { drawing.next() }
        } catch {
            throw CallFailure(kind: .template, message: "\(error)")
        }
        if text.isEmpty { throw CallFailure(kind: .template, message: "\(template.name): renders to empty text") }
        return text
    }
}
