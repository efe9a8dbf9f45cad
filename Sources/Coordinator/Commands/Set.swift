import ArgumentParser
import JSON

struct SetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change a job's priority, caps, deadline or budget; it takes effect at once.")

    @Option(parsing: .unconditional, help: "0 to 9; a job's part of an endpoint goes by priority + 1.")
    var priority: Int?

    @Option(
        help: ArgumentHelp(
            "Most calls at a time of this job to a model; 0: what its file says again; repeatable.",
            valueName: "alias=n"))
    var maxParallel: [String] = []

    @OptionGroup var bounds: BoundOptions
    @OptionGroup var wish: WishOptions

    func validate() throws {
        if let priority, !(0...9).contains(priority) { throw ValidationError("--priority goes from 0 to 9.") }
        if priority == nil, maxParallel.isEmpty, bounds.deadline == nil, bounds.maxTokensTotal == nil {
            throw ValidationError(
                "Say what to set: --priority, --max-parallel, --deadline or --max-tokens-total.")
        }
    }

    func run() async throws {
        var arguments = try bounds.arguments()
        if let priority { arguments.append(("priority", .integer(Int64(priority)))) }
        try await wish.carryOut("set") { job, _ in
            guard !maxParallel.isEmpty else { return .object(JSONObject(arguments)) }
            let caps = try JobCaps.merged(maxParallel, of: job)
            return .object(JSONObject(arguments + [("max_parallel", .object(caps))]))
        }
    }
}
