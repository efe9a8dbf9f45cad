import AMQP
import ArgumentParser
import JSON
import Logging
import Messages
import Settings
import Store

struct Routes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Every route: what is ready and in flight, its limit, refusals, and each worker's share.",
        discussion: """
            By what the coordinators heard in the last seconds. LIMIT is what the cluster may have in flight now, of a \
            worker its share; CEILING the highest level that is not known to be refused; MOVED BY the last signal that \
            moved the limit. IN FLIGHT is the sum of what the workers said last, not all at one instant: it may be above \
            LIMIT or CAP for a moment. READY needs the broker (--broker, TESSERA_BROKER_URL).
            """)

    @Option(name: [.customShort("o"), .customLong("output")], help: "table or json.")
    var format: OutputFormat = .table

    @Option(help: ArgumentHelp("Show how each limit moved in the last seconds instead.", valueName: "seconds"))
    var history: Int?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.load()
        let database = try await ClientDatabase(settings)
        let store = LimitStore(pool: database.pool)
        var report = RouteReport(try await store.standings())
        try await Workers.complain(database)
        if let history {
            try await show(history, of: report, store)
        } else {
            report.ready = await ready(report, settings)
            switch format {
            case .json: Output.line(report.json.serialized())
            case .table: for line in report.lines { Output.line(line) }
            }
        }
        await database.close()
    }

    private func show(_ seconds: Int, of report: RouteReport, _ store: LimitStore) async throws {
        var histories: [LimitHistory] = []
        for key in Set(report.standings.map { $0.text("limit_key") }).sorted() {
            histories.append(LimitHistory(limitKey: key, moments: try await store.history(of: key, seconds: seconds)))
        }
        switch format {
        case .json: Output.line(LimitHistory.json(histories).serialized())
        case .table: for line in histories.flatMap(\.lines) { Output.line(line) }
        }
    }

    /// Messages in each route's queue; nil without a broker.
    private func ready(_ report: RouteReport, _ settings: Settings) async -> [String: Int]? {
        guard let text = try? settings.required(.brokerURL), let url = try? BrokerURL(text) else { return nil }
        let connection = AMQPConnection(
            url: url, name: "coordinator-routes", logger: Logger(label: "routes"), onEvent: { _ in })
        connection.start()
        var ready: [String: Int]? = [:]
        do throws(AMQPError) {
            try await connection.waitUntilConnected(timeout: .seconds(3))
            for standing in report.standings {
                ready?[standing.route] = try await connection.inspect(queue: standing.place.queue)?.readyMessages ?? 0
            }
        } catch {
            ready = nil
        }
        await connection.close()
        return ready
    }
}
