import JSON
import Templates

extension WorkflowReader {
    // MARK: Validation columns

    private enum ValidatorType: String, CaseIterable {
        case code, remote
        case localCallable = "local_callable"
    }

    func validation(_ fields: FieldReader) -> ValidationColumn {
        let type: ValidatorType? = fields.requiredChoice("validator_type")
        var validator: ValidationColumn.Validator?
        let path = fields.path["validator_params"]
        if let node = fields.requiredNode("validator_params"), let type {
            validator = self.validator(node, at: path, type: type)
        }
        let targets = fields.requiredTexts("target_columns")
        if targets.isEmpty, fields.keys.contains("target_columns") {
            log.report(fields.path["target_columns"], "must name at least one column")
        }
        return ValidationColumn(
            targets: targets, validator: validator ?? .code(language: "python"),
            batchSize: fields.integer("batch_size", atLeast: 1, default: 10))
    }

    private func validator(_ node: SourceNode, at path: SourcePath, type: ValidatorType)
        -> ValidationColumn.Validator?
    {
        guard let fields = FieldReader(node, at: path, as: "a \(type.rawValue) validator's params", log) else {
            return nil
        }
        if let inner = fields.text("validator_type"), inner != type.rawValue {
            log.report(
                path["validator_type"], "says \(inner), but the column's validator_type is \(type.rawValue)",
                "Leave it out, or make both the same")
            return nil
        }
        defer { fields.finish() }
        switch type {
        case .code:
            return .code(language: codeLanguage(fields) { $0 == "python" || $0.hasPrefix("sql:") })
        case .localCallable:
            return .localCallable(
                function: fields.requiredText("validation_function"), outputSchema: fields.object("output_schema"))
        case .remote:
            let timeout = timeout(fields)
            let backoff = fields.number("retry_backoff") ?? 2
            if backoff <= 1 { log.report(path["retry_backoff"], "must be above 1, not \(backoff)") }
            return .remote(
                ValidationColumn.RemoteValidator(
                    endpointURL: endpointURL(fields), outputSchema: fields.object("output_schema"),
                    timeoutSeconds: timeout, maximumRetries: fields.integer("max_retries", atLeast: 0, default: 3),
                    retryBackoff: backoff,
                    maximumParallelRequests: fields.integer("max_parallel_requests", atLeast: 1, default: 4)))
        }
    }

    /// Seconds of one call.
    private func timeout(_ fields: FieldReader) -> Double {
        let timeout = fields.number("timeout") ?? 30
        if timeout <= 0 { log.report(fields.path["timeout"], "must be above 0, not \(timeout)") }
        return timeout
    }

    private func endpointURL(_ fields: FieldReader) -> String {
        let url = fields.requiredText("endpoint_url")
        let hasScheme = ["http://", "https://"].contains { url.lowercased().hasPrefix($0) }
        if !url.isEmpty, !hasScheme {
            log.report(fields.path["endpoint_url"], "must begin with http:// or https://, not \(url.prefix(40))")
        } else if url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first?.contains("@") == true {
            log.report(
                fields.path["endpoint_url"], "must hold no user or password",
                "A key belongs in the workers' providers.yaml")
        }
        return url
    }

    // MARK: HTTP columns

    func http(_ fields: FieldReader) -> HTTPColumn {
        let provider = fields.requiredText("provider")
        if provider.contains("://") {
            log.report(
                fields.path["provider"], "must be the name of a provider, not a URL",
                "Name the endpoint in the workers' providers.yaml, with provider_type: http")
        }
        return HTTPColumn(
            provider: provider, required: fields.texts("required_columns") ?? [],
            sideEffects: fields.texts("side_effect_columns") ?? [], parameters: fields.object("params"),
            batchSize: fields.integer("batch_size", atLeast: 1, default: 10), timeoutSeconds: timeout(fields),
            maximumParallelRequests: fields.integer("max_parallel_requests", atLeast: 1, default: 4))
    }

    // MARK: Constraints

    func constraint(_ node: SourceNode, at path: SourcePath) -> Constraint? {
        guard let fields = FieldReader(node, at: path, as: "a constraint", log) else { return nil }
        defer { fields.finish() }
        let target = fields.requiredText("target_column")
        let comparison: Constraint.Operator? = fields.requiredChoice("operator")
        let given = fields.text("constraint_type")
        guard let bound = fields.requiredNode("rhs") else { return nil }
        let isText = if case .text(let text) = bound.content { Double(text).map(\.isFinite) != true } else { false }
        let type = given ?? (isText ? "column_inequality" : "scalar_inequality")
        switch type {
        case "scalar_inequality":
            guard let value = log.number(bound, path["rhs"]) else { return nil }
            return Constraint(target: target, comparison: comparison ?? .lt, bound: .scalar(value))
        case "column_inequality":
            guard let name = log.text(bound, path["rhs"]) else { return nil }
            return Constraint(target: target, comparison: comparison ?? .lt, bound: .column(name))
        default:
            log.reportWord(type, path["constraint_type"], among: ["scalar_inequality", "column_inequality"])
            return nil
        }
    }

    // MARK: Processors

    private enum ProcessorType: String, CaseIterable {
        case dropColumns = "drop_columns"
        case schemaTransform = "schema_transform"
    }

