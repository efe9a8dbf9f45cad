/// An iterator as a value: its elements can be taken once.
final class GeneratorObject: TemplateObject {
    private static let chainLimit = 100

    private let iterator: ValueIterator
    private let name: String
    private let sourceDepth: Int
    /// Generators that draw from one another.
    private let chain: Int

    /// - Parameters:
    ///   - name: as in Python's `repr`, before "at".
    ///   - source: what the generator draws from.
    init(_ name: String, over source: Value, _ iterator: ValueIterator) throws(TemplateError) {
        self.name = name
        self.iterator = iterator
        sourceDepth = source.depth
        if case .object(let object) = source, let generator = object as? GeneratorObject {
            chain = generator.chain + 1
        } else {
            chain = 1
        }
        guard chain <= Self.chainLimit else { throw .recursion("iterators are nested too deeply") }
    }

    override var typeName: String { name.split(separator: " ").first.map(String.init) ?? name }

    override var depth: Int { sourceDepth }

    override func makeIterator() -> ValueIterator? { iterator }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) {
        bytes.append(contentsOf: "<\(name) at \(Self.address)>".utf8)
    }
}
