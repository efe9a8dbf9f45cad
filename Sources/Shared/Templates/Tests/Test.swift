/// A test: what stands behind `is`.
struct Test: Sendable {
    typealias Function = @Sendable (Evaluator, Value, Arguments) throws(TemplateError) -> Bool

    let name: String
    let function: Function
}
