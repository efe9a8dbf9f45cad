import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    /// `coordinator run`: everything on this machine, and nothing left behind.
    @Suite(.serialized) struct RunTests {
        private func folder() throws -> String {
            let path = NSTemporaryDirectory() + "tessera-run-\(UInt32.random(in: 0 ... .max))"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(TestWorkflow.yaml.utf8).write(to: URL(fileURLWithPath: path + "/reviews.yaml"))
            return path
        }

        private func start(
            _ folder: String, records: Int = 1000, to output: String = "out",
            endpoints: [String] = ["--simulate", "--simulated-latency", "50"]
        ) throws -> TestProcess {
            try TestProcess(
                "run", program: BuiltProducts.path("coordinator"),
                ["run", "reviews.yaml", "-n", "\(records)", "--seed", "7", "--to", output] + endpoints, folder: folder)
        }

        /// Processes whose command line or environment names the folder: what a run would leave behind.
        private func processes(of folder: String) -> [String] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
            return names.filter { Int32($0) != nil && Int32($0) != getpid() }.compactMap { pid in
                let command = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
                let environment = (try? String(contentsOfFile: "/proc/\(pid)/environ", encoding: .utf8)) ?? ""
                return (command + environment).contains(folder) ? "\(pid) \(command.prefix(80))" : nil
            }
        }

        private func expectNothingLeft(_ folder: String) async throws {
            try await eventually("everything has ended", within: .seconds(60)) { processes(of: folder).isEmpty }
        }

        @Test func `it generates, exports and leaves nothing running`() async throws {
            let folder = try folder()
            let run = try start(folder)
            #expect(await run.exit() == 0, "\(run.log.suffix(2000))")
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out/jsonl-files")
            #expect(files == ["batch_00000.jsonl"])
            try await expectNothingLeft(folder)
        }

        private static let providers = """
            providers:
              - {name: nim-a, endpoint: "http://127.0.0.1:1/v1"}
              - {name: nim-b, endpoint: "http://127.0.0.1:1/v1"}
            """

        @Test func `it goes on with its job only into a folder that is free, and with the same endpoints`() async throws
        {
            let folder = try folder()
            let first = try start(folder, records: 10)
            #expect(await first.exit() == 0, "\(first.log.suffix(2000))")
            // The folder has the first job's export: nothing is generated for it.
            let second = try start(folder, records: 10)
            #expect(await second.exit() == 73, "\(second.log.suffix(2000))")
            #expect(second.log.contains("holds an export of job"))
            try Data(Self.providers.utf8).write(to: URL(fileURLWithPath: folder + "/p.yaml"))
            let real = try start(folder, records: 10, to: "out2", endpoints: ["--providers", "p.yaml"])
            #expect(await real.exit() == 5, "\(real.log.suffix(2000))")
            #expect(real.log.contains("was begun with --simulate"))
            let third = try start(folder, records: 10, to: "out2")
            #expect(await third.exit() == 0, "\(third.log.suffix(2000))")
            #expect(third.log.contains("going on with the unfinished job"))
            try await expectNothingLeft(folder)
        }

        /// Progress is told each 2 s: a run that is over in less would never be seen in its middle.
        private static let longRun = 5000

        @Test(arguments: [SIGINT, SIGKILL])
        func `ended in the middle it leaves nothing running, and goes on when it is run again`(signal: Int32)
            async throws
        {
            let folder = try folder()
            let run = try start(folder, records: Self.longRun)
            try await eventually("records are complete", within: .seconds(90)) {
                run.log.split(separator: "\n").contains { $0.hasPrefix("running  ") && !$0.hasPrefix("running  0/") }
            }
            run.signal(signal)
            let code = await run.exit()
            #expect(code == (signal == SIGINT ? 130 : -SIGKILL))
            try await expectNothingLeft(folder)
            let again = try start(folder, records: Self.longRun)
            #expect(await again.exit() == 0, "\(again.log.suffix(2000))")
            #expect(again.log.contains("going on with the unfinished job"))
            let lines = try FileManager.default.contentsOfDirectory(atPath: "\(folder)/out/jsonl-files")
                .map { try String(contentsOfFile: "\(folder)/out/jsonl-files/\($0)", encoding: .utf8) }
                .flatMap { $0.split(separator: "\n") }
            #expect(lines.count == Self.longRun)
            #expect(Set(lines).count == Self.longRun)
            try await expectNothingLeft(folder)
        }

        @Test func `a second run in one folder is refused`() async throws {
            let folder = try folder()
            let run = try start(folder)
            try await eventually("it runs") { run.log.contains("job ") }
            let second = try start(folder)
            #expect(await second.exit() == 5)
            run.signal(SIGTERM)
            #expect(await run.exit() == 143)
            try await expectNothingLeft(folder)
        }
    }
}
