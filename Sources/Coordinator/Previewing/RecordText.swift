import Inference
package import JSON
package import Workflow

/// Records as a person wants to read them: long text folded, JSON indented, code in its fence, a judge's scores with
/// what they mean and why they were given.
package struct RecordText: Sendable {
    private let workflow: Workflow
    private let width: Int
    private let nameWidth: Int

    /// - Parameter width: characters of a line, at least 40.
    package init(workflow: Workflow, shown numbers: [Int], width: Int) {
        self.workflow = workflow
        self.width = max(40, width)
        nameWidth = min(32, numbers.map { FoldedText.width(of: workflow.valueName($0)) }.max() ?? 0)
    }

    /// - Parameter number: from 0.
    package func heading(_ number: Int64) -> String {
        let title = "── record \(number) "
        return title + String(repeating: "─", count: max(2, width - title.count))
    }

    /// A value of a record by its number; a short one on one line, others below their name.
    package func lines(of value: JSONValue, number: Int, isSkipped: Bool = false) -> [String] {
        if isSkipped { return row(number, [Self.plain(value) + "  (skipped)"]) }
        return row(number, body(value, number))
    }

    /// A line in place of a value.
    package func line(_ text: String, number: Int) -> [String] { row(number, [text]) }

    /// A document beside the record: of a `schema_transform`.
    package func lines(of document: JSONValue, named name: String) -> [String] {
        row(name, indented(document))
    }

    // MARK: Values

    private func body(_ value: JSONValue, _ number: Int) -> [String] {
        guard workflow.columns.indices.contains(number) else {
            return workflow.valueName(number).hasSuffix("__trace") ? trace(value) : text(value)
        }
        switch workflow.columns[number].kind {
        case .generated(let column):
            switch column.output {
            case .text: return text(value)
            case .code(let language): return code(value, language)
            case .structured: return indented(value)
            case .judge(let scores): return judged(value, scores)
            }
        case .embedding: return embedding(value)
        case .image: return images(value)
        case .validation: return VerdictText.lines(value, width: width - 4) ?? text(value)
        default: return text(value)
        }
    }

    private func text(_ value: JSONValue) -> [String] {
        switch value {
        case .string(let text): FoldedText.lines(FoldedText.harmless(text), width: width - 4)
        case .object, .array: indented(value)
        default: [Self.plain(value)]
        }
    }

    private func code(_ value: JSONValue, _ language: String) -> [String] {
        guard let code = value.stringValue else { return text(value) }
        let name = language.prefix { $0 != ":" }
        // Code is not folded: its lines mean something.
        let lines = FoldedText.harmless(code).split(omittingEmptySubsequences: false) { $0.isNewline }.map(String.init)
        return ["```\(name)"] + lines + ["```"]
    }

    private func indented(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let object) where !object.isEmpty: break
        case .array(let array) where !array.isEmpty: break
        default: return [Self.plain(value)]
        }
        return JSONLayout.lines(value, width: width - 4)
            .flatMap { FoldedText.lines(FoldedText.harmless($0), width: width - 4) }
    }

    private func judged(_ value: JSONValue, _ scores: [GeneratedColumn.Score]) -> [String] {
        guard let object = value.objectValue else { return text(value) }
        return object.flatMap { name, score -> [String] in
            let given = score["score"].map(Self.plain) ?? "?"
            let meaning = scores.first { $0.name == name }?.options.first { $0.value == given }?.meaning
            let reason = score["reasoning"]?.stringValue ?? ""
            return ["\(name): \(given)" + (meaning.map { " (\($0))" } ?? "")]
                + FoldedText.lines(FoldedText.harmless(reason), width: width - 6).map { "  \($0)" }
        }
    }

    private func embedding(_ value: JSONValue) -> [String] {
        guard let vectors = value["embeddings"]?.arrayValue else { return text(value) }
        let dimension = value["dimension"]?.intValue ?? 0
        let shown = vectors.prefix(3).map { vector in
            "[" + (vector.arrayValue ?? []).prefix(4).map(Self.plain).joined(separator: ", ") + ", …]"
        }
        return ["\(vectors.count) vector\(vectors.count == 1 ? "" : "s") of \(dimension) dimensions"] + shown
    }

    private func images(_ value: JSONValue) -> [String] {
        guard let images = value.arrayValue else { return text(value) }
        return images.map { image in
            guard let text = image.stringValue else { return Self.plain(image) }
            // In a preview its content, in an artifact its path.
            guard let bytes = Base64.decode(text), let format = ImageFormat(bytes) else { return Self.plain(image) }
            let size = bytes.count < 1024 ? "\(bytes.count) bytes" : "\(bytes.count / 1024) KiB"
            return "\(format.rawValue.uppercased()) image, \(size)"
        }
    }

    private func trace(_ value: JSONValue) -> [String] {
        guard let messages = value.arrayValue else { return text(value) }
        return messages.flatMap { message -> [String] in
            let role = message["role"]?.stringValue ?? ""
            let blocks = message["content"]?.arrayValue ?? []
            let said = blocks.map { block in
                block["text"]?.stringValue ?? "(\(block["type"]?.stringValue ?? "media"))"
            }
            return ["\(role):"]
                + FoldedText.lines(FoldedText.harmless(said.joined(separator: "\n")), width: width - 6).map {
                    "  \($0)"
                }
        }
    }

    private static func plain(_ value: JSONValue) -> String {
        FoldedText.harmless(value.stringValue ?? value.serialized())
    }

    // MARK: Layout

    private func row(_ number: Int, _ body: [String]) -> [String] { row(workflow.valueName(number), body) }

    private func row(_ name: String, _ body: [String]) -> [String] {
        let own = FoldedText.width(of: name)
        let padding = String(repeating: " ", count: max(0, nameWidth - own))
        if body.count == 1, nameWidth + FoldedText.width(of: body[0]) + 2 <= width, own <= nameWidth {
            return ["\(name)\(padding)  \(body[0])"]
        }
        return [name] + body.map { "    \($0)" }
    }
}
