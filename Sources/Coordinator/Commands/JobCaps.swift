import Collecting
import JSON
import Messages
import Store
import Workflow

/// How many calls at a time a job's aliases may have, by its file and by `--max-parallel`.
struct JobCaps {
    /// By route (`provider/model`): the aliases that columns use.
    let byRoute: [String: [(alias: String, cap: Int)]]

    init(_ job: Job) { self.init(Self.workflow(of: job), of: job) }

    /// - Parameter workflow: the job's, read before.
    init(_ workflow: Workflow?, of job: Job) {
        self.init(workflow, given: (try? JSONValue(parsing: job.maximumParallel))?.objectValue ?? [:])
    }

    /// Nil where this version cannot read it.
    static func workflow(of job: Job) -> Workflow? {
        Workflow.load(text: job.workflow, name: "workflow of job \(job.id.short)", format: .json).workflow
    }

    init(_ workflow: Workflow?, given: JSONObject) {
        var caps: [String: [(alias: String, cap: Int)]] = [:]
        let used = Set(workflow?.columns.compactMap(\.modelAlias) ?? [])
        for model in workflow?.models ?? [] where used.contains(model.alias) {
            let cap = given[model.alias]?.intValue ?? model.inference.maximumParallelRequests
            caps["\(Route(model))", default: []].append((model.alias, cap))
        }
        byRoute = caps
    }

    /// The job's own caps with those of `texts` in place of theirs; a cap of 0 goes.
    static func merged(_ texts: [String], of job: Job) throws(CommandFailure) -> JSONObject {
        guard let workflow = workflow(of: job) else {
            throw CommandFailure(.failedOrCancelled, "this version cannot read the job's workflow")
        }
        let given = try parse(texts, for: workflow, least: 0)
        let former = (try? JSONValue(parsing: job.maximumParallel))?.objectValue ?? [:]
        let kept = former.filter { given[$0.0] == nil }.map { ($0.0, $0.1) }
        return JSONObject(kept + given.filter { $0.1 != .integer(0) }.map { ($0.0, $0.1) })
    }

    /// Reads `ALIAS=N`, each alias once.
    ///
    /// - Throws: `CommandFailure` for other texts, and for an alias that the workflow does not have.
    static func parse(
        _ texts: [String], for workflow: Workflow, least: Int = 1
    ) throws(CommandFailure) -> JSONObject {
        var caps: JSONObject = [:]
        for text in texts {
            guard let equals = text.lastIndex(of: "="), let cap = Int(text[text.index(after: equals)...]),
                (least...1_000_000).contains(cap)
            else {
                throw CommandFailure(
                    .usage, "--max-parallel \(text): expected ALIAS=N with N from \(least) on",
                    next: "For example: --max-parallel \(workflow.models.first?.alias ?? "writer")=64")
            }
            let alias = String(text[..<equals])
            guard workflow.models.contains(where: { $0.alias == alias }) else {
                let known = workflow.models.map(\.alias).joined(separator: ", ")
                throw CommandFailure(
                    .usage, "--max-parallel \(text): the workflow has no model \(alias)",
                    next: "Its models are: \(known)")
            }
            caps[alias] = .integer(Int64(cap))
        }
        return caps
    }
}
