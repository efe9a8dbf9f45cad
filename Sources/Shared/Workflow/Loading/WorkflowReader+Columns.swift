import JSON
import Templates

extension WorkflowReader {
    /// Reads one column into the draft. Columns of the seed data set are left out where a seed is configured, as is the
    /// row id that the library adds: both stand only in the compiled file of an artifact, and are derived again.
    func readColumn(_ node: SourceNode, at path: SourcePath, into draft: inout WorkflowDraft) {
        guard case .mapping = node.content else {
            log.report(path, "must be a column (a mapping of keys to values), not \(node.kindName)")
            return
        }
        let name: String? = if case .text(let name) = node["name"]?.content { name } else { nil }
        if let name, isDerived(node, name: name, draft) { return }
        if let name { draft.declaredNames.append(Located(value: name, path: path)) }
        guard let typeNode = node["column_type"] else {
            log.report(path, "needs column_type", "It says what makes the column: sampler, llm-text, expression, ...")
            return
        }
        guard let word = log.text(typeNode, path["column_type"]) else { return }
        guard let type = ColumnType(rawValue: word) else {
            log.reportWord(word, path["column_type"], among: ColumnType.allCases.map(\.rawValue))
            return
        }
        guard let fields = FieldReader(node, at: path, as: type.articleAndName, log) else { return }
        _ = fields.requiredNode("column_type")
        let column = column(type, fields)
        fields.finish(elsewhere: Self.columnKeysElsewhere)
        draft.columns.append(Located(value: column, path: path))
    }

    private static let endpointElsewhere =
        "A worker knows its endpoints: name a provider, whose endpoint belongs in the workers' providers.yaml"
    private static let columnKeysElsewhere: [String: String] = [
        "model": "A column names a model by its alias: model_alias",
        "temperature": "It belongs in the model's inference_parameters",
        "max_tokens": "It belongs in the model's inference_parameters",
        "type": "The kind of a column is its column_type",
        "endpoint": endpointElsewhere, "endpoint_url": endpointElsewhere, "url": endpointElsewhere,
        "api_key": "A workflow holds no keys: it belongs in the workers' providers.yaml",
    ]

    private func isDerived(_ node: SourceNode, name: String, _ draft: WorkflowDraft) -> Bool {
        guard case .text(let type) = node["column_type"]?.content else { return false }
        if type == ColumnType.seed.rawValue { return draft.seed != nil }
        guard name == "_internal_row_id", type == ColumnType.sampler.rawValue else { return false }
        if case .boolean(true) = node["drop"]?.content { return true }
        return false
    }

    private func column(_ type: ColumnType, _ fields: FieldReader) -> Column {
        let name = fields.requiredText("name")
        if name.isEmpty, fields.keys.contains("name") { log.report(fields.path["name"], "must not be empty") }
        let isDropped = fields.boolean("drop", default: false)
        let propagates = fields.boolean("propagate_skip", default: true)
        var skip = fields.node("skip").flatMap { self.skip($0, at: fields.path["skip"]) }
        let kind: Column.Kind =
            switch type {
            case .sampler: .sampler(sampler(fields))
            case .seed: .seed
            case .text, .code, .structured, .judge: .generated(generated(type, fields))
            case .expression: .expression(expression(fields, &skip))
            case .validation: .validation(validation(fields))
            case .embedding:
                .embedding(
                    EmbeddingColumn(
                        target: fields.requiredText("target_column"), modelAlias: fields.requiredText("model_alias")))
            case .image:
                .image(
                    ImageColumn(
                        prompt: fields.requiredTemplate("prompt"), modelAlias: fields.requiredText("model_alias"),
                        context: context(fields)))
            case .http: .http(http(fields))
            case .custom: .custom(custom(fields))
            }
        if skip != nil, type == .sampler || type == .seed {
            log.reportKey(
                fields.path["skip"], "is not possible on \(type.articleAndName): these are drawn together",
                "Skip the columns that use it")
        }
        return Column(name: name, isDropped: isDropped, skip: skip, propagatesSkip: propagates, kind: kind)
    }

