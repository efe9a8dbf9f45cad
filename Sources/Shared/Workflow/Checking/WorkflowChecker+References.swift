import Spelling
import Templates

extension WorkflowChecker {
    func checkReferences() {
        for column in draft.columns {
            let path = column.path
            switch column.value.kind {
            case .sampler, .custom: break
            case .seed:
                // With a seed the reader has left such columns out: they come from the data.
                log.report(path["column_type"], "is seed-dataset, but there is no seed_config")
            case .generated(let generated):
                check(generated.prompt, at: path["prompt"], of: column)
                if let system = generated.systemPrompt { check(system, at: path["system_prompt"], of: column) }
                check(generated.context, of: column)
                warnOfFixedPrompt(generated.prompt, generated.context, at: path["prompt"])
            case .expression(let expression): check(expression.expression, at: path["expr"], of: column)
            case .image(let image):
                check(image.prompt, at: path["prompt"], of: column)
                check(image.context, of: column)
                warnOfFixedPrompt(image.prompt, image.context, at: path["prompt"])
            case .embedding(let embedding): check(name: embedding.target, at: path["target_column"], of: column)
            case .validation(let validation): check(validation, of: column)
            case .http(let http): check(http, of: column)
            }
            if let skip = column.value.skip { checkSkip(skip, of: column) }
        }
        checkCycles()
    }

    /// Checks the names that a template uses.
    private func check(_ template: TemplateText, at path: SourcePath, of column: Located<Column>) {
        for reference in template.template.references where !mayExist(reference.name) {
            let mark = log.mark(path, line: reference.position.line, column: reference.position.column)
            let (message, hint) = unknown(reference.name)
            log.report(path, "uses {{ \(reference.name) }}; \(message)", hint, at: mark)
        }
        let own = [column.value.name] + column.value.sideEffects
        for reference in template.template.references where own.contains(reference.name) {
            let mark = log.mark(path, line: reference.position.line, column: reference.position.column)
            let what = reference.name == column.value.name ? "the column itself" : "what the column itself writes"
            log.report(path, "uses {{ \(reference.name) }}, \(what)", at: mark)
        }
    }

    /// Checks a key that names one column.
    private func check(name: String, at path: SourcePath, of column: Located<Column>) {
        guard !name.isEmpty else { return }
        if name == column.value.name {
            log.report(path, "is \(name), the column itself")
        } else if !mayExist(name) {
            let (message, hint) = unknown(name)
            log.report(path, "is \(name); \(message)", hint)
        }
    }

    private func unknown(_ name: String) -> (message: String, hint: String?) {
        for (suffix, key, value) in [
            ("__trace", "with_trace", "last_message or all_messages"),
            ("__reasoning_content", "extract_reasoning_content", "true"),
        ] where name.hasSuffix(suffix) {
            let producer = String(name.dropLast(suffix.count))
            if let place = producers[producer], case .generated = draft.columns[place].value.kind {
                return ("\(producer) does not write it", "Set \(key) of \(producer) to \(value)")
            }
        }
        return ("no such column", Suggestion.sentence(for: name, among: usableNames))
    }

    private func check(_ context: [MediaContext], of column: Located<Column>) {
        for (index, item) in context.enumerated() {
            check(name: item.column, at: column.path["multi_modal_context"][index]["column_name"], of: column)
        }
    }

    private func check(_ validation: ValidationColumn, of column: Located<Column>) {
        for (index, target) in validation.targets.enumerated() {
            let path = column.path["target_columns"][index]
            check(name: target, at: path, of: column)
            guard case .code(let language) = validation.validator, let place = producers[target] else { continue }
            if case .generated(let generated) = draft.columns[place].value.kind,
                case .code(let written) = generated.output
            {
                if written != language {
                    log.report(path, "is \(target), which is \(written), but the validator's code_lang is \(language)")
                }
            } else {
                log.warn(path, "is \(target), which is no llm-code column")
            }
        }
    }

    private func check(_ http: HTTPColumn, of column: Located<Column>) {
        for (index, name) in http.required.enumerated() {
            let path = column.path["required_columns"][index]
            if name.isEmpty { log.report(path, "must not be empty") }
            if http.sideEffects.contains(name) {
                log.report(path, "is \(name), which the column itself writes")
            } else {
                check(name: name, at: path, of: column)
            }
        }
        for (index, name) in http.sideEffects.enumerated() {
            let path = column.path["side_effect_columns"][index]
            if name.isEmpty { log.report(path, "must not be empty") }
            if seedColumns?.contains(name) == true {
                log.report(path, "is also a column of the seed data: \(name)", "Choose another name")
            }
            let others = draft.columns.prefix { $0.path != column.path }
            if http.sideEffects[..<index].contains(name) {
                log.report(path, "is \(name), which is in the list already")
            } else if let other = others.first(where: { $0.value.sideEffects.contains(name) }) {
                log.report(path, "is \(name), which \(other.value.name) writes too", "Choose another name")
            }
        }
    }

    private func checkSkip(_ skip: Skip, of column: Located<Column>) {
        let path = column.path["skip"]["when"]
        let own = [column.value.name] + column.value.sideEffects
        for reference in skip.when.template.references {
            let mark = log.mark(path, line: reference.position.line, column: reference.position.column)
            if own.contains(reference.name) {
                log.report(path, "uses {{ \(reference.name) }}: a column cannot decide on itself", at: mark)
            } else if !mayExist(reference.name) {
                let (message, hint) = unknown(reference.name)
                log.report(path, "uses {{ \(reference.name) }}; \(message)", hint, at: mark)
            }
        }
    }

    // MARK: Warnings

    private func warnOfFixedPrompt(_ prompt: TemplateText, _ context: [MediaContext], at path: SourcePath) {
        guard prompt.names.isEmpty, !prompt.text.isEmpty else { return }
        if let name = usableNames.first(where: { prompt.text.contains("{\($0)}") }) {
            log.warn(path, "has {\(name)} in single braces, which stays as it is", "Write {{ \(name) }}")
        } else if context.isEmpty {
            log.warn(path, "uses no column: every record gets the same prompt")
        }
    }

    // MARK: Cycles

    /// Reports each cycle once: after one is found its first column counts as done.
    private func checkCycles() {
        var columns = draft.columns.map(\.value)
        var constraints = draft.constraints.map(\.value)
        for _ in columns {
            do {
                _ = try ColumnGraph(columns: columns, constraints: constraints)
                return
            } catch {
                report(error)
                guard let first = error.columns.first else { return }
                let column = columns[first]
                columns[first] = Column(
                    name: column.name, isDropped: true, skip: nil, propagatesSkip: true, kind: .seed)
                constraints.removeAll { $0.target == column.name }
            }
        }
    }

    private func report(_ cycle: ColumnGraph.Cycle) {
        let members = cycle.columns.map { draft.columns[$0] }
        guard let first = members.first else { return }
        let chain = (members + [first]).map(\.value.name).joined(separator: " -> ")
        let subject = members.count == 2 ? "and \(shown(members[1].path)) need each other" : "waits for itself"
        log.report(first.path, "\(subject): \(chain)")
    }
}

extension TemplateText {
    /// What stands in for a template that could not be read.
    static let empty: TemplateText = {
        guard let template = try? Template(parsing: "") else { preconditionFailure("an empty template is valid") }
        return TemplateText(text: "", template: template, columns: [])
    }()
}
