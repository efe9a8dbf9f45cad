package import JSON
import Templates
package import Workflow

/// Which cells of a workflow are left out (docs/compatibility.md; Data Designer 0.9.6 does the same): a cell is, when
/// one that it is made from was and the column propagates that, or when its own condition is true.
package struct SkipRules: Sendable {
    private struct Rule: Sendable {
        let condition: CellTemplate?
        /// What a cell that is left out holds.
        let value: JSONValue
        /// The columns whose leaving out goes on to this one.
        let sources: [Int]
    }

    /// By column; nil where no cell is ever left out.
    private let rules: [Rule?]

    package init(workflow: Workflow, seed: UInt64) {
        var rules = [Rule?](repeating: nil, count: workflow.columns.count)
        for place in workflow.graph.order {
            let column = workflow.columns[place]
            let sources = column.propagatesSkip ? workflow.graph.dependencies[place].filter { rules[$0] != nil } : []
            guard column.skip != nil || !sources.isEmpty else { continue }
            let condition = column.skip.map {
                CellTemplate($0.when, column: column.name, use: 1, in: workflow, seed: seed)
            }
            rules[place] = Rule(condition: condition, value: column.skip?.value ?? .null, sources: sources)
        }
        self.rules = rules
    }

    /// Whether cells of the column may be left out, so that each must be judged before it is made.
    package func judges(_ column: Int) -> Bool { rules[column] != nil }

    /// What the cell holds if it is left out; nil when it is to be made. Asked once all that the column waits for is
    /// there.
    ///
    /// A condition that fails on an undefined name, a wrong type or value leaves the cell out, since a call is dearer
    /// than a gap.
    ///
    /// - Parameters:
    ///   - value: the record's cells by the places of their columns.
    ///   - isLeftOut: whether a cell of the record was left out; asked only of columns that are judged.
    /// - Throws: where the library loses the record: a division by zero, a bound of the engine passed.
    package func valueIfLeftOut(
        _ column: Int, of record: Int64, given value: (Int) -> JSONValue?, isLeftOut: (Int) -> Bool
    ) throws(ComputationError) -> JSONValue? {
        guard let rule = rules[column] else { return nil }
        if rule.sources.contains(where: isLeftOut) { return rule.value }
        guard let condition = rule.condition else { return nil }
        do throws(TemplateError) {
            let options = RenderOptions(undefined: .strict)
            guard try condition.native(of: record, options: options, given: value).isTrue else { return nil }
            return rule.value
        } catch {
            switch error.exception {
            case .undefinedError, .securityError, .templateSyntaxError, .typeError, .valueError: return rule.value
            default: throw ComputationError(message: "skip.when: \(error.description)")
            }
        }
    }
}
