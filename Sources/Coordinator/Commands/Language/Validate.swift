import ArgumentParser
import Foundation
import JSON
import Settings
import Workflow

struct Validate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check a workflow file, offline: every problem at once, with file, line, path and suggestion.",
        discussion: "Exit 0 when it can be run, 65 when not. With -o json one object a file is printed, problems too.")

    @Argument(help: "A Data Designer workflow file, YAML or JSON; or several; - for stdin.")
    var workflow: [String]

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    func run() throws {
        // As `submit` would find them here; settings that are wrong are not this command's business.
        let settings = try? Settings.load(environment: ProcessInfo.processInfo.environment)
        let capabilities = settings.map { Capabilities.current(holding: $0.hold) } ?? .current
        if format == .table, workflow.count == 1 { try WorkflowFile.checkIsFile(workflow[0]) }
        let files = workflow.map { (name: $0, loaded: WorkflowFile.check($0, capabilities: capabilities).loaded) }
        switch format {
        case .json:
            for file in files { Output.line(JSONValue.object(file.loaded.json(file: file.name)).serialized()) }
            if files.contains(where: { $0.loaded.workflow == nil }) { throw ExitCode(Exit.invalidWorkflow.rawValue) }
        case .table:
            for file in files {
                for warning in file.loaded.warnings { Talk.line("warning: \(warning)") }
                if let workflow = file.loaded.workflow {
                    Output.line("\(file.name) is valid: \(ValidationSummary(workflow).text)")
                }
            }
            let problems = files.filter { $0.loaded.workflow == nil }.flatMap(\.loaded.problems)
            guard problems.isEmpty else { throw WorkflowFile.failure(problems) }
        }
    }
}

/// What a valid workflow consists of, in a line.
struct ValidationSummary {
    let text: String

    init(_ workflow: Workflow) {
        let columns = workflow.columns.count
        let models = Set(workflow.columns.compactMap(\.modelAlias)).count
        let fingerprint = workflow.fingerprint.drop { $0 != ":" }.dropFirst().prefix(8)
        text =
            "\(columns) column\(columns == 1 ? "" : "s"), \(models) model\(models == 1 ? "" : "s"), "
            + "workflow \(fingerprint)"
    }
}
