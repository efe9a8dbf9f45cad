import JSON
import Workflow

/// What `plan` takes for granted; its output says so.
enum PlanAssumptions {
    static let bytesPerToken = 4.0
    /// Of one call.
    static let tokensPerSecond = 50.0
    /// Until a call's first token.
    static let startSeconds = 0.3
    /// PostgreSQL's own for a row of `cells`, its key included.
    static let cellBytes = 130.0
    static let recordBytes = 90.0

    static func prompts(of column: Column) -> [TemplateText] {
        switch column.kind {
        case .generated(let generated): [generated.prompt] + (generated.systemPrompt.map { [$0] } ?? [])
        case .image(let image): [image.prompt]
        default: []
        }
    }

    /// Cells of one call.
    static func batchSize(_ column: Column) -> Int {
        switch column.kind {
        case .validation(let validation): validation.batchSize
        case .http(let http): http.batchSize
        default: 1
        }
    }

    /// What is told to the model beside the prompt, roughly.
    static func instructionBytes(_ column: Column) -> Int {
        guard case .generated(let generated) = column.kind else { return 0 }
        return switch generated.output {
        case .text: 0
        case .code: 300
        case .structured(let schema): 400 + JSONValue.object(schema).serialized().utf8.count
        case .judge(let scores): 600 + 400 * scores.count
        }
    }

    static func outputTokens(_ column: Column, in workflow: Workflow) -> Int {
        let assumed: Int
        switch column.kind {
        case .generated(let generated):
            assumed =
                switch generated.output {
                case .text: 200
                case .code: 300
                case .structured: 200
                case .judge(let scores): 80 * scores.count
                }
        default: return 0
        }
        guard let alias = column.modelAlias, case .chat(_, _, let most) = workflow.model(alias)?.inference.kind else {
            return assumed
        }
        return min(assumed, most ?? assumed)
    }

    /// A text as long as the answer is taken to be.
    static func answer(_ column: Column, in workflow: Workflow) -> JSONValue {
        .string(String(repeating: "word ", count: max(1, outputTokens(column, in: workflow) * 4 / 5)))
    }
}
