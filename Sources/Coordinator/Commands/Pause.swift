import ArgumentParser

struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send nothing more of a job until it is resumed; calls under way end and are kept.")

    @OptionGroup var wish: WishOptions

    func run() async throws { try await wish.carryOut("pause") }
}
