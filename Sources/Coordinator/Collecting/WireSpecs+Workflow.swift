import JSON
import Messages
import Workflow

extension WireModelSpec {
    init(_ model: ModelConfig) {
        self.init()
        provider = model.provider
        self.model = model.model
        timeoutSeconds = UInt32(clamping: model.inference.timeoutSeconds ?? 0)
        maxParallelRequests = UInt32(clamping: model.inference.maximumParallelRequests)
        if let extra = model.inference.extraBody { extraBody = JSONValue.object(extra).serialized() }
        switch model.inference.kind {
        case .embedding(let format, let dimensions):
            encodingFormat = format
            if let dimensions { self.dimensions = Int64(dimensions) }
        case .image: break
        case .chat(let temperature, let topP, let maximumTokens):
            switch temperature {
            case .fixed(let value): self.temperature = value
            case let number?: drawnTemperature = WireDrawnNumber(number)
            case nil: break
            }
            switch topP {
            case .fixed(let value): self.topP = value
            case let number?: drawnTopP = WireDrawnNumber(number)
            case nil: break
            }
            if let maximumTokens { maxTokens = Int64(maximumTokens) }
        }
    }
}

extension WireDrawnNumber {
    fileprivate init(_ number: SampledNumber) {
        self.init()
        switch number {
        case .fixed(let value): values = [value]
        case .uniform(let low, let high): (self.low, self.high) = (low, high)
        case .manual(let values, let weights):
            self.values = values
            self.weights = weights ?? []
        }
    }
}

extension WireTextSpec {
    init(_ column: GeneratedColumn, _ settings: RunSettings) {
        self.init()
        prompt = column.prompt.text
        systemPrompt = column.systemPrompt?.text ?? ""
        maxRestarts = UInt32(clamping: settings.maximumRestarts)
        maxCorrections = UInt32(clamping: settings.maximumCorrections)
        trace = column.trace == .none ? "" : column.trace.rawValue
        extractsReasoning = column.extractsReasoning
        context = column.context.map { WireMediaContext($0) }
        switch column.output {
        case .text: break
        case .code(let language): codeLanguage = language
        case .structured(let schema): self.schema = JSONValue.object(schema).serialized(.pythonUnicode)
        case .judge(let scores):
            var judge = WireJudgeSpec()
            judge.scores = scores.map { WireScore($0) }
            self.judge = judge
        }
    }
}

extension WireRowsSpec {
    init(_ column: HTTPColumn, named name: String) {
        self.init()
        columns = [name] + column.sideEffects
        if let given = column.parameters { params = JSONValue.object(given).serialized() }
        timeoutMilliseconds = Self.milliseconds(column.timeoutSeconds)
    }

    init(_ validator: ValidationColumn.RemoteValidator) {
        self.init()
        if let schema = validator.outputSchema { outputSchema = JSONValue.object(schema).serialized() }
        timeoutMilliseconds = Self.milliseconds(validator.timeoutSeconds)
        maxRetries = UInt32(clamping: validator.maximumRetries)
        retryBackoff = validator.retryBackoff
        // With one call at a time a batch that fails is given up; with several its rows have no verdict.
        tolerant = validator.maximumParallelRequests > 1
    }

    private static func milliseconds(_ seconds: Double) -> UInt32 {
        UInt32(clamping: Int64((min(seconds, 1e6) * 1000).rounded(.up)))
    }
}

extension WireImageSpec {
    init(_ column: ImageColumn) {
        self.init()
        prompt = column.prompt.text
        context = column.context.map { WireMediaContext($0) }
    }
}

extension WireMediaContext {
    fileprivate init(_ media: MediaContext) {
        self.init()
        column = media.column
        modality = media.modality.rawValue
        dataType = media.dataType?.rawValue ?? ""
        format = media.format ?? ""
    }
}

extension WireScore {
    fileprivate init(_ score: GeneratedColumn.Score) {
        self.init()
        name = score.name
        description_p = score.description
        options = score.options.map { option in
            var wire = WireScoreOption()
            wire.value = option.value
            wire.meaning = option.meaning
            return wire
        }
    }
}
