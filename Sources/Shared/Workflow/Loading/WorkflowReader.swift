import JSON
import Spelling
import Templates

/// A value that was read, with the way to where it stands.
struct Located<Value> {
    let value: Value
    let path: SourcePath
}

/// Reads a document into a draft: every part typed by itself; what parts say of each other is checked after that.
struct WorkflowReader {
    let log: ProblemLog

    func draft(of root: SourceNode) -> WorkflowDraft {
        var draft = WorkflowDraft()
        guard case .mapping = root.content else {
            log.report(.root, "the file must be a mapping with the key columns or data_designer")
            return draft
        }
        guard let inner = root["data_designer"] else {
            // The short form: what data_designer would hold stands at the top.
            guard root["columns"] != nil else {
                let keys = if case .mapping(let entries) = root.content { entries.map(\.key) } else { [String]() }
                let near = Suggestion.nearest(to: "columns", among: keys)
                log.report(
                    .root, "the file needs the key columns (or data_designer with columns in it)",
                    near.map { "\($0) is near: did you mean columns?" })
                return draft
            }
            readParts(of: root, at: .root, into: &draft, isShort: true)
            return draft
        }
        if let fields = FieldReader(root, at: .root, as: "the full form", log) {
            _ = fields.requiredNode("data_designer")
            draft.libraryVersion = fields.text("library_version")
            fields.finish(elsewhere: Self.keysInside)
        }
        readParts(of: inner, at: SourcePath.root["data_designer"], into: &draft, isShort: false)
        return draft
    }

    private static let keysInside: [String: String] = Dictionary(
        uniqueKeysWithValues: [
            "columns", "model_configs", "tool_configs", "seed_config", "constraints", "profilers", "processors",
        ].map { ($0, "It belongs inside data_designer") })

    private func readParts(of node: SourceNode, at path: SourcePath, into draft: inout WorkflowDraft, isShort: Bool) {
        guard let fields = FieldReader(node, at: path, as: isShort ? "a workflow" : "data_designer", log) else {
            return
        }
        let columns = fields.requiredNode("columns").map { log.items($0, path["columns"]) } ?? []
        log.columnNames = Set(
            columns.compactMap { if case .text(let name) = $0.node["name"]?.content { name } else { nil } })
        draft.seed = fields.node("seed_config").flatMap { node in
            seed(node, at: path["seed_config"]).map { Located(value: $0, path: path["seed_config"]) }
        }
        for (node, path) in columns { readColumn(node, at: path, into: &draft) }
        draft.isWorkflow = true
        draft.hasModels = !fields.items("model_configs").isEmpty
        draft.models = fields.items("model_configs").compactMap { node, path in
            model(node, at: path).map { Located(value: $0, path: path) }
        }
        draft.tools = fields.items("tool_configs").compactMap { node, path in
            tool(node, at: path).map { Located(value: $0, path: path) }
        }
        draft.constraints = fields.items("constraints").compactMap { node, path in
            constraint(node, at: path).map { Located(value: $0, path: path) }
        }
        draft.profilers = fields.items("profilers").compactMap { node, path in
            profiler(node, at: path).map { Located(value: $0, path: path) }
        }
        draft.processors = fields.items("processors").compactMap { node, path in
            processor(node, at: path).map { Located(value: $0, path: path) }
        }
        markDropped(&draft)
        if isShort { draft.libraryVersion = fields.text("library_version") }
        fields.finish(elsewhere: Self.keysElsewhere)
    }

    /// Columns that a processor takes away count as dropped, as in the library; it is part of the fingerprint.
    private func markDropped(_ draft: inout WorkflowDraft) {
        let patterns = draft.processors.flatMap { processor -> [String] in
            if case .dropColumns(let names) = processor.value.kind { names } else { [] }
        }
        guard !patterns.isEmpty else { return }
        draft.columns = draft.columns.map { located in
            let column = located.value
            guard patterns.contains(where: { ColumnPattern.matches($0, column.name) }) else { return located }
            return Located(
                value: Column(
                    name: column.name, isDropped: true, skip: column.skip, propagatesSkip: column.propagatesSkip,
                    kind: column.kind), path: located.path)
        }
    }

    /// Words of older files and of neighbouring tools, and where what they say belongs now.
    private static let keysElsewhere: [String: String] = [
        "models": "Models stand under model_configs",
        "model_providers": "Providers are not part of a workflow: they belong in providers.yaml beside the worker",
        "providers": "Providers are not part of a workflow: they belong in providers.yaml beside the worker",
        "mcp_providers": "MCP providers are not part of a workflow",
        "num_records": "The number of records is given at submit: -n",
        "run_config": "Run settings are a file of their own: --run-config",
        "seed": "The seed data set stands under seed_config; the job's random seed is given at submit: --seed",
        "tools": "Tools stand under tool_configs",
    ]
}

/// What was read of a file, before its parts are checked against each other.
struct WorkflowDraft {
    /// False when the file has no columns at all: there is nothing to check then.
    var isWorkflow = false
    /// Whether the file configures models, readable or not.
    var hasModels = false
    var libraryVersion: String?
    var columns: [Located<Column>] = []
    /// The names of all columns of the file, those too that could not be read, with where they stand.
    var declaredNames: [Located<String>] = []
    var models: [Located<ModelConfig>] = []
    var tools: [Located<ToolConfig>] = []
    var seed: Located<SeedConfig>?
    var constraints: [Located<Constraint>] = []
    var profilers: [Located<JudgeProfiler>] = []
    var processors: [Located<ProcessorConfig>] = []
}

extension TemplateText {
    /// `columns`: names that are columns though a template has a function of that name too.
    init(text: String, template: Template, columns: Set<String>) {
        let variables = Set(template.references.map(\.name))
        self.init(
            text: text, template: template,
            slots: template.slotNames.map { variables.contains($0) || columns.contains($0) ? $0 : nil })
    }
}
