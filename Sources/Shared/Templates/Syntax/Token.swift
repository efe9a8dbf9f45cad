/// One piece of a template's source.
struct Token {
    enum Kind: Equatable {
        case data(String)
        case variableBegin, variableEnd, blockBegin, blockEnd
        case name(String)
        case string(String)
        case integer(Value)
        case float(Double)
        /// An operator as it is written.
        case symbol(String)
        case end

        static func == (left: Kind, right: Kind) -> Bool {
            switch (left, right) {
            case (.name(let left), .name(let right)), (.symbol(let left), .symbol(let right)): left == right
            case (.variableBegin, .variableBegin), (.variableEnd, .variableEnd), (.blockBegin, .blockBegin),
                (.blockEnd, .blockEnd), (.end, .end):
                true
            default: false
            }
        }
    }

    let kind: Kind
    let position: SourcePosition

    /// How the token is called in an error.
    var description: String {
        switch kind {
        case .data: "template data / text"
        case .variableBegin: "begin of print statement"
        case .variableEnd: "end of print statement"
        case .blockBegin: "begin of statement block"
        case .blockEnd: "end of statement block"
        case .name(let name): name
        case .string: "string"
        case .integer: "integer"
        case .float: "float"
        case .symbol(let symbol): symbol
        case .end: "end of template"
        }
    }
}
