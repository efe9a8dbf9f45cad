/// Turns a parsed template into a program, by the scoping rules of Jinja's code generator.
struct Compiler {
    /// A function of the generated code: the template itself, a macro, a recursive loop. Its variables share a frame.
    final class Function {
        let depth: Int
        var variableCount = 0

        init(depth: Int) {
            self.depth = depth
        }

        func makePlace() -> Int {
            variableCount += 1
            return variableCount - 1
        }
    }

    private enum Location {
        case root(Int)
        case variable(functionDepth: Int, place: Int)
    }

    var function: Function
    var symbols: Symbols
    /// Inside an `if` or a conditional expression, where an unknown filter matters only when it is reached.
    var isSoft = false

    private var nextScope = 0
    private var locations: [Symbols.Reference: Location] = [:]
    private var roots: [Program.Root] = []
    private var rootPlaces: [String: Int] = [:]
    private var positions: [String: SourcePosition]
    /// Unknown filters and tests that were let pass because of `isSoft`.
    private(set) var unknownNames: [TemplateError] = []

    static let globalNames: Set<String> = ["range", "dict", "lipsum", "cycler", "joiner", "namespace"]

    private init(positions: [String: SourcePosition]) {
        self.positions = positions
        function = Function(depth: 0)
        symbols = Symbols(scope: 0, parent: nil)
        nextScope = 1
    }

    static func compile(
        _ body: [StatementNode]
    ) throws(TemplateError) -> (Program, unknownNames: [TemplateError]) {
        var compiler = Compiler(positions: FirstUses(in: body).positions)
        if SpecialNames(["self"], in: body).found.contains("self") { compiler.symbols.declareParameter("self") }
        SymbolVisitor(symbols: compiler.symbols).visit(body)
        let scope = compiler.enterScope()
        let statements = try compiler.statements(body)
        let program = Program(
            body: statements, scope: scope, variableCount: compiler.function.variableCount, roots: compiler.roots,
            selfVariable: compiler.symbols.find("self").flatMap {
                compiler.isParameter($0) ? compiler.variable($0) : nil
            })
        return (program, compiler.unknownNames)
    }

    /// A program whose one statement puts out the expression.
    static func compile(
        _ expression: ExpressionNode
    ) throws(TemplateError) -> (Program, unknownNames: [TemplateError]) {
        try compile([StatementNode(.output([.expression(expression)]), at: expression.position)])
    }

    // MARK: Scopes

    mutating func makeSymbols() -> Symbols {
        defer { nextScope += 1 }
        return Symbols(scope: nextScope, parent: symbols)
    }

    /// Compiles within a scope inside the current one.
    mutating func within<T>(
        _ inner: Symbols, _ compile: (inout Compiler) throws(TemplateError) -> T
    ) throws(TemplateError) -> T {
        let (outer, wasSoft) = (symbols, isSoft)
        (symbols, isSoft) = (inner, false)
        defer { (symbols, isSoft) = (outer, wasSoft) }
        return try compile(&self)
    }

    /// Compiles within a new function and says how many variables it has.
    mutating func withinFunction<T>(
        _ compile: (inout Compiler) throws(TemplateError) -> T
    ) throws(TemplateError) -> (T, variableCount: Int) {
        let outer = function
        function = Function(depth: outer.depth + 1)
        defer { function = outer }
        let result = try compile(&self)
        return (result, function.variableCount)
    }

    /// Gives the current scope's names their places.
    mutating func enterScope() -> Scope {
        var scope = Scope()
        // In name order, so that equal sources give equal programs.
        for (reference, load) in symbols.loads.sorted(by: { $0.key.name < $1.key.name }) {
            if case .resolve = load, !symbols.stores.contains(reference.name) {
                // Never stored: the caller's value is used where it is.
                locations[reference] = .root(rootPlace(reference.name))
                continue
            }
            let place = function.makePlace()
            locations[reference] = .variable(functionDepth: function.depth, place: place)
            switch load {
            case .parameter: break
            case .undefined: scope.loads.append((place, .nothing))
            case .resolve: scope.loads.append((place, .root(rootPlace(reference.name))))
            case .alias(let outer):
                switch locations[outer] {
                case .root(let root)?: scope.loads.append((place, .root(root)))
                case .variable?: scope.loads.append((place, .variable(variable(outer))))
                case nil: scope.loads.append((place, .nothing))
                }
            }
        }
        return scope
    }

    private mutating func rootPlace(_ name: String) -> Int {
        if let place = rootPlaces[name] { return place }
        rootPlaces[name] = roots.count
        roots.append(
            Program.Root(
                name: name, position: positions[name] ?? SourcePosition(line: 1, column: 1),
                isGlobal: Self.globalNames.contains(name)))
        return roots.count - 1
    }

    private func isParameter(_ reference: Symbols.Reference) -> Bool {
        if case .parameter = symbols.loads[reference] { true } else { false }
    }

    /// The variable of a reference that has a place.
    private func variable(_ reference: Symbols.Reference) -> Variable {
        guard case .variable(let depth, let place) = locations[reference] else { return Variable(hops: 0, place: 0) }
        return Variable(hops: function.depth - depth, place: place)
    }

    /// The variable that stores to `name` set in the current scope.
    func storeVariable(_ name: String) -> Variable? {
        guard let reference = symbols.find(name), case .variable = locations[reference] else { return nil }
        return variable(reference)
    }

    /// What reading `name` in the current scope reads.
    mutating func loadKind(_ name: String) -> CompiledExpression.Kind {
        guard let reference = symbols.find(name), let location = locations[reference] else {
            return .root(rootPlace(name))
        }
        switch location {
        case .root(let place): return .root(place)
        case .variable: return .variable(variable(reference), name: name)
        }
    }

    /// Notes an unknown filter or test; throws unless it may never be reached.
    mutating func unknown(_ kind: String, _ name: String, at position: SourcePosition) throws(TemplateError) {
        let error = TemplateError.syntax("No \(kind) named '\(name)'.", at: position)
        guard isSoft else { throw error }
        unknownNames.append(error)
    }
}
