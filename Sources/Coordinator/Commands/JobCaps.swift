import JSON
import Store
import Workflow

/// How many calls at a time a job's aliases may have, by its file and by `--max-parallel`.
struct JobCaps {
    /// By route (`provider/model`): the aliases that columns use.
    let byRoute: [String: [(alias: String, cap: Int)]]

    init(_ job: Job) {
        let workflow = Workflow.load(text: job.workflow, name: "workflow of job \(job.id.short)", format: .json)
            .workflow
        self.init(workflow, given: (try? JSONValue(parsing: job.maximumParallel))?.objectValue ?? [:])
    }

    init(_ workflow: Workflow?, given: JSONObject) {
        var caps: [String: [(alias: String, cap: Int)]] = [:]
        let used = Set(workflow?.columns.compactMap(\.modelAlias) ?? [])
        for model in workflow?.models ?? [] where used.contains(model.alias) {
            let cap = given[model.alias]?.intValue ?? model.inference.maximumParallelRequests
            caps["\(model.provider)/\(model.model)", default: []].append((model.alias, cap))
        }
        byRoute = caps
    }

    /// Reads `ALIAS=N`, each alias once.
    ///
    /// - Throws: `CommandFailure` for other texts, and for an alias that the workflow does not have.
    static func parse(_ texts: [String], for workflow: Workflow) throws(CommandFailure) -> JSONObject {
        var caps: JSONObject = [:]
        for text in texts {
            guard let equals = text.lastIndex(of: "="), let cap = Int(text[text.index(after: equals)...]),
                (1...1_000_000).contains(cap)
            else {
                throw CommandFailure(
                    .configuration, "--max-parallel \(text): expected ALIAS=N with N from 1 on",
                    next: "For example: --max-parallel \(workflow.models.first?.alias ?? "writer")=64")
            }
            let alias = String(text[..<equals])
            guard workflow.models.contains(where: { $0.alias == alias }) else {
                let known = workflow.models.map(\.alias).joined(separator: ", ")
                throw CommandFailure(
                    .configuration, "--max-parallel \(text): the workflow has no model \(alias)",
                    next: "Its models are: \(known)")
            }
            caps[alias] = .integer(Int64(cap))
        }
        return caps
    }
}
