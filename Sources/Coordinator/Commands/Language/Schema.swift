import ArgumentParser
import JSON
import Workflow

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a JSON Schema, for editors and other programs.",
        discussion: """
            coordinator schema workflow > workflow.schema.json

            In an editor with the YAML language server, the first line of a workflow file can then say:
            # yaml-language-server: $schema=workflow.schema.json
            """)

    enum Subject: String, ExpressibleByArgument, CaseIterable {
        case workflow
    }

    @Argument(help: "workflow: the files that Data Designer writes.")
    var subject: Subject

    func run() { Output.line(JSONValue.object(WorkflowSchema.json).serialized(.pretty())) }
}
