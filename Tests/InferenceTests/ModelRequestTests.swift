import HTTP
import JSON
import Testing

@testable import Inference

struct ModelRequestTests {
    private func endpoint() throws -> Endpoint { try Endpoint(url: EndpointURL("http://a.b/v1")) }

    private func body(
        _ parameters: ModelParameters, _ messages: [ChatMessage] = [ChatMessage(.user, "Hi")],
        provider: JSONObject = [:], dialect: Endpoint.Dialect = .openAI
    ) throws -> JSONValue {
        let endpoint = try Endpoint(url: EndpointURL("http://a.b/v1"), dialect: dialect, extraBody: provider)
        return try JSONValue(parsing: ModelRequest(parameters, to: endpoint).body(messages))
    }

    @Test func `only what is set is sent, and content is a list of blocks`() throws {
        let messages = [ChatMessage(.system, "Be \"brief\"\n"), ChatMessage(.user, "Größe?\u{0}")]
        #expect(
            try body(ModelParameters(model: "m"), messages) == [
                "model": "m",
                "messages": [
                    ["role": "system", "content": [["type": "text", "text": "Be \"brief\"\n"]]],
                    ["role": "user", "content": [["type": "text", "text": "Größe?\u{0}"]]],
                ],
            ])
        let all = ModelParameters(model: "m", temperature: 0.7, topP: 1, maxTokens: 512)
        let object = try #require(try body(all).objectValue)
        #expect(object.keys == ["model", "messages", "temperature", "top_p", "max_tokens"])
        #expect(object["temperature"] == 0.7)
        #expect(object["top_p"] == 1.0)
        #expect(object["max_tokens"] == 512)
    }

    @Test func `extra bodies win over parameters, the provider's over the model's, and not deeply`() throws {
        let parameters = ModelParameters(
            model: "m", temperature: 0.7,
            extraBody: ["temperature": 0.1, "top_k": 3, "chat_template_kwargs": ["thinking": true, "x": 1]])
        let sent = try body(parameters, provider: ["chat_template_kwargs": ["thinking": false], "seed": 7])
        #expect(sent["temperature"] == 0.1)
        #expect(sent["top_k"] == 3)
        #expect(sent["chat_template_kwargs"] == ["thinking": false])
        #expect(sent["seed"] == 7)
    }

    @Test func `what would change the form of the reply is never sent`() throws {
        let parameters = ModelParameters(model: "m", extraBody: ["n": 3, "stream": true])
        let sent = try body(parameters, provider: ["stream_options": ["include_usage": true], "n": 2])
        #expect(sent.objectValue?.keys == ["model", "messages"])
    }

    @Test func `an extra body may even bring its own model and messages`() throws {
        let sent = try body(ModelParameters(model: "m", extraBody: ["model": "o", "messages": []]))
        #expect(sent == ["model": "o", "messages": []])
    }

    @Test(arguments: [
        (MediaBlock(.image, .url("http://a")), #"{"type":"image_url","image_url":{"url":"http://a"}}"#),
        (
            MediaBlock(.image, .base64(mediaType: "image/png", data: "AA==")),
            #"{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}"#
        ),
        (
            MediaBlock(.audio, .base64(mediaType: "audio/mpeg", data: "AA==")),
            #"{"type":"input_audio","input_audio":{"data":"AA==","format":"mp3"}}"#
        ),
        (MediaBlock(.audio, .url("http://a")), #"{"type":"audio_url","audio_url":{"url":"http://a"}}"#),
        (
            MediaBlock(.video, .base64(mediaType: "video/mp4", data: "AA==")),
            #"{"type":"video_url","video_url":{"url":"data:video/mp4;base64,AA=="}}"#
        ),
    ])
    func `media stand where they are, as the endpoint wants them`(media: MediaBlock, json: String) throws {
        let messages = [ChatMessage(.user, [.media(media), .text("What is it?")])]
        let sent = try body(ModelParameters(model: "m"), messages)
        let block = try JSONValue(parsing: json)
        #expect(sent["messages"]?[0]?["content"] == [block, ["type": "text", "text": "What is it?"]])
        let toAnthropic = try body(ModelParameters(model: "m"), messages, dialect: .anthropic)
        #expect(toAnthropic["messages"]?[0]?["content"]?[0] == media.canonical)
    }

    @Test func `what is drawn is sent, unless an extra body says otherwise`() throws {
        let request = ModelRequest(
            ModelParameters(model: "m", maxTokens: 5, extraBody: ["top_p": 1]), to: try endpoint())
        let ask = ModelAsk.chat([ChatMessage(.user, "U")], DrawnParameters(temperature: 0.25, topP: 0.5))
        let sent = try JSONValue(parsing: request.request(ask).body)
        #expect(sent["temperature"] == 0.25)
        #expect(sent["top_p"] == 1)
        #expect(sent["max_tokens"] == 5)
    }

    @Test func `texts are embedded by a route of their own`() throws {
        let request = ModelRequest(
            ModelParameters(model: "m", encodingFormat: "float", dimensions: 3, extraBody: ["input_type": "query"]),
            to: try endpoint()
        ).request(.embeddings(["a", "b\n"]))
        #expect(request.url == "http://a.b/v1/embeddings")
        #expect(
            try JSONValue(parsing: request.body)
                == [
                    "model": "m", "input": ["a", "b\n"], "encoding_format": "float", "dimensions": 3,
                    "input_type": "query",
                ])
    }

    @Test func `an Anthropic endpoint gets the system prompt apart and a bound on the answer`() throws {
        let messages = [ChatMessage(.system, "S"), ChatMessage(.user, "U"), ChatMessage(.assistant, "A")]
        let sent = try body(ModelParameters(model: "m"), messages, dialect: .anthropic)
        #expect(sent["system"] == [["type": "text", "text": "S"]])
        #expect(sent["messages"]?.arrayValue?.map { $0["role"] } == ["user", "assistant"])
        #expect(sent["max_tokens"] == 4096)
        #expect(try body(ModelParameters(model: "m", maxTokens: 9), dialect: .anthropic)["max_tokens"] == 9)
    }

    @Test func `Anthropic is not shown an answer without text, which it would refuse`() throws {
        let messages = [ChatMessage(.user, "U"), ChatMessage(.assistant, " "), ChatMessage(.user, "No JSON.")]
        let sent = try body(ModelParameters(model: "m"), messages, dialect: .anthropic)
        #expect(sent["messages"]?.arrayValue?.map { $0["role"] } == ["user", "user"])
        #expect(try body(ModelParameters(model: "m"), messages)["messages"]?.arrayValue?.count == 3)
    }

    @Test(arguments: [
        ("https://api.anthropic.com", "https://api.anthropic.com/v1/messages"),
        ("https://api.anthropic.com/v1/", "https://api.anthropic.com/v1/messages"),
    ])
    func `the version is not doubled in an Anthropic URL`(_ url: String, _ chat: String) throws {
        #expect(try Endpoint(url: EndpointURL(url), dialect: .anthropic).chatURL == chat)
    }

    @Test func `a request has the endpoint's URL and headers and the model's timeout`() throws {
        let endpoint = try Endpoint(url: EndpointURL("http://a.b/v1"))
        let request = ModelRequest(ModelParameters(model: "m", timeout: .seconds(7)), to: endpoint)
            .request([ChatMessage(.user, "Hi")])
        #expect(request.url == "http://a.b/v1/chat/completions")
        #expect(request.timeout == .seconds(7))
        #expect(request.headers === endpoint.headers)
        #expect(request.method == .post)
    }
}
