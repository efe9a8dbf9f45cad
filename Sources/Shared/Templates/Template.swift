import JSON

/// A Jinja 3.1 template, parsed once and rendered many times.
///
/// The language is Jinja's in its immutable sandbox with the standard filters and tests, except what needs other
/// templates or changes values: `extends`, `include`, `import`. A `block` stands where it is written. Rendering draws
/// on nothing but its arguments: the same values, and the same random numbers, give the same text.
package struct Template: Sendable {
    /// A variable that the template uses and does not set itself.
    package struct Reference: Hashable, Sendable {
        package let name: String
        /// Where it first stands.
        package let position: SourcePosition
        /// Its place among the values that `render(_:)` takes by slot.
        package let slot: Int
    }

    package let name: String
    private let program: Program
    /// The variables, each once, by slot. Names of global functions (`range`, ...) are none; see `slotNames`.
    package let references: [Reference]
    /// Filters and tests that do not exist, in branches: an error only when they are reached.
    package let unreachedErrors: [TemplateError]

    /// - Parameter name: what errors call the template.
    /// - Throws: `.syntax` for what is no template and for unknown filters and tests.
    package init(parsing source: String, name: String = "template") throws(TemplateError) {
        self.name = name
        do throws(TemplateError) {
            let body = try Parser.template(source)
            let (program, unknownNames) = try Compiler.compile(body)
            self.program = program
            unreachedErrors = unknownNames.map { $0.named(name) }
        } catch {
            throw error.named(name)
        }
        references = Self.references(of: program)
    }

    static func references(of program: Program) -> [Reference] {
        program.roots.enumerated()
            .filter { !$0.element.isGlobal }
            .map { Reference(name: $0.element.name, position: $0.element.position, slot: $0.offset) }
    }

    /// The name of each slot: the references, and names of global functions, which a value given by slot or by name
    /// hides.
    package var slotNames: [String] { program.roots.map(\.name) }

    // MARK: Rendering

    /// Renders with values by slot; see `slotNames`. A value that is nil or not there is missing.
    ///
    /// - Parameter random: where the `random` filter and `lipsum` draw their numbers; nil: they fail.
    /// - Throws: `.undefined` and `.runtime` for what fails on these values, `.security`, `.limit`.
    package func render(
        _ values: [TemplateValue?], options: RenderOptions = .init(), random: (() -> UInt64)? = nil
    ) throws(TemplateError) -> String {
        let bytes = try run(values, options, random) { evaluator throws(TemplateError) in
            try evaluator.run()
            return evaluator.output
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Renders with values by name.
    package func render(
        _ context: some TemplateContext, options: RenderOptions = .init(), random: (() -> UInt64)? = nil
    ) throws(TemplateError) -> String {
        try render(program.roots.map { context.value(named: $0.name) }, options: options, random: random)
    }

    /// Renders to a value instead of a text, as Jinja's `NativeEnvironment` does: a single expression's value as it is,
    /// everything else as text, which is read as a Python literal where it is one.
    package func renderNative(
        _ values: [TemplateValue?], options: RenderOptions = .init(), random: (() -> UInt64)? = nil
    ) throws(TemplateError) -> TemplateValue {
        try run(values, options, random) { evaluator throws(TemplateError) in
            evaluator.nativeParts = []
            try evaluator.run()
            let value = try NativeConcatenation.value(of: evaluator.nativeParts ?? [], evaluator)
            if case .undefined(let undefined) = value, undefined.isStrict { throw undefined.error }
            return TemplateValue(value)
        }
    }

    /// As `renderNative` with values by slot.
    package func renderNative(
        _ context: some TemplateContext, options: RenderOptions = .init(), random: (() -> UInt64)? = nil
    ) throws(TemplateError) -> TemplateValue {
        try renderNative(program.roots.map { context.value(named: $0.name) }, options: options, random: random)
    }

    private func run<T>(
        _ values: [TemplateValue?], _ options: RenderOptions, _ random: (() -> UInt64)?,
        _ body: (Evaluator) throws(TemplateError) -> T
    ) throws(TemplateError) -> T {
        try ProgramRun.run(program, references, values, options, random, name: name, body)
    }
}
