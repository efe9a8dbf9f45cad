import JSON
import Spelling

extension WorkflowChecker {
    func checkSamplers() {
        for column in draft.columns {
            guard case .sampler(let sampler) = column.value.kind else { continue }
            let path = column.path
            for condition in sampler.conditions { check(condition, of: column) }
            let all =
                [(sampler.parameters, path["params"])]
                + sampler.conditions.map { ($0.parameters, path["conditional_params"][$0.text]) }
            for (parameters, path) in all {
                switch parameters {
                case .subcategory(let parent, let choices): check(parent: parent, choices, at: path, of: column)
                case .timedelta(let parameters):
                    check(reference: parameters.referenceColumn, at: path["reference_column_name"], of: column)
                case .scipy(let distribution, _), .bernoulliMixture(_, let distribution):
                    check(distribution, at: path)
                default: break
                }
            }
        }
    }

    /// The sampler of a name; nil where there is none.
    private func sampler(_ name: String) -> SamplerColumn? {
        guard let place = producers[name], draft.columns[place].value.name == name,
            case .sampler(let sampler) = draft.columns[place].value.kind
        else { return nil }
        return sampler
    }

    private var samplerNames: [String] {
        draft.columns.compactMap { if case .sampler = $0.value.kind { $0.value.name } else { nil } }
    }

    /// Why a name is no sampler column: with a suggestion.
    private func notSampler(_ name: String) -> (message: String, hint: String?) {
        if let place = producers[name] {
            return ("\(name) is a column of type \(draft.columns[place].value.typeName), which is made after them", nil)
        }
        return ("no such sampler column", Suggestion.sentence(for: name, among: samplerNames))
    }

    private func isBroken(_ name: String) -> Bool {
        producers[name] == nil && draft.declaredNames.contains { $0.value == name }
    }

    private func check(_ condition: SamplerColumn.Condition, of column: Located<Column>) {
        let path = column.path["conditional_params"][condition.text]
        for name in condition.names
        where sampler(name) == nil && !isBroken(name) {
            let (message, hint) = notSampler(name)
            log.reportKey(path, "uses \(name), but a sampler's condition can use samplers only: \(message)", hint)
        }
        if condition.names.contains(column.value.name) { log.reportKey(path, "uses the column itself") }
    }

    // MARK: Parents

    private func check(
        parent: String, _ choices: [SamplerParameters.Choice], at path: SourcePath, of column: Located<Column>
    ) {
        guard !parent.isEmpty, !isBroken(parent) else { return }
        if parent == column.value.name {
            log.report(path["category"], "is the column itself")
            return
        }
        guard let sampler = sampler(parent), sampler.type == .category else {
            if producers[parent] != nil, let sampler = self.sampler(parent) {
                log.report(path["category"], "is \(parent), a \(sampler.type.rawValue) sampler; it must be a category")
            } else {
                let (message, hint) = notSampler(parent)
                log.report(path["category"], "is \(parent): \(message)", hint)
            }
            return
        }
        var values: [JSONValue] = []
        for parameters in [sampler.parameters] + sampler.conditions.map(\.parameters) {
            if case .category(let own, _) = parameters { values += CategoryTyping.typed(own) }
        }
        if let number = values.first(where: { $0.stringValue == nil }) {
            log.report(
                path["values"], "has texts as keys, but \(parent) draws numbers such as \(number)",
                "Put the values of \(parent) in quotes")
            return
        }
        let texts = values.compactMap(\.stringValue).uniqued()
        let keys = choices.map(\.parentValue)
        for text in texts where !keys.contains(text) {
            log.report(path["values"], "needs a list for \(text), a value of \(parent)")
        }
        for key in keys where !texts.contains(key) {
            log.reportKey(
                path["values"][key], "is no value of \(parent)", Suggestion.sentence(for: key, among: texts))
        }
    }

    private func check(reference: String, at path: SourcePath, of column: Located<Column>) {
        guard !reference.isEmpty, !isBroken(reference) else { return }
        if reference == column.value.name {
            log.report(path, "is the column itself")
            return
        }
        guard let sampler = sampler(reference) else {
            let (message, hint) = notSampler(reference)
            log.report(path, "is \(reference): \(message)", hint)
            return
        }
        switch sampler.parameters {
        case .datetime, .timedelta: break
        case .category(let values, _):
            if let other = values.first(where: { $0.stringValue.flatMap(CivilTime.init(parsing:)) == nil }) {
                log.report(path, "is \(reference), of which \(other) is no date or time")
            }
        default: log.report(path, "is \(reference), a \(sampler.type.rawValue) sampler: not dates or times")
        }
    }

    private func check(_ distribution: SamplerParameters.Distribution, at path: SourcePath) {
        guard !distribution.name.isEmpty else { return }
        guard let shape = ScipyDistribution(rawValue: distribution.name) else {
            let names = ScipyDistribution.allCases.map(\.rawValue)
            log.report(
                path["dist_name"], "is \(distribution.name), a distribution that Tessera does not draw",
                Suggestion.sentence(for: distribution.name, among: names)
                    ?? "There are: \(names.joined(separator: ", "))")
            return
        }
        for fault in shape.faults(in: distribution.arguments) {
            log.report(
                fault.key.map { path["dist_params"][$0] } ?? path["dist_params"], fault.message, fault.suggestion)
        }
    }

    // MARK: Constraints

    func checkConstraints() {
        for constraint in draft.constraints {
            let path = constraint.path
            let target = constraint.value.target
            guard !target.isEmpty, isSampler(target, at: path["target_column"]), let left = sampler(target) else {
                continue
            }
            switch constraint.value.bound {
            case .scalar:
                if left.comparison != .number {
                    log.report(
                        path["target_column"],
                        "is \(target), which holds \(left.comparison.rawValue)s: a number cannot bound it")
                }
            case .column(let name):
                guard !name.isEmpty, isSampler(name, at: path["rhs"]), let right = sampler(name) else { continue }
                if name == target {
                    log.report(path["rhs"], "is the target itself")
                } else if left.comparison != right.comparison {
                    log.report(
                        path["rhs"],
                        "is \(name), which holds \(right.comparison.rawValue)s, but \(target) holds "
                            + "\(left.comparison.rawValue)s")
                }
            }
        }
    }

    private func isSampler(_ name: String, at path: SourcePath) -> Bool {
        if sampler(name) != nil { return true }
        if !isBroken(name) {
            let (message, hint) = notSampler(name)
            log.report(path, "is \(name), but constraints are on samplers only: \(message)", hint)
        }
        return false
    }
}

extension SamplerColumn {
    /// What constraints compare in a column.
    enum Comparison: String {
        case number, time, text, object
    }

    var comparison: Comparison {
        switch type {
        case .datetime, .timedelta: .time
        case .person, .personFromFaker: .object
        case .uuid: .text
        default: conversion == "str" ? .text : isText ? .text : .number
        }
    }

    private var isText: Bool {
        let lists: [[JSONValue]] =
            switch parameters {
            case .category(let values, _): [values]
            case .subcategory(_, let choices): choices.map(\.values)
            default: []
            }
        return conversion == nil && lists.contains { CategoryTyping.typed($0).contains { $0.stringValue != nil } }
    }
}