    private func skip(_ node: SourceNode, at path: SourcePath) -> Skip? {
        guard let fields = FieldReader(node, at: path, as: "a skip rule", log) else { return nil }
        let when = fields.requiredTemplate("when")
        let value = fields.node("value").map { JSONValue($0) } ?? .null
        switch value {
        case .array, .object: log.report(path["value"], "must be text, a number, true, false or null")
        default: break
        }
        fields.finish()
        if when.names.isEmpty, !when.text.isEmpty {
            log.report(
                path["when"], "names no column, so that it would be the same for every record",
                when.text.contains("{{") ? nil : "Write it with braces: {{ \(when.text) }}")
        }
        return Skip(when: when, value: value)
    }

    // MARK: Columns that a model writes

    private func generated(_ type: ColumnType, _ fields: FieldReader) -> GeneratedColumn {
        let output: GeneratedColumn.Output =
            switch type {
            case .code: .code(language: codeLanguage(fields))
            case .structured: .structured(schema: schema(fields))
            case .judge: .judge(scores: scores(fields))
            default: .text
            }
        return GeneratedColumn(
            output: output,
            prompt: fields.requiredTemplate("prompt"),
            modelAlias: fields.requiredText("model_alias"),
            systemPrompt: fields.template("system_prompt"),
            context: context(fields),
            toolAlias: fields.text("tool_alias"),
            trace: fields.choice("with_trace") ?? .none,
            extractsReasoning: fields.boolean("extract_reasoning_content", default: false))
    }

    private func schema(_ fields: FieldReader) -> JSONObject {
        let schema = fields.requiredObject("output_format")
        for fault in SchemaChecker.faults(in: schema, at: fields.path["output_format"]) {
            log.report(fault.path, fault.message, fault.suggestion)
        }
        return schema
    }

    static let codeLanguages = [
        "bash", "c", "cobol", "cpp", "csharp", "go", "java", "javascript", "kotlin", "python", "ruby", "rust", "scala",
        "swift", "typescript", "sql:sqlite", "sql:tsql", "sql:bigquery", "sql:mysql", "sql:postgres", "sql:ansi",
    ]

    /// `allowed`: what the place takes, of all languages.
    func codeLanguage(_ fields: FieldReader, allowed: (String) -> Bool = { _ in true }) -> String {
        let language = fields.requiredText("code_lang")
        if !language.isEmpty, !Self.codeLanguages.contains(language) || !allowed(language) {
            log.reportWord(language, fields.path["code_lang"], among: Self.codeLanguages.filter(allowed))
        }
        return language
    }

    private func scores(_ fields: FieldReader) -> [GeneratedColumn.Score] {
        guard let list = fields.requiredNode("scores") else { return [] }
        let path = fields.path["scores"]
        let scores = log.items(list, path).compactMap { node, path -> GeneratedColumn.Score? in
            guard let fields = FieldReader(node, at: path, as: "a score", log) else { return nil }
            var options: [GeneratedColumn.Score.Option] = []
            if let node = fields.requiredNode("options") {
                if case .mapping(let entries) = node.content {
                    options = entries.map { entry in
                        GeneratedColumn.Score.Option(
                            value: entry.key, meaning: log.text(entry.value, path["options"][entry.key]) ?? "")
                    }
                    if entries.isEmpty { log.report(path["options"], "must hold at least one option") }
                } else {
                    log.report(path["options"], "must be a mapping of values to meanings, not \(node.kindName)")
                }
            }
            let score = GeneratedColumn.Score(
                name: fields.requiredText("name"), description: fields.requiredText("description"), options: options)
            fields.finish()
            checkScoreName(score.name, at: path["name"])
            return score
        }
        if scores.isEmpty { log.report(path, "must hold at least one score") }
        for (index, score) in scores.enumerated() where scores[..<index].contains(where: { $0.name == score.name }) {
            log.report(path[index]["name"], "is the name of another score of this judge: \(score.name)")
        }
        return scores
    }

    private func checkScoreName(_ name: String, at path: SourcePath) {
        if name.hasPrefix("_") { log.report(path, "must not begin with an underscore: \(name) would vanish") }
        // The library makes a class of the scores; these are what the class already has.
        let reserved = [
            "model_config", "model_dump", "model_dump_json", "model_validate", "model_validate_json",
            "model_validate_strings",
        ]
        if reserved.contains(name) {
            log.report(path, "is a reserved word in the library: \(name)", "Choose another name")
        }
    }

