import ArgumentParser
import JSON

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a job's priority, deadline or budget; it takes effect at once.")

    @Option(help: "0 to 9; a job's part of an endpoint goes by priority + 1.")
    var priority: Int?

    @OptionGroup var bounds: BoundOptions
    @OptionGroup var wish: WishOptions

    func validate() throws {
        if let priority, !(0...9).contains(priority) { throw ValidationError("--priority goes from 0 to 9.") }
        if priority == nil, bounds.deadline == nil, bounds.maxTokensTotal == nil {
            throw ValidationError("Say what to set: --priority, --deadline or --max-tokens-total.")
        }
    }

    func run() async throws {
        var arguments = try bounds.arguments()
        if let priority { arguments.append(("priority", .integer(Int64(priority)))) }
        try await wish.carryOut("set", .object(JSONObject(arguments)))
    }
}
