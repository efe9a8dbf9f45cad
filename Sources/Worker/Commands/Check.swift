import AMQP
import ArgumentParser
import Checks
import Inference
import Logging
import Messages
import Settings

struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the broker and every endpoint that this worker would serve whether they are there; then exit.",
        discussion: """
            One line for each. An endpoint is asked for its list of models, which costs no tokens. The tools of \
            validation columns are listed, too; only jobs with such columns need them.
            """)

    @OptionGroup var options: WorkerOptions

    func run() async throws {
        let settings = try options.settings()
        WorkerOptions.startLogging(settings, quiet: .critical)
        let broker = try WorkerOptions.brokerURL(settings)
        let providers = try WorkerOptions.providers(settings)

        async let endpoints = EndpointCheck.run(providers)
        var lines = [await Self.check(broker)]
        for check in await endpoints {
            let what = check.failure.map { "\($0.kind.rawValue): \($0.message)" } ?? check.hint ?? "ready"
            lines.append(
                Line(isGood: check.failure == nil, name: check.provider, place: "\(check.url)", what, check.duration))
        }
        for line in lines { Console.put(line.description) }
        for line in try await Self.toolLines() { Console.put(line) }
        let bad = lines.filter { !$0.isGood }.count
        if bad > 0 { throw CommandFailure(.unreachable, "\(bad) of \(lines.count) cannot be used") }
    }

    private static func toolLines() async throws -> [String] {
        let path = WorkerOptions.environment["PATH"] ?? ""
        let found = try await ToolProgram.found(in: path)
        return CodeTool.allCases.map { tool in
            if let program = found.first(where: { $0.tool == tool }) {
                return "ok    \(tool.rawValue)  \(program.path)  \(program.version)"
            }
            return "none  \(tool.rawValue)  not on the PATH: \(tool.installation)"
        }
    }

    private static func check(_ url: BrokerURL) async -> Line {
        let start = ContinuousClock.now
        let connection = AMQPConnection(
            url: url, name: "worker-check", logger: Logger(label: "check"), onEvent: { _ in })
        connection.start()
        let what: String
        var isGood = true
        do throws(AMQPError) {
            try await connection.waitUntilConnected(timeout: .seconds(5))
            what = await connection.server.map { "\($0.product) \($0.version)" } ?? "ready"
        } catch {
            what = "\(error.code): \(error.detail)"
            isGood = false
        }
        await connection.close()
        return Line(isGood: isGood, name: "broker", place: "\(url)", what, start.duration(to: .now))
    }

    private struct Line: CustomStringConvertible {
        let isGood: Bool
        let description: String

        init(isGood: Bool, name: String, place: String, _ what: String, _ duration: Duration) {
            self.isGood = isGood
            let milliseconds = Int((duration / .milliseconds(1)).rounded())
            description = "\(isGood ? "ok  " : "FAIL")  \(name)  \(place)  \(what)  \(milliseconds) ms"
        }
    }
}
