import JSON

/// Carries out a program once.
final class Evaluator {
    let program: Program
    let limits: RenderLimits
    let meter: WorkMeter
    let undefinedBehavior: UndefinedBehavior
    /// Values are escaped for the inside of JSON strings, and a dictionary's keys go before its methods.
    let isJSON: Bool
    private let roots: [Value?]
    private let makeRandom: (() -> UInt64)?

    /// What has been written; a block that captures its text swaps another buffer in.
    var output: [UInt8] = []
    /// What has been put out while values are kept as they are; nil while they are written as text.
    var nativeParts: [Value]?
    var frame: VariableFrame
    /// Inside `{% autoescape true %}`.
    var escapesOutput = false
    var captured = Value.string("")
    /// Where the last expression stands that was begun: the place of errors that have none of their own.
    var position = SourcePosition(line: 1, column: 1)
    private var depth = 0
    private var printer: PythonPrinter
    /// What may hold itself: emptied at the end, so that nothing is kept alive by a cycle.
    private var frames: [VariableFrame] = []
    private var namespaces: [NamespaceObject] = []

    init(
        _ program: Program, roots: [Value?], undefinedBehavior: UndefinedBehavior, isJSON: Bool, limits: RenderLimits,
        random: (() -> UInt64)?
    ) {
        self.program = program
        self.roots = roots
        self.undefinedBehavior = undefinedBehavior
        self.isJSON = isJSON
        self.limits = limits
        meter = WorkMeter(limit: limits.steps)
        makeRandom = random
        printer = PythonPrinter(byteLimit: limits.bytes, meter: meter)
        frame = VariableFrame(count: program.variableCount, outer: nil)
    }

    /// Executes the whole program; what it put out is in `output` or `nativeParts`.
    func run() throws(TemplateError) {
        if let variable = program.selfVariable { set(variable, .object(TemplateReference())) }
        enter(program.scope)
        try execute(program.body)
    }

    /// Breaks what may be cycles of references. Nothing can be evaluated afterwards.
    func end() {
        for frame in frames { frame.values = [] }
        for namespace in namespaces { namespace.removeAll() }
        frame.values = []
    }

    func track(_ frame: VariableFrame) { frames.append(frame) }

    func track(_ namespace: NamespaceObject) { namespaces.append(namespace) }

    // MARK: Limits

    @inline(__always)
    func step() throws(TemplateError) { try meter.step() }

    /// Refuses to make a text of so many bytes.
    func checkSize(_ bytes: Int) throws(TemplateError) {
        guard bytes <= limits.bytes else { throw PythonPrinter.tooLong(limits.bytes) }
    }

    /// Refuses to make a list of so many elements.
    func checkCount(_ elements: Int) throws(TemplateError) {
        guard elements <= limits.elements else {
            throw .limit("a list passes the limit of \(limits.elements) elements")
        }
    }

    /// Evaluates something that may contain itself.
    @inline(__always)
    func nested<T>(_ body: () throws(TemplateError) -> T) throws(TemplateError) -> T {
        depth += 1
        defer { depth -= 1 }
        guard depth <= limits.depth else { throw .recursion("maximum recursion depth exceeded") }
        return try body()
    }

    /// A number from the caller's source, from 0 to below `bound`: the high half of a product, repeated where it would
    /// be uneven (Lemire, Fast Random Integer Generation in an Interval, 2019).
    func random(below bound: Int) throws(TemplateError) -> Int {
        guard let makeRandom else { throw .runtime("there is no source of random numbers here") }
        let bound = UInt64(bound)
        var (high, low) = bound.multipliedFullWidth(by: makeRandom())
        if low < bound {
            let threshold = (0 &- bound) % bound
            while low < threshold { (high, low) = bound.multipliedFullWidth(by: makeRandom()) }
        }
        return Int(high)
    }

    // MARK: Variables

    @inline(__always)
    private func frame(_ hops: Int) -> VariableFrame {
        var found = frame
        for _ in 0..<hops {
            guard let outer = found.outer else { return found }
            found = outer
        }
        return found
    }

    func get(_ variable: Variable) -> Value? { frame(variable.hops).values[variable.place] }

