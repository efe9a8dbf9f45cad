/// What is left of `bytes`: enough to look at what `encode()` gave.
enum BytesMethods {
    static func attribute(_ name: String, of bytes: [UInt8]) -> Value? {
        switch name {
        case "decode":
            MethodTable.bound(name, .bytes(bytes)) { arguments, _ throws(TemplateError) in
                _ = try arguments.bind("decode", ["encoding", "errors"])
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .value("'utf-8' codec can't decode the bytes")
                }
                return .string(text)
            }
        case "hex":
            MethodTable.bound(name, .bytes(bytes)) { arguments, _ throws(TemplateError) in
                try arguments.expectNone("bytes.hex")
                return .string(
                    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
            }
        default: nil
        }
    }
}
