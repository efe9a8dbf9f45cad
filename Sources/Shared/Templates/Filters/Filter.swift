/// A filter: a function of a value and arguments.
struct Filter: Sendable {
    typealias Function = @Sendable (Evaluator, Value, Arguments) throws(TemplateError) -> Value

    let name: String
    let function: Function
}