    func set(_ variable: Variable, _ value: Value?) { frame(variable.hops).values[variable.place] = value }

    func enter(_ scope: Scope) {
        for (place, load) in scope.loads {
            switch load {
            case .root(let root): frame.values[place] = rootOrGlobal(root)
            case .variable(let variable): frame.values[place] = get(variable)
            case .nothing: frame.values[place] = nil
            }
        }
    }

    private func rootOrGlobal(_ place: Int) -> Value? {
        if let value = roots[place] { return value }
        let root = program.roots[place]
        return root.isGlobal ? GlobalFunction.named(root.name) : nil
    }

    func root(_ place: Int) -> Value {
        if let value = roots[place] { return value }
        return rootOrGlobal(place) ?? undefined(name: program.roots[place].name)
    }

    // MARK: Undefined values

    func undefined(name: String) -> Value {
        undefined { "'\(name)' is undefined" }
    }

    func undefined(_ reason: @escaping () -> String) -> Value {
        .undefined(Undefined(isStrict: undefinedBehavior == .strict, reason: reason))
    }

    func undefined(_ key: Value, of object: Value) -> Value {
        let kind = object.isNone ? "None" : "\(object.qualifiedTypeName) object"
        if let name = key.text { return undefined { "'\(kind)' has no attribute \(PythonRepr.text(name))" } }
        // Only a plain key is kept: an undefined value must not hold on to others.
        let element = key.depth == 0 ? (try? repr(of: key)) ?? "" : "of that \(key.typeName)"
        return undefined { "\(kind) has no element \(element)" }
    }

    // MARK: Text

    func text(of value: Value) throws(TemplateError) -> String {
        if let text = value.text { return text }
        var bytes: [UInt8] = []
        try printer.appendText(of: value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func repr(of value: Value) throws(TemplateError) -> String {
        var bytes: [UInt8] = []
        try printer.appendRepr(of: value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Puts out an expression's value.
    func put(_ value: Value) throws(TemplateError) {
        let start = output.count
        if nativeParts != nil {
            nativeParts?.append(value)
        } else if isJSON {
            try putJSON(value)
        } else if escapesOutput {
            output.append(contentsOf: try Markup.escaped(value, self).utf8)
        } else {
            try printer.appendText(of: value, to: &output)
        }
        try meter.chargeCopy(bytes: output.count - start)
        if output.count > limits.bytes { throw PythonPrinter.tooLong(limits.bytes) }
    }

    /// Puts out text that is final already: what a block made.
    func putFinal(_ value: Value) throws(TemplateError) {
        if nativeParts != nil {
            nativeParts?.append(value)
            return
        }
        guard let text = value.text else {
            throw .type("sequence item 0: expected str instance, \(value.typeName) found")
        }
        output.append(contentsOf: text.utf8)
        if output.count > limits.bytes { throw PythonPrinter.tooLong(limits.bytes) }
    }

    func put(_ text: [UInt8]) throws(TemplateError) {
        if nativeParts != nil {
            nativeParts?.append(.string(String(decoding: text, as: UTF8.self)))
            return
        }
        output.append(contentsOf: text)
        if output.count > limits.bytes { throw PythonPrinter.tooLong(limits.bytes) }
    }

    /// What `body` puts out, as a value of its own.
    func capture(_ body: () throws(TemplateError) -> Void) throws(TemplateError) -> Value {
        var (savedOutput, savedParts) = ([UInt8](), nativeParts)
        swap(&savedOutput, &output)
        if nativeParts != nil { nativeParts = [] }
        defer {
            output = savedOutput
            nativeParts = savedParts
        }
        try body()
        if let nativeParts { return try NativeConcatenation.value(of: nativeParts, self) }
        try meter.chargeCopy(bytes: output.count)
        let text = String(decoding: output, as: UTF8.self)
        return escapesOutput ? .markup(text) : .string(text)
    }
}

extension Value {
    /// The type's name as the reference's errors write it.
    fileprivate var qualifiedTypeName: String {
        switch self {
        case .markup: "markupsafe.Markup"
        case .undefined: "jinja2.runtime.Undefined"
        case .object(let object): object.qualifiedTypeName
        default: typeName
        }
    }
}
