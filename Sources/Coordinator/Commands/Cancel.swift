import ArgumentParser
import JSON

struct Cancel: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "End a job: calls under way end and are kept, nothing more is sent.")

    @Flag(help: "Give up the calls under way, too.")
    var now = false

    @OptionGroup var wish: WishOptions

    func run() async throws { try await wish.carryOut("cancel", ["now": .bool(now)]) }
}
