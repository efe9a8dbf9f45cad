import ArgumentParser
import Glibc
import InferenceSimulation

@main
struct InferenceSimulatorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inference-simulator",
        abstract: "A fake inference server with OpenAI's API, for demos, tests and benchmarks.",
        discussion: """
            Calls no model: replies are made up, and the same request with the same seed gets the same reply.
            Its first line of output says where it listens. SIGTERM or SIGINT ends it.

            Routes: POST /v1/chat/completions /v1/embeddings /v1/images/generations; GET /v1/models /health; GET /metrics (vLLM's names);
            GET /stats [?model=NAME&from=S&to=S]; GET /requests; POST /reset; POST /config?OPTION=VALUE&... (any option below but
            --host and --port, while it runs).
            """)

    @OptionGroup(title: "Listening") var listening: ListeningOptions
    @OptionGroup(title: "Speed and limits") var speed: SpeedOptions
    @OptionGroup(title: "Failures") var failures: FailureOptions
    @OptionGroup(title: "Replies") var replies: ReplyOptions
    @OptionGroup(title: "Records") var records: RecordOptions

    func validate() throws {
        do {
            _ = try settings()
        } catch {
            throw ValidationError(error.detail)
        }
    }

    func settings() throws(SimulatorError) -> SimulatorSettings {
        var settings = SimulatorSettings()
        settings.host = listening.host
        settings.port = listening.port
        for (name, value) in speed.values + failures.values + replies.values + records.values {
            try settings.set(name, to: value)
        }
        return settings
    }

    func run() throws {
        // Blocked before any thread starts, so that all inherit it and only the wait below gets them.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        pthread_sigmask(SIG_BLOCK, &signals, nil)

        let simulator = try InferenceSimulator(settings())
        // Not print: a pipe's reader must see it now.
        let line = Array("listening on \(simulator.endpoint)\n".utf8)
        _ = line.withUnsafeBytes { write(STDOUT_FILENO, $0.baseAddress, $0.count) }

        var signal: Int32 = 0
        sigwait(&signals, &signal)
    }
}
