import Answers
import Inference
import JSON
import Messages

/// Media beside the prompt, from the cells of one column.
struct ContextColumn: Sendable {
    private let name: String
    private let modality: MediaBlock.Modality
    private let dataType: String
    private let format: String
    /// Its place among the inputs.
    let input: Int

    private static let mediaTypes: [String: String] = [
        "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
        "mp3": "audio/mpeg", "wav": "audio/wav", "mp4": "video/mp4", "mov": "video/quicktime", "webm": "video/webm",
    ]

    /// - Throws: a failure of kind `template` for what no worker of this version knows.
    init(_ context: WireMediaContext, inputs: [String]) throws(CallFailure) {
        guard let modality = MediaBlock.Modality(rawValue: context.modality),
            let input = inputs.firstIndex(of: context.column)
        else { throw CallFailure(kind: .template, message: "media of \(context.column) cannot be read") }
        name = context.column
        self.modality = modality
        self.input = input
        dataType = context.dataType
        format = context.format
    }

    /// One block for each element of a list, or for the one text.
    ///
    /// - Parameter files: contents by name, of those that `files(of:)` names.
    func blocks(of value: WireValue, _ files: [String: [UInt8]]) throws(CallFailure) -> [ChatMessage.Block] {
        var blocks: [ChatMessage.Block] = []
        for text in texts(of: value) {
            if let bytes = files[text] {
                blocks.append(.media(try block(file: bytes, named: text)))
            } else {
                blocks.append(.media(try block(text)))
            }
        }
        return blocks
    }

    /// The names of files among a cell's texts: images that are neither said to be URLs or base64, nor look like it.
    func files(of value: WireValue) -> [String] {
        guard modality == .image, dataType.isEmpty else { return [] }
        return texts(of: value).filter { ImageFormat.isFileName($0) && !Self.isURL($0) }
    }

    private func block(file bytes: [UInt8], named name: String) throws(CallFailure) -> MediaBlock {
        guard let type = Self.mediaTypes[format] ?? ImageFormat(bytes)?.mediaType else {
            throw CallFailure(kind: .template, message: "the file \(name) is no PNG, JPEG, GIF or WebP image")
        }
        return MediaBlock(modality, .base64(mediaType: type, data: Base64.encode(bytes)))
    }

    private static func isURL(_ text: String) -> Bool { text.hasPrefix("http://") || text.hasPrefix("https://") }

    private func texts(of value: WireValue) -> [String] {
        let parsed: JSONValue? =
            switch value.kind {
            case .text(let text) where text.first(where: { !$0.isWhitespace }) == "[": try? JSONValue(parsing: text)
            case .json(let json): try? JSONValue(parsing: json, options: .python)
            default: Optional.none
            }
        if let elements = parsed?.arrayValue { return elements.map { $0.stringValue ?? $0.serialized() } }
        return [value.kind == nil ? "" : parsed?.stringValue ?? value.text]
    }

    private func block(_ text: String) throws(CallFailure) -> MediaBlock {
        if dataType == "url" || (dataType.isEmpty && Self.isURL(text)) { return MediaBlock(modality, .url(text)) }
        if let (type, data) = Self.dataURI(text) {
            guard Self.mediaTypes.values.contains(type) || type == "image/jpg", type.hasPrefix(modality.rawValue)
            else { throw failure("is of type \(type.prefix(40)), which is not known") }
            return MediaBlock(modality, .base64(mediaType: type == "image/jpg" ? "image/jpeg" : type, data: data))
        }
        guard let bytes = Base64.decode(text), !bytes.isEmpty else {
            if ImageFormat.isFileName(text), dataType.isEmpty {
                throw failure(
                    "is a file that was not uploaded with the job: only those that a seed column or a category names are"
                )
            }
            throw failure("is neither a URL nor base64")
        }
        guard let type = Self.mediaTypes[format] ?? (modality == .image ? ImageFormat(bytes)?.mediaType : nil) else {
            throw failure("is base64 of an unknown format; name it in multi_modal_context")
        }
        return MediaBlock(modality, .base64(mediaType: type, data: text))
    }

    private func failure(_ what: String) -> CallFailure {
        CallFailure(kind: .template, message: "the \(modality.rawValue) in \(name) \(what)")
    }

    private static func dataURI(_ text: String) -> (type: String, data: String)? {
        guard text.hasPrefix("data:"), let comma = text.firstIndex(of: ",") else { return nil }
        let head = text[..<comma].dropFirst(5)
        guard head.hasSuffix(";base64") else { return nil }
        return (String(head.dropLast(7).prefix { $0 != ";" }), String(text[text.index(after: comma)...]))
    }
}