    func processor(_ node: SourceNode, at path: SourcePath) -> ProcessorConfig? {
        guard let typeNode = node["processor_type"], case .mapping = node.content else {
            log.report(path, "needs processor_type: drop_columns or schema_transform")
            return nil
        }
        guard let type: ProcessorType = log.choice(typeNode, path["processor_type"]),
            let fields = FieldReader(node, at: path, as: "a \(type.rawValue) processor", log)
        else { return nil }
        _ = fields.requiredNode("processor_type")
        defer { fields.finish() }
        let name = fields.requiredText("name")
        switch type {
        case .dropColumns:
            return ProcessorConfig(name: name, kind: .dropColumns(fields.requiredTexts("column_names")))
        case .schemaTransform:
            let template = fields.requiredObject("template")
            // The whole is one template over its JSON text: values stand inside its quotes.
            let text = JSONValue.object(template).serialized(.pythonUnicode)
            func report(_ error: TemplateError) {
                let hint = text.contains("\\\"") ? "Use single quotes inside templates" : nil
                log.report(path["template"], "is not a template that can be used: \(error.reason)", hint)
            }
            do {
                let parsed = TemplateText(
                    text: text, template: try Template(parsing: text, name: "template of \(name)"),
                    columns: log.columnNames)
                for error in parsed.template.unreachedErrors { report(error) }
                return ProcessorConfig(name: name, kind: .schemaTransform(template: template, text: parsed))
            } catch {
                report(error)
                return nil
            }
        }
    }

    // MARK: Seed data

    func seed(_ node: SourceNode, at path: SourcePath) -> SeedConfig? {
        guard let fields = FieldReader(node, at: path, as: "a seed config", log) else { return nil }
        defer { fields.finish() }
        let strategies = ["ordered", "shuffle"]
        let strategy = fields.text("sampling_strategy") ?? strategies[0]
        if !strategies.contains(strategy) { log.reportWord(strategy, path["sampling_strategy"], among: strategies) }
        let selection = fields.node("selection_strategy").flatMap { self.selection($0, at: path["selection_strategy"]) }
        guard let source = fields.requiredNode("source").flatMap({ self.source($0, at: path["source"]) }) else {
            return nil
        }
        return SeedConfig(source: source, isShuffled: strategy == "shuffle", selection: selection)
    }

    private func selection(_ node: SourceNode, at path: SourcePath) -> SeedConfig.Selection? {
        guard let fields = FieldReader(node, at: path, as: "a selection strategy", log) else { return nil }
        defer { fields.finish() }
        if node["start"] != nil || node["end"] != nil {
            let start = fields.requiredInteger("start", atLeast: 0)
            let end = fields.requiredInteger("end", atLeast: 0)
            guard let start, let end else { return nil }
            guard start <= end else {
                log.report(path["end"], "must not be below start: \(end) is below \(start)")
                return nil
            }
            return .range(start...end)
        }
        let index = fields.integer("index", atLeast: 0, default: 0)
        let count = fields.integer("num_partitions", atLeast: 1, default: 1)
        if index >= count { log.report(path["index"], "must be below num_partitions (\(count)), not \(index)") }
        return .partition(index: index, count: count)
    }

    private enum SeedType: String, CaseIterable {
        case local
        case huggingFace = "hf"
        case directory
        case fileContents = "file_contents"
        case agentRollout = "agent_rollout"
    }

    private func source(_ node: SourceNode, at path: SourcePath) -> SeedConfig.Source? {
        // Unknown keys of a source are ignored, as in the library.
        guard let typeNode = node["seed_type"] else {
            log.report(path, "needs seed_type: \(SeedType.allCases.map(\.rawValue).joined(separator: ", "))")
            return nil
        }
        if case .text("df") = typeNode.content {
            log.report(
                path["seed_type"], "is df: a data frame lives in one Python process and is not in the file",
                "Write it to a parquet or csv file and use seed_type local")
            return nil
        }
        guard let type: SeedType = log.choice(typeNode, path["seed_type"]),
            let fields = FieldReader(node, at: path, as: "a seed source", log)
        else { return nil }
        defer { fields.finishIgnoringUnknown() }
        _ = fields.requiredNode("seed_type")
        if type == .agentRollout {
            let format = fields.requiredText("format")
            let formats = ["atif", "claude_code", "codex", "hermes_agent", "pi_coding_agent"]
            if !format.isEmpty, !formats.contains(format) { log.reportWord(format, path["format"], among: formats) }
            return .agentRollout(
                format: format, path: fields.text("path"), pattern: fields.text("file_pattern"),
                isRecursive: fields.boolean("recursive", default: true))
        }
        let place = fields.requiredText("path")
        if place.allSatisfy(\.isWhitespace), fields.keys.contains("path") {
            log.report(path["path"], "must not be blank")
        }
        switch type {
        case .huggingFace:
            return .huggingFace(
                path: place, token: fields.text("token"),
                endpoint: fields.text("endpoint") ?? "https://huggingface.co")
        case .directory, .fileContents:
            let files = SeedConfig.FileSelection(
                path: place, pattern: fields.text("file_pattern") ?? "*",
                isRecursive: fields.boolean("recursive", default: true))
            return type == .directory ? .directory(files) : .fileContents(files, encoding: encoding(fields))
        case .local, .agentRollout:
            let suffixes = [".parquet", ".csv", ".json", ".jsonl"]
            if !place.isEmpty, !suffixes.contains(where: place.hasSuffix) {
                log.report(path["path"], "must end in \(suffixes.joined(separator: ", "))")
            }
            return .local(path: place)
        }
    }
    /// The text encoding of files, by Python's names for those that Tessera reads.
    private func encoding(_ fields: FieldReader) -> String {
        let encoding = fields.text("encoding") ?? "utf-8"
        let known = ["utf-8", "utf8", "utf-8-sig", "ascii", "us-ascii", "latin-1", "latin1", "iso-8859-1", "cp1252"]
        if !known.contains(encoding.lowercased().replacing("_", with: "-")) {
            log.reportWord(encoding, fields.path["encoding"], among: known)
        }
        return encoding
    }
}
