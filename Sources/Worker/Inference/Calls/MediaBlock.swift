package import JSON

/// An image, a sound or a film beside a prompt.
package struct MediaBlock: Hashable, Sendable {
    package enum Modality: String, Hashable, Sendable {
        case image, audio, video
    }

    package enum Source: Hashable, Sendable {
        case url(String)
        case base64(mediaType: String, data: String)
    }

    package let modality: Modality
    package let source: Source

    package init(_ modality: Modality, _ source: Source) {
        self.modality = modality
        self.source = source
    }

    /// As traces have it, and Anthropic.
    package var canonical: JSONValue {
        let source: JSONValue =
            switch source {
            case .url(let url): ["type": "url", "url": .string(url)]
            case .base64(let type, let data):
                ["type": "base64", "media_type": .string(type), "data": .string(data)]
            }
        return ["type": .string(modality.rawValue), "source": source]
    }

    /// As OpenAI-compatible endpoints have it.
    var openAI: JSONValue {
        switch (modality, source) {
        case (.audio, .base64(let type, let data)):
            ["type": "input_audio", "input_audio": ["data": .string(data), "format": .string(Self.audioFormat(type))]]
        case (_, .url(let url)): block(url)
        case (_, .base64(let type, let data)): block("data:\(type);base64,\(data)")
        }
    }

    private func block(_ url: String) -> JSONValue {
        let name = "\(modality.rawValue)_url"
        return ["type": .string(name), name: ["url": .string(url)]]
    }

    private static func audioFormat(_ mediaType: String) -> String {
        mediaType == "audio/mpeg" ? "mp3" : String(mediaType.dropFirst("audio/".count))
    }
}
