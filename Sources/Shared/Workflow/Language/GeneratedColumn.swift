package import JSON

/// A column that a language model writes: `llm-text`, `llm-code`, `llm-structured`, `llm-judge`.
package struct GeneratedColumn: Sendable, Hashable {
    package enum Output: Sendable, Hashable {
        case text
        /// `python`, or `sql:postgres`: a language and its dialect.
        case code(language: String)
        /// A JSON Schema, as the author wrote it.
        case structured(schema: JSONObject)
        case judge(scores: [Score])

        package var typeName: String {
            switch self {
            case .text: "llm-text"
            case .code: "llm-code"
            case .structured: "llm-structured"
            case .judge: "llm-judge"
            }
        }
    }

    package enum Trace: String, Sendable, Hashable, CaseIterable {
        case none
        case lastMessage = "last_message"
        case allMessages = "all_messages"
    }

    /// One question of a judge.
    package struct Score: Sendable, Hashable {
        package let name: String
        package let description: String
        /// Values with what they mean, in file order.
        package let options: [Option]

        package struct Option: Sendable, Hashable {
            package let value: String
            package let meaning: String
        }
    }

    package let output: Output
    package let prompt: TemplateText
    package let modelAlias: String
    /// Nil where there is none or an empty one: no system message is sent then.
    package let systemPrompt: TemplateText?
    package let context: [MediaContext]
    package let toolAlias: String?
    package let trace: Trace
    package let extractsReasoning: Bool

    var references: [String] {
        (prompt.names + (systemPrompt?.names ?? []) + context.map(\.column)).uniqued()
    }
}

/// A column whose cells are sent to a model beside the prompt.
package struct MediaContext: Sendable, Hashable {
    package enum Modality: String, Sendable, Hashable, CaseIterable {
        case image, audio, video

        /// The formats that a file may name.
        package var formats: [String] {
            switch self {
            case .image: ["png", "jpg", "jpeg", "gif", "webp"]
            case .audio: ["mp3", "wav"]
            case .video: ["mp4", "mov", "webm"]
            }
        }
    }

    package enum DataType: String, Sendable, Hashable, CaseIterable {
        case url, base64
    }

    package let modality: Modality
    package let column: String
    /// Nil: found out from each cell.
    package let dataType: DataType?
    package let format: String?
}
