import Inference
import JSON
import Templates

/// A template over a column's inputs, parsed.
struct CompiledPrompt: Sendable {
    /// A rendered text that is longer is an error, as in the library.
    static let mostCharacters = 512_000

    private let name: String
    private let template: Template

    init(_ source: String, named name: String, inputs: [String]) throws(CallFailure) {
        self.name = name
        do throws(TemplateError) {
            template = try Template(parsing: source, named: name, variables: inputs)
        } catch {
            throw CallFailure(kind: .template, message: "\(error)")
        }
    }

    /// - Throws: a failure of kind `template`, also for an empty text (white space alone is not empty).
    func render(_ slots: [JSONValue]) throws(CallFailure) -> String {
        let text: String
        do throws(TemplateError) {
            text = try template.render(slots)
        } catch {
            throw CallFailure(kind: .template, message: "\(error)")
        }
        if text.isEmpty { throw CallFailure(kind: .template, message: "the \(name) is empty") }
        if text.utf8.count > Self.mostCharacters, text.unicodeScalars.count > Self.mostCharacters {
            throw CallFailure(kind: .template, message: "the \(name) has more than \(Self.mostCharacters) characters")
        }
        return text
    }
}