    private func context(_ fields: FieldReader) -> [MediaContext] {
        fields.items("multi_modal_context").compactMap { node, path in
            guard case .mapping = node.content else {
                log.report(path, "must be a mapping, not \(node.kindName)")
                return nil
            }
            // Unknown keys are ignored here, as in the library.
            guard let fields = FieldReader(node, at: path, as: "a media context", log) else { return nil }
            let modality: MediaContext.Modality = fields.choice("modality") ?? .image
            if node["modality"] == nil, node["audio_format"] != nil || node["video_format"] != nil {
                log.report(path, "needs modality", "It is audio or video")
            }
            let key = "\(modality.rawValue)_format"
            let format = fields.text(key)
            if let format, !modality.formats.contains(format) {
                log.reportWord(format, path[key], among: modality.formats)
            }
            let dataType: MediaContext.DataType? = fields.choice("data_type")
            if dataType == .base64, format == nil { log.report(path, "needs \(key), since data_type is base64") }
            let column = fields.requiredText("column_name")
            fields.finishIgnoringUnknown()
            return MediaContext(modality: modality, column: column, dataType: dataType, format: format)
        }
    }

    // MARK: Columns that are computed

    private func expression(_ fields: FieldReader, _ skip: inout Skip?) -> ExpressionColumn {
        let expression = fields.requiredTemplate("expr")
        if case .text(let text) = fields.node("expr")?.content, text.allSatisfy(\.isWhitespace) {
            log.report(fields.path["expr"], "must not be blank")
        }
        let dataType: ExpressionColumn.DataType = fields.choice("dtype") ?? .string
        if let rule = skip {
            if let value = dataType.converted(rule.value) {
                skip = Skip(when: rule.when, value: value)
            } else {
                log.report(
                    fields.path["skip"]["value"], "cannot become \(dataType.rawValue), the dtype of this column")
            }
        }
        return ExpressionColumn(expression: expression, dataType: dataType)
    }

    private func custom(_ fields: FieldReader) -> CustomColumn {
        let strategies = ["cell_by_cell", "full_column"]
        let strategy = fields.text("generation_strategy") ?? strategies[0]
        if !strategies.contains(strategy) {
            log.reportWord(strategy, fields.path["generation_strategy"], among: strategies)
        }
        return CustomColumn(
            function: fields.requiredText("generator_function"), strategy: strategy,
            parameters: fields.object("generator_params"))
    }
}

extension ExpressionColumn.DataType {
    /// A skip value as this type, by Python's conversions; nil where those fail.
    func converted(_ value: JSONValue) -> JSONValue? {
        switch (self, value) {
        case (_, .null), (.string, .string), (.boolean, .bool), (.number, .number), (.integer, .integer),
            (.integer, .bool), (.integer, .bigInteger):
            value
        case (.string, .bool(let value)): .string(value ? "True" : "False")
        case (.string, .integer(let value)): .string("\(value)")
        case (.string, .bigInteger(let text)): .string(text)
        case (.string, .number(let value)): .string(PythonFloat.repr(value))
        case (.number, .string(let text)):
            Double(text.trimmingSpace).map { .number($0) }
        case (.number, .bool(let value)): .number(value ? 1 : 0)
        case (.number, _): value.doubleValue.map { .number($0) }
        case (.integer, .number(let value)): Int64(exactly: value.rounded(.towardZero)).map { .integer($0) }
        case (.integer, .string(let text)): Int64(text.trimmingSpace).map { .integer($0) }
        case (.boolean, .string(let text)): .bool(!text.isEmpty)
        case (.boolean, _): value.doubleValue.map { .bool($0 != 0) }
        default: nil
        }
    }
}

extension String {
    fileprivate var trimmingSpace: String {
        let scalars = unicodeScalars.drop { $0.properties.isWhitespace }.reversed().drop { $0.properties.isWhitespace }
        return String(String.UnicodeScalarView(scalars.reversed()))
    }
}
