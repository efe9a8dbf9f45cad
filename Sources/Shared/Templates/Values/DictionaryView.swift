/// What a dictionary's `keys()`, `values()` and `items()` give.
final class DictionaryView: TemplateObject {
    enum Kind: String {
        case keys = "dict_keys"
        case values = "dict_values"
        case items = "dict_items"
    }

    let kind: Kind
    let dictionary: ValueDictionary

    init(_ kind: Kind, of dictionary: ValueDictionary) {
        self.kind = kind
        self.dictionary = dictionary
    }

    override var typeName: String { kind.rawValue }
    override var depth: Int { dictionary.depth + 1 }
    override var isTrue: Bool { dictionary.count > 0 }
    override func length() -> Int? { dictionary.count }

    func element(_ place: Int) -> Value {
        switch kind {
        case .keys: dictionary.key(at: place)
        case .values: dictionary.value(at: place)
        case .items: dictionary.item(at: place)
        }
    }

    override func makeIterator() -> ValueIterator? { IndexedIterator(count: dictionary.count, element: element) }

    override func appendRepr(to bytes: inout [UInt8], _ printer: inout PythonPrinter) throws(TemplateError) {
        bytes.append(contentsOf: "\(kind.rawValue)([".utf8)
        for place in 0..<dictionary.count {
            if place > 0 { bytes.append(contentsOf: ", ".utf8) }
            try printer.appendRepr(of: element(place), to: &bytes)
        }
        bytes.append(contentsOf: "])".utf8)
    }
}
