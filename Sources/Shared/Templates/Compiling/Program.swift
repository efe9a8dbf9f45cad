/// A template ready to be rendered: every name is a place, every filter and test a function.
final class Program: Sendable {
    /// A name whose value comes from the caller, or else from the globals.
    struct Root: Sendable {
        let name: String
        let position: SourcePosition
        let isGlobal: Bool
    }

    let body: [Statement]
    let scope: Scope
    /// Places for the variables of the template's outermost scope.
    let variableCount: Int
    let roots: [Root]
    /// The variable that stands for the template itself, when it is mentioned.
    let selfVariable: Variable?

    init(
        body: [Statement], scope: Scope, variableCount: Int, roots: [Root], selfVariable: Variable?
    ) {
        self.body = body
        self.scope = scope
        self.variableCount = variableCount
        self.roots = roots
        self.selfVariable = selfVariable
    }
}
