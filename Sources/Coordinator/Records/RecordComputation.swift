package import JSON
package import Workflow

/// Computes what of a record needs no model, in the order of the workflow's graph.
package struct RecordComputation: Sendable {
    package struct Result: Sendable {
        /// By the numbers of values: columns, then side effects. Nil where the cell needs a model, or a cell that does.
        package var values: [JSONValue?]
        /// The columns that skip rules left out.
        package var leftOut: Set<Int> = []
        /// Where the record was given up, and why.
        package var drop: (column: Int, message: String)?

        package init(values: [JSONValue?]) { self.values = values }
    }

    private let workflow: Workflow
    private let skips: SkipRules
    /// By column.
    private let computed: [ComputedColumn?]

    package init(workflow: Workflow, seed: UInt64) {
        self.workflow = workflow
        skips = SkipRules(workflow: workflow, seed: seed)
        computed = workflow.columns.map { column in
            guard case .expression(let expression) = column.kind else { return nil }
            return ComputedColumn(column, expression, in: workflow, seed: seed)
        }
    }

    /// - Parameter given: the cells that are known, by their numbers: what is sampled and seeded, and models' values.
    ///   What is given of a cell that is computed or left out does not count.
    package func result(of record: Int64, given: [JSONValue?]) -> Result {
        var result = Result(values: given)
        let missing = workflow.columns.count + workflow.sideEffects.count - given.count
        if missing > 0 { result.values += [JSONValue?](repeating: nil, count: missing) }
        for column in workflow.graph.order {
            let isMade = computed[column] != nil
            if isMade { result.values[column] = nil }
            guard workflow.graph.prerequisites(of: column).allSatisfy({ result.values[$0] != nil }) else { continue }
            do throws(ComputationError) {
                let values = result.values
                // Side effects have numbers behind the columns', and no values here.
                func given(_ number: Int) -> JSONValue? {
                    values.indices.contains(number) ? values[number] : Optional.none
                }
                let leftOut = result.leftOut
                let value = try skips.valueIfLeftOut(
                    column, of: record, given: given, isLeftOut: { leftOut.contains($0) })
                if let value {
                    result.values[column] = value
                    result.leftOut.insert(column)
                    for effect in workflow.sideEffectIndices(of: column) { result.values[effect] = .some(.null) }
                } else if let own = computed[column] {
                    result.values[column] = try own.value(of: record, given: given)
                }
            } catch {
                result.drop = (column, error.message)
                return result
            }
        }
        return result
    }
}
