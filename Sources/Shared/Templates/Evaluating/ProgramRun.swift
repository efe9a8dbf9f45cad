/// One rendering of a program, from the caller's values to its result.
enum ProgramRun {
    static func run<T>(
        _ program: Program, _ references: [Template.Reference], _ values: [TemplateValue?], _ options: RenderOptions,
        _ random: (() -> UInt64)?, name: String, _ body: (Evaluator) throws(TemplateError) -> T
    ) throws(TemplateError) -> T {
        var roots: [Value?] = []
        roots.reserveCapacity(program.roots.count)
        for place in program.roots.indices { roots.append(place < values.count ? values[place]?.value : nil) }
        if options.undefined == .columns {
            for reference in references where roots[reference.slot] == nil {
                throw TemplateError(
                    .undefined, .undefinedError, "'\(reference.name)' is undefined", at: reference.position
                ).named(name)
            }
        }
        let evaluator = Evaluator(
            program, roots: roots, undefinedBehavior: options.undefined, isJSON: options.output == .json,
            limits: options.limits, random: random)
        defer { evaluator.end() }
        do throws(TemplateError) {
            return try body(evaluator)
        } catch {
            throw error.located(at: evaluator.position).named(name)
        }
    }
}
