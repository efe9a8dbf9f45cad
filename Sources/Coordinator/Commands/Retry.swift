import ArgumentParser
import JSON

struct Retry: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try dropped records again, also of a job that is completed: all, or those chosen.")

    @Option(help: "Only those dropped for this reason (a kind that `coordinator failures` lists); may be repeated.")
    var reason: [String] = []

    @Option(help: "Only this record; may be repeated.")
    var record: [Int64] = []

    @OptionGroup var wish: WishOptions

    func run() async throws {
        try await wish.carryOut(
            "retry",
            ["kinds": .array(reason.map { .string($0) }), "records": .array(record.map { .integer($0) })])
    }
}
