/// Statements with a scope of their own.
struct CompiledBody: Sendable {
    let scope: Scope
    let statements: [Statement]
}
