import CellValues
import Inference
import JSON
import Messages
import Testing

@testable import Generation

struct CompiledColumnTests {
    private func spec(
        _ prompt: String, system: String = "", inputs: [String] = ["a", "b"],
        _ change: (inout WireColumnSpec) -> Void = { _ in }
    ) -> WireColumnSpec {
        var spec = WireColumnSpec()
        spec.name = "story"
        spec.inputs = inputs
        spec.seed = 7
        spec.model.model = "m"
        spec.model.provider = "p"
        var text = WireTextSpec()
        text.prompt = prompt
        text.systemPrompt = system
        spec.text = text
        change(&spec)
        return spec
    }

    private func column(_ spec: WireColumnSpec) throws -> CompiledColumn { try #require(try CompiledColumn(spec)) }

    private func texts(_ values: String...) -> [WireValue] { values.map { WireValue(cellText: $0) } }

    private func failure(_ body: () throws -> Void) -> CallFailure? {
        do {
            try body()
            return nil
        } catch {
            return error as? CallFailure
        }
    }

    @Test func `messages are the system prompt, if there is one, and the prompt, as lists of blocks`() throws {
        let both = try column(spec("Tell {{ a }} of {{ b }}.", system: "Be {{ a }}."))
        let conversation = try both.begin(texts("Ann", "Bob"), record: 0)
        #expect(conversation.messages == [ChatMessage(.system, "Be Ann."), ChatMessage(.user, "Tell Ann of Bob.")])
        #expect(conversation.messages[1].blocks == [.text("Tell Ann of Bob.")])
        let alone = try column(spec("Hi {{ b }}"))
        #expect(try alone.begin(texts("Ann", "Bob"), record: 0).messages == [ChatMessage(.user, "Hi Bob")])
    }

    @Test(arguments: [
        ("1.50", "1.5"), ("true", "True"), ("null", "None"), ("1e3", "1000.0"), ("\"quoted\"", "quoted"),
        ("007", "007"),
        ("  5 ", "5"), ("[1, 2]", "[1, 2]"), ("plain", "plain"), ("", ""),
    ])
    func `a text that is JSON is shown as what it says`(text: String, shown: String) throws {
        let column = try column(spec("<{{ a }}>", inputs: ["a"]))
        #expect(try column.begin(texts(text), record: 0).messages == [ChatMessage(.user, "<\(shown)>")])
    }

    @Test func `objects are read by their members, whose texts are decoded too`() throws {
        var value = WireValue()
        value.json = #"{"qty": "3", "name": "pen"}"#
        let column = try column(spec("{{ a.qty + 1 }} {{ a.name }}", inputs: ["a"]))
        #expect(try column.begin([value], record: 0).messages == [ChatMessage(.user, "4 pen")])
    }

    @Test func `a value without a kind is null`() throws {
        let column = try column(spec("{{ a }}", inputs: ["a"]))
        #expect(try column.begin([WireValue()], record: 0).messages == [ChatMessage(.user, "None")])
    }

    @Test(arguments: ["{% if %}", "{{ a | nothing }}", "{% include 'x' %}x", "{{ unknown }}"])
    func `a template that cannot be used is a failure of every cell`(prompt: String) {
        let failure = failure { _ = try CompiledColumn(spec(prompt)) }
        #expect(failure?.kind == .template)
        #expect(failure?.kind.isRetryable == false)
    }

    @Test func `a rendered prompt that is empty is a failure, white space alone is not`() throws {
        let column = try column(spec("{{ a }}", inputs: ["a"]))
        #expect(failure { _ = try column.begin(texts(""), record: 0) }?.kind == .template)
        #expect(try column.begin(texts(" "), record: 0).messages == [ChatMessage(.user, " ")])
    }

    @Test func `a system prompt that renders to nothing is a failure`() throws {
        let column = try column(spec("x", system: "{{ a }}", inputs: ["a"]))
        #expect(failure { _ = try column.begin(texts(""), record: 0) }?.kind == .template)
    }

    @Test func `a rendering that fails names the template`() throws {
        let column = try column(spec("{{ a + 1 }}", inputs: ["a"]))
        let failure = failure { _ = try column.begin(texts("pen"), record: 0) }
        #expect(failure?.kind == .template)
        #expect(failure?.message.contains("prompt of story") == true)
    }

    @Test func `too few values are a failure, not a crash`() throws {
        let column = try column(spec("{{ b }}"))
        #expect(failure { _ = try column.begin(texts("a"), record: 0) }?.kind == .template)
    }

    @Test func `an input named like a function of the language is the input`() throws {
        let column = try column(spec("{{ range }}", inputs: ["range"]))
        #expect(try column.begin(texts("5-9"), record: 0).messages == [ChatMessage(.user, "5-9")])
    }

    @Test func `random choices depend on the record and the seed, and on nothing else`() throws {
        let list = (0..<50).map(String.init).joined(separator: ", ")
        func drawn(_ seed: UInt64, _ record: Int64) throws -> [ChatMessage] {
            let spec = spec("{{ [\(list)] | random }} {{ [\(list)] | random }}", inputs: []) { $0.seed = seed }
            return try column(spec).begin([], record: record).messages
        }
        #expect(try drawn(1, 1) == drawn(1, 1))
        let different = Set(try (0..<20).flatMap { [try drawn(1, $0), try drawn(2, $0)] })
        #expect(different.count > 35)
    }

    @Test func `only parameters that are set are sent, and a timeout of 0 is 60 seconds`() throws {
        let plain = try column(spec("x"))
        #expect(plain.parameters == ModelParameters(model: "m", timeout: .seconds(60)))
        let full = try column(
            spec("x") {
                $0.model.temperature = 0
                $0.model.topP = 0.5
                $0.model.maxTokens = 9
                $0.model.timeoutSeconds = 5
                $0.model.extraBody = #"{"seed": 3}"#
            })
        let wanted = ModelParameters(
            model: "m", temperature: 0, topP: 0.5, maxTokens: 9, timeout: .seconds(5), extraBody: ["seed": 3])
        #expect(full.parameters == wanted)
        #expect(full.timeout == .seconds(5))
    }

    @Test func `an extra body that is no object is a failure`() {
        #expect(failure { _ = try CompiledColumn(spec("x") { $0.model.extraBody = "[1]" }) }?.kind == .template)
    }

    @Test func `a kind of column that is not known is not compiled`() throws {
        let column = try CompiledColumn(spec("x") { $0.kind = nil })
        #expect(column?.name == nil)
    }
}
