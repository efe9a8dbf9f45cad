package import Inference
import JSON
package import Messages

/// A validation column whose tool runs on the worker.
package struct LintColumn: Hashable, Sendable {
    package let language: LintLanguage
    /// The columns of code; with several, each is checked alone.
    package let targets: [String]

    /// - Throws: a failure of kind `template` for a language that no tool checks: every cell fails with it.
    package init(_ spec: WireLintSpec, targets: [String]) throws(CallFailure) {
        guard let language = LintLanguage(spec.codeLanguage), !targets.isEmpty else {
            throw CallFailure(kind: .template, message: "no tool checks code in \(spec.codeLanguage)")
        }
        self.language = language
        self.targets = targets
    }

    /// The texts of some cells that there are: a cell without one has nothing to be checked.
    func codes(_ cells: [[WireValue]]) -> [String] { cells.flatMap { $0.prefix(targets.count).compactMap(Self.code) } }

    /// The value of each cell, from the verdicts on its texts: the verdict itself for one target, one by target for
    /// several; of a text that is not there `is_valid` is null.
    func values(_ cells: [[WireValue]], _ verdicts: [JSONValue]) -> [JSONValue] {
        var left = verdicts[...]
        return cells.map { cell in
            let own = zip(targets, cell).map { target, value in
                (target, Self.code(value) == nil ? ["is_valid": .null] : left.popFirst() ?? ["is_valid": .null])
            }
            guard targets.count > 1 else { return own.first?.1 ?? ["is_valid": .null] }
            return .object(JSONObject(own))
        }
    }

    /// A text as it is, null as nothing, any other value as its JSON.
    private static func code(_ value: WireValue) -> String? {
        switch value.kind {
        case .text(let text): text
        case .json("null"), nil: nil
        case .json(let json): (try? JSONValue(parsing: json, options: .python))?.stringValue ?? json
        }
    }
}
