/// The bounds of Data Designer's `secure` engine.
enum SecureRules {
    private static let nodeLimit = 600
    private static let depthLimit = 10
    private static let characterLimit = 512_000

    /// - Throws: `.security` for a construct that is not allowed, `.limit` for too many nodes or levels.
    static func check(_ body: [StatementNode]) throws(TemplateError) {
        var measure = NodeMeasure()
        measure.visit(body, depth: 2)
        if let (reason, position) = measure.refused {
            throw TemplateError(.security, .securityError, reason, at: position)
        }
        guard measure.count <= nodeLimit else {
            throw TemplateError(
                .limit, .securityError, "the template has \(measure.count) nodes, more than the \(nodeLimit) allowed",
                at: body.first?.position)
        }
        guard measure.maximumDepth <= depthLimit else {
            throw TemplateError(
                .limit, .securityError,
                "the template is \(measure.maximumDepth) levels deep, more than the \(depthLimit) allowed",
                at: body.first?.position)
        }
    }

    /// - Throws: `.runtime` for an empty text, `.limit` for one that is too long, `.security` for one that shows a
    ///   function.
    static func check(rendered text: String) throws(TemplateError) {
        if text.isEmpty { throw .runtime("the template renders to empty text") }
        let length = PythonStrings.length(text)
        guard length <= characterLimit else {
            throw .limit("the rendered text is too large (\(length) > \(characterLimit))")
        }
        for line in text.split(separator: "\n") where showsFunction(line) {
            throw .security("the rendered text shows a method that was not called")
        }
    }

    /// Whether a line has what Python prints for a built-in method or a function.
    private static func showsFunction(_ line: Substring) -> Bool {
        let bytes = Array(line.utf8)
        func follows(_ parts: [String]) -> Bool {
            var place = 0
            for part in parts {
                guard let found = PythonStrings.find(Array(part.utf8), in: bytes, from: place) else { return false }
                place = found + part.utf8.count
            }
            return true
        }
        guard bytes.contains(UInt8(ascii: "<")) else { return false }
        return follows(["<built-in method ", " of ", " object at 0x", ">"]) || follows(["<function ", " at ", ">"])
    }
}
