import Answers
import Checks
package import Inference
import JSON
package import Messages
import Random
import Templates

/// A column's spec made ready: its templates parsed once, for any number of cells.
package struct CompiledColumn: Sendable {
    /// What it was made of.
    package let spec: WireColumnSpec
    package let name: String
    package let provider: String
    /// What every call of the column has in common.
    package let parameters: ModelParameters
    /// How its cells are made several at a time; nil: a conversation for each.
    package let batched: BatchedColumn?
    /// Cells of one call at most.
    package let batchSize: Int

    private let random: RandomSource
    private let answers: AnswerColumn
    private let inputs: [String]
    private enum Form: Sendable {
        case text
        /// Its one input is embedded.
        case embedding
        case image
    }

    private let form: Form
    private let context: [ContextColumn]
    private let prompt: CompiledPrompt
    private let systemPrompt: CompiledPrompt?

    /// - Returns: nil for a kind of column that this code does not know.
    /// - Throws: a failure of kind `template` for a template, an extra body or a schema that cannot be read: every cell
    ///   of the column fails with it.
    package init?(_ spec: WireColumnSpec) throws(CallFailure) {
        let text: WireTextSpec
        var batched: BatchedColumn?
        switch spec.kind {
        case .text(let answers):
            text = answers
            form = .text
        case .embedding:
            text = WireTextSpec()
            form = .embedding
        case .image(let image):
            var prompt = WireTextSpec()
            (prompt.prompt, prompt.context) = (image.prompt, image.context)
            text = prompt
            form = .image
        case .lint(let lint):
            text = WireTextSpec()
            form = .text
            batched = .lint(try LintColumn(lint, targets: spec.inputs))
        case .rows(let rows):
            text = WireTextSpec()
            form = .text
            batched = .rows(try RowsColumn(rows, of: spec))
        case nil: return nil
        }
        self.spec = spec
        self.batched = batched
        batchSize = batched == nil ? 1 : max(1, Int(spec.batchSize))
        name = spec.name
        random = RandomSource(seed: spec.seed, column: spec.name, purpose: .template)
        answers = try AnswerColumn(spec, text)
        inputs = spec.inputs
        provider = spec.model.provider
        var context: [ContextColumn] = []
        for column in text.context { context.append(try ContextColumn(column, inputs: spec.inputs)) }
        self.context = context
        let parameters = try ModelParameters(spec.model, column: spec.name)
        // Of what an image is to be like only the extra body says something.
        self.parameters = form == .image ? parameters.withoutSampling : parameters
        prompt = try CompiledPrompt(text.prompt, named: "prompt of \(spec.name)", inputs: spec.inputs)
        systemPrompt =
            text.systemPrompt.isEmpty
            ? nil : try CompiledPrompt(text.systemPrompt, named: "system_prompt of \(spec.name)", inputs: spec.inputs)
    }

    /// Of one call.
    package var timeout: Duration {
        if case .rows(let rows) = batched { return rows.timeout }
        return parameters.timeout
    }

    /// The names of files that a cell's media are, each once: to be given to `begin`.
    package func files(of values: [WireValue]) -> [String] {
        guard values.count == inputs.count else { return [] }
        var names: [String] = []
        for column in context {
            for name in column.files(of: values[column.input]) where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Renders the messages of a cell.
    ///
    /// - Parameters:
    ///   - values: one for each input of the spec, in that order.
    ///   - record: the cell's, which random choices of a template depend on.
    ///   - files: by name, those of `files(of:)` that there are.
    /// - Throws: a failure of kind `template`: the same cell fails in the same way every time.
    package func begin(
        _ values: [WireValue], record: Int64, files: [String: [UInt8]] = [:]
    ) throws(CallFailure) -> Conversation {
        guard values.count == inputs.count, form != .embedding || !values.isEmpty else {
            throw CallFailure(
                kind: .template, message: "the task has \(values.count) values for the \(inputs.count) of \(name)")
        }
        if form == .embedding {
            return Conversation(embedding: EmbeddingInputs.texts(of: values[0]), of: answers, record: record)
        }
        // Media stand before the text.
        var blocks: [ChatMessage.Block] = []
        for column in context { blocks += try column.blocks(of: values[column.input], files) }
        let values = values.map(\.templateValue)
        var messages: [ChatMessage] = []
        // One stream for both: the system prompt draws first.
        var stream = random.stream(record: record)
        if let systemPrompt {
            messages.append(ChatMessage(.system, try systemPrompt.render(values, random: &stream)))
        }
        var text = try prompt.render(values, random: &stream)
        if form == .image { return try image(text, blocks, record) }
        if let instructions = answers.format.instructions { text += "\n\n" + instructions }
        messages.append(ChatMessage(.user, blocks + [.text(text)]))
        return Conversation(messages, of: answers, record: record)
    }

    private func image(
        _ prompt: String, _ media: [ChatMessage.Block], _ record: Int64
    ) throws(CallFailure) -> Conversation {
        guard prompt.contains(where: { !$0.isWhitespace }) else {
            throw CallFailure(kind: .template, message: "prompt of \(name): renders to blank text")
        }
        let ask: ImageAsk =
            ImageAsk.isForPrompts(model: parameters.model)
            ? .prompt(prompt) : .chat([ChatMessage(.user, media + [.text(prompt)])])
        return Conversation(image: ask, column: name, of: answers, record: record)
    }
}

extension ModelParameters {
    fileprivate var withoutSampling: ModelParameters {
        ModelParameters(model: model, timeout: timeout, extraBody: extraBody)
    }
}

extension ModelParameters {
    /// The parameters that the spec sets; a timeout of 0 is the 60 s of the library.
    fileprivate init(_ model: WireModelSpec, column: String) throws(CallFailure) {
        var extraBody: JSONObject = [:]
        if !model.extraBody.isEmpty {
            guard let object = (try? JSONValue(parsing: model.extraBody, options: .python))?.objectValue else {
                throw CallFailure(kind: .template, message: "the extra_body of \(column) is no JSON object")
            }
            extraBody = object
        }
        self.init(
            model: model.model, temperature: model.hasTemperature ? model.temperature : nil,
            topP: model.hasTopP ? model.topP : nil, maxTokens: model.hasMaxTokens ? Int(model.maxTokens) : nil,
            encodingFormat: model.encodingFormat.isEmpty ? nil : model.encodingFormat,
            dimensions: model.hasDimensions ? Int(model.dimensions) : nil,
            timeout: .seconds(model.timeoutSeconds == 0 ? 60 : Int64(model.timeoutSeconds)), extraBody: extraBody)
    }
}
