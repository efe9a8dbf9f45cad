import JSON

/// The images of a reply, as base64 without a data URI's head. An image may be answered as an address instead; a worker
/// fetches nothing from addresses that a reply names.
enum ReplyImages {
    /// Of the images route: `data`, a list of objects with `b64_json`.
    static func ofPrompt(_ root: JSONValue) -> (images: [String], hasAddress: Bool) {
        read(root["data"]?.arrayValue ?? [])
    }

    /// Of a chat: `images` of the first choice's message; without any, a content that is an image itself.
    static func ofChat(_ root: JSONValue) -> (images: [String], hasAddress: Bool) {
        let message = root["choices"]?[0]?["message"]
        let listed = read(message?["images"]?.arrayValue ?? [])
        if !listed.images.isEmpty || listed.hasAddress { return listed }
        guard let content = message?["content"], content.stringValue != nil else { return ([], false) }
        return read([content])
    }

    private static func read(_ items: [JSONValue]) -> (images: [String], hasAddress: Bool) {
        var images: [String] = []
        var hasAddress = false
        for item in items {
            switch image(item) {
            case .data(let data): images.append(data)
            case .address: hasAddress = true
            case nil: break
            }
        }
        return (images, hasAddress)
    }

    private enum Found {
        case data(String)
        case address
    }

    private static func image(_ item: JSONValue) -> Found? {
        if let text = item.stringValue { return found(text) }
        if let data = item["b64_json"]?.stringValue { return .data(data) }
        if let url = item["image_url"] { return image(url) }
        return item["url"]?.stringValue.flatMap(found)
    }

    private static func found(_ text: String) -> Found? {
        if text.hasPrefix("data:image/"), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) {
            return .data(String(text[text.utf8.index(after: comma)...]))
        }
        if text.hasPrefix("http://") || text.hasPrefix("https://") { return .address }
        let start = text.utf8.prefix(100)
        let isBase64 = start.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
                true
            default: false
            }
        }
        return start.count == 100 && isBase64 ? .data(text) : nil
    }
}
