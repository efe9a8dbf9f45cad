import CellValues
import Inference
import JSON
import Messages
import Testing

@testable import Generation

struct ImageTests {
    /// The smallest GIF.
    private static let gif = "R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs="

    private func column(_ model: String, _ change: (inout WireColumnSpec) -> Void = { _ in }) throws -> CompiledColumn {
        var spec = WireColumnSpec()
        spec.name = "art/../x"
        spec.inputs = ["subject", "photo"]
        spec.model.model = model
        spec.model.temperature = 0.5
        var image = WireImageSpec()
        image.prompt = "Draw {{ subject }}."
        var context = WireMediaContext()
        (context.column, context.modality) = ("photo", "image")
        image.context = [context]
        spec.image = image
        change(&spec)
        return try #require(try CompiledColumn(spec))
    }

    private func conversation(_ model: String, photo: String = "https://x/y.png") throws -> Conversation {
        try column(model).begin([WireValue(cellText: "a cat"), WireValue(cellText: photo)], record: 0)
    }

    private func answer(_ body: String, to conversation: Conversation) throws -> Conversation.Step {
        var conversation = conversation
        guard case .reply(let reply) = CallOutcome(reading: Array(body.utf8), of: conversation.ask) else {
            return .failed(CallFailure(kind: .malformedReply, message: "no reply"))
        }
        return conversation.receive(reply)
    }

    @Test(arguments: ["dall-e-3", "stability/stable-diffusion-xl", "gpt-image-1", "Google/Imagen-4", "sd_turbo"])
    func `models that draw from prompts are sent the prompt alone`(model: String) throws {
        #expect(try conversation(model).ask == .image(.prompt("Draw a cat.")))
    }

    @Test func `other models are asked in a chat, with the media before the text`() throws {
        let image = ChatMessage.Block.media(MediaBlock(.image, .url("https://x/y.png")))
        #expect(
            try conversation("flux").ask == .image(.chat([ChatMessage(.user, [image, .text("Draw a cat.")])])))
    }

    @Test func `only the extra body says what an image is to be like`() throws {
        #expect(try column("flux").parameters.temperature == nil)
    }

    @Test(arguments: [
        ("gpt-image-1", #"{"data": [{"b64_json": "GIF"}]}"#),
        ("gpt-image-1", #"{"data": [{"url": "data:image/gif;base64,GIF"}]}"#),
        ("flux", #"{"choices": [{"message": {"images": [{"image_url": {"url": "data:image/gif;base64,GIF"}}]}}]}"#),
        ("flux", #"{"choices": [{"message": {"content": "data:image/gif;base64,GIF"}}]}"#),
    ])
    func `an image is a file named by its content, in a folder of its column`(model: String, body: String) throws {
        let body = body.replacing("GIF", with: Self.gif)
        guard case .value(let value) = try answer(body, to: conversation(model)) else { return #expect(Bool(false)) }
        let file = try #require(value.files.first)
        #expect(file.name.hasPrefix("images/art___x/") && file.name.hasSuffix(".gif") && file.name.count == 83)
        #expect(file.bytes == Base64.decode(Self.gif))
        #expect(value.value.json == "[\"\(file.name)\"]")
    }

    @Test(arguments: [
        #"{"data": []}"#, #"{"data": [{"b64_json": "bm8gaW1hZ2U="}]}"#, #"{"data": [{"b64_json": "!"}]}"#,
        #"{"data": [{"url": "https://x/y.png"}]}"#,
    ])
    func `a reply without an image gives its cell up, for a reason`(body: String) throws {
        guard case .failed(let failure) = try answer(body, to: conversation("dall-e-3")) else {
            return #expect(Bool(false))
        }
        #expect(failure.kind == .parse)
        #expect(failure.message.contains("b64_json") == body.contains("https"))
    }

    @Test func `a file beside the prompt is asked for by its name, and sent whole`() throws {
        let column = try column("flux")
        let values = [WireValue(cellText: "a cat"), WireValue(.array(["photos/a.GIF", "https://x/y.png"]))]
        #expect(column.files(of: values) == ["photos/a.GIF"])
        let bytes = try #require(Base64.decode(Self.gif))
        let asked = try column.begin(values, record: 0, files: ["photos/a.GIF": bytes]).ask
        let file = ChatMessage.Block.media(MediaBlock(.image, .base64(mediaType: "image/gif", data: Self.gif)))
        let url = ChatMessage.Block.media(MediaBlock(.image, .url("https://x/y.png")))
        #expect(asked == .image(.chat([ChatMessage(.user, [file, url, .text("Draw a cat.")])])))
    }

    @Test func `a file that nobody uploaded fails its cell and says which column names it`() throws {
        #expect {
            _ = try conversation("flux", photo: "photos/b.png")
        } throws: {
            "\($0)".contains("the image in photo is a file that was not uploaded")
        }
    }

    @Test(arguments: 0..<7) func `base64 is written as it is read`(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 91 &+ 200) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test func `base64 is that of RFC 4648`() {
        let pairs = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        for (text, encoded) in pairs { #expect(Base64.encode(Array(text.utf8)) == encoded) }
    }
}
