import ArgumentParser
import JSON

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Go on with a paused job; a passed deadline or a used budget must be raised.")

    @OptionGroup var bounds: BoundOptions
    @OptionGroup var wish: WishOptions

    func run() async throws {
        try await wish.carryOut("resume", .object(JSONObject(try bounds.arguments())))
    }
}
