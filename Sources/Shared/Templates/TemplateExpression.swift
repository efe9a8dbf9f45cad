/// A bare Jinja expression, without braces.
package struct TemplateExpression: Sendable {
    package let name: String
    private let program: Program
    /// The variables, each once, by slot.
    package let references: [Template.Reference]
    /// Filters and tests that do not exist, in branches: an error only when they are reached.
    package let unreachedErrors: [TemplateError]

    /// - Parameter name: what errors call the expression.
    /// - Throws: `.syntax`, with the place in the expression's own text.
    package init(parsing source: String, name: String = "expression") throws(TemplateError) {
        self.name = name
        do throws(TemplateError) {
            let node = try Parser.expression(source)
            let (program, unknownNames) = try Compiler.compile(node)
            self.program = program
            unreachedErrors = unknownNames.map { $0.named(name) }
        } catch {
            throw error.named(name)
        }
        references = Template.references(of: program)
    }

    /// The name of each slot.
    package var slotNames: [String] { program.roots.map(\.name) }

    /// The expression's value, with values by slot; see `slotNames`.
    package func evaluate(
        _ values: [TemplateValue?], options: RenderOptions = .init(), random: (() -> UInt64)? = nil
    ) throws(TemplateError) -> TemplateValue {
        try ProgramRun.run(program, references, values, options, random, name: name) {
            evaluator throws(TemplateError) in
            evaluator.nativeParts = []
            try evaluator.run()
            let value = evaluator.nativeParts?.first ?? Value.none
            if case .undefined(let undefined) = value, undefined.isStrict { throw undefined.error }
            return TemplateValue(value)
        }
    }

    /// The expression's value, with values by name.
    package func evaluate(
        _ context: some TemplateContext, options: RenderOptions = .init(), random: (() -> UInt64)? = nil
    ) throws(TemplateError) -> TemplateValue {
        try evaluate(program.roots.map { context.value(named: $0.name) }, options: options, random: random)
    }
}
