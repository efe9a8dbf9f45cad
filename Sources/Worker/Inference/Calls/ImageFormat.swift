/// The formats of images, told by their first bytes.
package enum ImageFormat: String, Hashable, Sendable, CaseIterable {
    case png, jpg, gif, webp

    /// Nil for what is none of these.
    package init?(_ bytes: [UInt8]) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
            self = .jpg
        } else if bytes.starts(with: Array("GIF8".utf8)) {
            self = .gif
        } else if bytes.starts(with: Array("RIFF".utf8)), bytes.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            self = .webp
        } else {
            return nil
        }
    }

    package var mediaType: String { self == .jpg ? "image/jpeg" : "image/\(rawValue)" }

    /// Whether a text ends as the name of an image's file does.
    package static func isFileName(_ text: String) -> Bool {
        guard text.utf8.count <= 1024, !text.hasPrefix("data:") else { return false }
        let name = text.lowercased()
        return [".png", ".jpg", ".jpeg", ".gif", ".webp"].contains { name.hasSuffix($0) }
    }
}
