import ArgumentParser
import Foundation
import Glibc
import Testing

@testable import InferenceSimulation
@testable import inference_simulator

struct InferenceSimulatorCommandTests {
    @Test func `every option of the command reaches the settings`() throws {
        let arguments = """
            --host ::1 --port 99 --latency-ms 1.5 --latency-jitter 0.25 --model-latency a=20 --max-concurrency 7 \
            --model-concurrency b=3 --queue --retry-after 2.5 --retry-after-date --error-rate 0.5 --error-status 503 \
            --error-kind hang --error-key prompt --fail-status 401 --model c --words 9 --seed 5 --no-prompt-echo \
            --embed-dim 4 --track-prompts --keep-requests 10
            """
        let settings = try InferenceSimulatorCommand.parse(arguments.split(separator: " ").map(String.init)).settings()
        #expect(settings.host == "::1" && settings.port == 99)
        #expect(settings.latency == .microseconds(1500) && settings.latencyJitter == 0.25)
        #expect(settings.maximumConcurrency == 7 && settings.queues)
        #expect(settings.retryAfter == 2.5 && settings.retryAfterAsDate)
        #expect(settings.errorRate == 0.5 && settings.errorStatus == 503 && settings.failStatus == 401)
        #expect(settings.errorKind == .hang && settings.errorKey == .prompt)
        #expect(settings.models.keys.sorted() == ["a", "b", "c"])
        #expect(settings.models["a"]?.latency == .milliseconds(20) && settings.models["b"]?.maximumConcurrency == 3)
        #expect(settings.words == 9 && settings.seed == 5 && !settings.echoesPrompt)
        #expect(settings.embeddingDimensions == 4 && settings.tracksPrompts && settings.keptRequests == 10)
    }

    @Test func `without options the settings are the defaults, but for the port`() throws {
        let settings = try InferenceSimulatorCommand.parse([]).settings()
        #expect(settings.port == 8000)
        #expect(settings.echoesPrompt && settings.words == 32 && settings.seed == 1 && settings.latency == .zero)
    }

    @Test(arguments: ["--error-rate 2", "--error-kind boom", "--port 70000", "--model-latency x", "--words", "stray"])
    func `a wrong option is refused`(_ arguments: String) {
        #expect(throws: (any Error).self) {
            try InferenceSimulatorCommand.parse(arguments.split(separator: " ").map(String.init))
        }
    }

    @Test(arguments: [SIGTERM, SIGINT]) func `the program says where it listens and ends well`(_ signal: Int32) throws {
        // Beside the tests' own program.
        let folder = URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
        let program = folder.appending(path: "inference-simulator").path()
        let output = try #require(popen("echo $$; exec '\(program)' --port 0", "r"))
        var buffer = [CChar](repeating: 0, count: 1024)
        func line() throws -> String {
            String(cString: try #require(fgets(&buffer, Int32(buffer.count), output)))
                .trimmingCharacters(in: .newlines)
        }
        let pid = try #require(pid_t(line()))
        let listening = try line()
        let match = try #require(listening.wholeMatch(of: #/listening on http://127\.0\.0\.1:(\d+)/v1/#))
        let client = RawClient(port: try #require(Int(match.1)))
        client.chat("hello")
        #expect(client.reply()?.status == 200)
        kill(pid, signal)
        #expect(pclose(output) == 0)
    }
}
