/// How a model is asked for images.
package enum ImageAsk: Hashable, Sendable {
    /// The endpoint's images route, which takes a prompt and nothing else.
    case prompt(String)
    /// A chat whose answer holds images.
    case chat([ChatMessage])

    /// Models of these names are asked on the images route, as Data Designer does; all others in a chat.
    private static let drawing = ["dall-e-", "dalle", "stable-diffusion", "sd-", "sd_", "imagen", "gpt-image-"]

    package static func isForPrompts(model: String) -> Bool {
        let name = model.lowercased()
        return drawing.contains { name.contains($0) }
    }
}
