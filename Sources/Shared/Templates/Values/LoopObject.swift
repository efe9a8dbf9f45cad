/// The `loop` variable.
final class LoopObject: TemplateObject {
    typealias Recursion = (loop: CompiledLoop, outer: VariableFrame, variableCount: Int)

    private var iterator: ValueIterator
    private var knownLength: Int?
    private let depth0: Int
    private let recursion: Recursion?
    private var index0 = -1
    private var current: Value?
    private var previous: Value?
    /// The element that was looked at ahead of its turn; nil inside: there is none.
    private var ahead: Value??
    private var lastChanged: [Value]?

    /// - Parameter length: of what is iterated, when it has one.
    init(_ iterator: ValueIterator, length: Int?, depth: Int, recursion: Recursion?) {
        self.iterator = iterator
        knownLength = length
        depth0 = depth
        self.recursion = recursion
    }

    override var typeName: String { "LoopContext" }
    override var qualifiedTypeName: String { "jinja2.runtime.LoopContext" }
    override var isCallable: Bool { true }

    /// The next element; nil at the end.
    func advance() throws(TemplateError) -> Value? {
        let next: Value?
        if case .some(.some(let looked)) = ahead {
            next = looked
        } else {
            next = try iterator.next()
        }
        ahead = nil
        guard let next else { return nil }
        index0 += 1
        previous = current
        current = next
        return next
    }

    private func peek() throws(TemplateError) -> Value? {
        if case .some(.some(let looked)) = ahead { return looked }
        let looked = try iterator.next()
        ahead = .some(looked)
        return looked
    }

    override func length() throws(TemplateError) -> Int? {
        if let knownLength { return knownLength }
        let rest = try iterator.rest()
        iterator = IndexedIterator(count: rest.count) { rest[$0] }
        let isAhead = if case .some(.some) = ahead { 1 } else { 0 }
        knownLength = rest.count + index0 + 1 + isAhead
        return knownLength
    }

    override func attribute(_ name: String, _ evaluator: Evaluator) throws(TemplateError) -> Value? {
        switch name {
        case "index": return .integer(index0 + 1)
        case "index0": return .integer(index0)
        case "first": return .bool(index0 == 0)
        case "last": return .bool(try peek() == nil)
        case "length": return .integer(try length() ?? 0)
        case "revindex": return .integer((try length() ?? 0) - index0)
        case "revindex0": return .integer((try length() ?? 0) - index0 - 1)
        case "depth": return .integer(depth0 + 1)
        case "depth0": return .integer(depth0)
        case "previtem":
            return index0 == 0 ? evaluator.undefined { "there is no previous item" } : previous
        case "nextitem": return try peek() ?? evaluator.undefined { "there is no next item" }
        case "cycle":
            return .object(
                MethodObject("LoopContext.cycle") { [unowned self] arguments, _ throws(TemplateError) in
                    try cycle(arguments)
                })
        case "changed":
            return .object(
                MethodObject("LoopContext.changed") { [unowned self] arguments, evaluator throws(TemplateError) in
                    try changed(arguments, evaluator)
                })
        default: return nil
        }
    }

    private func cycle(_ arguments: Arguments) throws(TemplateError) -> Value {
        if let name = arguments.keywords.first?.name {
            throw .type("LoopContext.cycle() got an unexpected keyword argument '\(name)'")
        }
        guard !arguments.positional.isEmpty else { throw .type("no items for cycling given") }
        return arguments.positional[index0 % arguments.positional.count]
    }

    private func changed(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        if let name = arguments.keywords.first?.name {
            throw .type("LoopContext.changed() got an unexpected keyword argument '\(name)'")
        }
        let new = arguments.positional
        if let last = lastChanged, last.count == new.count {
            var isSame = true
            for (old, new) in zip(last, new) where isSame {
                isSame = try PythonComparison.areEqual(old, new, evaluator.meter)
            }
            if isSame { return .bool(false) }
        }
        lastChanged = new
        return .bool(true)
    }

    /// `loop(elements)` in a recursive loop: the body's text for those elements.
    override func call(_ arguments: Arguments, _ evaluator: Evaluator) throws(TemplateError) -> Value {
        let values = try arguments.bind("__call__", ["iterable"], required: 1)
        guard let recursion else {
            throw .type("The loop must have the 'recursive' marker to be called recursively.")
        }
        return try evaluator.recurse(
            recursion.loop, into: recursion.outer, over: values[0] ?? .none, depth: depth0 + 1, recursion.variableCount)
    }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) throws(TemplateError) {
        bytes.append(contentsOf: "<LoopContext \(index0 + 1)/\(try length() ?? 0)>".utf8)
    }
}
