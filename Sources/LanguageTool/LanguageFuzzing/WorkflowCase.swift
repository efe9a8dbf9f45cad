import JSON
import Workflow

/// A workflow file is valid or has problems, each at a place; a valid one can be written and read again.
enum WorkflowCase {
    static func complaint(about text: String, _ format: WorkflowFormat) -> String? {
        let loaded = Workflow.load(text: text, name: "f", format: format, capabilities: nil)
        guard let workflow = loaded.workflow else {
            if loaded.problems.isEmpty { return "neither a workflow nor a problem" }
            let vague = loaded.problems.first { $0.mark.line < 1 || $0.mark.column < 1 || $0.message.isEmpty }
            return vague.map { "a problem without place or message: \($0)" }
        }
        guard loaded.problems.isEmpty else { return "a workflow with problems" }
        let written = JSONValue.object(workflow.canonicalJSON).serialized()
        let again = Workflow.load(text: written, name: "again", format: .json, capabilities: nil)
        guard let copy = again.workflow else {
            return "what was written cannot be read: \(again.problems.map(\.description))"
        }
        if copy.fingerprint != workflow.fingerprint { return "another fingerprint after writing and reading" }
        // Seed columns are found anew, and built-in models are written out; the rest must be the same.
        let isWhole = workflow.seed == nil && !workflow.usesBuiltInModels
        return isWhole && copy != workflow ? "another workflow after writing and reading" : nil
    }
}
